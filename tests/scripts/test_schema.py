"""The plug-in's schema, held against the table, botocore's model, and what the provider takes and returns."""

from __future__ import annotations

import copy
import json
from importlib.metadata import metadata
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from config_schema import build_config_variables
from declarations import BROKER, LEFT_OUT, declaration
from generate_schema import build_schema
from pulumi.dynamic import Config, ConfigureRequest
from schema_types import build_types

from cleanrooms_resource.changes.takeover import DYNAMIC_TYPE, PLUGIN_TYPE, PULUMI_AWS_TYPE
from cleanrooms_resource.collaboration import _OUTPUTS
from cleanrooms_resource.declaration import limits
from cleanrooms_resource.declaration.canonical_form import canonicalize
from cleanrooms_resource.declaration.spelling import to_snake_case
from cleanrooms_resource.hidden_keys import without_hidden_keys
from cleanrooms_resource.provider import CollaborationProvider
from cleanrooms_resource.table import OPTIONS, TABLE, ChangeRequestMode
from scripts.schema_walks import RESOURCE, SCHEMA, find_misfits, list_keys, list_parts, list_shapes

MODEL = botocore.session.get_session().get_service_model("cleanrooms")
REQUEST = MODEL.operation_model("CreateCollaboration").input_shape.members
RESPONSE = MODEL.operation_model("CreateCollaboration").output_shape.members["collaboration"]
INPUTS = RESOURCE["inputProperties"]
# The endpoint's creator is a member of CloudFormation's example.
ACCEPTED = {
    file.stem: json.loads(file.read_text().replace("111122223333", BROKER))["request"]
    for file in sorted((Path(__file__).parent.parent / "accepted").glob("*.json"))
}


def as_inputs(request: dict[str, Any]) -> dict[str, Any]:
    """A request as a program of the plug-in declares it, the members in both forms in turn."""
    members = request["members"]
    keyed = {
        each["accountId"]: {name: part for name, part in each.items() if name != "accountId"}
        for each in members[::2]
    }
    return {**request, "members": keyed, "memberList": members[1::2]}


def test_the_inputs_are_the_rows_of_the_table_the_options_and_the_list_of_members() -> None:
    assert set(INPUTS) == {*TABLE, *OPTIONS, "memberList"}


def test_the_required_inputs_are_those_that_a_declaration_must_have() -> None:
    _, failures = canonicalize({"name": "The name of the resource"})

    assert sorted(RESOURCE["requiredInputs"]) == sorted(
        str(failure.path[0]) for failure in failures
    )


@pytest.mark.parametrize("name", [name for name in REQUEST if name != "members"])
def test_an_input_has_the_parts_and_the_values_of_the_requests_parameter(name: str) -> None:
    assert list(list_parts(INPUTS[name])) == list(list_shapes(REQUEST[name]))


def test_a_member_of_the_list_has_the_parts_of_the_requests_member() -> None:
    assert list(list_parts(INPUTS["memberList"])) == list(list_shapes(REQUEST["members"]))


def test_a_member_of_the_map_has_all_of_them_but_its_account() -> None:
    parts = [part for part in list_shapes(REQUEST["members"]) if part[0] != ("[]", "accountId")]

    assert list(list_parts(INPUTS["members"])) == parts


@pytest.mark.parametrize(
    "name",
    [
        name
        for name in RESPONSE.members
        if name != "id" and hasattr(RESPONSE.members[name], "members")
    ],
)
def test_an_output_has_the_parts_of_the_responses_field(name: str) -> None:
    assert list(list_parts(RESOURCE["properties"][name])) == list(
        list_shapes(RESPONSE.members[name])
    )


def test_a_change_among_the_open_requests_has_the_parts_of_aws() -> None:
    # An enum that only AWS writes is a string.
    values = {
        part[1]
        for part in list_shapes(MODEL.shape_for("Change"))
        if part[0] in (("specificationType",), ("types", "[]")) and part[1] != "string"
    }
    parts = [
        part
        for part in list_shapes(MODEL.shape_for("Change"))
        if not (part[1] in values and part[0] in (("specificationType",), ("types", "[]")))
    ]

    assert list(list_parts(SCHEMA["types"]["cleanrooms:index:Change"])) == parts


def test_the_option_has_the_modes_as_its_values() -> None:
    assert [value for _, value, _ in list_parts(INPUTS["changeRequests"])] == [
        mode.value for mode in ChangeRequestMode
    ]


def test_the_engine_decides_nothing_that_diff_decides_and_no_value_is_secret_by_itself() -> None:
    keys = {*list_keys(SCHEMA["resources"]), *list_keys(build_types())}

    assert not keys & {
        "replaceOnChanges",
        "willReplaceOnChanges",
        "default",
        "defaultInfo",
        "const",
        "secret",
        "plain",
    }


def test_the_outputs_are_those_of_the_dynamic_resource() -> None:
    assert set(RESOURCE["properties"]) == set(_OUTPUTS.values())


@pytest.mark.parametrize("request_", ACCEPTED.values(), ids=ACCEPTED)
def test_a_declaration_that_aws_accepts_has_the_types_of_the_inputs(
    request_: dict[str, Any],
) -> None:
    inputs = as_inputs(request_)

    assert (
        find_misfits(
            inputs, {"type": "object", "properties": INPUTS, "required": RESOURCE["requiredInputs"]}
        )
        == []
    )


@pytest.mark.parametrize(
    ("wrong", "place"),
    [
        ({"memberList": [{"displayName": "A", "memberAbilities": []}]}, ".memberList[].accountId"),
        (
            {"members": {"222233334444": {"displayName": "A", "memberAbilities": ["CAN_FLY"]}}},
            ".members[222233334444].memberAbilities[]",
        ),
        ({"isMetricsEnabled": "true"}, ".isMetricsEnabled"),
        ({"connection": {}}, ".connection"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_a_declaration_of_another_shape_has_not(wrong: dict[str, Any], place: str) -> None:
    inputs = as_inputs(ACCEPTED["creator-alone"]) | wrong

    assert find_misfits(
        inputs, {"type": "object", "properties": INPUTS, "required": RESOURCE["requiredInputs"]}
    ) == [place]


@pytest.mark.parametrize(
    "overrides",
    [
        {},
        {"members": LEFT_OUT, "tags": LEFT_OUT},
        *(
            {to_snake_case(name): value for name, value in request.items()}
            for request in ACCEPTED.values()
        ),
    ],
    ids=["members", "alone", *ACCEPTED],
)
def test_the_outputs_of_a_creation_have_the_types_of_the_outputs_and_every_required_one(
    config: dict[str, str], overrides: dict[str, Any]
) -> None:
    provider = CollaborationProvider()
    provider.configure(ConfigureRequest(Config(config, "tests")))

    outputs = provider.create(provider.check({}, declaration(**overrides)).inputs).outs or {}

    assert find_misfits(without_hidden_keys(outputs), {"type": "object", **RESOURCE}) == []


def test_the_aliases_find_the_states_of_the_dynamic_resource_and_of_pulumi_aws() -> None:
    assert [alias["type"] for alias in RESOURCE["aliases"]] == [DYNAMIC_TYPE, PULUMI_AWS_TYPE]


def test_a_get_may_name_the_region_and_a_list_the_name() -> None:
    assert (
        list(RESOURCE["stateInputs"]["properties"]),
        list(RESOURCE["listInputs"]["properties"]),
    ) == (["region"], ["name"])


def test_the_settings_are_the_configuration_and_the_inputs_of_a_provider() -> None:
    assert (
        SCHEMA["config"]["variables"]
        == SCHEMA["provider"]["inputProperties"]
        == build_config_variables()
    )


def test_the_package_is_described_as_the_distribution_is() -> None:
    distribution = metadata("cleanrooms-resource")

    assert (SCHEMA["description"], SCHEMA["license"]) == (
        distribution["Summary"],
        distribution["License-Expression"],
    )


def test_the_package_is_a_native_provider_of_a_cloud() -> None:
    assert {"category/cloud", "kind/native"} <= {*SCHEMA["keywords"]}


def test_no_key_holds_an_address() -> None:
    assert not SCHEMA.keys() & {
        "homepage",
        "repository",
        "publisher",
        "logoUrl",
        "pluginDownloadURL",
    }


def test_a_newer_botocore_adds_values_and_no_parts_that_check_refuses(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shapes = copy.deepcopy(limits.load_shapes())
    shapes["MemberAbility"]["enum"].append("CAN_FLY")
    shapes["Altitude"] = {"type": "double"}
    shapes["MemberSpecification"]["members"]["altitude"] = shapes["Collaboration"]["members"][
        "altitude"
    ] = {"shape": "Altitude"}
    monkeypatch.setattr(limits, "load_shapes", lambda: shapes)

    schema = build_schema()

    ability = {
        "name": "CanFly",
        "value": "CAN_FLY",
        "description": "The API reference of AWS Clean Rooms documents it.",
    }
    assert ability in schema["types"]["cleanrooms:index:MemberAbility"]["enum"]
    assert set(schema["types"]["cleanrooms:index:Member"]["properties"]) == set(
        SCHEMA["types"]["cleanrooms:index:Member"]["properties"]
    )
    assert schema["resources"][PLUGIN_TYPE]["properties"]["altitude"] == {
        "type": "number",
        "description": "",
    }


def test_every_reference_is_to_a_type_of_the_schema() -> None:
    references = {each.removeprefix("#/types/") for each in _list_references(SCHEMA)}

    assert references == set(SCHEMA["types"])


@pytest.mark.generated
def test_no_token_has_changed() -> None:
    """Programs in other languages name these types, and states name the resource. A new enum adds a token; no token is renamed or removed."""
    assert list(SCHEMA["resources"]) == [PLUGIN_TYPE] == ["cleanrooms:index:Collaboration"]
    assert [token.removeprefix("cleanrooms:index:") for token in SCHEMA["types"]] == [
        "AnalyticsEngine",
        "AutoApprovedChangeType",
        "Change",
        "ChangeRequest",
        "ChangeRequestMode",
        "ChangeSpecification",
        "CollaborationChangeSpecification",
        "CustomMlMemberAbility",
        "DataEncryptionMetadata",
        "JobComputePaymentConfig",
        "JobLogStatus",
        "Member",
        "MemberAbility",
        "MemberChangeSpecification",
        "MemberListEntry",
        "MlMemberAbilities",
        "MlPaymentConfig",
        "ModelInferencePaymentConfig",
        "ModelTrainingPaymentConfig",
        "PaymentConfiguration",
        "QueryComputePaymentConfig",
        "QueryLogStatus",
        "SupportedS3Region",
        "SyntheticDataGenerationPaymentConfig",
        "AssumeRole",
        "AssumeRoleWithWebIdentity",
        "Endpoints",
        "DefaultTags",
        "IgnoreTags",
    ]


def _list_references(node: Any) -> set[str]:
    if isinstance(node, dict):
        own = {node["$ref"]} if isinstance(node.get("$ref"), str) else set()
        return own.union(*map(_list_references, node.values()))
    return set().union(*map(_list_references, node)) if isinstance(node, list) else set()
