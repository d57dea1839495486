"""Literals of texts from outside, which the text cannot end. Characters that are not visible stand as escapes."""

from __future__ import annotations

from typing import Final

_ESCAPES: Final = {"\\": r"\\", "\n": r"\n", "\r": r"\r", "\t": r"\t"}


def quote(text: str) -> str:
    """Return a literal of Python, with the quotation marks that ruff chooses."""
    mark = "'" if text.count('"') > text.count("'") else '"'
    return f"{mark}{''.join(_escape(character, mark) for character in text)}{mark}"


def quote_in_double(text: str) -> str:
    """Return a literal between double quotation marks, which means the same in Python and in YAML."""
    return "".join(['"', *(_escape(character, '"') for character in text), '"'])


def _escape(character: str, mark: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if character == mark:
        return f"\\{character}"
    if character.isprintable():
        return character
    code = ord(character)
    return f"\\x{code:02x}" if code <= 0xFF else f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"  # noqa: PLR2004 the widths of escapes
