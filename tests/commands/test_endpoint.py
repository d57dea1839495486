"""The verb ``endpoint``."""

from __future__ import annotations

import re
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
