"""The payers of each cost: payment configurations compared by meaning.

A leg is the part of a payment configuration for one cost. Payments are equal when the same accounts pay for the same costs, however the legs are
written. Where nobody is declared to pay for a cost, the member who queries pays
(https://docs.aws.amazon.com/clean-rooms/latest/apireference/API_PaymentConfiguration.html).
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any, Final

from cleanrooms_resource.declaration.rules import COSTS, get_responsibility

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

CREATOR: Final = "creator"
"""The creator's key beside the members' account ids."""

Legs = dict[str, bool | None]
"""Accounts, or ``CREATOR``, to whether they are responsible for a cost; None where a payment configuration leaves the cost out."""


PayerChanges = dict[tuple[str, ...], dict[str, bool]]
"""Costs to the accounts that begin (True) or cease (False) to pay."""


def read_legs(properties: Mapping[str, Any], cost: tuple[str, ...]) -> Legs:
    """Return the responsibility for a cost of each account that has a payment configuration, from properties in canonical form."""
    return {
        account: _read_leg(configuration, cost)
        for account, configuration in _list_configurations(properties)
        if configuration is not None
    }


def find_payers(properties: Mapping[str, Any], cost: tuple[str, ...]) -> set[str]:
    """Return the payers of a cost: the responsible accounts, else the member who queries."""
    payers = {
        account for account, is_responsible in read_legs(properties, cost).items() if is_responsible
    }
    return payers or find_queriers(properties)


def find_queriers(properties: Mapping[str, Any]) -> set[str]:
    """Return the accounts that have CAN_QUERY."""
    queriers = {
        account
        for account, member in (properties.get("members") or {}).items()
        if "CAN_QUERY" in (member.get("memberAbilities") or ())
    }
    return queriers | (
        {CREATOR} if "CAN_QUERY" in (properties.get("creatorMemberAbilities") or ()) else set()
    )


def find_changed_payments(
    declared: Mapping[str, Any], live: Mapping[str, Any], wanted: Mapping[str, Any]
) -> set[str]:
    """Return the properties whose payments change: ``members``, ``creatorPaymentConfiguration``, or both.

    ``declared`` was declared before, ``live`` is at AWS, and ``wanted`` is declared now, with every value known.
    """
    changed: set[str] = set()
    for cost, changes in find_payer_changes(declared, live, wanted).items():
        before, now = read_legs(declared, cost), read_legs(wanted, cost)
        accounts = {account for account in changes if now.get(account) != before.get(account)}
        accounts = (
            accounts
            or {
                account
                for account in now.keys() | before.keys()
                if now.get(account) != before.get(account)
            }
            or {*changes}
        )
        changed |= {
            "creatorPaymentConfiguration" if account == CREATOR else "members"
            for account in accounts
        }
    return changed


def find_payer_changes(
    declared: Mapping[str, Any], live: Mapping[str, Any], wanted: Mapping[str, Any]
) -> PayerChanges:
    """Return, for each cost whose payers change, the accounts that begin (True) or cease (False) to pay."""
    changes = {}
    for cost in COSTS:
        before, now = read_legs(declared, cost), read_legs(wanted, cost)
        payers = {account for account, is_responsible in now.items() if is_responsible}
        live_payers = find_payers(live, cost)
        if not payers:
            was_declared = any(before.values())
            payers = (
                find_queriers(wanted)
                if was_declared
                else live_payers - {account for account in live_payers if now.get(account) is False}
            )
        if payers != live_payers:
            changes[cost] = {account: account in payers for account in payers ^ live_payers}
    return changes


def list_leg_changes(
    live: Mapping[str, Any],
    wanted: Mapping[str, Any],
    changes: Mapping[tuple[str, ...], Mapping[str, bool]],
) -> PayerChanges:
    """Return the changes of payers that a leg has to express. AWS's own choice of a payer, where nobody is set to pay, is in no leg."""
    needed = {}
    for cost, accounts in changes.items():
        legs = {True: read_legs(wanted, cost), False: read_legs(live, cost)}
        needed[cost] = {
            account: pays for account, pays in accounts.items() if legs[pays].get(account)
        }
    return {cost: accounts for cost, accounts in needed.items() if accounts}


def keep_declared_legs(
    updated: Mapping[str, Any], declared: Mapping[str, Any], live: Mapping[str, Any]
) -> dict[str, Any]:
    """Return updated properties with the declared legs of each cost that the declared accounts pay at AWS, however AWS writes its legs."""
    kept = copy.deepcopy(dict(updated))
    for cost in COSTS:
        legs = read_legs(declared, cost)
        if {account for account, is_responsible in legs.items() if is_responsible} != find_payers(
            live, cost
        ):
            continue
        for account, configuration in _list_configurations(kept):
            if isinstance(configuration, dict) and legs.get(account) is not None:
                write_leg(configuration, cost, is_responsible=legs[account])
    return kept


def write_leg(
    configuration: dict[str, Any], cost: tuple[str, ...], *, is_responsible: bool | None
) -> None:
    for key in cost:
        configuration = configuration.setdefault(key, {})
    configuration["isResponsible"] = is_responsible


def _list_configurations(properties: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    yield CREATOR, properties.get("creatorPaymentConfiguration")
    members = properties.get("members")
    # A value that is not known yet is no dict.
    for account, member in (members if isinstance(members, dict) else {}).items():
        if isinstance(member, dict):
            yield account, member.get("paymentConfiguration")


def _read_leg(configuration: Any, cost: tuple[str, ...]) -> bool | None:
    value = get_responsibility(configuration, cost)
    return value if isinstance(value, bool) else None
