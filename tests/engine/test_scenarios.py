"""Every scenario on the real engine: one stack, a resource a scenario."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pulumi
import pytest
from matrix import CELLS
from scenarios import SCENARIOS, Scenario

import cleanrooms_resource as cleanrooms
from engine.driver import SAME, Deployment, deployment

if TYPE_CHECKING:
    from collections.abc import Callable

    from cleanrooms import Aws

ALL = (*SCENARIOS, *CELLS)
pytestmark = [pytest.mark.engine, pytest.mark.slowest]


def program(declared: Callable[[Scenario], dict[str, Any]]) -> Callable[[], None]:
    """A program with a collaboration a scenario."""

    def declare() -> None:
        for scenario in ALL:
            opts = pulumi.ResourceOptions(ignore_changes=list(scenario.ignore_changes))
            cleanrooms.Collaboration(scenario.name, declared(scenario), opts)

    return declare


class Life:
    """A stack's life, each stage once: what each said is kept for the tests."""

    def __init__(self, stack: Deployment, aws: Aws) -> None:
        stack.declare(program(lambda scenario: scenario.before))
        self.created = stack.up()
        self.again = stack.preview()
        before = stack.state()
        stack.declare(program(lambda scenario: scenario.after))
        self.previewed = stack.preview()
        self.text = stack.preview_text()
        stack.up()
        after = stack.state()
        self.kept = {name for name in after if after[name]["id"] == before[name]["id"]}
        self.settled = stack.preview()
        self.refreshed = stack.refresh()
        self.after_refresh = stack.preview()
        stack.destroy()
        self.left = {**aws.collaborations("us-east-1"), **aws.collaborations("eu-west-1")}.keys() & {
            each["id"] for each in (*before.values(), *after.values())
        }


@pytest.fixture(scope="module")
def life(aws: Aws, tmp_path_factory: pytest.TempPathFactory) -> Life:
    return Life(deployment(tmp_path_factory.mktemp("engine"), aws.running.settings), aws)


def test_up_creates_every_collaboration(life: Life) -> None:
    assert life.created == {"create": len(ALL) + 1}


def test_the_same_program_again_has_nothing_to_do(life: Life) -> None:
    assert life.again == {}


@pytest.mark.parametrize("scenario", ALL, ids=lambda scenario: scenario.name)
def test_a_preview_says_what_the_table_says(life: Life, scenario: Scenario) -> None:
    step = life.previewed.get(scenario.name, SAME)

    assert (step.op, step.reasons) == (scenario.op, scenario.reasons)
    assert scenario.detailed is None or step.detailed == tuple(sorted(scenario.detailed))


@pytest.mark.parametrize("scenario", ALL, ids=lambda scenario: scenario.name)
def test_only_a_replacement_changes_the_id(life: Life, scenario: Scenario) -> None:
    assert (scenario.name in life.kept) == (scenario.op != "replace")


def test_a_member_inserted_draws_that_member_and_no_other_line(life: Life) -> None:
    drawn = life.text.split("::member-inserted]\n")[1].split("\n    +-pulumi-python")[0].split("\n    ~ pulumi-python")[0]

    assert [line.strip() for line in drawn.splitlines() if line.strip()] == [
        "~ members: {",
        "+ 444455556666: {",
        '+ displayName    : "Member 4444"',
        "+ memberAbilities: []",
        "}",
        "}",
    ]


def test_after_the_changes_there_is_nothing_to_do(life: Life) -> None:
    assert life.settled == {}


def test_a_refresh_finds_nothing(life: Life) -> None:
    assert life.refreshed == {}


def test_after_a_refresh_there_is_nothing_to_do(life: Life) -> None:
    assert life.after_refresh == {}


def test_destroy_leaves_nothing_at_the_endpoint(life: Life) -> None:
    assert life.left == set()
