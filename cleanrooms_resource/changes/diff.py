"""The diff: which properties of a collaboration differ in meaning from a declaration."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cleanrooms_resource.declaration.unknown_values import is_known
from cleanrooms_resource.hidden_keys import DECLARED_NAMES
from cleanrooms_resource.table import TABLE, ChangeKind, Default

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping


@dataclass(frozen=True, slots=True)
class PropertyChange:
    """A property that differs in meaning; ``old`` and ``new`` are values in canonical form, the default where a value was left out."""

    name: str
    kind: ChangeKind
    old: Any
    new: Any


def diff(old_values: Mapping[str, Any], old_names: Collection[str], declaration: Mapping[str, Any]) -> list[PropertyChange]:
    """Return the changes from a collaboration to a declaration, in the table's order.

    ``old_values`` are the collaboration's outputs, ``old_names`` the properties that it was declared with. ``declaration`` is canonical, and may hold
    values that are not known yet, which count as changed. A property that neither of the two declares is not compared: AWS filled it in.
    """
    changes = []
    for row in TABLE.values():
        old = old_values.get(row.name, old_values.get(row.response_name or row.name, row.default))
        if row.name in declaration:
            new = declaration[row.name]
        elif row.name in old_names and row.default is not Default.CHOSEN_BY_AWS:
            new = row.default
        else:
            continue
        if not is_known(new) or row.reduce_to_meaning(old) != row.reduce_to_meaning(new):
            changes.append(PropertyChange(row.name, row.judge_change_from(old), old, new))
    return changes


def diff_from_outputs(outputs: Mapping[str, Any], declaration: Mapping[str, Any]) -> list[PropertyChange]:
    """Return the changes from the outputs of a resource in the state to a declaration."""
    return diff(outputs, get_declared_properties(outputs), declaration)


def get_declared_properties(outputs: Mapping[str, Any]) -> dict[str, Any]:
    """Return the declaration that these outputs were made from, at the values of the last refresh or deployment."""
    return {name: outputs[name] for name in outputs.get(DECLARED_NAMES, ()) if name in outputs}
