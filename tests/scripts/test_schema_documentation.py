"""What the plug-in's schema says of each property, type and value: the documentation of the SDKs."""

from __future__ import annotations

import botocore.session
import pytest
from declarations import declaration
from enum_values import ENUMS
from matrix import MATRIX, PropertyRow
from model_shapes import describe_parameter

from cleanrooms_resource import Collaboration
from cleanrooms_resource.declaration.canonical_form import canonicalize
from cleanrooms_resource.declaration.spelling import to_camel_case, to_snake_case
from cleanrooms_resource.table import DERIVED_OUTPUTS, OPTIONS, TABLE, ChangeRequestMode
from scripts.schema_walks import RESOURCE, SCHEMA, list_descriptions, list_parts

pytestmark = pytest.mark.generated

MODEL = botocore.session.get_session().get_service_model("cleanrooms")
INPUTS = RESOURCE["inputProperties"]
DESCRIPTIONS = [
    *(
        (place, text)
        for token, type_ in SCHEMA["types"].items()
        for place, text in list_descriptions(type_, token)
    ),
    *list_descriptions(RESOURCE, "Collaboration"),
    *list_descriptions(SCHEMA["provider"], "Provider"),
]


@pytest.mark.parametrize("name", ENUMS)
def test_the_values_that_have_a_documentation_are_those_of_the_model(name: str) -> None:
    values = (
        {mode.value for mode in ChangeRequestMode}
        if name == "ChangeRequestMode"
        else {*MODEL.shape_for(name).enum}
    )

    assert ENUMS[name].values.keys() == values


@pytest.mark.parametrize(
    ("name", "value"),
    [(name, value) for name in INPUTS for place, value, _ in list_parts(INPUTS[name]) if not place],
)
def test_a_value_says_whether_aws_takes_it_for_a_new_collaboration(name: str, value: str) -> None:
    _, failures = canonicalize(declaration(**{to_snake_case(name): value}), is_new=True)
    (type_,) = [each for each in INPUTS[name]["oneOf"] if "$ref" in each]
    (description,) = [
        each["description"]
        for each in SCHEMA["types"][type_["$ref"].removeprefix("#/types/")]["enum"]
        if each["value"] == value
    ]

    assert ("AWS creates no new collaboration with it" in description) == bool(failures)


@pytest.mark.parametrize(
    ("place", "description"), DESCRIPTIONS, ids=[place for place, _ in DESCRIPTIONS]
)
def test_a_description_ends_in_a_sentence_of_markdown(place: str, description: str) -> None:
    assert description.endswith("."), place
    assert not description.startswith("The API reference"), (
        f"{place}: document it in scripts/enum_values.py"
    )
    assert not {"<", "``", "  "} & {
        description[start : start + length]
        for length in (1, 2)
        for start in range(len(description))
    }


@pytest.mark.parametrize("row", MATRIX, ids=lambda row: row.name)
def test_an_input_says_whether_a_change_of_it_replaces_the_collaboration(row: PropertyRow) -> None:
    name = to_camel_case(row.name)
    can_be_in_place = bool(TABLE[name].in_place_options or TABLE[name].in_place_from)

    assert ("change replaces the collaboration" in INPUTS[name]["description"]) == (
        row.op == "replace" or can_be_in_place
    )
    assert ("in place" in INPUTS[name]["description"]) == (row.op == "update" or can_be_in_place)


@pytest.mark.parametrize("name", OPTIONS)
def test_an_option_says_that_a_change_of_it_changes_nothing(name: str) -> None:
    assert "changes nothing at AWS" in INPUTS[name]["description"]


@pytest.mark.parametrize("name", ["members", "memberList"])
def test_members_name_the_options_that_change_them_in_place(name: str) -> None:
    assert all(
        f"`{option}`" in INPUTS[name]["description"] for option in TABLE["members"].in_place_options
    )


@pytest.mark.parametrize(
    "name",
    [name for name in TABLE if (describe_parameter(name) or {}).get("limits", {}).get("max")],
)
def test_an_input_says_its_limits(name: str) -> None:
    assert str((describe_parameter(name) or {})["limits"]["max"]) in INPUTS[name]["description"]


@pytest.mark.parametrize("name", DERIVED_OUTPUTS)
def test_an_output_has_the_documentation_that_it_has_in_the_dynamic_resource(name: str) -> None:
    documentation = getattr(Collaboration, to_snake_case(name)).__doc__

    assert documentation.startswith(DERIVED_OUTPUTS[name])
