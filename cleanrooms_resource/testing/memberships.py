"""The calls of Clean Rooms by which accounts join and leave a collaboration, and by which the creator removes a member.

Only active memberships are listed: an endpoint does not keep the membership of a member that left or was removed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cleanrooms_resource.testing.change_types import find_paid_legs
from cleanrooms_resource.testing.error_response import (
    make_conflict_error,
    make_not_found_error,
    make_validation_error,
)
from cleanrooms_resource.testing.pages import cut_page

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cleanrooms_resource.testing.collaborations import CollaborationRecord
    from cleanrooms_resource.testing.refusals import ApiCall


def create_membership(call: ApiCall, records: Sequence[CollaborationRecord]) -> dict[str, Any]:
    """Have the caller join. AWS does not document the conflicts of an account that is active already, left or was removed.

    Raises:
        ErrorResponse: Clean Rooms refuses the call.

    """
    record = _find_collaboration(call, records)
    status = record.statuses[call.caller]
    if status == "ACTIVE":
        raise make_conflict_error(
            "The membership exists already.",
            record.memberships[call.caller],
            "ALREADY_EXISTS",
            "MEMBERSHIP",
        )
    if status != "INVITED":
        raise make_conflict_error(
            f"Account {call.caller} is {status}; it cannot join again.", record.id
        )
    member = _describe_member(record, call.caller)
    if (
        find_paid_legs(member)
        and "CAN_QUERY" not in member["abilities"]
        and "paymentConfiguration" not in call.parameters
    ):
        raise make_validation_error(
            "paymentConfiguration", "must not be null for a payer that cannot query"
        )
    record.join(call.caller)
    names = ("queryLogStatus", "jobLogStatus", "defaultResultConfiguration", "isMetricsEnabled")
    return {
        "membership": _summarize(record, call.caller)
        | {name: call.parameters[name] for name in names if name in call.parameters}
    }


def list_memberships(call: ApiCall, records: Sequence[CollaborationRecord]) -> dict[str, Any]:
    """Return a page of the caller's active memberships."""
    is_listed = call.parameters.get("status", "ACTIVE") == "ACTIVE"
    active_records = [
        record for record in records if is_listed and record.statuses[call.caller] == "ACTIVE"
    ]
    page, token = cut_page(active_records, call.parameters)
    return {"membershipSummaries": [_summarize(record, call.caller) for record in page], **token}


def delete_membership(call: ApiCall, records: Sequence[CollaborationRecord]) -> None:
    """Have the caller leave.

    Raises:
        ErrorResponse: the caller has no such membership. AWS does not document whether another's membership is not found or denied.

    """
    id_ = call.parameters["membershipIdentifier"]
    for record in records:
        if record.memberships.get(call.caller) == id_ and record.statuses[call.caller] == "ACTIVE":
            record.leave(call.caller)
            return
    raise make_not_found_error("The membership does not exist.", id_, "MEMBERSHIP")


def delete_member(call: ApiCall, records: Sequence[CollaborationRecord]) -> None:
    """Remove a member, or do nothing if the member is removed already, or left. AWS does not document the last.

    Raises:
        ErrorResponse: the account is no member, or it is the creator or can query. A payer can be removed.

    """
    record, account = _find_collaboration(call, records), call.parameters["accountId"]
    status = record.statuses.get(account)
    if account == record.creator:
        raise make_conflict_error("The creator cannot be removed.", record.id)
    if status is None:
        raise make_not_found_error(f"Account {account} is not a member.", account, "MEMBERSHIP")
    member = record.find_member(account) or {}
    if status in ("INVITED", "ACTIVE"):
        if "CAN_QUERY" in member["memberAbilities"]:
            raise make_conflict_error(
                f"Account {account} has CAN_QUERY; it cannot be removed.", record.id
            )
        record.remove(account)


OPERATIONS: Final[
    dict[str, Callable[[ApiCall, Sequence[CollaborationRecord]], dict[str, Any] | None]]
] = {
    "CreateMembership": create_membership,
    "ListMemberships": list_memberships,
    "DeleteMembership": delete_membership,
    "DeleteMember": delete_member,
}
"""The operations by name. Each gets the call and the collaborations that the caller sees; one without an answer has the status 204."""


def _find_collaboration(
    call: ApiCall, records: Sequence[CollaborationRecord]
) -> CollaborationRecord:
    return next(
        record for record in records if record.id == call.parameters["collaborationIdentifier"]
    )


def _describe_member(record: CollaborationRecord, account: str) -> dict[str, Any]:
    return next(summary for summary in record.member_summaries() if summary["accountId"] == account)


def _summarize(record: CollaborationRecord, account: str) -> dict[str, Any]:
    member = _describe_member(record, account)
    ml_abilities = {"mlMemberAbilities": member["mlAbilities"]} if "mlAbilities" in member else {}
    return {
        "id": member["membershipId"],
        "arn": member["membershipArn"],
        "collaborationArn": record.arn,
        "collaborationId": record.id,
        "collaborationCreatorAccountId": record.creator,
        "collaborationCreatorDisplayName": record.parameters["creatorDisplayName"],
        "collaborationName": record.parameters["name"],
        "createTime": record.join_times[account],
        "updateTime": record.join_times[account],
        "status": "ACTIVE",
        "memberAbilities": member["abilities"],
        "paymentConfiguration": member["paymentConfiguration"],
    } | ml_abilities
