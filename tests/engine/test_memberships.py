"""The creator's own memberships of stacks/ on the real engine, with a stand-in for the plug-in of pulumi-aws."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from pulumi import automation
from test_stacks import program, read_setting

from engine.other_providers import add_other_providers

if TYPE_CHECKING:
    from engine.driver import EngineStack

pytestmark = pytest.mark.engine


def run_program() -> None:
    program()


def declare(stack: EngineStack, **overrides: Any) -> None:
    """Declare the example's collaborations, and the creator's membership of "loyalty"; ``overrides`` are of that collaboration."""
    collaborations = read_setting("example", "collaborations")
    collaborations["loyalty"] |= {"protect": False, **overrides}
    settings = {
        "collaborations": collaborations,
        "memberships": {"loyalty": {"queryLogStatus": "ENABLED"}},
    }
    for name, value in settings.items():
        stack.pulumi_stack.set_config(
            f"cleanrooms:{name}", automation.ConfigValue(json.dumps(value))
        )
    stack.declare(run_program)


def preview(stack: EngineStack) -> dict[tuple[str, str], str]:
    """Return the operation of each resource that changes, by its type and name."""
    steps = json.loads(stack.preview_json())["steps"]
    names = {
        tuple(step["urn"].rsplit("::", 2)[1:]): step["op"] for step in steps if step["op"] != "same"
    }
    return {(kind.rpartition(":")[2], name): op for (kind, name), op in names.items()}


def test_the_creators_membership_stays_in_a_change_in_place_and_is_replaced_with_its_collaboration(
    stack: EngineStack,
) -> None:
    add_other_providers(stack)
    declare(stack)
    stack.up()

    declare(stack, description="Another description")
    in_place = preview(stack)
    declare(stack, queryLogStatus="DISABLED")
    replaced = preview(stack)

    assert in_place == {("Collaboration", "loyalty"): "update"}
    assert replaced == {
        ("Collaboration", "loyalty"): "replace",
        ("Membership", "loyalty"): "replace",
    }
