"""Every scenario against Pulumi's host process."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from declarations import ADS, BROKER, PARTNER, declaration, member
from matrix import CELLS
from scenarios import SCENARIOS, Scenario

from host.driver import UNKNOWN, Host, HostStack, start_host

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_account import Aws


ALL = (*SCENARIOS, *CELLS)


@pytest.fixture(scope="module")
def host_process(aws: Aws) -> Iterator[Host]:
    with start_host(aws.endpoint.settings, impatient=True) as process:
        yield process


@pytest.mark.parametrize("scenario", ALL, ids=lambda scenario: scenario.name)
def test_a_change_means_what_the_table_says(host_process: Host, scenario: Scenario) -> None:
    stack = HostStack(host_process, scenario.ignore_changes)
    stack.up(scenario.before)

    plan = stack.preview(scenario.after)

    assert (plan.op, plan.reasons) == (scenario.op, scenario.reasons)


@pytest.mark.parametrize("scenario", ALL, ids=lambda scenario: scenario.name)
def test_a_change_means_the_same_after_a_refresh(host_process: Host, scenario: Scenario) -> None:
    stack = HostStack(host_process, scenario.ignore_changes)
    stack.up(scenario.before)
    stack.refresh()

    plan = stack.preview(scenario.after)

    assert (plan.op, plan.reasons) == (scenario.op, scenario.reasons)


@pytest.mark.parametrize("scenario", ALL, ids=lambda scenario: scenario.name)
def test_after_the_change_there_is_nothing_to_do(host_process: Host, scenario: Scenario) -> None:
    stack = HostStack(host_process, scenario.ignore_changes)
    stack.up(scenario.before)
    stack.up(scenario.after)

    assert stack.preview(scenario.after).op == "same"


@pytest.mark.parametrize("scenario", ALL, ids=lambda scenario: scenario.name)
def test_a_refresh_after_the_change_finds_nothing(host_process: Host, scenario: Scenario) -> None:
    stack = HostStack(host_process, scenario.ignore_changes)
    stack.up(scenario.before)
    stack.up(scenario.after)

    assert stack.refresh() == "same"
    assert stack.preview(scenario.after).op == "same"


@pytest.mark.parametrize(
    "scenario", [each for each in ALL if each.op != "replace"], ids=lambda scenario: scenario.name
)
def test_what_changes_in_place_keeps_its_id(host_process: Host, scenario: Scenario) -> None:
    stack = HostStack(host_process, scenario.ignore_changes)
    stack.up(scenario.before)
    assert stack.resource is not None
    before = stack.resource.id

    stack.up(scenario.after)

    assert stack.resource.id == before


def test_a_replacement_leaves_the_new_collaboration_alone(host_process: Host, aws: Aws) -> None:
    stack = HostStack(host_process)
    stack.up(declaration(name="replaced once"))
    stack.up(declaration(name="replaced once", query_log_status="DISABLED"))

    assert stack.resource is not None
    assert [id_ for id_, name in aws.collaborations().items() if name == "replaced once"] == [
        stack.resource.id
    ]


def test_a_rename_behind_pulumis_back_is_the_only_difference_and_up_undoes_it(
    host_process: Host, aws: Aws
) -> None:
    stack = HostStack(host_process)
    stack.up(declaration())
    assert stack.resource is not None
    before = stack.resource.inputs
    aws.client("us-east-1").update_collaboration(
        collaborationIdentifier=stack.resource.id, name="Renamed"
    )

    stack.refresh()
    refreshed = stack.resource.inputs
    plan = stack.up(declaration())

    assert refreshed == {**before, "name": "Renamed"}
    assert (plan.op, aws.collaborations()[stack.resource.id]) == ("update", "Ads measurement")


def test_a_tag_added_behind_pulumis_back_is_the_only_difference_and_up_removes_it(
    host_process: Host, aws: Aws
) -> None:
    stack = HostStack(host_process)
    stack.up(declaration())
    assert stack.resource is not None
    before, arn = stack.resource.inputs, stack.resource.outputs["arn"]
    client = aws.client("us-east-1")
    client.tag_resource(resourceArn=arn, tags={"other": "x"})

    stack.refresh()
    refreshed = stack.resource.inputs
    stack.up(declaration())

    assert refreshed == {**before, "tags": {"team": "ads", "other": "x"}}
    assert client.list_tags_for_resource(resourceArn=arn)["tags"] == {"team": "ads"}


def deploy_on_sql(host_process: Host, aws: Aws) -> HostStack:
    """A collaboration from before 2025-07, which may still be on CLEAN_ROOMS_SQL, declared as such."""
    stack = HostStack(host_process)
    stack.up(declaration(analytics_engine="SPARK"))
    assert stack.resource is not None
    aws.endpoint.collaborations[stack.resource.id].parameters["analyticsEngine"] = "CLEAN_ROOMS_SQL"
    stack.refresh()
    return stack


def test_an_existing_collaboration_may_stay_on_sql(host_process: Host, aws: Aws) -> None:
    assert (
        deploy_on_sql(host_process, aws).preview(declaration(analytics_engine="CLEAN_ROOMS_SQL")).op
        == "same"
    )


def test_an_existing_collaboration_goes_from_sql_to_spark_in_place(
    host_process: Host, aws: Aws
) -> None:
    stack = deploy_on_sql(host_process, aws)

    assert stack.up(declaration(analytics_engine="SPARK")).op == "update"
    assert stack.resource is not None
    assert aws.endpoint.collaborations[stack.resource.id].parameters["analyticsEngine"] == "SPARK"


def test_a_new_collaboration_is_refused_sql(host_process: Host) -> None:
    _, failures = host_process.check({}, declaration(analytics_engine="CLEAN_ROOMS_SQL"))

    assert failures == [
        "analyticsEngine: must be SPARK, or left out: AWS creates no new collaboration with CLEAN_ROOMS_SQL"
    ]


def test_what_is_gone_leaves_the_state(host_process: Host, aws: Aws) -> None:
    stack = HostStack(host_process)
    stack.up(declaration())
    assert stack.resource is not None
    aws.client("us-east-1").delete_collaboration(collaborationIdentifier=stack.resource.id)

    stack.refresh()

    assert stack.resource is None


def test_destroying_what_is_gone_succeeds(host_process: Host, aws: Aws) -> None:
    stack = HostStack(host_process)
    stack.up(declaration())
    assert stack.resource is not None
    aws.client("us-east-1").delete_collaboration(collaborationIdentifier=stack.resource.id)

    stack.destroy()

    assert stack.resource is None


def test_a_destroyed_collaboration_is_not_at_the_endpoint(host_process: Host, aws: Aws) -> None:
    stack = HostStack(host_process)
    stack.up(declaration(name="destroyed"))
    stack.destroy()

    assert "destroyed" not in aws.collaborations().values()


def test_refresh_reads_every_page_of_members(
    host_process: Host, aws: Aws, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(aws.endpoint.quotas, "Members per collaboration", 150)
    many = [member(f"{account:012}") for account in range(150)]
    stack = HostStack(host_process)
    stack.up(declaration(members=many))

    stack.refresh()

    assert stack.resource is not None
    assert stack.resource.inputs["members"].keys() == {each["account_id"] for each in many}


UNKNOWNS: dict[str, dict[str, Any]] = {
    "an account in the list": declaration(
        members=[
            member(ADS, member_abilities=["CAN_QUERY"]),
            member(BROKER) | {"account_id": UNKNOWN},
        ]
    ),
    "a whole member": declaration(members=[member(ADS, member_abilities=["CAN_QUERY"]), UNKNOWN]),
    "a display name": declaration(
        members=[member(ADS, member_abilities=["CAN_QUERY"]), member(BROKER, display_name=UNKNOWN)]
    ),
    "all members": declaration(members=UNKNOWN),
}


@pytest.mark.parametrize("program", UNKNOWNS.values(), ids=UNKNOWNS)
def test_what_is_not_known_yet_previews_as_a_creation(
    host_process: Host, program: dict[str, Any]
) -> None:
    assert HostStack(host_process).preview(program).op == "create"


@pytest.mark.parametrize("program", UNKNOWNS.values(), ids=UNKNOWNS)
def test_what_is_not_known_yet_in_a_replacing_property_previews_as_a_replacement(
    host_process: Host, program: dict[str, Any]
) -> None:
    stack = HostStack(host_process)
    stack.up(declaration())

    plan = stack.preview(program)

    assert (plan.op, plan.reasons) == ("replace", ("members",))


def test_what_is_not_known_yet_in_an_in_place_property_previews_as_an_update(
    host_process: Host,
) -> None:
    stack = HostStack(host_process)
    stack.up(declaration())

    assert stack.preview(declaration(name=UNKNOWN)).op == "update"


def test_a_failed_check_names_every_property_and_what_would_be_right(host_process: Host) -> None:
    program = declaration(
        name=None, query_log_status=1.0, members={PARTNER: {"memberAbilities": []}}, nam="x"
    )

    _, failures = host_process.check({}, program)

    assert sorted(failures) == [
        f'members["{PARTNER}"].displayName: is required',
        'nam: is not a property of a collaboration; did you mean "name"?',
        "name: is required",
        "queryLogStatus: must be a string",
    ]


def test_the_providers_import_path_in_users_state_never_moves(host_process: Host) -> None:
    # "cleanrooms_resource.provider.CollaborationProvider", pickled by reference by the first release.
    stored = "gASVPQAAAAAAAACMHGNsZWFucm9vbXNfcmVzb3VyY2UucHJvdmlkZXKUjBVDb2xsYWJvcmF0aW9uUHJvdmlkZXKUk5QpgZQu"

    inputs, failures = replace(host_process, provider=stored).check({}, declaration())

    assert (failures, inputs["name"]) == ([], "Ads measurement")
