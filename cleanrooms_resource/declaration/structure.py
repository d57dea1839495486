"""The kinds of shapes that a declaration consists of: texts, flags, lists, maps of data, and structures with named parts.

Each kind judges a value: it returns the value's canonical form, and appends a failure for each ill-formed part. In the form, a value that is not
known yet stands for itself, and an ill-formed value becomes one that is not known: the rules between properties judge neither.

The kinds are written here and not with pydantic, because the program and Pulumi's host would each import pydantic, which takes 0.05 s.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

from pulumi.output import UNKNOWN

from cleanrooms_resource.declaration.failures import Failure
from cleanrooms_resource.declaration.spelling import Path, to_snake_case
from cleanrooms_resource.declaration.unknown_values import is_unknown


class Shape(Protocol):
    """A shape of values that are known."""

    def judge(self, value: Any, path: Path, failures: list[Failure]) -> Any:
        """Return the canonical form of a value that is known, and append the failures of the value at ``path``."""
        ...


def judge(shape: Shape, value: Any, path: Path, failures: list[Failure]) -> Any:
    """Return the canonical form of a value of this shape, and append the failures of the value at ``path``."""
    return value if is_unknown(value) else shape.judge(value, path, failures)


def refuse(reason: str, path: Path, failures: list[Failure], program_reason: str = "") -> Any:
    """Append a failure, and return what stands for the ill-formed value."""
    failures.append(Failure(path, reason, program_reason))
    return UNKNOWN


def refuse_type(
    requirement: str, value: Any, path: Path, failures: list[Failure], program_requirement: str = ""
) -> Any:
    """Append the failure of a value of a wrong type, and return what stands for the value."""
    return refuse(
        requirement,
        path,
        failures,
        f"{program_requirement or requirement}, and is of type {type(value).__name__}",
    )


@dataclass(frozen=True, slots=True)
class Text:
    """A string. ``find_violation`` returns the reason why a string is not allowed, or None."""

    find_violation: Callable[[str], str | None] | None = None

    def judge(self, value: Any, path: Path, failures: list[Failure]) -> Any:
        """Return the text itself; a member of an enum becomes its value."""
        if not isinstance(value, str):
            # A bool is an int in Python, and quotes make no right value of it.
            is_number = isinstance(value, int | float) and not isinstance(value, bool)
            hint = "; in YAML, quote it" if is_number else ""
            return refuse(
                "must be a string",
                path,
                failures,
                f"must be a string, and is of type {type(value).__name__}{hint}",
            )
        text = value if type(value) is str else str.__str__(value)
        reason = self.find_violation and self.find_violation(text)
        return refuse(reason, path, failures) if reason else text


@dataclass(frozen=True, slots=True)
class Flag:
    """True or false."""

    def judge(self, value: Any, path: Path, failures: list[Failure]) -> Any:
        """Return the flag itself."""
        return (
            value
            if isinstance(value, bool)
            else refuse_type(
                "must be true or false", value, path, failures, "must be True or False"
            )
        )


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list whose order has a meaning, and whose items have a shape."""

    item: Shape
    requirement: str = "must be a list"

    def judge(self, value: Any, path: Path, failures: list[Failure]) -> Any:
        """Return the items in the program's order."""
        if not isinstance(value, Iterable) or isinstance(value, str | bytes | Mapping):
            return refuse_type(self.requirement, value, path, failures)
        return [
            judge(self.item, item, (*path, position), failures)
            for position, item in enumerate(value)
        ]


@dataclass(frozen=True, slots=True)
class SetOf:
    """A list of strings that AWS treats as a set."""

    item: Text

    def judge(self, value: Any, path: Path, failures: list[Failure]) -> Any:
        """Return the strings sorted, each once, and after them the items that are not known yet."""
        items = judge(ListOf(self.item, "must be a list of strings"), value, path, failures)
        if is_unknown(items):
            return items
        return [
            *sorted({item for item in items if isinstance(item, str)}),
            *(item for item in items if not isinstance(item, str)),
        ]


@dataclass(frozen=True, slots=True)
class MapOf:
    """A map whose keys are data, with strings as values."""

    key: Text
    value: Text

    def judge(self, value: Any, path: Path, failures: list[Failure]) -> Any:
        """Return the entries sorted by key, without those that are null. An entry with an ill-formed key is left out."""
        if not isinstance(value, Mapping):
            return refuse_type("must be a map", value, path, failures, "must be a dict of strings")
        form: dict[str, Any] = {}
        for key, entry in value.items():
            if entry is not None:
                known_key = self.key.judge(key, (*path, key), failures)
                known_entry = judge(self.value, entry, (*path, key), failures)
                form |= {} if is_unknown(known_key) else {known_key: known_entry}
        return dict(sorted(form.items()))


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a structure."""

    shape: Shape
    is_required: bool = False
    other_spellings: tuple[str, ...] = ()
    """The spellings beside boto3's and the program's."""


def list_parts(required: Mapping[str, Shape], optional: Mapping[str, Shape]) -> dict[str, Part]:
    return {name: Part(shape, is_required=True) for name, shape in required.items()} | {
        name: Part(shape) for name, shape in optional.items()
    }


class Structure:
    """A map whose keys are names, in boto3's spelling or the program's.

    ``parts`` are keyed by boto3's spelling. ``explain_unknown_name`` returns the reason why another name is wrong. ``args_class`` is the class
    that a Python program writes.
    """

    def __init__(
        self,
        parts: Mapping[str, Part],
        explain_unknown_name: Callable[[str], str],
        args_class: str = "",
    ) -> None:
        self.parts: Final = parts
        self.names: Final = {
            spelling: name
            for name, part in parts.items()
            for spelling in (name, to_snake_case(name), *part.other_spellings)
        }
        """Boto3's spelling of each name, by every spelling that the structure takes."""
        self._explain_unknown_name: Final = explain_unknown_name
        self._program_requirement: Final = (
            f"must be {args_class} or a dict" if args_class else "must be a dict"
        )

    def judge(self, value: Any, path: Path, failures: list[Failure]) -> Any:
        """Return the declared parts by boto3's spelling, in the order of the shape, without those that are null."""
        if not isinstance(value, Mapping):
            return refuse_type("must be a map", value, path, failures, self._program_requirement)
        declared: dict[str, Any] = {}
        unknown_names: list[Failure] = []
        for spelling, part in value.items():
            name = self.names.get(spelling)
            if part is None:
                continue
            if name is None:
                refuse(
                    self._explain_unknown_name(str(spelling)), (*path, str(spelling)), unknown_names
                )
            elif name in declared:
                refuse("is declared in two spellings", (*path, name), unknown_names)
            else:
                declared[name] = part
        form = {}
        for name, row in self.parts.items():
            if name in declared:
                form[name] = judge(row.shape, declared[name], (*path, name), failures)
            elif row.is_required:
                form[name] = refuse("is required", (*path, name), failures)
        failures += unknown_names
        return form
