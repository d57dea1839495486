"""A creation that AWS throttles, and one whose answer is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError
from declarations import declaration
from stub_connection import CREATOR, ID, StubConnection

from cleanrooms_resource import errors
from cleanrooms_resource.aws import creation
from cleanrooms_resource.aws.creation import create_collaboration
from cleanrooms_resource.aws.existence import call_existing
from cleanrooms_resource.aws.waiting import WAITING
from cleanrooms_resource.declaration.canonical_form import canonicalize

if TYPE_CHECKING:
    from collections.abc import Callable

    from clock import Clock


@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize(
    "answer",
    [{}, {"collaboration": {}}, {"collaboration": []}],
    ids=["nothing", "an empty one", "a list"],
)
def test_an_answer_of_another_form_is_looked_for(
    stub: StubConnection, monkeypatch: pytest.MonkeyPatch, answer: dict[str, Any]
) -> None:
    monkeypatch.setattr(
        stub.connection.cleanrooms_without_retries, "create_collaboration", lambda **_: answer
    )

    with pytest.raises(errors.CreationLostError):
        create_collaboration(stub.connection, canonicalize(declaration())[0], is_name_plain=False)


def test_a_creation_that_timed_out_is_looked_for_however_long_that_took(
    stub: StubConnection, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    names: list[str] = []

    def time_out(**_: Any) -> None:
        clock.time += 600
        raise ReadTimeoutError(endpoint_url="http://127.0.0.1:1")

    def list_candidates(_connection: object, name: str, _began: float) -> list[dict[str, Any]]:
        names.append(name)
        return []

    monkeypatch.setattr(
        stub.connection.cleanrooms_without_retries, "create_collaboration", time_out
    )
    monkeypatch.setattr(creation, "_list_candidates", list_candidates)

    with pytest.raises(errors.CreationLostError, match="AWS lists no such collaboration"):
        create_collaboration(stub.connection, canonicalize(declaration())[0], is_name_plain=False)

    assert names == ["Ads measurement"] * (60 // 2)


def test_a_throttled_creation_is_sent_again_for_five_minutes(
    stub: StubConnection, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent_at: list[float] = []

    def throttle(**_: Any) -> None:
        sent_at.append(clock.time)
        raise ClientError(
            {"Error": {"Code": "ThrottlingException", "Message": "slow down"}},
            "CreateCollaboration",
        )

    monkeypatch.setattr(
        stub.connection.cleanrooms_without_retries, "create_collaboration", throttle
    )

    with pytest.raises(errors.ThrottlingError):
        create_collaboration(stub.connection, canonicalize(declaration())[0], is_name_plain=False)

    # Two requests are at most 8 s apart.
    assert 300 <= sent_at[-1] < 308


def _list_chained_errors(error: BaseException) -> list[str]:
    """Return the types of the exceptions that a traceback of this one draws before it."""
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return [*_list_chained_errors(before), type(before).__name__] if before else []


def _create_while_throttled(stub: StubConnection) -> None:
    stub.cleanrooms.add_client_error(
        "create_collaboration", "ThrottlingException", "slow down", http_status_code=429
    )
    create_collaboration(stub.connection, canonicalize(declaration())[0], is_name_plain=False)


def _create_with_lost_answer(stub: StubConnection) -> None:
    stub.cleanrooms.add_client_error(
        "create_collaboration", "InternalServerException", "oh", http_status_code=500
    )
    stub.cleanrooms.add_client_error("list_collaborations", "AccessDeniedException", "no")
    create_collaboration(
        stub.answer_caller(CREATOR).connection, canonicalize(declaration())[0], is_name_plain=False
    )


OUTPUTS = {
    "name": "Ads measurement",
    "creatorAccountId": CREATOR,
    "createTime": "2026-11-22T11:00:00+00:00",
}


def _deny() -> None:
    raise errors.AccessDeniedError("reading it: AccessDeniedException: no.")


def _read_denied_but_listed(stub: StubConnection) -> None:
    call_existing(stub.answer_caller(CREATOR).answer_listing(ID).connection, ID, OUTPUTS, _deny)


@pytest.mark.parametrize(
    "fail", [_create_while_throttled, _create_with_lost_answer, _read_denied_but_listed]
)
def test_an_error_draws_no_other_before_it(
    stub: StubConnection, monkeypatch: pytest.MonkeyPatch, fail: Callable[[StubConnection], None]
) -> None:
    monkeypatch.setattr(WAITING, "throttled_creation", 0)

    with pytest.raises(errors.CollaborationError) as failure:
        fail(stub)

    assert _list_chained_errors(failure.value) == []
