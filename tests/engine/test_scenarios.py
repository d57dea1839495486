"""Every scenario on the real engine: one stack, a resource a scenario."""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pulumi
import pytest
from matrix import CELLS
from scenarios import SCENARIOS, Scenario

from engine.doors import cleanrooms
from engine.driver import UNCHANGED, EngineStack, create_stack
from engine.in_place import record_operations

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

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
        self.calls: dict[str, Counter[str]] = {}
        stack.declare(scenario_program(ALL, lambda scenario: scenario.before))
        with self._count_calls(aws, "create"):
            self.creation = stack.up()
        self.second_preview = stack.preview()
        before = stack.state()
        stack.declare(scenario_program(ALL, lambda scenario: scenario.after))
        self.change_preview = stack.preview()
        self.change_text = stack.preview_text()
        with self._count_calls(aws, "update"):
            stack.up()
        after = stack.state()
        self.names_with_same_id = {
            name for name in after if after[name]["id"] == before[name]["id"]
        }
        self.preview_after_up = stack.preview()
        with self._count_calls(aws, "refresh"):
            self.refresh = stack.refresh()
        self.preview_after_refresh = stack.preview()
        with self._count_calls(aws, "destroy"):
            stack.destroy()
        self.remaining_ids = {
            **aws.collaborations("us-east-1"),
            **aws.collaborations("eu-west-1"),
        }.keys() & {each["id"] for each in (*before.values(), *after.values())}

    @contextmanager
    def _count_calls(self, aws: Aws, command: str) -> Iterator[None]:
        with record_operations(aws) as operations:
            yield
        self.calls[command] = Counter(operations)


@pytest.fixture(scope="module")
def run(aws: Aws, tmp_path_factory: pytest.TempPathFactory) -> ScenarioRun:
    # A slow answer must not be asked for again.
    folder = tmp_path_factory.mktemp("engine")
    return ScenarioRun(create_stack(folder, aws.endpoint.settings, impatient=False), aws)


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


def test_collaborations_side_by_side_make_a_call_each(run: ScenarioRun) -> None:
    number = len(ALL)
    replaced = sum(scenario.op == "replace" for scenario in ALL)
    members = run.calls["refresh"].pop("ListMembers")

    assert number > 90
    assert run.calls["create"] == {"CreateCollaboration": number}
    assert run.calls["update"]["CreateCollaboration"] == replaced
    assert run.calls["update"]["DeleteCollaboration"] == replaced
    assert run.calls["refresh"] == {"GetCollaboration": number, "ListTagsForResource": number}
    # The endpoint's first page of members is short.
    assert number <= members <= 2 * number
    assert run.calls["destroy"] == {"DeleteCollaboration": number}


def test_destroy_leaves_nothing_at_the_endpoint(run: ScenarioRun) -> None:
    assert run.remaining_ids == set()
