"""What a change means, as a table that both drivers run: the host (pulumi.dynamic's servicer) and the engine (the real pulumi).

A scenario is one resource: declared as ``before``, then as ``after``; what the preview of that says, and what the deployment does.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from declarations import ADS, BROKER, PARTNER, declaration, member, responsible

Op = Literal["same", "update", "replace"]


@dataclass(frozen=True)
class Scenario:
    """``detailed`` are the keys of the engine's detailed diff (None: any); ``reasons`` the properties that replace."""

    name: str
    op: Op
    after: dict[str, Any]
    before: dict[str, Any] = field(default_factory=declaration)
    reasons: tuple[str, ...] = ()
    detailed: tuple[str, ...] | None = ()
    ignore_changes: tuple[str, ...] = ()


def no_change(name: str, **kwargs: Any) -> Scenario:
    """Return a scenario with nothing to do."""
    return Scenario(name, "same", **kwargs)


def change_in_place(name: str, *detailed: str, **kwargs: Any) -> Scenario:
    """Return a scenario of a change in place, which keeps the id."""
    return Scenario(name, "update", detailed=detailed, **kwargs)


def replacement(name: str, reason: str, *detailed: str, **kwargs: Any) -> Scenario:
    """Return a scenario of a replacement for one reason."""
    return Scenario(name, "replace", reasons=(reason,), detailed=detailed or (reason,), **kwargs)


REFUSALS: dict[str, tuple[dict[str, Any], str]] = {
    "a wrong type": (declaration(query_log_status=5), "query_log_status: must be a string"),
    "a wrong account": (
        declaration(members=[member("x")]),
        "members[0].account_id: must be an AWS account id, a string of 12 digits",
    ),
    "a misspelt name": (
        declaration(nam="x"),
        'nam: is not a property of a collaboration; did you mean "name"?',
    ),
}
"""Declarations that are refused, and the sentence that says so."""

_QUERIER = member(ADS, member_abilities=["CAN_QUERY"])

SCENARIOS = (
    no_change("again", after=declaration()),
    no_change("members-in-another-order", after=declaration(members=[member(BROKER), _QUERIER])),
    no_change(
        "members-as-a-map",
        after=declaration(
            members={ADS: member(ADS, member_abilities=["CAN_QUERY"]), BROKER: member(BROKER)}
        ),
    ),
    no_change(
        "payment-leg-written-out-as-false",
        after=declaration(
            members=[_QUERIER, member(BROKER, payment_configuration=responsible(jobCompute=False))]
        ),
    ),
    change_in_place(
        "default-written-out",
        "description",
        "isMetricsEnabled",
        "jobLogStatus",
        after=declaration(job_log_status="DISABLED", is_metrics_enabled=False, description=""),
    ),
    no_change("ignored-members", after=declaration(members=[]), ignore_changes=("members",)),
    no_change(
        "ignored-creator",
        after=declaration(creator_display_name="Other"),
        ignore_changes=("creator_display_name",),
    ),
    no_change(
        "ignored-member",
        after=declaration(members=[_QUERIER, member(BROKER, display_name="Other")]),
        ignore_changes=(f'members["{BROKER}"]',),
    ),
    change_in_place("tag-changed", "tags.team", after=declaration(tags={"team": "other"})),
    change_in_place(
        "tag-key-like-a-property",
        "tags.account_id",
        after=declaration(tags={"team": "ads", "account_id": "x"}),
    ),
    replacement(
        "member-inserted",
        "members",
        f"members.{PARTNER}",
        after=declaration(members=[_QUERIER, member(PARTNER), member(BROKER)]),
    ),
    replacement(
        "member-removed", "members", f"members.{BROKER}", after=declaration(members=[_QUERIER])
    ),
    replacement(
        "member-renamed",
        "members",
        f"members.{BROKER}.displayName",
        after=declaration(members=[_QUERIER, member(BROKER, display_name="Other")]),
    ),
    replacement(
        "member-pays",
        "members",
        f"members.{BROKER}.paymentConfiguration",
        after=declaration(
            members=[_QUERIER, member(BROKER, payment_configuration=responsible(queryCompute=True))]
        ),
    ),
    replacement(
        "member-ml-abilities",
        "members",
        f"members.{BROKER}.mlMemberAbilities",
        after=declaration(
            members=[
                _QUERIER,
                member(
                    BROKER,
                    ml_member_abilities={
                        "custom_ml_member_abilities": ["CAN_RECEIVE_MODEL_OUTPUT"]
                    },
                ),
            ]
        ),
    ),
    replacement(
        "creator-member-abilities",
        "creatorMemberAbilities",
        "creatorMemberAbilities[0]",
        after=declaration(creator_member_abilities=["CAN_RUN_JOB"]),
    ),
)
