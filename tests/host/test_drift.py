"""What partners do, and what change requests do, as a refresh and the next preview see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from declarations import ADS, BROKER, PARTNER, declaration, member

from host.driver import Host, Stack, host

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cleanrooms import Aws

    from cleanrooms_resource.testing.collaborations import CollaborationRecord


@pytest.fixture(scope="module")
def running(aws: Aws) -> Iterator[Host]:
    with host(aws.running.settings) as process:
        yield process


@pytest.fixture
def stack(running: Host) -> Stack:
    """A stack that is up."""
    stack = Stack(running)
    stack.up(declaration())
    return stack


def at_aws(stack: Stack, aws: Aws) -> CollaborationRecord:
    assert stack.resource is not None
    return aws.running.collaborations[stack.resource.id]


@pytest.mark.parametrize(("act", "status"), [("join", "ACTIVE"), ("leave", "LEFT"), ("remove", "REMOVED")])
def test_what_a_partner_does_changes_its_status_and_nothing_else(stack: Stack, aws: Aws, act: str, status: str) -> None:
    getattr(at_aws(stack, aws), act)(BROKER)

    assert stack.refresh() == "same"
    assert stack.preview(declaration()).op == "same"
    assert stack.resource is not None
    assert stack.resource.outputs["memberStatuses"] == {ADS: "INVITED", BROKER: status}
    assert stack.resource.inputs["members"].keys() == {ADS, BROKER}


def test_the_creators_own_membership_changes_outputs_alone(stack: Stack, aws: Aws) -> None:
    collaboration = at_aws(stack, aws)
    collaboration.join(collaboration.creator)

    assert stack.refresh() == "same"
    assert stack.preview(declaration()).op == "same"
    assert stack.resource is not None
    assert stack.resource.outputs["memberStatus"] == "ACTIVE"
    assert stack.resource.outputs["membershipId"] == collaboration.memberships[collaboration.creator]


def test_a_member_added_by_a_change_request_shows_as_that_one_member(stack: Stack, aws: Aws) -> None:
    assert stack.resource is not None
    before = stack.resource.inputs["members"]
    at_aws(stack, aws).add({"accountId": PARTNER, "displayName": "New", "memberAbilities": []})

    assert stack.refresh() == "update"
    assert stack.resource.inputs["members"] == {**before, PARTNER: {"displayName": "New", "memberAbilities": []}}


def test_declaring_a_member_added_by_a_change_request_is_nothing_to_do(stack: Stack, aws: Aws) -> None:
    at_aws(stack, aws).add({"accountId": PARTNER, "displayName": "New", "memberAbilities": ["CAN_RECEIVE_RESULTS"]})
    stack.refresh()
    members = [*declaration()["members"], member(PARTNER, display_name="New", member_abilities=["CAN_RECEIVE_RESULTS"])]

    assert stack.preview(declaration(members=members)).op == "same"


def test_a_member_added_by_a_change_request_and_not_declared_previews_as_a_replacement(stack: Stack, aws: Aws) -> None:
    at_aws(stack, aws).add({"accountId": PARTNER, "displayName": "New", "memberAbilities": []})
    stack.refresh()

    assert stack.preview(declaration()).reasons == ("members",)


def test_without_a_refresh_a_member_added_by_a_change_request_is_not_seen(stack: Stack, aws: Aws) -> None:
    at_aws(stack, aws).add({"accountId": PARTNER, "displayName": "New", "memberAbilities": []})

    assert stack.preview(declaration()).op == "same"
