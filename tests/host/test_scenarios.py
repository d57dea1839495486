"""Every scenario, and what a declaration and a life of a collaboration are beside them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from declarations import PARTNER, declaration, member
from matrix import CELLS
from scenarios import SCENARIOS, Scenario

from host.driver import Host, HostStack

if TYPE_CHECKING:
    from aws_account import Aws


@pytest.mark.parametrize("scenario", [*SCENARIOS, *CELLS], ids=lambda scenario: scenario.name)
def test_a_change_means_what_the_table_says_and_after_it_there_is_nothing_to_do(
    host: Host, scenario: Scenario
) -> None:
    stack = HostStack(host, scenario.ignore_changes)
    stack.up(scenario.before)
    before = stack.held.id

    plan = stack.preview(scenario.after)
    assert (plan.op, plan.reasons) == (scenario.op, scenario.reasons)
    refreshed = replace(stack)
    refreshed.refresh()
    plan = refreshed.preview(scenario.after)
    assert (plan.op, plan.reasons) == (scenario.op, scenario.reasons)

    stack.up(scenario.after)
    assert (stack.held.id == before) == (scenario.op != "replace")
    assert stack.preview(scenario.after).op == "same"
    assert stack.refresh() == "same"
    assert stack.preview(scenario.after).op == "same"


def test_a_replacement_leaves_the_new_collaboration_alone(stack: HostStack, aws: Aws) -> None:
    stack.up(declaration(name="replaced once"))
    stack.up(declaration(name="replaced once", query_log_status="DISABLED"))

    assert [id_ for id_, name in aws.collaborations().items() if name == "replaced once"] == [
        stack.held.id
    ]


def test_a_rename_behind_pulumis_back_is_the_only_difference_and_up_undoes_it(
    stack: HostStack, aws: Aws
) -> None:
    stack.up(declaration())
    before = stack.held.inputs
    aws.client("us-east-1").update_collaboration(
        collaborationIdentifier=stack.held.id, name="Renamed"
    )

    stack.refresh()
    refreshed = stack.held.inputs
    plan = stack.up(declaration())

    assert refreshed == {**before, "name": "Renamed"}
    assert (plan.op, aws.collaborations()[stack.held.id]) == ("update", "Ads measurement")


def test_a_tag_added_behind_pulumis_back_is_the_only_difference_and_up_removes_it(
    stack: HostStack, aws: Aws
) -> None:
    stack.up(declaration())
    before, arn = stack.held.inputs, stack.held.outputs["arn"]
    client = aws.client("us-east-1")
    client.tag_resource(resourceArn=arn, tags={"other": "x"})

    stack.refresh()
    refreshed = stack.held.inputs
    stack.up(declaration())

    assert refreshed == {**before, "tags": {"team": "ads", "other": "x"}}
    assert client.list_tags_for_resource(resourceArn=arn)["tags"] == {"team": "ads"}


@pytest.fixture
def stack_on_sql(stack: HostStack, aws: Aws) -> HostStack:
    """A collaboration from before 2025-07, which may still be on CLEAN_ROOMS_SQL, declared as such."""
    stack.up(declaration(analytics_engine="SPARK"))
    aws.endpoint.collaborations[stack.held.id].parameters["analyticsEngine"] = "CLEAN_ROOMS_SQL"
    stack.refresh()
    return stack


def test_an_existing_collaboration_may_stay_on_sql(stack_on_sql: HostStack) -> None:
    assert stack_on_sql.preview(declaration(analytics_engine="CLEAN_ROOMS_SQL")).op == "same"


def test_an_existing_collaboration_goes_from_sql_to_spark_in_place(
    stack_on_sql: HostStack, aws: Aws
) -> None:
    assert stack_on_sql.up(declaration(analytics_engine="SPARK")).op == "update"
    record = aws.endpoint.collaborations[stack_on_sql.held.id]
    assert record.parameters["analyticsEngine"] == "SPARK"


def test_a_new_collaboration_is_refused_sql(host: Host) -> None:
    _, failures = host.check({}, declaration(analytics_engine="CLEAN_ROOMS_SQL"))

    assert failures == [
        "analyticsEngine: must be SPARK, or left out: AWS creates no new collaboration with CLEAN_ROOMS_SQL"
    ]


def test_what_is_gone_leaves_the_state_and_destroying_it_succeeds(
    stack: HostStack, aws: Aws
) -> None:
    stack.up(declaration())
    # The provider waits for a collaboration that is new.
    stack.held.outputs["createTime"] = "2026-01-01T00:00:00+00:00"
    aws.client("us-east-1").delete_collaboration(collaborationIdentifier=stack.held.id)

    replace(stack).destroy()
    stack.refresh()

    assert stack.resource is None


def test_a_destroyed_collaboration_is_not_at_the_endpoint(stack: HostStack, aws: Aws) -> None:
    stack.up(declaration(name="destroyed"))
    stack.destroy()

    assert "destroyed" not in aws.collaborations().values()


def test_refresh_reads_every_page_of_members(
    stack: HostStack, aws: Aws, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(aws.endpoint.quotas, "Members per collaboration", 150)
    many = [member(f"{account:012}") for account in range(150)]
    stack.up(declaration(members=many))

    stack.refresh()

    assert stack.held.inputs["members"].keys() == {each["account_id"] for each in many}


def test_a_failed_check_names_every_property_and_what_would_be_right(host: Host) -> None:
    program = declaration(
        name=None, query_log_status=1.0, members={PARTNER: {"memberAbilities": []}}, nam="x"
    )

    _, failures = host.check({}, program)

    assert sorted(failures) == [
        f'members["{PARTNER}"].displayName: is required',
        'nam: is not a property of a collaboration; did you mean "name"?',
        "name: is required",
        "queryLogStatus: must be a string",
    ]


@pytest.mark.xfail(strict=True, reason="a default that is written out is an update of the state")
@pytest.mark.parametrize("is_refreshed", [False, True], ids=["after up", "after a refresh"])
@pytest.mark.parametrize("default", [{"job_log_status": "DISABLED"}, {"is_metrics_enabled": False}])
def test_a_default_that_is_written_out_changes_nothing(
    stack: HostStack, default: dict[str, Any], *, is_refreshed: bool
) -> None:
    stack.up(declaration())
    if is_refreshed:
        stack.refresh()

    assert stack.preview(declaration(**default)).op == "same"
