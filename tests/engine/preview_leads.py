"""The longer ways by which a story leads a stack to its preview."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pulumi
import pytest
from declarations import ADS, BROKER, PARTNER, member
from pulumi import automation

from engine.other_providers import add_other_providers
from engine.programs import ads_program, create_by_hand
from engine.pulumi_aws import deploy_with_pulumi_aws
from engine.recordings import Recording

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_account import Aws

    from engine.driver import EngineStack


def leave_over(stack: EngineStack, aws: Aws) -> None:
    """An earlier run replaces the collaboration and may not delete the old one."""
    aws.endpoint.faults.deny("DeleteCollaboration")
    stack.declare(ads_program(query_log_status="DISABLED"))
    with pytest.raises(automation.CommandError):
        stack.up()
    aws.endpoint.faults.clear()


def read_it(stack: EngineStack, _aws: Aws) -> None:
    """The stack's configuration names the collaboration's ID."""
    stack.pulumi_stack.set_config("id", automation.ConfigValue(stack.state()["ads"]["id"]))


def create_without_pulumi(stack: EngineStack, aws: Aws) -> None:
    """Somebody creates the collaboration by hand, and the stack's configuration names its ID."""
    stack.pulumi_stack.set_config("id", automation.ConfigValue(create_by_hand(aws)))


def take_over(stack: EngineStack, aws: Aws) -> None:
    """pulumi-aws deploys the collaboration."""
    deploy_with_pulumi_aws(stack, aws)


def rename_in_takeover(stack: EngineStack, aws: Aws) -> None:
    """pulumi-aws deploys the collaboration, and its plug-in is there to delete it."""
    add_other_providers(stack)
    deploy_with_pulumi_aws(stack, aws)


def program_of_other_providers(*, changed: bool) -> Callable[[], None]:
    """Return a program with collaborations and memberships of pulumi-aws and aws-native, before or after a change."""

    def declare() -> None:
        members = [
            {"accountId": account, "displayName": "Partner", "memberAbilities": []}
            for account in (ADS, *([BROKER] if changed else []))
        ]
        pulumi.CustomResource(
            "aws:cleanrooms/collaboration:Collaboration",
            "replaced",
            {"name": "Ads", "members": members},
        )
        pulumi.CustomResource(
            "aws-native:cleanrooms:Collaboration",
            "native",
            {"name": "Native", "members": members[:1]},
        )
        pulumi.CustomResource(
            "aws-native:cleanrooms:Membership",
            "renamed",
            {"tags": {"team": "ads" if changed else "retail"}},
        )
        if not changed:
            pulumi.CustomResource(
                "aws:cleanrooms/membership:Membership", "left", {"collaborationId": "id"}
            )
        else:
            pulumi.CustomResource(
                "aws-native:cleanrooms:Membership", "joined", {"collaborationIdentifier": "id"}
            )

    return declare


def deploy_other_providers(stack: EngineStack, _aws: Aws) -> None:
    """The plug-ins of pulumi-aws and aws-native deploy collaborations and memberships."""
    add_other_providers(stack)
    stack.declare(program_of_other_providers(changed=False))
    stack.up()


def load_state_of_version_0_1_0(stack: EngineStack, aws: Aws) -> None:
    """The state is of version 0.1.0, which did not write when it read a collaboration."""
    stack.load(Recording.read("created").remake(aws).state)


def load_subclass_of_version_0_1_0(stack: EngineStack, aws: Aws) -> None:
    """The state is of version 0.1.0, which gave subclasses the type of every dynamic resource without a type."""
    stack.load(Recording.read("subclass").remake(aws).state)


def deny(stack: EngineStack, aws: Aws) -> None:
    """A member denies a change request that waited for approval."""
    propose(stack, aws)
    record = aws.endpoint.collaborations[stack.state()["ads"]["id"]]
    (request,) = record.change_requests
    record.deny(request, BROKER)


def adopt_with_target(stack: EngineStack, _aws: Aws) -> None:
    """A partial run adopts the collaboration under a new name, and leaves the old resource in the state."""
    urn, id_ = (stack.state()["ads"][key] for key in ("urn", "id"))
    stack.declare(ads_program("adopted", opts={"import_": id_}))
    stack.pulumi_stack.up(target=[urn.replace("::ads", "::adopted")])


def propose_partner() -> None:
    """A program that proposes one more member."""
    members = [member(ADS, member_abilities=["CAN_QUERY"]), member(BROKER), member(PARTNER)]
    ads_program(members=members, change_requests="PROPOSE")()


def propose(stack: EngineStack, _aws: Aws) -> None:
    """A change request waits for approval."""
    stack.declare(ads_program())
    stack.up()
    stack.declare(propose_partner)
    stack.up()
