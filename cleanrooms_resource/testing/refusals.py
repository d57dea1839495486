"""The requests that Clean Rooms refuses: for the service model, the caller, the combination of parameters, or a quota."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cleanrooms_resource.testing import service_model
from cleanrooms_resource.testing.error_response import (
    ErrorResponse,
    make_access_error,
    make_not_found_error,
    make_quota_error,
    make_validation_error,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cleanrooms_resource.testing.collaborations import CollaborationRecord

_OPERATIONS_OF_THE_CREATOR = (
    "UpdateCollaboration",
    "DeleteCollaboration",
    "TagResource",
    "UntagResource",
    "CreateCollaborationChangeRequest",
    "DeleteMember",
)
_OPERATIONS_WITHOUT_A_COLLABORATION = ("ListCollaborations", "ListMemberships", "DeleteMembership")
_OPERATIONS = (
    *_OPERATIONS_OF_THE_CREATOR,
    *_OPERATIONS_WITHOUT_A_COLLABORATION,
    "CreateCollaboration",
    "GetCollaboration",
    "ListMembers",
    "GetCollaborationChangeRequest",
    "ListCollaborationChangeRequests",
    "UpdateCollaborationChangeRequest",
    "CreateMembership",
    "ListTagsForResource",
)


@dataclass(frozen=True, slots=True)
class ApiCall:
    """A request of Clean Rooms: the calling account, the region, the operation and its parameters."""

    caller: str
    region: str
    operation: str
    parameters: dict[str, Any]


def refuse_unknown_target(call: ApiCall) -> None:
    """Refuse an operation that this endpoint does not have, and a region that does not have Clean Rooms."""
    if call.operation not in _OPERATIONS:
        raise ErrorResponse(
            501,
            "NotImplementedException",
            f"This endpoint does not have {call.operation}; Python can act on `Endpoint.collaborations` instead.",
        )
    if call.region not in service_model.regions():
        raise ErrorResponse(
            400, "UnknownEndpointException", f"Clean Rooms has no endpoint in {call.region}."
        )


def refuse_invalid_parameters(call: ApiCall) -> None:
    """Refuse parameters that the service model does not allow."""
    violations = service_model.find_violations(call.operation, call.parameters)
    if violations:
        fields = [{"name": path, "message": message} for path, message in violations]
        raise ErrorResponse(
            400,
            "ValidationException",
            f"{len(violations)} validation error(s) detected",
            reason="FIELD_VALIDATION_FAILED",
            fieldList=fields,
        )


def refuse_creation(
    call: ApiCall, records: Iterable[CollaborationRecord], quotas: Mapping[str, int]
) -> None:
    """Refuse a CreateCollaboration whose parameters do not fit together, or that exceeds a quota."""
    parameters = call.parameters
    accounts = [member["accountId"] for member in parameters["members"]]
    if call.caller in accounts or len(set(accounts)) < len(accounts):
        raise make_validation_error(
            "members", "every account must appear once, and the creator must not appear"
        )
    abilities = [
        parameters["creatorMemberAbilities"],
        *(member["memberAbilities"] for member in parameters["members"]),
    ]
    if sum("CAN_QUERY" in each for each in abilities) > 1:
        raise make_validation_error("members", "only 1 member can have CAN_QUERY")
    _refuse_sql_engine(call)
    collaborations = sum(
        record.creator == call.caller and record.region == call.region for record in records
    )
    for name, amount in (
        ("Members per collaboration", len(accounts)),
        ("Collaborations per account", collaborations + 1),
    ):
        if amount > quotas.get(name, amount):
            raise make_quota_error(name, quotas[name])


def refuse_access(call: ApiCall, records: Iterable[CollaborationRecord]) -> None:
    """Refuse a call about a collaboration that is not among ``records``, those that the caller sees, or that only the creator may change."""
    if call.operation in _OPERATIONS_WITHOUT_A_COLLABORATION:
        return
    if "collaborationIdentifier" in call.parameters:
        record = next(
            (each for each in records if each.id == call.parameters["collaborationIdentifier"]),
            None,
        )
    else:
        arn = call.parameters["resourceArn"]
        record = next((each for each in records if each.arn == arn), None)
        if record is None:
            raise make_not_found_error("The resource does not exist.", arn)
    if record is None or (
        call.operation in _OPERATIONS_OF_THE_CREATOR and record.creator != call.caller
    ):
        raise make_access_error()
    if call.operation == "UpdateCollaboration":
        _refuse_sql_engine(call)


def _refuse_sql_engine(call: ApiCall) -> None:
    if call.parameters.get("analyticsEngine") == "CLEAN_ROOMS_SQL":
        raise make_validation_error("analyticsEngine", "CLEAN_ROOMS_SQL is no longer available")
