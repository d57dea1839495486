"""The commands of a page: which of them run, and what stands in for a placeholder."""

from __future__ import annotations

import re
import shlex

NOT_RUN = {
    "pulumi package add": "installs the plug-in; tests/engine/test_examples.py runs it",
    "pip install": "downloads packages",
    "python3 -m venv": "makes an environment without packages; `venv` is the environment of the tests",
    "aws sso login": "opens a browser",
    "make": "tests this project itself, or takes minutes",
}
"""The first words of the commands that do not run, and why. Of those with options, a test compares the options with the command's own help."""

WITHOUT_HELP = ("aws sso login",)
"""Commands of the list above whose help is shown in a pager alone."""

SERVING = re.compile(
    r"((venv/bin/)?cleanrooms-resource|python -m cleanrooms_resource) endpoint\b.*"
)
"""A command that serves until a signal ends it."""


def split_commands(script: str) -> list[str]:
    """Split a script into commands; a command may have several lines."""
    commands, command = [], ""
    for line in script.splitlines():
        command += f"{line}\n"
        if line.endswith("\\") or not _is_closed(command):
            continue
        if shlex.split(command, comments=True):
            commands.append(command.strip())
        command = ""
    if command:
        raise ValueError(f"the command does not end: {command}")
    return commands


def find_prefix(command: str) -> str | None:
    """Return the entry of ``NOT_RUN`` that a command begins with."""
    words = shlex.split(command.removeprefix("venv/bin/"), comments=True)
    return next(
        (prefix for prefix in NOT_RUN if words[: len(prefix.split())] == prefix.split()), None
    )


def list_options(command: str) -> list[str]:
    """Return the options of a command, without their values."""
    return [
        word.split("=")[0]
        for word in shlex.split(command, comments=True)
        if re.match(r"-\w|--\w", word)
    ]


def _is_closed(command: str) -> bool:
    """Whether every quotation in a command ends."""
    try:
        shlex.split(command, comments=True)
    except ValueError:
        return False
    return True
