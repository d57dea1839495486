"""A cancelled run: every wait ends at once, nothing more is written, and the error says what AWS may have made."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest
from botocore.session import get_session
from declarations import ADS, declaration
from stub_connection import CREATOR, ID, StubConnection

from cleanrooms_resource import errors
from cleanrooms_resource.aws import calls, clients
from cleanrooms_resource.aws.connection import Connection, connect
from cleanrooms_resource.aws.creation import create_collaboration
from cleanrooms_resource.aws.existence import call_existing
from cleanrooms_resource.aws.settings import read_settings
from cleanrooms_resource.aws.waiting import (
    WAITING,
    cancel_waits,
    resume_waits,
    sleep,
    sleep_until_cancelled,
)
from cleanrooms_resource.changes.change_requests import RequestedChange
from cleanrooms_resource.declaration.canonical_form import canonicalize
from cleanrooms_resource.testing.faults import cut_connection

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_account import Aws
    from clock import Clock

ARN = f"arn:aws:cleanrooms:us-east-1:{CREATOR}:collaboration/{ID}"
FORM: dict[str, Any] = canonicalize(declaration())[0]


@pytest.fixture
def cancelling_clock(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A clock whose first sleep is the one in which Pulumi cancels."""

    def sleep_and_cancel(seconds: float) -> None:
        clock.sleep(seconds)
        cancel_waits()

    monkeypatch.setattr(WAITING, "sleep", sleep_and_cancel)
    return clock


@pytest.fixture
def connection(empty_aws: Aws, where: dict[str, str]) -> Connection:
    """A connection to the endpoint, in a new process."""
    return connect(read_settings(empty_aws.endpoint.settings | where))


def test_a_sleep_ends_at_once() -> None:
    sleeper = threading.Thread(target=sleep_until_cancelled, args=(3600,), daemon=True)
    sleeper.start()

    cancel_waits()
    sleeper.join(60)

    assert not sleeper.is_alive()


def test_a_cancelled_run_begins_no_wait(clock: Clock) -> None:
    cancel_waits()

    with pytest.raises(errors.RunCancelledError, match=r"^Nothing was made\. Look again\.$"):
        sleep(2, "Nothing was made.", advice="Look again.")

    assert clock.sleeps == []


def test_the_next_run_of_the_same_process_waits_again(clock: Clock) -> None:
    cancel_waits()
    resume_waits()

    sleep(2, "unused")

    assert clock.sleeps == [2]


def test_a_throttled_creation_made_nothing(stub: StubConnection, cancelling_clock: Clock) -> None:
    stub.cleanrooms.add_client_error(
        "create_collaboration", "ThrottlingException", "slow down", http_status_code=429
    )

    with pytest.raises(errors.RunCancelledError) as failure:
        create_collaboration(stub.connection, FORM, is_name_plain=False)

    assert str(failure.value) == (
        "creating a Clean Rooms collaboration in us-east-1: ThrottlingException: slow down. The run was cancelled, so the request was not sent "
        "again. This request changed nothing. Run the command again."
    )
    assert len(cancelling_clock.sleeps) == 1


@pytest.mark.usefixtures("cancelling_clock")
def test_a_creation_whose_answer_was_lost_may_exist(stub: StubConnection) -> None:
    stub.cleanrooms.add_client_error(
        "create_collaboration", "InternalServerException", "oh", http_status_code=500
    )

    with pytest.raises(errors.RunCancelledError) as failure:
        create_collaboration(
            stub.answer_caller(CREATOR).answer_listing().connection, FORM, is_name_plain=False
        )

    assert failure.value.what_happened == (
        "creating a Clean Rooms collaboration in us-east-1: AWS's answer was lost (InternalServerException: oh). "
        "The run was cancelled while the provider looked for the collaboration, which may exist."
    )
    assert failure.value.advice.startswith(
        "Look for the collaboration with `aws cleanrooms list-collaborations --region us-east-1`."
    )


def test_a_creation_whose_answer_is_lost_after_the_cancel_is_still_looked_for(
    aws: Aws, connection: Connection
) -> None:
    def cancel_and_cut(environ: dict[str, Any]) -> None:
        cancel_waits()
        cut_connection(environ)

    aws.endpoint.faults.add("CreateCollaboration", cancel_and_cut, when="after")

    collaboration = create_collaboration(connection, FORM, is_name_plain=False)

    assert aws.collaborations() == {collaboration["id"]: "Ads measurement"}


@pytest.mark.usefixtures("cancelling_clock")
def test_a_request_that_waits_for_a_new_collaboration_changed_nothing(stub: StubConnection) -> None:
    def deny() -> None:
        raise errors.AccessDeniedError("tagging it: AccessDeniedException: no.")

    outputs = {"creatorAccountId": CREATOR, "createTime": "2026-11-22T11:59:59+00:00"}

    with pytest.raises(
        errors.RunCancelledError,
        match=r"^tagging it: .* no\. The run was cancelled while .* This request changed nothing\.",
    ):
        call_existing(
            stub.answer_caller(CREATOR)
            .answer_listing(at="Sun, 22 Nov 2026 12:00:00 GMT")
            .connection,
            ID,
            outputs,
            deny,
        )


AUTO_APPROVAL = RequestedChange(
    None,
    frozenset(),
    {
        "specificationType": "COLLABORATION",
        "specification": {"collaboration": {"autoApprovedChangeTypes": []}},
    },
)
WRITES: dict[str, Callable[[Connection], object]] = {
    "CreateCollaboration": lambda connection: create_collaboration(
        connection, FORM, is_name_plain=False
    ),
    "UpdateCollaboration": lambda connection: calls.update_collaboration(
        connection, ID, None, {"name": "New"}
    ),
    "TagResource": lambda connection: calls.tag_collaboration(
        connection, ARN, None, {"team": "ads"}
    ),
    "UntagResource": lambda connection: calls.untag_collaboration(connection, ARN, None, ["team"]),
    "DeleteCollaboration": lambda connection: calls.delete_collaboration(connection, ID, None),
    "CreateCollaborationChangeRequest": lambda connection: calls.submit_change_request(
        connection, ID, None, [AUTO_APPROVAL]
    ),
    "UpdateCollaborationChangeRequest": lambda connection: calls.settle_change_request(
        connection, ID, None, ID, "COMMIT"
    ),
    "DeleteMember": lambda connection: calls.delete_member(connection, ID, None, ADS),
}


@pytest.mark.parametrize("operation", WRITES)
def test_no_write_begins_after_the_cancel(aws: Aws, connection: Connection, operation: str) -> None:
    cancel_waits()

    with pytest.raises(
        errors.RunCancelledError,
        match="the run was cancelled before the request was sent, so this request changed nothing",
    ):
        WRITES[operation](connection)

    assert [
        request.operation for request in aws.endpoint.requests if request.operation == operation
    ] == []


def test_a_cancelled_run_still_reads(connection: Connection) -> None:
    cancel_waits()

    assert calls.list_collaborations(connection).summaries == []


def cancel_and_fail(aws: Aws, operation: str) -> None:
    aws.endpoint.faults.add(operation, lambda _: cancel_waits())
    aws.endpoint.faults.fail(operation)


@pytest.fixture
def _quick_backoffs(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a plug-in does at its start, until the end of the test."""
    monkeypatch.setattr("botocore.endpoint.time", None)
    clients.end_backoffs_on_cancel()


@pytest.mark.usefixtures("_quick_backoffs")
def test_a_write_that_failed_is_not_sent_again_and_may_have_taken_effect(
    aws: Aws, connection: Connection
) -> None:
    cancel_and_fail(aws, "DeleteCollaboration")

    with pytest.raises(errors.RunCancelledError) as failure:
        calls.delete_collaboration(connection, ID, None)

    assert str(failure.value) == (
        f"deleting Clean Rooms collaboration {ID} in us-east-1: the run was cancelled, so the request was not sent again. An earlier attempt failed, "
        "or AWS's answer to it was lost; the attempt may have taken effect. Run `pulumi refresh` to see what AWS has, then run the command again."
    )
    assert [request.operation for request in aws.endpoint.requests] == ["DeleteCollaboration"]


@pytest.mark.usefixtures("_quick_backoffs")
def test_a_read_that_failed_is_not_sent_again(aws: Aws, connection: Connection) -> None:
    cancel_and_fail(aws, "ListMembers")

    with pytest.raises(
        errors.RunCancelledError,
        match=r"so the request was not sent again\. Run the command again\.$",
    ):
        calls.list_members(connection, ID, None)

    assert [request.operation for request in aws.endpoint.requests] == ["ListMembers"]


def test_botocores_own_wait_between_two_attempts_ends_too(
    aws: Aws, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []

    def sleep_and_cancel(seconds: float) -> None:
        waits.append(seconds)
        cancel_waits()
        sleep_until_cancelled(3600)

    monkeypatch.setattr("botocore.endpoint.time", None)
    monkeypatch.setattr(clients, "sleep_until_cancelled", sleep_and_cancel)
    clients.end_backoffs_on_cancel()
    aws.endpoint.faults.fail("ListCollaborations")

    with pytest.raises(errors.RunCancelledError):
        calls.list_collaborations(connection)

    assert len(waits) == 1


def test_the_writes_are_those_of_the_model() -> None:
    model = get_session().get_service_model("cleanrooms")

    writes = {
        name
        for name in model.operation_names
        if clients._WRITES.match(f"before-send.cleanrooms.{name}")
    }

    # The BatchGets read, with a body.
    assert writes == {
        name
        for name in model.operation_names
        if model.operation_model(name).http["method"] != "GET" and not name.startswith("BatchGet")
    }
    assert set(WRITES) <= writes
