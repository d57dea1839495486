"""Change requests that are denied, cancelled, committed or superseded, and other options while a change request is open."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from declarations import PARTNER, member

from cleanrooms_resource.errors import ChangeRequestRefusedError
from host.in_place import LEARNER, InPlaceStack, program, proposing, start_proposing

if TYPE_CHECKING:
    from aws_account import Aws

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def stack(empty_aws: Aws) -> InPlaceStack:
    return start_proposing(empty_aws)


def test_a_denied_change_fails_and_names_who_denied_it_as_long_as_the_program_wants_it(
    stack: InPlaceStack,
) -> None:
    stack.up(proposing(LEARNER))
    stack.vote("DENIED")
    stack.refresh()

    for _ in range(2):
        assert stack.preview(proposing(LEARNER)).op == "update"
        with pytest.raises(
            ChangeRequestRefusedError,
            match=r"222233334444 denied change request .*, which adds member 444455556666",
        ):
            stack.up(proposing(LEARNER))


@pytest.mark.parametrize("refreshes", [True, False])
def test_a_denied_change_that_the_program_drops_is_forgotten_and_can_be_proposed_again(
    stack: InPlaceStack,
    refreshes: bool,  # noqa: FBT001
) -> None:
    stack.up(proposing(LEARNER))
    stack.vote("DENIED")
    if refreshes:
        stack.refresh()

    assert stack.up(proposing()).op == "update"
    assert stack.preview(proposing()).op == "same"
    stack.up(proposing(LEARNER))

    assert stack.list_statuses() == ["DENIED", "PENDING"]


@pytest.mark.parametrize("refreshes", [True, False])
@pytest.mark.parametrize("approves", [True, False])
def test_a_waiting_change_that_the_program_drops_is_cancelled(
    stack: InPlaceStack,
    refreshes: bool,  # noqa: FBT001
    approves: bool,  # noqa: FBT001
) -> None:
    stack.up(proposing(LEARNER))
    if approves:
        stack.vote("APPROVED")
    if refreshes:
        stack.refresh()

    assert stack.up(proposing()).op == "update"

    assert stack.list_statuses() == ["CANCELLED"]
    assert stack.preview(proposing()).op == "same"
    assert stack.refresh() == "same"


def test_another_wish_cancels_the_open_request_and_submits_a_new_one(stack: InPlaceStack) -> None:
    stack.up(proposing(LEARNER))
    wish = member(
        PARTNER,
        ml_member_abilities={"custom_ml_member_abilities": ["CAN_RECEIVE_INFERENCE_OUTPUT"]},
    )

    assert stack.up(proposing(wish)).op == "update"

    assert stack.list_statuses() == ["CANCELLED", "PENDING"]
    assert stack.up(proposing(wish)).op == "same"


def test_a_request_that_somebody_cancelled_is_submitted_again(stack: InPlaceStack) -> None:
    stack.up(proposing(LEARNER))
    next(iter(stack.record.change_requests.values())).cancel()
    stack.refresh()

    assert stack.preview(proposing(LEARNER)).op == "update"
    stack.up(proposing(LEARNER))

    assert stack.list_statuses() == ["CANCELLED", "PENDING"]


def test_a_request_that_somebody_committed_is_an_update_of_the_state_alone(
    stack: InPlaceStack,
) -> None:
    stack.up(proposing(LEARNER))
    stack.vote("APPROVED")
    stack.record.commit(next(iter(stack.record.change_requests.values())))
    stack.refresh()
    stack.list_writes()

    stack.up(proposing(LEARNER))

    assert stack.list_writes() == []
    assert stack.preview(proposing(LEARNER)).op == "same"


def test_another_property_changes_while_a_request_waits(stack: InPlaceStack) -> None:
    stack.up(proposing(LEARNER))
    stack.list_writes()

    stack.up(proposing(LEARNER, description="New"))

    assert stack.list_writes() == ["PATCH collaborations"]
    assert stack.list_statuses() == ["PENDING"]
    assert [each["status"] for each in stack.outputs["openChangeRequests"]] == ["PENDING"]


def test_never_leaves_an_open_request_alone_and_says_so(
    stack: InPlaceStack, capfd: pytest.CaptureFixture[str]
) -> None:
    stack.up(proposing(LEARNER))
    stack.list_writes()

    assert stack.up(program(mode="NEVER")).op == "same"

    assert stack.list_writes() == []
    assert stack.list_statuses() == ["PENDING"]
    assert (
        "is PENDING as of the last refresh. This program leaves the change request alone."
        in capfd.readouterr().err
    )


@pytest.mark.parametrize("mode", ["NEVER", "AUTO_APPROVED"])
@pytest.mark.parametrize("refreshes", [True, False])
def test_another_option_while_the_change_waits_is_no_change(
    stack: InPlaceStack,
    mode: str,
    refreshes: bool,  # noqa: FBT001
) -> None:
    stack.up(proposing(LEARNER))
    if refreshes:
        stack.refresh()
    stack.list_writes()

    assert stack.up(program(LEARNER, mode=mode)).op == "same"
    stack.up(program(LEARNER, mode=mode, description="New"))

    assert stack.list_writes() == ["PATCH collaborations"]
    assert stack.list_statuses() == ["PENDING"]
    assert PARTNER not in stack.outputs["members"]
    assert [each["status"] for each in stack.outputs["openChangeRequests"]] == ["PENDING"]


def test_an_approved_change_is_committed_with_auto_approved_too(stack: InPlaceStack) -> None:
    stack.up(proposing(LEARNER))
    stack.vote("APPROVED")
    stack.refresh()

    assert stack.up(program(LEARNER)).op == "update"

    assert stack.list_statuses() == ["COMMITTED"]


def test_an_approved_change_stays_approved_with_never(stack: InPlaceStack) -> None:
    stack.up(proposing(LEARNER))
    stack.vote("APPROVED")
    stack.refresh()

    assert stack.up(program(LEARNER, mode="NEVER")).op == "same"

    assert stack.list_statuses() == ["APPROVED"]
