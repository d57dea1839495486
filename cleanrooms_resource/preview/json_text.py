"""The text of a JSON document of Pulumi: its encoding, what stands around it, and its depth."""

from __future__ import annotations

import json
import re
from itertools import islice
from typing import Final

MAX_DEPTH: Final = 100
"""The levels of nesting that are read. A declaration has 6, and pydantic refuses more than 200; another resource's inputs may have more."""

# Possessive: with what could be given back, a long text would take a hundred times its size.
_TOKENS = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[\[{\]}]', re.DOTALL)
_OPENING, _CLOSING = ("[", "{"), ("]", "}")
_START = re.compile(r"^\{", re.MULTILINE)
"""Pulumi begins its JSON at the start of a line, and indents every object inside it."""
_MAX_STARTS: Final = 100
"""How many starts are tried, because each one may be followed to the end of the text."""


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
        ValueError: the text has no whole JSON object, or several.

    """
    text = text.strip()
    for match in islice(_START.finditer(text), _MAX_STARTS):
        document = text[match.start() : _find_end(text, match.start())]
        if not _is_json(document):
            continue
        rest = text[match.start() + len(document) :]
        if rest.lstrip().startswith("{") or _START.search(rest):
            raise ValueError("Several JSON objects, or a part of one, are in the text.")
        around = f"{text[: match.start()]}\n{rest}"
        return document, sum(not line.isspace() for line in around.splitlines() if line)
    raise ValueError("No whole JSON object is in the text.")


def _find_end(text: str, start: int) -> int:
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


def _is_json(text: str) -> bool:
    try:
        json.loads(cut_deep_nesting(text))
    except ValueError:
        return False
    return True


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
