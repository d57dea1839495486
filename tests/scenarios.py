"""What a change means, as a table that both drivers run: the host (pulumi.dynamic's servicer) and the engine (the real pulumi).

A scenario is one resource: declared as ``before``, then as ``after``; what the preview of that says, and what the deployment does.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from declarations import ADS, BROKER, LEFT_OUT, PARTNER, declaration, member, responsible

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


def same(name: str, **kwargs: Any) -> Scenario:
    """Nothing to do."""
    return Scenario(name, "same", **kwargs)


def in_place(name: str, *detailed: str, **kwargs: Any) -> Scenario:
    """Changed in place: the id stays."""
    return Scenario(name, "update", detailed=detailed, **kwargs)


def replaced(name: str, reason: str, *detailed: str, **kwargs: Any) -> Scenario:
    """A new collaboration, for that one reason."""
    return Scenario(name, "replace", reasons=(reason,), detailed=detailed or (reason,), **kwargs)


REFUSALS: dict[str, tuple[dict[str, Any], str]] = {
    "a wrong type": (declaration(query_log_status=5), "query_log_status: must be a string"),
    "a wrong account": (declaration(members=[member("x")]), "members[0].account_id: must be an AWS account id, a string of 12 digits"),
    "a name of another": (declaration(nam="x"), 'nam: is not a property of a collaboration; did you mean "name"?'),
}
"""Declarations that are refused, and the sentence that says so."""

_ENCRYPTION = {
    "allow_cleartext": True,
    "allow_duplicates": True,
    "allow_joins_on_columns_with_different_names": True,
    "preserve_nulls": False,
}
_QUERYING = member(ADS, member_abilities=["CAN_QUERY"])

SCENARIOS = (
    same("again", after=declaration()),
    same("members-in-another-order", after=declaration(members=[member(BROKER), _QUERYING])),
    same("members-as-a-map", after=declaration(members={ADS: member(ADS, member_abilities=["CAN_QUERY"]), BROKER: member(BROKER)})),
    same(
        "abilities-in-another-order",
        before=declaration(members=[member(ADS, member_abilities=["CAN_QUERY", "CAN_RECEIVE_RESULTS"])]),
        after=declaration(members=[member(ADS, member_abilities=["CAN_RECEIVE_RESULTS", "CAN_QUERY"])]),
    ),
    same(
        "payment-leg-written-out-as-false",
        after=declaration(members=[_QUERYING, member(BROKER, payment_configuration=responsible(jobCompute=False))]),
    ),
    same("default-written-out", after=declaration(job_log_status="DISABLED", is_metrics_enabled=False, description="")),
    same("region-of-the-stack-written-out", after=declaration(region="us-east-1")),
    same("engine-left-out-again", before=declaration(analytics_engine="SPARK"), after=declaration()),
    same("other-spelling", after={"queryLogStatus": "ENABLED"} | declaration(query_log_status=LEFT_OUT)),
    same("ignored-members", after=declaration(members=[]), ignore_changes=("members",)),
    same("ignored-creator", after=declaration(creator_display_name="Other"), ignore_changes=("creator_display_name",)),
    same(
        "ignored-member",
        after=declaration(members=[_QUERYING, member(BROKER, display_name="Other")]),
        ignore_changes=(f'members["{BROKER}"]',),
    ),
    in_place("name", "name", after=declaration(name="Other")),
    in_place("description-added", "description", after=declaration(description="What for")),
    in_place("description-changed", "description", before=declaration(description="What for"), after=declaration(description="Why")),
    in_place("description-removed", "description", before=declaration(description="What for"), after=declaration()),
    in_place("tag-changed", "tags.team", after=declaration(tags={"team": "other"})),
    in_place("tags-removed", "tags", after=declaration(tags=LEFT_OUT)),
    in_place("tag-key-like-a-property", "tags.account_id", after=declaration(tags={"team": "ads", "account_id": "x"})),
    replaced("member-inserted", "members", f"members.{PARTNER}", after=declaration(members=[_QUERYING, member(PARTNER), member(BROKER)])),
    replaced("member-removed", "members", f"members.{BROKER}", after=declaration(members=[_QUERYING])),
    replaced(
        "member-renamed",
        "members",
        f"members.{BROKER}.displayName",
        after=declaration(members=[_QUERYING, member(BROKER, display_name="Other")]),
    ),
    replaced(
        "member-pays",
        "members",
        f"members.{BROKER}.paymentConfiguration",
        after=declaration(members=[_QUERYING, member(BROKER, payment_configuration=responsible(queryCompute=True))]),
    ),
    replaced(
        "member-ml-abilities",
        "members",
        f"members.{BROKER}.mlMemberAbilities",
        after=declaration(
            members=[
                _QUERYING,
                member(BROKER, ml_member_abilities={"custom_ml_member_abilities": ["CAN_RECEIVE_MODEL_OUTPUT"]}),
            ]
        ),
    ),
    replaced("creator-display-name", "creatorDisplayName", after=declaration(creator_display_name="Other")),
    replaced(
        "creator-member-abilities",
        "creatorMemberAbilities",
        "creatorMemberAbilities[0]",
        after=declaration(creator_member_abilities=["CAN_RUN_JOB"]),
    ),
    replaced(
        "creator-ml-member-abilities",
        "creatorMLMemberAbilities",
        after=declaration(creator_ml_member_abilities={"custom_ml_member_abilities": ["CAN_RECEIVE_MODEL_OUTPUT"]}),
    ),
    replaced(
        "creator-payment-configuration",
        "creatorPaymentConfiguration",
        after=declaration(creator_payment_configuration=responsible(queryCompute=True)),
    ),
    replaced("data-encryption-metadata", "dataEncryptionMetadata", after=declaration(data_encryption_metadata=_ENCRYPTION)),
    replaced("query-log-status", "queryLogStatus", after=declaration(query_log_status="DISABLED")),
    replaced("job-log-status", "jobLogStatus", after=declaration(job_log_status="ENABLED")),
    replaced(
        "auto-approved-change-request-types",
        "autoApprovedChangeRequestTypes",
        after=declaration(auto_approved_change_request_types=["ADD_MEMBER"]),
    ),
    replaced("allowed-result-regions", "allowedResultRegions", after=declaration(allowed_result_regions=["eu-west-1"])),
    replaced("is-metrics-enabled", "isMetricsEnabled", after=declaration(is_metrics_enabled=True)),
    replaced("region", "region", after=declaration(region="eu-west-1")),
)
