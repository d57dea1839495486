"""Moving a stack from the dynamic resource to the plug-in, and back, on the real engine: the state is updated, and AWS is not called to write."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pulumi
import pytest
import yaml
from declarations import ADS, BROKER, member
from pulumi import automation

from cleanrooms_resource.preview.comment import render_comment
from cleanrooms_resource.preview.document import parse_preview
from cleanrooms_resource.preview.verdict import judge
from engine.doors import Door, cleanrooms
from engine.driver import StepSummary, create_stack
from engine.programs import ads_program, record_writes, take_snapshot
from engine.recordings import Recording
from engine.states import STATE_STORIES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aws_account import Aws

    from engine.driver import EngineStack

pytestmark = pytest.mark.engine
MOVES = {Door.DYNAMIC: Door.PLUGIN, Door.PLUGIN: Door.DYNAMIC}
STATE_UPDATE = StepSummary("update", (), ())
SECRET = "s3cr3t-broker"
BOTH_WAYS = pytest.mark.parametrize("source", list(MOVES))


@pytest.fixture
def enter(monkeypatch: pytest.MonkeyPatch) -> Callable[[Door], None]:
    """The function that has programs declare through a door."""
    return lambda door: monkeypatch.setattr(cleanrooms, "door", door)


@pytest.fixture
def stack(tmp_path: Path, config: dict[str, str], enter: Callable[[Door], None]) -> EngineStack:
    """A new stack with the plug-in and with the settings of both doors."""
    enter(Door.PLUGIN)
    stack = create_stack(tmp_path, config)
    file = tmp_path / "Pulumi.test.yaml"
    settings = yaml.safe_load(file.read_text())
    file.write_text(yaml.safe_dump(settings | {"config": settings["config"] | config}))
    return stack


def deploy(
    stack: EngineStack, enter: Callable[[Door], None], door: Door, program: Callable[[], None]
) -> None:
    enter(door)
    stack.declare(program)
    stack.up()


def list_lines(preview: str) -> list[str]:
    """The lines of `preview --diff` that draw a change of a property."""
    lines = [re.sub(" +", " ", line.strip()).replace(" :", ":") for line in preview.splitlines()]
    # The summary at the end begins with signs too.
    properties = [
        line for line in lines[: lines.index("Resources:")] if "Collaboration: (" not in line
    ]
    return [line for line in properties if line.startswith(("+ ", "- ", "~ "))]


@BOTH_WAYS
def test_a_move_updates_the_state_alone_and_draws_no_property(
    stack: EngineStack, aws: Aws, enter: Callable[[Door], None], source: Door
) -> None:
    deploy(stack, enter, source, ads_program(opts={"protect": True}))
    before, id_ = take_snapshot(aws), stack.state()["ads"]["id"]
    enter(MOVES[source])

    assert list_lines(stack.preview_text_and_notices()) == []
    assert stack.preview() == {"ads": STATE_UPDATE}
    with record_writes(aws) as writes:
        assert stack.up() == {"update": 1}

    state = stack.state()["ads"]
    assert (state["id"], state["type"], state["protect"]) == (id_, MOVES[source].get_type(), True)
    assert writes == []
    assert take_snapshot(aws) == before


@BOTH_WAYS
def test_after_a_move_refresh_and_preview_are_unchanged_and_destroy_deletes(
    stack: EngineStack, aws: Aws, enter: Callable[[Door], None], source: Door
) -> None:
    deploy(stack, enter, source, ads_program())
    id_ = stack.state()["ads"]["id"]
    deploy(stack, enter, MOVES[source], ads_program())

    assert stack.preview() == {}
    assert stack.preview() == {}
    stack.destroy()
    assert id_ not in aws.collaborations()


@BOTH_WAYS
def test_the_comment_says_that_what_the_other_kind_adopts_is_deleted_in_the_same_up(
    stack: EngineStack, aws: Aws, enter: Callable[[Door], None], source: Door
) -> None:
    deploy(stack, enter, source, ads_program("dropped"))
    id_ = stack.state()["dropped"]["id"]
    enter(MOVES[source])
    stack.declare(ads_program("adopting", opts={"import_": id_}))

    comment = render_comment(judge(parse_preview(stack.preview_json())))
    stack.up()

    assert "**adopted, and deleted by the same `pulumi up`**: `dropped`" in comment
    assert "`adopting` adopts it, but the deletion still happens" in comment
    assert id_ not in aws.collaborations()


def test_a_state_of_the_plug_in_has_no_hidden_key_of_the_dynamic_resource(
    stack: EngineStack, enter: Callable[[Door], None]
) -> None:
    deploy(stack, enter, Door.DYNAMIC, ads_program())
    deploy(stack, enter, Door.PLUGIN, ads_program())

    state = stack.state()["ads"]
    assert not {"__provider", "__holder", "__plain", "__connection"} & {
        *state["inputs"],
        *state["outputs"],
    }
    assert [name for name in state["inputs"] if name.startswith("__")] == []


def test_a_move_back_gives_the_state_what_the_dynamic_resource_needs(
    stack: EngineStack, enter: Callable[[Door], None]
) -> None:
    deploy(stack, enter, Door.DYNAMIC, ads_program())
    first = stack.state()["ads"]
    deploy(stack, enter, Door.PLUGIN, ads_program())
    deploy(stack, enter, Door.DYNAMIC, ads_program())

    last = stack.state()["ads"]
    assert last["inputs"] == first["inputs"]
    assert {
        name: last["outputs"][name] for name in ("__provider", "__holder", "__plain", "__token")
    } == {name: first["outputs"][name] for name in ("__provider", "__holder", "__plain", "__token")}


@BOTH_WAYS
def test_a_move_together_with_a_change_makes_and_previews_the_change(
    stack: EngineStack, aws: Aws, enter: Callable[[Door], None], source: Door
) -> None:
    deploy(stack, enter, source, ads_program())
    id_ = stack.state()["ads"]["id"]
    enter(MOVES[source])
    stack.declare(ads_program(description="Reach"))

    lines = list_lines(stack.preview_text_and_notices())
    stack.up()

    # The engine draws the hidden inputs that a dynamic resource gets, the pickled provider and the holder, along with another change.
    assert [line for line in lines if not line.startswith(("+ __provider", "+ __holder"))] == [
        '+ description: "Reach"'
    ]
    assert aws.endpoint.collaborations[id_].parameters["description"] == "Reach"
    assert stack.preview() == {}


@BOTH_WAYS
def test_a_move_together_with_a_replacing_change_replaces_for_that_property(
    stack: EngineStack, enter: Callable[[Door], None], source: Door
) -> None:
    deploy(stack, enter, source, ads_program())
    enter(MOVES[source])
    stack.declare(ads_program(query_log_status="DISABLED"))

    previewed = stack.preview()["ads"]
    stack.up()

    assert (previewed.op, previewed.reasons) == ("replace", ("queryLogStatus",))
    assert stack.preview() == {}


@BOTH_WAYS
def test_secrets_stay_secret_in_a_move(
    stack: EngineStack, enter: Callable[[Door], None], source: Door
) -> None:
    def declare() -> None:
        ads_program(
            members=[
                member(ADS, member_abilities=["CAN_QUERY"]),
                member(BROKER, display_name=pulumi.Output.secret(SECRET)),
            ]
        )()

    deploy(stack, enter, source, declare)
    enter(MOVES[source])
    previewed = stack.preview_text_and_notices()
    stack.up()

    assert SECRET not in previewed
    assert SECRET not in stack.export()
    assert stack.preview() == {}
    stack.refresh()
    assert SECRET not in stack.export()


def test_one_resource_moves_while_the_program_still_declares_the_other_as_before(
    stack: EngineStack, aws: Aws, enter: Callable[[Door], None]
) -> None:
    def declare_both() -> None:
        ads_program()()
        ads_program("other")()

    def declare_one_moved() -> None:
        enter(Door.PLUGIN)
        ads_program()()
        enter(Door.DYNAMIC)
        ads_program("other")()

    deploy(stack, enter, Door.DYNAMIC, declare_both)
    before = take_snapshot(aws)
    stack.declare(declare_one_moved)
    stack.up()
    types = {name: each["type"] for name, each in stack.state().items()}
    deploy(stack, enter, Door.PLUGIN, declare_both)

    assert types == {"ads": Door.PLUGIN.get_type(), "other": Door.DYNAMIC.get_type()}
    assert {each["type"] for each in stack.state().values()} == {Door.PLUGIN.get_type()}
    assert take_snapshot(aws) == before
    assert stack.preview() == {}


def test_the_engine_refuses_a_target_while_another_resource_would_move_and_changes_nothing(
    stack: EngineStack, aws: Aws, enter: Callable[[Door], None]
) -> None:
    def declare_both() -> None:
        ads_program()()
        ads_program("other")()

    deploy(stack, enter, Door.DYNAMIC, declare_both)
    before = take_snapshot(aws)
    enter(Door.PLUGIN)

    with pytest.raises(automation.CommandError, match="a change of providers mixed with --target"):
        stack.pulumi_stack.up(
            target=[f"urn:pulumi:test::tests::{Door.PLUGIN.get_type()}::ads"],
            suppress_progress=True,
        )

    assert take_snapshot(aws) == before
    assert stack.state()["other"]["type"] == Door.DYNAMIC.get_type()
    stack.up()
    assert stack.preview() == {}


def test_a_state_with_a_connection_moves_and_the_providers_settings_act(
    stack: EngineStack, aws: Aws, enter: Callable[[Door], None]
) -> None:
    keys = {"access_key": "111122223333", "secret_key": "s3cr3t-key"}
    deploy(stack, enter, Door.DYNAMIC, ads_program(connection=keys))
    before = take_snapshot(aws)
    deploy(stack, enter, Door.PLUGIN, ads_program())
    aws.endpoint.requests.clear()

    assert stack.refresh() == {}
    assert {each.caller.access_key for each in aws.endpoint.requests} == {"local"}
    assert take_snapshot(aws) == before
    assert "__connection" not in json.dumps(stack.state())
    assert stack.preview() == {}


@pytest.mark.parametrize(
    "name", [name for name in STATE_STORIES if name not in ("got", "subclass")]
)
def test_a_recorded_state_of_version_0_1_0_moves_with_the_writes_that_its_own_up_makes(
    stack: EngineStack,
    empty_aws: Aws,
    enter: Callable[[Door], None],
    monkeypatch: pytest.MonkeyPatch,
    name: str,
) -> None:
    monkeypatch.setattr("engine.states.cleanrooms", cleanrooms)
    recording = Recording.read(name)
    remake = recording.remake(empty_aws)
    enter(Door.PLUGIN)
    stack.load(remake.state)
    stack.declare(lambda: STATE_STORIES[name].program(remake.get_first_id()))

    with record_writes(empty_aws) as writes:
        stack.up()

    assert sorted(writes) == recording.life["up_writes"]
    assert remake.list_remaining(empty_aws) == recording.life["ids_after_up"]
    assert {each["type"] for each in stack.state().values()} == {Door.PLUGIN.get_type()}
    assert stack.preview() == {}
