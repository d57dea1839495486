"""A failure of a declaration: the wrong value's path, and the reason."""

from __future__ import annotations

import re
from dataclasses import dataclass

from cleanrooms_resource.declaration.spelling import Path, spell_path

_QUOTED = re.compile('".*"', re.DOTALL)
_HINT = re.compile(r'; did you mean "[^"]*"\?')


@dataclass(frozen=True, slots=True)
class Failure:
    """A failure of a declaration, or a warning. ``path`` is in boto3's spelling; ``reason`` says what is wrong, or what would be right.

    ``program_reason`` is the reason for a Python program, where it differs: it names the classes and types of Python.
    """

    path: Path
    reason: str
    program_reason: str = ""

    def to_sentence(self, *, in_program: bool = False, in_camel_case: bool = False) -> str:
        """Return ``members["222233334444"].displayName: is required``.

        ``in_program``: the same for a Python program, with the names in snake_case unless the program itself spells them ``in_camel_case``.
        """
        reason = self.program_reason if in_program and self.program_reason else self.reason
        return f"{spell_path(self.path, in_program=in_program and not in_camel_case)}: {reason}"

    def without_values(self) -> Failure:
        """Return the failure without what it quotes, without a hint at the value, and without a tag's key: for a property that may be secret."""
        return Failure(
            self.path[:1] if self.path[0] == "tags" else self.path,
            _QUOTED.sub("the value", _HINT.sub("", self.reason)),
        )

    def is_within(self, path: str) -> bool:
        """Whether the failure is about the property at ``path`` (in boto3's spelling) or about a part of it."""
        spelling = spell_path(self.path, in_program=False)
        return path in ("*", spelling) or spelling.startswith((f"{path}.", f"{path}["))
