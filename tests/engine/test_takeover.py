"""The takeover of pulumi-aws's state, on the real engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pulumi
import pytest
from declarations import ADS, BROKER

from cleanrooms_resource.changes.takeover import DYNAMIC_TYPE
from engine.previews import read_comments
from engine.programs import take_snapshot
from engine.pulumi_aws import deploy_with_pulumi_aws, takeover_program

if TYPE_CHECKING:
    from aws_account import Aws

    from engine.driver import EngineStack


pytestmark = pytest.mark.engine


@pytest.fixture
def collaboration_id(stack: EngineStack, aws: Aws) -> str:
    """The id of a collaboration in a stack that pulumi-aws deployed."""
    return deploy_with_pulumi_aws(stack, aws)


def test_the_state_of_pulumi_aws_is_taken_over_with_no_write(
    stack: EngineStack, aws: Aws, collaboration_id: str
) -> None:
    before = take_snapshot(aws)
    stack.declare(takeover_program())

    previewed = stack.preview()
    applied = stack.up()

    assert previewed["ads"].op == "update"
    assert applied.get("update") == 1
    assert take_snapshot(aws) == before
    assert stack.state()["ads"]["id"] == collaboration_id
    assert stack.state()["ads"]["type"] == DYNAMIC_TYPE


def test_after_a_takeover_there_is_nothing_to_do_and_refresh_and_destroy_work(
    stack: EngineStack, aws: Aws, collaboration_id: str
) -> None:
    stack.declare(takeover_program())
    stack.up()

    assert stack.preview() == {}
    assert stack.refresh() == {}
    assert stack.preview() == {}
    assert stack.state()["ads"]["outputs"]["memberStatuses"] == {ADS: "INVITED", BROKER: "INVITED"}
    stack.destroy()
    assert collaboration_id not in aws.collaborations()


def test_a_takeover_works_together_with_a_new_name(
    stack: EngineStack, aws: Aws, collaboration_id: str
) -> None:
    before = take_snapshot(aws)
    stack.declare(takeover_program("renamed", opts={"aliases": [pulumi.Alias(name="ads")]}))
    stack.up()

    assert take_snapshot(aws) == before
    assert {name: resource["id"] for name, resource in stack.state().items()} == {
        "renamed": collaboration_id
    }
    assert stack.preview() == {}


def test_a_takeover_works_together_with_a_new_parent(
    stack: EngineStack, aws: Aws, collaboration_id: str
) -> None:
    def declare() -> None:
        component = pulumi.ComponentResource("tests:index:Component", "component")
        takeover_program(
            opts={"parent": component, "aliases": [pulumi.Alias(parent=pulumi.ROOT_STACK_RESOURCE)]}
        )()

    before = take_snapshot(aws)
    stack.declare(declare)
    stack.up()

    assert take_snapshot(aws) == before
    assert stack.state()["ads"]["id"] == collaboration_id
    assert stack.preview() == {}


def test_a_change_along_with_a_takeover_is_made(
    stack: EngineStack, aws: Aws, collaboration_id: str
) -> None:
    stack.declare(takeover_program(name="Ads measurement", tags={"team": "other"}))
    stack.up()

    assert aws.collaborations()[collaboration_id] == "Ads measurement"
    assert stack.state()["ads"]["outputs"]["tagsAll"] == {"team": "other"}
    assert stack.preview() == {}


@pytest.mark.parametrize(
    ("name", "overrides"),
    [
        ("takeover", {}),
        ("takeover-and-change", {"name": "Ads measurement", "tags": {"team": "other"}}),
    ],
)
@pytest.mark.usefixtures("collaboration_id")
def test_the_comment_of_a_takeover_is_the_recorded_one(
    stack: EngineStack, name: str, overrides: dict[str, Any]
) -> None:
    stack.declare(takeover_program(**overrides))

    comment, recorded = read_comments(stack, name)

    assert comment == recorded
