"""The changes that a walk makes to programs."""

from __future__ import annotations

from typing import Any

from declarations import ADS, BROKER, LEFT_OUT, PARTNER, member, responsible
from hypothesis import strategies as st

Change = tuple[str, Any]
"""A property, a member's account or ``PAYERS``, and its new value."""

CHOICES: dict[str, tuple[Any, ...]] = {
    "name": ("Ads measurement", "Other", LEFT_OUT),
    "description": (LEFT_OUT, "", "Words", "By hand"),
    "tags": (LEFT_OUT, {}, {"team": "ads"}, {"team": "other", "by": "hand"}),
    "query_log_status": ("ENABLED", "DISABLED"),
    "job_log_status": (LEFT_OUT, "DISABLED", "ENABLED"),
    "is_metrics_enabled": (LEFT_OUT, False, True),
    "auto_approved_change_request_types": (LEFT_OUT, [], ["ADD_MEMBER"]),
    "creator_display_name": ("RetailCo", "Other"),
    "region": (LEFT_OUT, "us-east-1", "eu-west-1"),
}
MEMBERS: dict[str, tuple[Any, ...]] = {
    BROKER: (
        LEFT_OUT,
        member(BROKER),
        member(BROKER, payment_configuration=responsible()),
        member(BROKER, display_name="Other"),
    ),
    PARTNER: (LEFT_OUT, member(PARTNER), member(PARTNER, member_abilities=["CAN_RECEIVE_RESULTS"])),
}
BY_HAND = {"accountId": PARTNER, "displayName": "Member 4444", "memberAbilities": []}

PAYERS = "payers"
"""The name of the change that sets the payment configurations of the creator and of the member who queries, in this order."""


def _write_every_leg(*, is_responsible: bool) -> dict[str, Any]:
    """Return a payment configuration as AWS writes it."""
    leg = {"isResponsible": is_responsible}
    return {
        "queryCompute": leg,
        "machineLearning": {
            "modelTraining": leg,
            "modelInference": leg,
            "syntheticDataGeneration": leg,
        },
        "jobCompute": leg,
    }


_PAYS, _PAYS_NOT = responsible(queryCompute=True), responsible()
CONFIGURATIONS: tuple[tuple[Any, Any], ...] = (
    (LEFT_OUT, LEFT_OUT),
    (_PAYS, LEFT_OUT),
    (_PAYS, _PAYS_NOT),
    (LEFT_OUT, _PAYS),
    (_PAYS_NOT, _PAYS),
    (_PAYS_NOT, LEFT_OUT),
    (_write_every_leg(is_responsible=True), _write_every_leg(is_responsible=False)),
    (_write_every_leg(is_responsible=False), _write_every_leg(is_responsible=True)),
)

CHANGES = st.one_of(
    st.sampled_from([(name, value) for name, values in CHOICES.items() for value in values]),
    st.sampled_from([(account, value) for account, values in MEMBERS.items() for value in values]),
    st.sampled_from([(PAYERS, each) for each in CONFIGURATIONS]),
)


def apply_changes(properties: dict[str, Any], changes: list[Change]) -> dict[str, Any]:
    """Return a declaration with changes."""
    members = {each["account_id"]: each for each in properties["members"]}
    changed = dict(properties)
    for name, value in changes:
        if name == PAYERS:
            changed["creator_payment_configuration"], of_querier = value
            members[ADS] = member(
                ADS, member_abilities=["CAN_QUERY"], payment_configuration=of_querier
            )
        elif name in MEMBERS:
            members[name] = value
        else:
            changed[name] = value
    changed["members"] = [each for each in members.values() if each is not LEFT_OUT]
    return {name: value for name, value in changed.items() if value is not LEFT_OUT}
