"""Every failure is told in one run: those of shapes, those of the rules between properties, and those of a new collaboration."""

from __future__ import annotations

from typing import Any

import pytest
from declarations import ADS, BROKER, LEFT_OUT, PARTNER, declaration, member, responsible
from pulumi.dynamic import Config, ConfigureRequest

import cleanrooms_resource as cleanrooms
from cleanrooms_resource.hidden_keys import PLAIN_NAMES
from cleanrooms_resource.provider import CollaborationProvider
from cleanrooms_resource.table import TABLE

QUERYING = {"member_abilities": ["CAN_QUERY"]}
TWO_QUERIERS = [member(ADS, **QUERYING), member(BROKER, **QUERYING)]


def paths(**overrides: Any) -> list[str]:
    """The paths of what a Check of a new collaboration refuses."""
    return [
        failure.reason.partition(": ")[0]
        for failure in CollaborationProvider()
        .check({}, {**declaration(**overrides), PLAIN_NAMES: list(TABLE)})
        .failures
    ]


@pytest.mark.parametrize(
    ("overrides", "expected"),
    [
        ({"query_log_status": "ON", "members": TWO_QUERIERS}, {"queryLogStatus", "members[1].memberAbilities"}),
        ({"name": LEFT_OUT, "members": TWO_QUERIERS}, {"name", "members[1].memberAbilities"}),
        ({"unheard_of": 1, "members": TWO_QUERIERS}, {"unheard_of", "members[1].memberAbilities"}),
        ({"query_log_status": 1, "tags": {"aws:x": "1"}}, {"queryLogStatus", 'tags["aws:x"]'}),
        ({"tags": {"aws:x": 1}}, {'tags["aws:x"]'}),
        ({"tags": {"aws:x": "1", "": "y", 5: "z"}}, {'tags["aws:x"]', 'tags[""]', 'tags["5"]'}),
        ({"members": [*TWO_QUERIERS, 5]}, {"members[1].memberAbilities", "members[2]"}),
        ({"members": [*TWO_QUERIERS, None]}, {"members[1].memberAbilities", "members[2]"}),
        ({"members": [*TWO_QUERIERS, member("1")]}, {"members[1].memberAbilities", "members[2].accountId"}),
        ({"members": [member(ADS, **QUERYING), member("1", **QUERYING)]}, {"members[0].memberAbilities", "members[1].accountId"}),
        ({"members": [*TWO_QUERIERS, member(PARTNER, display_name=LEFT_OUT)]}, {"members[1].memberAbilities", "members[2].displayName"}),
        ({"members": [member(ADS, member_abilities=["CAN_QUERY", "CAN_FLY"]), TWO_QUERIERS[1]]}, {
            "members[0].memberAbilities[1]", "members[1].memberAbilities",
        }),
        ({"members": {ADS: member(LEFT_OUT, **QUERYING), BROKER: None}, "creator_member_abilities": ["CAN_QUERY"]}, {
            f'members["{ADS}"].memberAbilities', f'members["{BROKER}"]',
        }),
        ({"members": [member(ADS, payment_configuration=responsible(), **QUERYING), member(BROKER, display_name=5)]}, {
            "members[0].paymentConfiguration.queryCompute.isResponsible", "members[1].displayName",
        }),
        ({"analytics_engine": "CLEAN_ROOMS_SQL", "query_log_status": "ON"}, {"analyticsEngine", "queryLogStatus"}),
        ({"analytics_engine": "CLEAN_ROOMS_SQL", "members": TWO_QUERIERS}, {"analyticsEngine", "members[1].memberAbilities"}),
    ],
)  # fmt: skip
def test_what_is_well_formed_is_judged_beside_what_is_not(
    overrides: dict[str, Any], expected: set[str]
) -> None:
    assert set(paths(**overrides)) == expected


@pytest.mark.parametrize(
    ("overrides", "expected"),
    [
        # The ill-formed member may be the one who pays.
        (
            {
                "members": [
                    member(ADS, payment_configuration=responsible(), **QUERYING),
                    member(BROKER, payment_configuration=5),
                ]
            },
            ["members[1].paymentConfiguration"],
        ),
        # Nobody knows whether the ill-formed list has CAN_QUERY.
        (
            {
                "members": [member(ADS, member_abilities="CAN_QUERY")],
                "creator_member_abilities": ["CAN_QUERY"],
            },
            ["members[0].memberAbilities"],
        ),
    ],
)
def test_what_an_ill_formed_value_leaves_open_is_not_refused(
    overrides: dict[str, Any], expected: list[str]
) -> None:
    assert paths(**overrides) == expected


def test_an_engine_that_exists_is_not_refused_beside_other_failures() -> None:
    news = declaration(analytics_engine="CLEAN_ROOMS_SQL", query_log_status="ON")

    failures = CollaborationProvider().check({"name": "x"}, news).failures

    assert [failure.reason.partition(": ")[0] for failure in failures] == ["queryLogStatus"]


def test_the_settings_are_refused_beside_the_declaration() -> None:
    provider = CollaborationProvider()
    provider.configure(ConfigureRequest(Config({"aws:retryMode": "legacy"}, "tests")))

    failures = provider.check(
        {},
        declaration(query_log_status="ON", members=TWO_QUERIERS, analytics_engine="CLEAN_ROOMS_SQL")
        | {PLAIN_NAMES: list(TABLE)},
    ).failures

    assert [failure.reason.partition(": ")[0] for failure in failures] == [
        "queryLogStatus",
        "members[1].memberAbilities",
        "analyticsEngine",
        "aws:retryMode",
    ]


def test_the_constructor_tells_every_failure_too() -> None:
    with pytest.raises(cleanrooms.DeclarationError) as refusal:
        cleanrooms.Collaboration("ads", declaration(query_log_status="ON", members=TWO_QUERIERS))

    assert "\n  - query_log_status: " in str(refusal.value)
    assert "\n  - members[1].member_abilities: " in str(refusal.value)
