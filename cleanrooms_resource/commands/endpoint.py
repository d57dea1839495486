"""The verb ``endpoint``: an endpoint that stands in for AWS."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING, Final

from cleanrooms_resource.commands.output import fail

if TYPE_CHECKING:
    import argparse

HELP: Final = "serve an endpoint that stands in for AWS, in memory, on 127.0.0.1, until SIGINT or SIGTERM"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    parser.add_argument("--port", type=int, default=0, help="the port; a free port if left out")


def run(arguments: argparse.Namespace) -> int:
    """Serve until a signal; return the exit status."""
    try:
        from cleanrooms_resource.testing import endpoint
    except ModuleNotFoundError as missing:
        return fail(f'The endpoint needs the extra "testing": {missing.name} is not installed. Run `pip install "cleanrooms-resource[testing]"`.')
    # The signals are blocked before the endpoint's threads start, so that this thread alone waits for them.
    stops = {signal.SIGINT, signal.SIGTERM}
    signal.pthread_sigmask(signal.SIG_BLOCK, stops)
    try:
        with endpoint(arguments.port) as running:
            print(running.address, flush=True)
            signal.sigwait(stops)
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or error
        return fail(f"The endpoint cannot listen on port {arguments.port} of 127.0.0.1: {reason}. Choose another --port.")
    return 0
