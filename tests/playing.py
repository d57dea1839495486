"""`make up` and `make play` as a new user types them: in a checkout, with an environment that has nothing of ours, and in a terminal."""

from __future__ import annotations

import fcntl
import os
import re
import socket
import subprocess
import sys
import termios
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from engine.plugin_projects import clone_repository

if TYPE_CHECKING:
    from collections.abc import Iterator

CTRL_C = b"\x03"


@dataclass(frozen=True)
class Playing:
    """`make play` while it runs, and the commands that it printed."""

    process: subprocess.Popen[bytes]
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
        """Run `make play` in a terminal until it has printed what to type; at the end, type Ctrl-C."""
        controller, terminal = os.openpty()
        process = subprocess.Popen(
            ["make", "play"],
            cwd=self.folder,
            env=self.environment,
            stdin=terminal,
            stdout=terminal,
            stderr=terminal,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # noqa: PLW1509 - only this gives the session its terminal
        )
        os.close(terminal)
        try:
            text = b""
            while b"press Ctrl-C here" not in text:
                text += os.read(controller, 1000)
            steps = text.decode().split("In a second terminal")[1]
            yield Playing(process, re.findall(r"^    (\S.*?)\r?$", steps, re.MULTILINE))
            os.write(controller, CTRL_C)
            process.wait(timeout=30)
        finally:
            process.kill()
            process.wait()
            os.close(controller)


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
