"""The outcome of a preview: a collaboration is replaced for certain, or may be replaced."""

from __future__ import annotations

from typing import Any

import pytest
from preview_documents import UNKNOWN, judge_text, old_state, preview, step

from cleanrooms_resource.hidden_keys import IMPORT_ID
from cleanrooms_resource.preview.outcome import Outcome, PlannedResource


def judge_replacement(old: dict[str, Any], new: dict[str, Any]) -> Outcome:
    """Return the outcome of a step that replaces, because of every property that is new."""
    return (
        judge_text(
            preview(
                step("replace", "ads", old_state(old), {"inputs": new}, replaceReasons=sorted(new))
            )
        )
        .planned[0]
        .outcome
    )


BROKER = {"displayName": "Broker", "memberAbilities": []}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"members": {"1": BROKER}}, {"members": UNKNOWN}),
        ({"members": {"1": BROKER}}, {"members": {"(known after apply 1)": BROKER}}),
        ({"members": {"1": BROKER}}, {"members": {"1": {**BROKER, "displayName": UNKNOWN}}}),
        ({"members": {"1": BROKER}}, {"members": {"1": {**BROKER, "memberAbilities": UNKNOWN}}}),
        (
            {"members": {"1": BROKER}},
            {
                "members": {
                    "1": {
                        **BROKER,
                        "paymentConfiguration": {"queryCompute": {"isResponsible": UNKNOWN}},
                    }
                }
            },
        ),
        ({"creatorMemberAbilities": ["A", "B"]}, {"creatorMemberAbilities": ["A", UNKNOWN]}),
        ({"queryLogStatus": "ENABLED"}, {"queryLogStatus": UNKNOWN}),
    ],
)
def test_a_property_that_may_prove_equal_may_replace(
    old: dict[str, Any], new: dict[str, Any]
) -> None:
    assert judge_replacement(old, new) is Outcome.MAY_REPLACE


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"members": {"1": BROKER}}, {"members": {"1": BROKER, "(known after apply 2)": BROKER}}),
        (
            {"members": {"1": BROKER}},
            {"members": {"(known after apply 1)": {**BROKER, "displayName": "Other"}}},
        ),
        ({"members": {"1": BROKER}}, {"members": {"2": {**BROKER, "displayName": UNKNOWN}}}),
        (
            {"members": {"1": BROKER, "2": BROKER}},
            {"members": {"1": {**BROKER, "displayName": UNKNOWN}}},
        ),
        (
            {"members": {"1": BROKER}},
            {"members": {"1": {"displayName": UNKNOWN, "memberAbilities": ["CAN_QUERY"]}}},
        ),
        ({"creatorMemberAbilities": ["A"]}, {"creatorMemberAbilities": ["B", UNKNOWN]}),
        (
            {"queryLogStatus": "ENABLED", "jobLogStatus": "ENABLED"},
            {"queryLogStatus": "DISABLED", "jobLogStatus": UNKNOWN},
        ),
    ],
)
def test_a_property_that_cannot_prove_equal_replaces(
    old: dict[str, Any], new: dict[str, Any]
) -> None:
    assert judge_replacement(old, new) is Outcome.REPLACE


def plan_update(old: dict[str, Any], new: dict[str, Any], *reasons: str) -> PlannedResource:
    """Return the plan of a step that updates for these reasons of the engine."""
    return judge_text(
        preview(step("update", "ads", old_state(old), {"inputs": new}, diffReasons=list(reasons)))
    ).planned[0]


@pytest.mark.parametrize(
    "profile", [{}, {"profile": "ads"}], ids=["renewed keys", "another profile"]
)
def test_a_changed_connection_alone_is_recorded_in_the_state(profile: dict[str, str]) -> None:
    keys = {"accessKey": "[secret]", "secretKey": "[secret]"}

    planned = plan_update(
        {"name": "Ads", "connection": keys},
        {"name": "Ads", "connection": profile or keys},
        "connection",
    )

    assert (planned.outcome, planned.reasons) == (Outcome.RECORD, ("connection",))


def test_changed_default_tags_are_a_change_of_tags_in_place() -> None:
    old, new = (
        {"name": "Ads", "tags": {"team": "ads"}, "tagsAll": {"team": "ads", "env": value}}
        for value in ("test", "live")
    )

    planned = plan_update(old, new, "tagsAll")

    assert (planned.outcome, planned.reasons, planned.after["tags"]["env"]) == (
        Outcome.UPDATE,
        ("tags",),
        "live",
    )


def plan_declaration_of_what_was_read(**new_inputs: str) -> PlannedResource:
    """Return the plan of a program that declares the collaboration that it only read before, as a preview with ``--refresh`` has it."""
    declaration = {"name": "Ads", "queryLogStatus": "ENABLED", **new_inputs}
    read = {"id": "id", "external": True, "inputs": {}, "outputs": {"name": "Ads"}}
    refreshed = read | {"inputs": {"name": "Ads", "arn": "arn", "queryLogStatus": "ENABLED"}}
    steps = (
        step("refresh", "ads", read, refreshed),
        step("replace", "ads", refreshed, {"inputs": declaration}),
    )
    return judge_text(preview(*steps)).planned[0]


def test_a_collaboration_that_the_program_only_read_is_not_deleted_outside_where_the_program_declares_it() -> (
    None
):
    planned = plan_declaration_of_what_was_read()

    assert (planned.outcome, planned.before, planned.properties_changed_outside) == (
        Outcome.CREATE,
        {},
        frozenset(),
    )


def test_a_collaboration_that_the_program_only_read_is_adopted_where_the_program_imports_it() -> (
    None
):
    assert plan_declaration_of_what_was_read(**{IMPORT_ID: "id"}).outcome is Outcome.ADOPT
