"""Python source in the form that `ruff format` gives it. Text from outside stays inside its literal or its comment."""

from __future__ import annotations

import re
import textwrap
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from cleanrooms_resource.preview.untrusted_text import make_visible

if TYPE_CHECKING:
    from collections.abc import Mapping

_WIDTH: Final = 88
"""The columns of a line; ruff's own default."""
_INDENT: Final = "    "
_MAX_COMMENT_LENGTH: Final = 2000
_DIRECTIVE: Final = re.compile(
    r"(?i)noqa|///|\b(?:type|mypy|ruff|fmt|isort|yapf|flake8|pylint|pyright)\s*:"
)
"""The words by which a comment steers a tool. A name at the beginning of a line could be such a comment."""


@dataclass(frozen=True, slots=True)
class Call:
    """A call with positional and keyword arguments."""

    function: str
    positional: tuple[Any, ...] = ()
    keywords: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CommentedList:
    """A list whose items have comments before them, with more comments after the last item."""

    items: tuple[tuple[tuple[str, ...], Any], ...]
    comments_at_end: tuple[str, ...] = ()


def render_statement(value: Any) -> str:
    """Return the source of an expression that stands alone."""
    return _render(value, 0, "", "")


def render_comment(text: str, indent: int = 0) -> str:
    """Return a comment of as many lines as the text needs, each with its line break."""
    prefix = _INDENT * indent + "# "
    lines = textwrap.wrap(
        _DIRECTIVE.sub(
            lambda word: f"\\u{{{ord(word[0][0]):x}}}{word[0][1:]}",
            make_visible(text, _MAX_COMMENT_LENGTH),
        ),
        _WIDTH,
        initial_indent=prefix,
        subsequent_indent=prefix,
        break_on_hyphens=False,
        break_long_words=False,
    )
    return "".join(f"{line}\n" for line in lines)


def _render(value: Any, indent: int, before: str, after: str) -> str:
    """Return the source of a value; ``before`` and ``after`` stand on its first and on its last line."""
    flat = (
        None
        if isinstance(value, CommentedList)
        else f"{_INDENT * indent}{before}{_render_flat(value)}{after}"
    )
    # ruff keeps a call or a list of several lines if it ends with a comma.
    if (
        flat is not None
        and _measure(flat) <= _WIDTH
        and not (isinstance(value, Call) and value.keywords and indent == 0)
    ):
        return flat
    opening, closing, lines = _list_parts(value, indent + 1)
    if not lines:
        return flat or f"{_INDENT * indent}{before}{opening}{closing}{after}"
    return (
        f"{_INDENT * indent}{before}{opening}\n{''.join(lines)}{_INDENT * indent}{closing}{after}"
    )


def _render_flat(value: Any) -> str:
    if isinstance(value, str):
        return _quote(value)
    if isinstance(value, Call):
        arguments = [_render_flat(each) for each in value.positional] + [
            f"{name}={_render_flat(each)}" for name, each in value.keywords.items()
        ]
        return f"{value.function}({', '.join(arguments)})"
    if isinstance(value, list):
        return f"[{', '.join(map(_render_flat, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{_quote(key)}: {_render_flat(each)}' for key, each in value.items())}}}"
    if isinstance(value, CommentedList):
        return "\n" * _WIDTH  # Comments need lines of their own.
    return repr(value)


def _list_parts(value: Any, indent: int) -> tuple[str, str, list[str]]:
    """Return the opening, the closing and the inner lines of a value that does not fit on one line."""
    if isinstance(value, str):
        return (
            "(",
            ")",
            [
                f"{_INDENT * indent}{piece}\n"
                for piece in _split_literal(value, _WIDTH - len(_INDENT) * indent)
            ],
        )
    if isinstance(value, Call):
        lines = [_render(each, indent, "", ",\n") for each in value.positional]
        return (
            f"{value.function}(",
            ")",
            lines
            + [_render(each, indent, f"{name}=", ",\n") for name, each in value.keywords.items()],
        )
    if isinstance(value, list):
        return "[", "]", [_render(each, indent, "", ",\n") for each in value]
    if isinstance(value, dict):
        return (
            "{",
            "}",
            [_render(each, indent, f"{_quote(key)}: ", ",\n") for key, each in value.items()],
        )
    if isinstance(value, CommentedList):
        lines = [
            "".join(render_comment(each, indent) for each in comments)
            + _render(item, indent, "", ",\n")
            for comments, item in value.items
        ]
        return "[", "]", lines + [render_comment(each, indent) for each in value.comments_at_end]
    return "", "", []


def _split_literal(text: str, width: int) -> list[str]:
    """Return literals, each within the width, that Python joins to the text."""
    pieces = [""]
    for character in text:
        if _measure(_quote(pieces[-1] + character)) > width:
            pieces.append("")
        pieces[-1] += character
    return [_quote(piece) for piece in pieces]


def _measure(text: str) -> int:
    """Return the columns of a text. East Asian characters are two columns wide."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def _quote(text: str) -> str:
    """Return a literal with the quotation marks that ruff chooses, and escapes for what is not visible."""
    mark = "'" if text.count('"') > text.count("'") else '"'
    return f"{mark}{''.join(_escape(character, mark) for character in text)}{mark}"


def _escape(character: str, mark: str) -> str:
    if character == mark:
        return f"\\{character}"
    if character.isprintable() and character != "\\":
        return character
    return ascii(character)[1:-1]
