"""The verb ``endpoint``."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys

import pytest
import requests


def serve(*arguments: str) -> subprocess.Popen[str]:
    """Start the verb in a process."""
    command = [sys.executable, "-m", "cleanrooms_resource", "endpoint", *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.parametrize("stop_signal", [signal.SIGINT, signal.SIGTERM])
def test_endpoint_prints_its_address_and_stops_cleanly_on_a_signal(stop_signal: signal.Signals) -> None:
    with serve() as process:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        assert requests.get(f"{address}/moto-api/", timeout=10).ok
        process.send_signal(stop_signal)
        output, errors = process.communicate(timeout=10)

    assert address.startswith("http://127.0.0.1:")
    assert (process.returncode, output, errors) == (0, "", "")


def test_a_port_in_use_is_an_error_of_one_line() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        with serve("--port", str(listener.getsockname()[1])) as process:
            _, errors = process.communicate(timeout=30)

    assert process.returncode == 2
    assert errors.startswith("cleanrooms-resource: The endpoint cannot listen on port")
    assert errors.count("\n") == 1
