"""The declaration of a collaboration that exists: every property that AWS has, and nothing that equals a default."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cleanrooms_resource.changes.adoption import describe_changes
from cleanrooms_resource.changes.diff import diff_from_outputs
from cleanrooms_resource.changes.known_collaboration import DEPARTED
from cleanrooms_resource.changes.live_collaboration import Reading, build_outputs
from cleanrooms_resource.changes.payments import (
    CREATOR,
    find_payers,
    find_queriers,
    read_legs,
    write_leg,
)
from cleanrooms_resource.declaration.canonical_form import canonicalize
from cleanrooms_resource.declaration.rules import COSTS
from cleanrooms_resource.table import TABLE, Default

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cleanrooms_resource.changes.live_collaboration import LiveCollaboration

_QUERY_COMPUTE = ("queryCompute",)
_ENGINE_OF_NEW_COLLABORATIONS = "SPARK"


class UndeclarableError(Exception):
    """No declaration of this package means what AWS has. The message says why, without a full stop."""


@dataclass(frozen=True, slots=True)
class ExistingDeclaration:
    """A declaration in canonical form, which means what AWS has.

    ``has_payers`` is False where AWS has payers that no declaration can name, because they left or were removed.
    """

    properties: dict[str, Any]
    has_payers: bool = True


def declare_existing(live: LiveCollaboration, region: str) -> ExistingDeclaration:
    """Return the declaration of a collaboration as it was read. Members who left or were removed are not declared.

    Raises:
        UndeclarableError: the declaration would be refused, or would not equal the collaboration.

    """
    complete = live.list_properties(region)
    departed = {account for account, status in live.member_statuses().items() if status in DEPARTED}
    properties = _without_payments(complete, departed)
    # No declaration names a payer who has departed. Without that payer, a leg of another payer can mean something else.
    candidates = [
        ExistingDeclaration(
            _add_payers(properties, complete, set()),
            has_payers=not _has_departed_payer(complete, departed),
        ),
        ExistingDeclaration(_add_payers(properties, complete, departed), has_payers=False),
        ExistingDeclaration(properties, has_payers=False),
    ]
    faults = []
    for candidate in candidates:
        fault = _find_fault(live, candidate.properties, region)
        if fault is None:
            return candidate
        faults.append(fault)
    raise UndeclarableError(faults[0])


def _without_payments(complete: Mapping[str, Any], departed: set[str]) -> dict[str, Any]:
    """Return the properties that differ from their defaults, the region too, without payments and without departed members."""
    properties = {
        name: value
        for name, value in complete.items()
        if name != "creatorPaymentConfiguration" and not _is_default(name, value, complete)
    }
    members = {
        account: _reduce_member(member)
        for account, member in complete["members"].items()
        if account not in departed
    }
    properties.pop("members", None)
    if members:
        properties["members"] = members
    return properties


def _is_default(name: str, value: Any, complete: Mapping[str, Any]) -> bool:
    row = TABLE[name]
    if row.default is Default.CHOSEN_BY_AWS:
        return bool(
            value
            == {
                "analyticsEngine": _ENGINE_OF_NEW_COLLABORATIONS,
                "allowedResultRegions": [complete["region"]],
            }.get(name)
        )
    return bool(row.reduce_to_meaning(value) == row.reduce_to_meaning(row.default))


def _reduce_member(member: Mapping[str, Any]) -> dict[str, Any]:
    reduced = TABLE["members"].reduce_to_meaning(
        {name: value for name, value in member.items() if name != "paymentConfiguration"}
    )
    return {"displayName": member["displayName"], "memberAbilities": [], **reduced}


def _has_departed_payer(complete: Mapping[str, Any], departed: set[str]) -> bool:
    """Return whether a departed account pays a cost, so that the declaration cannot name its payer."""
    return any(
        pays and account in departed
        for cost in COSTS
        for account, pays in read_legs(complete, cost).items()
    )


def _add_payers(
    properties: Mapping[str, Any], complete: Mapping[str, Any], excluded: set[str]
) -> dict[str, Any]:
    """Return the properties with the legs of every cost that another account pays than the member who queries, unless an excluded account pays."""
    configurations: dict[str, dict[str, Any]] = {}
    for cost in COSTS:
        payers = {account for account, pays in read_legs(complete, cost).items() if pays}
        is_written = payers != find_queriers(complete) and not payers & excluded
        for account in payers if is_written else ():
            write_leg(configurations.setdefault(account, {}), cost, is_responsible=True)
    payers_of_queries = find_payers(complete, _QUERY_COMPUTE)
    for account, configuration in configurations.items():
        # A payment configuration needs this leg.
        write_leg(configuration, _QUERY_COMPUTE, is_responsible=account in payers_of_queries)
    paid = dict(properties)
    if CREATOR in configurations:
        paid["creatorPaymentConfiguration"] = configurations[CREATOR]
    if "members" in paid:
        paid["members"] = {
            account: member
            | (
                {"paymentConfiguration": configurations[account]}
                if account in configurations
                else {}
            )
            for account, member in paid["members"].items()
        }
    return paid


def _find_fault(live: LiveCollaboration, properties: Mapping[str, Any], region: str) -> str | None:
    """Return why a declaration cannot stand for the collaboration; None if it is adopted without a write, and the next preview is unchanged."""
    form, failures = canonicalize(properties)
    if failures:
        return "; ".join(failure.to_sentence(in_program=True) for failure in failures)
    outputs = build_outputs(
        live.collaboration, form, region, live.member_statuses(), live.list_own_tags()
    )
    reading = Reading(live.list_properties(region), live.collaboration["updateTime"].isoformat())
    changes = (
        live.list_differences(form, region)
        or diff_from_outputs(outputs | reading.to_outputs(), form, ()).changes
    )
    return describe_changes(changes, form, TABLE) if changes else None
