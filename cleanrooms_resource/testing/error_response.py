"""The error responses of the endpoint, in the form in which AWS sends them."""

from __future__ import annotations

from typing import Any


class ErrorResponse(Exception):  # noqa: N818 - a response that the endpoint sends, not an error of the endpoint
    """An error that the endpoint sends instead of an answer.

    ``status`` is the HTTP status, ``code`` the exception's name in the service model, and ``body`` has the message and the exception's other fields.
    """

    def __init__(self, status: int, code: str, message: str, **fields: Any) -> None:
        super().__init__(message)
        self.status, self.code, self.body = status, code, {"message": message, **fields}


def make_validation_error(field: str, message: str) -> ErrorResponse:
    """Return the error for a field whose value AWS does not accept together with the other fields."""
    return ErrorResponse(
        400,
        "ValidationException",
        f"{field}: {message}",
        reason="INVALID_CONFIGURATION",
        fieldList=[{"name": field, "message": message}],
    )


def make_conflict_error(
    message: str,
    resource_id: str,
    reason: str = "INVALID_STATE",
    resource_type: str = "COLLABORATION",
) -> ErrorResponse:
    """Return the error for a call that the state of a resource does not allow. The service model has no resource type for a change request."""
    return ErrorResponse(
        409,
        "ConflictException",
        message,
        resourceId=resource_id,
        resourceType=resource_type,
        reason=reason,
    )


def make_not_found_error(
    message: str, resource_id: str, resource_type: str = "COLLABORATION"
) -> ErrorResponse:
    return ErrorResponse(
        404,
        "ResourceNotFoundException",
        message,
        resourceId=resource_id,
        resourceType=resource_type,
    )


def make_access_error() -> ErrorResponse:
    """Return the error for a caller that may not perform the call."""
    return ErrorResponse(
        403, "AccessDeniedException", "You do not have sufficient access to perform this action."
    )


def make_quota_error(name: str, value: int) -> ErrorResponse:
    return ErrorResponse(
        402, "ServiceQuotaExceededException", f"{name} exceeded", quotaName=name, quotaValue=value
    )
