"""Which resource of the program holds a collaboration."""

from __future__ import annotations

import pytest

from cleanrooms_resource.changes.holders import Holders
from cleanrooms_resource.hidden_keys import HOLDER

A, B = {HOLDER: "a"}, {HOLDER: "b"}
OLD: dict[str, str] = {}


@pytest.mark.parametrize("order", [("a", "b"), ("b", "a")])
def test_a_collaboration_that_two_declared_resources_hold_is_held_by_another_for_each(order: tuple[str, str]) -> None:
    holders = Holders()
    for name in order:
        holders.note_check({HOLDER: name})
    for name in order:
        holders.note_diff("id", {HOLDER: name})

    assert holders.is_held_by_another("id", A)
    assert holders.is_held_by_another("id", B)


def test_a_resource_that_only_a_refresh_names_holds_nothing() -> None:
    holders = Holders()
    holders.note_diff("id", B)

    assert not holders.is_held_by_another("id", A)


def test_a_resource_is_not_another_to_itself() -> None:
    holders = Holders()
    holders.note_check(A)
    holders.note_diff("id", A)

    assert not holders.is_held_by_another("id", A)


def test_two_resources_of_an_older_version_count_as_one() -> None:
    holders = Holders()
    holders.note_check(OLD)
    holders.note_diff("id", OLD)

    assert not holders.is_held_by_another("id", OLD)
    assert holders.is_held_by_another("id", A)
