"""AWS decides what is made, not the history of requests; what a program ignores is left alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from declarations import BROKER, PARTNER, member

from host.in_place import (
    AUTO_APPROVED,
    LEARNER,
    QUERIER,
    InPlaceStack,
    program,
    proposing,
    start_proposing,
)

if TYPE_CHECKING:
    from aws_account import Aws

SUBMIT = "POST collaborations/changeRequests"
EXPORT = "CAN_EXPORT_QUERY_ANALYSIS_LOG"
RECEIVE = "CAN_RECEIVE_RESULTS"
pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def stack(empty_aws: Aws) -> InPlaceStack:
    return start_proposing(empty_aws)


def with_abilities(*abilities: str) -> dict[str, Any]:
    """A program in which AWS approves every ability of the broker by itself."""
    types = [
        *AUTO_APPROVED,
        *(f"{verb}_EXPORT_QUERY_ANALYSIS_LOG_ABILITY" for verb in ("GRANT", "REVOKE")),
    ]
    members = [QUERIER, member(BROKER, member_abilities=[*abilities])]
    return program(members=members, auto_approved_change_request_types=types)


def request_abilities(stack: InPlaceStack, *abilities: str) -> str:
    """Have the creator submit a change request by hand; the request's id."""
    specification = {"member": {"accountId": BROKER, "memberAbilities": [*abilities]}}
    answer = stack.aws.client("us-east-1").create_collaboration_change_request(
        collaborationIdentifier=stack.record.id,
        changes=[{"specificationType": "MEMBER", "specification": specification}],
    )
    return str(answer["collaborationChangeRequest"]["id"])


def find_broker(stack: InPlaceStack) -> dict[str, Any]:
    broker = stack.record.find_member(BROKER)
    assert broker is not None
    return broker


def test_a_change_that_an_older_request_undid_is_submitted_again(empty_aws: Aws) -> None:
    stack = InPlaceStack(empty_aws)
    stack.up(with_abilities())
    older = request_abilities(stack, RECEIVE)
    request_abilities(stack, RECEIVE, EXPORT)
    # The endpoint has one open request for a member at a time, so the order is made by hand.
    stack.record.change_requests[older].update_time += 60
    find_broker(stack)["memberAbilities"] = [RECEIVE]
    stack.refresh()
    stack.list_writes()

    stack.up(with_abilities(RECEIVE, EXPORT))

    assert stack.list_writes() == [SUBMIT]
    assert sorted(find_broker(stack)["memberAbilities"]) == [EXPORT, RECEIVE]


def test_types_that_an_older_request_undid_are_submitted_again(stack: InPlaceStack) -> None:
    wanted = proposing(auto_approved_change_request_types=["ADD_MEMBER"])
    stack.up(wanted)
    stack.vote("APPROVED")
    stack.refresh()
    stack.up(wanted)
    stack.record.parameters["autoApprovedChangeRequestTypes"] = AUTO_APPROVED
    stack.refresh()

    stack.up(wanted)

    assert stack.list_statuses() == ["COMMITTED", "PENDING"]


def test_a_denied_request_is_no_error_while_another_one_asks_for_its_change(
    stack: InPlaceStack,
) -> None:
    add_denied_and_open_request(stack)

    assert stack.preview(proposing(LEARNER)).op == "same"


def test_a_denied_request_is_forgotten_when_another_one_takes_effect(stack: InPlaceStack) -> None:
    add_denied_and_open_request(stack)
    stack.vote("APPROVED")
    stack.refresh()

    stack.up(proposing(LEARNER))

    assert stack.list_statuses() == ["DENIED", "COMMITTED"]
    assert stack.outputs.get("openChangeRequests", []) == []
    assert stack.preview(proposing(LEARNER)).op == "same"


def add_denied_and_open_request(stack: InPlaceStack) -> None:
    """Bring the state to two requests for one change: a denied one and an open one."""
    stack.up(proposing(LEARNER))
    stack.vote("DENIED")
    stack.refresh()
    denied = stack.outputs["openChangeRequests"]
    stack.up(proposing())
    stack.up(proposing(LEARNER))
    stack.outputs["openChangeRequests"][:0] = denied


@pytest.mark.parametrize("ignored", ["members", f'members["{BROKER}"]'])
def test_an_approved_request_for_members_that_the_program_ignores_is_left_alone(
    stack: InPlaceStack, capfd: pytest.CaptureFixture[str], ignored: str
) -> None:
    granted = proposing(members=[QUERIER, member(BROKER, member_abilities=[EXPORT])])
    stack.up(granted)
    stack.vote("APPROVED")
    stack.refresh()
    stack.stack.ignore_changes = (ignored,)

    assert stack.preview(granted).op == "same"
    assert stack.up(granted | {"description": "New"}).op == "update"

    assert stack.list_statuses() == ["APPROVED"]
    assert stack.record.parameters["description"] == "New"
    assert len(stack.outputs["openChangeRequests"]) == 1
    assert "The program ignores what this request changes" in capfd.readouterr().err


def test_a_request_for_members_that_are_ignored_waits_and_nothing_is_submitted_beside_it(
    stack: InPlaceStack,
) -> None:
    stack.up(proposing(LEARNER))
    stack.stack.ignore_changes = ("members",)

    assert stack.up(proposing(LEARNER, description="New")).op == "update"
    assert stack.list_statuses() == ["PENDING"]
    stack.refresh()
    assert stack.preview(proposing(LEARNER, description="New")).op == "same"


def test_a_member_is_added_in_place_beside_a_request_for_a_member_that_is_ignored(
    stack: InPlaceStack,
) -> None:
    granted = member(BROKER, member_abilities=[EXPORT])
    stack.up(proposing(members=[QUERIER, granted]))
    stack.vote("APPROVED")
    stack.refresh()
    stack.stack.ignore_changes = (f'members["{BROKER}"]',)

    assert stack.up(proposing(members=[QUERIER, granted, member(PARTNER)])).op == "update"

    assert stack.list_statuses() == ["APPROVED", "COMMITTED"]
    assert stack.record.statuses[PARTNER] == "INVITED"
