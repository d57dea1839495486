"""The comparison of a live collaboration with the one that CreateCollaboration creates from a declaration.

The diff overlooks properties that a program does not declare. The search for a lost creation compares them too: somebody else created a collaboration
that has an additional member, ability, payer or tag.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cleanrooms_resource.declaration.rules import COSTS, get_responsibility
from cleanrooms_resource.table import TABLE, Default

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cleanrooms_resource.changes.live_collaboration import LiveCollaboration

_JUDGED_BY_MEMBER = (
    "members",
    "creatorMemberAbilities",
    "creatorMLMemberAbilities",
    "creatorPaymentConfiguration",
)


def is_created_from(live: LiveCollaboration, declaration: Mapping[str, Any]) -> bool:
    """Whether the collaboration has everything that the declaration asks for, and nothing more. Values that AWS chooses are not compared."""
    creator = live.collaboration["creatorAccountId"]
    wanted = {
        creator: {
            "displayName": declaration["creatorDisplayName"],
            "memberAbilities": declaration["creatorMemberAbilities"],
            "mlMemberAbilities": declaration.get("creatorMLMemberAbilities"),
            "paymentConfiguration": declaration.get("creatorPaymentConfiguration"),
        },
        **declaration.get("members", {}),
    }
    existing = {
        member["accountId"]: {
            "displayName": member["displayName"],
            "memberAbilities": member["abilities"],
            "mlMemberAbilities": member.get("mlAbilities"),
            "paymentConfiguration": member["paymentConfiguration"],
        }
        for member in live.members
    }
    return (
        _has_equal_properties(live, declaration)
        and {account: _list_abilities(member) for account, member in existing.items()}
        == {account: _list_abilities(member) for account, member in wanted.items()}
        and all(_has_equal_payers(existing, wanted, creator, cost) for cost in COSTS)
    )


def _has_equal_properties(live: LiveCollaboration, declaration: Mapping[str, Any]) -> bool:
    existing = dict(live.collaboration) | {"tags": live.list_own_tags()}
    for row in TABLE.values():
        wanted = declaration.get(row.name, row.default)
        if row.name in _JUDGED_BY_MEMBER or row.name == "region" or wanted is Default.CHOSEN_BY_AWS:
            continue
        value = existing.get(row.response_name or row.name)
        value = sorted(value) if isinstance(value, list) else value
        if row.reduce_to_meaning(value) != row.reduce_to_meaning(wanted):
            return False
    return True


def _list_abilities(member: Mapping[str, Any]) -> tuple[str, frozenset[str], frozenset[str]]:
    learning = (member.get("mlMemberAbilities") or {}).get("customMLMemberAbilities") or ()
    return member["displayName"], frozenset(member["memberAbilities"]), frozenset(learning)


def _has_equal_payers(
    existing: Mapping[str, Any], wanted: Mapping[str, Any], creator: str, cost: tuple[str, ...]
) -> bool:
    """Whether the same accounts pay for a cost. Where the declaration names no payer, AWS's own choice is equal too."""
    payers, declared = _list_payers(existing, cost), _list_payers(wanted, cost)
    if payers == declared:
        return True
    # AWS's guide: the member who queries pays by default. A recorded answer has the creator in its place.
    queriers = {
        account for account, member in wanted.items() if "CAN_QUERY" in member["memberAbilities"]
    }
    chosen_by_aws = {
        account
        for account in {creator, *queriers}
        if get_responsibility(wanted[account].get("paymentConfiguration"), cost) is None
    }
    return not declared and len(payers) == 1 and payers <= chosen_by_aws


def _list_payers(members: Mapping[str, Any], cost: tuple[str, ...]) -> set[str]:
    return {
        account
        for account, member in members.items()
        if get_responsibility(member.get("paymentConfiguration"), cost)
    }
