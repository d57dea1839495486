"""How a user tests a stack: this project's own program, rehearsed against an endpoint."""

from __future__ import annotations

import json
import runpy
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

import cleanrooms_resource as cleanrooms
from cleanrooms_resource.testing import Rehearsal, rehearse

if TYPE_CHECKING:
    from cleanrooms_resource.testing import Endpoint

STACKS = Path(__file__).parent.parent / "stacks"


def program() -> object:
    return runpy.run_path(str(STACKS / "__main__.py"))


def rehearsed(endpoint: Endpoint, collaborations: dict[str, Any]) -> Rehearsal:
    config = endpoint.settings | {"cleanrooms:collaborations": json.dumps(collaborations)}
    return rehearse(program, config, project="cleanrooms")


def of_stack(stack: str) -> dict[str, Any]:
    """The collaborations in a stack's YAML."""
    found: dict[str, Any] = yaml.safe_load((STACKS / f"Pulumi.{stack}.yaml").read_text())["config"]["cleanrooms:collaborations"]
    return found


@pytest.mark.parametrize("stack", ["local", "example"])
def test_a_stack_declares_the_collaborations_of_its_code_and_of_its_yaml(cleanrooms_endpoint: Endpoint, stack: str) -> None:
    made = rehearsed(cleanrooms_endpoint, of_stack(stack))

    assert made.collaborations.keys() == {"ads", "loyalty"}
    assert {each.parameters["name"] for each in cleanrooms_endpoint.collaborations.values()} == {"Ads measurement", "Loyalty overlap"}


def test_every_collaboration_exports_its_arn(cleanrooms_endpoint: Endpoint) -> None:
    made = rehearsed(cleanrooms_endpoint, of_stack("local"))

    assert {name: each["arn"] for name, each in made.exports.items()} == {name: each.outputs["arn"] for name, each in made.collaborations.items()}


def test_yaml_can_be_in_snake_case(cleanrooms_endpoint: Endpoint) -> None:
    snake = {"creator_display_name": "RetailCo", "creator_member_abilities": ["CAN_QUERY"], "query_log_status": "ENABLED"}

    assert rehearsed(cleanrooms_endpoint, {"snake": snake}).collaborations["snake"].inputs["creatorDisplayName"] == "RetailCo"


@pytest.mark.parametrize("account", ["1.2345678901e+10", "0x1", "12345"])
def test_an_account_id_that_is_not_12_digits_is_refused(cleanrooms_endpoint: Endpoint, account: str) -> None:
    loyalty = of_stack("local")["loyalty"] | {"members": {account: {"displayName": "x", "memberAbilities": []}}}

    with pytest.raises(cleanrooms.DeclarationError, match="a string of 12 digits"):
        rehearsed(cleanrooms_endpoint, {"loyalty": loyalty})


def test_a_misspelled_property_in_yaml_is_refused_with_a_suggestion(cleanrooms_endpoint: Endpoint) -> None:
    with pytest.raises(cleanrooms.DeclarationError, match='did you mean "queryLogStatus"'):
        rehearsed(cleanrooms_endpoint, {"loyalty": of_stack("local")["loyalty"] | {"queryLogStatu": "ENABLED"}})
