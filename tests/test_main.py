"""The verbs."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys

import pytest
import requests


def serve(*arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "cleanrooms_resource", "endpoint", *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_the_command_prints_its_address_as_one_line_and_stops_cleanly(stop: signal.Signals) -> None:
    with serve() as process:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        assert requests.get(f"{address}/moto-api/", timeout=10).ok
        process.send_signal(stop)
        rest, errors = process.communicate(timeout=10)

    assert address.startswith("http://127.0.0.1:")
    assert (process.returncode, rest, errors) == (0, "", "")


def test_a_port_already_taken_is_one_sentence() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with serve("--port", str(taken.getsockname()[1])) as process:
            _, errors = process.communicate(timeout=30)

    assert process.returncode == 2
    assert errors.startswith("cleanrooms-resource: cannot listen on port")
    assert errors.count("\n") == 1
