"""Clean Rooms as boto3 alone sees it, for tests of the endpoint."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from collections.abc import Callable

    from cleanrooms_resource.testing import Endpoint

CREATOR, ADS, BROKER, STRANGER = "111122223333", "222233334444", "333344445555", "999999999999"
MISSING = "11111111-2222-3333-4444-555555555555"


def client(
    running: Endpoint, account: str = CREATOR, region: str = "us-east-1", **config: Any
) -> Any:
    """Clean Rooms, in an account; nothing is retried."""
    options = Config(retries={"total_max_attempts": 1}, **config)
    keys = {"aws_access_key_id": account, "aws_secret_access_key": "x"}
    return boto3.client("cleanrooms", region, endpoint_url=running.address, config=options, **keys)


def request(**overrides: Any) -> dict[str, Any]:
    """A valid CreateCollaboration."""
    base = {
        "name": "Ads measurement",
        "creatorDisplayName": "RetailCo",
        "creatorMemberAbilities": ["CAN_RECEIVE_RESULTS"],
        "queryLogStatus": "ENABLED",
        "members": [
            {
                "accountId": ADS,
                "displayName": "AdPlatform",
                "memberAbilities": ["CAN_QUERY", "CAN_RECEIVE_RESULTS"],
            },
            {"accountId": BROKER, "displayName": "Broker", "memberAbilities": []},
        ],
    }
    return base | overrides


def create(
    running: Endpoint, account: str = CREATOR, region: str = "us-east-1", **overrides: Any
) -> dict[str, Any]:
    answer = client(running, account, region).create_collaboration(**request(**overrides))
    return dict(answer["collaboration"])


def members(running: Endpoint, id_: str) -> list[dict[str, Any]]:
    pages = client(running).get_paginator("list_members").paginate(collaborationIdentifier=id_)
    return [member for page in pages for member in page["memberSummaries"]]


def statuses(running: Endpoint, id_: str) -> dict[str, str]:
    return {member["accountId"]: member["status"] for member in members(running, id_)}


def list_requests(running: Endpoint, id_: str, **parameters: Any) -> list[str]:
    pages = (
        client(running)
        .get_paginator("list_collaboration_change_requests")
        .paginate(collaborationIdentifier=id_, **parameters)
    )
    return [
        request["id"] for page in pages for request in page["collaborationChangeRequestSummaries"]
    ]


def refusal(call: Callable[[], Any]) -> tuple[str, int]:
    """The exception's name and the HTTP status of a call that is refused."""
    with pytest.raises(ClientError) as error:
        call()
    response = error.value.response
    return response["Error"]["Code"], response["ResponseMetadata"]["HTTPStatusCode"]


def member_change(account: str, *abilities: str, **specification: Any) -> dict[str, Any]:
    """A change of a member, with the full list of its abilities."""
    member = {"accountId": account, "memberAbilities": list(abilities), **specification}
    return {"specificationType": "MEMBER", "specification": {"member": member}}


def new_member(account: str = STRANGER, *abilities: str, **specification: Any) -> dict[str, Any]:
    """A change that adds a member."""
    return member_change(account, *abilities, displayName="New", **specification)


def approval_change(*types: str) -> dict[str, Any]:
    """A change of the change types that need no approval."""
    return {
        "specificationType": "COLLABORATION",
        "specification": {"collaboration": {"autoApprovedChangeTypes": list(types)}},
    }


def submit(running: Endpoint, id_: str, *changes: dict[str, Any]) -> dict[str, Any]:
    """Create a change request as the creator."""
    answer = client(running).create_collaboration_change_request(
        collaborationIdentifier=id_, changes=list(changes)
    )
    return dict(answer["collaborationChangeRequest"])


def act(
    running: Endpoint, request: dict[str, Any], action: str, account: str = CREATOR
) -> dict[str, Any]:
    """Perform an action on a change request, in an account."""
    answer = client(running, account).update_collaboration_change_request(
        collaborationIdentifier=request["collaborationId"],
        changeRequestIdentifier=request["id"],
        action=action,
    )
    return dict(answer["collaborationChangeRequest"])
