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
        400, "ValidationException", f"{field}: {message}", reason="INVALID_CONFIGURATION", fieldList=[{"name": field, "message": message}]
    )
