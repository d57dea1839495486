"""Updates of members that fail or are cut off: each error says what was done, and the next update goes on from there."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from declarations import BROKER, PARTNER, member

from cleanrooms_resource.aws.waiting import WAITING
from cleanrooms_resource.errors import CollaborationError, CollaborationGone
from cleanrooms_resource.hidden_keys import APPLIED_AT
from host.in_place import LEARNER, QUERIER, InPlaceStack, program, proposing, start_proposing

if TYPE_CHECKING:
    from aws_account import Aws
    from clock import Clock

SUBMIT, LIST = "CreateCollaborationChangeRequest", "ListCollaborationChangeRequests"
pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def stack(empty_aws: Aws) -> InPlaceStack:
    return start_proposing(empty_aws)


def up_and_lose_the_state(stack: InPlaceStack, wanted: dict[str, Any]) -> None:
    state = stack.stack.resource
    stack.up(wanted)
    stack.stack.resource = state


def test_an_error_after_a_proposal_says_that_it_was_submitted(stack: InPlaceStack) -> None:
    stack.aws.endpoint.faults.refuse("UpdateCollaboration", 400, "ValidationException")

    with pytest.raises(CollaborationError) as failure:
        stack.up(proposing(LEARNER, description="New"))

    (request,) = stack.record.change_requests
    assert (
        f"Before this error, the update submitted change request {request}, which adds member 444455556666."
        in str(failure.value)
    )


def test_an_error_in_the_search_for_a_lost_proposal_says_that_it_may_be_submitted(
    stack: InPlaceStack,
) -> None:
    stack.aws.endpoint.faults.fail(SUBMIT, when="after")
    stack.aws.endpoint.faults.refuse(LIST, 400, "ValidationException", every=2)

    with pytest.raises(
        CollaborationError,
        match="Before this error, the update may have submitted a change request",
    ):
        stack.up(proposing(LEARNER))


def test_an_error_in_the_look_at_a_commit_says_that_it_may_be_committed(
    stack: InPlaceStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stack.aws.endpoint, "commits_auto_approved", False)
    stack.aws.endpoint.faults.refuse(
        "UpdateCollaborationChangeRequest", 409, "ConflictException", when="after"
    )
    stack.aws.endpoint.faults.deny("GetCollaborationChangeRequest")

    with pytest.raises(
        CollaborationError,
        match=r"Before this error, the update submitted change request .*; may have committed change request",
    ):
        stack.up(program(member(PARTNER)))


def test_a_commit_of_approved_types_whose_state_was_lost_is_not_submitted_again(
    stack: InPlaceStack,
) -> None:
    wanted = proposing(auto_approved_change_request_types=["ADD_MEMBER"])
    stack.up(wanted)
    (request,) = stack.record.change_requests.values()
    for account in list(request.approvals):
        request.decide(account, "APPROVED")
    stack.refresh()
    up_and_lose_the_state(stack, wanted)

    assert stack.up(wanted).op == "update"

    assert stack.list_statuses() == ["COMMITTED"]
    assert stack.outputs["autoApprovedChangeTypes"] == ["ADD_MEMBER"]
    assert stack.preview(wanted).op == "same"


def test_an_addition_whose_state_was_lost_is_not_submitted_again_however_late_aws_shows_it(
    stack: InPlaceStack, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = program(member(PARTNER))
    up_and_lose_the_state(stack, wanted)
    faults = stack.aws.endpoint.faults
    faults.member_delay = 3600

    def sleep(seconds: float) -> None:
        clock.sleep(seconds)
        faults.member_delay = 3600 if clock.time < 30 else 0

    monkeypatch.setattr(WAITING, "sleep", sleep)
    stack.up(wanted)

    assert stack.list_statuses() == ["COMMITTED"]


def test_a_proposal_whose_state_was_lost_is_taken_up_after_a_refresh_however_much_later(
    stack: InPlaceStack,
) -> None:
    up_and_lose_the_state(stack, proposing(LEARNER))
    # Everything before the refresh was an hour ago.
    stack.outputs[APPLIED_AT] = (datetime.now(UTC) - timedelta(hours=1)).isoformat()
    for request in stack.record.change_requests.values():
        request.create_time -= 3600
    stack.refresh()

    stack.up(proposing(LEARNER))

    assert stack.list_statuses() == ["PENDING"]
    assert [each["status"] for each in stack.outputs["openChangeRequests"]] == ["PENDING"]


def test_an_addition_to_a_refreshed_state_of_an_older_version_is_taken_up_where_the_state_was_lost(
    stack: InPlaceStack,
) -> None:
    del stack.outputs[APPLIED_AT]
    stack.refresh()
    up_and_lose_the_state(stack, proposing(LEARNER))

    stack.up(proposing(LEARNER))

    assert stack.list_statuses() == ["PENDING"]
    assert [each["status"] for each in stack.outputs["openChangeRequests"]] == ["PENDING"]


def test_a_denial_after_a_commit_says_what_was_committed_and_to_take_the_change_out(
    stack: InPlaceStack,
) -> None:
    grown = member(BROKER, member_abilities=["CAN_EXPORT_QUERY_ANALYSIS_LOG"])
    stack.up(proposing(members=[QUERIER, grown]))
    stack.up(proposing(members=[QUERIER, grown, LEARNER]))
    approved, denied = stack.record.change_requests.values()
    for account in list(approved.approvals):
        approved.decide(account, "APPROVED")
    denied.decide(BROKER, "DENIED")
    stack.refresh()

    with pytest.raises(
        CollaborationError,
        match=rf"the update committed change request {approved.id}, which changes member 333344445555\. Take the change out of the program",
    ):
        stack.up(proposing(members=[QUERIER, grown, LEARNER]))


def test_an_ability_that_was_granted_and_revoked_is_granted_again_without_a_wait(
    stack: InPlaceStack, clock: Clock
) -> None:
    for abilities in (["CAN_RECEIVE_RESULTS"], [], ["CAN_RECEIVE_RESULTS"]):
        stack.up(program(members=[QUERIER, member(BROKER, member_abilities=abilities)]))

    assert stack.list_statuses() == ["COMMITTED"] * 3
    assert clock.sleeps == []


def test_a_removal_under_never_keeps_the_open_request_in_the_outputs(stack: InPlaceStack) -> None:
    stack.up(proposing(LEARNER))
    before = stack.outputs["openChangeRequests"]

    stack.up(program(members=[QUERIER], mode="NEVER") | {"removeMembers": True})

    assert stack.outputs["openChangeRequests"] == before


def test_a_change_of_members_of_a_collaboration_that_is_gone_says_so(stack: InPlaceStack) -> None:
    # The provider waits for a collaboration that is new.
    stack.outputs["createTime"] = "2026-01-01T00:00:00+00:00"
    stack.aws.client("us-east-1").delete_collaboration(collaborationIdentifier=stack.record.id)

    with pytest.raises(CollaborationGone):
        stack.up(program(member(PARTNER)))


def test_a_replacement_under_never_does_not_speak_of_auto_approval(
    stack: InPlaceStack, capfd: pytest.CaptureFixture[str]
) -> None:
    grown = member(BROKER, member_abilities=["CAN_EXPORT_QUERY_ANALYSIS_LOG"])

    assert (
        stack.preview(program(members=[QUERIER, grown], mode="NEVER") | {"removeMembers": True}).op
        == "replace"
    )

    text = capfd.readouterr().err
    assert f'members["{BROKER}"]: change_requests is NEVER' in text
    assert "auto-approve" not in text
