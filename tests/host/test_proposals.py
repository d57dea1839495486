"""Changes that other members approve: submitted, waited for, committed, denied, and never submitted twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from declarations import BROKER, PARTNER, member

from cleanrooms_resource.table import TABLE
from host.in_place import LEARNER, QUERIER, InPlaceStack, proposing, start_proposing

if TYPE_CHECKING:
    from aws_account import Aws

SUBMIT = "POST collaborations/changeRequests"
SETTLE = "PATCH collaborations/changeRequests"
pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def stack(empty_aws: Aws) -> InPlaceStack:
    return start_proposing(empty_aws)


def describe(stack: InPlaceStack) -> tuple[Any, Any]:
    """What the outputs say that AWS has."""
    return TABLE["members"].reduce_to_meaning(stack.outputs["members"]), stack.outputs[
        "autoApprovedChangeTypes"
    ]


CHANGES: dict[str, dict[str, Any]] = {
    "a new member with machine learning output": proposing(LEARNER),
    "machine learning output of a member": proposing(
        members=[
            QUERIER,
            member(
                BROKER,
                ml_member_abilities={
                    "custom_ml_member_abilities": ["CAN_RECEIVE_INFERENCE_OUTPUT"]
                },
            ),
        ]
    ),
    "a new member who pays": proposing(
        member(PARTNER, payment_configuration={"queryCompute": {"isResponsible": True}})
    ),
    "an ability that is not auto-approved": proposing(
        members=[QUERIER, member(BROKER, member_abilities=["CAN_EXPORT_QUERY_ANALYSIS_LOG"])]
    ),
    "the types that need no approval": proposing(auto_approved_change_request_types=["ADD_MEMBER"]),
}


@pytest.mark.parametrize("wanted", CHANGES.values(), ids=CHANGES)
def test_a_change_that_needs_approval_waits_takes_effect_after_it_and_is_submitted_once(
    stack: InPlaceStack, wanted: dict[str, Any]
) -> None:
    before = describe(stack)

    assert stack.up(wanted).op == "update"
    assert stack.list_writes() == [SUBMIT]
    assert stack.list_statuses() == ["PENDING"]
    assert describe(stack) == before
    assert [each["status"] for each in stack.outputs["openChangeRequests"]] == ["PENDING"]
    for _ in range(2):
        assert stack.up(wanted).op == "same"
        assert stack.refresh() == "same"
    stack.vote("APPROVED")
    assert stack.up(wanted).op == "same"
    stack.refresh()
    assert stack.preview(wanted).op == "update"
    assert stack.up(wanted).op == "update"

    assert stack.list_writes() == [SETTLE]
    assert stack.list_statuses() == ["COMMITTED"]
    assert not stack.outputs.get("openChangeRequests")
    assert stack.preview(wanted).op == "same"
    assert stack.refresh() == "same"
    assert stack.preview(wanted).op == "same"


def test_a_change_that_aws_approves_does_not_wait_for_one_that_needs_approval(
    stack: InPlaceStack,
) -> None:
    other = "555566667777"

    stack.up(proposing(LEARNER, member(other)))

    assert stack.list_statuses() == ["COMMITTED", "PENDING"]
    assert stack.outputs["members"].keys() >= {other}
    assert PARTNER not in stack.outputs["members"]


def test_the_preview_says_for_whom_a_request_waits(
    stack: InPlaceStack, capfd: pytest.CaptureFixture[str]
) -> None:
    stack.up(proposing(LEARNER))
    capfd.readouterr()

    stack.preview(proposing(LEARNER))

    assert (
        "which adds member 444455556666, waits for 222233334444, 333344445555 as of the last refresh"
        in capfd.readouterr().err
    )


def test_a_lost_answer_of_a_proposal_submits_nothing_twice(stack: InPlaceStack) -> None:
    stack.aws.endpoint.faults.lose_answer("CreateCollaborationChangeRequest", times=1)

    stack.up(proposing(LEARNER))

    assert stack.list_statuses() == ["PENDING"]
    assert len(stack.outputs["openChangeRequests"]) == 1


def test_a_proposal_that_was_cut_off_is_taken_up_by_the_next_update(stack: InPlaceStack) -> None:
    state = stack.stack.resource
    stack.up(proposing(LEARNER))
    stack.stack.resource = state

    assert stack.up(proposing(LEARNER)).op == "update"

    assert stack.list_statuses() == ["PENDING"]
    assert len(stack.outputs["openChangeRequests"]) == 1


REPLACING: dict[str, dict[str, Any]] = {
    "a display name": proposing(members=[QUERIER, member(BROKER, display_name="Other")]),
    "what the creator pays": proposing(
        creator_payment_configuration={"queryCompute": {"isResponsible": True}}
    ),
    "another replacing property": proposing(LEARNER, query_log_status="DISABLED"),
    "a dropped member": proposing(members=[QUERIER]),
}


@pytest.mark.parametrize("wanted", REPLACING.values(), ids=REPLACING)
def test_a_change_that_no_request_can_make_replaces(
    stack: InPlaceStack, wanted: dict[str, Any]
) -> None:
    assert stack.up(wanted).op == "replace"

    assert stack.list_writes() == ["POST collaborations", "DELETE collaborations"]


PAYER = member(BROKER, payment_configuration={"queryCompute": {"isResponsible": True}})
WITHDRAWN: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "a member's payments": (proposing(members=[QUERIER, PAYER]), proposing()),
    "the types that need no approval": (
        proposing(),
        {name: value for name, value in proposing().items() if "auto_approved" not in name},
    ),
}


@pytest.mark.parametrize(("before", "wanted"), WITHDRAWN.values(), ids=WITHDRAWN)
def test_a_change_to_no_declaration_waits_like_any_other(
    empty_aws: Aws, before: dict[str, Any], wanted: dict[str, Any]
) -> None:
    stack = InPlaceStack(empty_aws)
    stack.up(before)

    assert stack.up(wanted).op == "update"
    assert stack.up(wanted).op == "same"
    assert stack.refresh() == "same"
    assert stack.up(wanted).op == "same"

    assert stack.list_statuses() == ["PENDING"]


def test_a_member_who_left_pays_only_in_a_new_collaboration(stack: InPlaceStack) -> None:
    stack.record.leave(BROKER)
    stack.refresh()

    assert stack.preview(proposing(members=[QUERIER, PAYER])).op == "replace"
