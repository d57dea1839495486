"""What partners do, and what change requests do, as a refresh and the next preview see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from declarations import ADS, BROKER, PARTNER, declaration, member

from host.driver import Host, HostStack, start_host

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_account import Aws

    from cleanrooms_resource.testing.collaborations import Collaboration


@pytest.fixture(scope="module")
def host_process(aws: Aws) -> Iterator[Host]:
    with start_host(aws.endpoint.settings) as process:
        yield process


@pytest.fixture
def stack(host_process: Host) -> HostStack:
    """A stack that is up."""
    stack = HostStack(host_process)
    stack.up(declaration())
    return stack


def get_collaboration(stack: HostStack, aws: Aws) -> Collaboration:
    assert stack.resource is not None
    return aws.endpoint.collaborations[stack.resource.id]


@pytest.mark.parametrize(("act", "status"), [("join", "ACTIVE"), ("leave", "LEFT"), ("remove", "REMOVED")])
def test_what_a_partner_does_changes_its_status_and_nothing_else(stack: HostStack, aws: Aws, act: str, status: str) -> None:
    getattr(get_collaboration(stack, aws), act)(BROKER)

    assert stack.refresh() == "same"
    assert stack.preview(declaration()).op == "same"
    assert stack.resource is not None
    assert stack.resource.outputs["memberStatuses"] == {ADS: "INVITED", BROKER: status}
    assert stack.resource.inputs["members"].keys() == {ADS, BROKER}


def test_the_creators_own_membership_changes_outputs_alone(stack: HostStack, aws: Aws) -> None:
    collaboration = get_collaboration(stack, aws)
    collaboration.join(collaboration.creator)

    assert stack.refresh() == "same"
    assert stack.preview(declaration()).op == "same"
    assert stack.resource is not None
    assert stack.resource.outputs["memberStatus"] == "ACTIVE"
    assert stack.resource.outputs["membershipId"] == collaboration.memberships[collaboration.creator]


def test_a_member_added_by_a_change_request_shows_as_that_one_member(stack: HostStack, aws: Aws) -> None:
    assert stack.resource is not None
    before = stack.resource.inputs["members"]
    get_collaboration(stack, aws).add({"accountId": PARTNER, "displayName": "New", "memberAbilities": []})

    assert stack.refresh() == "update"
    assert stack.resource.inputs["members"] == {**before, PARTNER: {"displayName": "New", "memberAbilities": []}}


def test_declaring_a_member_added_by_a_change_request_is_nothing_to_do(stack: HostStack, aws: Aws) -> None:
    get_collaboration(stack, aws).add({"accountId": PARTNER, "displayName": "New", "memberAbilities": ["CAN_RECEIVE_RESULTS"]})
    stack.refresh()
    members = [*declaration()["members"], member(PARTNER, display_name="New", member_abilities=["CAN_RECEIVE_RESULTS"])]

    assert stack.preview(declaration(members=members)).op == "same"


def test_a_member_added_by_a_change_request_and_not_declared_previews_as_a_replacement(stack: HostStack, aws: Aws) -> None:
    get_collaboration(stack, aws).add({"accountId": PARTNER, "displayName": "New", "memberAbilities": []})
    stack.refresh()

    assert stack.preview(declaration()).reasons == ("members",)


def test_without_a_refresh_a_member_added_by_a_change_request_is_not_seen(stack: HostStack, aws: Aws) -> None:
    get_collaboration(stack, aws).add({"accountId": PARTNER, "displayName": "New", "memberAbilities": []})

    assert stack.preview(declaration()).op == "same"
