"""A program without an engine, against the endpoint."""

from __future__ import annotations

import re
from typing import Any

import pulumi
import pytest
from declarations import ADS, PARTNER, declaration, member
from scenarios import REFUSALS, SCENARIOS, Scenario

import cleanrooms_resource as cleanrooms
from cleanrooms_resource.properties import Change
from cleanrooms_resource.testing.rehearsal import RehearsalError, rehearse


def program(**overrides: object) -> None:
    """One collaboration, exported."""
    ads = cleanrooms.Collaboration("ads", declaration(**overrides))
    pulumi.export("arn", ads.arn)


def test_a_rehearsal_creates_with_the_real_provider(config: dict[str, str]) -> None:
    rehearsed = rehearse(program, config)

    assert rehearsed.exports["arn"].endswith(rehearsed.collaborations["ads"].id)
    assert rehearsed.collaborations["ads"].inputs["members"].keys() == {ADS, "333344445555"}


def test_a_rehearsed_preview_creates_nothing(config: dict[str, str]) -> None:
    previewed = rehearse(program, config, preview=True)

    assert previewed.collaborations["ads"].id == ""
    assert previewed.exports == {}


def test_two_rehearsals_are_compared_by_the_table(config: dict[str, str]) -> None:
    made = rehearse(program, config)
    previewed = rehearse(lambda: program(members=[member(ADS, member_abilities=["CAN_QUERY"]), member(PARTNER)]), config, preview=True)

    assert [(change.name, change.kind) for change in made.changes(previewed)["ads"]] == [("members", Change.REPLACE)]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_a_rehearsal_says_of_every_scenario_what_the_engine_says(config: dict[str, str], scenario: Scenario) -> None:
    def declared(properties: dict[str, Any]) -> None:
        cleanrooms.Collaboration("ads", properties, pulumi.ResourceOptions(ignore_changes=list(scenario.ignore_changes)))

    made = rehearse(lambda: declared(scenario.before), config)
    found = made.changes(rehearse(lambda: declared(scenario.after), config, preview=True))["ads"]
    reasons = tuple(change.name for change in found if change.kind is Change.REPLACE)

    assert ("replace" if reasons else "update" if found else "same", reasons) == (scenario.op, scenario.reasons)


@pytest.mark.parametrize(("declared", "sentence"), REFUSALS.values(), ids=REFUSALS)
def test_a_rehearsal_refuses_what_the_engine_refuses(config: dict[str, str], declared: dict[str, Any], sentence: str) -> None:
    with pytest.raises(cleanrooms.DeclarationError, match=re.escape(sentence)):
        rehearse(lambda: cleanrooms.Collaboration("ads", declared), config)


def test_what_check_refuses_is_refused(config: dict[str, str]) -> None:
    with pytest.raises(RehearsalError, match="aws:assumeRoles: is not supported"):
        rehearse(program, config | {"aws:assumeRoles": "x"})


def test_a_rehearsal_leaves_nothing_to_the_next(config: dict[str, str]) -> None:
    rehearse(program, config)

    assert rehearse(lambda: None, config).collaborations == {}
