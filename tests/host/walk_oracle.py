"""The verdicts of a walk on plans and refreshes, from what AWS has and what the program declares."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from declarations import ADS

from cleanrooms_resource.declaration.spelling import to_camel_case
from cleanrooms_resource.hidden_keys import DECLARED_NAMES, without_hidden_keys
from cleanrooms_resource.table import TABLE

if TYPE_CHECKING:
    from cleanrooms_resource.testing.collaborations import CollaborationRecord
    from host.driver import Plan, StateResource

REPLACING = (
    "query_log_status",
    "job_log_status",
    "is_metrics_enabled",
    "auto_approved_change_request_types",
    "creator_display_name",
)
DEFAULTS = {
    "job_log_status": "DISABLED",
    "is_metrics_enabled": False,
    "auto_approved_change_request_types": [],
}
PRESENT = ("INVITED", "ACTIVE")
PAYMENTS = {"members", "creatorPaymentConfiguration"}
CREATOR = "creator"
COSTS = (
    ("queryCompute",),
    ("machineLearning", "modelTraining"),
    ("machineLearning", "modelInference"),
    ("machineLearning", "syntheticDataGeneration"),
    ("jobCompute",),
)

Configurations = dict[str, dict[str, Any]]
"""Payment configurations by account, or by ``CREATOR``."""


def judge_plan(
    plan: Plan,
    properties: dict[str, Any],
    outputs: dict[str, Any],
    record: CollaborationRecord,
    *,
    knows_payers: bool,
) -> None:
    """A property that AWS has as it is wanted is never a reason to replace, and any other is."""
    assert (
        _find_replacing_properties(properties, outputs, record) == set(plan.reasons) - PAYMENTS
    ), "other properties differ"
    has_changed_members = _has_changed_members(properties, outputs, record)
    assert not has_changed_members or "members" in plan.reasons, "other members are wanted"
    if not knows_payers:
        return
    if any(_has_changed_payer(cost, properties, outputs, record) for cost in COSTS):
        assert PAYMENTS & set(plan.reasons), "another account is to pay"
    else:
        assert PAYMENTS & set(plan.reasons) == ({"members"} if has_changed_members else set()), (
            "the payers are as wanted"
        )


def _find_replacing_properties(
    properties: dict[str, Any], outputs: dict[str, Any], record: CollaborationRecord
) -> set[str]:
    reasons = {"region"} if properties.get("region", record.region) != record.region else set()
    for name in REPLACING:
        camel = to_camel_case(name)
        is_compared = name in properties or camel in outputs[DECLARED_NAMES]
        if is_compared and properties.get(name, DEFAULTS.get(name)) != record.parameters.get(
            camel, DEFAULTS.get(name)
        ):
            reasons.add(camel)
    return reasons


def _has_changed_members(
    properties: dict[str, Any], outputs: dict[str, Any], record: CollaborationRecord
) -> bool:
    live = {each["accountId"]: each for each in record.parameters["members"]}
    wanted = {each["account_id"]: each for each in properties["members"]}
    present = {account for account in live if record.statuses[account] in PRESENT}
    is_changed = {
        account: account not in live
        or (account in present and each["display_name"] != live[account]["displayName"])
        or (account in present and each["member_abilities"] != live[account]["memberAbilities"])
        for account, each in wanted.items()
    }
    return any(is_changed.values()) or any(
        account in present - wanted.keys() for account in outputs["members"]
    )


def _has_changed_payer(
    cost: tuple[str, ...],
    properties: dict[str, Any],
    outputs: dict[str, Any],
    record: CollaborationRecord,
) -> bool:
    """Whether other accounts are to pay a cost than those that AWS has. The member who queries pays what nobody declares to pay."""
    wanted, declared, live = (
        list_declared_payments(properties),
        _list_output_payments(outputs),
        list_live_payments(record),
    )
    live_payers = find_accounts(live, cost, pays=True) or {ADS}
    payers = find_accounts(wanted, cost, pays=True)
    if payers:
        return payers != live_payers
    if find_accounts(declared, cost, pays=True):
        return live_payers != {ADS}
    return bool(live_payers & find_accounts(wanted, cost, pays=False))


def find_accounts(configurations: Configurations, cost: tuple[str, ...], *, pays: bool) -> set[str]:
    """Return the accounts that are declared to pay a cost, or not to pay it."""
    accounts = set()
    for account, configuration in configurations.items():
        leg: Any = configuration
        for key in (*cost, "isResponsible"):
            leg = (leg or {}).get(key)
        if leg is pays:
            accounts.add(account)
    return accounts


def list_declared_payments(properties: dict[str, Any]) -> Configurations:
    """Return the payment configurations of a program."""
    of_members = {
        each["account_id"]: each.get("payment_configuration") or {}
        for each in properties["members"]
    }
    return {CREATOR: properties.get("creator_payment_configuration") or {}, **of_members}


def list_live_payments(record: CollaborationRecord) -> Configurations:
    """Return the payment configurations at AWS."""
    of_members = {
        each["accountId"]: each.get("paymentConfiguration") or {}
        for each in record.parameters["members"]
    }
    return {CREATOR: record.parameters.get("creatorPaymentConfiguration") or {}, **of_members}


def _list_output_payments(outputs: dict[str, Any]) -> Configurations:
    of_creator = (
        outputs.get("creatorPaymentConfiguration")
        if "creatorPaymentConfiguration" in outputs[DECLARED_NAMES]
        else None
    )
    return {
        CREATOR: of_creator or {},
        **{
            account: each.get("paymentConfiguration") or {}
            for account, each in outputs["members"].items()
        },
    }


def require_same_meaning(
    before: StateResource, after: StateResource, record: CollaborationRecord
) -> None:
    """A refresh alone changes nothing that Pulumi draws.

    It may name the default of a property that the program no longer declares: `up` left that property in the state, because nothing differed.
    And what a program declares a departed member to be is neutral, so the refresh writes what AWS has in its place.
    """
    declared = before.outputs[DECLARED_NAMES]
    defaults = {name: TABLE[name].reduce_to_meaning(None) for name in declared}
    for old, new in ((before.inputs, after.inputs), (before.outputs, after.outputs)):
        expected, found = _reduce_to_meaning(old), _reduce_to_meaning(new)
        assert expected["members"].keys() == found["members"].keys(), (
            "a refresh alone adds no member, and drops none"
        )
        for each in record.parameters["members"]:
            account = each["accountId"]
            if account in expected["members"] and record.statuses[account] not in PRESENT:
                abilities = (
                    {"memberAbilities": sorted(each["memberAbilities"])}
                    if each["memberAbilities"]
                    else {}
                )
                payments = {
                    name: value
                    for name, value in found["members"][account].items()
                    if name == "paymentConfiguration"
                }
                live = {"displayName": each["displayName"], **abilities, **payments}
                # An `up` after the refresh writes the declared inputs again, and nothing at AWS.
                expected["members"][account] = (
                    live if found["members"][account] == live else expected["members"][account]
                )
        assert (
            found == {name: value for name, value in defaults.items() if name in found} | expected
        ), "a refresh alone changes nothing"


def _reduce_to_meaning(properties: dict[str, Any]) -> dict[str, Any]:
    """Return what Pulumi draws; a payment leg that is left out equals one that is false."""
    return {
        name: TABLE[name].reduce_to_meaning(value) if name in TABLE else value
        for name, value in without_hidden_keys(properties).items()
    }
