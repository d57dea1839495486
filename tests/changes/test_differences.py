"""The list of differences of an adoption: the values of properties that are not secret, and of no others."""

from __future__ import annotations

from typing import Any

import pytest

from cleanrooms_resource.changes.adoption import AdoptionGuards, describe_changes
from cleanrooms_resource.changes.diff import PropertyChange
from cleanrooms_resource.hidden_keys import IMPORT_ID, PLAIN_NAMES
from cleanrooms_resource.table import TABLE, ChangeKind

MEMBERS = ({"1": {"displayName": "x", "memberAbilities": []}}, {"1": {"displayName": "y"}})


@pytest.mark.parametrize(
    ("name", "live", "declared", "shown", "hidden"),
    [
        (
            "name",
            "a",
            "b",
            'name: AWS has "a", and the program declares "b"',
            "name: AWS has another value than the program declares",
        ),
        (
            "description",
            "",
            "two\nlines",
            r'description: the program declares "two\nlines", and AWS has no value',
            "description: the program declares a value, and AWS has no value",
        ),
        (
            "tags",
            {"a": "b"},
            {},
            'tags["a"]: AWS has "b", and the program declares no value',
            "tags: AWS has other tags than the program declares",
        ),
        (
            "members",
            *MEMBERS,
            'members["1"].display_name: AWS has "x", and the program declares "y"',
            'members["1"].display_name: AWS has another value than the program declares',
        ),
        (
            "members",
            {},
            {"2": {"displayName": "z"}},
            'members["2"]: the program declares {"displayName": "z"}, and AWS has no value',
            'members["2"]: the program declares a value, and AWS has no value',
        ),
    ],
)
def test_a_difference_shows_both_values_only_of_a_plain_property(
    name: str, live: Any, declared: Any, shown: str, hidden: str
) -> None:
    change = PropertyChange(name, ChangeKind.REPLACE, live, declared)

    assert describe_changes([change], TABLE, {name}) == shown
    assert describe_changes([change], TABLE, {"analyticsEngine"}) == hidden
    assert describe_changes([change], TABLE, ()) == hidden


def test_a_default_that_the_program_leaves_out_is_not_said_to_be_declared() -> None:
    change = PropertyChange("jobLogStatus", ChangeKind.REPLACE, "ENABLED", "DISABLED")

    assert describe_changes([change], {"name"}, {"jobLogStatus"}) == (
        'job_log_status: AWS has "ENABLED", and the program leaves the property out, which means "DISABLED"'
    )


def test_a_property_that_is_secret_for_one_of_two_importers_is_secret() -> None:
    guards = AdoptionGuards()
    guards.note_check(
        {}, {IMPORT_ID: "a", PLAIN_NAMES: ["name", "description"]}, is_replacement=False
    )
    guards.note_check({}, {IMPORT_ID: "a", PLAIN_NAMES: ["name"]}, is_replacement=False)

    assert guards.find_plain_names("a") == {"name"}


@pytest.mark.parametrize("inputs", [{}, {IMPORT_ID: "a"}, {IMPORT_ID: "a", PLAIN_NAMES: None}])
def test_without_a_mark_every_property_is_secret(inputs: dict[str, Any]) -> None:
    guards = AdoptionGuards()
    guards.note_check({}, inputs, is_replacement=False)

    assert guards.find_plain_names("a") == frozenset()
