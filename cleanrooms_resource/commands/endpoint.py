"""The verb ``endpoint``, which serves an endpoint that stands in for AWS."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cleanrooms_resource.commands.failure import fail
from cleanrooms_resource.errors import DependencyError

if TYPE_CHECKING:
    import argparse

HELP: Final = "serve an in-memory endpoint that stands in for AWS, on 127.0.0.1, until SIGINT, SIGTERM or SIGHUP"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's arguments."""
    parser.add_argument("--port", type=int, default=0, help="the port; by default the port in FILE, or else any free port")
    parser.add_argument(
        "--file",
        type=Path,
        metavar="FILE",
        help="load FILE if it exists, and write FILE when the endpoint ends",
    )


def run(arguments: argparse.Namespace) -> int:
    """Print the address and serve until a signal arrives; return the exit status."""
    try:
        from cleanrooms_resource.testing import EndpointFileError
    except DependencyError as error:
        return fail(str(error))
    try:
        serve(arguments.port, arguments.file)
    except EndpointFileError as error:
        return fail(str(error))
    except OSError as error:
        return fail(f"The endpoint cannot listen on {error}. Choose another --port, or end the process that uses this one.")
    return 0


def serve(port: int, file: Path | None) -> None:
    """Print the address of an endpoint, and serve it until SIGINT, SIGTERM or SIGHUP arrives. A terminal that is closed sends SIGHUP.

    Raises:
        EndpointFileError: the file cannot be read or written, or it is not the file of an endpoint.
        OSError: the endpoint cannot listen on the port.

    """
    from cleanrooms_resource.testing import endpoint

    # The endpoint's threads inherit the block, so the signals reach only this thread, in sigwait.
    signals = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
    signal.pthread_sigmask(signal.SIG_BLOCK, signals)
    with endpoint(port, file=file) as running:
        print(running.address, flush=True)
        signal.sigwait(signals)
