"""The changes that need a member, in an account. At AWS they run only where MEMBERS names an account, which is then invited."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError
from declarations import member
from engine.driver import StepSummary

from account.collaborations import create_by_hand, deploy, program
from account.run import wait_until

if TYPE_CHECKING:
    from engine.driver import EngineStack

    from account.run import Account


def list_statuses(account: Account, id_: str) -> dict[str, str]:
    """Return the members' accounts and statuses."""
    pages = account.client.get_paginator("list_members").paginate(collaborationIdentifier=id_)
    return {each["accountId"]: each["status"] for page in pages for each in page["memberSummaries"]}


@pytest.mark.engine
def test_a_new_member_replaces_the_collaboration(
    stack: EngineStack, account: Account, name: str, partner: str
) -> None:
    old_id = deploy(stack, account, program(name))
    stack.declare(program(name, members=[member(partner)]))

    previewed = stack.preview()
    new_id = deploy(stack, account, program(name, members=[member(partner)]))

    assert previewed == {"ads": StepSummary("replace", ("members",), (f"members.{partner}",))}
    assert new_id != old_id
    assert wait_until(lambda: list_statuses(account, new_id).get(partner) == "INVITED")
    assert (stack.refresh(), stack.preview()) == ({}, {})


@pytest.mark.engine
def test_an_auto_approved_change_request_adds_a_member_in_place(
    stack: EngineStack, account: Account, name: str, partner: str
) -> None:
    options: dict[str, Any] = {
        "auto_approved_change_request_types": ["ADD_MEMBER"],
        "change_requests": "AUTO_APPROVED",
    }
    id_ = deploy(stack, account, program(name, **options))
    stack.declare(program(name, **options, members=[member(partner)]))

    previewed = stack.preview()
    stack.up()

    assert previewed["ads"].op == "update"
    assert stack.state()["ads"]["id"] == id_
    requests = account.client.list_collaboration_change_requests(collaborationIdentifier=id_)[
        "collaborationChangeRequestSummaries"
    ]
    assert [
        (each["status"], each["isAutoApproved"], each["changes"][0]["types"]) for each in requests
    ] == [("COMMITTED", True, ["ADD_MEMBER"])]
    assert list_statuses(account, id_)[partner] == "INVITED"
    assert (stack.refresh(), stack.preview()) == ({}, {})


def test_a_removed_member_can_be_removed_again_and_not_added_again(
    account: Account, name: str, partner: str
) -> None:
    id_ = create_by_hand(account, name, members=[member(partner)])
    for _ in range(2):
        account.client.delete_member(collaborationIdentifier=id_, accountId=partner)
    addition = {"accountId": partner, "displayName": "Member", "memberAbilities": []}

    assert wait_until(lambda: list_statuses(account, id_)[partner] == "REMOVED")
    with pytest.raises(ClientError, match="ConflictException"):
        account.client.create_collaboration_change_request(
            collaborationIdentifier=id_,
            changes=[{"specificationType": "MEMBER", "specification": {"member": addition}}],
        )
