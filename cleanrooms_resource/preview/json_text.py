"""The text of a JSON document of Pulumi: its encoding, what stands around it, and its depth."""

from __future__ import annotations

import json
import re
from typing import Final

MAX_DEPTH: Final = 100
"""The levels of nesting that are read. A declaration has 6, and pydantic refuses more than 200; another resource's inputs may have more."""

# Possessive: with what could be given back, a long text would take a hundred times its size.
_TOKENS = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[\[{\]}]', re.DOTALL)
_OPENING, _CLOSING = ("[", "{"), ("]", "}")
_START = re.compile(r"^\{", re.MULTILINE)
"""Pulumi begins its JSON at the start of a line, and indents every object inside it."""
_MAX_STARTS: Final = 100
"""How many starts are tried. Python counts the lines before each error."""
_DECODER: Final = json.JSONDecoder()


def decode(data: bytes) -> str:
    """Return the text. PowerShell's ``>`` writes UTF-16 with a byte order mark.

    Raises:
        ValueError: the bytes are neither UTF-8 nor UTF-16 with a byte order mark.

    """
    return data.decode("utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig")


def find_document(text: str) -> tuple[str, int]:
    """Return the JSON object in the text, and the number of lines around it that are not empty.

    Pulumi prints "Installing policy pack ..." and the like into its JSON output.

    Raises:
        ValueError: the text has no whole JSON object, several, or one in an array.

    """
    text = text.strip()
    position = 0
    for _ in range(_MAX_STARTS):
        match = _START.search(text, position)
        if match is None:
            break
        start = match.start()
        try:
            end = _find_end(text, start)
        except json.JSONDecodeError as error:
            # Whatever begins before the error is a part of this broken object, so a long text is
            # read only once.
            position = max(error.pos, match.end())
            continue
        return text[start:end], _count_lines_around(text[:start].rstrip(), text[end:].lstrip())
    raise ValueError("No whole JSON object is in the text.")


def _find_end(text: str, start: int) -> int:
    """Return where the JSON that begins at ``start`` ends.

    Raises:
        json.JSONDecodeError: no JSON begins there.
        ValueError: something that is nested too deeply for Python begins there, and it is no JSON.

    """
    try:
        return _DECODER.raw_decode(text, start)[1]
    except RecursionError:
        end = _find_closing_bracket(text, start)
    try:
        json.loads(cut_deep_nesting(text[start:end]))
    except json.JSONDecodeError:
        raise ValueError("No whole JSON object is in the text.") from None
    return end


def _count_lines_around(before: str, after: str) -> int:
    """Return the number of lines that are not empty.

    Raises:
        ValueError: they have JSON too.

    """
    if _START.search(after):
        raise ValueError("Several JSON objects, or a part of one, are in the text.")
    if before.endswith(("[", ",")) or after.startswith(("]", ",")):
        raise ValueError("The JSON object is an element of an array.")
    return sum(bool(line.strip()) for line in f"{before}\n{after}".splitlines())


def _find_closing_bracket(text: str, start: int) -> int:
    """Return where the brackets that open at ``start`` are closed; the start where they are not."""
    depth = 0
    for match in _TOKENS.finditer(text, start):
        if match[0] in _OPENING:
            depth += 1
        elif match[0] in _CLOSING:
            depth -= 1
            if depth == 0:
                return match.end()
    return start


def cut_deep_nesting(text: str) -> str:
    """Return the JSON with ``null`` for each list or map below ``MAX_DEPTH`` levels."""
    parts, depth, start = [], 0, 0
    for match in _TOKENS.finditer(text):
        if match[0] in _OPENING:
            depth += 1
            if depth == MAX_DEPTH + 1:
                parts.append(f"{text[start : match.start()]}null")
        elif match[0] in _CLOSING:
            if depth == MAX_DEPTH + 1:
                start = match.end()
            depth -= 1
    return "".join(parts) + text[start:] if depth == 0 else text
