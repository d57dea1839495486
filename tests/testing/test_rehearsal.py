"""A program without an engine, against the endpoint."""

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
    """One collaboration, exported."""
    ads = cleanrooms.Collaboration("ads", declaration(**overrides))
    pulumi.export("arn", ads.arn)


def test_a_rehearsal_creates_with_the_real_provider(config: dict[str, str]) -> None:
    rehearsed = rehearse(program, config)

    assert rehearsed.exports["arn"].endswith(rehearsed.collaborations["ads"].id)
    assert rehearsed.collaborations["ads"].inputs["members"].keys() == {ADS, "333344445555"}


def test_a_rehearsed_preview_creates_nothing(aws: Aws, config: dict[str, str]) -> None:
    made = rehearse(program, config)
    before = aws.collaborations()

    made.preview(lambda: program(query_log_status="DISABLED"))

    assert aws.collaborations() == before


def test_a_preview_says_which_member_and_that_it_replaces(config: dict[str, str]) -> None:
    plan = rehearse(program, config).preview(lambda: program(members=[member(ADS, member_abilities=["CAN_QUERY"]), member(PARTNER)]))["ads"]

    assert (plan.op, [(change.name, change.kind) for change in plan.changes]) == ("replace", [("members", ChangeKind.REPLACE)])
    assert plan.inputs["members"].keys() == {ADS, PARTNER}


def test_a_preview_tells_what_is_created_and_what_is_deleted(config: dict[str, str]) -> None:
    plans = rehearse(program, config).preview(lambda: cleanrooms.Collaboration("other", declaration()))

    assert {name: plan.op for name, plan in plans.items()} == {"other": "create", "ads": "delete"}


def test_what_depends_on_an_unchanged_id_is_unchanged(config: dict[str, str]) -> None:
    def two(**overrides: object) -> None:
        ads = cleanrooms.Collaboration("ads", declaration(**overrides))
        cleanrooms.Collaboration("dependent", declaration(creator_display_name=ads.id))

    made = rehearse(two, config)

    assert {name: plan.op for name, plan in made.preview(lambda: two(name="Other")).items()} == {"ads": "update", "dependent": "same"}
    assert {name: plan.op for name, plan in made.preview(lambda: two(query_log_status="DISABLED")).items()} == {
        "ads": "replace",
        "dependent": "replace",
    }


def test_a_rehearsal_adopts_what_exists(aws: Aws, config: dict[str, str]) -> None:
    existing = rehearse(program, config).collaborations["ads"].id
    before = aws.collaborations()

    rehearsed = rehearse(lambda: cleanrooms.Collaboration("ads", declaration(), pulumi.ResourceOptions(import_=existing)), config)

    assert rehearsed.collaborations["ads"].id == existing
    assert aws.collaborations() == before


def test_a_rehearsal_reads_what_get_names(config: dict[str, str]) -> None:
    existing = rehearse(program, config).collaborations["ads"].id

    rehearsed = rehearse(lambda: pulumi.export("name", cleanrooms.Collaboration.get("ads", existing).name), config)

    assert (rehearsed.exports["name"], rehearsed.collaborations) == ("Ads measurement", {})


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_a_rehearsal_says_of_every_scenario_what_the_engine_says(config: dict[str, str], scenario: Scenario) -> None:
    def declared(properties: dict[str, Any]) -> None:
        cleanrooms.Collaboration("ads", properties, pulumi.ResourceOptions(ignore_changes=list(scenario.ignore_changes)))

    plan = rehearse(lambda: declared(scenario.before), config).preview(lambda: declared(scenario.after))["ads"]
    reasons = tuple(change.name for change in plan.changes if change.kind is ChangeKind.REPLACE)

    assert (plan.op, reasons) == (scenario.op, scenario.reasons)


@pytest.mark.parametrize(("declared", "sentence"), REFUSALS.values(), ids=REFUSALS)
def test_a_rehearsal_refuses_what_the_engine_refuses(config: dict[str, str], declared: dict[str, Any], sentence: str) -> None:
    with pytest.raises(cleanrooms.DeclarationError, match=re.escape(sentence)):
        rehearse(lambda: cleanrooms.Collaboration("ads", declared), config)


def test_what_check_refuses_is_refused(config: dict[str, str]) -> None:
    with pytest.raises(RehearsalError, match="aws:assumeRoles: this setting is not supported"):
        rehearse(program, config | {"aws:assumeRoles": "x"})


def test_a_rehearsal_leaves_nothing_to_the_next(config: dict[str, str]) -> None:
    rehearse(program, config)

    assert rehearse(lambda: None, config).collaborations == {}


def test_a_rehearsal_runs_where_an_event_loop_is_running_already(config: dict[str, str]) -> None:
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
