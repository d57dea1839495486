"""The servicer over a real channel: each call as the engine makes it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import grpc
import pytest
from declarations import ADS, BROKER, PARTNER, declaration, member
from google.protobuf import empty_pb2
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pulumi.runtime.proto import provider_pb2

import cleanrooms_resource.provider
from cleanrooms_resource.changes.takeover import PULUMI_AWS_TYPE
from cleanrooms_resource.plugin.schema import VERSION
from cleanrooms_resource.pulumi_sdk import reveal_secrets
from cleanrooms_resource.table import TABLE
from cleanrooms_resource.testing.error_response import ErrorResponse
from plugin.driver import UNKNOWN, Plugin, PluginStack, Resource, connect, hide, make_old, make_urn, pack, run_plugin, secret, spell, unpack
from plugin.test_member_list import declare as declare_list
from plugin.test_member_list import entry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_account import Aws

KINDS = provider_pb2.DiffResponse
SECRET = "s3cr3t"
COMPLETE = spell(
    declaration(
        description="Why",
        job_log_status="DISABLED",
        analytics_engine="SPARK",
        auto_approved_change_request_types=["ADD_MEMBER"],
        allowed_result_regions=["us-east-1"],
        is_metrics_enabled=False,
        data_encryption_metadata={
            "allow_cleartext": True,
            "allow_duplicates": True,
            "allow_joins_on_columns_with_different_names": True,
            "preserve_nulls": False,
        },
        creator_payment_configuration={"query_compute": {"is_responsible": True}},
        creator_ml_member_abilities={"custom_ml_member_abilities": ["CAN_RECEIVE_MODEL_OUTPUT"]},
        members=[
            member(ADS, member_abilities=["CAN_QUERY"], payment_configuration={"query_compute": {"is_responsible": False}}),
            member(BROKER, ml_member_abilities={"custom_ml_member_abilities": ["CAN_RECEIVE_INFERENCE_OUTPUT"]}),
        ],
        change_requests="AUTO_APPROVED",
        remove_members=False,
        region="us-east-1",
    )
)
"""A declaration with every property, and every option."""


def list_paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path of each part of a value."""
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in parts:
        yield (*path, key)
        yield from list_paths(part, (*path, key))


def replace_part(value: Any, path: tuple[Any, ...], make: Any) -> Any:
    """Return a value with another part at a path."""
    if not path:
        return make(value)
    copied = dict(value) if isinstance(value, dict) else list(value)
    copied[path[0]] = replace_part(value[path[0]], path[1:], make)
    return copied


def get_error(error: pytest.ExceptionInfo[grpc.RpcError]) -> tuple[grpc.StatusCode, str]:
    return error.value.code(), error.value.details()


PATHS = sorted(list_paths(COMPLETE), key=str)
json_values = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8) | st.just(UNKNOWN) | st.just(ADS),
    lambda parts: (
        st.lists(parts, max_size=3)
        | st.dictionaries(st.text(max_size=8) | st.sampled_from(["accountId", "displayName", ADS]), parts, max_size=3)
        | parts.map(secret)
    ),
    max_leaves=8,
)
names = st.sampled_from([*TABLE, "memberList", "connection", "changeRequests", "removeMembers", "creator_display_name", "tagsAll", "__holder"])


# What the plug-in says of itself.


def test_the_plug_in_has_the_version_of_the_package(plugin: Plugin) -> None:
    assert plugin.stub.GetPluginInfo(empty_pb2.Empty()).version == VERSION


def test_the_schema_is_json_that_names_the_resource(plugin: Plugin) -> None:
    assert "cleanrooms:index:Collaboration" in json.loads(plugin.stub.GetSchema(provider_pb2.GetSchemaRequest()).schema)["resources"]


def test_configure_asks_for_secrets_and_for_previews(plugin: Plugin) -> None:
    answer = plugin.stub.Configure(provider_pb2.ConfigureRequest())

    assert (answer.acceptSecrets, answer.supportsPreview, answer.acceptResources, answer.acceptOutputs) == (True, True, False, False)


# The configuration.


def check_config(plugin: Plugin, configuration: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    answer = plugin.stub.CheckConfig(provider_pb2.CheckRequest(urn=make_urn(type_="pulumi:providers:cleanrooms"), news=pack(configuration)))
    return unpack(answer.inputs), [failure.reason for failure in answer.failures]


def test_a_configuration_is_returned_as_it_is(plugin: Plugin) -> None:
    configuration = {"region": "eu-west-1", "maxRetries": 3.0, "mine": {"x": [1.0]}}

    assert check_config(plugin, configuration) == (configuration, [])


def test_a_misspelt_setting_is_one_sentence(plugin: Plugin) -> None:
    assert check_config(plugin, {"regoin": "eu-west-1"})[1] == [
        'cleanrooms:regoin: this is not a setting of the provider; did you mean "cleanrooms:region"? Correct the name, or remove the setting'
    ]


def test_no_failure_of_the_configuration_quotes_a_secret(plugin: Plugin) -> None:
    configuration = {"regoin": secret(SECRET), "insecure": secret(SECRET), "assumeRoles": secret([{"roleArn": SECRET, SECRET[:3]: 1.0}])}
    reasons = check_config(plugin, configuration)[1]

    assert len(reasons) >= 3
    assert SECRET not in str(reasons)


def test_a_setting_that_is_not_known_yet_is_no_failure(plugin: Plugin) -> None:
    assert check_config(plugin, {"region": UNKNOWN, "accessKey": UNKNOWN, "secretKey": "x"})[1] == []


def test_keys_are_secret_in_the_state_of_a_provider(plugin: Plugin) -> None:
    assert check_config(plugin, {"accessKey": "a", "secretKey": "b", "token": "c"})[0] == {
        "accessKey": secret("a"),
        "secretKey": secret("b"),
        "token": secret("c"),
    }


def test_a_changed_configuration_replaces_no_provider(plugin: Plugin) -> None:
    answer = plugin.stub.DiffConfig(provider_pb2.DiffRequest(olds=pack({"region": "eu-west-1"}), news=pack({"region": "us-east-1"})))

    assert (list(answer.replaces), answer.deleteBeforeReplace) == ([], False)


# Check.


@given(st.dictionaries(names | st.text(max_size=8), json_values, max_size=6), st.dictionaries(names, json_values, max_size=3))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_check_answers_any_inputs(plugin: Plugin, news: dict[str, Any], olds: dict[str, Any]) -> None:
    inputs, reasons = plugin.check(news, olds)

    assert isinstance(inputs, dict)
    assert all(reasons)


def test_check_of_checked_inputs_is_the_same(plugin: Plugin) -> None:
    checked, reasons = plugin.check(COMPLETE)

    assert reasons == []
    assert plugin.check(checked, checked) == (checked, [])


def test_a_refused_declaration_comes_back_as_it_was(plugin: Plugin) -> None:
    program = COMPLETE | {"queryLogStatus": "x", "memberList": []}

    assert plugin.check(program)[0] == program


def test_a_collaboration_without_a_name_has_the_resources(plugin: Plugin) -> None:
    program = {name: value for name, value in COMPLETE.items() if name != "name"}

    assert plugin.check(program, urn=make_urn("a::b"))[0]["name"] == "a::b"


def test_a_connection_is_refused_once(plugin: Plugin) -> None:
    assert plugin.check(COMPLETE | {"connection": {"profile": 5.0}})[1] == [
        "connection: is not an input here; a provider of this package says whose credentials act"
    ]


@pytest.mark.parametrize("path", PATHS, ids=str)
def test_a_secret_part_is_secret_in_the_checked_inputs(plugin: Plugin, path: tuple[Any, ...]) -> None:
    """Whatever the value is, the checked inputs show less of it than those without the mark, and mean the same."""
    plain, _ = plugin.check(COMPLETE)
    checked, reasons = plugin.check(replace_part(COMPLETE, path, secret))

    assert reasons == []
    assert reveal_secrets(checked) == plain
    assert "[secret]" in str(hide(checked))


@pytest.mark.parametrize("name", ["creator_display_name", "tags", "members", "memberList"])
def test_a_secret_is_in_no_checked_input_in_plain_text(plugin: Plugin, name: str) -> None:
    values = {
        "creator_display_name": secret(SECRET),
        "tags": {"team": secret(SECRET)},
        "members": {ADS: {"displayName": secret(SECRET), "memberAbilities": []}},
        "memberList": secret([entry(ADS, displayName=SECRET)]),
    }
    without = {"creatorDisplayName"} if name == "creator_display_name" else {"members"} if name == "memberList" else set()
    checked, reasons = plugin.check({key: value for key, value in COMPLETE.items() if key not in without} | {name: values[name]})

    assert reasons == []
    assert SECRET in str(checked)
    assert SECRET not in str(hide(checked))


@pytest.mark.parametrize("path", [path for path in PATHS if path[0] not in ("tags", "members") or len(path) != 2], ids=str)
@pytest.mark.parametrize("wrong", [SECRET, [SECRET], {"x": SECRET}])
def test_no_failure_quotes_a_secret(plugin: Plugin, path: tuple[Any, ...], wrong: Any) -> None:
    reasons = plugin.check(replace_part(COMPLETE, path, lambda _: secret(wrong)))[1]

    assert SECRET not in str(reasons)


@pytest.mark.parametrize("path", PATHS, ids=str)
def test_an_unknown_part_is_never_refused(plugin: Plugin, path: tuple[Any, ...]) -> None:
    checked, reasons = plugin.check(replace_part(COMPLETE, path, lambda _: UNKNOWN))

    assert reasons == []
    assert UNKNOWN in str(checked)


@pytest.mark.parametrize("path", PATHS, ids=str)
def test_an_unknown_part_is_never_made_up_in_a_preview(plugin_stack: PluginStack, path: tuple[Any, ...]) -> None:
    plugin_stack.up(COMPLETE)
    old = plugin_stack.resource
    assert old is not None
    inputs = plugin_stack.check(replace_part(COMPLETE, path, lambda _: UNKNOWN), old.inputs)
    plugin_stack.plugin.diff(old, inputs)

    for predicted in (plugin_stack.plugin.preview_creation(inputs), plugin_stack.plugin.update(old, inputs, preview=True).outputs):
        assert {name: predicted.get(name) for name in inputs if name in TABLE and predicted.get(name) not in (inputs[name], UNKNOWN)} == {}
    assert plugin_stack.up(COMPLETE) == "same"


# Diff.


def test_an_equal_declaration_has_no_difference(plugin_stack: PluginStack) -> None:
    plugin_stack.up(COMPLETE)
    assert plugin_stack.resource is not None

    answer = plugin_stack.plugin.diff(plugin_stack.resource, plugin_stack.resource.inputs)

    assert (answer.changes, list(answer.replaces)) == (KINDS.DIFF_NONE, [])


def test_a_difference_is_left_to_the_engine_to_draw(plugin_stack: PluginStack) -> None:
    plugin_stack.up(COMPLETE)
    assert plugin_stack.resource is not None

    answer = plugin_stack.plugin.diff(plugin_stack.resource, plugin_stack.resource.inputs | {"description": "Other"})

    assert (answer.changes, list(answer.replaces), answer.hasDetailedDiff) == (KINDS.DIFF_UNKNOWN, [], False)


def test_a_property_that_becomes_secret_updates_the_state_alone(plugin_stack: PluginStack, empty_aws: Aws) -> None:
    plugin_stack.up(COMPLETE)
    empty_aws.endpoint.requests.clear()

    assert plugin_stack.up(COMPLETE | {"description": secret("Why")}) == "update"
    assert plugin_stack.resource is not None
    assert plugin_stack.resource.outputs["description"] == secret("Why")
    assert [each.operation for each in empty_aws.endpoint.requests if each.service == "cleanrooms"] == []
    assert plugin_stack.up(COMPLETE | {"description": secret("Why")}) == "same"


def test_a_property_that_is_no_longer_secret_is_plain_after_the_next_refresh(plugin_stack: PluginStack) -> None:
    plugin_stack.up(COMPLETE | {"description": secret("Why")})
    plugin_stack.up(COMPLETE)
    plugin_stack.refresh()

    assert plugin_stack.resource is not None
    assert (plugin_stack.resource.inputs["description"], plugin_stack.resource.outputs["description"]) == ("Why", "Why")


def test_a_refresh_keeps_what_is_secret(plugin_stack: PluginStack, empty_aws: Aws) -> None:
    members = {ADS: COMPLETE["members"][ADS], BROKER: {"displayName": secret(SECRET), "memberAbilities": []}}
    plugin_stack.up(COMPLETE | {"description": secret(SECRET), "tags": {"team": secret(SECRET), "x": "y"}, "members": members})
    assert plugin_stack.resource is not None
    empty_aws.endpoint.collaborations[plugin_stack.resource.id].join(ADS)
    plugin_stack.refresh()
    plugin_stack.refresh()

    assert SECRET in str(plugin_stack.resource)
    assert SECRET not in str(hide(plugin_stack.resource.inputs)) + str(hide(plugin_stack.resource.outputs))
    assert plugin_stack.up(COMPLETE | {"description": secret(SECRET), "tags": {"team": secret(SECRET), "x": "y"}, "members": members}) == "same"


def test_a_proposal_of_a_secret_is_secret(plugin_stack: PluginStack) -> None:
    program = COMPLETE | {"changeRequests": "PROPOSE"}
    learner = {
        "displayName": secret(SECRET),
        "memberAbilities": [],
        "mlMemberAbilities": {"customMLMemberAbilities": ["CAN_RECEIVE_MODEL_OUTPUT"]},
    }
    plugin_stack.up(program)
    assert plugin_stack.up(program | {"members": program["members"] | {PARTNER: learner}}) == "update"
    assert plugin_stack.resource is not None
    assert SECRET in str(plugin_stack.resource.outputs["openChangeRequests"])
    plugin_stack.refresh()

    assert SECRET not in str(hide(plugin_stack.resource.outputs))


def test_secret_default_tags_are_secret_in_inputs_and_outputs(plugin_stack: PluginStack, empty_aws: Aws) -> None:
    connect(plugin_stack.plugin, empty_aws, defaultTags=secret({"tags": {"cost": SECRET}}))
    plugin_stack.up(COMPLETE)
    assert plugin_stack.resource is not None
    created = [plugin_stack.predicted, plugin_stack.resource.inputs, plugin_stack.resource.outputs]
    plugin_stack.refresh()
    refreshed = [plugin_stack.resource.inputs, plugin_stack.resource.outputs]
    plugin_stack.up(COMPLETE | {"description": "Other"})
    updated = [plugin_stack.predicted, plugin_stack.resource.inputs, plugin_stack.resource.outputs]

    assert SECRET not in str([hide(each) for each in (*created, *refreshed, *updated)])
    assert all(SECRET in str(each) for each in (*created, *refreshed, *updated))


def test_default_tags_that_are_not_secret_are_plain(plugin_stack: PluginStack, empty_aws: Aws) -> None:
    connect(plugin_stack.plugin, empty_aws, defaultTags={"tags": {"cost": "1"}})
    plugin_stack.up(COMPLETE)

    assert plugin_stack.resource is not None
    assert plugin_stack.resource.outputs["tagsAll"] == {"cost": "1", "team": "ads"}


def test_a_state_of_the_dynamic_resource_is_updated(plugin_stack: PluginStack) -> None:
    plugin_stack.up(COMPLETE)
    made = plugin_stack.resource
    assert made is not None
    moved = Resource(made.urn, made.id, made.inputs | {"__provider": "x", "__holder": "y"}, made.outputs | {"__provider": "x", "__holder": "y"})

    assert plugin_stack.plugin.diff(moved, made.inputs).changes == KINDS.DIFF_SOME
    updated = plugin_stack.plugin.update(moved, made.inputs)
    assert updated.outputs.keys() == made.outputs.keys()


def test_the_keys_of_a_moved_state_never_act(plugin_stack: PluginStack, empty_aws: Aws) -> None:
    plugin_stack.up(COMPLETE)
    made = plugin_stack.resource
    assert made is not None
    hidden = {"__connection": secret({"accessKey": "999988887777", "secretKey": "x"}), "__provider": "x"}
    moved = Resource(made.urn, made.id, made.inputs, made.outputs | hidden)
    empty_aws.endpoint.requests.clear()
    plugin_stack.plugin.read(moved)
    plugin_stack.plugin.update(moved, made.inputs | {"description": "Other"})
    plugin_stack.plugin.delete(moved)

    assert {each.caller.account for each in empty_aws.endpoint.requests} == {"111122223333"}


# Errors.


def test_an_error_is_a_sentence_of_ours_without_a_traceback(plugin_stack: PluginStack, empty_aws: Aws) -> None:
    empty_aws.endpoint.faults.deny("CreateCollaboration")
    with pytest.raises(grpc.RpcError) as error:
        plugin_stack.up(COMPLETE)
    code, details = get_error(error)

    assert code == grpc.StatusCode.UNKNOWN
    assert details.startswith('creating Clean Rooms collaboration "Ads measurement" in us-east-1: AccessDeniedException: ')
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


@pytest.mark.parametrize("operation", ["CreateCollaboration", "UpdateCollaboration", "TagResource"])
def test_no_error_of_aws_quotes_a_secret(plugin_stack: PluginStack, empty_aws: Aws, operation: str) -> None:
    def quote(_environ: dict[str, Any]) -> None:
        raise ErrorResponse(400, "ValidationException", f"{SECRET}-name, {SECRET}-why, {SECRET}-tag and {SECRET}-default are wrong")

    connect(plugin_stack.plugin, empty_aws, defaultTags=secret({"tags": {"cost": f"{SECRET}-default"}}))
    program = COMPLETE | {"name": secret(f"{SECRET}-name"), "description": secret(f"{SECRET}-why"), "tags": {"team": secret(f"{SECRET}-tag")}}
    if operation != "CreateCollaboration":
        plugin_stack.up(program | {"description": "Other", "tags": {}})
    empty_aws.endpoint.faults.add(operation, quote)
    with pytest.raises(grpc.RpcError) as error:
        plugin_stack.up(program)

    assert "ValidationException" in get_error(error)[1]
    assert f"{SECRET}-" not in get_error(error)[1]


# The plug-in and its callers.


def test_no_preview_calls_aws(plugin_stack: PluginStack, empty_aws: Aws) -> None:
    inputs, _ = plugin_stack.plugin.check(COMPLETE)
    plugin_stack.plugin.preview_creation(inputs)

    assert list(empty_aws.endpoint.requests) == []


def test_a_deleted_collaboration_is_deleted_again_without_an_error(plugin_stack: PluginStack) -> None:
    plugin_stack.up(COMPLETE)
    made = plugin_stack.resource
    assert made is not None
    plugin_stack.plugin.delete(made)

    plugin_stack.plugin.delete(make_old(made))


def test_configure_forgets_what_an_earlier_command_showed(plugin_stack: PluginStack, empty_aws: Aws) -> None:
    """A plug-in that a debugger started serves one command after another."""
    plugin_stack.up(COMPLETE)
    plugin_stack.plugin.stub.Cancel(empty_pb2.Empty())
    connect(plugin_stack.plugin, empty_aws)

    assert plugin_stack.up(COMPLETE | {"description": "Other"}) == "update"


def test_two_plug_ins_of_one_process_share_no_settings(plugin: Plugin, empty_aws: Aws) -> None:
    with run_plugin(empty_aws.endpoint.settings | {"aws:accessKey": "999988887777"}) as other:
        first, second = (each.create(each.check(COMPLETE)[0]) for each in (plugin, other))

    assert [each.outputs["creatorAccountId"] for each in (first, second)] == ["111122223333", "999988887777"]


def test_the_types_of_a_urn_say_nothing(plugin: Plugin) -> None:
    """The engine calls Diff for a state of another type with the new URN; a Check has a URN alone."""
    assert plugin.check(declare_list([]), urn=make_urn(type_=PULUMI_AWS_TYPE))[1] == []
