"""The calls of Clean Rooms about change requests: creation, reads and updates, with the requests that Clean Rooms refuses.

AWS documents which errors exist, but for most of them not when they occur. The conflicts and the checks of a change here are this endpoint's choice:
AWS does not document them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cleanrooms_resource.testing.change_requests import ChangeRequestRecord, NotAskedError
from cleanrooms_resource.testing.change_types import UNSUPPORTED_ABILITIES, find_member_types
from cleanrooms_resource.testing.error_response import (
    make_access_error,
    make_conflict_error,
    make_not_found_error,
    make_quota_error,
    make_validation_error,
)
from cleanrooms_resource.testing.pages import cut_page

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cleanrooms_resource.testing.collaborations import CollaborationRecord
    from cleanrooms_resource.testing.refusals import ApiCall

OPERATIONS = (
    "CreateCollaborationChangeRequest",
    "GetCollaborationChangeRequest",
    "ListCollaborationChangeRequests",
    "UpdateCollaborationChangeRequest",
)
"""The operations that ``perform`` performs."""


def perform(
    call: ApiCall,
    record: CollaborationRecord,
    quotas: Mapping[str, int],
    *,
    commits_auto_approved: bool,
) -> dict[str, Any]:
    """Perform a call about the change requests of a collaboration; return the answer.

    ``quotas`` and ``commits_auto_approved`` are those of ``Endpoint``.

    Raises:
        ErrorResponse: Clean Rooms refuses the call.

    """
    if call.operation == "ListCollaborationChangeRequests":
        return _list(call, record)
    if call.operation == "CreateCollaborationChangeRequest":
        request = _create(call, record, quotas, commits_auto_approved=commits_auto_approved)
    else:
        request = _find(call, record)
        if call.operation == "UpdateCollaborationChangeRequest":
            _update(call, record, request, quotas)
    return {"collaborationChangeRequest": request.describe(record.id)}


def _list(call: ApiCall, record: CollaborationRecord) -> dict[str, Any]:
    status = call.parameters.get("status")
    requests = [
        request for request in record.change_requests.values() if status in (None, request.status)
    ]
    page, token = cut_page(
        sorted(requests, key=lambda request: request.create_time), call.parameters
    )
    return {
        "collaborationChangeRequestSummaries": [request.describe(record.id) for request in page],
        **token,
    }


def _find(call: ApiCall, record: CollaborationRecord) -> ChangeRequestRecord:
    id_ = call.parameters["changeRequestIdentifier"]
    if id_ not in record.change_requests:
        raise make_not_found_error(f"Change request {id_} does not exist.", id_)
    return record.change_requests[id_]


def _create(
    call: ApiCall,
    record: CollaborationRecord,
    quotas: Mapping[str, int],
    *,
    commits_auto_approved: bool,
) -> ChangeRequestRecord:
    """Create a change request.

    Every partner must approve it, unless every type of every change is auto-approved. The creator approves by the creation. AWS does not document
    whether an auto-approved request is committed at once; ``Endpoint.commits_auto_approved`` says so.
    """
    changes = call.parameters["changes"]
    _refuse_repetition(changes)
    typed_changes = [
        change | {"types": _find_types(index, change, record)}
        for index, change in enumerate(changes)
    ]
    auto_approved_types = record.parameters.get("autoApprovedChangeRequestTypes") or []
    is_auto_approved = all(
        type_ in auto_approved_types for change in typed_changes for type_ in change["types"]
    )
    approvals = (
        {}
        if is_auto_approved
        else {record.creator: "APPROVED"} | dict.fromkeys(record.list_partners(), "PENDING")
    )
    request = ChangeRequestRecord(typed_changes, is_auto_approved, approvals)
    _refuse_open_requests(request, record)
    _refuse_too_many_members(request, record, quotas)
    if is_auto_approved and commits_auto_approved:
        record.commit(request)
    else:
        _refuse_too_many_requests(record, quotas)
    record.change_requests[request.id] = request
    return request


def _update(
    call: ApiCall,
    record: CollaborationRecord,
    request: ChangeRequestRecord,
    quotas: Mapping[str, int],
) -> None:
    """Perform an action on a change request. The creator cancels and commits; the other members approve and deny."""
    action = call.parameters["action"]
    if action in ("CANCEL", "COMMIT") and call.caller != record.creator:
        raise make_access_error()
    try:
        if action == "CANCEL":
            request.cancel()
        elif action == "COMMIT":
            request.require_approved()
            _refuse_former_members(request.accounts(), record)
            _refuse_too_many_members(request, record, quotas)
            record.commit(request)
        elif action == "APPROVE":
            record.approve(request.id, call.caller)
        else:
            record.deny(request.id, call.caller)
    except NotAskedError:
        raise make_access_error() from None
    except ValueError as error:
        raise make_conflict_error(str(error), request.id) from None


def _find_types(index: int, change: dict[str, Any], record: CollaborationRecord) -> list[str]:
    """Return the types of a change. Refuse a change that Clean Rooms does not support, and a change that changes nothing."""
    path, specification = f"changes[{index}].specification", change["specification"]
    if list(specification) != [change["specificationType"].lower()]:
        raise make_validation_error(
            path, "must have the specification of the specificationType, and no other"
        )
    if "member" in specification:
        _refuse_former_members([specification["member"]["accountId"]], record)
        _refuse_invalid_member(f"{path}.member", specification["member"], record)
        types = find_member_types(
            record.find_member(specification["member"]["accountId"]), specification["member"]
        )
    else:
        wanted_types = specification["collaboration"].get("autoApprovedChangeTypes")
        current_types = record.parameters.get("autoApprovedChangeRequestTypes") or []
        types = (
            []
            if wanted_types is None or set(wanted_types) == set(current_types)
            else ["EDIT_AUTO_APPROVED_CHANGE_TYPES"]
        )
    if not types:
        raise make_validation_error(path, "must change something")
    return types


def _refuse_invalid_member(
    path: str, specification: dict[str, Any], record: CollaborationRecord
) -> None:
    member = record.find_member(specification["accountId"])
    display_name = specification.get("displayName")
    if specification["accountId"] == record.creator:
        raise make_validation_error(f"{path}.accountId", "must not be the creator's account")
    for ability in UNSUPPORTED_ABILITIES:
        if ability in specification["memberAbilities"]:
            raise make_validation_error(f"{path}.memberAbilities", f"must not have {ability}")
    if member is None and display_name is None:
        raise make_validation_error(f"{path}.displayName", "must not be null for a new member")
    if member is not None and display_name not in (None, member["displayName"]):
        raise make_validation_error(
            f"{path}.displayName", "must be the member's display name, which cannot change"
        )


def _refuse_repetition(changes: list[dict[str, Any]]) -> None:
    """Refuse a request in which an account, or the collaboration, has more than one change."""
    subjects = [
        (change["specification"].get("member") or {}).get("accountId", change["specificationType"])
        for change in changes
    ]
    if len(set(subjects)) < len(subjects):
        raise make_validation_error(
            "changes", "must not have more than one change of an account or of the collaboration"
        )


def _refuse_former_members(accounts: list[str], record: CollaborationRecord) -> None:
    for account in accounts:
        if record.statuses.get(account) in ("LEFT", "REMOVED"):
            raise make_conflict_error(
                f"Account {account} is {record.statuses[account]}; it cannot be a member again.",
                record.id,
            )


def _refuse_open_requests(request: ChangeRequestRecord, record: CollaborationRecord) -> None:
    for other in record.change_requests.values():
        accounts = set(request.accounts()) & set(other.accounts())
        if other.is_open and accounts:
            raise make_conflict_error(
                f"Change request {other.id} is open for account {min(accounts)}.",
                other.id,
                "ALREADY_EXISTS",
            )


def _refuse_too_many_members(
    request: ChangeRequestRecord, record: CollaborationRecord, quotas: Mapping[str, int]
) -> None:
    name = "Members per collaboration"
    amount = len(set(record.list_partners()) | set(request.accounts()))
    if set(request.accounts()) - set(record.statuses) and amount > quotas.get(name, amount):
        raise make_quota_error(name, quotas[name])


def _refuse_too_many_requests(record: CollaborationRecord, quotas: Mapping[str, int]) -> None:
    name = "Open change requests per collaboration"
    amount = 1 + sum(request.is_open for request in record.change_requests.values())
    if amount > quotas.get(name, amount):
        raise make_quota_error(name, quotas[name])
