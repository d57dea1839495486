"""The messages of the engine, of the program and of the language host, as the comment shows them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pydantic import BaseModel

if TYPE_CHECKING:
    from collections.abc import Iterable


class Diagnostic(BaseModel):
    """A message of the engine, of the program or of the language host."""

    message: str = ""
    severity: str = ""
    urn: str = ""


def list_errors(diagnostics: Iterable[Diagnostic]) -> list[str]:
    """Return the errors without tracebacks. A message that only says that an error happened is left out if another message explains the error.

    Where no error explains itself, the output of the language host may.
    """
    diagnostics = list(diagnostics)
    messages = _clean(diagnostics, "error")
    explanations = [message for message in messages if not message.startswith(_WITHOUT_EXPLANATION)]
    if explanations or not any(each.severity == "error" for each in diagnostics):
        return explanations
    return [*messages, *list_host_output(diagnostics)] or [
        "the engine reports an error without a message"
    ]


def list_warnings(diagnostics: Iterable[Diagnostic]) -> list[str]:
    return _clean(diagnostics, "warning")


def list_host_output(diagnostics: Iterable[Diagnostic]) -> list[str]:
    """Return the output of the language host without tracebacks, and the notices of the provider, which the plug-in logs as information."""
    diagnostics = list(diagnostics)
    notices = [message for message in _clean(diagnostics, "info") if message.startswith(_NOTICE)]
    return sorted(
        {
            *notices,
            *(message for message in _clean(diagnostics, "info#err") if message not in _NOISE),
        }
    )


def _clean(diagnostics: Iterable[Diagnostic], severity: str) -> list[str]:
    messages = (
        _clean_message(each.message.removeprefix(f"{severity}: "))
        for each in diagnostics
        if each.severity == severity
    )
    return sorted({message for message in messages if message})


# The engine and the language host print these messages after the error itself.
_WITHOUT_EXPLANATION = ("preview failed", "update failed", "an unhandled error occurred:")
# Each notice of the provider begins so, at both doors.
_NOTICE = "Clean Rooms collaboration "
# An engine that stops the language host interrupts it.
_NOISE = {"KeyboardInterrupt"}
_TRACEBACK = re.compile(
    r"(?:Exception ignored in: .*\n)?Traceback \(most recent call last\):\n(?:[ \t].*\n|\n)*"
)
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
# The engine begins a failure of check with the resource's type and name; the name is enough. Python begins our errors with the path of their class.
_PROBLEM = re.compile(r"^(?:pulumi-python:dynamic|cleanrooms:)\S* resource '(.*?)' has a problem: ")
_ERROR_CLASS = re.compile(r"^cleanrooms_resource\.errors\.\w+: ", re.MULTILINE)


def _clean_message(message: str) -> str:
    text = _TRACEBACK.sub("", _COLOURS.sub("", message)).strip()
    return _ERROR_CLASS.sub("", _PROBLEM.sub(r"\1: ", text))
