"""Which resource of the program holds a collaboration."""

from __future__ import annotations

import pytest

from cleanrooms_resource.changes.holders import Holders, make_token
from cleanrooms_resource.hidden_keys import HOLDER, TOKEN
from cleanrooms_resource.pulumi_sdk import UNKNOWN

A, B = {TOKEN: "a"}, {TOKEN: "b"}
OLD: dict[str, str] = {}
A_NAME = {HOLDER: "a"}


@pytest.mark.parametrize("order", [("a", "b"), ("b", "a")])
def test_a_collaboration_that_two_declared_resources_hold_is_held_by_another_for_each(
    order: tuple[str, str],
) -> None:
    holders = Holders()
    for name in order:
        holders.note_check({HOLDER: name})

    assert [holders.note_diff("id", {TOKEN: name}, {HOLDER: name}) for name in order] == [
        False,
        True,
    ]
    assert holders.is_held_by_another("id", A)
    assert holders.is_held_by_another("id", B)


def test_a_resource_that_only_a_refresh_names_holds_nothing() -> None:
    holders = Holders()
    holders.note_diff("id", B, {HOLDER: "b"})

    assert not holders.is_held_by_another("id", A)


def test_a_resource_is_not_another_to_itself() -> None:
    holders = Holders()
    holders.note_check({HOLDER: "a"})
    holders.note_diff("id", A, {HOLDER: "a"})

    assert not holders.is_held_by_another("id", A)


def test_two_resources_of_an_older_version_count_as_one() -> None:
    holders = Holders()
    holders.note_check(OLD)
    holders.note_diff("id", OLD, OLD)

    assert not holders.is_held_by_another("id", OLD)
    assert holders.is_held_by_another("id", A)


def test_no_two_resources_have_one_token() -> None:
    assert make_token() != make_token()


@pytest.mark.parametrize("name", [A_NAME, {}], ids=["a resource", "a resource of an older version"])
def test_a_resource_is_checked_by_its_name_and_its_inputs(name: dict[str, str]) -> None:
    holders = Holders()
    holders.note_check({**name, "name": UNKNOWN, "description": "x"})

    assert holders.is_checked({**name, "name": UNKNOWN, "description": "x"})
    assert not holders.is_checked({**name, "name": UNKNOWN, "description": "y"})
    assert not holders.is_checked({HOLDER: "b", "name": UNKNOWN, "description": "x"})
