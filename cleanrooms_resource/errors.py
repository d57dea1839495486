"""Typed errors, and the one shape of their sentence.

``creating Clean Rooms collaboration "Ads measurement" in us-east-1: AccessDeniedException: ...``, then what to do next. The engine draws the last
line of an exception, so the whole message is one line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pulumi

if TYPE_CHECKING:
    from collections.abc import Iterable


class CollaborationError(Exception):
    """A call about a collaboration failed.

    ``advice`` is the sentence that says what to do next; every class below has its own.
    """

    advice = "Run `pulumi refresh` to see what is there, then try again."


class AccessDeniedError(CollaborationError):
    """AccessDeniedException: not allowed, or not there; Clean Rooms answers both alike."""

    advice = "Check the credentials and the region, and that the policy allows the action (the README lists the actions)."


class ServiceQuotaExceededError(CollaborationError):
    """ServiceQuotaExceededException: a quota of the account is used up."""

    advice = "Ask for more in Service Quotas, or delete what is no longer needed."


class ValidationError(CollaborationError):
    """ValidationException: AWS refused the request."""

    advice = "Change the declaration accordingly."


class ThrottlingError(CollaborationError):
    """ThrottlingException: too many requests."""

    advice = "Nothing was changed by this request; run it again, or with a lower `--parallel`."


class InternalServerError(CollaborationError):
    """InternalServerException: AWS failed, and what it did is not known."""


class ResourceNotFoundError(CollaborationError):
    """ResourceNotFoundException: there is no such collaboration."""


class CredentialsError(CollaborationError):
    """The request was not sent, or not taken, for want of credentials that work."""

    advice = "Set credentials (`aws:profile`, the environment, or a login that has not expired)."


class SettingsError(CollaborationError):
    """A setting of the stack that cannot be honoured."""


class DeclarationError(pulumi.RunError):
    """The arguments of a collaboration are wrong; raised by the constructor with every failure, one a line."""

    def __init__(self, resource_name: str, failures: Iterable[str]) -> None:
        lines = "".join(f"\n  - {failure}" for failure in failures)
        super().__init__(f'collaboration "{resource_name}" cannot be declared like this:{lines}')


BY_CODE: dict[str, type[CollaborationError]] = {
    "AccessDeniedException": AccessDeniedError,
    "InternalServerException": InternalServerError,
    "ResourceNotFoundException": ResourceNotFoundError,
    "ServiceQuotaExceededException": ServiceQuotaExceededError,
    "ThrottlingException": ThrottlingError,
    "ValidationException": ValidationError,
}
"""Exception names of Clean Rooms' service model to our classes."""
