"""How many calls of Clean Rooms the commands of the engine make."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from engine.doors import Door
from engine.driver import create_stack
from engine.in_place import record_operations
from engine.test_reliability import program_of_many

if TYPE_CHECKING:
    from pathlib import Path

    from aws_account import Aws

pytestmark = [pytest.mark.engine, pytest.mark.slowest]
HUNDRED: dict[str, dict[str, int]] = {
    "create": {"CreateCollaboration": 100},
    "update": {"UpdateCollaboration": 100},
    "refresh": {"GetCollaboration": 100, "ListMembers": 200, "ListTagsForResource": 100},
    "destroy": {"DeleteCollaboration": 100},
}
"""Commands on a hundred collaborations, and their calls.

The endpoint's first page of members is short.
"""


@pytest.mark.parametrize("door", list(Door), indirect=True)
def test_a_hundred_collaborations_side_by_side_make_the_same_calls_through_either_door(
    tmp_path: Path, empty_aws: Aws
) -> None:
    # A slow answer must not be asked for again.
    stack = create_stack(tmp_path, empty_aws.endpoint.settings, impatient=False)
    calls: dict[str, Counter[str]] = {}
    for name, act in {
        "create": stack.up,
        "update": stack.up,
        "refresh": stack.refresh,
        "destroy": stack.destroy,
    }.items():
        stack.declare(
            program_of_many(100) if name == "create" else program_of_many(100, description="New")
        )
        with record_operations(empty_aws) as operations:
            act()
        calls[name] = Counter(operations)

    # The plug-in asks who acts, once a command.
    assert all(counts.pop("GetCallerIdentity", 0) <= 1 for counts in calls.values())
    assert calls == HUNDRED
