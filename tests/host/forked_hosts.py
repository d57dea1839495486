"""Fresh host processes of Pulumi in some milliseconds each: forks of ``fork_server.py``."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from host.driver import connect_to_host

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from host.driver import Host

    HostStart = Callable[[dict[str, str]], AbstractContextManager[Host]]
    """Starts a host process with a stack's settings."""

LONGEST_LIFE = 120.0
"""The seconds after which a host is killed."""

SERVER = str(Path(__file__).parent / "fork_server.py")


@contextmanager
def start_fork_server() -> Iterator[HostStart]:
    """Start the process that forks; yield what starts a host."""
    environment = {name: value for name, value in os.environ.items() if name != "AWS_REGION"}
    # A group of its own: the server's last act ends the hosts that are left.
    with subprocess.Popen(
        [sys.executable, "-u", SERVER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment,
        start_new_session=True,
    ) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        to_server, from_server = server.stdin, server.stdout

        @contextmanager
        def start_host(config: dict[str, str]) -> Iterator[Host]:
            to_server.write(b"\n")
            to_server.flush()
            process, port = int(from_server.readline()), int(from_server.readline())
            # A call of a host that hangs would wait for ever.
            watchdog = threading.Timer(LONGEST_LIFE, kill, [process])
            watchdog.start()
            try:
                with connect_to_host(process, port, config) as host:
                    yield host
            finally:
                watchdog.cancel()
                kill(process)

        yield start_host


def kill(process: int) -> None:
    """Kill a host process that may have been killed already."""
    try:
        os.kill(process, signal.SIGKILL)
    except ProcessLookupError:
        return
