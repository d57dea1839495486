"""The verb ``endpoint``, which serves an endpoint that stands in for AWS."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING, Final

from cleanrooms_resource.commands.output import fail
from cleanrooms_resource.errors import DependencyError

if TYPE_CHECKING:
    import argparse

HELP: Final = "serve an in-memory endpoint that stands in for AWS, on 127.0.0.1, until SIGINT, SIGTERM or SIGHUP"
_SIGNALS: Final = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
"""The signals that end the endpoint. A terminal that is closed sends SIGHUP."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=0, help="the port; by default any free port")


def run(arguments: argparse.Namespace) -> int:
    """Print the address and serve until a signal arrives; return the exit status."""
    try:
        from cleanrooms_resource.testing import endpoint
    except DependencyError as error:
        return fail(str(error))
    # The endpoint's threads inherit the block, so the signals reach only this thread, in sigwait.
    signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
    try:
        with endpoint(arguments.port) as running:
            print(running.address, flush=True)
            signal.sigwait(_SIGNALS)
    except OSError as error:
        advice = "Choose another --port, or end the process that uses this one."
        return fail(f"The endpoint cannot listen on {error}. {advice}")
    return 0
