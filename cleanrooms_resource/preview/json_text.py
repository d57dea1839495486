"""The text of a JSON document of Pulumi: its encoding, and its depth."""

from __future__ import annotations

import re
from typing import Final

MAX_DEPTH: Final = 100
"""The levels of nesting that are read. A declaration has 6, and pydantic refuses more than 200; another resource's inputs may have more."""

_TOKENS = re.compile(r'"(?:[^"\\]|\\.)*"|[\[{\]}]', re.DOTALL)
_OPENING, _CLOSING = ("[", "{"), ("]", "}")


def decode(data: bytes) -> str:
    """Return the text. PowerShell's ``>`` writes UTF-16 with a byte order mark.

    Raises:
        ValueError: the bytes are neither UTF-8 nor UTF-16 with a byte order mark.

    """
    return data.decode("utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig")


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
