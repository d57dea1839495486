"""The longer ways by which a story leads a stack to its preview."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from declarations import ADS, BROKER, PARTNER, member
from pulumi import automation

from engine.programs import ads_program

if TYPE_CHECKING:
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
