"""Who has joined a collaboration, as far as a state knows it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from cleanrooms_resource.changes.known_collaboration import DEPARTED
from cleanrooms_resource.hidden_keys import READ_AT
from cleanrooms_resource.preview.declarations import SECRET, mask_secrets

if TYPE_CHECKING:
    from cleanrooms_resource.preview.document import ResourceState


@dataclass(frozen=True, slots=True)
class Joined:
    """Who has joined.

    ``members`` maps the accounts that have joined to their display names; None where the state does not know. ``invited`` is the number of accounts
    that AWS has invited, without those that have departed. ``creator`` says whether the creator has joined; None where the state does not know.
    ``is_refreshed``: this preview refreshed the state. ``read_at`` is the time of the last refresh or creation, as ``2026-11-24 15:56 UTC``,
    or empty.
    """

    members: dict[str, str] | None = None
    invited: int = 0
    creator: bool | None = None
    is_refreshed: bool = False
    is_secret: bool = False
    read_at: str = ""
    open_requests: list[dict[str, Any]] = field(default_factory=list)
    """The entries of the output ``openChangeRequests``."""


def read_joined(state: ResourceState, *, is_refreshed: bool) -> Joined:
    """Return what the outputs of a state know; they may be outputs of pulumi-aws, which has a list of members with a ``status``."""
    outputs = {
        name: mask_secrets(state.outputs.get(name))
        for name in ("members", "memberStatuses", "memberStatus", "openChangeRequests")
    }
    members, statuses = outputs["members"], outputs["memberStatuses"]
    if isinstance(members, list):
        members = {
            str(member.get("accountId")): member for member in members if isinstance(member, dict)
        }
        statuses = {account: member.get("status") for account, member in members.items()}
        statuses = statuses if all(statuses.values()) else None
    creator = {"ACTIVE": True, "INVITED": False}.get(str(outputs["memberStatus"]))
    requests = outputs["openChangeRequests"]
    known: dict[str, Any] = {
        "creator": creator,
        "is_refreshed": is_refreshed,
        "read_at": _format_time(state.outputs.get(READ_AT)),
        "open_requests": [each for each in requests if isinstance(each, dict)]
        if isinstance(requests, list)
        else [],
    }
    if not isinstance(statuses, dict) or SECRET in statuses.values():
        return Joined(is_secret=SECRET in str(statuses), **known)
    names = members if isinstance(members, dict) else {}
    active = sorted(account for account, status in statuses.items() if status == "ACTIVE")
    return Joined(
        {account: _get_name(names.get(account)) for account in active},
        sum(each not in DEPARTED for each in statuses.values()),
        **known,
    )


def _get_name(member: Any) -> str:
    return str(member.get("displayName", "")) if isinstance(member, dict) else ""


def _format_time(value: Any) -> str:
    try:
        return datetime.fromisoformat(str(value)).astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
    except ValueError:
        return ""
