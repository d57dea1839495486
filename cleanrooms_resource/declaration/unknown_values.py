"""Values that are not known yet: Outputs in the program, Unknowns in the provider at preview."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping

import pulumi

from cleanrooms_resource.pulumi_sdk import UNKNOWN_VALUE, Unknown

__all__ = ["UNKNOWN_VALUE", "is_known", "is_placeholder", "is_unknown", "make_placeholder"]

_PLACEHOLDER = "(known after apply"


def is_unknown(value: object) -> bool:
    """Whether ``value`` itself is not known before the deployment. A map or a list with such a part is known."""
    return isinstance(value, Unknown | pulumi.Output | Awaitable)


def is_known(value: object) -> bool:
    """Whether every part of ``value`` is known before the deployment."""
    if isinstance(value, Mapping):
        return all(not is_placeholder(key) and is_known(part) for key, part in value.items())
    if isinstance(value, list | tuple):
        return all(map(is_known, value))
    return not is_unknown(value)


def make_placeholder(number: int) -> str:
    """Return a key for a member whose account is not known yet; the engine draws it well."""
    return f"{_PLACEHOLDER} {number})"


def is_placeholder(account: object) -> bool:
    """Whether this key of the members map stands for an account that is not known yet."""
    return isinstance(account, str) and account.startswith(_PLACEHOLDER)
