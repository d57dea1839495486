"""The declarations in the states of a preview, with a text in the place of each secret."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cleanrooms_resource.changes.takeover import PULUMI_AWS_TYPE, is_from_pulumi_aws
from cleanrooms_resource.declaration.canonical_form import canonicalize
from cleanrooms_resource.declaration.unknown_values import is_placeholder
from cleanrooms_resource.pulumi_sdk import SIGNATURE_KEY, UNKNOWN
from cleanrooms_resource.table import TABLE, Property

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cleanrooms_resource.preview.document import ResourceState

SECRET: Final = "[secret]"  # noqa: S105 - a mark, not a password
"""The engine's text for a secret. Sometimes the engine writes a map with ``SIGNATURE_KEY`` instead."""


def sort_by_table(names: Iterable[str]) -> list[str]:
    """Return names of properties in the table's order. Names that the table does not have come last."""
    rows = [*TABLE]
    return sorted(names, key=lambda name: (rows.index(name) if name in TABLE else len(rows), name))


def is_state_of_pulumi_aws(state: ResourceState) -> bool:
    """Whether pulumi-aws wrote the state."""
    return state.type == PULUMI_AWS_TYPE or is_from_pulumi_aws(state.outputs)


def read_declaration(state: ResourceState) -> dict[str, Any]:
    """Return the inputs of a state of ours without hidden keys. Inputs of pulumi-aws are returned in our shape."""
    inputs = {
        name: mask_secrets(value)
        for name, value in state.inputs.items()
        if not name.startswith("__")
    }
    if is_state_of_pulumi_aws(state):
        return (
            canonicalize({name: value for name, value in inputs.items() if name in TABLE})[0]
            or inputs
        )
    if "tagsAll" in inputs:
        inputs["tags"] = inputs.pop("tagsAll")  # The default tags of the stack are among them.
    return inputs


def mask_secrets(value: Any) -> Any:
    """Return the value without hidden keys, and with ``SECRET`` for each secret."""
    if isinstance(value, dict):
        return (
            SECRET
            if SIGNATURE_KEY in value
            else {
                key: mask_secrets(part) for key, part in value.items() if not key.startswith("__")
            }
        )
    return [mask_secrets(part) for part in value] if isinstance(value, list) else value


def may_prove_equal(row: Property, old: Any, new: Any) -> bool:
    """Whether ``new`` has an unknown value, and may mean the same as ``old`` once that value is known."""
    return _has_unknown_value(new) and _may_equal(
        row.reduce_to_meaning(old), row.reduce_to_meaning(new), is_members=row.name == "members"
    )


def _has_unknown_value(value: Any) -> bool:
    if isinstance(value, dict):
        return any(is_placeholder(key) or _has_unknown_value(part) for key, part in value.items())
    return any(map(_has_unknown_value, value)) if isinstance(value, list) else value == UNKNOWN


def _may_equal(old: Any, new: Any, *, is_members: bool = False) -> bool:
    """Whether two values may be equal. A part that is left out equals an empty part, but a member that is left out does not equal an empty member."""
    if new == UNKNOWN:
        return True
    if isinstance(old, dict) and isinstance(new, dict):
        parts_without_key = [part for key, part in new.items() if is_placeholder(key)]
        parts_with_key = {key: part for key, part in new.items() if not is_placeholder(key)}
        candidates = [part for key, part in old.items() if key not in new]
        return (
            all(
                _may_equal(old.get(key, None if is_members else {}), part)
                for key, part in parts_with_key.items()
            )
            and len(candidates) == len(parts_without_key)
            and all(
                any(_may_equal(candidate, part) for candidate in candidates)
                for part in parts_without_key
            )
        )
    if isinstance(old, list) and isinstance(new, list) and UNKNOWN in new:
        return all(item in old for item in new if item != UNKNOWN)
    return bool(old == new)
