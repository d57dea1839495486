"""A run that is cancelled while an update of members waits: the error says what the update did before, and what it may have done."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from declarations import PARTNER, member
from stub_connection import ID, StubConnection

from cleanrooms_resource.aws.member_updates import MemberUpdate
from cleanrooms_resource.aws.waiting import WAITING, Progress, cancel_waits
from cleanrooms_resource.changes.change_requests import ChangeRequest
from cleanrooms_resource.errors import RunCancelledError
from host.in_place import LEARNER, InPlaceStack, program, proposing, start_proposing

if TYPE_CHECKING:
    from aws_account import Aws


@pytest.fixture
def stack(empty_aws: Aws, monkeypatch: pytest.MonkeyPatch) -> InPlaceStack:
    """A stack whose first wait is the one in which Pulumi cancels."""
    monkeypatch.setattr(WAITING, "sleep", lambda _: cancel_waits())
    return start_proposing(empty_aws)


def test_a_change_request_whose_answer_was_lost_may_be_submitted(stack: InPlaceStack) -> None:
    stack.aws.endpoint.faults.refuse(
        "CreateCollaborationChangeRequest", 500, "InternalServerException"
    )

    with pytest.raises(RunCancelledError) as failure:
        stack.up(proposing(LEARNER))

    assert str(failure.value) == (
        "The run was cancelled while the provider waited for AWS to list a change request whose answer was lost. "
        "Before this error, the update may have submitted a change request. Run `pulumi refresh`, then `pulumi up` again."
    )


@pytest.mark.usefixtures("stack")
def test_a_change_request_that_waits_for_aws_is_submitted(stub: StubConnection) -> None:
    update = MemberUpdate(stub.connection, ID, {}, Progress(["submitted change request r"]))

    with pytest.raises(
        RunCancelledError,
        match=r"waited for AWS to approve change request r\. Before this error, the update submitted change request r\.",
    ):
        update._settle(ChangeRequest("r", "PENDING", (), {}, is_auto_approved=True))


def test_a_change_that_aws_accepted_is_committed(stack: InPlaceStack) -> None:
    stack.aws.endpoint.faults.member_delay = 3600

    with pytest.raises(
        RunCancelledError,
        match=r"ListMembers to show the changes of members, .* the update committed change request",
    ):
        stack.up(program(member(PARTNER)))
