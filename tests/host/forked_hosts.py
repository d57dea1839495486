"""Fresh host processes of Pulumi in some milliseconds each: forks of a warm Python."""

from __future__ import annotations

import os
import signal
import tempfile
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import warm_python

from host.driver import connect_to_host

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from host.driver import Host

    HostStart = Callable[[dict[str, str]], AbstractContextManager[Host]]
    """Starts a host process with a stack's settings."""

LONGEST_LIFE = 120.0
"""The seconds after which a host is killed."""


@contextmanager
def start_fork_server() -> Iterator[HostStart]:
    """Start the process that forks; yield what starts a host."""
    environment = {name: value for name, value in os.environ.items() if name != "AWS_REGION"}
    modules = ("host.read_ahead", "host.without_waits")
    with (
        tempfile.TemporaryDirectory() as folder,
        warm_python.start(Path(folder), *modules, environment=environment) as address,
    ):

        @contextmanager
        def start_host(config: dict[str, str]) -> Iterator[Host]:
            with _fork_host(address, environment) as (process, port):
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


@contextmanager
def _fork_host(address: str, environment: dict[str, str]) -> Iterator[tuple[int, int]]:
    """Start a host; yield its process ID and its port."""
    read, write = os.pipe()
    with (
        Path(os.devnull).open() as nothing,
        os.fdopen(read) as output,
        warm_python.ask(
            address, ["-m", "pulumi.dynamic"], environment, (nothing.fileno(), write, 2)
        ) as connection,
        connection.makefile() as lines,
    ):
        os.close(write)
        yield int(lines.readline()), int(output.readline())


def kill(process: int) -> None:
    """Kill a host process that may have been killed already."""
    try:
        os.kill(process, signal.SIGKILL)
    except ProcessLookupError:
        return
