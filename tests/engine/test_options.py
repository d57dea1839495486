"""Pulumi's resource options do for a collaboration what Pulumi documents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pulumi
import pytest
from declarations import ADS, BROKER, declaration, member
from pulumi import automation

from engine.accounts import Account
from engine.doors import cleanrooms
from engine.driver import EngineStack, StepSummary
from engine.programs import ads_program, record_writes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from aws_account import Aws

pytestmark = pytest.mark.engine


@pytest.fixture
def writes(aws: Aws) -> Iterator[list[str]]:
    """The operations that write, in the order in which they reach AWS."""
    with record_writes(aws) as operations:
        yield operations


def deploy(stack: EngineStack, program: Callable[[], None]) -> dict[str, int]:
    stack.declare(program)
    return stack.up()


@pytest.mark.parametrize(
    ("options", "order"),
    [
        ({}, ["CreateCollaboration", "DeleteCollaboration"]),
        ({"delete_before_replace": True}, ["DeleteCollaboration", "CreateCollaboration"]),
    ],
)
def test_a_replacement_is_made_before_or_after_the_old_one_is_deleted(
    stack: EngineStack, writes: list[str], options: dict[str, Any], order: list[str]
) -> None:
    deploy(stack, ads_program(opts=options))
    writes.clear()

    deploy(stack, ads_program(opts=options, query_log_status="DISABLED"))

    assert writes == order


def test_delete_before_replace_acts_in_the_change_that_adds_it(
    stack: EngineStack, writes: list[str]
) -> None:
    deploy(stack, ads_program())
    writes.clear()

    deploy(stack, ads_program(opts={"delete_before_replace": True}, query_log_status="DISABLED"))

    assert writes == ["DeleteCollaboration", "CreateCollaboration"]


@pytest.mark.parametrize("is_deployed_before", [True, False])
def test_retain_on_delete_keeps_the_old_collaboration_of_a_replacement_only_where_it_was_deployed_before(
    stack: EngineStack,
    aws: Aws,
    is_deployed_before: bool,  # noqa: FBT001
) -> None:
    deploy(stack, ads_program(opts={"retain_on_delete": is_deployed_before}))
    id_ = stack.state()["ads"]["id"]

    deploy(stack, ads_program(opts={"retain_on_delete": True}, query_log_status="DISABLED"))

    assert (id_ in aws.collaborations()) == is_deployed_before


def test_ignore_changes_acts_in_the_change_that_adds_it(
    stack: EngineStack, writes: list[str]
) -> None:
    deploy(stack, ads_program())
    writes.clear()

    deploy(
        stack,
        ads_program(opts={"ignore_changes": ["query_log_status"]}, query_log_status="DISABLED"),
    )

    assert writes == []


def test_protect_stops_a_replacement_at_the_preview(stack: EngineStack, writes: list[str]) -> None:
    deploy(stack, ads_program(opts={"protect": True}))
    writes.clear()
    stack.declare(ads_program(opts={"protect": True}, query_log_status="DISABLED"))

    with pytest.raises(automation.CommandError, match="protect"):
        stack.up()

    assert writes == []


def test_protect_that_the_change_itself_adds_stops_no_replacement(
    stack: EngineStack, writes: list[str]
) -> None:
    deploy(stack, ads_program())
    writes.clear()

    deploy(stack, ads_program(opts={"protect": True}, query_log_status="DISABLED"))

    assert writes == ["CreateCollaboration", "DeleteCollaboration"]


@pytest.mark.parametrize(
    "apart", [False, True], ids=["together with the change", "before the change"]
)
def test_protect_taken_out_lets_a_replacement_pass(stack: EngineStack, apart: bool) -> None:  # noqa: FBT001
    deploy(stack, ads_program(opts={"protect": True}))
    before = stack.state()["ads"]["id"]
    if apart:
        deploy(stack, ads_program())

    deploy(stack, ads_program(query_log_status="DISABLED"))

    assert stack.state()["ads"]["id"] != before


def test_protect_lets_a_change_in_place_pass(stack: EngineStack) -> None:
    deploy(stack, ads_program(opts={"protect": True}))

    assert deploy(stack, ads_program(opts={"protect": True}, name="Other")) == {"update": 1}


@pytest.mark.parametrize(
    ("is_retained", "is_left"),
    [(True, True), (False, False)],
    ids=["before the removal", "not before the removal"],
)
def test_retain_on_delete_keeps_what_was_deployed_with_it(
    stack: EngineStack,
    aws: Aws,
    is_retained: bool,  # noqa: FBT001
    is_left: bool,  # noqa: FBT001
) -> None:
    deploy(stack, ads_program(opts={"retain_on_delete": is_retained}))
    id_ = stack.state()["ads"]["id"]

    deploy(stack, lambda: None)

    assert (id_ in aws.collaborations()) == is_left


def test_an_alias_renames_the_resource_and_touches_nothing(
    stack: EngineStack, writes: list[str]
) -> None:
    deploy(stack, ads_program())
    writes.clear()

    deploy(stack, ads_program("renamed", opts={"aliases": [pulumi.Alias(name="ads")]}))

    assert writes == []
    assert stack.state().keys() == {"renamed"}


@pytest.mark.parametrize(
    ("path", "overrides", "reason"),
    [("name", {"name": "Other"}, "name"), ("tags", {"tags": {}}, "tags.team")],
)
def test_replace_on_changes_replaces_for_what_would_change_in_place(
    stack: EngineStack, path: str, overrides: dict[str, Any], reason: str
) -> None:
    deploy(stack, ads_program())
    stack.declare(ads_program(opts={"replace_on_changes": [path]}, **overrides))

    step = stack.preview()["ads"]

    assert step.op == "replace"
    assert step.detailed == (reason,)


def test_additional_secret_outputs_may_be_spelled_as_in_programs(stack: EngineStack) -> None:
    deploy(stack, ads_program(opts={"additional_secret_outputs": ["member_statuses"]}))

    # Pulumi's mark of a secret.
    assert "4dabf18193072939515e22adb298388d" in stack.state()["ads"]["outputs"]["memberStatuses"]


def test_ignoring_everything_is_nothing_to_do(stack: EngineStack) -> None:
    deploy(stack, ads_program())
    stack.declare(
        ads_program(
            opts={"ignore_changes": ["*"]}, name="Other", members=[], query_log_status="DISABLED"
        )
    )

    assert stack.preview() == {}


def test_one_ignored_tag_leaves_the_others(stack: EngineStack) -> None:
    deploy(stack, ads_program())
    stack.declare(
        ads_program(opts={"ignore_changes": ["tags.team"]}, tags={"team": "other", "more": "x"})
    )

    assert stack.preview()["ads"] == StepSummary("update", (), ("tags.more",))


def test_one_ignored_member_works_where_other_accounts_are_outputs(stack: EngineStack) -> None:
    def declare(display_name: str) -> None:
        account = Account("account", BROKER, "1")
        members = [
            member(ADS, member_abilities=["CAN_QUERY"], display_name=display_name),
            member(account.number),
        ]
        opts = pulumi.ResourceOptions(ignore_changes=[f'members["{ADS}"]'])
        cleanrooms.Collaboration("ads", declaration(members=members), opts)

    stack.declare(lambda: declare("Old"))
    stack.up()
    stack.declare(lambda: declare("New"))

    assert stack.preview() == {}
    assert stack.state()["ads"]["inputs"]["members"].keys() == {ADS, BROKER}


@pytest.mark.parametrize("path", ["members[0]", "creator_name"])
def test_a_path_that_pulumi_would_ignore_in_silence_fails_the_preview(
    stack: EngineStack, path: str
) -> None:
    stack.declare(ads_program(opts={"ignore_changes": [path]}))

    with pytest.raises(automation.CommandError, match="ignore_changes: "):
        stack.preview_text()
