"""The changes of members from what AWS has to a declaration, and those of them that AWS makes without a replacement.

A change request adds a member, and grants or revokes some abilities; DeleteMember removes a member
(https://docs.aws.amazon.com/clean-rooms/latest/userguide/change-requests.html). Each change has the types that AWS is expected to make of it.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from cleanrooms_resource.changes.change_requests import RequestedChange, list_learning_abilities
from cleanrooms_resource.changes.payments import (
    CREATOR,
    PayerChanges,
    find_payer_changes,
    find_payers,
    list_leg_changes,
    write_leg,
)
from cleanrooms_resource.declaration.rules import COSTS
from cleanrooms_resource.declaration.spelling import to_snake_case
from cleanrooms_resource.errors import MemberDepartedError
from cleanrooms_resource.table import TABLE, ChangeRequestMode, get_option

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from cleanrooms_resource.changes.known_collaboration import KnownCollaboration

PROPERTIES_OF_MEMBERS: Final = (
    "members",
    "creatorMemberAbilities",
    "creatorPaymentConfiguration",
    "autoApprovedChangeRequestTypes",
)
"""The properties that decide whether members can change without a replacement."""

UNSUPPORTED_ABILITIES: Final = frozenset({"CAN_QUERY", "CAN_RUN_JOB"})
"""The abilities that no change request can have (API_MemberChangeSpecification)."""

_TYPES_OF_ABILITIES: Final = {
    "CAN_RECEIVE_RESULTS": "RECEIVE_RESULTS_ABILITY",
    "CAN_EXPORT_QUERY_ANALYSIS_LOG": "EXPORT_QUERY_ANALYSIS_LOG_ABILITY",
    "CAN_RECEIVE_MODEL_OUTPUT": "CAN_RECEIVE_MODEL_OUTPUT",
    "CAN_RECEIVE_INFERENCE_OUTPUT": "CAN_RECEIVE_INFERENCE_OUTPUT",
}
"""Abilities to the end of the change types that grant or revoke them (ChangeType in botocore's model)."""


@dataclass(frozen=True, slots=True)
class InPlaceChanges:
    """The changes of members without a replacement. ``obstacles`` say why a replacement has to make them; there is none where this way is open."""

    requests: tuple[RequestedChange, ...] = ()
    removals: tuple[str, ...] = ()
    obstacles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MemberChange:
    """A member that AWS would have to add (``old`` is None), to change, or to remove (``new`` is None). Payments are compared elsewhere."""

    account: str
    old: Mapping[str, Any] | None
    new: Mapping[str, Any] | None


def find_member_changes(known: KnownCollaboration, wanted: Mapping[str, Any]) -> list[MemberChange]:
    """Return the changes of members. Members who departed are neutral.

    Raises:
        MemberDepartedError: the declaration has a member again whom an `up` dropped after the member had left or was removed.

    """
    declared, live = known.declared.get("members") or {}, known.live.get("members") or {}
    changes = []
    for account, member in wanted.items():
        if account in live and known.has_departed(account):
            if account in known.dropped and account not in declared:
                raise MemberDepartedError(account, known.statuses[account])
        elif account not in live or _reduce_member(live[account]) != _reduce_member(member):
            changes.append(MemberChange(account, live.get(account), member))
    dropped = (
        account
        for account in declared
        if account not in wanted and account in live and not known.has_departed(account)
    )
    return changes + [MemberChange(account, live[account], None) for account in dropped]


def plan_in_place(
    known: KnownCollaboration, declaration: Mapping[str, Any], replacing: Collection[str]
) -> InPlaceChanges | None:
    """Return the changes of members without a replacement; None where the declaration does not ask for any.

    ``replacing`` are the properties that only a replacement changes by the table. Every value of the declaration is known.
    """
    mode, removes = (
        ChangeRequestMode(get_option(declaration, "changeRequests")),
        get_option(declaration, "removeMembers"),
    )
    if mode is ChangeRequestMode.NEVER and not removes:
        return None
    payer_changes = find_payer_changes(known.declared, known.live, declaration)
    changes = find_member_changes(known, declaration.get("members") or {})
    leg_changes = list_leg_changes(known.live, declaration, payer_changes)
    requests = [
        _build_request(known, change.account, change.new, leg_changes)
        for change in changes
        if change.new is not None
    ]
    removals = [change.account for change in changes if change.new is None]
    obstacles = [
        f"{to_snake_case(name)}: only a replacement changes this property"
        for name in replacing
        if name not in _CHANGEABLE[mode]
    ]
    obstacles += [
        reason
        for account in removals
        if (reason := _find_obstacle_to_removal(known, account, removes=removes))
    ]
    obstacles += [
        reason
        for change in changes
        if change.new is not None and (reason := _find_obstacle(change, mode))
    ]
    if mode is ChangeRequestMode.PROPOSE:
        requests += _request_payers(
            known, declaration, leg_changes, {*removals, *(change.account for change in changes)}
        )
        obstacles += _find_obstacles_to_payers(known, leg_changes)
        if "autoApprovedChangeRequestTypes" in replacing:
            requests.append(_build_collaboration_request(declaration))
    else:
        obstacles += [
            f"{'.'.join(cost)}: AWS does not auto-approve a change of payers"
            for cost in payer_changes
        ]
        obstacles += _find_types_to_approve(known, requests, mode)
    return InPlaceChanges(tuple(requests), tuple(removals), tuple(obstacles))


def leave_waiting_changes(
    known: KnownCollaboration, declaration: Mapping[str, Any], waiting: Iterable[RequestedChange]
) -> dict[str, Any]:
    """Return the declaration in which the parts whose changes wait in change requests are as they were declared before."""
    result, types = {**declaration}, "autoApprovedChangeRequestTypes"
    declared, members = known.declared.get("members") or {}, {**(declaration.get("members") or {})}
    for change in waiting:
        if change.account is None:
            result |= {types: known.declared[types]} if types in known.declared else {}
        elif change.account in declared:
            members[change.account] = declared[change.account]
        else:
            members.pop(change.account, None)
    return result | (
        {"members": dict(sorted(members.items()))} if members or "members" in declaration else {}
    )


_CHANGEABLE: Final = {
    ChangeRequestMode.NEVER: {"members"},
    ChangeRequestMode.AUTO_APPROVED: {"members"},
    # A payment that moves from one member to another may name the creator's property too.
    ChangeRequestMode.PROPOSE: {
        row.name for row in TABLE.values() if "changeRequests" in row.in_place_options
    }
    | {"creatorPaymentConfiguration"},
}
"""The properties that change requests and removals change, by the option."""


def _describe(account: str, reason: str) -> str:
    return f'members["{account}"]: {reason}'


def _find_obstacle(change: MemberChange, mode: ChangeRequestMode) -> str | None:
    old, new = change.old or {}, change.new or {}
    if mode is ChangeRequestMode.NEVER:
        return _describe(change.account, "change_requests is NEVER")
    if change.old is not None and old["displayName"] != new["displayName"]:
        return _describe(change.account, "a change request cannot change a display name")
    return _find_unsupported_abilities(
        change.account, [*old.get("memberAbilities", ()), *new["memberAbilities"]]
    )


def _find_unsupported_abilities(account: str, abilities: Iterable[str]) -> str | None:
    unsupported = UNSUPPORTED_ABILITIES.intersection(abilities)
    return (
        _describe(
            account,
            f"a change request can neither add nor change a member who has {' and '.join(sorted(unsupported))}",
        )
        if unsupported
        else None
    )


def _find_obstacles_to_payers(
    known: KnownCollaboration, payer_changes: PayerChanges
) -> Iterator[str]:
    live = known.live.get("members") or {}
    for account in sorted({account for accounts in payer_changes.values() for account in accounts}):
        if account == CREATOR:
            yield "creator_payment_configuration: a change request cannot change the costs that the creator pays"
        elif known.has_departed(account):
            yield _describe(
                account,
                f"a change request cannot change a member who has the status {known.statuses[account]}",
            )
        elif reason := _find_unsupported_abilities(
            account, live.get(account, {}).get("memberAbilities") or ()
        ):
            yield reason


def _find_obstacle_to_removal(
    known: KnownCollaboration, account: str, *, removes: bool
) -> str | None:
    if not removes:
        return _describe(account, "the program drops this member, and remove_members is not set")
    if known.is_of_older_version:
        return _describe(
            account,
            "an older version wrote the state, which does not show that a program ever declared this member",
        )
    if UNSUPPORTED_ABILITIES & set(known.live["members"][account].get("memberAbilities", ())):
        return _describe(account, "AWS removes no member who queries")
    if any(account in find_payers(known.live, cost) for cost in COSTS):
        return _describe(
            account, "this member pays, and no request names another payer without a vote"
        )
    return None


def _find_types_to_approve(
    known: KnownCollaboration, requests: list[RequestedChange], mode: ChangeRequestMode
) -> Iterator[str]:
    for change in requests if mode is ChangeRequestMode.AUTO_APPROVED else ():
        missing = sorted(change.types - known.auto_approved_types)
        if missing and change.account is not None:
            yield _describe(
                change.account, f"the collaboration does not auto-approve {' and '.join(missing)}"
            )


def _request_payers(
    known: KnownCollaboration,
    declaration: Mapping[str, Any],
    payer_changes: PayerChanges,
    changed: Collection[str],
) -> Iterator[RequestedChange]:
    """Yield the changes of members of whom only the payments change."""
    wanted, live = declaration.get("members") or {}, known.live.get("members") or {}
    accounts = {account for accounts in payer_changes.values() for account in accounts}
    for account in sorted(accounts - {CREATOR, *changed}):
        yield _build_request(
            known, account, wanted.get(account) or live.get(account, {}), payer_changes
        )


def _build_request(
    known: KnownCollaboration, account: str, member: Mapping[str, Any], payer_changes: PayerChanges
) -> RequestedChange:
    old = (known.live.get("members") or {}).get(account)
    specification = {"accountId": account, "memberAbilities": member.get("memberAbilities", [])}
    if old is None:
        specification["displayName"] = member.get("displayName")
    types = set() if old is not None else {"ADD_MEMBER"}
    before, after = _list_abilities(old or {}), _list_abilities(member)
    granted, revoked = after - before, before - after
    if old is None:
        # AWS makes ADD_MEMBER of the abilities that a new member has from the start.
        granted -= _TYPES_OF_ABILITIES.keys() & set(member.get("memberAbilities", ()))
    types |= {
        f"GRANT_{_TYPES_OF_ABILITIES[each]}" for each in granted if each in _TYPES_OF_ABILITIES
    }
    types |= {
        f"REVOKE_{_TYPES_OF_ABILITIES[each]}" for each in revoked if each in _TYPES_OF_ABILITIES
    }
    learning = list_learning_abilities(member)
    if learning != list_learning_abilities(old or {}):
        specification["mlMemberAbilities"] = {"customMLMemberAbilities": sorted(learning)}
    legs = {
        cost: accounts[account] for cost, accounts in payer_changes.items() if account in accounts
    }
    if legs:
        types |= {
            f"{'ADD' if is_responsible else 'REMOVE'}_PAYER_CANDIDATE"
            for is_responsible in legs.values()
        }
        payment = copy.deepcopy((old or {}).get("paymentConfiguration")) or {
            "queryCompute": {"isResponsible": False}
        }
        for cost, is_responsible in legs.items():
            write_leg(payment, cost, is_responsible=is_responsible)
        specification["paymentConfiguration"] = payment
    return RequestedChange(
        account,
        frozenset(types),
        {"specificationType": "MEMBER", "specification": {"member": specification}},
    )


def _build_collaboration_request(declaration: Mapping[str, Any]) -> RequestedChange:
    specification = {
        "collaboration": {
            "autoApprovedChangeTypes": declaration.get("autoApprovedChangeRequestTypes", [])
        }
    }
    return RequestedChange(
        None,
        frozenset({"EDIT_AUTO_APPROVED_CHANGE_TYPES"}),
        {"specificationType": "COLLABORATION", "specification": specification},
    )


def _list_abilities(member: Mapping[str, Any]) -> set[str]:
    return {*(member.get("memberAbilities") or ()), *list_learning_abilities(member)}


def _reduce_member(member: Mapping[str, Any]) -> dict[str, Any]:
    reduced: dict[str, Any] = TABLE["members"].reduce_to_meaning(
        {name: value for name, value in member.items() if name != "paymentConfiguration"}
    )
    return reduced
