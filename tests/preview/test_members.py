"""The members that a preview changes without a replacement."""

from __future__ import annotations

from typing import Any

import pytest
from preview_documents import judge_text, old_state, preview, render, step

from cleanrooms_resource.preview.members import find_members_in_place
from cleanrooms_resource.preview.outcome import Outcome
from cleanrooms_resource.preview.verdict import Severity, Verdict

BROKER, PARTNER = "333344445555", "444455556666"
MEMBER = {"displayName": "x", "memberAbilities": []}


def find_removed(statuses: Any) -> tuple[str, ...]:
    """Return the members that a program removes which drops the broker and the partner."""
    before = {"members": {BROKER: MEMBER, PARTNER: MEMBER}}
    after = {"members": {}, "removeMembers": True, "changeRequests": "PROPOSE"}
    return find_members_in_place(before, after, statuses, None, is_secret=False).removed


def test_a_dropped_member_whose_addition_still_waits_for_approval_is_not_removed() -> None:
    assert find_removed({BROKER: "INVITED"}) == (BROKER,)


def test_every_dropped_member_counts_as_removed_where_the_statuses_are_secret() -> None:
    assert find_removed("[secret]") == (BROKER, PARTNER)


def make_request(status: str) -> dict[str, Any]:
    """Return a change request of the outputs that adds the partner."""
    return {
        "status": status,
        "changes": [{"specification": {"member": {"accountId": PARTNER, "memberAbilities": []}}}],
    }


def describe(
    request: dict[str, Any], wanted: dict[str, Any], before: dict[str, Any], **overrides: Any
) -> str:
    """Return the comment on an update of a program that proposes changes, with this change request in the state."""
    old = old_state({"changeRequests": "PROPOSE", "members": before}, {BROKER: "INVITED"})
    old["outputs"]["openChangeRequests"] = [request]
    new = {"inputs": {"changeRequests": "PROPOSE", "members": wanted, **overrides}}
    return render(preview(step("update", "ads", old, new)))


BOTH, ONE = {BROKER: MEMBER, PARTNER: MEMBER}, {BROKER: MEMBER}


@pytest.mark.parametrize("status", ["PENDING", "APPROVED"])
def test_the_comment_says_that_an_open_request_is_cancelled_and_nothing_is_recorded(
    status: str,
) -> None:
    assert "| an open change request is cancelled; 1 change request is open" in describe(
        make_request(status), ONE, BOTH
    )


def test_the_comment_says_that_another_property_changes_beside_a_cancellation() -> None:
    comment = describe(make_request("PENDING"), ONE, BOTH, description="New")

    assert "| an open change request is cancelled; changed in place;" in comment


def test_the_comment_says_that_an_update_fails_whose_change_a_member_denied() -> None:
    comment = describe(make_request("DENIED"), BOTH, ONE)

    assert (
        f"> **`pulumi up` fails**, because a member denied the change request for `{PARTNER}`. "
        in comment
    )
    assert "No member has to join again." not in comment
    assert (
        f"| **the update fails**: a member denied the change request for `{PARTNER}` | `members`<br>"
        in comment
    )


def test_the_comment_forgets_a_denial_that_the_program_no_longer_wants() -> None:
    assert "fails" not in describe(make_request("DENIED"), ONE, BOTH)


SECRET = "[secret]"


def judge_secret(
    before: Any, after: Any, *, reasons: tuple[str, ...] = ("members",), **options: Any
) -> Verdict:
    """Return the verdict on an update of members that are secret in part."""
    old = old_state({**options, "members": before}) | {}
    old["outputs"]["memberStatuses"] = SECRET
    return judge_text(
        preview(
            step(
                "update",
                "ads",
                old,
                {"inputs": {**options, "members": after}},
                diffReasons=list(reasons),
            )
        )
    )


@pytest.mark.parametrize(("before", "after"), [(SECRET, SECRET), (BOTH, SECRET), (SECRET, ONE)])
def test_secret_members_may_be_removed_where_the_program_removes_members(
    before: Any, after: Any
) -> None:
    verdict = judge_secret(before, after, removeMembers=True)

    assert verdict.severity is Severity.WARNING
    assert "remove-member" in verdict.kinds
    assert verdict.planned[0].members.removed == ()


def test_a_removed_member_whose_declaration_is_secret_is_named() -> None:
    (planned,) = judge_secret(
        {BROKER: SECRET, PARTNER: SECRET}, {BROKER: SECRET}, removeMembers=True
    ).planned

    assert planned.members.removed == (PARTNER,)


@pytest.mark.parametrize("mode", ["AUTO_APPROVED", "PROPOSE"])
@pytest.mark.parametrize("members", [SECRET, {BROKER: {"displayName": SECRET}}])
def test_a_change_of_secret_members_by_a_change_request_is_no_mere_record(
    mode: str, members: Any
) -> None:
    (planned,) = judge_secret(members, members, changeRequests=mode).planned

    assert planned.outcome is Outcome.UPDATE


@pytest.mark.parametrize(("before", "after"), [(SECRET, SECRET), (BOTH, SECRET)])
def test_secret_members_that_do_not_differ_are_recorded(before: Any, after: Any) -> None:
    (planned,) = judge_secret(
        before, after, reasons=(), removeMembers=True, changeRequests="PROPOSE"
    ).planned

    assert planned.outcome is Outcome.RECORD


def test_a_request_that_is_approved_waits_for_nobody() -> None:
    comment = describe(make_request("APPROVED"), BOTH, ONE)

    assert f"changed in place by a change request for `{PARTNER}`" in comment
    assert "waits" not in comment


@pytest.mark.parametrize(
    "part",
    [SECRET, [SECRET], [{"specification": SECRET}], [{"specification": {"member": SECRET}}], None],
)
def test_a_request_whose_accounts_are_secret_may_be_for_a_member_that_the_program_drops(
    part: Any,
) -> None:
    assert "an open change request is cancelled; 1 change request is open: `PENDING`" in describe(
        {"status": "PENDING", "changes": part}, ONE, BOTH
    )


def test_a_dropped_member_is_removed_where_the_option_is_secret() -> None:
    (planned,) = judge_secret(BOTH, ONE, removeMembers=SECRET).planned

    assert (planned.outcome, planned.members.removed) == (Outcome.REMOVE_MEMBER, (PARTNER,))
