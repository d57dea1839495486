"""Memberships at the endpoint, and the removal of a member."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber
from requests_of_boto3 import (
    ADS,
    BROKER,
    CREATOR,
    MISSING,
    STRANGER,
    client,
    create,
    refusal,
    statuses,
)

if TYPE_CHECKING:
    from cleanrooms_resource.testing import Endpoint

PAYER = {"queryCompute": {"isResponsible": True}}
PAYING_BROKER = {
    "accountId": BROKER,
    "displayName": "Broker",
    "memberAbilities": [],
    "paymentConfiguration": PAYER,
}


def join(running: Endpoint, id_: str, account: str, **parameters: Any) -> dict[str, Any]:
    parameters = {"collaborationIdentifier": id_, "queryLogStatus": "DISABLED", **parameters}
    return dict(client(running, account).create_membership(**parameters)["membership"])


def remove(running: Endpoint, id_: str, account: str, caller: str = CREATOR) -> dict[str, Any]:
    return dict(
        client(running, caller).delete_member(collaborationIdentifier=id_, accountId=account)
    )


# Memberships


@pytest.mark.parametrize("account", [ADS, BROKER, CREATOR])
def test_an_account_that_creates_its_membership_is_active(running: Endpoint, account: str) -> None:
    id_ = create(running)["id"]
    membership = join(running, id_, account)

    assert (
        statuses(running, id_)[account],
        membership["collaborationId"],
        membership["status"],
    ) == ("ACTIVE", id_, "ACTIVE")


def test_an_account_lists_only_its_own_memberships(running: Endpoint) -> None:
    id_ = create(running)["id"]
    membership = join(running, id_, BROKER)

    listed = {
        account: client(running, account).list_memberships()["membershipSummaries"]
        for account in (ADS, BROKER)
    }

    assert {
        account: [each["id"] for each in summaries] for account, summaries in listed.items()
    } == {ADS: [], BROKER: [membership["id"]]}


def test_active_memberships_are_not_among_those_that_were_removed(running: Endpoint) -> None:
    join(running, create(running)["id"], BROKER)

    assert client(running, BROKER).list_memberships(status="REMOVED")["membershipSummaries"] == []


def test_an_account_that_deletes_its_membership_left(running: Endpoint) -> None:
    id_ = create(running)["id"]
    answer = client(running, BROKER).delete_membership(
        membershipIdentifier=join(running, id_, BROKER)["id"]
    )

    assert (statuses(running, id_)[BROKER], answer["ResponseMetadata"]["HTTPStatusCode"]) == (
        "LEFT",
        204,
    )


@pytest.mark.parametrize("account", [ADS, CREATOR])
def test_a_membership_of_another_account_is_not_found(running: Endpoint, account: str) -> None:
    membership = join(running, create(running)["id"], BROKER)

    assert refusal(
        lambda: client(running, account).delete_membership(membershipIdentifier=membership["id"])
    ) == ("ResourceNotFoundException", 404)


@pytest.mark.parametrize("event", ["join", "leave", "remove"])
def test_only_an_invited_account_can_create_a_membership(running: Endpoint, event: str) -> None:
    id_ = create(running)["id"]
    getattr(running.collaborations[id_], event)(BROKER)

    assert refusal(lambda: join(running, id_, BROKER)) == ("ConflictException", 409)


def test_a_stranger_cannot_create_a_membership(running: Endpoint) -> None:
    id_ = create(running)["id"]

    assert refusal(lambda: join(running, id_, STRANGER)) == ("AccessDeniedException", 403)


def test_a_payer_that_cannot_query_must_accept_the_payment(running: Endpoint) -> None:
    id_ = create(running, members=[PAYING_BROKER])["id"]

    assert refusal(lambda: join(running, id_, BROKER)) == ("ValidationException", 400)
    assert join(running, id_, BROKER, paymentConfiguration=PAYER)["paymentConfiguration"][
        "queryCompute"
    ] == {"isResponsible": True}


# Removal


@pytest.mark.parametrize("status", ["INVITED", "ACTIVE"])
def test_delete_member_removes_a_member(running: Endpoint, status: str) -> None:
    id_ = create(running)["id"]
    if status == "ACTIVE":
        join(running, id_, BROKER)

    answer = remove(running, id_, BROKER)

    assert (statuses(running, id_)[BROKER], answer["ResponseMetadata"]["HTTPStatusCode"]) == (
        "REMOVED",
        204,
    )


@pytest.mark.parametrize(("event", "status"), [("remove", "REMOVED"), ("leave", "LEFT")])
def test_delete_member_does_nothing_to_a_former_member(
    running: Endpoint, event: str, status: str
) -> None:
    id_ = create(running)["id"]
    getattr(running.collaborations[id_], event)(BROKER)

    remove(running, id_, BROKER)

    assert statuses(running, id_)[BROKER] == status


@pytest.mark.parametrize(
    ("account", "code", "status"),
    [
        (ADS, "ConflictException", 409),
        (CREATOR, "ConflictException", 409),
        (STRANGER, "ResourceNotFoundException", 404),
    ],
    ids=["a member with CAN_QUERY", "the creator", "a stranger"],
)
def test_delete_member_refuses_an_account(
    running: Endpoint, account: str, code: str, status: int
) -> None:
    id_ = create(running)["id"]

    assert refusal(lambda: remove(running, id_, account)) == (code, status)


def test_delete_member_removes_a_payer(running: Endpoint) -> None:
    id_ = create(running, members=[PAYING_BROKER])["id"]

    remove(running, id_, BROKER)

    assert statuses(running, id_)[BROKER] == "REMOVED"


def test_only_the_creator_can_remove_a_member(running: Endpoint) -> None:
    id_ = create(running)["id"]

    assert refusal(lambda: remove(running, id_, BROKER, caller=ADS)) == (
        "AccessDeniedException",
        403,
    )


def test_list_members_shows_a_removal_late(running: Endpoint) -> None:
    id_ = create(running)["id"]
    remove(running, id_, BROKER)

    running.faults.member_delay = 60
    assert statuses(running, id_)[BROKER] == "INVITED"
    running.faults.clear()
    assert statuses(running, id_)[BROKER] == "REMOVED"


# Faults and shapes


@pytest.mark.parametrize(
    "operation", ["CreateMembership", "ListMemberships", "DeleteMembership", "DeleteMember"]
)
def test_an_operation_can_fail_before_it_takes_effect(running: Endpoint, operation: str) -> None:
    id_ = create(running)["id"]
    calls = {
        "CreateMembership": lambda: join(running, id_, BROKER),
        "ListMemberships": lambda: client(running).list_memberships(),
        "DeleteMembership": lambda: client(running).delete_membership(membershipIdentifier=MISSING),
        "DeleteMember": lambda: remove(running, id_, BROKER),
    }
    running.faults.fail(operation, times=1)

    assert refusal(calls[operation]) == ("InternalServerException", 500)
    assert statuses(running, id_)[BROKER] == "INVITED"


def test_a_removal_whose_answer_fails_takes_effect(running: Endpoint) -> None:
    id_ = create(running)["id"]
    running.faults.fail("DeleteMember", when="after", times=1)

    with pytest.raises(ClientError):
        remove(running, id_, BROKER)

    assert statuses(running, id_)[BROKER] == "REMOVED"


def test_every_answer_about_memberships_has_the_shape_of_botocores_model(running: Endpoint) -> None:
    id_ = create(running, members=[PAYING_BROKER])["id"]
    broker, stubber = client(running, BROKER), Stubber(client(running, BROKER))
    joining = {
        "collaborationIdentifier": id_,
        "queryLogStatus": "ENABLED",
        "jobLogStatus": "ENABLED",
        "paymentConfiguration": PAYER,
    }

    stubber.add_response(
        "create_membership", broker.create_membership(**joining)
    )  # This raises if the answer does not have the shape of the model.
    stubber.add_response("list_memberships", broker.list_memberships())

    assert len(stubber._queue) == 2
