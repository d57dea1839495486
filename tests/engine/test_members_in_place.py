"""Members change in place on the real engine, where AWS approves the change by itself, and where the program lets members be removed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from declarations import ADS, BROKER, PARTNER, member
from pulumi import automation

from engine.driver import EngineStack, StepSummary, create_stack
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
from engine.pulumi_aws import add_state_of_pulumi_aws, takeover_program
from engine.shared_stack import declare_all, make_change

if TYPE_CHECKING:
    from aws_account import Aws

pytestmark = pytest.mark.engine
ADDITION = {"ads": StepSummary("update", (), (f"members.{PARTNER}",))}
SUBMIT, LIST = "CreateCollaborationChangeRequest", "ListCollaborationChangeRequests"
MEMBERS = ("ListMembers", "ListMembers")
"""A listing of the members: the endpoint's first page is short."""


def test_a_new_member_is_drawn_alone_and_invited_in_place_without_anybody_joining_again(
    stack: EngineStack, empty_aws: Aws
) -> None:
    stack.declare(in_place_program())
    stack.up()
    id_ = get_record(empty_aws).id

    stack.declare(in_place_program(NEW))
    previewed = stack.preview()
    text = stack.preview_text_and_notices()
    with record_operations(empty_aws, of_sts=False) as operations:
        applied = stack.up()
    again, refreshed = stack.up(), stack.refresh()

    assert previewed == ADDITION
    assert (
        f"{id_}: `pulumi up` submits a change request that adds member {PARTNER}, and AWS auto-approves it. No member has to join again."
        in text
    )
    assert "~ members: {" in text
    assert f"+ {PARTNER}: {{" in text
    assert "replace" not in text
    assert applied == {"update": 1}
    assert operations == [LIST, *MEMBERS, SUBMIT, *MEMBERS]
    assert (again, refreshed) == ({}, {})
    state = stack.state()["ads"]
    assert (state["id"], state["outputs"]["memberStatuses"][PARTNER]) == (id_, "INVITED")


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
    killable_stack: EngineStack, empty_aws: Aws, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(empty_aws.endpoint, "commits_auto_approved", False)
    killable_stack.declare(in_place_program())
    killable_stack.up()
    empty_aws.endpoint.faults.add("UpdateCollaborationChangeRequest", kill_host("before"), times=1)
    killable_stack.declare(in_place_program(NEW))

    with pytest.raises(automation.CommandError):
        killable_stack.up()
    before = list_request_statuses(empty_aws)
    applied = killable_stack.up()

    assert before == ["APPROVED"]
    assert (applied, list_request_statuses(empty_aws)) == ({"update": 1}, ["COMMITTED"])
    assert killable_stack.up() == {}


def test_a_host_killed_between_two_requests_leaves_the_second_to_the_next_update(
    killable_stack: EngineStack, empty_aws: Aws, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(empty_aws.endpoint, "quotas", {})
    killable_stack.declare(in_place_program())
    killable_stack.up()
    empty_aws.endpoint.faults.add(SUBMIT, kill_host("before"), every=2, times=1)
    killable_stack.declare(
        in_place_program(*(member(f"5555666677{number:02}") for number in range(12)))
    )

    with pytest.raises(automation.CommandError):
        killable_stack.up()
    killable_stack.up()

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


class MemberRun:
    """A stack whose collaborations change their members for several reasons in one `up`."""

    def __init__(self, stack: EngineStack, aws: Aws) -> None:
        stack.declare(lambda: None)
        stack.up()
        taken_over = add_state_of_pulumi_aws(stack, aws, "taken-over")
        adopted = {
            "import_": create_by_hand(
                aws, members=[QUERIER, SECOND], auto_approved_change_request_types=["ADD_MEMBER"]
            )
        }
        ignoring = {
            "ignoring": {"ignore_changes": ["members"]},
            "ignoring-one": {"ignore_changes": [f'members["{PARTNER}"]']},
        }
        stack.declare(
            declare_all(
                [
                    *(removing_program(NEW, resource=name, opts=o) for name, o in ignoring.items()),
                    takeover_program("taken-over"),
                    in_place_program(resource="adopted", remove_members=True, opts=adopted),
                ]
            )
        )
        stack.up()
        replaced: dict[str, Any] = {"members": [QUERIER, NEW], "remove_members": True}
        proposed: dict[str, Any] = {
            "members": [QUERIER, SECOND, NEW],
            "change_requests": "PROPOSE",
        }
        programs = [
            *(
                removing_program(resource=name, opts=opts, description="New")
                for name, opts in ignoring.items()
            ),
            takeover_program("taken-over", **proposed),
            in_place_program(resource="adopted", opts=adopted, **replaced),
        ]
        self.change = make_change(stack, aws, programs)
        self.old_ids = {**taken_over, "adopted": adopted["import_"]}
        self.records = {
            name: aws.endpoint.collaborations[each["id"]]
            for name, each in self.change.after.items()
        }


@pytest.fixture(scope="module")
def run(aws: Aws, tmp_path_factory: pytest.TempPathFactory) -> MemberRun:
    return MemberRun(create_stack(tmp_path_factory.mktemp("members"), aws.endpoint.settings), aws)


def test_no_member_is_removed_where_members_is_ignored(run: MemberRun) -> None:
    assert run.change.list_writes("ignoring") == ["UpdateCollaboration"]
    assert run.records["ignoring"].statuses[PARTNER] == "INVITED"


def test_an_ignored_member_that_the_program_drops_is_not_removed(run: MemberRun) -> None:
    assert run.change.list_writes("ignoring-one") == ["UpdateCollaboration"]
    assert run.records["ignoring-one"].statuses[PARTNER] == "INVITED"


def test_after_a_takeover_from_pulumi_aws_a_member_is_proposed_in_place(run: MemberRun) -> None:
    requests = run.records["taken-over"].change_requests.values()

    assert run.change.get_step("taken-over").op == "update"
    assert run.change.after["taken-over"]["id"] == run.old_ids["taken-over"]
    assert [request.status for request in requests] == ["PENDING"]


def test_members_of_an_adopted_collaboration_change_in_place(run: MemberRun) -> None:
    assert run.change.get_step("adopted").op == "update"
    assert run.change.after["adopted"]["id"] == run.old_ids["adopted"]
    assert [run.records["adopted"].statuses[account] for account in (BROKER, PARTNER)] == [
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
