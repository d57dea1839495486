"""Names and paths: boto3's spelling on the wire, snake_case in programs. Account ids and tag keys are data and never re-spelled."""

from __future__ import annotations

import difflib
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from cleanrooms_resource.table import TABLE

if TYPE_CHECKING:
    from collections.abc import Iterable

Path = tuple[str | int, ...]
"""The place of a value: property names, keys of maps, positions in lists."""

_MAPS_OF_DATA = frozenset(name for name, row in TABLE.items() if row.keys_are_data)
_SEGMENTS = re.compile(r'\["(?:[^"\\]|\\.)*"\]|\[[^\]]*\]|[^.\[]+|\.')


_AFTER_UNDERSCORE = re.compile(r"(?<=[A-Za-z0-9])_([A-Za-z0-9])")
_BEFORE_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


@lru_cache(maxsize=1024)
def to_camel_case(name: str) -> str:
    """Return boto3's spelling of a name in either spelling: ``creator_ml_member_abilities`` is ``creatorMLMemberAbilities``."""
    return _AFTER_UNDERSCORE.sub(lambda match: match[1].upper(), name).replace("Ml", "ML")


@lru_cache(maxsize=1024)
def to_snake_case(name: str) -> str:
    return _BEFORE_WORD.sub("_", name.replace("ML", "Ml")).lower()


def find_nearest(word: str, words: Iterable[str]) -> str | None:
    """Return the nearest of the words, whatever the case of their letters; None if none is near."""
    by_folded_word = {each.casefold(): each for each in words}
    nearest = difflib.get_close_matches(word.casefold(), by_folded_word, n=1)
    return by_folded_word[nearest[0]] if nearest else None


def names_to_camel_case(value: Any) -> Any:
    """Return a value of a property with every name in it in boto3's spelling."""
    if isinstance(value, dict):
        return {
            to_camel_case(name) if isinstance(name, str) else name: names_to_camel_case(part)
            for name, part in value.items()
        }
    return [names_to_camel_case(part) for part in value] if isinstance(value, list) else value


def path_to_camel_case(path: str) -> str:
    text, parent = "", ""
    for segment in _SEGMENTS.findall(path):
        is_name = parent not in _MAPS_OF_DATA and not segment.startswith("[")
        text += to_camel_case(segment) if is_name else segment
        if segment != ".":
            parent = segment
    return text


def split_path(path: str) -> list[str]:
    """Return the names and keys of a property path such as ``members["222233334444"].displayName``."""
    return [segment.strip('[]"') for segment in _SEGMENTS.findall(path) if segment != "."]


def spell_path(path: Path, *, in_program: bool) -> str:
    text = ""
    for parent, part in zip(("", *path), path, strict=False):
        if isinstance(part, int) and parent != "tags":
            text += f"[{part}]"
        elif parent in _MAPS_OF_DATA:
            text += f'["{part}"]'
        else:
            name = to_snake_case(str(part)) if in_program else str(part)
            text = f"{text}.{name}" if text else name
    return text
