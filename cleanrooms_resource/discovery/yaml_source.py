"""YAML source. Text from outside stays inside its literal or its comment.

Every string stands in double quotes, because YAML 1.1 and YAML 1.2 read plain scalars such as ``1e3`` differently, and account ids are digits.
"""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any, Final

from cleanrooms_resource.declaration.limits import list_words
from cleanrooms_resource.discovery.literals import quote_in_double
from cleanrooms_resource.preview.untrusted_text import make_visible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

_INDENT: Final = "  "
_MAX_COMMENT_LENGTH: Final = 2000


def render_map(
    properties: Mapping[str, Any], indent: int, quote: Callable[[str], str] = quote_in_double, *, keys_are_data: bool = False
) -> list[str]:
    """Return the lines of a map. ``quote`` writes a string; the keys of tags are strings, and every other key is a plain scalar."""
    lines = []
    for name, value in properties.items():
        key = f"{_INDENT * indent}{quote(name) if keys_are_data else name}:"
        if isinstance(value, dict) and value:
            lines += [key, *render_map(value, indent + 1, quote, keys_are_data=name == "tags")]
        else:
            lines.append(f"{key} {_render_value(value, quote)}")
    return lines


def render_comments(sentences: Iterable[str], indent: int) -> list[str]:
    """Return the lines of comments."""
    prefix = f"{_INDENT * indent}# "
    return [
        line
        for sentence in sentences
        for line in textwrap.wrap(make_visible(sentence, _MAX_COMMENT_LENGTH), 150, initial_indent=prefix, subsequent_indent=prefix)
    ]


def _render_value(value: Any, quote: Callable[[str], str]) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return f"[{', '.join(_render_value(item, quote) for item in value)}]"
    return value if value in list_words() else quote(value)
