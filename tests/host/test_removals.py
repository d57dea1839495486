"""A member that the program drops is removed with DeleteMember, where the program opts in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from declarations import ADS, BROKER, PARTNER, declaration, member

from cleanrooms_resource.errors import CollaborationError, MemberDepartedError
from cleanrooms_resource.hidden_keys import HOLDER, TOKEN
from host.in_place import QUERIER, InPlaceStack, program

if TYPE_CHECKING:
    from aws_account import Aws

DELETE_MEMBER = "DELETE collaborations/member"
pytestmark = pytest.mark.usefixtures("clock")


def removing(*members: dict[str, Any], mode: str | None = None, **overrides: Any) -> dict[str, Any]:
    """A program that opts in to removals, with the querier, the broker and more members."""
    base = {
        **declaration(**{"members": [QUERIER, member(BROKER), *members], **overrides}),
        "removeMembers": True,
    }
    return (
        base
        if mode is None
        else program(*members, mode=mode, **overrides) | {"removeMembers": True}
    )


@pytest.fixture
def stack(empty_aws: Aws) -> InPlaceStack:
    stack = InPlaceStack(empty_aws)
    stack.up(removing(member(PARTNER)))
    stack.list_writes()
    return stack


@pytest.mark.parametrize("mode", [None, "NEVER", "AUTO_APPROVED", "PROPOSE"])
def test_a_dropped_member_is_removed_in_place_with_every_value_of_change_requests(
    empty_aws: Aws, mode: str | None
) -> None:
    stack = InPlaceStack(empty_aws)
    stack.up(removing(member(PARTNER), mode=mode))
    id_ = stack.record.id
    stack.list_writes()

    assert stack.up(removing(mode=mode)).op == "update"

    assert stack.list_writes() == [DELETE_MEMBER]
    assert stack.record.id == id_
    assert stack.outputs["memberStatuses"][PARTNER] == "REMOVED"
    assert stack.outputs["members"].keys() == {ADS, BROKER}
    assert stack.preview(removing(mode=mode)).op == "same"
    assert stack.refresh() == "same"
    assert stack.preview(removing(mode=mode)).op == "same"


def test_a_removed_member_is_not_declared_again(stack: InPlaceStack) -> None:
    stack.up(removing())

    with pytest.raises(MemberDepartedError, match="REMOVED"):
        stack.preview(removing(member(PARTNER)))


def test_the_removal_is_the_last_call_of_an_update(stack: InPlaceStack) -> None:
    stack.up(removing(description="New", tags={}))

    assert [each.partition(" ")[0] for each in stack.list_writes()] == ["PATCH", "DELETE", "DELETE"]
    assert stack.record.statuses[PARTNER] == "REMOVED"


KEPT: dict[str, dict[str, Any]] = {
    "a member who queries": removing(members=[member(BROKER), member(PARTNER)]),
    "a member who pays": removing(members=[QUERIER, member(PARTNER)]),
}


@pytest.mark.parametrize("wanted", KEPT.values(), ids=KEPT)
def test_a_member_who_queries_or_pays_is_replaced_and_not_removed(
    empty_aws: Aws, wanted: dict[str, Any]
) -> None:
    stack = InPlaceStack(empty_aws)
    payer = member(BROKER, payment_configuration={"queryCompute": {"isResponsible": True}})
    stack.up(removing(members=[QUERIER, payer, member(PARTNER)]))
    stack.list_writes()

    assert stack.up(wanted).op == "replace"

    assert stack.list_writes() == ["POST collaborations", "DELETE collaborations"]


def test_the_replacement_of_a_payer_says_that_no_request_names_another_one(
    empty_aws: Aws, capsys: pytest.CaptureFixture[str]
) -> None:
    stack = InPlaceStack(empty_aws)
    payer = member(BROKER, payment_configuration={"queryCompute": {"isResponsible": True}})
    stack.up(removing(members=[QUERIER, payer, member(PARTNER)]))

    stack.up(KEPT["a member who pays"])

    lines = capsys.readouterr().err
    assert "this member pays, and no request names another payer without a vote" in lines
    assert "AWS removes no member" not in lines


def test_a_member_that_was_never_declared_is_not_removed(stack: InPlaceStack) -> None:
    stack.up(removing())
    stack.list_writes()
    other = "666677778888"
    stack.record.add({"accountId": other, "displayName": "x", "memberAbilities": []})
    stack.refresh()

    assert stack.up(removing(description="New")).op == "update"

    assert stack.list_writes() == ["PATCH collaborations"]
    assert stack.record.statuses[other] == "INVITED"


def test_nothing_is_removed_on_the_word_of_an_older_state(stack: InPlaceStack) -> None:
    for properties in (stack.stack.held.inputs, stack.stack.held.outputs):
        del properties[HOLDER]
    del stack.stack.held.outputs[TOKEN]

    assert stack.preview(removing()).op == "replace"


def test_a_removal_without_change_requests_leaves_an_open_request_alone_and_in_the_outputs(
    empty_aws: Aws,
) -> None:
    stack = InPlaceStack(empty_aws)
    stack.up(removing(member(PARTNER), mode="PROPOSE"))
    learner = member(
        BROKER, ml_member_abilities={"custom_ml_member_abilities": ["CAN_RECEIVE_MODEL_OUTPUT"]}
    )
    stack.up(removing(mode="PROPOSE", members=[QUERIER, learner, member(PARTNER)]))

    assert stack.up(removing(mode="NEVER")).op == "update"

    assert stack.record.statuses[PARTNER] == "REMOVED"
    assert [each["status"] for each in stack.outputs["openChangeRequests"]] == ["PENDING"]


@pytest.mark.parametrize("operation", ["DeleteMember", "ListMembers"])
def test_a_lost_answer_of_a_removal_does_no_harm(stack: InPlaceStack, operation: str) -> None:
    stack.aws.endpoint.faults.lose_answer(operation, times=1)

    stack.up(removing())

    assert stack.record.statuses[PARTNER] == "REMOVED"


def test_a_denied_removal_says_what_was_done_before_it(stack: InPlaceStack) -> None:
    stack.aws.endpoint.faults.deny("DeleteMember")

    with pytest.raises(
        CollaborationError,
        match=r"removing member 444455556666 from.*Before this error, the update changed description",
    ):
        stack.up(removing(description="New"))

    assert stack.record.statuses[PARTNER] == "INVITED"


def test_a_removal_that_an_earlier_update_made_is_not_made_again(stack: InPlaceStack) -> None:
    stack.record.remove(PARTNER)

    assert stack.up(removing()).op == "update"

    assert stack.list_writes() == []
    assert stack.outputs["memberStatuses"][PARTNER] == "REMOVED"


def test_without_the_option_a_dropped_member_replaces(empty_aws: Aws) -> None:
    stack = InPlaceStack(empty_aws)
    stack.up(declaration(members=[QUERIER, member(BROKER)]))

    assert stack.preview(declaration(members=[QUERIER])).op == "replace"
