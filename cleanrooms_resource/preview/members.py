"""The members that a preview changes without a replacement, judged from the inputs and the statuses of the members."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from cleanrooms_resource.changes.change_requests import OPEN
from cleanrooms_resource.changes.known_collaboration import DEPARTED
from cleanrooms_resource.preview.declarations import SECRET
from cleanrooms_resource.table import TABLE, ChangeRequestMode, get_option

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


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
    may_remove: bool = False
    """Members may be removed, but the accounts are not known, because the members are secret."""
    denied: tuple[str, ...] = ()
    """The accounts of the members whose change another member denied. The update fails as long as the program wants the change."""


NO_MEMBERS: Final = MembersInPlace()


def find_members_in_place(
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    statuses: Any,
    requests: Any,
    *,
    is_secret: bool,
) -> MembersInPlace:
    """Return the changes of members of an update.

    ``before`` and ``after`` are declarations. ``statuses`` and ``requests`` are the outputs ``memberStatuses`` and ``openChangeRequests``; a text in
    their place is a secret. ``is_secret``: the members differ, and part of them is secret, so that the worst is assumed of what cannot be seen.
    """
    mode, removes = get_option(after, "changeRequests"), _may_remove_members(after)
    old, new = _read_members(before), _read_members(after)
    has_both = all(isinstance(each.get("members", {}), dict) for each in (before, after))
    # Where the statuses are secret, every member of the old inputs may be at AWS.
    statuses = statuses if isinstance(statuses, dict) else dict.fromkeys(old, "INVITED")
    reduce = TABLE["members"].reduce_to_meaning
    requests_changes = mode != ChangeRequestMode.NEVER.value
    # A member that AWS has already is only recorded in the state.
    requested = [
        account
        for account, member in new.items()
        if requests_changes
        and (reduce(old[account]) != reduce(member) if account in old else account not in statuses)
    ]
    # The old inputs also have a member whose addition waits for approval, and AWS does not have that member.
    removed = [
        account
        for account in old
        if removes
        and has_both
        and account not in new
        and statuses.get(account, "LEFT") not in DEPARTED
    ]
    may_remove = removes and is_secret and not has_both
    proposes = mode == ChangeRequestMode.PROPOSE.value
    types = "autoApprovedChangeRequestTypes"
    changed = {types} if proposes and before.get(types, []) != after.get(types, []) else set()
    own_requests = (
        [request for request in requests if isinstance(request, dict)]
        if requests_changes and isinstance(requests, list)
        else []
    )
    open_requests = [
        list_accounts_of_request(request)
        for request in own_requests
        if request.get("status") in OPEN
    ]
    # A request whose accounts are secret may be for any account that the program drops.
    cancels = has_both and any((accounts or old.keys()) - new.keys() for accounts in open_requests)
    denied, approved = (
        _list_accounts_with_status(own_requests, status) for status in ("DENIED", "APPROVED")
    )
    # The update commits a change request that is approved.
    is_approved = bool(requested) and not changed and approved.issuperset(requested)
    changed |= (
        {"members"}
        if requested or removed or cancels or may_remove or (is_secret and requests_changes)
        else set()
    )
    return MembersInPlace(
        requested=tuple(requested),
        removed=tuple(removed),
        may_need_approval=proposes and bool(changed) and not is_approved,
        properties=frozenset(changed),
        cancels_request=cancels,
        may_remove=may_remove,
        denied=tuple(account for account in requested if account in denied),
    )


def _may_remove_members(declaration: Mapping[str, Any]) -> bool:
    """Whether the program removes members in place. The worst is assumed of an option that is secret."""
    return (
        get_option(declaration, "removeMembers") is True
        or declaration.get("removeMembers") == SECRET
    )


def list_accounts_of_request(request: Mapping[str, Any]) -> set[str]:
    """Return the accounts of the members that a change request adds or changes, without those that are secret."""
    changes = request.get("changes")
    specifications = (
        [change.get("specification") for change in changes if isinstance(change, dict)]
        if isinstance(changes, list)
        else []
    )
    members = [
        specification.get("member")
        for specification in specifications
        if isinstance(specification, dict)
    ]
    return {
        str(member["accountId"])
        for member in members
        if isinstance(member, dict) and member.get("accountId")
    }


def _list_accounts_with_status(requests: Iterable[Mapping[str, Any]], status: str) -> set[str]:
    return {
        account
        for request in requests
        if request.get("status") == status
        for account in list_accounts_of_request(request)
    }


def _read_members(declaration: Mapping[str, Any]) -> dict[str, Any]:
    """Return the members by account. A member that is a secret is an empty one."""
    members = declaration.get("members")
    return (
        {account: member if isinstance(member, dict) else {} for account, member in members.items()}
        if isinstance(members, dict)
        else {}
    )
