"""Processes of Python that start in milliseconds: forks of one that has imported their modules.

The engine starts the executable of ``make_executable`` as it starts Python. Its arguments,
environment, folder and standard streams go through a socket to a process that forks, and the fork
does what Python would do with them. That process starts no other thread, opens no connection and
calls no provider, so every fork is as fresh as a process of its own. A fork ends with whoever asked
for it.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import runpy
import select
import signal
import socket
import subprocess
import sys
import threading
import traceback
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_STREAMS = (0, 1, 2)
PROGRAMS = "pulumi-language-python-exec"
"""Pulumi's script that runs a program."""


@contextmanager
def start(folder: Path, *modules: str, environment: dict[str, str]) -> Iterator[str]:
    """Start the process that forks, which imports ``modules`` first; yield its socket."""
    address = folder / "warm"
    # A group of its own: the process's last act ends the forks that are left.
    with subprocess.Popen(
        [sys.executable, "-u", __file__, str(address), *modules],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment,
        start_new_session=True,
    ) as server:
        assert server.stdout is not None
        assert server.stdout.readline() == b"ready\n"
        yield str(address)


def make_executable(executable: Path, address: str, *arguments: str) -> None:
    """Make what the engine starts as Python, with these ``arguments`` before its own."""
    command = " ".join(
        f'"{part}"' for part in (sys.executable, "-IS", __file__, address, "--", *arguments)
    )
    executable.write_text(f'#!/bin/sh\nexec {command} "$@"\n')
    executable.chmod(0o755)


def ask(
    address: str,
    arguments: list[str],
    environment: dict[str, str],
    streams: tuple[int, ...] = _STREAMS,
) -> socket.socket:
    """Have Python's ``arguments`` run by a fork, which ends with the connection.

    The connection's first line is the process ID of the fork.
    """
    connection = socket.socket(socket.AF_UNIX)
    connection.connect(address)
    request = json.dumps([arguments, environment, os.getcwd()]).encode()  # noqa: PTH109
    socket.send_fds(connection, [b"\n"], streams)
    connection.sendall(request)
    connection.shutdown(socket.SHUT_WR)
    return connection


def _serve(address: str, modules: list[str]) -> None:
    for module in modules:
        importlib.import_module(module)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(address)
    listener.listen(64)
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    print("ready")  # noqa: T201 - whoever started this waits for it
    while listener in select.select([listener, sys.stdin], [], [])[0]:
        connection, _ = listener.accept()
        if os.fork() == 0:
            listener.close()
            _become_python(connection)
        connection.close()
    # Whoever started this process has ended.
    os.killpg(0, signal.SIGKILL)


def _become_python(connection: socket.socket) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    _, streams, _, _ = socket.recv_fds(connection, 1, len(_STREAMS))
    for mine, given in zip(_STREAMS, streams, strict=True):
        os.dup2(given, mine)
        os.close(given)
    arguments, environment, folder = json.loads(b"".join(iter(lambda: connection.recv(65536), b"")))
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    connection.sendall(b"%d\n" % os.getpid())
    threading.Thread(target=_end_with, args=[connection], daemon=True).start()
    status = _run_main(arguments, folder)
    connection.sendall(b"%d\n" % status)
    sys.exit(status)


def _run_main(arguments: list[str], folder: str) -> int:
    """Run a module or a script as Python does; the exit status."""
    rest = arguments[1:] if arguments[0] == "-u" else arguments
    is_module = rest[0] == "-m"
    sys.argv = rest[1:] if is_module else rest
    try:
        if is_module:
            sys.path[0] = folder
            runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
        else:
            sys.path[0] = os.path.dirname(sys.argv[0])  # noqa: PTH120
            runpy.run_path(sys.argv[0], run_name="__main__")
    except SystemExit as ending:
        return ending.code if isinstance(ending.code, int) else int(bool(ending.code))
    except BaseException:  # noqa: BLE001 - Python prints whatever ends it
        traceback.print_exc()
        return 1
    return 0


def _end_with(connection: socket.socket) -> None:
    poll = select.poll()
    poll.register(connection, 0)
    poll.poll()
    os._exit(1)


def _run(address: str, arguments: list[str]) -> None:
    if "-m" not in arguments[:2] and not arguments[0].endswith(PROGRAMS):
        os.execv(sys.executable, [sys.executable, *arguments])
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    connection = ask(address, arguments, dict(os.environ))
    said = b"".join(iter(lambda: connection.recv(65536), b"")).split()
    sys.exit(int(said[1]) if len(said) > 1 else 1)


def main(address: str, *arguments: str) -> None:
    """Run the process that forks, or, with ``--``, do what Python does with the arguments."""
    if arguments[:1] == ("--",):
        _run(address, list(arguments[1:]))
    else:
        _serve(address, list(arguments))


if __name__ == "__main__":
    main(*sys.argv[1:])
