"""Text that comes from outside, written so that it cannot leave its place in Markdown.

Names and values stand in code spans and fences alone, where GitHub makes neither mentions nor references nor links of them.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final
from urllib.parse import quote

MAX_NAME: Final = 100
"""Characters of a name; the rest is cut, so that no name pushes the rest of a comment out."""

_INVISIBLE = {"Cc", "Cf", "Co", "Cs", "Zl", "Zp", "Zs"}
"""Unicode's categories of characters that nobody sees, or that change how the rest is seen."""


def write_out(text: str, limit: int, escaped: str = "", kept: str = "") -> str:
    """Write out invisible characters, those that turn the direction of reading, and ``escaped``; not ``kept``, and no joiners of emoji.

    The text is cut after ``limit`` characters.
    """
    start = text[: limit + 1]
    if not start.isprintable() or any(character in start for character in escaped):
        start = "".join(
            _escape(character) if character in escaped or (character not in kept and _is_invisible(character)) else character for character in start
        )
    return start if len(start) <= limit else f"{start[:limit]}..."


def write_span(text: str) -> str:
    """Return a code span that its text cannot end."""
    return f"`{write_out(text, MAX_NAME, escaped='`') or ' '}`"


def write_cell(text: str) -> str:
    """Return a code span that cannot end the cell of its table either."""
    # Renderers differ in how they read a backslash before the backslash that escapes.
    return write_span(text).replace("|", _escape("|") if "\\" in text else r"\|")


def make_fence(lines: list[str]) -> str:
    """Return the marks of a fence that these lines cannot end."""
    return "`" * max(3, 1 + max((len(run) for line in lines for run in re.findall("`+", line)), default=0))


def write_marker(name: str) -> str:
    """Write a name for a hidden HTML comment: without ``--`` and ``>``, and different for different names."""
    return quote(name[:MAX_NAME], safe="", errors="replace").replace("--", "-%2D")


def _is_invisible(character: str) -> bool:
    return character not in " \u200d" and unicodedata.category(character) in _INVISIBLE


def _escape(character: str) -> str:
    return f"\\u{{{ord(character):x}}}"
