"""The types of resources: which are collaborations of this package, and which others are of Clean Rooms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cleanrooms_resource.changes.takeover import DYNAMIC_TYPE, PLUGIN_TYPE
from cleanrooms_resource.hidden_keys import DECLARED_NAMES, HOLDER

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_DYNAMIC: Final = "dynamic"
_PROCESSES: Final = {DYNAMIC_TYPE: _DYNAMIC, PLUGIN_TYPE: "plug-in"}
_DYNAMIC_TYPES: Final = "pulumi-python:dynamic"


def find_process(
    type_: str, inputs: Iterable[Mapping[str, Any]], outputs: Iterable[Mapping[str, Any]]
) -> str:
    """Return the process in which Pulumi runs a collaboration's provider; an empty text for any other resource.

    A subclass of ``Collaboration`` may have a type of its own, so the hidden keys of ``inputs`` and
    ``outputs`` tell its resources.
    """
    if type_ in _PROCESSES:
        return _PROCESSES[type_]
    has_holder = any(HOLDER in each for each in inputs)
    has_outputs = any(DECLARED_NAMES in each and "arn" in each for each in outputs)
    return _DYNAMIC if type_.startswith(_DYNAMIC_TYPES) and (has_holder or has_outputs) else ""


def names_clean_rooms(type_: str) -> bool:
    """Whether a type names Clean Rooms. A provider's own resource is nothing at AWS."""
    return "cleanrooms" in type_.lower() and not type_.startswith("pulumi:providers:")
