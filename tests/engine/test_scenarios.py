"""Every scenario on the real engine: one stack, a resource a scenario."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pulumi
import pytest
from matrix import CELLS
from scenarios import SCENARIOS, Scenario

from engine.doors import cleanrooms
from engine.driver import UNCHANGED, EngineStack, create_stack

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from aws_account import Aws


ALL = (*SCENARIOS, *CELLS)
pytestmark = [pytest.mark.engine, pytest.mark.slowest]


def scenario_program(
    scenarios: Iterable[Scenario], get_declaration: Callable[[Scenario], dict[str, Any]]
) -> Callable[[], None]:
    """A program with a collaboration a scenario."""

    def declare() -> None:
        for scenario in scenarios:
            opts = pulumi.ResourceOptions(ignore_changes=list(scenario.ignore_changes))
            cleanrooms.Collaboration(scenario.name, get_declaration(scenario), opts)

    return declare


class ScenarioRun:
    """A stack's run, each stage once: what each said is kept for the tests."""

    def __init__(self, stack: EngineStack, aws: Aws) -> None:
        stack.declare(scenario_program(ALL, lambda scenario: scenario.before))
        self.creation = stack.up()
        self.second_preview = stack.preview()
        before = stack.state()
        stack.declare(scenario_program(ALL, lambda scenario: scenario.after))
        self.change_preview = stack.preview()
        self.change_text = stack.preview_text()
        stack.up()
        after = stack.state()
        self.names_with_same_id = {
            name for name in after if after[name]["id"] == before[name]["id"]
        }
        self.preview_after_up = stack.preview()
        self.refresh = stack.refresh()
        self.preview_after_refresh = stack.preview()
        stack.destroy()
        self.remaining_ids = {
            **aws.collaborations("us-east-1"),
            **aws.collaborations("eu-west-1"),
        }.keys() & {each["id"] for each in (*before.values(), *after.values())}


@pytest.fixture(scope="module")
def run(aws: Aws, tmp_path_factory: pytest.TempPathFactory) -> ScenarioRun:
    return ScenarioRun(create_stack(tmp_path_factory.mktemp("engine"), aws.endpoint.settings), aws)


def test_up_creates_every_collaboration(run: ScenarioRun) -> None:
    assert run.creation == {"create": len(ALL) + 1}


def test_the_same_program_again_has_nothing_to_do(run: ScenarioRun) -> None:
    assert run.second_preview == {}


@pytest.mark.parametrize("scenario", ALL, ids=lambda scenario: scenario.name)
def test_a_preview_says_what_the_table_says(run: ScenarioRun, scenario: Scenario) -> None:
    step = run.change_preview.get(scenario.name, UNCHANGED)

    assert (step.op, step.reasons) == (scenario.op, scenario.reasons)
    assert scenario.detailed is None or step.detailed == tuple(sorted(scenario.detailed))


@pytest.mark.parametrize("scenario", ALL, ids=lambda scenario: scenario.name)
def test_only_a_replacement_changes_the_id(run: ScenarioRun, scenario: Scenario) -> None:
    assert (scenario.name in run.names_with_same_id) == (scenario.op != "replace")


def test_a_member_inserted_draws_that_member_and_no_other_line(run: ScenarioRun) -> None:
    lines = (
        run.change_text.split("::member-inserted]\n")[1].split("\n    +-")[0].split("\n    ~ ")[0]
    )

    assert [line.strip() for line in lines.splitlines() if line.strip()] == [
        "~ members: {",
        "+ 444455556666: {",
        '+ displayName    : "Member 4444"',
        "+ memberAbilities: []",
        "}",
        "}",
    ]


def test_after_the_changes_there_is_nothing_to_do(run: ScenarioRun) -> None:
    assert run.preview_after_up == {}


def test_a_refresh_finds_nothing(run: ScenarioRun) -> None:
    assert run.refresh == {}


def test_after_a_refresh_there_is_nothing_to_do(run: ScenarioRun) -> None:
    assert run.preview_after_refresh == {}


def test_destroy_leaves_nothing_at_the_endpoint(run: ScenarioRun) -> None:
    assert run.remaining_ids == set()
