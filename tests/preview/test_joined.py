"""Who has joined, as far as a state knows."""

from __future__ import annotations

from typing import Any

import pytest

from cleanrooms_resource.preview.document import ResourceState
from cleanrooms_resource.preview.joined import read_joined
from cleanrooms_resource.preview.sentences import describe_joined

NOON = "2026-11-22T13:00:00+01:00"


def describe(*, is_refreshed: bool = False, **outputs: Any) -> str:
    return describe_joined(read_joined(ResourceState(outputs=outputs), is_refreshed=is_refreshed))


@pytest.mark.parametrize(
    ("outputs", "sentence"),
    [
        (
            {"memberStatuses": "[secret]"},
            "who has joined is not known, because the members are secret",
        ),
        ({}, "who has joined is not known, because the state has no statuses of members"),
        (
            {
                "memberStatuses": {"1": "INVITED", "2": "LEFT"},
                "__readAt": NOON,
                "memberStatus": "ACTIVE",
            },
            "as of 2026-11-22 12:00 UTC, none of 1 member has joined; the creator has joined too",
        ),
        (
            {"memberStatuses": {"1": "ACTIVE"}, "memberStatus": "INVITED"},
            "as of the last refresh or creation, 1 of 1 member has joined: `1`; the creator has not joined",
        ),
        (
            {"members": [{"accountId": "1", "displayName": "A"}]},
            "who has joined is not known, because the state has no statuses of members",
        ),
    ],
)
def test_none_never_stands_for_not_known(outputs: dict[str, Any], sentence: str) -> None:
    assert describe(**outputs) == sentence


def test_after_a_refresh_in_the_preview_no_time_is_needed() -> None:
    assert describe(is_refreshed=True, memberStatuses={"1": "INVITED"}, __readAt=NOON).startswith(
        "none of 1 member has joined; whether the creator"
    )
