"""The base of the Args classes, and their plain values."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any, TypeVar, dataclass_transform

import pulumi

T = TypeVar("T")
ArgsOrDict = pulumi.Input[T | Mapping[str, Any]]
"""An Args class, or a dict with the same properties."""


@dataclass_transform(kw_only_default=True, field_specifiers=(pulumi.property,))
def args_class(cls: type[T]) -> type[T]:
    """Apply ``pulumi.input_type`` so that type checkers see the arguments."""
    return pulumi.input_type(cls)


class Args:
    """The base of every Args class, which ``to_plain_values`` looks for."""


def to_plain_values(value: Any) -> Any:
    """Return the same value with dicts in the place of Args classes, and Outputs in the place of coroutines and futures.

    Outputs stay in their places. A coroutine can be awaited only once, and the SDK awaits an input as often as the constructor looks at it.
    """
    if isinstance(value, Args):
        return {name: to_plain_values(part) for name, part in vars(value).items() if part is not None}
    if isinstance(value, Mapping):
        return {key: to_plain_values(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [to_plain_values(part) for part in value]
    if inspect.isawaitable(value):
        return pulumi.Output.from_input(value)
    return value
