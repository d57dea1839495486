"""The plug-in imports a collaboration whose members the program does not all declare."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

import pulumi
import pytest
from declarations import ADS, BROKER, PARTNER, declaration, member
from pulumi import automation

from engine.doors import PLUGIN_DOOR, cleanrooms
from engine.programs import record_writes

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_account import Aws

    from engine.driver import EngineStack

pytestmark = [pytest.mark.engine, PLUGIN_DOOR]
QUERIER = member(ADS, member_abilities=["CAN_QUERY"])


def program(*members: dict[str, Any], **opts: Any) -> Callable[[], None]:
    """A program that removes the members whom it drops."""

    def declare() -> None:
        declared = {**declaration(members=[QUERIER, *members]), "remove_members": True}
        cleanrooms.Collaboration("ads", declared, pulumi.ResourceOptions(**opts))

    return declare


def make_with_partner(stack: EngineStack) -> str:
    """Have a collaboration with three members made, and forgotten by the stack; its id."""
    stack.declare(program(member(BROKER), member(PARTNER)))
    stack.up()
    id_ = str(stack.state()["ads"]["id"])
    urn = stack.state()["ads"]["urn"]
    stack.pulumi_stack._run_pulumi_cmd_sync(["state", "delete", urn, "--yes"])
    return id_


def test_an_up_that_imports_removes_no_member_and_shows_no_hidden_input(
    stack: EngineStack, empty_aws: Aws
) -> None:
    id_ = make_with_partner(stack)
    stack.declare(program(member(BROKER), import_=id_))

    text = stack.preview_text()
    with record_writes(empty_aws) as writes:
        stack.up()

    assert writes == []
    assert "__" not in text
    assert empty_aws.endpoint.collaborations[id_].statuses[PARTNER] == "INVITED"
    assert stack.preview() == {}


def test_an_import_by_the_command_declares_nothing_until_an_up(
    stack: EngineStack, empty_aws: Aws
) -> None:
    id_ = make_with_partner(stack)
    run = stack.pulumi_stack._run_pulumi_cmd_sync
    command = ["import", "cleanrooms:index:Collaboration", "ads", id_]
    generated = run([*command, "--yes", "--skip-preview", "--protect=false"]).stdout

    stack.declare(program(member(BROKER)))
    text = stack.preview_text()
    with record_writes(empty_aws) as writes:
        stack.up()

    assert "__imported" not in generated + text
    assert writes == []
    assert empty_aws.endpoint.collaborations[id_].statuses[PARTNER] == "INVITED"


def test_a_member_whom_an_up_declared_after_the_import_is_removed(
    stack: EngineStack, empty_aws: Aws
) -> None:
    id_ = make_with_partner(stack)
    stack.declare(program(member(BROKER), member(PARTNER), import_=id_))
    stack.up()
    stack.declare(program(member(BROKER), member(PARTNER)))
    assert stack.up() == {}

    stack.declare(program(member(BROKER)))
    stack.up()

    assert empty_aws.endpoint.collaborations[id_].statuses[PARTNER] == "REMOVED"


@pytest.mark.parametrize("path", ["members", f'members["{PARTNER}"]', "*"])
def test_no_import_hands_the_members_that_a_program_ignores_on_as_its_own(
    stack: EngineStack, empty_aws: Aws, path: str
) -> None:
    id_ = make_with_partner(stack)
    stack.declare(program(member(BROKER), import_=id_, ignore_changes=[path]))

    with pytest.raises(automation.CommandError, match="ignoreChanges cannot name members before"):
        stack.preview()
    with pytest.raises(automation.CommandError, match="ignoreChanges cannot name members before"):
        stack.up()
    stack.declare(program(member(BROKER)))
    with contextlib.suppress(automation.CommandError):
        stack.up()

    assert empty_aws.endpoint.collaborations[id_].statuses[PARTNER] == "INVITED"
