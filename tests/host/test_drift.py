"""What partners do, and what change requests do, as a refresh and the next preview see it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from declarations import ADS, BROKER, LEFT_OUT, PARTNER, declaration, member, responsible
from engine.programs import record_writes

from cleanrooms_resource.declaration.spelling import to_camel_case
from cleanrooms_resource.errors import MemberDepartedError
from host.driver import Host, HostStack

if TYPE_CHECKING:
    from aws_account import Aws

    from cleanrooms_resource.testing.collaborations import CollaborationRecord


@pytest.fixture
def stack(host: Host) -> HostStack:
    """A stack that is up."""
    stack = HostStack(host)
    stack.up(declaration())
    return stack


def get_collaboration(stack: HostStack, aws: Aws) -> CollaborationRecord:
    return aws.endpoint.collaborations[stack.held.id]


@pytest.mark.parametrize(
    ("act", "status"), [("join", "ACTIVE"), ("leave", "LEFT"), ("remove", "REMOVED")]
)
def test_what_a_partner_does_changes_its_status_and_nothing_else(
    stack: HostStack, aws: Aws, act: str, status: str
) -> None:
    getattr(get_collaboration(stack, aws), act)(BROKER)

    assert stack.refresh() == "same"
    assert stack.preview(declaration()).op == "same"
    assert stack.held.outputs["memberStatuses"] == {ADS: "INVITED", BROKER: status}
    assert stack.held.inputs["members"].keys() == {ADS, BROKER}


def test_the_creators_own_membership_changes_outputs_alone(stack: HostStack, aws: Aws) -> None:
    collaboration = get_collaboration(stack, aws)
    collaboration.join(collaboration.creator)

    assert stack.refresh() == "same"
    assert stack.preview(declaration()).op == "same"
    assert stack.held.outputs["memberStatus"] == "ACTIVE"
    assert stack.held.outputs["membershipId"] == collaboration.memberships[collaboration.creator]


def add_partner(stack: HostStack, aws: Aws) -> None:
    get_collaboration(stack, aws).add(
        {"accountId": PARTNER, "displayName": "New", "memberAbilities": ["CAN_RECEIVE_RESULTS"]}
    )
    stack.refresh()


NEW = member(PARTNER, display_name="New", member_abilities=["CAN_RECEIVE_RESULTS"])


def test_a_member_that_nobody_declared_is_only_among_the_statuses(
    stack: HostStack, aws: Aws
) -> None:
    before = stack.held.inputs
    get_collaboration(stack, aws).add(
        {"accountId": PARTNER, "displayName": "New", "memberAbilities": []}
    )

    assert stack.refresh() == "same"
    assert stack.held.inputs == before
    assert stack.held.outputs["members"].keys() == {ADS, BROKER}
    assert stack.held.outputs["memberStatuses"][PARTNER] == "INVITED"


def test_a_member_that_nobody_declared_is_no_reason_to_replace(stack: HostStack, aws: Aws) -> None:
    add_partner(stack, aws)

    assert stack.preview(declaration()).op == "same"


def test_declaring_a_member_that_aws_has_updates_the_state_alone(
    stack: HostStack, aws: Aws
) -> None:
    add_partner(stack, aws)

    with record_writes(aws) as writes:
        plan = stack.up(declaration(members=[*declaration()["members"], NEW]))

    assert (plan.op, writes) == ("update", [])
    assert stack.refresh() == "same"
    assert stack.preview(declaration(members=[*declaration()["members"], NEW])).op == "same"


def test_dropping_a_member_that_was_declared_after_aws_had_it_replaces(
    stack: HostStack, aws: Aws
) -> None:
    add_partner(stack, aws)
    stack.up(declaration(members=[*declaration()["members"], NEW]))
    stack.refresh()

    assert stack.preview(declaration()).reasons == ("members",)


def test_declaring_a_member_otherwise_than_aws_has_it_replaces(stack: HostStack, aws: Aws) -> None:
    add_partner(stack, aws)

    assert stack.preview(
        declaration(members=[*declaration()["members"], member(PARTNER)])
    ).reasons == ("members",)


@pytest.mark.parametrize("act", ["leave", "remove"])
def test_a_departed_member_may_be_dropped_without_a_call(
    stack: HostStack, aws: Aws, act: str
) -> None:
    getattr(get_collaboration(stack, aws), act)(BROKER)
    stack.refresh()
    without_broker = declaration(members=declaration()["members"][:1])

    with record_writes(aws) as writes:
        plan = stack.up(without_broker)

    assert (plan.op, writes) == ("update", [])
    assert stack.refresh() == "same"
    assert stack.preview(without_broker).op == "same"


def test_a_departed_member_that_an_up_dropped_cannot_be_declared_again(
    stack: HostStack, aws: Aws
) -> None:
    get_collaboration(stack, aws).leave(BROKER)
    stack.refresh()
    stack.up(declaration(members=declaration()["members"][:1]))
    stack.refresh()

    with pytest.raises(
        MemberDepartedError,
        match=f'members."{BROKER}".*status LEFT, and AWS invites no account.*--replace',
    ):
        stack.preview(declaration())


def test_a_departed_member_that_was_never_declared_may_be_declared(
    stack: HostStack, aws: Aws
) -> None:
    add_partner(stack, aws)
    get_collaboration(stack, aws).leave(PARTNER)
    stack.refresh()
    with_partner = declaration(members=[*declaration()["members"], NEW])

    with record_writes(aws) as writes:
        plan = stack.up(with_partner)

    assert (plan.op, writes) == ("update", [])
    assert stack.preview(with_partner).op == "same"


def test_a_description_that_nobody_declared_is_drift_and_up_removes_it(
    stack: HostStack, aws: Aws
) -> None:
    aws.client("us-east-1").update_collaboration(
        collaborationIdentifier=stack.held.id, description="Added by hand"
    )

    assert stack.refresh() == "update"
    assert stack.held.inputs["description"] == "Added by hand"
    assert stack.up(declaration()).op == "update"
    assert get_collaboration(stack, aws).parameters["description"] == ""
    assert stack.preview(declaration()).op == "same"
    assert stack.refresh() == "same"


def test_declaring_a_description_that_aws_has_writes_nothing(stack: HostStack, aws: Aws) -> None:
    aws.client("us-east-1").update_collaboration(
        collaborationIdentifier=stack.held.id, description="Added by hand"
    )
    stack.refresh()

    with record_writes(aws) as writes:
        stack.up(declaration(description="Added by hand"))

    assert writes == []
    assert stack.preview(declaration(description="Added by hand")).op == "same"


def test_tags_that_nobody_declared_are_drift_and_up_removes_them(host: Host, aws: Aws) -> None:
    stack = HostStack(host)
    stack.up(declaration(tags=LEFT_OUT))
    client, arn = aws.client("us-east-1"), stack.held.outputs["arn"]
    client.tag_resource(resourceArn=arn, tags={"by": "hand"})

    assert stack.refresh() == "update"
    stack.up(declaration(tags=LEFT_OUT))
    assert client.list_tags_for_resource(resourceArn=arn)["tags"] == {}
    assert stack.preview(declaration(tags=LEFT_OUT)).op == "same"
    assert stack.refresh() == "same"


@pytest.mark.parametrize(
    "overrides",
    [
        {"job_log_status": "ENABLED"},
        {"is_metrics_enabled": True},
        {"auto_approved_change_request_types": ["ADD_MEMBER"]},
    ],
    ids=lambda overrides: next(iter(overrides)),
)
def test_declaring_a_replacing_property_as_aws_has_it_writes_nothing(
    stack: HostStack, aws: Aws, overrides: dict[str, Any]
) -> None:
    """AWS got the value by a way that Pulumi does not see."""
    record = get_collaboration(stack, aws)
    record.parameters |= {to_camel_case(name): value for name, value in overrides.items()}
    assert stack.refresh() == "same"

    with record_writes(aws) as writes:
        plan = stack.up(declaration(**overrides))

    assert (plan.op, writes) == ("update", [])
    assert stack.refresh() == "same"
    assert stack.preview(declaration(**overrides)).op == "same"
    assert stack.preview(declaration()).op == "replace"


def test_declaring_the_payer_that_aws_chose_writes_nothing(stack: HostStack, aws: Aws) -> None:
    stack.refresh()
    querier = member(
        ADS, member_abilities=["CAN_QUERY"], payment_configuration=responsible(queryCompute=True)
    )

    with record_writes(aws) as writes:
        plan = stack.up(declaration(members=[querier, member(BROKER)]))

    assert (plan.op, writes) == ("update", [])
    assert stack.refresh() == "same"
    assert stack.preview(declaration(members=[querier, member(BROKER)])).op == "same"


def test_declaring_another_payer_than_aws_chose_replaces(stack: HostStack) -> None:
    stack.refresh()

    assert stack.preview(
        declaration(creator_payment_configuration=responsible(queryCompute=True))
    ).reasons == ("creatorPaymentConfiguration",)


def test_without_a_refresh_a_member_added_by_a_change_request_is_not_seen(
    stack: HostStack, aws: Aws
) -> None:
    get_collaboration(stack, aws).add(
        {"accountId": PARTNER, "displayName": "New", "memberAbilities": []}
    )

    assert stack.preview(declaration()).op == "same"
