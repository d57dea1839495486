"""Change requests that the endpoint refuses, and faults in the calls about them."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import BotoCoreError, ClientError
from requests_of_boto3 import (
    ADS,
    BROKER,
    CREATOR,
    MISSING,
    STRANGER,
    act,
    approval_change,
    client,
    create,
    list_requests,
    member_change,
    new_member,
    refusal,
    statuses,
    submit,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from cleanrooms_resource.testing import Endpoint


@pytest.mark.parametrize(
    "changes",
    [
        [new_member(STRANGER, "CAN_QUERY")],
        [member_change(BROKER, "CAN_RUN_JOB")],
        [member_change(STRANGER)],
        [member_change(BROKER, "CAN_RECEIVE_RESULTS", displayName="Other")],
        [member_change(CREATOR)],
        [member_change(BROKER, displayName="Broker")],
        [approval_change()],
        [new_member(), new_member()],
        [approval_change("ADD_MEMBER") | {"specificationType": "MEMBER"}],
        [new_member(), member_change(BROKER)],
    ],
    ids=[
        "CAN_QUERY",
        "CAN_RUN_JOB",
        "a new member without a display name",
        "another display name",
        "the creator's account",
        "a change of a member that changes nothing",
        "a change of the collaboration that changes nothing",
        "an account twice",
        "a specification of another type",
        "one of two changes changes nothing",
    ],
)
def test_an_invalid_change_is_a_validation_exception(
    running: Endpoint, changes: list[dict[str, Any]]
) -> None:
    id_ = create(running)["id"]

    assert refusal(lambda: submit(running, id_, *changes)) == ("ValidationException", 400)
    assert running.collaborations[id_].change_requests == {}


@pytest.mark.parametrize("event", ["leave", "remove"])
def test_a_former_member_cannot_be_added_again(running: Endpoint, event: str) -> None:
    id_ = create(running)["id"]
    getattr(running.collaborations[id_], event)(BROKER)

    assert refusal(lambda: submit(running, id_, member_change(BROKER, "CAN_RECEIVE_RESULTS"))) == (
        "ConflictException",
        409,
    )


@pytest.mark.parametrize(("overrides", "status"), [({}, "PENDING"), ({"members": []}, "APPROVED")])
def test_a_second_request_for_an_account_conflicts_with_the_open_one(
    running: Endpoint, overrides: dict[str, Any], status: str
) -> None:
    id_ = create(running, **overrides)["id"]
    request = submit(running, id_, new_member())

    with pytest.raises(ClientError) as error:
        submit(running, id_, new_member())

    response = error.value.response
    assert (request["status"], response["Error"]["Code"]) == (status, "ConflictException")
    assert (response["resourceId"], response["reason"]) == (request["id"], "ALREADY_EXISTS")


def test_a_closed_request_does_not_conflict(running: Endpoint) -> None:
    id_ = create(running)["id"]
    act(running, submit(running, id_, new_member()), "CANCEL")

    assert submit(running, id_, new_member())["status"] == "PENDING"


@pytest.mark.parametrize(
    ("earlier", "action", "account"),
    [
        ([], "COMMIT", CREATOR),
        ([("DENY", ADS)], "COMMIT", CREATOR),
        ([("DENY", ADS)], "CANCEL", CREATOR),
        ([("CANCEL", CREATOR)], "APPROVE", ADS),
        ([("CANCEL", CREATOR)], "DENY", ADS),
        ([("APPROVE", ADS), ("APPROVE", BROKER), ("COMMIT", CREATOR)], "COMMIT", CREATOR),
    ],
)
def test_an_action_that_the_status_does_not_allow_is_a_conflict(
    running: Endpoint, earlier: list[tuple[str, str]], action: str, account: str
) -> None:
    request = submit(running, create(running)["id"], new_member())
    for earlier_action, earlier_account in earlier:
        act(running, request, earlier_action, earlier_account)

    with pytest.raises(ClientError) as error:
        act(running, request, action, account)

    assert (error.value.response["Error"]["Code"], error.value.response["reason"]) == (
        "ConflictException",
        "INVALID_STATE",
    )


def test_a_request_cannot_be_committed_for_a_member_that_left(running: Endpoint) -> None:
    id_ = create(running)["id"]
    request = submit(running, id_, member_change(BROKER, "CAN_RECEIVE_RESULTS"))
    act(running, request, "APPROVE", ADS)
    running.collaborations[id_].leave(BROKER)

    assert refusal(lambda: act(running, request, "COMMIT")) == ("ConflictException", 409)


@pytest.mark.parametrize("action", ["APPROVE", "DENY", "CANCEL", "COMMIT"])
def test_an_unknown_request_is_not_found(running: Endpoint, action: str) -> None:
    unknown = {"collaborationId": create(running)["id"], "id": MISSING}

    assert refusal(lambda: act(running, unknown, action)) == ("ResourceNotFoundException", 404)


@pytest.mark.parametrize(
    ("action", "account"),
    [
        ("CANCEL", ADS),
        ("COMMIT", ADS),
        ("APPROVE", CREATOR),
        ("DENY", CREATOR),
        ("APPROVE", STRANGER),
    ],
)
def test_an_action_of_an_account_that_may_not_perform_it_is_denied(
    running: Endpoint, action: str, account: str
) -> None:
    request = submit(running, create(running)["id"], new_member())

    assert refusal(lambda: act(running, request, action, account)) == ("AccessDeniedException", 403)


@pytest.mark.parametrize("account", [ADS, STRANGER])
def test_only_the_creator_can_create_a_request(running: Endpoint, account: str) -> None:
    parameters = {"collaborationIdentifier": create(running)["id"], "changes": [new_member()]}

    assert refusal(
        lambda: client(running, account).create_collaboration_change_request(**parameters)
    ) == ("AccessDeniedException", 403)


def test_the_open_requests_of_a_collaboration_have_a_quota(running: Endpoint) -> None:
    running.quotas["Open change requests per collaboration"] = 1
    id_ = create(running)["id"]
    submit(running, id_, new_member())

    assert refusal(lambda: submit(running, id_, member_change(BROKER, "CAN_RECEIVE_RESULTS"))) == (
        "ServiceQuotaExceededException",
        402,
    )


def test_added_members_count_in_the_quota_of_members(running: Endpoint) -> None:
    running.quotas["Members per collaboration"] = 2
    id_ = create(running)["id"]

    assert refusal(lambda: submit(running, id_, new_member())) == (
        "ServiceQuotaExceededException",
        402,
    )


def test_a_commit_that_exceeds_the_quota_of_members_is_refused(running: Endpoint) -> None:
    id_ = create(running, members=[])["id"]
    requests = [submit(running, id_, new_member(account)) for account in (STRANGER, BROKER)]
    running.quotas["Members per collaboration"] = 1
    act(running, requests[0], "COMMIT")

    assert refusal(lambda: act(running, requests[1], "COMMIT")) == (
        "ServiceQuotaExceededException",
        402,
    )


def test_a_former_member_does_not_count_in_the_quota_of_members(running: Endpoint) -> None:
    running.quotas["Members per collaboration"] = 2
    id_ = create(running)["id"]
    running.collaborations[id_].leave(BROKER)

    assert submit(running, id_, new_member())["status"] == "PENDING"


# Faults


def test_a_change_request_whose_answer_is_lost_exists(running: Endpoint) -> None:
    id_ = create(running)["id"]
    running.faults.lose_answer("CreateCollaborationChangeRequest", times=1)

    with pytest.raises(BotoCoreError):
        submit(running, id_, new_member())

    assert len(list_requests(running, id_)) == 1


@pytest.mark.parametrize(
    "operation",
    [
        "GetCollaborationChangeRequest",
        "ListCollaborationChangeRequests",
        "UpdateCollaborationChangeRequest",
    ],
)
def test_an_operation_on_change_requests_can_be_denied(running: Endpoint, operation: str) -> None:
    request = submit(running, create(running)["id"], new_member())
    by_id = {
        "collaborationIdentifier": request["collaborationId"],
        "changeRequestIdentifier": request["id"],
    }
    calls: dict[str, Callable[[], Any]] = {
        "GetCollaborationChangeRequest": lambda: client(running).get_collaboration_change_request(
            **by_id
        ),
        "ListCollaborationChangeRequests": lambda: list_requests(
            running, request["collaborationId"]
        ),
        "UpdateCollaborationChangeRequest": lambda: act(running, request, "CANCEL"),
    }
    calls[operation]()
    running.faults.deny(operation)

    assert refusal(calls[operation]) == ("AccessDeniedException", 403)


def test_list_members_shows_a_committed_change_late(running: Endpoint) -> None:
    id_ = create(running, members=[])["id"]
    act(running, submit(running, id_, new_member()), "COMMIT")

    running.faults.member_delay = 60
    assert STRANGER not in statuses(running, id_)
    running.faults.clear()
    assert STRANGER in statuses(running, id_)


def test_list_members_shows_a_committed_change_after_the_delay(
    running: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    id_ = create(running, members=[])["id"]
    act(running, submit(running, id_, new_member()), "COMMIT")
    running.faults.member_delay = 60
    later = time.time() + 61
    monkeypatch.setattr(time, "time", lambda: later)

    assert STRANGER in {
        member["accountId"] for member in running.collaborations[id_].member_summaries_before(60)
    }
