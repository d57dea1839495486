"""`make up` and `make play` as a new user types them: in a checkout, with an environment that has nothing of ours, and in a terminal."""

from __future__ import annotations

import fcntl
import os
import re
import socket
import subprocess
import sys
import termios
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from typing import TYPE_CHECKING

from engine.plugin_projects import clone_repository

if TYPE_CHECKING:
    from collections.abc import Iterator

CTRL_C = b"\x03"


@dataclass(frozen=True)
class Playing:
    """`make play` while it runs, its terminal, and the commands that it printed."""

    process: subprocess.Popen[bytes]
    terminal: FileIO
    commands: list[str]


@dataclass(frozen=True)
class Checkout:
    """A clone of the repository with an environment of Python, and the environment of its user's shell."""

    folder: Path
    environment: dict[str, str]

    def make(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run make."""
        return subprocess.run(
            ["make", *arguments],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def type(self, *commands: str) -> str:
        """Type commands into a shell; return what they print. A command that fails is an error."""
        script = "\n".join(["set -e", *commands])
        done = subprocess.run(
            ["sh", "-c", script],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{script}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    @contextmanager
    def play(self) -> Iterator[Playing]:
        """Run `make play` until it has printed what to type; at the end, type Ctrl-C."""
        with self.make_in_terminal("play") as (process, terminal):
            steps = read_until(terminal, "press Ctrl-C here").split("In a second terminal")[1]
            commands = re.findall(r"^    (\S.*?)\r?$", steps, re.MULTILINE)
            yield Playing(process, terminal, commands)
            if not terminal.closed:
                terminal.write(CTRL_C)
            process.wait(timeout=30)

    @contextmanager
    def make_in_terminal(
        self, command: str, **variables: str
    ) -> Iterator[tuple[subprocess.Popen[bytes], FileIO]]:
        """Run make in a terminal of its own."""
        controller, terminal = os.openpty()
        process = subprocess.Popen(
            ["make", command],
            cwd=self.folder,
            env=self.environment | variables,
            stdin=terminal,
            stdout=terminal,
            stderr=terminal,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # noqa: PLW1509 - only this gives the session its terminal
        )
        os.close(terminal)
        try:
            with FileIO(controller, "r+") as file:
                yield process, file
        finally:
            process.kill()
            process.wait()


def read_until(terminal: FileIO, end: str = "") -> str:
    """Return what a terminal shows until this text, or until every program has left the terminal."""
    text = b""
    with suppress(OSError):  # Linux's answer once every program has left the terminal.
        while part := terminal.read(1000):
            text += part
            if end and end in text.decode(errors="replace"):
                break
    return text.decode()


def make_checkout(folder: Path) -> Checkout:
    """Clone the repository; its .venv is that of these tests, so that nothing is installed."""
    clone = folder / "clone"
    clone.mkdir()
    clone_repository(clone)
    (clone / ".venv").mkdir()
    for part in Path(sys.prefix).iterdir():
        if part.name != ".installed":
            (clone / ".venv" / part.name).symlink_to(part)
    (clone / ".venv" / ".installed").write_text(f"{clone}\n")
    paths = [
        path for path in os.environ["PATH"].split(os.pathsep) if not path.startswith(sys.prefix)
    ]
    return Checkout(clone, {"PATH": os.pathsep.join(paths), "HOME": str(folder)})


def read_address(checkout: Checkout, environment: str) -> tuple[str, int]:
    """Return the host and the port that a terminal gets from the command that reads the settings."""
    host, port = (
        checkout.type(environment, "echo $AWS_ENDPOINT_URL")
        .strip()
        .removeprefix("http://")
        .split(":")
    )
    return host, int(port)


def is_listening(address: tuple[str, int]) -> bool:
    """Whether something listens at an address."""
    with socket.socket() as client:
        return client.connect_ex(address) == 0
