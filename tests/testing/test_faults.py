"""The faults of the endpoint: each has its effect on a request."""

from __future__ import annotations

import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import BotoCoreError
from requests_of_boto3 import client, create, members, refusal

if TYPE_CHECKING:
    from cleanrooms_resource.testing import Endpoint


def test_a_request_whose_answer_is_lost_takes_effect(running: Endpoint) -> None:
    running.faults.lose_answer("CreateCollaboration", times=1)

    with pytest.raises(BotoCoreError):
        create(running)

    assert [record.parameters["name"] for record in running.collaborations.values()] == [
        "Ads measurement"
    ]


def test_every_second_answer_can_be_lost(running: Endpoint) -> None:
    running.faults.lose_answer("CreateCollaboration", every=2)
    create(running)

    with pytest.raises(BotoCoreError):
        create(running)


def test_a_throttled_operation_answers_429(running: Endpoint) -> None:
    running.faults.throttle("ListCollaborations", 1)
    client(running).list_collaborations()

    assert refusal(lambda: client(running).list_collaborations()) == ("ThrottlingException", 429)


def test_a_request_can_fail_before_or_after_it_takes_effect(running: Endpoint) -> None:
    running.faults.fail("CreateCollaboration", times=1)
    assert refusal(lambda: create(running)) == ("InternalServerException", 500)
    assert running.collaborations == {}

    running.faults.fail("CreateCollaboration", when="after", times=1)
    assert refusal(lambda: create(running)) == ("InternalServerException", 500)
    assert len(running.collaborations) == 1


def test_a_denied_operation_answers_access_denied(running: Endpoint) -> None:
    running.faults.deny("ListMembers")

    assert refusal(lambda: members(running, create(running)["id"])) == (
        "AccessDeniedException",
        403,
    )


def test_a_stale_read_does_not_show_a_new_collaboration(running: Endpoint) -> None:
    running.faults.visibility_delay = 60
    id_ = create(running)["id"]

    assert (
        refusal(lambda: client(running).get_collaboration(collaborationIdentifier=id_))[0]
        == "AccessDeniedException"
    )
    assert client(running).list_collaborations()["collaborationList"] == []


def test_a_delayed_answer_arrives_too_late(running: Endpoint) -> None:
    running.faults.delay("ListCollaborations", 60)

    with pytest.raises(BotoCoreError):
        client(running, read_timeout=0.2).list_collaborations()


def test_a_broken_answer_is_half_a_document(running: Endpoint) -> None:
    running.faults.break_json("GetCollaboration")
    id_ = create(running)["id"]

    # botocore does not raise: it returns the text that is not JSON as a message.
    assert "collaboration" not in client(running).get_collaboration(collaborationIdentifier=id_)


def test_a_fault_can_kill_a_process_after_a_write(running: Endpoint) -> None:
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) as process:
        running.faults.add(
            "CreateCollaboration", lambda _: process.kill(), when="after", every=2, times=1
        )
        create(running)
        assert process.poll() is None
        create(running)
        assert process.wait(10) == -signal.SIGKILL
