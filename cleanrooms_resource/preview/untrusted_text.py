"""Text from outside, written so that the text stays in its place in Markdown.

Names and values stand only in code spans and fences. GitHub makes no mentions, references or links of text there.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

MAX_NAME_LENGTH: Final = 100
"""The characters that are shown of a name, so that a long name leaves room for the rest of the comment."""

_INVISIBLE = {"Cc", "Cf", "Co", "Cs", "Zl", "Zp", "Zs"}
"""Unicode's categories of characters that are not visible, or that change how other characters look."""


_FILLERS = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\uffa0\ufe00-\ufe0f\U000e0100-\U000e01ef]"
)
"""Characters without ink whose categories are those of letters, marks and symbols: fillers, variation selectors, the blank of Braille."""
_ZERO_WIDTH_JOINER, _EMOJI_SELECTOR = "\u200d", "\ufe0f"


def make_visible(text: str, limit: int, *, also_escape: str = "", never_escape: str = "") -> str:
    """Return the text with invisible characters as escapes, cut after ``limit`` characters.

    Actions find their comments by an HTML comment in the text, so the text opens none.
    Characters that change the direction of reading count as invisible. Spaces stay as they are, and so do joiners and selectors within emoji.
    """
    start = text[: limit + 1]
    if (
        not start.isprintable()
        or _FILLERS.search(start)
        or any(character in start for character in also_escape)
    ):
        start = "".join(
            _escape(character)
            if character in also_escape
            or (
                character not in never_escape
                and _is_invisible(character)
                and not _is_within_emoji(start, number)
            )
            else character
            for number, character in enumerate(start)
        )
    visible = start if len(start) <= limit else f"{start[:limit]}..."
    return visible.replace("<!--", f"{_escape('<')}!--")


def make_span(text: str) -> str:
    """Return the text as a code span that the text cannot end."""
    return f"`{make_visible(text, MAX_NAME_LENGTH, also_escape='`') or ' '}`"


def make_cell(markdown: str) -> str:
    """Return a sentence for a cell of a table: no pipe in its code spans can end the cell."""
    # Renderers differ in how they read `\\|`, so a pipe beside a backslash becomes an escape.
    return "`".join(
        part.replace("|", _escape("|") if "\\" in part else r"\|") if number % 2 else part
        for number, part in enumerate(markdown.split("`"))
    )


def make_plain(markdown: str) -> str:
    """Return a sentence without the marks of Markdown. The text in its code spans stays as it is."""
    return "".join(
        part if number % 2 else part.replace("**", "")
        for number, part in enumerate(markdown.split("`"))
    )


def make_fence(lines: list[str]) -> str:
    """Return the backticks of a fence that these lines cannot end."""
    return "`" * max(
        3, 1 + max((len(run) for line in lines for run in re.findall("`+", line)), default=0)
    )


def _is_invisible(character: str) -> bool:
    return character != " " and (
        unicodedata.category(character) in _INVISIBLE or bool(_FILLERS.match(character))
    )


def _is_within_emoji(text: str, number: int) -> bool:
    """Whether a joiner stands between two emoji, or a selector after one."""
    before = text[number - 1 : number]
    if text[number] == _EMOJI_SELECTOR:
        return _is_emoji(before)
    return (
        text[number] == _ZERO_WIDTH_JOINER
        and (_is_emoji(before) or before == _EMOJI_SELECTOR)
        and _is_emoji(text[number + 1 : number + 2])
    )


def _is_emoji(character: str) -> bool:
    # The modifiers of skin are of the category Sk.
    return (
        character != ""
        and (unicodedata.category(character) == "So" or "\U0001f3fb" <= character <= "\U0001f3ff")
        and not _FILLERS.match(character)
    )


def _escape(character: str) -> str:
    return r"\t" if character == "\t" else f"\\u{{{ord(character):x}}}"
