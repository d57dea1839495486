"""The verbs ``endpoint`` and ``partner``."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
import requests
from requests_of_boto3 import (
    ADS,
    BROKER,
    MISSING,
    STRANGER,
    act,
    create,
    member_change,
    new_member,
    statuses,
    submit,
)

from cleanrooms_resource.__main__ import main
from commands.verbs import read_failure

if TYPE_CHECKING:
    from cleanrooms_resource.testing import Endpoint


def serve(*arguments: str) -> subprocess.Popen[str]:
    """Start the verb in a process."""
    command = [sys.executable, "-m", "cleanrooms_resource", "endpoint", *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.parametrize("stop_signal", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_endpoint_prints_its_address_and_stops_cleanly_on_a_signal(
    stop_signal: signal.Signals,
) -> None:
    with serve() as process:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        assert requests.get(f"{address}/moto-api/", timeout=10).ok
        process.send_signal(stop_signal)
        output, errors = process.communicate(timeout=10)

    assert address.startswith("http://127.0.0.1:")
    assert (process.returncode, output, errors) == (0, "", "")


def test_a_missing_extra_is_one_sentence() -> None:
    code = "import sys; sys.modules['moto'] = None\nfrom cleanrooms_resource.__main__ import main\nsys.exit(main(['endpoint']))"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert done.returncode == 2
    assert re.fullmatch(
        r'cleanrooms-resource: cleanrooms_resource\.testing needs the extra "testing": moto is not installed\. '
        r'Install the package with the extra: `pip install "/path/to/the/checkout\[testing\]"`\.\n',
        done.stderr,
    )


def test_a_port_that_cannot_be_is_an_error_of_one_line() -> None:
    with serve("--port", "99999") as process:
        _, errors = process.communicate(timeout=30)

    assert process.returncode == 2
    assert "port 99999 of 127.0.0.1: bind(): port must be 0-65535. Choose another --port" in errors
    assert errors.count("\n") == 1


def test_a_port_in_use_is_an_error_of_one_line() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        with serve("--port", str(port)) as process:
            _, errors = process.communicate(timeout=30)

    assert process.returncode == 2
    advice = "Choose another --port, or end the process that uses this one."
    assert (
        errors
        == f"cleanrooms-resource: The endpoint cannot listen on port {port} of 127.0.0.1: Address already in use. {advice}\n"
    )


PAYER = {"queryCompute": {"isResponsible": True}}


def play(running: Endpoint, *arguments: str) -> int:
    return main(["partner", *arguments, "--endpoint-url", running.address])


def test_a_partner_joins(running: Endpoint, capsys: pytest.CaptureFixture[str]) -> None:
    id_ = create(running)["id"]

    assert play(running, "join", id_, BROKER) == 0
    assert capsys.readouterr().out.startswith(f"Account {BROKER} joined collaboration {id_}")
    assert statuses(running, id_)[BROKER] == "ACTIVE"


def test_a_partner_that_pays_accepts_the_payment(running: Endpoint) -> None:
    broker = {
        "accountId": BROKER,
        "displayName": "Broker",
        "memberAbilities": [],
        "paymentConfiguration": PAYER,
    }

    assert play(running, "join", create(running, members=[broker])["id"], BROKER) == 0


def test_a_partner_joins_while_the_members_are_shown_late(running: Endpoint) -> None:
    id_ = create(running, members=[])["id"]
    act(running, submit(running, id_, new_member()), "COMMIT")
    running.faults.member_delay = 60

    assert play(running, "join", id_, STRANGER) == 0


def test_a_partner_leaves(running: Endpoint, capsys: pytest.CaptureFixture[str]) -> None:
    id_ = create(running)["id"]
    running.collaborations[id_].join(BROKER)

    assert play(running, "leave", id_, BROKER) == 0
    assert capsys.readouterr().out.startswith(f"Account {BROKER} left collaboration {id_}")
    assert statuses(running, id_)[BROKER] == "LEFT"


def test_a_partner_that_did_not_join_cannot_leave(
    running: Endpoint, capsys: pytest.CaptureFixture[str]
) -> None:
    assert play(running, "leave", create(running)["id"], BROKER) == 1
    assert "no active membership" in read_failure(capsys)


@pytest.mark.parametrize(
    ("action", "verb", "status"), [("approve", "approved", "PENDING"), ("deny", "denied", "DENIED")]
)
def test_a_partner_answers_the_only_open_request(
    running: Endpoint, capsys: pytest.CaptureFixture[str], action: str, verb: str, status: str
) -> None:
    id_ = create(running)["id"]
    act(running, submit(running, id_, new_member()), "CANCEL")
    request = submit(running, id_, new_member())

    assert play(running, action, id_, BROKER) == 0
    assert (
        capsys.readouterr().out
        == f"Account {BROKER} {verb} change request {request['id']}; the status of the request is {status}.\n"
    )


def test_a_partner_chooses_between_several_open_requests(
    running: Endpoint, capsys: pytest.CaptureFixture[str]
) -> None:
    id_ = create(running)["id"]
    requests = [
        submit(running, id_, new_member()),
        submit(running, id_, member_change(BROKER, "CAN_RECEIVE_RESULTS")),
    ]

    assert play(running, "approve", id_, ADS) == 1
    failure = read_failure(capsys)
    assert all(
        f"{request['id']} (PENDING: {request['changes'][0]['types'][0]})" in failure
        for request in requests
    )
    assert play(running, "approve", id_, ADS, "--request", requests[1]["id"]) == 0
    assert (
        running.collaborations[id_].change_requests[requests[1]["id"]].approvals[ADS] == "APPROVED"
    )


def test_a_failure_lists_the_closed_requests_if_none_is_open(
    running: Endpoint, capsys: pytest.CaptureFixture[str]
) -> None:
    id_ = create(running)["id"]
    request = submit(running, id_, new_member())
    act(running, request, "CANCEL")

    assert play(running, "deny", id_, ADS) == 1
    assert (
        f"has no open change request; those that are closed: {request['id']} (CANCELLED"
        in read_failure(capsys)
    )


def test_a_refusal_of_the_endpoint_is_a_failure_with_its_name(
    running: Endpoint, capsys: pytest.CaptureFixture[str]
) -> None:
    assert play(running, "join", MISSING, BROKER) == 1
    assert "AccessDeniedException" in read_failure(capsys)


def test_an_answer_that_is_cut_is_a_failure(
    running: Endpoint, capsys: pytest.CaptureFixture[str]
) -> None:
    running.faults.break_json("ListMembers")

    assert play(running, "join", create(running)["id"], BROKER) == 1
    assert "is not an endpoint of Clean Rooms" in read_failure(capsys)


def test_an_address_where_nothing_listens_is_a_failure(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"

        assert main(["partner", "join", MISSING, BROKER, "--endpoint-url", address]) == 1

    assert f"no endpoint answers at {address}" in read_failure(capsys)


@pytest.mark.parametrize(
    "address",
    [
        "https://cleanrooms.us-east-1.amazonaws.com",
        "http://10.0.0.1:8080",
        "http://0.0.0.0:8080",
        "http://127.0.0.1.example.com",
        "http://127.0.0.1:8080@example.com",
        "http://example.com\\@127.0.0.1",
        "ftp://127.0.0.1",
        "",
    ],
)
def test_an_address_that_is_not_on_loopback_is_refused(
    capsys: pytest.CaptureFixture[str], address: str
) -> None:
    assert main(["partner", "join", MISSING, BROKER, "--endpoint-url", address]) == 1
    assert "is not an address of this machine" in read_failure(capsys)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["join", MISSING, "1234"], "an account has 12 digits"),
        (["join", "loyalty", BROKER], '"loyalty" is not the ID of a collaboration'),
        (["join", MISSING, BROKER, "--request", MISSING], "--request goes with approve and deny"),
        (["approve", MISSING, BROKER, "--request", "1"], "1 is not the ID of a change request"),
        (["join", MISSING, BROKER, "--region", "no region"], "boto3 says"),
    ],
)
def test_an_argument_that_cannot_be_right_is_a_failure(
    capsys: pytest.CaptureFixture[str], arguments: list[str], sentence: str
) -> None:
    assert main(["partner", *arguments]) == 1
    assert sentence in read_failure(capsys)


def test_no_proxy_gets_the_requests(running: Endpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    id_ = create(running)["id"]
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)

    assert play(running, "join", id_, BROKER) == 0
