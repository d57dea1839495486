"""The members that a preview changes without a replacement."""

from __future__ import annotations

from typing import Any

from cleanrooms_resource.preview.members import find_members_in_place

BROKER, PARTNER = "333344445555", "444455556666"
MEMBER = {"displayName": "x", "memberAbilities": []}


def find_removed(statuses: Any) -> tuple[str, ...]:
    """Return the members that a program removes which drops the broker and the partner."""
    before = {"members": {BROKER: MEMBER, PARTNER: MEMBER}}
    return find_members_in_place(before, {"members": {}, "removeMembers": True, "changeRequests": "PROPOSE"}, statuses).removed


def test_a_dropped_member_whose_addition_still_waits_for_approval_is_not_removed() -> None:
    assert find_removed({BROKER: "INVITED"}) == (BROKER,)


def test_every_dropped_member_counts_as_removed_where_the_statuses_are_secret() -> None:
    assert find_removed("[secret]") == (BROKER, PARTNER)
