"""Calls that fail, and what "gone" means."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

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
from botocore.stub import Stubber
from declarations import declaration

from cleanrooms_resource import errors, service
from cleanrooms_resource.credentials import Connection
from cleanrooms_resource.declaration import canonical
from cleanrooms_resource.waiting import WAITING

if TYPE_CHECKING:
    from collections.abc import Callable

    from botocore.session import Session
    from clock import Clock

ID = "11111111-2222-3333-4444-555555555555"
CREATOR = "111122223333"


@cache
def _session() -> Session:
    """One session for all tests: each new one reads botocore's models again."""
    return get_session()


class Stubbed:
    """A connection whose calls are answered by botocore's own stubs, which check both sides against the model."""

    def __init__(self) -> None:
        session = _session()
        keys = {"region_name": "us-east-1", "aws_access_key_id": "x", "aws_secret_access_key": "y"}
        cleanrooms, sts = session.create_client("cleanrooms", **keys), session.create_client("sts", **keys)
        self.cleanrooms, self.sts = Stubber(cleanrooms), Stubber(sts)
        self.cleanrooms.activate()
        self.sts.activate()
        self.connection = Connection("us-east-1", "the credentials in use", cleanrooms, cleanrooms, sts)

    def caller(self, account: str) -> Stubbed:
        self.sts.add_response("get_caller_identity", {"Account": account})
        return self

    def listing(self, *ids: str, at: str = "Sun, 22 Nov 2026 12:00:00 GMT") -> Stubbed:
        metadata = {"HTTPHeaders": {"date": at}}
        self.cleanrooms.add_response("list_collaborations", {"collaborationList": [_summary(id_) for id_ in ids], "ResponseMetadata": metadata})
        return self


def _summary(id_: str) -> dict[str, Any]:
    return {
        "id": id_,
        "arn": f"arn:aws:cleanrooms:us-east-1:{CREATOR}:collaboration/{id_}",
        "name": "Ads measurement",
        "creatorAccountId": CREATOR,
        "creatorDisplayName": "RetailCo",
        "createTime": 0,
        "updateTime": 0,
        "memberStatus": "ACTIVE",
    }


@pytest.fixture
def stubbed() -> Stubbed:
    return Stubbed()


def is_there(stubbed: Stubbed, error: errors.CollaborationError, *answers: str, made: str = "2026-11-22T11:00:00+00:00") -> bool:
    """Whether a collaboration is there of which a read failed so, and then answered so."""
    failures, said = iter([error] * (1 if answers else 9)), iter(answers)

    def call() -> str:
        for failure in failures:
            raise failure
        return next(said)

    outputs = {"name": "Ads measurement", "creatorAccountId": CREATOR, "createTime": made}
    return service.unless_gone(stubbed.connection, ID, outputs, call)[0]


DENIED = errors.AccessDeniedError("reading it: AccessDeniedException: no.")


@pytest.mark.parametrize("error", [DENIED, errors.ResourceNotFoundError("reading it: ResourceNotFoundException: no.")])
def test_what_is_denied_to_its_creator_and_not_listed_is_gone(stubbed: Stubbed, error: errors.CollaborationError) -> None:
    assert not is_there(stubbed.caller(CREATOR).listing(), error)


def test_what_is_denied_but_listed_is_not_gone(stubbed: Stubbed) -> None:
    with pytest.raises(errors.AccessDeniedError, match="still there: ListCollaborations lists it for the credentials in use"):
        is_there(stubbed.caller(CREATOR).listing(ID), DENIED)


def test_what_is_denied_to_another_account_is_not_gone(stubbed: Stubbed) -> None:
    with pytest.raises(errors.AccessDeniedError, match=f"The credentials .the credentials in use. act in account 999999999999; {CREATOR} made it"):
        is_there(stubbed.caller("999999999999").listing(), DENIED)


def test_what_cannot_be_listed_is_not_gone(stubbed: Stubbed) -> None:
    stubbed.caller(CREATOR).cleanrooms.add_client_error("list_collaborations", "AccessDeniedException", "no")

    with pytest.raises(errors.AccessDeniedError, match="Confirming that it is gone failed: AccessDeniedException"):
        is_there(stubbed, DENIED)


def test_any_other_error_is_not_gone(stubbed: Stubbed) -> None:
    with pytest.raises(errors.ThrottlingError):
        is_there(stubbed.caller(CREATOR).listing(), errors.ThrottlingError("slow down"))


def test_what_was_made_seconds_ago_is_waited_for(stubbed: Stubbed, clock: Clock) -> None:
    stubbed.caller(CREATOR).listing(at="Sun, 22 Nov 2026 12:00:00 GMT")

    assert is_there(stubbed, DENIED, "here it is", made="2026-11-22T11:59:30+00:00")
    assert clock.slept == [WAITING.between_looks]


@pytest.mark.usefixtures("clock")
def test_what_does_not_show_after_a_minute_is_gone(stubbed: Stubbed) -> None:
    stubbed.caller(CREATOR).listing(at="Sun, 22 Nov 2026 12:00:00 GMT")

    assert not is_there(stubbed, DENIED, made="2026-11-22T11:59:00+00:00")


@pytest.mark.parametrize(("code", "kind"), errors.BY_CODE.items())
def test_each_modelled_exception_has_its_class(stubbed: Stubbed, code: str, kind: type[errors.CollaborationError]) -> None:
    stubbed.cleanrooms.add_client_error("delete_collaboration", code, "because")

    with pytest.raises(kind) as failure:
        service.delete(stubbed.connection, ID, "Ads measurement")

    assert str(failure.value) == f'deleting Clean Rooms collaboration "Ads measurement" in us-east-1: {code}: because. {kind.advice}'


def test_the_modelled_exceptions_of_create_all_have_a_class() -> None:
    modelled = get_session().get_service_model("cleanrooms").operation_model("CreateCollaboration").error_shapes

    assert {shape.name for shape in modelled} <= errors.BY_CODE.keys()


@pytest.mark.parametrize(
    ("failure", "kind"),
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
        (UnauthorizedSSOTokenError(), errors.CredentialsError),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else value.__name__,
)
def test_each_failure_of_the_transport_has_its_class(
    stubbed: Stubbed, monkeypatch: pytest.MonkeyPatch, failure: Exception, kind: type[errors.CollaborationError]
) -> None:
    def fail(**_: Any) -> None:
        raise failure

    monkeypatch.setattr(stubbed.connection.cleanrooms, "delete_collaboration", fail)

    with pytest.raises(kind) as told:
        service.delete(stubbed.connection, ID, "Ads measurement")

    assert type(told.value) is kind
    assert str(told.value).startswith(f'deleting Clean Rooms collaboration "Ads measurement" in us-east-1: {type(failure).__name__}: ')
    assert str(told.value).endswith(kind.advice)


@pytest.mark.parametrize("code", ["ExpiredTokenException", "UnrecognizedClientException", "InvalidSignatureException"])
def test_credentials_that_aws_does_not_take_say_whose_settings_are_used(stubbed: Stubbed, code: str) -> None:
    stubbed.cleanrooms.add_client_error("delete_collaboration", code, "because", http_status_code=403)

    with pytest.raises(errors.CredentialsError, match="use the settings of the last `pulumi up`"):
        service.delete(stubbed.connection, ID, "Ads measurement")


def test_too_many_requests_are_throttling_whatever_they_are_called(stubbed: Stubbed) -> None:
    stubbed.cleanrooms.add_client_error("delete_collaboration", "TooManyRequestsException", "because", http_status_code=429)

    with pytest.raises(errors.ThrottlingError):
        service.delete(stubbed.connection, ID, "Ads measurement")


def test_the_fields_of_a_validation_exception_are_told(stubbed: Stubbed) -> None:
    fields = {"fieldList": [{"name": "members", "message": "an account twice"}, {"name": "name", "message": "too long"}]}
    stubbed.cleanrooms.add_client_error("delete_collaboration", "ValidationException", "2 errors", modeled_fields=fields)

    with pytest.raises(errors.ValidationError, match=r"2 errors \(members: an account twice; name: too long\)\. Change the declaration"):
        service.delete(stubbed.connection, ID, "Ads measurement")


def test_the_quota_that_is_reached_is_told_with_its_value(stubbed: Stubbed) -> None:
    quota = {"message": "Too many", "quotaName": "Collaborations per account", "quotaValue": 10.0}
    stubbed.cleanrooms.add_client_error("create_collaboration", "ServiceQuotaExceededException", "Too many", modeled_fields=quota)

    with pytest.raises(errors.ServiceQuotaExceededError, match=r'quota "Collaborations per account" is 10\)\. Ask for more.*delete_before_replace'):
        service.create(stubbed.connection, canonical(declaration())[0])


def test_a_quota_without_its_value_is_told_as_it_is() -> None:
    response = {"Error": {"Code": "ServiceQuotaExceededException", "Message": "Too many"}, "quotaName": "x"}

    with pytest.raises(errors.ServiceQuotaExceededError, match=r"Too many\. Ask for more"), errors.explained("creating it"):
        raise ClientError(response, "CreateCollaboration")


def _chained(error: BaseException) -> list[str]:
    """The exceptions that a traceback of this one draws before it."""
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return [*_chained(before), type(before).__name__] if before else []


def _throttled(stubbed: Stubbed) -> None:
    stubbed.cleanrooms.add_client_error("create_collaboration", "ThrottlingException", "slow down", http_status_code=429)
    service.create(stubbed.connection, canonical(declaration())[0])


def _lost(stubbed: Stubbed) -> None:
    stubbed.cleanrooms.add_client_error("create_collaboration", "InternalServerException", "oh", http_status_code=500)
    stubbed.cleanrooms.add_client_error("list_collaborations", "AccessDeniedException", "no")
    service.create(stubbed.caller(CREATOR).connection, canonical(declaration())[0])


def _listed(stubbed: Stubbed) -> None:
    is_there(stubbed.caller(CREATOR).listing(ID), DENIED)


@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize("answer", [{}, {"collaboration": {}}, {"collaboration": []}], ids=["nothing", "an empty one", "a list"])
def test_an_answer_of_another_form_is_looked_for(stubbed: Stubbed, monkeypatch: pytest.MonkeyPatch, answer: dict[str, Any]) -> None:
    monkeypatch.setattr(stubbed.connection.creating, "create_collaboration", lambda **_: answer)

    with pytest.raises(errors.CreationLostError):
        service.create(stubbed.connection, canonical(declaration())[0])


def test_a_creation_that_timed_out_is_looked_for_however_long_that_took(stubbed: Stubbed, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[str] = []

    def time_out(**_: Any) -> None:
        clock.time += 600
        raise ReadTimeoutError(endpoint_url="http://127.0.0.1:1")

    def made_since(_connection: object, name: str, _began: float) -> list[dict[str, Any]]:
        looked.append(name)
        return []

    monkeypatch.setattr(stubbed.connection.creating, "create_collaboration", time_out)
    monkeypatch.setattr(service, "_made_since", made_since)

    with pytest.raises(errors.CreationLostError, match="no such collaboration showed"):
        service.create(stubbed.connection, canonical(declaration())[0])

    assert looked == ["Ads measurement"] * (60 // 2)


def test_a_throttled_creation_is_sent_again_for_five_minutes(stubbed: Stubbed, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    sent_at: list[float] = []

    def throttle(**_: Any) -> None:
        sent_at.append(clock.time)
        raise ClientError({"Error": {"Code": "ThrottlingException", "Message": "slow down"}}, "CreateCollaboration")

    monkeypatch.setattr(stubbed.connection.creating, "create_collaboration", throttle)

    with pytest.raises(errors.ThrottlingError):
        service.create(stubbed.connection, canonical(declaration())[0])

    # Two requests are at most 8 s apart.
    assert 300 <= sent_at[-1] < 308


def test_a_refused_signature_does_not_tell_the_request_that_was_signed(stubbed: Stubbed) -> None:
    said = "The signature does not match.\n\nThe Canonical String was\nx-amz-security-token:t0ken"
    stubbed.cleanrooms.add_client_error("delete_collaboration", "SignatureDoesNotMatch", said, http_status_code=403)

    with pytest.raises(errors.CredentialsError) as failure:
        service.delete(stubbed.connection, ID, "Ads measurement")

    assert "t0ken" not in str(failure.value)


def test_an_error_of_several_lines_is_told_in_one(stubbed: Stubbed) -> None:
    stubbed.cleanrooms.add_client_error("delete_collaboration", "ValidationException", "one\n  two")

    with pytest.raises(errors.ValidationError, match="one two"):
        service.delete(stubbed.connection, ID, "Ads measurement")


@pytest.mark.usefixtures("clock")
def test_one_that_is_listed_and_seconds_old_is_waited_for(stubbed: Stubbed) -> None:
    stubbed.caller(CREATOR).listing(ID)

    assert is_there(stubbed, DENIED, "here it is", made="2026-11-22T11:59:58+00:00")


@pytest.mark.parametrize("fail", [_throttled, _lost, _listed])
def test_an_error_draws_no_other_before_it(stubbed: Stubbed, monkeypatch: pytest.MonkeyPatch, fail: Callable[[Stubbed], None]) -> None:
    monkeypatch.setattr(WAITING, "throttled_creation", 0)

    with pytest.raises(errors.CollaborationError) as failure:
        fail(stubbed)

    assert _chained(failure.value) == []


def test_a_request_is_what_botocores_model_takes() -> None:
    parameters = service.request(canonical(declaration(region="us-east-1", members=[]))[0])

    # create_collaboration validates before it sends, against the model.
    stubbed = Stubbed()
    stubbed.cleanrooms.add_response("create_collaboration", {"collaboration": {**_summary(ID), "queryLogStatus": "ENABLED"}}, parameters)

    assert service.create(stubbed.connection, canonical(declaration(region="us-east-1", members=[]))[0])["id"] == ID
