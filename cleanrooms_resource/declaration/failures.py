"""A failure of a declaration: the wrong value's path, and the reason."""

from __future__ import annotations

from dataclasses import dataclass

from cleanrooms_resource.declaration.spelling import Path, spell_path


@dataclass(frozen=True, slots=True)
class Failure:
    """A failure of a declaration, or a warning. ``path`` is in boto3's spelling; ``reason`` says what is wrong, or what would be right."""

    path: Path
    reason: str

    def to_sentence(self, *, in_program: bool = False) -> str:
        """Return ``members["222233334444"].displayName: is required``, or the same with the names as programs spell them."""
        return f"{spell_path(self.path, in_program=in_program)}: {self.reason}"

    def is_within(self, path: str) -> bool:
        """Whether the failure is about the property at ``path`` (in boto3's spelling) or about a part of it."""
        spelling = spell_path(self.path, in_program=False)
        return path in ("*", spelling) or spelling.startswith((f"{path}.", f"{path}["))
