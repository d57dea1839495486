"""A declaration with every property and every option, and its parts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from declarations import ADS, BROKER, declaration, member

from plugin.driver import spell

if TYPE_CHECKING:
    from collections.abc import Iterator


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
            member(
                ADS,
                member_abilities=["CAN_QUERY"],
                payment_configuration={"query_compute": {"is_responsible": False}},
            ),
            member(
                BROKER,
                ml_member_abilities={
                    "custom_ml_member_abilities": ["CAN_RECEIVE_INFERENCE_OUTPUT"]
                },
            ),
        ],
        change_requests="AUTO_APPROVED",
        remove_members=False,
        region="us-east-1",
    )
)
"""A declaration with every property, and every option."""


def list_paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path of each part of a value."""
    parts = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
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


PATHS = sorted(list_paths(COMPLETE), key=str)
"""The path of every part of it."""
