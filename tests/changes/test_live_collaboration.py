"""What AWS returns, against what was declared: answers as Clean Rooms answers, payments expanded and defaults filled in."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from declarations import ADS, BROKER, LEFT_OUT, PARTNER, declaration, member, responsible

from cleanrooms_resource.changes.live_collaboration import (
    LiveCollaboration,
    build_outputs,
    read_response,
)
from cleanrooms_resource.declaration.canonical_form import canonicalize

CREATOR = "111122223333"
WHEN = datetime(2026, 11, 22, 12, tzinfo=UTC)
EVERY_LEG_FALSE = {
    "queryCompute": {"isResponsible": False},
    "machineLearning": {
        leg: {"isResponsible": False}
        for leg in ("modelTraining", "modelInference", "syntheticDataGeneration")
    },
    "jobCompute": {"isResponsible": False},
}


def make_summary(account: str, **overrides: Any) -> dict[str, Any]:
    base = {
        "accountId": account,
        "status": "INVITED",
        "displayName": f"Member {account[:4]}",
        "abilities": [],
        "paymentConfiguration": EVERY_LEG_FALSE,
    }
    return base | overrides


def make_live(
    *extra: dict[str, Any], tags: dict[str, str] | None = None, **overrides: Any
) -> LiveCollaboration:
    """Return the declaration of the tests' factory as AWS would return it."""
    collaboration = {
        "id": "1",
        "name": "Ads measurement",
        "creatorAccountId": CREATOR,
        "creatorDisplayName": "RetailCo",
        "queryLogStatus": "ENABLED",
        "analyticsEngine": "SPARK",
        "isMetricsEnabled": False,
        "allowedResultRegions": ["us-east-1"],
        "createTime": WHEN,
    }
    # The member who queries pays by default, and AWS says so though nobody declared it.
    querying = make_summary(
        ADS,
        abilities=["CAN_QUERY"],
        paymentConfiguration={**EVERY_LEG_FALSE, "queryCompute": {"isResponsible": True}},
    )
    creator = make_summary(CREATOR, displayName="RetailCo", abilities=["CAN_RECEIVE_RESULTS"])
    members = {
        each["accountId"]: each for each in (querying, creator, make_summary(BROKER), *extra)
    }
    return LiveCollaboration(
        collaboration | overrides, list(members.values()), tags or {"team": "ads"}
    )


def read_declaration(live: LiveCollaboration, **overrides: Any) -> dict[str, Any]:
    """Return the inputs that a read returns for a declaration."""
    form, failures = canonicalize(declaration(**overrides))
    assert failures == []
    return live.update_declaration(form, "us-east-1")


@pytest.mark.parametrize(
    "overrides",
    [
        {},
        {"job_log_status": "DISABLED"},
        {"auto_approved_change_request_types": []},
        {"is_metrics_enabled": False},
        {"description": ""},
        {"creator_payment_configuration": responsible(jobCompute=False)},
        {"creator_ml_member_abilities": {"customMLMemberAbilities": []}},
        {
            "members": [
                member(ADS, member_abilities=["CAN_QUERY"]),
                member(BROKER, payment_configuration=responsible(jobCompute=False)),
            ]
        },
    ],
)
def test_what_aws_fills_in_is_no_drift(overrides: dict[str, Any]) -> None:
    assert read_declaration(make_live(), **overrides) == canonicalize(declaration(**overrides))[0]


def test_a_member_that_nobody_declared_is_no_drift() -> None:
    assert read_declaration(make_live(make_summary(PARTNER))) == canonicalize(declaration())[0]


@pytest.mark.parametrize("leg", ["queryCompute", "jobCompute"])
def test_get_shows_a_member_with_what_it_pays(leg: str) -> None:
    payer = make_summary(
        PARTNER, paymentConfiguration={**EVERY_LEG_FALSE, leg: {"isResponsible": True}}
    )

    outputs = make_live(payer).list_outputs_of_get("us-east-1")

    assert outputs["members"][PARTNER]["paymentConfiguration"] == responsible(**{leg: True})


def test_an_ability_granted_outside_to_a_declared_member_is_drift() -> None:
    granted = {"customMLMemberAbilities": ["CAN_RECEIVE_MODEL_OUTPUT"]}

    assert (
        read_declaration(make_live(make_summary(BROKER, mlAbilities=granted)))["members"][BROKER][
            "mlMemberAbilities"
        ]
        == granted
    )


def list_differing_properties(live: LiveCollaboration, **overrides: Any) -> list[str]:
    """Return the names of the properties in which a live collaboration differs from a declaration."""
    return [
        change.name
        for change in live.list_differences(canonicalize(declaration(**overrides))[0], "us-east-1")
    ]


def test_what_aws_fills_in_is_no_difference() -> None:
    assert list_differing_properties(make_live()) == []


@pytest.mark.parametrize(
    ("live", "name"),
    [
        ({"description": "x"}, "description"),
        ({"jobLogStatus": "ENABLED"}, "jobLogStatus"),
        ({"dataEncryptionMetadata": {"allowCleartext": True}}, "dataEncryptionMetadata"),
        ({"autoApprovedChangeTypes": ["ADD_MEMBER"]}, "autoApprovedChangeRequestTypes"),
        ({"isMetricsEnabled": True}, "isMetricsEnabled"),
    ],
)
def test_what_is_there_and_not_declared_is_a_difference(live: dict[str, Any], name: str) -> None:
    assert list_differing_properties(make_live(**live)) == [name]


def test_members_and_tags_that_are_not_declared_are_differences() -> None:
    assert list_differing_properties(make_live(), members=LEFT_OUT, tags=LEFT_OUT) == [
        "tags",
        "members",
    ]


def test_what_a_read_returns_as_inputs_is_canonical() -> None:
    payer = make_summary(
        PARTNER, paymentConfiguration={**EVERY_LEG_FALSE, "jobCompute": {"isResponsible": True}}
    )
    inputs = read_declaration(make_live(payer))

    assert canonicalize(inputs) == (inputs, [])


@pytest.mark.parametrize("status", ["LEFT", "REMOVED", "ACTIVE"])
def test_a_members_status_is_an_output_and_no_drift(status: str) -> None:
    live = make_live(make_summary(BROKER, status=status, membershipId="x"))

    assert read_declaration(live) == canonicalize(declaration())[0]
    assert live.member_statuses() == {ADS: "INVITED", BROKER: status}


def test_a_declared_payment_that_changed_is_drift() -> None:
    declared = [
        member(ADS, member_abilities=["CAN_QUERY"]),
        member(BROKER, payment_configuration=responsible(queryCompute=True)),
    ]

    assert read_declaration(make_live(), members=declared)["members"][BROKER][
        "paymentConfiguration"
    ] == responsible(queryCompute=False)


def test_a_declared_property_that_aws_no_longer_has_is_drift() -> None:
    assert read_declaration(make_live(), job_log_status="ENABLED")["jobLogStatus"] == "DISABLED"


def test_the_request_name_of_auto_approved_types_is_read_from_the_responses() -> None:
    live = make_live(autoApprovedChangeTypes=["ADD_MEMBER"])

    assert read_declaration(live, auto_approved_change_request_types=[])[
        "autoApprovedChangeRequestTypes"
    ] == ["ADD_MEMBER"]


def test_aws_own_tags_are_nobodys() -> None:
    live = make_live(tags={"team": "ads", "aws:cloudformation:stack-name": "x"})

    assert read_declaration(live)["tags"] == live.list_own_tags() == {"team": "ads"}


def test_times_are_iso_8601_in_utc() -> None:
    assert read_response({"createTime": WHEN}) == {"createTime": "2026-11-22T12:00:00+00:00"}


def test_outputs_name_what_was_declared_and_hold_no_second_copy() -> None:
    assert build_outputs({"id": "1", "name": "AWS's"}, {"name": "ours"}, "us-east-1", {}, {}) == {
        "name": "ours",
        "region": "us-east-1",
        "memberStatuses": {},
        "tagsAll": {},
        "__declared": ["name"],
    }
