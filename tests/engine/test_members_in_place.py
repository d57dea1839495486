"""Members change in place on the real engine, where AWS approves the change by itself, and where the program lets members be removed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from declarations import ADS, BROKER, PARTNER, member
from pulumi import automation

from engine.driver import StepSummary
from engine.in_place import (
    NEW,
    QUERIER,
    SECOND,
    get_record,
    in_place_program,
    kill_host,
    list_request_statuses,
    record_operations,
    removing_program,
)
from engine.programs import ads_program, create_by_hand
from engine.pulumi_aws import deploy_with_pulumi_aws, takeover_program

if TYPE_CHECKING:
    from aws_account import Aws

    from engine.driver import EngineStack

pytestmark = pytest.mark.engine
ADDITION = {"ads": StepSummary("update", (), (f"members.{PARTNER}",))}
SUBMIT, LIST = "CreateCollaborationChangeRequest", "ListCollaborationChangeRequests"
MEMBERS = ("ListMembers", "ListMembers")
"""A listing of the members: the endpoint's first page is short."""


def test_a_new_member_is_drawn_alone_and_invited_in_place_and_nothing_is_left_to_do(
    stack: EngineStack, empty_aws: Aws
) -> None:
    stack.declare(in_place_program())
    stack.up()
    id_ = get_record(empty_aws).id

    stack.declare(in_place_program(NEW))
    previewed = stack.preview()
    with record_operations(empty_aws, of_sts=False) as operations:
        applied = stack.up()
    again, refreshed = stack.up(), stack.refresh()

    assert previewed == ADDITION
    assert applied == {"update": 1}
    assert operations == [LIST, *MEMBERS, SUBMIT, *MEMBERS]
    assert (again, refreshed) == ({}, {})
    state = stack.state()["ads"]
    assert (state["id"], state["outputs"]["memberStatuses"][PARTNER]) == (id_, "INVITED")


def test_the_text_of_a_preview_says_that_a_change_request_adds_the_member_and_that_nobody_rejoins(
    stack: EngineStack, empty_aws: Aws
) -> None:
    stack.declare(in_place_program())
    stack.up()
    id_ = get_record(empty_aws).id
    stack.declare(in_place_program(NEW))

    text = stack.preview_text_and_notices()

    assert (
        f"{id_}: `pulumi up` submits a change request that adds member {PARTNER}, and AWS auto-approves it. No member has to join again."
        in text
    )
    assert "~ members: {" in text
    assert f"+ {PARTNER}: {{" in text
    assert "replace" not in text


def test_an_approval_withdrawn_since_the_refresh_fails_the_update_and_leaves_no_open_request(
    stack: EngineStack, empty_aws: Aws
) -> None:
    stack.declare(in_place_program())
    stack.up()
    get_record(empty_aws).parameters["autoApprovedChangeRequestTypes"] = []
    stack.declare(in_place_program(NEW, description="New"))

    with pytest.raises(
        automation.CommandError,
        match=r"AWS did not auto-approve .* \(its change types are ADD_MEMBER\), so the provider cancelled",
    ):
        stack.up()

    assert list_request_statuses(empty_aws) == ["CANCELLED"]
    assert PARTNER not in get_record(empty_aws).statuses
    assert "description" not in get_record(empty_aws).parameters


def test_a_lost_answer_of_each_call_in_1_update_doubles_no_request(
    stack: EngineStack, empty_aws: Aws, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(empty_aws.endpoint, "commits_auto_approved", False)
    stack.declare(in_place_program(remove_members=True))
    stack.up()
    for operation in (
        SUBMIT,
        LIST,
        "ListMembers",
        "UpdateCollaborationChangeRequest",
        "GetCollaborationChangeRequest",
        "DeleteMember",
    ):
        empty_aws.endpoint.faults.lose_answer(operation, times=1)

    stack.declare(in_place_program(members=[QUERIER, NEW], remove_members=True))
    stack.up()

    assert list_request_statuses(empty_aws) == ["COMMITTED"]
    assert {
        account: get_record(empty_aws).statuses[account] for account in (ADS, BROKER, PARTNER)
    } == {
        ADS: "INVITED",
        BROKER: "REMOVED",
        PARTNER: "INVITED",
    }


def test_a_host_killed_between_submission_and_commit_leaves_a_request_that_the_next_update_commits(
    stack: EngineStack, empty_aws: Aws, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(empty_aws.endpoint, "commits_auto_approved", False)
    stack.declare(in_place_program())
    stack.up()
    empty_aws.endpoint.faults.add("UpdateCollaborationChangeRequest", kill_host("before"), times=1)
    stack.declare(in_place_program(NEW))

    with pytest.raises(automation.CommandError):
        stack.up()
    before = list_request_statuses(empty_aws)
    applied = stack.up()

    assert before == ["APPROVED"]
    assert (applied, list_request_statuses(empty_aws)) == ({"update": 1}, ["COMMITTED"])
    assert stack.up() == {}


def test_a_host_killed_between_two_requests_leaves_the_second_to_the_next_update(
    stack: EngineStack, empty_aws: Aws, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(empty_aws.endpoint, "quotas", {})
    stack.declare(in_place_program())
    stack.up()
    empty_aws.endpoint.faults.add(SUBMIT, kill_host("before"), every=2, times=1)
    stack.declare(in_place_program(*(member(f"5555666677{number:02}") for number in range(12))))

    with pytest.raises(automation.CommandError):
        stack.up()
    stack.up()

    assert [len(request.changes) for request in get_record(empty_aws).change_requests.values()] == [
        10,
        2,
    ]
    assert list_request_statuses(empty_aws) == ["COMMITTED", "COMMITTED"]


def test_protect_does_not_stop_the_removal_of_a_dropped_member(
    stack: EngineStack, empty_aws: Aws
) -> None:
    stack.declare(removing_program(NEW, opts={"protect": True}))
    stack.up()
    id_ = get_record(empty_aws).id

    stack.declare(removing_program(opts={"protect": True}))
    text = stack.preview_text_and_notices()
    with record_operations(empty_aws, of_sts=False) as operations:
        stack.up()
    refreshed = stack.refresh()

    assert (
        f"{id_}: `pulumi up` removes member {PARTNER} (DeleteMember). AWS cannot invite the account to this collaboration again."
        in text
    )
    assert operations == [*MEMBERS, "DeleteMember", *MEMBERS]
    assert (get_record(empty_aws).id, get_record(empty_aws).statuses[PARTNER]) == (id_, "REMOVED")
    assert refreshed == {}


def test_no_member_is_removed_where_members_is_ignored(stack: EngineStack, empty_aws: Aws) -> None:
    ignoring = {"ignore_changes": ["members"]}
    stack.declare(removing_program(NEW, opts=ignoring))
    stack.up()
    stack.declare(removing_program(opts=ignoring, description="New"))

    assert stack.up() == {"update": 1}
    assert get_record(empty_aws).statuses[PARTNER] == "INVITED"


def test_an_ignored_member_that_the_program_drops_is_not_removed(
    stack: EngineStack, empty_aws: Aws
) -> None:
    ignoring = {"ignore_changes": [f'members["{PARTNER}"]']}
    stack.declare(removing_program(NEW, opts=ignoring))
    stack.up()
    stack.declare(removing_program(opts=ignoring, description="New"))

    assert stack.up() == {"update": 1}
    assert get_record(empty_aws).statuses[PARTNER] == "INVITED"


def test_after_a_takeover_from_pulumi_aws_a_member_is_proposed_in_place(
    stack: EngineStack, empty_aws: Aws
) -> None:
    id_ = deploy_with_pulumi_aws(stack, empty_aws)
    stack.declare(takeover_program())
    stack.up()

    stack.declare(takeover_program(members=[QUERIER, SECOND, NEW], change_requests="PROPOSE"))
    applied = stack.up()

    assert (applied, get_record(empty_aws).id) == ({"update": 1}, id_)
    assert list_request_statuses(empty_aws) == ["PENDING"]


def test_members_of_an_adopted_collaboration_change_in_place(
    stack: EngineStack, empty_aws: Aws
) -> None:
    id_ = create_by_hand(
        empty_aws, members=[QUERIER, SECOND], auto_approved_change_request_types=["ADD_MEMBER"]
    )
    opts = {"import_": id_}
    stack.declare(in_place_program(remove_members=True, opts=opts))
    stack.up()

    stack.declare(in_place_program(members=[QUERIER, NEW], remove_members=True, opts=opts))
    applied = stack.up()

    assert applied == {"update": 1}
    assert get_record(empty_aws).id == id_
    assert [get_record(empty_aws).statuses[account] for account in (BROKER, PARTNER)] == [
        "REMOVED",
        "INVITED",
    ]


def test_without_the_options_each_command_makes_the_calls_of_a_version_without_them(
    stack: EngineStack, empty_aws: Aws
) -> None:
    calls = {}
    for name, act in {
        "create": stack.up,
        "update": stack.up,
        "refresh": stack.refresh,
        "destroy": stack.destroy,
    }.items():
        stack.declare(
            ads_program() if name == "create" else ads_program(description="New", tags={"new": "1"})
        )
        with record_operations(empty_aws) as operations:
            act()
        calls[name] = sorted(operations)

    assert calls == {
        "create": ["CreateCollaboration"],
        "update": ["TagResource", "UntagResource", "UpdateCollaboration"],
        "refresh": ["GetCollaboration", *MEMBERS, "ListTagsForResource"],
        "destroy": ["DeleteCollaboration"],
    }
