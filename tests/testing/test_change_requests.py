"""Change requests at the endpoint: their types, their approval, their effect on the members, and their listings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.stub import Stubber
from requests_of_boto3 import (
    ADS,
    BROKER,
    CREATOR,
    STRANGER,
    act,
    approval_change,
    client,
    create,
    list_requests,
    member_change,
    members,
    new_member,
    statuses,
    submit,
)

if TYPE_CHECKING:
    from cleanrooms_resource.testing import Endpoint

PAYER = {"queryCompute": {"isResponsible": True}}
NO_PAYER = {"queryCompute": {"isResponsible": False}}
MODEL_OUTPUT = {"customMLMemberAbilities": ["CAN_RECEIVE_MODEL_OUTPUT"]}
INFERENCE_OUTPUT = {"customMLMemberAbilities": ["CAN_RECEIVE_INFERENCE_OUTPUT"]}
RECEIVER = {
    "accountId": BROKER,
    "displayName": "Broker",
    "memberAbilities": ["CAN_RECEIVE_RESULTS"],
    "mlMemberAbilities": MODEL_OUTPUT,
    "paymentConfiguration": PAYER,
}
CHANGE_TYPES = (
    boto3.client("cleanrooms", "us-east-1").meta.service_model.shape_for("ChangeType").enum
)


def get_member(running: Endpoint, id_: str, account: str) -> dict[str, Any]:
    return next(member for member in members(running, id_) if member["accountId"] == account)


def commit_by_everybody(running: Endpoint, id_: str, *changes: dict[str, Any]) -> None:
    request = submit(running, id_, *changes)
    for account in (ADS, BROKER):
        act(running, request, "APPROVE", account)
    act(running, request, "COMMIT")


# Types


@pytest.mark.parametrize(
    ("change", "types"),
    [
        (new_member(STRANGER, "CAN_RECEIVE_RESULTS"), ["ADD_MEMBER"]),
        (new_member(paymentConfiguration=NO_PAYER), ["ADD_MEMBER"]),
        (new_member(paymentConfiguration=PAYER), ["ADD_MEMBER", "ADD_PAYER_CANDIDATE"]),
        (
            new_member(mlMemberAbilities=MODEL_OUTPUT),
            ["ADD_MEMBER", "GRANT_CAN_RECEIVE_MODEL_OUTPUT"],
        ),
        (
            new_member(mlMemberAbilities=INFERENCE_OUTPUT),
            ["ADD_MEMBER", "GRANT_CAN_RECEIVE_INFERENCE_OUTPUT"],
        ),
        (member_change(ADS), ["REVOKE_RECEIVE_RESULTS_ABILITY"]),
        (
            member_change(BROKER, "CAN_RECEIVE_RESULTS", "CAN_EXPORT_QUERY_ANALYSIS_LOG"),
            ["GRANT_EXPORT_QUERY_ANALYSIS_LOG_ABILITY"],
        ),
        (member_change(BROKER), ["REVOKE_RECEIVE_RESULTS_ABILITY"]),
        (
            member_change(BROKER, "CAN_RECEIVE_RESULTS", paymentConfiguration=NO_PAYER),
            ["REMOVE_PAYER_CANDIDATE"],
        ),
        (
            member_change(BROKER, "CAN_RECEIVE_RESULTS", mlMemberAbilities=INFERENCE_OUTPUT),
            ["REVOKE_CAN_RECEIVE_MODEL_OUTPUT", "GRANT_CAN_RECEIVE_INFERENCE_OUTPUT"],
        ),
        (approval_change("ADD_MEMBER"), ["EDIT_AUTO_APPROVED_CHANGE_TYPES"]),
    ],
)
def test_a_change_has_the_types_of_what_it_changes(
    running: Endpoint, change: dict[str, Any], types: list[str]
) -> None:
    ads = {
        "accountId": ADS,
        "displayName": "AdPlatform",
        "memberAbilities": ["CAN_QUERY", "CAN_RECEIVE_RESULTS"],
    }
    request = submit(running, create(running, members=[ads, RECEIVER])["id"], change)

    assert request["changes"] == [change | {"types": types}]
    assert set(types) <= set(CHANGE_TYPES)


# Approval


def test_the_last_approval_approves_a_request(running: Endpoint) -> None:
    request = submit(running, create(running)["id"], new_member())

    seen = [
        request["status"],
        *(act(running, request, "APPROVE", account)["status"] for account in (ADS, BROKER)),
    ]

    assert seen == ["PENDING", "PENDING", "APPROVED"]


def test_the_creator_approves_by_creating_the_request(running: Endpoint) -> None:
    approvals = submit(running, create(running)["id"], new_member())["approvals"]

    assert approvals == {
        CREATOR: {"status": "APPROVED"},
        ADS: {"status": "PENDING"},
        BROKER: {"status": "PENDING"},
    }


def test_the_first_denial_denies_a_request(running: Endpoint) -> None:
    request = submit(running, create(running)["id"], new_member())

    assert act(running, request, "DENY", BROKER)["status"] == "DENIED"


def test_a_request_that_nobody_must_approve_is_approved_at_once(running: Endpoint) -> None:
    assert submit(running, create(running, members=[])["id"], new_member())["status"] == "APPROVED"


def test_a_request_does_not_wait_for_a_member_that_leaves(running: Endpoint) -> None:
    id_ = create(running)["id"]
    request = submit(running, id_, new_member())
    act(running, request, "APPROVE", ADS)
    running.collaborations[id_].leave(BROKER)

    assert running.collaborations[id_].change_requests[request["id"]].status == "APPROVED"


def test_an_auto_approved_request_is_committed_at_once(running: Endpoint) -> None:
    id_ = create(running, autoApprovedChangeRequestTypes=["ADD_MEMBER"])["id"]

    request = submit(running, id_, new_member())

    assert (request["status"], request["isAutoApproved"], statuses(running, id_)[STRANGER]) == (
        "COMMITTED",
        True,
        "INVITED",
    )


def test_an_auto_approved_request_can_wait_for_its_commit(running: Endpoint) -> None:
    running.commits_auto_approved = False
    id_ = create(running, autoApprovedChangeRequestTypes=["ADD_MEMBER"])["id"]

    request = submit(running, id_, new_member())
    assert (request["status"], STRANGER in statuses(running, id_)) == ("APPROVED", False)
    act(running, request, "COMMIT")
    assert statuses(running, id_)[STRANGER] == "INVITED"


def test_a_request_with_a_type_that_is_not_auto_approved_is_pending(running: Endpoint) -> None:
    id_ = create(running, autoApprovedChangeRequestTypes=["ADD_MEMBER"])["id"]

    request = submit(running, id_, new_member(), member_change(BROKER, "CAN_RECEIVE_RESULTS"))

    assert (request["status"], request["isAutoApproved"]) == ("PENDING", False)


def test_partners_approve_and_deny_in_python(running: Endpoint) -> None:
    id_ = create(running)["id"]
    request = submit(running, id_, new_member())
    collaboration = running.collaborations[id_]

    collaboration.approve(request["id"], ADS)
    collaboration.deny(request["id"], BROKER)

    assert collaboration.change_requests[request["id"]].approvals == {
        CREATOR: "APPROVED",
        ADS: "APPROVED",
        BROKER: "DENIED",
    }


@pytest.mark.parametrize("account", [CREATOR, STRANGER])
def test_python_refuses_the_approval_of_an_account_that_is_not_asked(
    running: Endpoint, account: str
) -> None:
    id_ = create(running)["id"]
    request = submit(running, id_, new_member())

    with pytest.raises(ValueError, match=account):
        running.collaborations[id_].approve(request["id"], account)


# Effects


def test_a_new_member_is_invited_only_by_the_commit(running: Endpoint) -> None:
    id_ = create(running)["id"]
    request = submit(running, id_, new_member())
    for account in (ADS, BROKER):
        act(running, request, "APPROVE", account)
    assert STRANGER not in statuses(running, id_)

    assert act(running, request, "COMMIT")["status"] == "COMMITTED"
    assert statuses(running, id_)[STRANGER] == "INVITED"


def test_a_commit_changes_the_abilities_and_keeps_can_query(running: Endpoint) -> None:
    id_ = create(running)["id"]

    commit_by_everybody(running, id_, member_change(ADS, "CAN_EXPORT_QUERY_ANALYSIS_LOG"))

    assert set(get_member(running, id_, ADS)["abilities"]) == {
        "CAN_QUERY",
        "CAN_EXPORT_QUERY_ANALYSIS_LOG",
    }


def test_a_commit_keeps_the_payment_and_the_machine_learning_that_a_change_leaves_out(
    running: Endpoint,
) -> None:
    ads = {"accountId": ADS, "displayName": "AdPlatform", "memberAbilities": ["CAN_QUERY"]}
    id_ = create(running, members=[ads, RECEIVER])["id"]
    before = get_member(running, id_, BROKER)

    commit_by_everybody(running, id_, member_change(BROKER))

    assert get_member(running, id_, BROKER) == before | {"abilities": []}


def test_the_revocation_of_every_ability_for_machine_learning_leaves_none(
    running: Endpoint,
) -> None:
    ads = {"accountId": ADS, "displayName": "AdPlatform", "memberAbilities": ["CAN_QUERY"]}
    id_ = create(running, members=[ads, RECEIVER])["id"]

    commit_by_everybody(
        running,
        id_,
        member_change(
            BROKER, "CAN_RECEIVE_RESULTS", mlMemberAbilities={"customMLMemberAbilities": []}
        ),
    )

    assert "mlAbilities" not in get_member(running, id_, BROKER)


def test_a_commit_changes_the_auto_approved_types(running: Endpoint) -> None:
    id_ = create(running)["id"]

    commit_by_everybody(running, id_, approval_change("ADD_MEMBER"))

    assert client(running).get_collaboration(collaborationIdentifier=id_)["collaboration"][
        "autoApprovedChangeTypes"
    ] == ["ADD_MEMBER"]


# Listings


def test_requests_are_listed_by_creation_time_after_a_short_page(running: Endpoint) -> None:
    id_ = create(running)["id"]
    ids = [
        submit(running, id_, new_member(account))["id"]
        for account in (STRANGER, "888888888888", "777777777777")
    ]
    page = client(running).list_collaboration_change_requests(collaborationIdentifier=id_)

    assert [request["id"] for request in page["collaborationChangeRequestSummaries"]] == ids[:1]
    assert list_requests(running, id_) == ids


def test_requests_can_be_filtered_by_status(running: Endpoint) -> None:
    id_ = create(running)["id"]
    cancelled = submit(running, id_, new_member())
    act(running, cancelled, "CANCEL")
    submit(running, id_, new_member())

    assert list_requests(running, id_, status="CANCELLED") == [cancelled["id"]]


# Shapes


def test_every_answer_about_change_requests_has_the_shape_of_botocores_model(
    running: Endpoint,
) -> None:
    request = submit(
        running,
        create(running)["id"],
        new_member(mlMemberAbilities=MODEL_OUTPUT, paymentConfiguration=PAYER),
    )
    by_collaboration = {"collaborationIdentifier": request["collaborationId"]}
    by_id = by_collaboration | {"changeRequestIdentifier": request["id"]}
    endpoint_client, stubber = client(running), Stubber(client(running))
    calls: list[tuple[str, dict[str, Any]]] = [
        (
            "create_collaboration_change_request",
            {**by_collaboration, "changes": [approval_change("ADD_MEMBER")]},
        ),
        ("get_collaboration_change_request", by_id),
        ("list_collaboration_change_requests", by_collaboration),
        ("update_collaboration_change_request", {**by_id, "action": "CANCEL"}),
    ]

    for call, parameters in calls:
        answer = getattr(endpoint_client, call)(**parameters)
        stubber.add_response(
            call, answer
        )  # This raises if the answer does not have the shape of the model.

    assert len(stubber._queue) == len(calls)
