"""The takeover of pulumi-aws's state, on the real engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pulumi
import pytest
from declarations import ADS, BROKER

from cleanrooms_resource.changes.takeover import DYNAMIC_TYPE
from engine.driver import EngineStack, create_stack
from engine.previews import read_comments
from engine.programs import take_snapshot
from engine.pulumi_aws import (
    add_state_of_pulumi_aws,
    deploy_with_pulumi_aws,
    takeover_program,
)
from engine.shared_stack import declare_all

if TYPE_CHECKING:
    from aws_account import Aws


pytestmark = pytest.mark.engine


def declare_child() -> None:
    component = pulumi.ComponentResource("tests:index:Component", "component")
    aliases = [pulumi.Alias(parent=pulumi.ROOT_STACK_RESOURCE)]
    takeover_program("child", opts={"parent": component, "aliases": aliases})()


PROGRAMS = (
    takeover_program(),
    takeover_program("renamed", opts={"aliases": [pulumi.Alias(name="former")]}),
    declare_child,
    takeover_program("changed", name="Ads measurement", tags={"team": "other"}),
)


class TakeoverRun:
    """A stack that pulumi-aws deployed, each stage once: what each said is kept for the tests."""

    def __init__(self, stack: EngineStack, aws: Aws) -> None:
        stack.declare(lambda: None)
        stack.up()
        self.ids = add_state_of_pulumi_aws(stack, aws, "ads", "former", "child", "changed")
        before = take_snapshot(aws)
        stack.declare(declare_all(PROGRAMS))
        self.previewed = stack.preview()
        self.applied = stack.up()
        self.state = stack.state()
        self.written_ids = {each[0] for each in set(before) ^ set(take_snapshot(aws))}
        self.names_at_aws = aws.collaborations()
        self.afterwards = stack.preview(), stack.refresh(), stack.preview()
        self.refreshed_state = stack.state()
        stack.destroy()
        self.remaining_ids = aws.collaborations().keys() & set(self.ids.values())


@pytest.fixture(scope="module")
def run(aws: Aws, tmp_path_factory: pytest.TempPathFactory) -> TakeoverRun:
    stack = create_stack(tmp_path_factory.mktemp("takeover"), aws.endpoint.settings)
    return TakeoverRun(stack, aws)


def test_the_state_of_pulumi_aws_is_taken_over_with_no_write(run: TakeoverRun) -> None:
    assert run.previewed["ads"].op == "update"
    assert run.applied.get("update") == 4
    assert run.ids["ads"] not in run.written_ids
    assert run.state["ads"]["id"] == run.ids["ads"]
    assert run.state["ads"]["type"] == DYNAMIC_TYPE


def test_after_a_takeover_there_is_nothing_to_do_and_refresh_and_destroy_work(
    run: TakeoverRun,
) -> None:
    assert run.afterwards == ({}, {}, {})
    assert run.refreshed_state["ads"]["outputs"]["memberStatuses"] == {
        ADS: "INVITED",
        BROKER: "INVITED",
    }
    assert run.remaining_ids == set()


def test_a_takeover_works_together_with_a_new_name(run: TakeoverRun) -> None:
    assert run.ids["former"] not in run.written_ids
    assert run.state.keys() == {"ads", "renamed", "child", "changed"}
    assert run.state["renamed"]["id"] == run.ids["former"]


def test_a_takeover_works_together_with_a_new_parent(run: TakeoverRun) -> None:
    assert run.ids["child"] not in run.written_ids
    assert run.state["child"]["id"] == run.ids["child"]


def test_a_change_along_with_a_takeover_is_made(run: TakeoverRun) -> None:
    assert run.names_at_aws[run.ids["changed"]] == "Ads measurement"
    assert run.state["changed"]["outputs"]["tagsAll"] == {"team": "other"}


@pytest.fixture(scope="module")
def stack(aws: Aws, tmp_path_factory: pytest.TempPathFactory) -> EngineStack:
    """A stack that pulumi-aws deployed."""
    stack = create_stack(tmp_path_factory.mktemp("comment"), aws.endpoint.settings)
    deploy_with_pulumi_aws(stack, aws)
    return stack


@pytest.mark.parametrize(
    ("name", "overrides"),
    [
        ("takeover", {}),
        ("takeover-and-change", {"name": "Ads measurement", "tags": {"team": "other"}}),
    ],
)
def test_the_comment_of_a_takeover_is_the_recorded_one(
    stack: EngineStack, name: str, overrides: dict[str, Any]
) -> None:
    stack.declare(takeover_program(**overrides))

    comment, recorded = read_comments(stack, name)

    assert comment == recorded
