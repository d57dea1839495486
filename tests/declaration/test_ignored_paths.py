"""The paths of ``ignore_changes`` that the constructor refuses, and members that it keys for a path to one of them."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest
from declarations import ADS, BROKER, declaration, member

from cleanrooms_resource.declaration.canonical_form import canonicalize
from cleanrooms_resource.declaration.ignored_paths import (
    judge_ignored_paths,
    key_members_by_account,
    list_ignored_members,
)


@pytest.mark.parametrize(
    "path",
    [
        "*",
        "name",
        "tags",
        "tags.team",
        'tags["a.b"]',
        "members",
        f'members["{ADS}"]',
        f"members.{ADS}.displayName",
        "members[*]",
        "connection",
    ],
)
def test_a_path_to_a_property_or_to_a_member_by_its_account_is_right(path: str) -> None:
    assert judge_ignored_paths([path], declaration()) == []


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        (
            "querryLogStatus",
            'ignore_changes: "querryLogStatus" does not begin with a property of a collaboration; did you mean "query_log_status"?',
        ),
        ("x", 'ignore_changes: "x" does not begin with a property of a collaboration'),
        (
            "members[1]",
            f'ignore_changes: "members[1]" must name a member by its account id, such as members["{BROKER}"]',
        ),
        (
            "members[9].displayName",
            'must name a member by its account id, such as members["222233334444"]',
        ),
    ],
)
def test_a_path_that_pulumi_would_ignore_is_refused_with_the_path_to_write(
    path: str, reason: str
) -> None:
    assert [each.endswith(reason) for each in judge_ignored_paths([path], declaration())] == [True]


def test_the_ignored_members_are_those_that_a_path_names() -> None:
    assert list_ignored_members(
        ["members", "name", f'members["{ADS}"]', f"members.{BROKER}.displayName"]
    ) == [ADS, BROKER]


@pytest.mark.usefixtures("sdk_event_loop")
def test_a_member_whose_account_is_known_is_keyed_by_it() -> None:
    unknown = member(pulumi.Output.from_input(BROKER))

    assert [*key_members_by_account([unknown, member(ADS)])] == ["(known after apply 1)", ADS]


def test_the_account_under_a_placeholder_is_the_members_key_once_it_is_known() -> None:
    members: dict[str, Any] = {ADS: member(ADS), "(known after apply 2)": member(BROKER)}

    form, failures = canonicalize(declaration(members=members))

    assert failures == []
    assert form["members"].keys() == {ADS, BROKER}
