"""Collaborations that are not this stack's, or not the caller's: nothing is read, changed or deleted for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import grpc
import pytest
from declarations import declaration

from cleanrooms_resource.errors import AdoptionError
from cleanrooms_resource.plugin.ownership import (
    refuse_ignored_member_list,
    refuse_resource_that_was_read,
)
from plugin.driver import Plugin, PluginStack, Resource, connect, make_urn, spell

if TYPE_CHECKING:
    from aws_account import Aws

OTHER = "999988887777"
PROGRAM = spell(declaration())


@pytest.fixture
def made(plugin_stack: PluginStack, empty_aws: Aws) -> Resource:
    """A resource whose provider now acts in another account."""
    plugin_stack.up(PROGRAM)
    connect(plugin_stack.plugin, empty_aws, accessKey=OTHER)
    empty_aws.endpoint.requests.clear()
    return plugin_stack.held


@pytest.mark.parametrize("action", ["reading", "updating", "deleting"])
def test_another_account_than_the_creators_is_refused_with_both_accounts(
    plugin: Plugin, empty_aws: Aws, made: Resource, action: str
) -> None:
    calls: dict[str, Any] = {
        "reading": lambda: plugin.read(made),
        "updating": lambda: plugin.update(made, made.inputs | {"description": "Why"}),
        "deleting": lambda: plugin.delete(made),
    }
    with pytest.raises(grpc.RpcError) as error:
        calls[action]()
    details = error.value.details()

    assert details.startswith(
        f"{action} Clean Rooms collaboration {made.id}: account 111122223333 created the collaboration, and the credentials"
    )
    assert f"act in account {OTHER}. Nothing was changed." in details
    assert "aws:" not in details.replace("no `aws:` setting", "")
    assert [
        each.operation for each in empty_aws.endpoint.requests if each.service == "cleanrooms"
    ] == []


def test_a_state_of_pulumi_aws_is_refused_for_another_account(
    plugin: Plugin, made: Resource
) -> None:
    outputs = {
        name: made.outputs[name]
        for name in (
            "arn",
            "name",
            "creatorDisplayName",
            "creatorMemberAbilities",
            "queryLogStatus",
        )
    }

    with pytest.raises(grpc.RpcError) as error:
        plugin.update(Resource(made.urn, made.id, made.inputs, outputs), made.inputs)

    assert f"act in account {OTHER}" in error.value.details()


def test_get_reads_for_a_member_what_another_account_created(
    plugin: Plugin, empty_aws: Aws, made: Resource
) -> None:
    connect(plugin, empty_aws, accessKey="222233334444")

    assert plugin.get(made.id).outputs["creatorAccountId"] == "111122223333"


def test_the_account_is_asked_once_for_many_reads(
    plugin: Plugin, empty_aws: Aws, made: Resource
) -> None:
    connect(plugin, empty_aws, accessKey="111122223333")
    for _ in range(3):
        plugin.read(made)

    assert [each.operation for each in empty_aws.endpoint.requests].count("GetCallerIdentity") <= 1


def test_what_was_only_read_is_never_changed(
    plugin: Plugin, empty_aws: Aws, made: Resource
) -> None:
    connect(plugin, empty_aws)
    read = plugin.get(made.id)

    for act in (lambda: plugin.diff(read, made.inputs), lambda: plugin.update(read, made.inputs)):
        with pytest.raises(grpc.RpcError, match="was only read, and this stack does not own it"):
            act()


@pytest.mark.parametrize(
    "outputs", [{"__declared": [], "creatorAccountId": "x"}, {"arn": "x", "tagsAll": {}}, {}]
)
def test_what_this_stack_owns_is_its_own(outputs: dict[str, Any]) -> None:
    refuse_resource_that_was_read("id", outputs)


@pytest.mark.parametrize(
    "path",
    [
        "memberList",
        "memberList[0]",
        "memberList[*].displayName",
        '["memberList"]',
        '["memberList"][0]',
    ],
)
def test_an_ignored_member_list_is_refused(path: str) -> None:
    with pytest.raises(AdoptionError, match="ignoreChanges cannot name memberList"):
        refuse_ignored_member_list(["name", path])


@pytest.mark.parametrize("path", ["members", "*", 'members["222233334444"]', 'tags["memberList"]'])
def test_another_ignored_path_is_not_refused(path: str) -> None:
    refuse_ignored_member_list([path])


def test_a_difference_with_an_ignored_member_list_is_refused(plugin_stack: PluginStack) -> None:
    plugin_stack.up(PROGRAM)

    with pytest.raises(grpc.RpcError, match="the state keeps members and memberList as one map"):
        plugin_stack.plugin.diff(plugin_stack.held, PROGRAM, ignore_changes=("memberList",))


def test_two_resources_of_one_stack_that_hold_one_collaboration_delete_nothing_of_each_other(
    plugin_stack: PluginStack, empty_aws: Aws
) -> None:
    plugin_stack.up(PROGRAM)
    made = plugin_stack.held
    imported = plugin_stack.plugin.import_(made.id)
    second = Resource(make_urn("second"), made.id, imported.inputs, imported.outputs)
    checked, _ = plugin_stack.plugin.check(PROGRAM, second.inputs, urn=second.urn)
    plugin_stack.plugin.diff(second, checked)
    plugin_stack.plugin.delete(made)

    assert made.id in empty_aws.endpoint.collaborations
