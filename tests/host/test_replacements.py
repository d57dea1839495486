"""A replacement changes nothing on the side: the second Check of a replacement has no old inputs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from declarations import ADS, BROKER, LEFT_OUT, PARTNER, declaration, member

from cleanrooms_resource.hidden_keys import HOLDER, IGNORED_MEMBERS, RESOURCE_NAME
from host.driver import Host, HostStack
from host.in_this_process import run_in_this_process, start_host_in_this_process
from host.whole_stack import WholeStack

if TYPE_CHECKING:
    from aws_account import Aws


def test_an_ignored_property_survives_a_replacement_for_another_reason(host: Host) -> None:
    stack = HostStack(host, ignore_changes=("members",))
    stack.up(declaration())

    plan = stack.up(
        declaration(
            members=[member(ADS, member_abilities=["CAN_QUERY"])], query_log_status="DISABLED"
        )
    )

    assert plan.reasons == ("queryLogStatus",)
    assert stack.held.inputs["members"].keys() == {ADS, BROKER}
    assert stack.preview(declaration(members=[], query_log_status="DISABLED")).op == "same"


def test_a_name_that_the_program_leaves_out_survives_a_replacement(stack: HostStack) -> None:
    stack.up(declaration(name=LEFT_OUT) | {RESOURCE_NAME: "old"})

    stack.up(declaration(name=LEFT_OUT, query_log_status="DISABLED") | {RESOURCE_NAME: "new"})

    assert stack.held.inputs["name"] == "old"


def test_the_region_survives_a_replacement_after_the_settings_changed(
    stack: HostStack, aws: Aws
) -> None:
    stack.up(declaration())

    stack.host = start_host_in_this_process(aws.endpoint.settings | {"aws:region": "eu-west-1"})
    stack.up(declaration(query_log_status="DISABLED"))

    assert stack.held.outputs["region"] == "us-east-1"
    assert stack.held.id in aws.collaborations("us-east-1")


def test_a_replacement_for_the_region_goes_to_the_declared_region(
    stack: HostStack, aws: Aws
) -> None:
    stack.up(declaration())

    stack.up(declaration(region="eu-west-1"))

    assert stack.held.id in aws.collaborations("eu-west-1")


def test_a_later_creation_under_the_same_name_is_not_the_second_half_of_an_earlier_replacement(
    stack: HostStack,
) -> None:
    stack.up(declaration())
    stack.up(declaration(query_log_status="DISABLED"))
    stack.destroy()

    stack.up(declaration(creator_display_name="Other"))

    assert stack.held.inputs["creatorDisplayName"] == "Other"


def test_a_new_member_that_ignore_changes_names_is_refused_since_nobody_would_invite_it(
    host: Host,
    stack: HostStack,
) -> None:
    stack.up(declaration())
    ignoring = {HOLDER: stack.holder, IGNORED_MEMBERS: [PARTNER]}

    _, failures = host.check(stack.held.inputs, declaration() | ignoring)

    assert [
        f'members["{PARTNER}"]: ignore_changes names this member' in failure for failure in failures
    ] == [True]


def test_a_creation_invites_a_member_that_ignore_changes_names(host: Host) -> None:
    inputs, failures = host.check({}, declaration() | {HOLDER: "new", IGNORED_MEMBERS: [BROKER]})

    assert failures == []
    assert IGNORED_MEMBERS not in inputs


NOTICE = re.compile(r"collaboration (\S+): this new collaboration replaces the old one\. (.*)")


@pytest.mark.parametrize("is_delete_first", [False, True])
@pytest.mark.parametrize("forced", [(), ("ads",)], ids=["a property", "--replace"])
def test_the_new_collaboration_says_who_must_join_again(
    aws: Aws, capsys: pytest.CaptureFixture[str], forced: tuple[str, ...], *, is_delete_first: bool
) -> None:
    stack = WholeStack(run_in_this_process, aws.endpoint.settings, is_delete_first=is_delete_first)
    stack.up({"ads": declaration()})
    created = capsys.readouterr().err
    program = {"ads": declaration(query_log_status="DISABLED")}
    stack.preview(program, forced)
    previewed = capsys.readouterr().err
    stack.up(program, forced)
    id_ = stack.list_held()["ads"].id

    assert NOTICE.findall(created + previewed) == []
    expected = f"{ADS}, {BROKER} must join again: `cleanrooms-resource invitation {id_} --region us-east-1` writes the invitations."
    assert NOTICE.findall(capsys.readouterr().err) == [(id_, expected)]
