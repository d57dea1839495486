"""What a change of a change request means for a member, and the types that Clean Rooms makes of the change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

UNSUPPORTED_ABILITIES = ("CAN_QUERY", "CAN_RUN_JOB")
"""The abilities that no change request can name. A member that has one keeps it; AWS does not document that."""

_ABILITY_TYPES = {
    "CAN_RECEIVE_RESULTS": "RECEIVE_RESULTS_ABILITY",
    "CAN_EXPORT_QUERY_ANALYSIS_LOG": "EXPORT_QUERY_ANALYSIS_LOG_ABILITY",
}
_ML_ABILITY_TYPES = {
    ability: ability for ability in ("CAN_RECEIVE_MODEL_OUTPUT", "CAN_RECEIVE_INFERENCE_OUTPUT")
}
_NOBODY: dict[str, Any] = {"memberAbilities": []}


def merge_member(member: dict[str, Any] | None, specification: dict[str, Any]) -> dict[str, Any]:
    """Return the member, an item of CreateCollaboration's ``members``, as the change makes it. ``None`` stands for a new member.

    ``memberAbilities`` is the full list. A specification without ``mlMemberAbilities`` or ``paymentConfiguration`` does not change them, and a leg
    that a payment configuration leaves out is false. AWS does not document these three.
    """
    if member is None:
        return dict(specification)
    kept_abilities = [
        ability for ability in member["memberAbilities"] if ability in UNSUPPORTED_ABILITIES
    ]
    merged = (
        member
        | specification
        | {"memberAbilities": [*kept_abilities, *specification["memberAbilities"]]}
    )
    if not _list_ml_abilities(merged):
        merged.pop("mlMemberAbilities", None)
    return merged


def find_member_types(member: dict[str, Any] | None, specification: dict[str, Any]) -> list[str]:
    """Return the types of a change of a member; ``None`` stands for a new member. A change that changes nothing has no types.

    The addition of a member includes its abilities, but not that it pays, nor its abilities for machine learning. AWS does not document that.
    """
    before, after = member or _NOBODY, merge_member(member, specification)
    types = (
        ["ADD_MEMBER"]
        if member is None
        else _compare(before["memberAbilities"], after["memberAbilities"], _ABILITY_TYPES)
    )
    types += _compare(_list_ml_abilities(before), _list_ml_abilities(after), _ML_ABILITY_TYPES)
    legs_before, legs_after = find_paid_legs(before), find_paid_legs(after)
    types += ["ADD_PAYER_CANDIDATE"] if legs_after - legs_before else []
    return types + (["REMOVE_PAYER_CANDIDATE"] if legs_before - legs_after else [])


def find_paid_legs(member: dict[str, Any]) -> set[str]:
    """Return the legs of the payment configuration that the member is responsible for."""
    payment = member.get("paymentConfiguration") or {}
    legs = {name: leg for name, leg in payment.items() if name != "machineLearning"} | payment.get(
        "machineLearning", {}
    )
    return {name for name, leg in legs.items() if leg["isResponsible"]}


def _list_ml_abilities(member: dict[str, Any]) -> list[str]:
    return list((member.get("mlMemberAbilities") or {}).get("customMLMemberAbilities", []))


def _compare(before: list[str], after: list[str], types: Mapping[str, str]) -> list[str]:
    return [
        f"{'GRANT' if ability in after else 'REVOKE'}_{types[ability]}"
        for ability in types
        if (ability in before) is not (ability in after)
    ]
