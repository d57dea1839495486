"""The types of resources that are collaborations or memberships, ours and those of other providers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from cleanrooms_resource.changes.takeover import DYNAMIC_TYPE, PLUGIN_TYPE, PULUMI_AWS_TYPE
from cleanrooms_resource.hidden_keys import DECLARED_NAMES, HOLDER

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Noun(StrEnum):
    """The kind of a resource at AWS."""

    COLLABORATION = "collaboration"
    MEMBERSHIP = "membership"


@dataclass(frozen=True, slots=True)
class ResourceType:
    """A kind of resource. ``provider`` is empty for ours. ``process`` is the process in which Pulumi runs the resource's provider."""

    noun: Noun
    provider: str = ""
    process: str = ""

    @property
    def is_ours(self) -> bool:
        """Whether this package provides the resource."""
        return not self.provider


_DYNAMIC = ResourceType(Noun.COLLABORATION, process="dynamic")
_TYPES: Final = {
    DYNAMIC_TYPE: _DYNAMIC,
    PLUGIN_TYPE: ResourceType(Noun.COLLABORATION, process="plug-in"),
    PULUMI_AWS_TYPE: ResourceType(Noun.COLLABORATION, "pulumi-aws"),
    "aws:cleanrooms/membership:Membership": ResourceType(Noun.MEMBERSHIP, "pulumi-aws"),
    "aws-native:cleanrooms:Collaboration": ResourceType(Noun.COLLABORATION, "aws-native"),
    "aws-native:cleanrooms:Membership": ResourceType(Noun.MEMBERSHIP, "aws-native"),
}
_DYNAMIC_TYPES = "pulumi-python:dynamic"


def find_resource_type(type_: str, inputs: Iterable[Mapping[str, Any]], outputs: Iterable[Mapping[str, Any]]) -> ResourceType | None:
    """Return the kind of resource; None for what is neither a collaboration nor a membership.

    A subclass of ``Collaboration`` may have a type of its own, so the hidden keys of ``inputs`` and ``outputs`` tell its resources.
    """
    if type_ in _TYPES:
        return _TYPES[type_]
    is_ours = any(HOLDER in each for each in inputs) or any(DECLARED_NAMES in each and "arn" in each for each in outputs)
    return _DYNAMIC if type_.startswith(_DYNAMIC_TYPES) and is_ours else None
