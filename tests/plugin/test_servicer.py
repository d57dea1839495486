"""The servicer over a real channel: each call as the engine makes it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import grpc
import pytest
from google.protobuf import empty_pb2
from pulumi.runtime.proto import provider_pb2

import cleanrooms_resource.provider
from cleanrooms_resource.changes.takeover import PULUMI_AWS_TYPE
from cleanrooms_resource.plugin.servicer import SCHEMA_FILE, VERSION
from plugin.complete_declaration import COMPLETE
from plugin.driver import (
    UNKNOWN,
    Plugin,
    PluginStack,
    Resource,
    connect,
    make_old,
    make_urn,
    pack,
    run_plugin,
    secret,
    unpack,
)
from plugin.test_member_list import declare as declare_list

if TYPE_CHECKING:
    from aws_account import Aws


KINDS = provider_pb2.DiffResponse
SECRET = "s3cr3t"


def get_error(error: pytest.ExceptionInfo[grpc.RpcError]) -> tuple[grpc.StatusCode, str]:
    return error.value.code(), error.value.details()


# What the plug-in says of itself.


def test_the_plug_in_has_the_version_of_the_package(plugin: Plugin) -> None:
    assert plugin.stub.GetPluginInfo(empty_pb2.Empty()).version == VERSION


def test_the_schema_is_json_that_names_the_resource(plugin: Plugin) -> None:
    assert (
        "cleanrooms:index:Collaboration"
        in json.loads(plugin.stub.GetSchema(provider_pb2.GetSchemaRequest()).schema)["resources"]
    )


def test_the_schema_is_the_packages_file_with_the_packages_version(plugin: Plugin) -> None:
    schema = json.loads(plugin.stub.GetSchema(provider_pb2.GetSchemaRequest()).schema)

    assert schema == json.loads(SCHEMA_FILE.read_text()) | {"version": VERSION}


def test_configure_asks_for_secrets_and_for_previews(plugin: Plugin) -> None:
    answer = plugin.stub.Configure(provider_pb2.ConfigureRequest())

    assert (
        answer.acceptSecrets,
        answer.supportsPreview,
        answer.acceptResources,
        answer.acceptOutputs,
    ) == (True, True, False, False)


# The configuration.


def check_config(plugin: Plugin, configuration: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    answer = plugin.stub.CheckConfig(
        provider_pb2.CheckRequest(
            urn=make_urn(type_="pulumi:providers:cleanrooms"), news=pack(configuration)
        )
    )
    return unpack(answer.inputs), [failure.reason for failure in answer.failures]


def test_a_configuration_is_returned_as_it_is(plugin: Plugin) -> None:
    configuration = {"region": "eu-west-1", "maxRetries": 3.0, "mine": {"x": [1.0]}}

    assert check_config(plugin, configuration) == (configuration, [])


def test_a_misspelt_setting_is_one_sentence(plugin: Plugin) -> None:
    assert check_config(plugin, {"regoin": "eu-west-1"})[1] == [
        'cleanrooms:regoin: this is not a setting of the provider; did you mean "cleanrooms:region"? Correct the name, or remove the setting'
    ]


def test_no_failure_of_the_configuration_quotes_a_secret(plugin: Plugin) -> None:
    configuration = {
        "regoin": secret(SECRET),
        "insecure": secret(SECRET),
        "assumeRoles": secret([{"roleArn": SECRET, SECRET[:3]: 1.0}]),
    }
    reasons = check_config(plugin, configuration)[1]

    assert len(reasons) >= 3
    assert SECRET not in str(reasons)


def test_a_setting_that_is_not_known_yet_is_no_failure(plugin: Plugin) -> None:
    assert (
        check_config(plugin, {"region": UNKNOWN, "accessKey": UNKNOWN, "secretKey": "x"})[1] == []
    )


def test_keys_are_secret_in_the_state_of_a_provider(plugin: Plugin) -> None:
    assert check_config(plugin, {"accessKey": "a", "secretKey": "b", "token": "c"})[0] == {
        "accessKey": secret("a"),
        "secretKey": secret("b"),
        "token": secret("c"),
    }


def test_a_changed_configuration_replaces_no_provider(plugin: Plugin) -> None:
    answer = plugin.stub.DiffConfig(
        provider_pb2.DiffRequest(
            olds=pack({"region": "eu-west-1"}), news=pack({"region": "us-east-1"})
        )
    )

    assert (list(answer.replaces), answer.deleteBeforeReplace) == ([], False)


# Diff.


def test_an_equal_declaration_has_no_difference(plugin_stack: PluginStack) -> None:
    plugin_stack.up(COMPLETE)

    answer = plugin_stack.plugin.diff(plugin_stack.held, plugin_stack.held.inputs)

    assert (answer.changes, list(answer.replaces)) == (KINDS.DIFF_NONE, [])


def test_a_difference_is_left_to_the_engine_to_draw(plugin_stack: PluginStack) -> None:
    plugin_stack.up(COMPLETE)

    answer = plugin_stack.plugin.diff(
        plugin_stack.held, plugin_stack.held.inputs | {"description": "Other"}
    )

    assert (answer.changes, list(answer.replaces), answer.hasDetailedDiff) == (
        KINDS.DIFF_UNKNOWN,
        [],
        False,
    )


def test_a_state_of_the_dynamic_resource_is_updated(plugin_stack: PluginStack) -> None:
    plugin_stack.up(COMPLETE)
    made = plugin_stack.held
    moved = Resource(
        made.urn,
        made.id,
        made.inputs | {"__provider": "x", "__holder": "y"},
        made.outputs | {"__provider": "x", "__holder": "y"},
    )

    assert plugin_stack.plugin.diff(moved, made.inputs).changes == KINDS.DIFF_SOME
    updated = plugin_stack.plugin.update(moved, made.inputs)
    assert updated.outputs.keys() == made.outputs.keys()


def test_the_keys_of_a_moved_state_never_act(plugin_stack: PluginStack, empty_aws: Aws) -> None:
    plugin_stack.up(COMPLETE)
    made = plugin_stack.held
    hidden = {
        "__connection": secret({"accessKey": "999988887777", "secretKey": "x"}),
        "__provider": "x",
    }
    moved = Resource(made.urn, made.id, made.inputs, made.outputs | hidden)
    empty_aws.endpoint.requests.clear()
    plugin_stack.plugin.read(moved)
    plugin_stack.plugin.update(moved, made.inputs | {"description": "Other"})
    plugin_stack.plugin.delete(moved)

    assert {each.caller.account for each in empty_aws.endpoint.requests} == {"111122223333"}


# Errors.


def test_an_error_is_a_sentence_of_ours_without_a_traceback(
    plugin_stack: PluginStack, empty_aws: Aws
) -> None:
    empty_aws.endpoint.faults.deny("CreateCollaboration")
    with pytest.raises(grpc.RpcError) as error:
        plugin_stack.up(COMPLETE)
    code, details = get_error(error)

    assert code == grpc.StatusCode.UNKNOWN
    assert details.startswith(
        'creating Clean Rooms collaboration "Ads measurement" in us-east-1: AccessDeniedException: '
    )
    assert "\n" not in details
    assert "Traceback" not in details


def test_a_fault_of_the_provider_is_a_sentence_that_quotes_nothing(
    plugin_stack: PluginStack, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: Any, **__: Any) -> Any:
        raise KeyError(SECRET)

    monkeypatch.setattr(cleanrooms_resource.provider, "create_collaboration", fail)
    with pytest.raises(grpc.RpcError) as error:
        plugin_stack.up(COMPLETE)
    code, details = get_error(error)
    captured = capfd.readouterr()

    assert code == grpc.StatusCode.INTERNAL
    assert details.startswith("The cleanrooms provider has a fault: KeyError at ")
    assert "test_servicer.py:" in details
    assert SECRET not in details + captured.out + captured.err
    assert "Traceback" not in details + captured.out + captured.err


# The plug-in and its callers.


def test_no_preview_calls_aws(plugin_stack: PluginStack, empty_aws: Aws) -> None:
    inputs, _ = plugin_stack.plugin.check(COMPLETE)
    plugin_stack.plugin.preview_creation(inputs)

    assert list(empty_aws.endpoint.requests) == []


def test_a_deleted_collaboration_is_deleted_again_without_an_error(
    plugin_stack: PluginStack,
) -> None:
    plugin_stack.up(COMPLETE)
    made = plugin_stack.held
    plugin_stack.plugin.delete(made)

    plugin_stack.plugin.delete(make_old(made))


def test_configure_forgets_what_an_earlier_command_showed(
    plugin_stack: PluginStack, empty_aws: Aws
) -> None:
    """A plug-in that a debugger started serves one command after another."""
    plugin_stack.up(COMPLETE)
    plugin_stack.plugin.stub.Cancel(empty_pb2.Empty())
    connect(plugin_stack.plugin, empty_aws)

    assert plugin_stack.up(COMPLETE | {"description": "Other"}) == "update"


def test_two_plug_ins_of_one_process_share_no_settings(plugin: Plugin, empty_aws: Aws) -> None:
    with run_plugin(empty_aws.endpoint.settings | {"aws:accessKey": "999988887777"}) as other:
        first, second = (each.create(each.check(COMPLETE)[0]) for each in (plugin, other))

    assert [each.outputs["creatorAccountId"] for each in (first, second)] == [
        "111122223333",
        "999988887777",
    ]


def test_the_types_of_a_urn_say_nothing(plugin: Plugin) -> None:
    """The engine calls Diff for a state of another type with the new URN; a Check has a URN alone."""
    assert plugin.check(declare_list([]), urn=make_urn(type_=PULUMI_AWS_TYPE))[1] == []
