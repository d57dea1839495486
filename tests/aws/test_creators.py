"""The account that created a collaboration, and the account that acts."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import pytest
from stub_connection import CREATOR, StubConnection

from cleanrooms_resource.aws.creators import (
    refuse_other_account,
    refuse_other_connection,
    refuse_other_replacement,
)
from cleanrooms_resource.errors import CollaborationError, SettingsError

OTHER = "999999999999"


def test_another_account_is_refused_with_both_accounts(stub: StubConnection) -> None:
    with pytest.raises(SettingsError) as failure:
        refuse_other_account(
            stub.answer_caller(OTHER).connection,
            CREATOR,
            beginning="deleting it",
            advice="Ask account {caller}.",
        )

    assert str(failure.value) == (
        f"deleting it: account {CREATOR} created the collaboration, and the credentials (the credentials in use) act in account {OTHER}. "
        f"Nothing was changed. Ask account {OTHER}."
    )


def test_the_creator_is_not_refused(stub: StubConnection) -> None:
    refuse_other_account(stub.answer_caller(CREATOR).connection, CREATOR, beginning="", advice="")


def test_a_replacement_by_another_account_is_not_made(stub: StubConnection) -> None:
    with pytest.raises(
        SettingsError,
        match=rf"^The replacement was not made: account .* Run `pulumi up` with credentials of account {CREATOR}\.$",
    ):
        refuse_other_replacement(stub.answer_caller(OTHER).connection, CREATOR)


def test_a_creation_that_replaces_nothing_asks_for_no_account(stub: StubConnection) -> None:
    refuse_other_replacement(stub.connection, None)


def test_a_changed_connection_of_another_account_is_refused(stub: StubConnection) -> None:
    with pytest.raises(
        SettingsError,
        match=rf"^connection: account .* For a collaboration of account {OTHER}, declare another resource\.$",
    ):
        refuse_other_connection(stub.answer_caller(OTHER).connection, CREATOR)


def test_four_resources_at_once_ask_for_the_account_once(
    stub: StubConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    barrier, second_question, questions = threading.Barrier(4), threading.Barrier(2), []

    def answer(**_: Any) -> dict[str, str]:
        questions.append(threading.get_ident())
        # A second question would arrive while the first one waits for its answer.
        with suppress(threading.BrokenBarrierError):
            second_question.wait(0.3)
        return {"Account": CREATOR}

    def ask(_: int) -> str:
        barrier.wait(60)
        return stub.connection.account

    monkeypatch.setattr(stub.connection.sts, "get_caller_identity", answer)
    with ThreadPoolExecutor(4) as pool:
        accounts = list(pool.map(ask, range(4)))

    assert (accounts, len(questions)) == ([CREATOR] * 4, 1)


def test_an_account_that_could_not_be_asked_for_is_asked_for_again(stub: StubConnection) -> None:
    stub.sts.add_client_error(
        "get_caller_identity", "ServiceUnavailable", "later", http_status_code=503
    )
    with pytest.raises(CollaborationError):
        refuse_other_account(stub.connection, CREATOR, beginning="", advice="")

    refuse_other_account(stub.answer_caller(CREATOR).connection, CREATOR, beginning="", advice="")
