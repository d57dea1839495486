"""Members change in place by change requests that AWS approves by itself."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest
from declarations import ADS, BROKER, PARTNER, member

from cleanrooms_resource.aws.waiting import WAITING
from cleanrooms_resource.errors import ChangeRequestRefusedError, CollaborationError
from host.in_place import QUERIER, InPlaceStack, program

if TYPE_CHECKING:
    from aws_account import Aws
    from clock import Clock

SUBMIT = "POST collaborations/changeRequests"
SETTLE = "PATCH collaborations/changeRequests"
pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def stack(empty_aws: Aws) -> InPlaceStack:
    stack = InPlaceStack(empty_aws)
    stack.up(program())
    stack.list_writes()
    return stack


@pytest.mark.parametrize(
    "abilities",
    [[], ["CAN_RECEIVE_RESULTS"], ["CAN_EXPORT_QUERY_ANALYSIS_LOG", "CAN_RECEIVE_RESULTS"]],
)
def test_a_new_member_is_added_in_place(stack: InPlaceStack, abilities: list[str]) -> None:
    id_ = stack.record.id
    wanted = program(member(PARTNER, member_abilities=abilities))

    assert stack.preview(wanted).op == "update"
    assert stack.list_writes() == []
    assert stack.up(wanted).op == "update"

    assert stack.list_writes() == [SUBMIT]
    assert stack.record.id == id_
    assert stack.outputs["memberStatuses"][PARTNER] == "INVITED"
    assert stack.outputs["members"][PARTNER] == {
        "displayName": "Member 4444",
        "memberAbilities": sorted(abilities),
    }
    assert stack.preview(wanted).op == "same"
    assert stack.refresh() == "same"
    assert stack.preview(wanted).op == "same"


@pytest.mark.parametrize(
    ("before", "after"), [([], ["CAN_RECEIVE_RESULTS"]), (["CAN_RECEIVE_RESULTS"], [])]
)
def test_an_ability_is_granted_and_revoked_in_place(
    empty_aws: Aws, before: list[str], after: list[str]
) -> None:
    stack = InPlaceStack(empty_aws)
    stack.up(program(member(PARTNER, member_abilities=before)))
    wanted = program(member(PARTNER, member_abilities=after))

    assert stack.up(wanted).op == "update"

    assert (
        next(each for each in stack.record.member_summaries() if each["accountId"] == PARTNER)[
            "abilities"
        ]
        == after
    )
    assert stack.refresh() == "same"
    assert stack.preview(wanted).op == "same"


REPLACING: dict[str, dict[str, Any]] = {
    "a display name": program(members=[QUERIER, member(BROKER, display_name="Other")]),
    "a second reason": program(member(PARTNER), query_log_status="DISABLED"),
    "an ability that no change request has": program(
        members=[member(ADS), member(BROKER, member_abilities=["CAN_QUERY"])]
    ),
    "the abilities of the member who queries": program(
        members=[member(ADS, member_abilities=["CAN_QUERY", "CAN_RECEIVE_RESULTS"]), member(BROKER)]
    ),
    "a type that is not auto-approved": program(
        members=[QUERIER, member(BROKER, member_abilities=["CAN_EXPORT_QUERY_ANALYSIS_LOG"])]
    ),
    "machine learning output": program(
        member(
            PARTNER,
            ml_member_abilities={"custom_ml_member_abilities": ["CAN_RECEIVE_MODEL_OUTPUT"]},
        )
    ),
    "a payer": program(
        member(PARTNER, payment_configuration={"queryCompute": {"isResponsible": True}})
    ),
    "a payer alone": program(
        members=[
            QUERIER,
            member(BROKER, payment_configuration={"queryCompute": {"isResponsible": True}}),
        ]
    ),
    "a payer of the creator alone": program(
        creator_payment_configuration={"queryCompute": {"isResponsible": True}}
    ),
    "the creator's abilities": program(creator_member_abilities=[]),
    "a dropped member": program(members=[QUERIER]),
    "the types that need no approval": program(auto_approved_change_request_types=["ADD_MEMBER"]),
    "the default of the option": {
        name: value for name, value in program(member(PARTNER)).items() if name != "changeRequests"
    },
    "an option that is NEVER": program(member(PARTNER), mode="NEVER"),
}


@pytest.mark.parametrize("wanted", REPLACING.values(), ids=REPLACING)
def test_every_other_change_of_members_replaces_and_sends_no_change_request(
    stack: InPlaceStack, wanted: dict[str, Any]
) -> None:
    assert stack.up(wanted).op == "replace"

    assert stack.list_writes() == ["POST collaborations", "DELETE collaborations"]


def test_a_changed_option_alone_is_no_change(stack: InPlaceStack) -> None:
    before = stack.outputs
    stack.up(program(mode="NEVER") | {"removeMembers": True})

    assert stack.list_writes() == []
    assert stack.outputs == before


def test_a_refresh_keeps_the_options_among_the_inputs(stack: InPlaceStack) -> None:
    stack.refresh()

    assert stack.stack.held.inputs["changeRequests"] == "AUTO_APPROVED"


def test_fields_and_tags_of_the_same_change_follow_the_change_request(stack: InPlaceStack) -> None:
    wanted = program(member(PARTNER), description="New", tags={"team": "x"})

    assert stack.up(wanted).op == "update"

    assert stack.list_writes() == [
        SUBMIT,
        "PATCH collaborations",
        "POST tags/arn:aws:cleanrooms:us-east-1:111122223333:collaboration",
    ]
    assert stack.preview(wanted).op == "same"
    assert stack.refresh() == "same"


def test_more_than_ten_changes_are_several_change_requests(stack: InPlaceStack) -> None:
    stack.aws.endpoint.quotas.clear()
    wanted = program(*(member(f"5555666677{number:02}") for number in range(21)))

    stack.up(wanted)

    assert stack.list_writes() == [SUBMIT] * 3
    assert [len(request.changes) for request in stack.record.change_requests.values()] == [
        10,
        10,
        1,
    ]
    assert stack.preview(wanted).op == "same"


def test_a_request_that_is_approved_and_not_committed_is_committed(
    stack: InPlaceStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stack.aws.endpoint, "commits_auto_approved", False)

    stack.up(program(member(PARTNER)))

    assert stack.list_writes() == [SUBMIT, SETTLE]
    assert stack.record.statuses[PARTNER] == "INVITED"


def test_an_approval_withdrawn_since_the_refresh_cancels_the_request_and_changes_nothing(
    stack: InPlaceStack,
) -> None:
    stack.record.parameters["autoApprovedChangeRequestTypes"] = []

    with pytest.raises(
        ChangeRequestRefusedError,
        match=r"ADD_MEMBER.*cancelled the change request.*changed nothing",
    ):
        stack.up(program(member(PARTNER), description="New"))

    assert stack.list_writes() == [SUBMIT, SETTLE]
    assert [request.status for request in stack.record.change_requests.values()] == ["CANCELLED"]
    assert "description" not in stack.record.parameters


LOST = [
    "CreateCollaborationChangeRequest",
    "UpdateCollaborationChangeRequest",
    "ListCollaborationChangeRequests",
    "ListMembers",
]


@pytest.mark.parametrize("operation", LOST)
@pytest.mark.parametrize("commits", [True, False])
def test_a_lost_answer_doubles_no_request(
    stack: InPlaceStack,
    monkeypatch: pytest.MonkeyPatch,
    operation: str,
    commits: bool,  # noqa: FBT001
) -> None:
    monkeypatch.setattr(stack.aws.endpoint, "commits_auto_approved", commits)
    stack.aws.endpoint.faults.lose_answer(operation, times=1)

    stack.up(program(member(PARTNER)))

    assert [request.status for request in stack.record.change_requests.values()] == ["COMMITTED"]
    assert stack.record.statuses[PARTNER] == "INVITED"


def test_a_submission_that_never_arrived_is_an_error_and_the_next_update_submits(
    stack: InPlaceStack,
) -> None:
    stack.aws.endpoint.faults.fail("CreateCollaborationChangeRequest", times=1)

    with pytest.raises(
        CollaborationError, match=r"lists no such change request.*may have submitted"
    ):
        stack.up(program(member(PARTNER)))
    stack.up(program(member(PARTNER)))

    assert [request.status for request in stack.record.change_requests.values()] == ["COMMITTED"]


@pytest.mark.parametrize("commits", [True, False])
def test_an_update_cut_off_after_the_submission_is_continued(
    stack: InPlaceStack,
    monkeypatch: pytest.MonkeyPatch,
    commits: bool,  # noqa: FBT001
) -> None:
    monkeypatch.setattr(stack.aws.endpoint, "commits_auto_approved", commits)
    wanted = program(member(PARTNER), description="New")
    _cut_off_after_submission(stack, wanted, monkeypatch)

    assert stack.up(wanted).op == "update"

    assert [request.status for request in stack.record.change_requests.values()] == ["COMMITTED"]
    assert stack.record.parameters["description"] == "New"
    assert stack.preview(wanted).op == "same"


def _cut_off_after_submission(
    stack: InPlaceStack, wanted: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    class CutOff(BaseException):
        pass

    def cut(*_: Any, **__: Any) -> None:
        raise CutOff

    with monkeypatch.context() as patch:
        patch.setattr("cleanrooms_resource.aws.member_updates.MemberUpdate._settle", cut)
        with pytest.raises(CutOff):
            stack.up(wanted)


def test_somebody_elses_open_request_is_named_and_left_alone(
    stack: InPlaceStack, capfd: pytest.CaptureFixture[str]
) -> None:
    change = {
        "specificationType": "COLLABORATION",
        "specification": {"collaboration": {"autoApprovedChangeTypes": []}},
    }
    request = {"collaborationIdentifier": stack.record.id, "changes": [change]}
    other = stack.aws.client("us-east-1").create_collaboration_change_request(**request)[
        "collaborationChangeRequest"
    ]["id"]

    stack.up(program(member(PARTNER)))

    assert stack.record.change_requests[other].status == "PENDING"
    assert (
        f"change request {other} is PENDING, and this resource did not submit it"
        in capfd.readouterr().err
    )


def test_the_update_waits_until_aws_shows_the_new_member(
    stack: InPlaceStack, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def sleep(seconds: float) -> None:
        clock.sleep(seconds)
        time.sleep(0.1)

    monkeypatch.setattr(WAITING, "sleep", sleep)
    stack.aws.endpoint.faults.member_delay = 0.5

    stack.up(program(member(PARTNER)))

    assert stack.outputs["memberStatuses"][PARTNER] == "INVITED"
