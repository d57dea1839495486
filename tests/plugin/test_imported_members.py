"""What `pulumi import` writes into the state, no program has declared, so nobody loses it."""

from __future__ import annotations

import grpc
import pytest
from aws_account import Aws
from declarations import ADS, BROKER, PARTNER, declaration, member

from cleanrooms_resource.hidden_keys import without_hidden_keys
from plugin.driver import Plugin, PluginStack, Resource, secret, spell

QUERIER = member(ADS, member_abilities=["CAN_QUERY"])


def program(*members: dict[str, object], **overrides: object) -> dict[str, object]:
    return {**spell(declaration(members=[QUERIER, *members], **overrides)), "removeMembers": True}


@pytest.fixture
def imported(plugin_stack: PluginStack) -> PluginStack:
    """A stack that has imported a collaboration with three members."""
    made = plugin_stack.plugin.create(
        plugin_stack.plugin.check(program(member(BROKER), member(PARTNER)))[0]
    )
    read = plugin_stack.plugin.import_(made.id)
    plugin_stack.resource = Resource(plugin_stack.urn, made.id, read.inputs, read.outputs)
    return plugin_stack


def read_statuses(aws: Aws, stack: PluginStack) -> dict[str, str]:
    assert stack.resource is not None
    return aws.endpoint.collaborations[stack.resource.id].statuses


def test_a_member_whom_no_program_declared_is_not_removed_after_an_import(
    imported: PluginStack, empty_aws: Aws
) -> None:
    assert imported.up(program(member(BROKER))) == "update"

    assert read_statuses(empty_aws, imported)[PARTNER] == "INVITED"
    assert imported.up(program(member(BROKER))) == "same"


def test_a_refresh_after_an_import_declares_nothing(imported: PluginStack, empty_aws: Aws) -> None:
    imported.refresh()

    imported.up(program(member(BROKER)))

    assert read_statuses(empty_aws, imported)[PARTNER] == "INVITED"


def test_a_member_whom_an_up_declared_after_the_import_is_removed(
    imported: PluginStack, empty_aws: Aws
) -> None:
    assert imported.resource is not None
    assert imported.up(imported.resource.inputs) == "same"

    assert imported.up(program(member(BROKER))) == "update"

    assert read_statuses(empty_aws, imported)[PARTNER] == "REMOVED"


def test_a_change_after_an_import_is_drawn_without_the_hidden_input(
    plugin: Plugin, imported: PluginStack
) -> None:
    assert imported.resource is not None

    checked, _ = plugin.check(program(member(BROKER), name="Other"), imported.resource.inputs)
    answer = plugin.diff(imported.resource, checked)

    assert sorted(answer.detailedDiff) == ['members["444455556666"]', "name", "removeMembers"]


def test_a_property_that_no_program_declared_never_replaces_after_an_import(
    plugin_stack: PluginStack,
) -> None:
    made = plugin_stack.plugin.create(
        plugin_stack.plugin.check(program(job_log_status="ENABLED"))[0]
    )
    read = plugin_stack.plugin.import_(made.id)
    plugin_stack.resource = Resource(plugin_stack.urn, made.id, read.inputs, read.outputs)

    assert plugin_stack.up(program()) == "update"
    assert plugin_stack.resource.id == made.id


def test_what_a_program_calls_secret_after_an_import_becomes_secret(
    imported: PluginStack,
) -> None:
    assert imported.resource is not None
    same = without_hidden_keys(imported.resource.inputs)

    assert imported.up({**same, "members": secret(same["members"])}) == "update"

    assert imported.resource.outputs["members"] == secret(same["members"])


@pytest.mark.parametrize("path", ["members", f'members["{PARTNER}"]', "*"])
def test_members_are_not_ignored_before_an_up_has_declared_them(
    plugin: Plugin, imported: PluginStack, path: str
) -> None:
    held = imported.held
    checked, _ = plugin.check(without_hidden_keys(held.inputs), held.inputs)

    with pytest.raises(grpc.RpcError, match="ignoreChanges cannot name members before"):
        plugin.diff(held, checked, ignore_changes=(path,))


def test_members_may_be_ignored_after_an_up_has_declared_them(
    plugin: Plugin, imported: PluginStack
) -> None:
    imported.up(without_hidden_keys(imported.held.inputs))

    answer = plugin.diff(imported.held, imported.held.inputs, ignore_changes=("members",))

    assert answer.changes == answer.DIFF_NONE
