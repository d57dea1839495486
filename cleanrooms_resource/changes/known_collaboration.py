"""The knowledge that a state has of a collaboration, as of the last refresh or creation."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from cleanrooms_resource.changes.change_requests import ChangeRequest, read_outputs
from cleanrooms_resource.hidden_keys import (
    DECLARED_NAMES,
    DROPPED_MEMBERS,
    HOLDER,
    LIVE_PROPERTIES,
    TOKEN,
)
from cleanrooms_resource.pulumi_sdk import reveal_secret
from cleanrooms_resource.table import TABLE

if TYPE_CHECKING:
    from collections.abc import Mapping

DEPARTED: Final = ("LEFT", "REMOVED")
"""The member statuses of accounts that AWS does not invite to the collaboration again."""


@dataclass(frozen=True, slots=True)
class KnownCollaboration:
    """A collaboration in the state.

    ``declared`` are the declared properties at their live values. ``live`` are all properties as AWS has them. ``is_complete`` says whether the
    state has them: a state of an older version knows the declared properties alone. ``statuses`` are the invited accounts with their member status.
    ``dropped`` are the members who had left, or were removed, when an `up` dropped them. ``is_of_older_version`` says that version 0.1.0 or
    pulumi-aws made the resource: its state may name members as declared that only a refresh had found.
    """

    declared: Mapping[str, Any]
    live: Mapping[str, Any]
    is_complete: bool
    statuses: Mapping[str, str]
    dropped: frozenset[str]
    is_of_older_version: bool = False
    tags_all: Mapping[str, str] = field(default_factory=dict)
    """Every tag that AWS has. In a state of pulumi-aws, ``live`` has only the tags that the program declared, without the stack's default tags."""
    requests: tuple[ChangeRequest, ...] = ()
    """The change requests of this resource that AWS has not settled."""

    @property
    def auto_approved_types(self) -> frozenset[str]:
        return frozenset(self.live.get("autoApprovedChangeRequestTypes") or ())

    def has_departed(self, account: str) -> bool:
        """Whether the member LEFT or was REMOVED; AWS invites no such account again."""
        return self.statuses.get(account) in DEPARTED

    def drop_departed_members(self, declaration: Mapping[str, Any]) -> KnownCollaboration:
        """Return a copy that also counts the departed members that the declaration no longer names as dropped."""
        members = declaration.get("members") or {}
        departed = {
            account
            for account in self.declared.get("members") or {}
            if account not in members and self.has_departed(account)
        }
        return replace(self, dropped=self.dropped | departed)

    def build_hidden_outputs(self) -> dict[str, Any]:
        """Return the hidden output that keeps the dropped members; nothing where no member was dropped."""
        return {DROPPED_MEMBERS: sorted(self.dropped)} if self.dropped else {}

    def list_undeclared_members(self) -> list[str]:
        """Return the members that AWS has and that nobody declared here, without those who have departed."""
        declared = self.declared.get("members") or {}
        return [
            account
            for account in self.live.get("members") or {}
            if account not in declared and not self.has_departed(account)
        ]


def read_known_collaboration(outputs: Mapping[str, Any]) -> KnownCollaboration:
    declared = {name: outputs[name] for name in outputs.get(DECLARED_NAMES, ()) if name in outputs}
    statuses = outputs.get("memberStatuses")
    live = read_live_properties(outputs)
    return KnownCollaboration(
        declared=declared,
        live=_read_live_of_older_version(outputs, declared) if live is None else live,
        is_complete=live is not None,
        statuses=statuses if isinstance(statuses, dict) else {},
        dropped=frozenset(outputs.get(DROPPED_MEMBERS, ())),
        is_of_older_version=HOLDER not in outputs and TOKEN not in outputs,
        tags_all=outputs.get("tagsAll") or {},
        requests=read_outputs(outputs),
    )


def read_live_properties(outputs: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the properties that ``LIVE_PROPERTIES`` holds; None if a state does not have it."""
    live = reveal_secret(outputs.get(LIVE_PROPERTIES))
    # Earlier states hold a map and not its JSON text.
    properties: dict[str, Any] | None = json.loads(live) if isinstance(live, str) else live
    return properties


def _read_live_of_older_version(
    outputs: Mapping[str, Any], declared: Mapping[str, Any]
) -> dict[str, Any]:
    live = {
        name: outputs.get(name, outputs.get(row.response_name or name))
        for name, row in TABLE.items()
    }
    return {name: value for name, value in live.items() if value is not None} | dict(declared)
