"""Names and paths: boto3's spelling on the wire, snake_case in programs. Account ids and tag keys are data and never re-spelled."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pydantic.alias_generators import to_camel, to_snake

Path = tuple[str | int, ...]
"""Where a value stands: property names, keys of maps, positions in lists."""

_MAPS = ("members", "tags")
_SEGMENTS = re.compile(r'\["(?:[^"\\]|\\.)*"\]|\[[^\]]*\]|[^.\[]+|\.')


def camel_case(name: str) -> str:
    """``creator_ml_member_abilities`` to ``creatorMLMemberAbilities``: boto3's spelling of a name in either one."""
    return to_camel(name).replace("Ml", "ML")


def snake_case(name: str) -> str:
    """The spelling of a name in a program."""
    return to_snake(name.replace("ML", "Ml"))


def camel_case_path(path: str) -> str:
    """A property path, as in ``ignore_changes``, in boto3's spelling."""
    segments = _SEGMENTS.findall(path)
    if segments[:1] == ["tags"]:
        return path
    return "".join(segment if segment.startswith("[") else camel_case(segment) for segment in segments)


def path_segments(path: str) -> list[str]:
    """``members["222233334444"].displayName`` to its names and keys."""
    return [segment.strip('[]"') for segment in _SEGMENTS.findall(path) if segment != "."]


@dataclass(frozen=True, slots=True)
class Failure:
    """One thing that is wrong with a declaration. ``path`` is in boto3's spelling; ``reason`` says what would be right."""

    path: Path
    reason: str

    def sentence(self, *, in_program: bool = False) -> str:
        """``members["222233334444"].displayName: is required``, or with the names as programs spell them."""
        return f"{_spelled(self.path, in_program=in_program)}: {self.reason}"

    def within(self, path: str) -> bool:
        """Whether this is about the property at ``path`` (boto3's spelling) or about a part of it."""
        spelled = _spelled(self.path, in_program=False)
        return path in ("*", spelled) or spelled.startswith((f"{path}.", f"{path}["))


def _spelled(path: Path, *, in_program: bool) -> str:
    sentence = ""
    for before, part in zip(("", *path), path, strict=False):
        if isinstance(part, int) and before != "tags":
            sentence += f"[{part}]"
        elif before in _MAPS:
            sentence += f'["{part}"]'
        else:
            sentence += "." * bool(sentence) + (snake_case(str(part)) if in_program else str(part))
    return sentence
