"""The answers and exceptions of boto3, turned into fields and into this package's errors."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, cast

from cleanrooms_resource.aws.masking import describe_exception, find_unsent
from cleanrooms_resource.errors import (
    AccessDeniedError,
    AnswerLostError,
    BrokenAnswerError,
    CollaborationError,
    ConflictError,
    CredentialsError,
    InternalServerError,
    LoginError,
    ResourceNotFoundError,
    RunCancelledError,
    ServiceQuotaExceededError,
    ThrottlingError,
    TimedOutError,
    UnreachableError,
    ValidationError,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ERROR_CLASSES: dict[str, type[CollaborationError]] = {
    "AccessDeniedException": AccessDeniedError,
    "ConflictException": ConflictError,
    "InternalServerException": InternalServerError,
    "ResourceNotFoundException": ResourceNotFoundError,
    "ServiceQuotaExceededException": ServiceQuotaExceededError,
    "ThrottlingException": ThrottlingError,
    "ValidationException": ValidationError,
}
"""Exception names of Clean Rooms' service model to this package's classes."""

# Every AWS service answers these before it looks at a request (https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html).
_CREDENTIALS_CODES = frozenset(
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
def explain_failures(action: str) -> Iterator[None]:
    """Turn every failure of boto3 into an error of this package, whose sentence begins with ``action``.

    Raises:
        CollaborationError: boto3 raised an exception.

    """
    from botocore.exceptions import BotoCoreError, ClientError
    from botocore.parsers import ResponseParserError

    try:
        yield
    except ClientError as error:
        if error.operation_name.startswith("AssumeRole"):
            # The credentials assume a role before the call itself, which was not sent.
            raise _build_error(
                CredentialsError,
                action,
                f"{error.operation_name}: {_describe_answer(error.response)}",
            ) from None
        raise _build_error(
            _classify_answer(error.response), action, _describe_answer(error.response)
        ) from None
    except BrokenAnswerError as error:
        raise _build_error(BrokenAnswerError, action, error.reason) from None
    except RunCancelledError as error:
        raise error.rephrase(f"{action}: {error.reason}.") from None
    except (
        BotoCoreError,
        ResponseParserError,
        OSError,
        AttributeError,
        KeyError,
        RuntimeError,
        TypeError,
        ValueError,
    ) as error:
        error_class, reason = find_unsent(error) or (
            _classify_exception(error),
            describe_exception(error),
        )
        raise _build_error(error_class, action, reason) from None


def get_field(answer: Mapping[str, Any], name: str) -> Any:
    """Return a field that the model promises.

    Raises:
        BrokenAnswerError: the answer lacks the field. boto3 returns an empty answer for JSON that it cannot parse.

    """
    if not isinstance(answer, dict) or answer.get(name) is None:
        raise BrokenAnswerError(f'the answer has no "{name}"')
    return answer[name]


def get_collaboration_field(answer: Mapping[str, Any]) -> dict[str, Any]:
    """Return an answer's ``collaboration``, which has every field that the model promises.

    Raises:
        BrokenAnswerError: the answer lacks the collaboration or one of these fields.

    """
    collaboration = get_field(answer, "collaboration")
    _require_fields(
        collaboration, PROMISED_FIELDS["Collaboration"], "the collaboration in the answer"
    )
    return cast("dict[str, Any]", collaboration)


def get_member_summaries(page: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the member summaries of a page of ListMembers, each with every field that the model promises.

    Raises:
        BrokenAnswerError: the page lacks the summaries, or a summary lacks a field.

    """
    return _get_summaries(
        page, "memberSummaries", "MemberSummary", "a member summary in the answer"
    )


def get_collaboration_summaries(page: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the collaboration summaries of a page of ListCollaborations, each with every field that the model promises.

    Raises:
        BrokenAnswerError: the page lacks the summaries, or a summary lacks a field.

    """
    return _get_summaries(
        page, "collaborationList", "CollaborationSummary", "a collaboration summary in the answer"
    )


def get_change_request_field(answer: Mapping[str, Any]) -> dict[str, Any]:
    """Return an answer's ``collaborationChangeRequest``, which has every field that the model promises.

    Raises:
        BrokenAnswerError: the answer lacks the change request or one of these fields.

    """
    request = get_field(answer, "collaborationChangeRequest")
    _require_change_request(
        request, "CollaborationChangeRequest", "the change request in the answer"
    )
    return cast("dict[str, Any]", request)


def get_change_request_summaries(page: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the summaries of a page of ListCollaborationChangeRequests, each with every field that the model promises.

    Raises:
        BrokenAnswerError: the page lacks the summaries, or a summary lacks a field.

    """
    summaries = get_field(page, "collaborationChangeRequestSummaries")
    for summary in summaries:
        _require_change_request(
            summary, "CollaborationChangeRequestSummary", "a change request in the answer"
        )
    return cast("list[dict[str, Any]]", summaries)


def _require_change_request(request: Any, shape: str, description: str) -> None:
    _require_fields(request, PROMISED_FIELDS[shape], description)
    for change in request["changes"]:
        _require_fields(change, PROMISED_FIELDS["Change"], f"a change of {description}")


_COLLABORATION = (
    "id",
    "arn",
    "name",
    "creatorAccountId",
    "creatorDisplayName",
    "createTime",
    "updateTime",
    "memberStatus",
)
_CHANGE_REQUEST = (
    "id",
    "collaborationId",
    "createTime",
    "updateTime",
    "status",
    "isAutoApproved",
    "changes",
)
_MEMBER = ("accountId", "status", "displayName", "abilities", "createTime", "updateTime")
PROMISED_FIELDS: Final[dict[str, dict[str, Any]]] = {
    "Collaboration": {name: {} for name in (*_COLLABORATION, "queryLogStatus")},
    "CollaborationSummary": {name: {} for name in _COLLABORATION},
    "Change": {name: {} for name in ("specificationType", "specification", "types")},
    "CollaborationChangeRequest": {name: {} for name in _CHANGE_REQUEST},
    "CollaborationChangeRequestSummary": {name: {} for name in _CHANGE_REQUEST},
    "MemberSummary": {name: {} for name in _MEMBER}
    | {"paymentConfiguration": {"queryCompute": {"isResponsible": {}}}},
}
"""The shapes of the model that are read, to their required fields, to the required fields of these. A test compares them with botocore's model."""


def _get_summaries(
    page: Mapping[str, Any], name: str, shape: str, description: str
) -> list[dict[str, Any]]:
    summaries = get_field(page, name)
    for summary in summaries:
        _require_fields(summary, PROMISED_FIELDS[shape], description)
    return cast("list[dict[str, Any]]", summaries)


def _require_fields(
    structure: Any, promised: Mapping[str, Any], description: str, path: str = ""
) -> None:
    for name, parts in promised.items():
        if not isinstance(structure, dict) or structure.get(name) is None:
            raise BrokenAnswerError(f'{description} has no "{path}{name}"')
        _require_fields(structure[name], parts, description, f"{path}{name}.")


def _build_error(
    error_class: type[CollaborationError], action: str, reason: str
) -> CollaborationError:
    # Some messages of AWS and botocore have several lines.
    reason = " ".join(reason.split()).rstrip(".")
    return error_class(f"{action}: {reason}.", reason=reason)


def _classify_answer(response: Mapping[str, Any]) -> type[CollaborationError]:
    code, status = (
        response["Error"].get("Code", ""),
        response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0),
    )
    if code in _CREDENTIALS_CODES:
        return CredentialsError
    if status == 429:  # noqa: PLR2004 HTTP's Too Many Requests
        return ThrottlingError
    return ERROR_CLASSES.get(code) or (InternalServerError if status >= 500 else CollaborationError)  # noqa: PLR2004 HTTP's server errors


def _describe_answer(response: Mapping[str, Any]) -> str:
    """Quote AWS's message, with the fields that its exceptions have in the model."""
    error = response["Error"]
    message = error.get("Message", "no message")
    if error.get("Code") in _CREDENTIALS_CODES:
        # The lines after the first one quote the signed request, session token included.
        message = message.partition("\n")[0]
    fields = [
        field["name"] if field["message"] in message else f"{field['name']}: {field['message']}"
        for field in response.get("fieldList", ())
    ]
    if "quotaName" in response and "quotaValue" in response:
        fields.append(f'quota "{response["quotaName"]}" is {response["quotaValue"]:g}')
    details = f" ({'; '.join(fields)})" if fields else ""
    return f"{error.get('Code', 'unknown')}: {message.rstrip('.')}{details}"


def _classify_exception(error: Exception) -> type[CollaborationError]:
    from botocore import exceptions
    from botocore.parsers import ResponseParserError

    error_classes: dict[tuple[type[Exception], ...], type[CollaborationError]] = {
        (exceptions.ParamValidationError,): ValidationError,
        (
            exceptions.NoCredentialsError,
            exceptions.PartialCredentialsError,
            exceptions.CredentialRetrievalError,
        ): CredentialsError,
        (exceptions.SSOError, exceptions.TokenRetrievalError, exceptions.LoginError): LoginError,
        (
            exceptions.EndpointConnectionError,
            exceptions.ConnectTimeoutError,
            exceptions.ProxyConnectionError,
        ): UnreachableError,
        (exceptions.ReadTimeoutError,): TimedOutError,
        (
            ResponseParserError,
            exceptions.IncompleteReadError,
            exceptions.ResponseStreamingError,
        ): BrokenAnswerError,
        # A TLS failure may come after the request was sent.
        (exceptions.HTTPClientError, exceptions.ConnectionError): AnswerLostError,
        (exceptions.BotoCoreError,): CollaborationError,
        # boto3 reads credentials from files, and runs `credential_process`.
        (OSError,): CredentialsError,
    }
    if isinstance(error, RuntimeError) and "refreshed" in str(error):
        return CredentialsError  # The chain renewed the credentials, and they have expired already.
    # boto3 fails with a ValueError and the like where an answer has another form than the model's.
    return next(
        (
            error_class
            for classes, error_class in error_classes.items()
            if isinstance(error, classes)
        ),
        BrokenAnswerError,
    )
