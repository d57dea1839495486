"""A plug-in that is killed in any call, after its work and before its answer: nothing is lost, and nothing is there twice."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest
from pulumi import automation

from engine.doors import PLUGIN_DOOR
from engine.driver import EngineStack, create_stack
from engine.programs import ads_program, create_by_hand

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aws_account import Aws

pytestmark = [pytest.mark.engine, PLUGIN_DOOR]
_PLUGIN = """\
#!{python}
import os
import signal
from pathlib import Path

from cleanrooms_resource.plugin.server import main
from cleanrooms_resource.plugin.servicer import CollaborationServicer


def kill_after(call):
    def work(servicer, request, context):
        answer = call(servicer, request, context)
        order = Path({order!r})
        if order.exists() and order.read_text() == call.__name__:
            order.unlink()
            os.kill(os.getpid(), signal.SIGKILL)
        return answer

    return work


for name in ("Check", "Diff", "Create", "Read", "Update", "Delete"):
    setattr(CollaborationServicer, name, kill_after(getattr(CollaborationServicer, name)))
main()
"""


class KillableStack:
    """A stack whose plug-in is killed in the next call of a name."""

    def __init__(self, folder: Path, aws: Aws) -> None:
        self.order = folder / "kill"
        plugin = folder / "plug-in"
        plugin.mkdir()
        executable = plugin / "pulumi-resource-cleanrooms"
        executable.write_text(_PLUGIN.format(python=sys.executable, order=str(self.order)))
        executable.chmod(0o755)
        self.stack = create_stack(folder, aws.endpoint.settings, plugin_folder=str(plugin))

    def fail(self, call: str, command: Callable[[], object]) -> None:
        """Run a command in which the plug-in is killed."""
        self.order.write_text(call)
        with pytest.raises(automation.CommandError):
            command()
        assert not self.order.exists()

    def list_ids(self) -> list[str]:
        return sorted(each["id"] for each in self.stack.state().values())


@pytest.fixture
def killable(tmp_path: Path, empty_aws: Aws) -> KillableStack:
    return KillableStack(tmp_path, empty_aws)


def deploy(stack: EngineStack, program: Callable[[], None]) -> None:
    stack.declare(program)
    stack.up()


@pytest.mark.parametrize("call", ["Check", "Diff", "Update"])
def test_killed_in_an_update_the_next_up_finishes_the_update(
    killable: KillableStack, empty_aws: Aws, call: str
) -> None:
    deploy(killable.stack, ads_program())
    before = killable.list_ids()
    killable.stack.declare(ads_program(name="Other", tags={"new": "1"}))

    killable.fail(call, killable.stack.up)
    killable.stack.up()

    assert killable.list_ids() == sorted(empty_aws.endpoint.collaborations) == before
    assert aws_has(empty_aws) == [("Other", {"new": "1"})]
    assert (killable.stack.refresh(), killable.stack.preview()) == ({}, {})


@pytest.mark.parametrize("call", ["Check", "Diff", "Create", "Delete"])
def test_killed_in_a_replacement_the_next_up_finishes_the_replacement_with_one_orphan_of_a_creation(
    killable: KillableStack, empty_aws: Aws, call: str
) -> None:
    deploy(killable.stack, ads_program())
    before = killable.list_ids()
    killable.stack.declare(ads_program(query_log_status="DISABLED"))

    killable.fail(call, killable.stack.up)
    killable.stack.up()

    orphans = empty_aws.endpoint.collaborations.keys() - set(killable.list_ids())
    assert len(orphans) == (1 if call == "Create" else 0)
    assert len(killable.list_ids()) == 1
    assert killable.list_ids() != before
    assert not orphans & set(before)
    assert (killable.stack.refresh(), killable.stack.preview()) == ({}, {})


def test_killed_in_a_refresh_nothing_leaves_the_state(
    killable: KillableStack, empty_aws: Aws
) -> None:
    deploy(killable.stack, ads_program())
    before = killable.list_ids()

    killable.fail("Read", killable.stack.refresh)

    assert killable.list_ids() == sorted(empty_aws.endpoint.collaborations) == before
    assert (killable.stack.refresh(), killable.stack.preview()) == ({}, {})


def test_killed_in_a_deletion_the_next_destroy_leaves_nothing(
    killable: KillableStack, empty_aws: Aws
) -> None:
    deploy(killable.stack, ads_program())

    killable.fail("Delete", killable.stack.destroy)
    killable.stack.destroy()

    assert killable.stack.resources() == []
    assert not empty_aws.endpoint.collaborations


def test_killed_in_an_import_the_next_up_imports(killable: KillableStack, empty_aws: Aws) -> None:
    id_ = create_by_hand(empty_aws)
    killable.stack.declare(ads_program(opts={"import_": id_}))

    killable.fail("Read", killable.stack.up)
    killable.stack.up()

    assert killable.list_ids() == sorted(empty_aws.endpoint.collaborations) == [id_]


def aws_has(aws: Aws) -> list[tuple[str, dict[str, str]]]:
    """Return the name and the tags of each collaboration at the endpoint."""
    client = aws.client("us-east-1")
    return [
        (each.parameters["name"], client.list_tags_for_resource(resourceArn=each.arn)["tags"])
        for each in aws.endpoint.collaborations.values()
    ]
