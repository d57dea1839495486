"""The members that a preview changes without a replacement, judged from the inputs and the statuses of the members."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from cleanrooms_resource.changes.change_requests import OPEN
from cleanrooms_resource.changes.known_collaboration import DEPARTED
from cleanrooms_resource.table import TABLE, ChangeRequestMode, get_option

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class MembersInPlace:
    """The accounts of the members that change requests add or change, and of those that DeleteMember removes.

    ``may_need_approval``: other members may have to approve the change requests. ``properties`` are the properties that change in this way.
    """

    requested: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    may_need_approval: bool = False
    properties: frozenset[str] = frozenset()
    cancels_request: bool = False
    """An open change request is cancelled: it adds or changes a member whom the program no longer declares."""
    denied: tuple[str, ...] = ()
    """The accounts of the members whose change another member denied. The update fails as long as the program wants the change."""


NO_MEMBERS: Final = MembersInPlace()


def find_members_in_place(before: Mapping[str, Any], after: Mapping[str, Any], statuses: Any, requests: Any = None) -> MembersInPlace:
    """Return the changes of members of an update.

    ``before`` and ``after`` are declarations. ``statuses`` and ``requests`` are the outputs ``memberStatuses`` and ``openChangeRequests``; a text in
    their place is a secret.
    """
    mode, removes = get_option(after, "changeRequests"), get_option(after, "removeMembers")
    old, new = _read_members(before), _read_members(after)
    # Where the statuses are secret, every member of the old inputs may be at AWS.
    statuses = statuses if isinstance(statuses, dict) else dict.fromkeys(old, "INVITED")
    reduce = TABLE["members"].reduce_to_meaning
    requests_changes = mode != ChangeRequestMode.NEVER.value
    # A member that AWS has already is only recorded in the state.
    requested = [
        account
        for account, member in new.items()
        if requests_changes and (reduce(old[account]) != reduce(member) if account in old else account not in statuses)
    ]
    # The old inputs also have a member whose addition waits for approval, and AWS does not have that member.
    removed = [account for account in old if removes and account not in new and statuses.get(account, "LEFT") not in DEPARTED]
    proposes = mode == ChangeRequestMode.PROPOSE.value
    types = "autoApprovedChangeRequestTypes"
    changed = {types} if proposes and before.get(types, []) != after.get(types, []) else set()
    own_requests = requests if requests_changes and isinstance(requests, list) else []
    cancels = any(request["status"] in OPEN and _list_accounts(request) - new.keys() for request in own_requests)
    denied = {account for request in own_requests if request["status"] == "DENIED" for account in _list_accounts(request)}
    changed |= {"members"} if requested or removed or cancels else set()
    return MembersInPlace(
        requested=tuple(requested),
        removed=tuple(removed),
        may_need_approval=proposes and bool(changed),
        properties=frozenset(changed),
        cancels_request=cancels,
        denied=tuple(account for account in requested if account in denied),
    )


def _list_accounts(request: Mapping[str, Any]) -> set[str]:
    return {change["specification"]["member"]["accountId"] for change in request["changes"] if "member" in change["specification"]}


def _read_members(declaration: Mapping[str, Any]) -> dict[str, Any]:
    members = declaration.get("members")
    return {account: member for account, member in members.items() if isinstance(member, dict)} if isinstance(members, dict) else {}
