"""The base of the Args classes, and their plain values."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterable, Mapping
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar, dataclass_transform

import pulumi

from cleanrooms_resource.declaration.spelling import find_nearest
from cleanrooms_resource.errors import ArgumentError

T = TypeVar("T")
D = TypeVar("D")
ArgsOrDict = pulumi.Input[T | D | Mapping[str, Any]]
"""An Args class, or a dict with the same properties: its ArgsDict, or a dict in boto3's spelling."""


@dataclass_transform(kw_only_default=True, field_specifiers=(pulumi.property,))
def args_class(cls: type[T]) -> type[T]:
    """Apply ``pulumi.input_type`` so that type checkers see the arguments, and have wrong arguments told in one sentence."""
    cls = pulumi.input_type(cls)
    take_arguments = cls.__init__

    @wraps(take_arguments)
    def take_or_explain(self: T, *positional: Any, **keywords: Any) -> None:
        try:
            take_arguments(self, *positional, **keywords)
        except TypeError as error:
            # Pulumi prints the sentence without the traceback, which would name the place.
            caller = sys._getframe(1)  # noqa: SLF001
            place = f"In line {caller.f_lineno} of {Path(caller.f_code.co_filename).name}: "
            raise ArgumentError(place + _explain(cls, error, positional, keywords)) from None

    cls.__init__ = take_or_explain  # type: ignore[assignment]
    return cls


class Args:
    """The base of every Args class, which ``to_plain_values`` looks for."""


def to_plain_values(value: Any) -> Any:
    """Return the same value with dicts in the place of Args classes, and Outputs in the place of coroutines and futures.

    Outputs stay in their places. A coroutine can be awaited only once, and the SDK awaits an input as often as the constructor looks at it.
    """
    if isinstance(value, Args):
        return {
            name: to_plain_values(part) for name, part in vars(value).items() if part is not None
        }
    if isinstance(value, Mapping):
        return {key: to_plain_values(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [to_plain_values(part) for part in value]
    if inspect.isawaitable(value):
        return pulumi.Output.from_input(value)
    return value


def _explain(
    cls: type, error: TypeError, positional: tuple[Any, ...], keywords: Mapping[str, Any]
) -> str:
    """Return the sentence that names every argument that is unknown, or else every argument that is missing."""
    parameters = inspect.signature(cls).parameters
    unknown = [
        f"{cls.__name__} {_explain_unknown(name, parameters)}"
        for name in keywords
        if name not in parameters
    ]
    if unknown:
        return " ".join(unknown)
    missing = [
        name
        for name, each in list(parameters.items())[len(positional) :]
        if each.default is each.empty and name not in keywords
    ]
    if missing:
        return f"{cls.__name__} needs {' and '.join(missing)}."
    return f"{cls.__name__}: {error}"


def _explain_unknown(name: str, arguments: Iterable[str]) -> str:
    nearest = find_nearest(name, arguments)
    hint = f'did you mean "{nearest}"?' if nearest else f"the arguments are {', '.join(arguments)}."
    return f'has no argument "{name}"; {hint}'
