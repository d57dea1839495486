"""Values that are not known yet: Outputs in the program, Unknowns in the provider at preview."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pulumi

from cleanrooms_resource.pulumi_sdk import Unknown

_PLACEHOLDER = "(known after apply"


@dataclass(frozen=True, slots=True)
class Boxed:
    """A value that is not known yet, in a box: pydantic asks a value for attributes, and an Output has every attribute."""

    value: object


def box_unknown_values(value: Any) -> Any:
    """Return the same dicts and lists with the unknown values boxed, and without the values that are null."""
    if _is_unknown(value):
        return Boxed(value)
    if isinstance(value, Mapping):
        return {key: box_unknown_values(part) for key, part in value.items() if part is not None}
    if isinstance(value, list | tuple):
        return [box_unknown_values(part) for part in value]
    return value


def is_known(value: object) -> bool:
    """Whether every part of ``value`` is known before the deployment."""
    if isinstance(value, Mapping):
        return all(not is_placeholder(key) and is_known(part) for key, part in value.items())
    if isinstance(value, list | tuple):
        return all(map(is_known, value))
    return not _is_unknown(value)


def make_placeholder(number: int) -> str:
    """Return a key for a member whose account is not known yet; the engine draws it well."""
    return f"{_PLACEHOLDER} {number})"


def is_placeholder(account: object) -> bool:
    """Whether this key of the members map stands for an account that is not known yet."""
    return isinstance(account, str) and account.startswith(_PLACEHOLDER)


def _is_unknown(value: object) -> bool:
    return isinstance(value, Unknown | pulumi.Output) or inspect.isawaitable(value)
