"""The table, held against botocore's own model of Clean Rooms, and the diff_from_outputs between two declarations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import botocore.session
import properties_page
import pytest
from declarations import ADS, BROKER, LEFT_OUT, declaration, member, responsible
from matrix import MATRIX

from cleanrooms_resource.changes.diff import diff_from_outputs
from cleanrooms_resource.changes.live import build_outputs
from cleanrooms_resource.collaboration import _OUTPUTS
from cleanrooms_resource.declaration.canonical_form import canonicalize
from cleanrooms_resource.declaration.shapes import Declaration
from cleanrooms_resource.declaration.spelling import to_camel_case
from cleanrooms_resource.table import TABLE, ChangeKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic import BaseModel

MODEL = botocore.session.get_session().get_service_model("cleanrooms")


def shape_paths(shape: Any, before: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The path of every member of a structure, at every depth; lists and maps add nothing to a path."""
    if shape.type_name == "list":
        yield from shape_paths(shape.member, before)
    if shape.type_name == "structure":
        for name, inner in shape.members.items():
            yield (*before, name)
            yield from shape_paths(inner, (*before, name))


def model_paths(model: type[BaseModel], before: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The same of the declaration."""
    for field in model.model_fields.values():
        path = (*before, str(field.serialization_alias))
        yield path
        for inner in _models_in(field.annotation):
            yield from model_paths(inner, path)


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if hasattr(annotation, "model_fields"):
        yield annotation
    for inner in getattr(annotation, "__args__", ()):
        yield from _models_in(inner)


def created(**overrides: Any) -> dict[str, Any]:
    """The build_outputs of a collaboration just created, as moto would answer."""
    inputs, failures = canonicalize(declaration(**overrides))
    assert failures == []
    response = {name: inputs[name] for name in ("name", "creatorDisplayName", "queryLogStatus")}
    return build_outputs(response | {"analyticsEngine": "SPARK"}, inputs, "us-east-1", {}, {})


def changed(before: dict[str, Any], **overrides: Any) -> list[tuple[str, ChangeKind]]:
    """What diff_from_outputs from build_outputs to a declaration."""
    inputs, failures = canonicalize(declaration(**overrides))
    assert failures == []
    return [(change.name, change.kind) for change in diff_from_outputs(before, inputs)]


def test_every_parameter_of_the_request_at_every_depth_can_be_declared() -> None:
    request = set(shape_paths(MODEL.operation_model("CreateCollaboration").input_shape))

    # A member's account is its key in the map; region is no parameter.
    assert set(model_paths(Declaration)) == request - {("members", "accountId")} | {("region",)}


def test_every_parameter_of_the_request_has_a_row() -> None:
    assert set(TABLE) == set(MODEL.operation_model("CreateCollaboration").input_shape.members) | {"region"}


def test_the_rows_that_change_in_place_are_those_of_update_collaboration() -> None:
    updatable = set(MODEL.operation_model("UpdateCollaboration").input_shape.members) - {"collaborationIdentifier"}

    assert {row.name for row in TABLE.values() if row.change_kind is ChangeKind.IN_PLACE} == updatable


def test_the_rows_named_tags_are_the_only_ones_of_tag_resource() -> None:
    assert [row.name for row in TABLE.values() if row.change_kind is ChangeKind.TAGS] == ["tags"]


def test_the_change_matrix_has_a_row_a_property() -> None:
    assert {to_camel_case(row.name) for row in MATRIX} == set(TABLE)


def test_the_page_of_properties_is_the_tables() -> None:
    assert properties_page.PAGE.read_text() == properties_page.page(), "run `make docs`"


def test_every_field_of_the_response_is_an_output() -> None:
    response = set(MODEL.operation_model("CreateCollaboration").output_shape.members["collaboration"].members)

    assert response - {"id"} <= set(_OUTPUTS.values())


def test_every_property_is_an_output() -> None:
    assert set(TABLE) <= set(_OUTPUTS.values())


def test_the_response_names_of_the_table_are_the_responses() -> None:
    response = set(MODEL.operation_model("CreateCollaboration").output_shape.members["collaboration"].members)

    assert {row.response_name for row in TABLE.values() if row.response_name} <= response


def test_the_required_properties_are_the_requests_but_for_members_which_may_be_none() -> None:
    required = set(MODEL.operation_model("CreateCollaboration").input_shape.required_members)

    assert {str(field.serialization_alias) for field in Declaration.model_fields.values() if field.is_required()} == required - {"members"}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({}, {"analytics_engine": "SPARK"}),
        ({"analytics_engine": "SPARK"}, {}),
        ({"allowed_result_regions": ["eu-west-1"]}, {}),
        ({"allowed_result_regions": ["eu-west-1", "us-east-1"]}, {"allowed_result_regions": ["us-east-1", "eu-west-1"]}),
        ({"job_log_status": "DISABLED"}, {}),
        ({"is_metrics_enabled": False}, {}),
        ({"tags": {}}, {"tags": LEFT_OUT}),
        ({"members": []}, {"members": LEFT_OUT}),
        ({}, {"creator_payment_configuration": responsible(queryCompute=False, jobCompute=False)}),
        ({}, {"creator_ml_member_abilities": {"custom_ml_member_abilities": []}}),
        ({}, {"auto_approved_change_request_types": []}),
        ({}, {"region": "us-east-1"}),
        ({"region": "us-east-1"}, {}),
    ],
)
def test_the_same_meaning_is_no_change(before: dict[str, Any], after: dict[str, Any]) -> None:
    assert changed(created(**before), **after) == []


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({}, {"members": [member(ADS)]}, ("members", ChangeKind.REPLACE)),
        ({}, {"name": "Other"}, ("name", ChangeKind.IN_PLACE)),
        ({}, {"tags": {"team": "other"}}, ("tags", ChangeKind.TAGS)),
        ({"description": "x"}, {}, ("description", ChangeKind.IN_PLACE)),
        ({"tags": {"empty": ""}}, {"tags": {}}, ("tags", ChangeKind.TAGS)),
        ({"job_log_status": "ENABLED"}, {}, ("jobLogStatus", ChangeKind.REPLACE)),
        ({"analytics_engine": "CLEAN_ROOMS_SQL"}, {"analytics_engine": "SPARK"}, ("analyticsEngine", ChangeKind.IN_PLACE)),
        ({"analytics_engine": "SPARK"}, {"analytics_engine": "CLEAN_ROOMS_SQL"}, ("analyticsEngine", ChangeKind.REPLACE)),
        ({}, {"region": "eu-west-1"}, ("region", ChangeKind.REPLACE)),
        (
            {},
            {
                "data_encryption_metadata": dict.fromkeys(
                    ("allow_cleartext", "allow_duplicates", "allow_joins_on_columns_with_different_names", "preserve_nulls"), False
                )
            },
            ("dataEncryptionMetadata", ChangeKind.REPLACE),
        ),
        (
            {"members": [member(BROKER, payment_configuration=responsible(queryCompute=True))]},
            {"members": [member(BROKER)]},
            ("members", ChangeKind.REPLACE),
        ),
    ],
)
def test_another_meaning_is_one_change(before: dict[str, Any], after: dict[str, Any], expected: tuple[str, ChangeKind]) -> None:
    assert changed(created(**before), **after) == [expected]
