"""Whether a collaboration is gone."""

from __future__ import annotations

from itertools import repeat
from typing import TYPE_CHECKING

import pytest
from stub_connection import CREATOR, ID, StubConnection

from cleanrooms_resource import errors
from cleanrooms_resource.aws.existence import call_existing
from cleanrooms_resource.aws.waiting import WAITING

if TYPE_CHECKING:
    from clock import Clock


def read_existing(
    stub: StubConnection,
    error: errors.CollaborationError,
    *answers: str,
    created: str = "2026-11-22T11:00:00+00:00",
) -> str:
    """Read a collaboration: where there are answers, the first read fails and the next one answers; without any, every read fails."""
    failures = iter([error]) if answers else repeat(error)
    remaining_answers = iter(answers)

    def call() -> str:
        for failure in failures:
            raise failure
        return next(remaining_answers)

    outputs = {"name": "Ads measurement", "creatorAccountId": CREATOR, "createTime": created}
    return call_existing(stub.connection, ID, outputs, call)


DENIED = errors.AccessDeniedError("reading it: AccessDeniedException: no.")


def test_what_is_denied_to_another_account_is_not_gone(stub: StubConnection) -> None:
    with pytest.raises(
        errors.AccessDeniedError,
        match=rf"The credentials \(the credentials in use\) act in account 999999999999, and account {CREATOR} created the collaboration\.",
    ):
        read_existing(stub.answer_caller("999999999999").answer_listing(), DENIED)


def test_what_is_denied_but_listed_is_not_gone(stub: StubConnection) -> None:
    sentence = (
        "The collaboration still exists: ListCollaborations lists it for the credentials in use"
    )

    with pytest.raises(errors.AccessDeniedError, match=sentence):
        read_existing(stub.answer_caller(CREATOR).answer_listing(ID), DENIED)


def test_any_other_error_is_not_gone(stub: StubConnection) -> None:
    with pytest.raises(errors.ThrottlingError):
        read_existing(
            stub.answer_caller(CREATOR).answer_listing(), errors.ThrottlingError("slow down")
        )


def test_what_was_made_seconds_ago_is_waited_for(stub: StubConnection, clock: Clock) -> None:
    stub.answer_caller(CREATOR).answer_listing(at="Sun, 22 Nov 2026 12:00:00 GMT")

    assert (
        read_existing(stub, DENIED, "the answer", created="2026-11-22T11:59:30+00:00")
        == "the answer"
    )
    assert clock.sleeps == [WAITING.between_looks]


@pytest.mark.usefixtures("clock")
def test_what_does_not_show_after_a_minute_is_gone(stub: StubConnection) -> None:
    stub.answer_caller(CREATOR).answer_listing(at="Sun, 22 Nov 2026 12:00:00 GMT")

    with pytest.raises(errors.CollaborationGone):
        read_existing(stub, DENIED, created="2026-11-22T11:59:00+00:00")


@pytest.mark.parametrize(
    "error", [DENIED, errors.ResourceNotFoundError("reading it: ResourceNotFoundException: no.")]
)
def test_what_is_denied_to_its_creator_and_not_listed_is_gone(
    stub: StubConnection, error: errors.CollaborationError
) -> None:
    with pytest.raises(errors.CollaborationGone):
        read_existing(stub.answer_caller(CREATOR).answer_listing(), error)


def test_what_cannot_be_listed_is_not_gone(stub: StubConnection) -> None:
    stub.answer_caller(CREATOR).cleanrooms.add_client_error(
        "list_collaborations", "AccessDeniedException", "no"
    )

    with pytest.raises(
        errors.AccessDeniedError,
        match="Confirming that the collaboration is gone failed: AccessDeniedException",
    ):
        read_existing(stub, DENIED)


@pytest.mark.usefixtures("clock")
def test_one_that_is_listed_and_seconds_old_is_waited_for(stub: StubConnection) -> None:
    stub.answer_caller(CREATOR).answer_listing(ID)

    assert (
        read_existing(stub, DENIED, "the answer", created="2026-11-22T11:59:58+00:00")
        == "the answer"
    )
