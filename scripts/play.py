"""`make play`: serve the endpoint of the last `make up`, at its port and with what it held, until Ctrl-C."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pulumi_cli
from playground import ENDPOINT_FILE, InUseError, reserve

from cleanrooms_resource.commands.endpoint import serve
from cleanrooms_resource.testing import EndpointFileError

if TYPE_CHECKING:
    from collections.abc import Iterator


def main() -> int:
    """Serve the endpoint; return the exit status."""
    file = ENDPOINT_FILE.relative_to(pulumi_cli.ROOT)
    if not ENDPOINT_FILE.exists():
        return _fail(f"There is nothing to play with, because {file} does not exist. Run `make up` first.")
    print(f"The endpoint holds the content of {file}. Ctrl-C ends the endpoint and saves its content. The address is:", flush=True)
    try:
        with reserve(), _hold_terminal():
            serve(0, ENDPOINT_FILE)
    except InUseError as error:
        return _fail(str(error))
    except EndpointFileError as error:
        return _fail(f"{error} Run `make up` to begin again.")
    except OSError as error:
        advice = "End the process that uses the port. To start anew with another port, run `make up PORT=8081`."
        return _fail(f"The endpoint cannot listen on {error}. {advice}")
    return 0


def _fail(message: str) -> int:
    print(message, file=sys.stderr)
    return 2


@contextmanager
def _hold_terminal() -> Iterator[None]:
    """Have Ctrl-C reach this process alone. Otherwise `make` gets it too, and ends with a failure whatever this process does."""
    terminal = sys.stdin.fileno()
    make_group = os.getpgrp()
    if not _is_foreground(terminal):
        yield
        return
    # A process in the background may not give the terminal away. With Ctrl-Z, this process would stop without a word.
    for stop in (signal.SIGTTOU, signal.SIGTSTP):
        signal.signal(stop, signal.SIG_IGN)
    os.setpgid(0, 0)
    os.tcsetpgrp(terminal, os.getpgrp())
    try:
        yield
    finally:
        os.tcsetpgrp(terminal, make_group)


def _is_foreground(terminal: int) -> bool:
    try:
        return os.tcgetpgrp(terminal) == os.getpgrp()
    except OSError:  # Standard input is not this session's terminal.
        return False


if __name__ == "__main__":
    sys.exit(main())
