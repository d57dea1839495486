"""The schema of the provider's configuration, against the settings that act and against the page of the documentation."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from config_schema import build_config_types, build_config_variables
from plugin.test_configuration import VALUES

from cleanrooms_resource.declaration.connection_shapes import (
    ASSUMED_ROLE,
    ENDPOINTS,
    WEB_IDENTITY_ROLE,
)
from cleanrooms_resource.plugin.configuration import HONOURED, find_configuration_failures

if TYPE_CHECKING:
    from cleanrooms_resource.declaration.structure import Structure

VARIABLES, TYPES = build_config_variables(), build_config_types()
PAGE = (Path(__file__).parents[2] / "docs" / "credentials.md").read_text()
ROWS = {
    tuple(re.findall(r"`(\w+)`", names)): text
    for names, text in re.findall(
        r"^\| (`\w+`(?:, `\w+`)*) \| (.*) \|$",
        PAGE.partition("| part of `connection`")[0],
        re.MULTILINE,
    )
}
SAMPLES = {"string": "x", "boolean": True, "integer": 1.0, "array": [], "object": {}}


def test_the_variables_are_the_settings_that_act() -> None:
    assert list(VARIABLES) == list(HONOURED)


def test_the_page_has_a_row_for_each_variable() -> None:
    assert sorted(name for names in ROWS for name in names) == sorted(VARIABLES)


@pytest.mark.parametrize("name", [names[0] for names in ROWS if len(names) == 1])
def test_a_variable_is_described_as_on_the_page(name: str) -> None:
    assert VARIABLES[name]["description"] == f"{ROWS[(name,)][0].upper()}{ROWS[(name,)][1:]}."


def describe(schema: dict[str, Any], value: Any) -> bool:
    """Whether a value has the schema's type, at every depth."""
    if "$ref" in schema:
        schema = TYPES[schema["$ref"].removeprefix("#/types/")]
    if "properties" in schema:
        return value.keys() <= schema["properties"].keys() and all(
            describe(schema["properties"][name], part) for name, part in value.items()
        )
    if schema["type"] == "array":
        return isinstance(value, list) and all(describe(schema["items"], part) for part in value)
    if schema["type"] == "object":
        return isinstance(value, dict) and all(
            describe(schema["additionalProperties"], part) for part in value.values()
        )
    return type(value) is type(SAMPLES[schema["type"]])


@pytest.mark.parametrize("name", VALUES)
def test_a_variable_has_the_type_of_a_value_that_is_read(name: str) -> None:
    assert describe(VARIABLES[name], VALUES[name])


@pytest.mark.parametrize(
    ("token", "structure"),
    [
        ("cleanrooms:index:AssumeRole", ASSUMED_ROLE),
        ("cleanrooms:index:AssumeRoleWithWebIdentity", WEB_IDENTITY_ROLE),
        ("cleanrooms:index:Endpoints", ENDPOINTS),
    ],
)
def test_a_type_has_the_parts_of_its_shape(token: str, structure: Structure) -> None:
    assert list(TYPES[token]["properties"]) == list(structure.parts)


RIGHT = {"roleArn": VALUES["assumeRoles"][0]["roleArn"], "duration": "1h", "policy": "{}"}


@pytest.mark.parametrize("name", TYPES["cleanrooms:index:AssumeRole"]["properties"])
def test_a_part_of_a_role_has_the_type_that_is_read(name: str) -> None:
    schema = TYPES["cleanrooms:index:AssumeRole"]["properties"][name]
    role = {"roleArn": RIGHT["roleArn"], name: RIGHT.get(name, SAMPLES[schema["type"]])}

    assert find_configuration_failures({"assumeRoles": [role]}) == []


def test_keys_and_tokens_are_secret() -> None:
    types = {
        **VARIABLES,
        **{name: part for each in TYPES.values() for name, part in each["properties"].items()},
    }

    assert {name for name, each in types.items() if each.get("secret")} == {
        "accessKey",
        "secretKey",
        "token",
        "webIdentityToken",
    }


def test_every_variable_and_every_part_is_described_in_a_sentence() -> None:
    parts = [
        *VARIABLES.values(),
        *TYPES.values(),
        *(part for each in TYPES.values() for part in each["properties"].values()),
    ]

    assert [
        each
        for each in parts
        if not each["description"].endswith(".")
        or (not each["description"][0].isupper() and each["description"][0] != "`")
    ] == []


def test_every_type_is_referred_to() -> None:
    assert set(re.findall(r"#/types/([\w:]+)", str(VARIABLES))) == TYPES.keys()
