"""Typed errors, and the one shape of their sentence.

``creating Clean Rooms collaboration "Ads measurement" in us-east-1: AccessDeniedException: ...``, then what to do next. The engine draws the last
line of an exception, so the whole message is one line.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import pulumi

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

LAST_UP: Final = "`pulumi refresh` and `pulumi destroy` use the settings of the last `pulumi up`; with `--run-program` they use the current ones."


class CollaborationError(Exception):
    """A call about a collaboration failed.

    ``advice`` is the sentence that says what to do next; every class below has its own. ``said`` is the message without it, and ``reason`` what AWS
    or the transport said.
    """

    advice = "Run `pulumi refresh` to see what is there, then try again."

    def __init__(self, said: str, *, advice: str = "", reason: str = "") -> None:
        super().__init__(f"{said} {advice}".rstrip())
        self.said = said
        self.reason = reason or said


class AccessDeniedError(CollaborationError):
    """AccessDeniedException: not allowed, or not there; Clean Rooms answers both alike."""

    advice = "Check the credentials and the region, and that the policy allows the action (the README lists the actions)."


class ServiceQuotaExceededError(CollaborationError):
    """ServiceQuotaExceededException: a quota of the account is used up; the message has its name and value."""

    advice = (
        "Ask for more in Service Quotas, or delete what is no longer needed; if this is a replacement, `delete_before_replace=True` "
        "deletes the old collaboration first."
    )


class ValidationError(CollaborationError):
    """ValidationException: AWS refused the request; the message has its list of fields."""

    advice = "Change the declaration accordingly."


class ThrottlingError(CollaborationError):
    """ThrottlingException: too many requests, for longer than we retry."""

    advice = "Nothing was changed by this request; run it again, or with a lower `--parallel`."


class InternalServerError(CollaborationError):
    """InternalServerException, or any other answer of 500 and above: AWS failed, and what it did is not known."""


class ResourceNotFoundError(CollaborationError):
    """ResourceNotFoundException: there is no such collaboration."""

    advice = "Run `pulumi refresh`: if it is gone, the next `pulumi up` makes a new one."


class CredentialsError(CollaborationError):
    """The request was not sent, or not taken, for want of credentials that work."""

    advice = f"Set credentials that work (`aws:profile`, the environment, a login that has not expired). {LAST_UP}"


class UnreachableError(CollaborationError):
    """No connection was made: nothing was sent."""

    advice = "Nothing was sent: check the network and `aws:endpoints`, then run it again."


class AnswerLostError(CollaborationError):
    """The request was sent, and the connection broke before its answer was there."""


class TimedOutError(AnswerLostError):
    """The request was sent, and no answer came in time."""


class BrokenAnswerError(AnswerLostError):
    """An answer came that cannot be read, or only half of it."""


class CreationLostError(CollaborationError):
    """A collaboration may have been made whose answer was lost, and looking for it did not settle that. It is never made a second time."""


class AdoptionError(CollaborationError):
    """A collaboration cannot be adopted, or one that was adopted cannot be replaced; nothing was changed."""


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

# What AWS's front door answers, whatever the service (https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html).
_OF_CREDENTIALS = frozenset(
    {
        "AccessDenied",
        "ExpiredToken",
        "ExpiredTokenException",
        "IncompleteSignature",
        "InvalidClientTokenId",
        "InvalidSignatureException",
        "MissingAuthenticationToken",
        "MissingAuthenticationTokenException",
        "RequestExpired",
        "SignatureDoesNotMatch",
        "UnrecognizedClientException",
    }
)


@contextmanager
def explained(what: str) -> Iterator[None]:
    """Turn every failure of boto3 into one of ours; ``what`` is the beginning of its sentence.

    Raises:
        CollaborationError: whatever boto3 raised.

    """
    from botocore.exceptions import BotoCoreError, ClientError
    from botocore.parsers import ResponseParserError

    try:
        yield
    except ClientError as error:
        raise _told(_kind_of_answer(error.response), what, _answered(error.response)) from None
    except BrokenAnswerError as error:
        raise _told(BrokenAnswerError, what, error.reason) from None
    except (BotoCoreError, ResponseParserError) as error:
        raise _told(_kind_of_failure(error), what, f"{type(error).__name__}: {error}") from None
    except OSError as error:
        # boto3 reads credentials of files, and runs `credential_process`.
        raise _told(CredentialsError, what, f"{type(error).__name__}: {error}") from None
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        # boto3 parses an answer of another form into what it is not, or trips over it.
        raise _told(BrokenAnswerError, what, f"{type(error).__name__}: {error}") from None


def part(answer: Mapping[str, Any], name: str) -> Any:
    """A part of an answer that the model promises.

    Raises:
        BrokenAnswerError: it is not there. boto3 makes an empty answer of JSON that it cannot parse.

    """
    if not isinstance(answer, dict) or name not in answer:
        raise BrokenAnswerError(f'the answer has no "{name}"')
    return answer[name]


def _told(kind: type[CollaborationError], what: str, reason: str) -> CollaborationError:
    # AWS and botocore write some of their own on several lines.
    reason = " ".join(reason.split()).rstrip(".")
    return kind(f"{what}: {reason}.", advice=kind.advice, reason=reason)


def _kind_of_answer(response: Mapping[str, Any]) -> type[CollaborationError]:
    code, status = response["Error"].get("Code", ""), response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if code in _OF_CREDENTIALS:
        return CredentialsError
    if status == 429:  # noqa: PLR2004 HTTP's Too Many Requests
        return ThrottlingError
    return BY_CODE.get(code) or (InternalServerError if status >= 500 else CollaborationError)  # noqa: PLR2004 HTTP's server errors


def _answered(response: Mapping[str, Any]) -> str:
    """AWS's own words, with the fields that its exceptions have in the model."""
    error = response["Error"]
    message = error.get("Message", "no message")
    if error.get("Code") in _OF_CREDENTIALS:
        # What follows is the request that was signed, session token and all.
        message = message.partition("\n")[0]
    said = f"{error.get('Code', 'unknown')}: {message.rstrip('.')}"
    fields = [f"{field['name']}: {field['message']}" for field in response.get("fieldList", ())]
    if "quotaName" in response and "quotaValue" in response:
        fields.append(f'quota "{response["quotaName"]}" is {response["quotaValue"]:g}')
    return said + (f" ({'; '.join(fields)})" if fields else "")


def _kind_of_failure(error: Exception) -> type[CollaborationError]:
    from botocore import exceptions as of
    from botocore.parsers import ResponseParserError

    kinds: dict[tuple[type[Exception], ...], type[CollaborationError]] = {
        (of.ParamValidationError,): ValidationError,
        (of.NoCredentialsError, of.PartialCredentialsError, of.CredentialRetrievalError): CredentialsError,
        (of.SSOError, of.TokenRetrievalError, of.LoginError): CredentialsError,
        (of.EndpointConnectionError, of.ConnectTimeoutError, of.ProxyConnectionError): UnreachableError,
        (of.ReadTimeoutError,): TimedOutError,
        (ResponseParserError, of.IncompleteReadError, of.ResponseStreamingError): BrokenAnswerError,
        # A TLS failure may come after the request was sent.
        (of.HTTPClientError, of.ConnectionError): AnswerLostError,
    }
    return next((kind for classes, kind in kinds.items() if isinstance(error, classes)), CollaborationError)
