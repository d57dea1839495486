"""What differs in meaning between the outputs of a collaboration and a declaration."""

from __future__ import annotations

from typing import Any

import pytest
from declarations import ADS, BROKER, LEFT_OUT, declaration, member, responsible

from cleanrooms_resource.changes.diff import diff_from_outputs
from cleanrooms_resource.changes.live_collaboration import build_outputs
from cleanrooms_resource.declaration.canonical_form import canonicalize
from cleanrooms_resource.table import ChangeKind


def create_outputs(**overrides: Any) -> dict[str, Any]:
    """Return the outputs of a new collaboration, as moto would answer."""
    inputs, failures = canonicalize(declaration(**overrides))
    assert failures == []
    response = {name: inputs[name] for name in ("name", "creatorDisplayName", "queryLogStatus")}
    return build_outputs(response | {"analyticsEngine": "SPARK"}, inputs, "us-east-1", {}, {})


def list_changes(before: dict[str, Any], **overrides: Any) -> list[tuple[str, ChangeKind]]:
    """Return the changes from outputs to a declaration."""
    inputs, failures = canonicalize(declaration(**overrides))
    assert failures == []
    return [(change.name, change.kind) for change in diff_from_outputs(before, inputs, ()).changes]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({}, {"analytics_engine": "SPARK"}),
        ({"analytics_engine": "SPARK"}, {}),
        ({"allowed_result_regions": ["eu-west-1"]}, {}),
        (
            {"allowed_result_regions": ["eu-west-1", "us-east-1"]},
            {"allowed_result_regions": ["us-east-1", "eu-west-1"]},
        ),
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
    assert list_changes(create_outputs(**before), **after) == []


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({}, {"members": [member(ADS)]}, ("members", ChangeKind.REPLACE)),
        ({}, {"name": "Other"}, ("name", ChangeKind.IN_PLACE)),
        ({}, {"tags": {"team": "other"}}, ("tags", ChangeKind.TAGS)),
        ({"description": "x"}, {}, ("description", ChangeKind.IN_PLACE)),
        ({"tags": {"empty": ""}}, {"tags": {}}, ("tags", ChangeKind.TAGS)),
        ({"job_log_status": "ENABLED"}, {}, ("jobLogStatus", ChangeKind.REPLACE)),
        (
            {"analytics_engine": "CLEAN_ROOMS_SQL"},
            {"analytics_engine": "SPARK"},
            ("analyticsEngine", ChangeKind.IN_PLACE),
        ),
        (
            {"analytics_engine": "SPARK"},
            {"analytics_engine": "CLEAN_ROOMS_SQL"},
            ("analyticsEngine", ChangeKind.REPLACE),
        ),
        ({}, {"region": "eu-west-1"}, ("region", ChangeKind.REPLACE)),
        (
            {},
            {
                "data_encryption_metadata": dict.fromkeys(
                    (
                        "allow_cleartext",
                        "allow_duplicates",
                        "allow_joins_on_columns_with_different_names",
                        "preserve_nulls",
                    ),
                    False,
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
def test_another_meaning_is_one_change(
    before: dict[str, Any], after: dict[str, Any], expected: tuple[str, ChangeKind]
) -> None:
    assert list_changes(create_outputs(**before), **after) == [expected]
