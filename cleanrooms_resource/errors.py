"""The typed errors, and the form of their messages.

An error says what happened, why, and then what to do: ``creating Clean Rooms collaboration "Ads measurement" in us-east-1: AccessDeniedException: ...
Check the credentials ...``. The engine draws the last line of an exception, so the whole message is one line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Self

import pulumi

if TYPE_CHECKING:
    from collections.abc import Iterable

SETTINGS_OF_LAST_UP: Final = "`pulumi refresh` and `pulumi destroy` use the settings of the last `pulumi up`; with `--run-program` they use the current settings."
SET_CREDENTIALS: Final = (
    "Set credentials that work (`aws:profile`, the environment, or a new login)."
)
CONNECTION_OF_STATE: Final = (
    "The credentials are those of `connection` in the state. If the program has a connection that works, run `pulumi up` without `--refresh` first: "
    "it writes the program's connection into the state. If the program no longer declares the collaboration, declare it again with a connection "
    "that works, run `pulumi up`, and then remove it."
)


class CollaborationError(Exception):
    """A call about a collaboration failed.

    ``what_happened`` is the message without its advice; ``reason`` is what AWS or the transport answered. ``advice`` says what to do next; the
    class's advice is the default.
    """

    advice = "Run `pulumi refresh` to see what AWS has, then try again."

    def __init__(self, what_happened: str, *, advice: str | None = None, reason: str = "") -> None:
        self.what_happened = what_happened
        self.reason = reason or what_happened
        if advice is not None:
            self.advice = advice
        super().__init__(f"{what_happened} {self.advice}".rstrip())

    def rephrase(
        self, what_happened: str, *, advice: str | None = None, reason: str | None = None
    ) -> Self:
        """Return an error of the same class with another text. Advice and reason stay as they are, unless they are given."""
        error = type(self).__new__(type(self))
        CollaborationError.__init__(
            error,
            what_happened,
            advice=self.advice if advice is None else advice,
            reason=self.reason if reason is None else reason,
        )
        return error


class AccessDeniedError(CollaborationError):
    """AccessDeniedException: the call is not allowed, or the collaboration does not exist. Clean Rooms answers both alike."""

    advice = "Check the credentials and the region. Check that the IAM policy allows the action; docs/credentials.md lists the actions."


class ConflictError(CollaborationError):
    """ConflictException: the request does not fit the state of the collaboration."""

    advice = (
        "The collaboration has changed since the last refresh, or something at AWS still needs it. "
        "Run `pulumi refresh`, then run the command again."
    )


class ServiceQuotaExceededError(CollaborationError):
    """ServiceQuotaExceededException: a quota of the account is used up. The message has the quota's name and value."""

    advice = (
        "Request a higher quota in Service Quotas. If the quota counts collaborations, delete one that nobody needs. For a replacement, "
        "`delete_before_replace=True` also makes room: it deletes the old collaboration first."
    )


class ValidationError(CollaborationError):
    """ValidationException: AWS refused the request. The message has AWS's list of fields."""

    advice = "Correct the declaration."


class ThrottlingError(CollaborationError):
    """ThrottlingException: AWS received too many requests, and still did when the provider gave up."""

    advice = "This request changed nothing. Run the command again, or with a lower `--parallel`."


class InternalServerError(CollaborationError):
    """InternalServerException, or any other answer with a status of 500 or above: the request may have taken effect."""


class ResourceNotFoundError(CollaborationError):
    """ResourceNotFoundException: the collaboration does not exist."""

    advice = "Run `pulumi refresh`. If the collaboration is gone, the next `pulumi up` creates a new collaboration."


class CollaborationGone(CollaborationError):  # noqa: N818 - a fact that the lifecycle acts on, and not always an error
    """The collaboration is gone: for its creator, AWS neither reads nor lists it."""

    advice = "Run `pulumi refresh`. The next `pulumi up` then creates a new collaboration."


class CredentialsError(CollaborationError):
    """The request was not sent, or AWS did not accept it, because the credentials do not work."""

    advice = f"{SET_CREDENTIALS} {SETTINGS_OF_LAST_UP}"


class LoginError(CredentialsError):
    """A login has expired, or nobody has logged in."""

    advice = "Log in again with `aws sso login --profile PROFILE` (or `aws login`), then run the command again."


class UnreachableError(CollaborationError):
    """The connection failed, so the request was not sent."""

    advice = "The request was not sent. Check the network and `aws:endpoints`, then run the command again."


class AnswerLostError(CollaborationError):
    """The request was sent, and the connection broke before the answer arrived."""


class TimedOutError(AnswerLostError):
    """The request was sent, and no answer arrived in time."""


class BrokenAnswerError(AnswerLostError):
    """The answer cannot be read, or is incomplete."""


class CreationLostError(CollaborationError):
    """The answer of a creation was lost, and the search for the collaboration did not find it. The collaboration may exist.

    The provider never sends the request a second time.
    """

    advice = ""


class ChangeRequestLostError(CollaborationError):
    """The answer of a change request's submission was lost, and AWS does not list the change request. It may exist."""

    advice = "Run `pulumi up` again: the provider looks for the change request before it submits another."


class ChangeRequestRefusedError(CollaborationError):
    """AWS did not approve a change request by itself, or a member denied it."""

    advice = ""


class AdoptionError(CollaborationError):
    """A collaboration cannot be adopted, or an adopted one cannot be replaced. Nothing was changed."""

    advice = ""


class MemberDepartedError(CollaborationError):
    """The declaration has a member again whom an `up` dropped after the member had left or was removed."""

    advice = "Remove the member from `members`, or run `pulumi up --replace URN` to create a new collaboration, which every member must join again."

    def __init__(self, account: str, status: str) -> None:
        super().__init__(
            f'members["{account}"]: the member has the status {status}, and AWS invites no account to a collaboration twice.'
        )


class SettingsError(CollaborationError):
    """A setting of the stack is refused, or does not work."""

    advice = ""


class RunCancelledError(CollaborationError):
    """The run was cancelled: the provider stopped waiting, or sent no further request. The sentence says what AWS may have made."""

    advice = "Run the command again."


class DependencyError(pulumi.RunError, ImportError):
    """A package is not installed, is too old, or lacks what is imported from it.

    Pulumi prints the sentence without a traceback.
    """


class MissingClassError(pulumi.RunError, AttributeError):
    """A class of pulumi-aws is not here, or not installed.

    Pulumi prints the sentence without a traceback.
    """


class ArgumentError(pulumi.RunError, TypeError):
    """The arguments of an Args class are wrong. Pulumi prints the sentence without a traceback."""


class DeclarationError(pulumi.RunError):
    """The arguments of a collaboration are wrong. The constructor raises it with every failure, one per line."""

    def __init__(self, resource_name: str, failures: Iterable[str]) -> None:
        lines = "".join(f"\n  - {failure}" for failure in failures)
        super().__init__(f'the declaration of collaboration "{resource_name}" is wrong:{lines}')
