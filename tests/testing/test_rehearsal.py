"""Rehearsals: programs without an engine, against the endpoint."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import pulumi
import pytest
from aws_account import Aws
from declarations import ADS, PARTNER, declaration, member
from scenarios import REFUSALS, SCENARIOS, Scenario

import cleanrooms_resource as cleanrooms
from cleanrooms_resource.table import ChangeKind
from cleanrooms_resource.testing.rehearsal import RehearsalError, rehearse


def program(**overrides: object) -> None:
    """Declare a collaboration and export its ARN."""
    ads = cleanrooms.Collaboration("ads", declaration(**overrides))
    pulumi.export("arn", ads.arn)


def test_a_rehearsal_creates_with_the_real_provider(config: dict[str, str]) -> None:
    rehearsal = rehearse(program, config)

    assert rehearsal.exports["arn"].endswith(rehearsal.collaborations["ads"].id)
    assert rehearsal.collaborations["ads"].inputs["members"].keys() == {ADS, "333344445555"}


def test_a_rehearsed_preview_creates_nothing(aws: Aws, config: dict[str, str]) -> None:
    rehearsal = rehearse(program, config)
    before = aws.collaborations()

    rehearsal.preview(lambda: program(query_log_status="DISABLED"))

    assert aws.collaborations() == before


def test_a_preview_has_the_changes_and_their_kind(config: dict[str, str]) -> None:
    plan = rehearse(program, config).preview(
        lambda: program(members=[member(ADS, member_abilities=["CAN_QUERY"]), member(PARTNER)])
    )["ads"]

    assert (plan.op, [(change.name, change.kind) for change in plan.changes]) == (
        "replace",
        [("members", ChangeKind.REPLACE)],
    )
    assert plan.inputs["members"].keys() == {ADS, PARTNER}


def test_a_preview_has_creations_and_deletions(config: dict[str, str]) -> None:
    plans = rehearse(program, config).preview(
        lambda: cleanrooms.Collaboration("other", declaration())
    )

    assert {name: plan.op for name, plan in plans.items()} == {"other": "create", "ads": "delete"}


def test_a_resource_that_depends_on_an_unchanged_id_is_unchanged(config: dict[str, str]) -> None:
    def declare_both(**overrides: object) -> None:
        ads = cleanrooms.Collaboration("ads", declaration(**overrides))
        cleanrooms.Collaboration("dependent", declaration(creator_display_name=ads.id))

    rehearsal = rehearse(declare_both, config)

    assert {
        name: plan.op
        for name, plan in rehearsal.preview(lambda: declare_both(name="Other")).items()
    } == {"ads": "update", "dependent": "same"}
    assert {
        name: plan.op
        for name, plan in rehearsal.preview(
            lambda: declare_both(query_log_status="DISABLED")
        ).items()
    } == {
        "ads": "replace",
        "dependent": "replace",
    }


def test_a_rehearsal_adopts_an_existing_collaboration(aws: Aws, config: dict[str, str]) -> None:
    id_ = rehearse(program, config).collaborations["ads"].id
    before = aws.collaborations()

    rehearsal = rehearse(
        lambda: cleanrooms.Collaboration("ads", declaration(), pulumi.ResourceOptions(import_=id_)),
        config,
    )

    assert rehearsal.collaborations["ads"].id == id_
    assert aws.collaborations() == before


def test_a_rehearsal_reads_the_collaboration_that_get_names(config: dict[str, str]) -> None:
    id_ = rehearse(program, config).collaborations["ads"].id

    rehearsal = rehearse(
        lambda: pulumi.export("name", cleanrooms.Collaboration.get("ads", id_).name), config
    )

    assert (rehearsal.exports["name"], rehearsal.collaborations) == ("Ads measurement", {})


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_a_rehearsal_plans_every_scenario_as_the_engine_does(
    config: dict[str, str], scenario: Scenario
) -> None:
    def declare(properties: dict[str, Any]) -> None:
        cleanrooms.Collaboration(
            "ads", properties, pulumi.ResourceOptions(ignore_changes=list(scenario.ignore_changes))
        )

    plan = rehearse(lambda: declare(scenario.before), config).preview(
        lambda: declare(scenario.after)
    )["ads"]
    reasons = tuple(change.name for change in plan.changes if change.kind is ChangeKind.REPLACE)

    assert (plan.op, reasons) == (scenario.op, scenario.reasons)


@pytest.mark.parametrize(("properties", "sentence"), REFUSALS.values(), ids=REFUSALS)
def test_a_rehearsal_refuses_every_declaration_that_the_engine_refuses(
    config: dict[str, str], properties: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(cleanrooms.DeclarationError, match=re.escape(sentence)):
        rehearse(lambda: cleanrooms.Collaboration("ads", properties), config)


def test_a_rehearsal_refuses_a_setting_that_check_refuses(config: dict[str, str]) -> None:
    with pytest.raises(RehearsalError, match="aws:assumeRoles: must be JSON like"):
        rehearse(program, config | {"aws:assumeRoles": "x"})


def test_a_rehearsal_acts_with_the_keys_of_a_connection(config: dict[str, str]) -> None:
    def declare() -> None:
        cleanrooms.Collaboration(
            "ads", **declaration(connection={"access_key": "555566667777", "secret_key": "y"})
        )

    rehearsal = rehearse(declare, config)

    assert rehearsal.collaborations["ads"].outputs["creatorAccountId"] == "555566667777"
    assert rehearsal.preview(declare)["ads"].op == "same"
    assert rehearsal.preview(program)["ads"].op == "update"


def test_a_rehearsal_draws_a_changed_default_tag(config: dict[str, str]) -> None:
    rehearsal = rehearse(program, config | {"aws:defaultTags": '{"tags": {"env": "test"}}'})

    planned = rehearsal.preview(program, config | {"aws:defaultTags": '{"tags": {"env": "live"}}'})

    assert {each.op for each in planned.values()} == {"update"}


def test_a_rehearsal_does_not_affect_the_next_rehearsal(config: dict[str, str]) -> None:
    rehearse(program, config)

    assert rehearse(lambda: None, config).collaborations == {}


def test_a_rehearsal_runs_inside_a_running_event_loop(config: dict[str, str]) -> None:
    async def rehearse_in_a_loop() -> set[str]:
        return set(rehearse(program, config).collaborations)

    assert asyncio.run(rehearse_in_a_loop()) == {"ads"}


def test_a_rehearsal_leaves_the_threads_event_loop_as_it_was(config: dict[str, str]) -> None:
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    try:
        rehearse(program, config)

        assert asyncio.get_event_loop() is loop
    finally:
        asyncio.set_event_loop(None)
        loop.close()
