"""Every failure of boto3 and of AWS has a class and a sentence."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import (
    ClientError,
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
    ReadTimeoutError,
    SSLError,
    UnauthorizedSSOTokenError,
)
from botocore.parsers import ResponseParserError
from botocore.session import get_session
from declarations import declaration
from stub_connection import ID, StubConnection

from cleanrooms_resource import errors
from cleanrooms_resource.aws import answers, calls
from cleanrooms_resource.aws.creation import create_collaboration
from cleanrooms_resource.declaration.canonical_form import canonicalize


@pytest.mark.parametrize(("code", "error_class"), answers.ERROR_CLASSES.items())
def test_each_modelled_exception_has_its_class(
    stub: StubConnection, code: str, error_class: type[errors.CollaborationError]
) -> None:
    stub.cleanrooms.add_client_error("delete_collaboration", code, "because")

    with pytest.raises(error_class) as failure:
        calls.delete_collaboration(stub.connection, ID, "Ads measurement")

    assert (
        str(failure.value)
        == f'deleting Clean Rooms collaboration "Ads measurement" in us-east-1: {code}: because. {error_class.advice}'
    )


def test_the_modelled_exceptions_of_create_all_have_a_class() -> None:
    modelled = (
        get_session()
        .get_service_model("cleanrooms")
        .operation_model("CreateCollaboration")
        .error_shapes
    )

    assert {shape.name for shape in modelled} <= answers.ERROR_CLASSES.keys()


@pytest.mark.parametrize(
    ("failure", "error_class"),
    [
        (ConnectTimeoutError(endpoint_url="http://127.0.0.1:1"), errors.UnreachableError),
        (EndpointConnectionError(endpoint_url="http://127.0.0.1:1"), errors.UnreachableError),
        (ReadTimeoutError(endpoint_url="http://127.0.0.1:1"), errors.TimedOutError),
        (ConnectionClosedError(endpoint_url="http://127.0.0.1:1"), errors.AnswerLostError),
        (SSLError(endpoint_url="http://127.0.0.1:1", error="broken"), errors.AnswerLostError),
        (ResponseParserError("no XML"), errors.BrokenAnswerError),
        (NoCredentialsError(), errors.CredentialsError),
        (FileNotFoundError("no such credential_process"), errors.CredentialsError),
        (ValueError("not JSON"), errors.BrokenAnswerError),
        (UnauthorizedSSOTokenError(), errors.LoginError),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else value.__name__,
)
def test_each_failure_of_the_transport_has_its_class(
    stub: StubConnection,
    monkeypatch: pytest.MonkeyPatch,
    failure: Exception,
    error_class: type[errors.CollaborationError],
) -> None:
    def fail(**_: Any) -> None:
        raise failure

    monkeypatch.setattr(stub.connection.cleanrooms, "delete_collaboration", fail)

    with pytest.raises(error_class) as error:
        calls.delete_collaboration(stub.connection, ID, "Ads measurement")

    assert type(error.value) is error_class
    assert str(error.value).startswith(
        f'deleting Clean Rooms collaboration "Ads measurement" in us-east-1: {type(failure).__name__}: '
    )
    assert str(error.value).endswith(error_class.advice)


@pytest.mark.parametrize(
    "code", ["ExpiredTokenException", "UnrecognizedClientException", "InvalidSignatureException"]
)
def test_credentials_that_aws_does_not_take_say_whose_settings_are_used(
    stub: StubConnection, code: str
) -> None:
    stub.cleanrooms.add_client_error("delete_collaboration", code, "because", http_status_code=403)

    with pytest.raises(errors.CredentialsError, match="use the settings of the last `pulumi up`"):
        calls.delete_collaboration(stub.connection, ID, "Ads measurement")


def test_too_many_requests_are_throttling_whatever_they_are_called(stub: StubConnection) -> None:
    stub.cleanrooms.add_client_error(
        "delete_collaboration", "TooManyRequestsException", "because", http_status_code=429
    )

    with pytest.raises(errors.ThrottlingError):
        calls.delete_collaboration(stub.connection, ID, "Ads measurement")


def test_the_fields_of_a_validation_exception_are_told(stub: StubConnection) -> None:
    fields = {
        "fieldList": [
            {"name": "members", "message": "an account twice"},
            {"name": "name", "message": "too long"},
        ]
    }
    stub.cleanrooms.add_client_error(
        "delete_collaboration", "ValidationException", "2 errors", modeled_fields=fields
    )

    with pytest.raises(
        errors.ValidationError,
        match=r"2 errors \(members: an account twice; name: too long\)\. Correct the declaration\.",
    ):
        calls.delete_collaboration(stub.connection, ID, "Ads measurement")


def test_a_field_whose_message_is_the_answers_own_is_named_alone(stub: StubConnection) -> None:
    fields = {"fieldList": [{"name": "members", "message": "the creator must not appear"}]}
    stub.cleanrooms.add_client_error(
        "delete_collaboration",
        "ValidationException",
        "the creator must not appear",
        modeled_fields=fields,
    )

    with pytest.raises(
        errors.ValidationError, match=r": the creator must not appear \(members\)\. Correct"
    ):
        calls.delete_collaboration(stub.connection, ID, "Ads measurement")


def test_the_quota_that_is_reached_is_told_with_its_value(stub: StubConnection) -> None:
    quota = {"message": "Too many", "quotaName": "Collaborations per account", "quotaValue": 10.0}
    stub.cleanrooms.add_client_error(
        "create_collaboration", "ServiceQuotaExceededException", "Too many", modeled_fields=quota
    )

    with pytest.raises(
        errors.ServiceQuotaExceededError,
        match=r'quota "Collaborations per account" is 10\)\. Request a higher quota.*delete_before_replace',
    ):
        create_collaboration(stub.connection, canonicalize(declaration())[0], is_name_plain=False)


def test_a_quota_without_its_value_is_told_as_it_is() -> None:
    response = {
        "Error": {"Code": "ServiceQuotaExceededException", "Message": "Too many"},
        "quotaName": "x",
    }

    with (
        pytest.raises(errors.ServiceQuotaExceededError, match=r"Too many\. Request a higher quota"),
        answers.explain_failures("creating it"),
    ):
        raise ClientError(response, "CreateCollaboration")


def test_a_refused_signature_does_not_tell_the_request_that_was_signed(
    stub: StubConnection,
) -> None:
    message = (
        "The signature does not match.\n\nThe Canonical String was\nx-amz-security-token:t0ken"
    )
    stub.cleanrooms.add_client_error(
        "delete_collaboration", "SignatureDoesNotMatch", message, http_status_code=403
    )

    with pytest.raises(errors.CredentialsError) as failure:
        calls.delete_collaboration(stub.connection, ID, "Ads measurement")

    assert "t0ken" not in str(failure.value)


def test_an_error_of_several_lines_is_told_in_one(stub: StubConnection) -> None:
    stub.cleanrooms.add_client_error("delete_collaboration", "ValidationException", "one\n  two")

    with pytest.raises(errors.ValidationError, match="one two"):
        calls.delete_collaboration(stub.connection, ID, "Ads measurement")
