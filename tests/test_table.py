"""The table, held against botocore's own model of Clean Rooms."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

import botocore.session
from matrix import MATRIX

from cleanrooms_resource.collaboration import _OUTPUTS
from cleanrooms_resource.declaration.shapes import DECLARATION, MEMBER
from cleanrooms_resource.declaration.spelling import to_camel_case, to_snake_case
from cleanrooms_resource.declaration.structure import Structure
from cleanrooms_resource.inputs import CollaborationArgs
from cleanrooms_resource.table import OPTIONS, PROPERTIES_WITHOUT_RESPONSE, TABLE, ChangeKind

if TYPE_CHECKING:
    from collections.abc import Iterator

MODEL = botocore.session.get_session().get_service_model("cleanrooms")


def shape_paths(shape: Any, before: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The path of every member of a structure, at every depth; lists and maps add nothing to a path."""
    if shape.type_name == "list":
        yield from shape_paths(shape.member, before)
    if shape.type_name == "structure":
        for name, inner in shape.members.items():
            yield (*before, name)
            yield from shape_paths(inner, (*before, name))


def declared_paths(shape: Any, before: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The same of the declaration."""
    if isinstance(shape, Structure):
        for name, part in shape.parts.items():
            yield (*before, name)
            yield from declared_paths(part.shape, (*before, name))


def test_every_parameter_of_the_request_at_every_depth_can_be_declared() -> None:
    request = set(shape_paths(MODEL.operation_model("CreateCollaboration").input_shape))

    # A member's account is its key in the map; region is no parameter, and AWS never gets an option.
    declared = {*declared_paths(DECLARATION), ("members",), *declared_paths(MEMBER, ("members",))}
    assert declared == request - {("members", "accountId")} | {("region",)} | {
        (name,) for name in OPTIONS
    }


def test_every_parameter_of_the_request_has_a_row() -> None:
    assert set(TABLE) == set(MODEL.operation_model("CreateCollaboration").input_shape.members) | {
        "region"
    }


def test_every_row_is_an_argument_of_the_args_class() -> None:
    arguments = set(inspect.signature(CollaborationArgs.__init__).parameters)

    assert {to_snake_case(name) for name in TABLE} <= arguments


def test_the_rows_that_change_in_place_are_those_of_update_collaboration() -> None:
    updatable = set(MODEL.operation_model("UpdateCollaboration").input_shape.members) - {
        "collaborationIdentifier"
    }

    assert {
        row.name for row in TABLE.values() if row.change_kind is ChangeKind.IN_PLACE
    } == updatable


def test_the_rows_named_tags_are_the_only_ones_of_tag_resource() -> None:
    assert [row.name for row in TABLE.values() if row.change_kind is ChangeKind.TAGS] == ["tags"]


def test_the_change_matrix_has_a_row_a_property() -> None:
    assert {to_camel_case(row.name) for row in MATRIX} == set(TABLE)


def test_every_field_of_the_response_is_an_output() -> None:
    response = set(
        MODEL.operation_model("CreateCollaboration").output_shape.members["collaboration"].members
    )

    assert response - {"id"} <= set(_OUTPUTS.values())


def test_the_properties_without_a_response_are_those_that_no_response_has() -> None:
    response = set(
        MODEL.operation_model("CreateCollaboration").output_shape.members["collaboration"].members
    )

    assert TABLE.keys() - response - {"region"} == PROPERTIES_WITHOUT_RESPONSE


def test_every_property_is_an_output() -> None:
    assert set(TABLE) <= set(_OUTPUTS.values())


def test_the_response_names_of_the_table_are_the_responses() -> None:
    response = set(
        MODEL.operation_model("CreateCollaboration").output_shape.members["collaboration"].members
    )

    assert {row.response_name for row in TABLE.values() if row.response_name} <= response


def test_the_required_properties_are_the_requests_but_for_members_which_may_be_none() -> None:
    required = set(MODEL.operation_model("CreateCollaboration").input_shape.required_members)

    assert {name for name, part in DECLARATION.parts.items() if part.is_required} == required - {
        "members"
    }


def test_the_keys_that_are_data_are_those_of_the_requests_maps_and_of_members() -> None:
    maps = {
        name
        for name, shape in MODEL.operation_model("CreateCollaboration").input_shape.members.items()
        if shape.type_name == "map"
    }

    assert {row.name for row in TABLE.values() if row.keys_are_data} == maps | {"members"}


def test_the_outputs_that_derive_from_a_property_are_outputs() -> None:
    assert {output for row in TABLE.values() for output in row.derived_outputs} <= set(
        _OUTPUTS.values()
    )


def test_a_property_that_the_response_names_otherwise_derives_that_output() -> None:
    assert {row.response_name for row in TABLE.values() if row.response_name} <= {
        output for row in TABLE.values() for output in row.derived_outputs
    }
