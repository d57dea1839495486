"""Values that are not known yet: Outputs in the program, Unknowns in the provider at preview."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pulumi
from pulumi.output import Unknown

_PLACEHOLDER = "(known after apply"


@dataclass(frozen=True, slots=True)
class Boxed:
    """A value not known yet, in a box: pydantic would ask an Output for attributes, and an Output has every attribute."""

    value: object


def boxed(value: Any) -> Any:
    """The same dicts and lists with what is not known boxed, and without what is null."""
    if _is_open(value):
        return Boxed(value)
    if isinstance(value, Mapping):
        return {key: boxed(inner) for key, inner in value.items() if inner is not None}
    if isinstance(value, list | tuple):
        return [boxed(inner) for inner in value]
    return value


def is_known(value: object) -> bool:
    """Whether nothing in ``value`` is left open until the deployment."""
    if isinstance(value, Mapping):
        return all(not is_placeholder(key) and is_known(inner) for key, inner in value.items())
    if isinstance(value, list | tuple):
        return all(map(is_known, value))
    return not _is_open(value)


def placeholder(number: int) -> str:
    """A key for a member whose account is not known yet; the engine draws it well."""
    return f"{_PLACEHOLDER} {number})"


def is_placeholder(account: object) -> bool:
    """Whether this key of the members map stands for an account that is not known yet."""
    return isinstance(account, str) and account.startswith(_PLACEHOLDER)


def _is_open(value: object) -> bool:
    return isinstance(value, Unknown | pulumi.Output) or inspect.isawaitable(value)
