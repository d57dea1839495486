"""The takeover of pulumi-aws's state, on the real engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from declarations import ADS, BROKER

from engine.programs import comment_and_kept, written
from engine.pulumi_aws import deployed_by_pulumi_aws, taking_over

if TYPE_CHECKING:
    from cleanrooms import Aws

    from engine.driver import Deployment

pytestmark = pytest.mark.engine


@pytest.fixture
def taken(stack: Deployment, aws: Aws) -> str:
    """The id of a collaboration in a stack that pulumi-aws deployed."""
    return deployed_by_pulumi_aws(stack, aws)


def test_the_state_of_pulumi_aws_is_taken_over_with_no_write(stack: Deployment, aws: Aws, taken: str) -> None:
    before = written(aws)
    stack.declare(taking_over())

    previewed = stack.preview()
    applied = stack.up()

    assert previewed["ads"].op == "update"
    assert applied.get("update") == 1
    assert written(aws) == before
    assert stack.state()["ads"]["id"] == taken
    assert stack.state()["ads"]["type"] == "pulumi-python:dynamic/cleanrooms:Collaboration"


def test_after_a_takeover_there_is_nothing_to_do_and_refresh_and_destroy_work(stack: Deployment, aws: Aws, taken: str) -> None:
    stack.declare(taking_over())
    stack.up()

    assert stack.preview() == {}
    assert stack.refresh() == {}
    assert stack.preview() == {}
    assert stack.state()["ads"]["outputs"]["memberStatuses"] == {ADS: "INVITED", BROKER: "INVITED"}
    stack.destroy()
    assert taken not in aws.collaborations()


def test_a_change_along_with_a_takeover_is_made(stack: Deployment, aws: Aws, taken: str) -> None:
    stack.declare(taking_over(name="Ads measurement", tags={"team": "other"}))
    stack.up()

    assert aws.collaborations()[taken] == "Ads measurement"
    assert stack.state()["ads"]["outputs"]["tagsAll"] == {"team": "other"}
    assert stack.preview() == {}


@pytest.mark.parametrize(("kept", "overrides"), [("takeover", {}), ("takeover-and-change", {"name": "Ads measurement", "tags": {"team": "other"}})])
@pytest.mark.usefixtures("taken")
def test_the_comment_of_a_takeover_is_the_one_kept(stack: Deployment, kept: str, overrides: dict[str, Any]) -> None:
    stack.declare(taking_over(**overrides))

    now, before = comment_and_kept(stack, kept)

    assert now == before
