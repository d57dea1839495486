"""Update plans (`pulumi preview --save-plan`, `pulumi up --plan`) where a value is known only when it is applied."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pulumi
import pytest
from declarations import ADS, BROKER, declaration, member
from pulumi import automation

from engine.accounts import Account
from engine.doors import cleanrooms
from engine.programs import take_snapshot

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aws_account import Aws

    from engine.driver import EngineStack


pytestmark = pytest.mark.engine


def with_second_member(
    nonce: str, second: Callable[[pulumi.Output[str]], dict[str, object]]
) -> Callable[[], None]:
    """A program whose second member has a value that is unknown at preview whenever the nonce is new."""

    def declare() -> None:
        account = Account("account", BROKER, nonce)
        cleanrooms.Collaboration(
            "ads",
            declaration(
                members=[member(ADS, member_abilities=["CAN_QUERY"]), second(account.number)]
            ),
        )

    return declare


def test_a_plan_with_an_unknown_account_is_violated_and_changes_nothing(
    stack: EngineStack, aws: Aws, tmp_path: Path
) -> None:
    stack.declare(with_second_member("1", member))
    stack.up()
    before, state = take_snapshot(aws), stack.state()["ads"]["outputs"]
    stack.declare(with_second_member("2", member))
    plan = str(tmp_path / "plan.json")
    stack.pulumi_stack.preview(plan=plan)

    with pytest.raises(automation.CommandError, match="violates plan: properties changed"):
        stack.pulumi_stack.up(plan=plan)

    assert take_snapshot(aws) == before
    assert stack.state()["ads"]["outputs"] == state
    stack.up()
    assert take_snapshot(aws) == before


def test_a_plan_with_another_unknown_value_of_a_member_is_kept_to(
    stack: EngineStack, aws: Aws, tmp_path: Path
) -> None:
    stack.declare(with_second_member("1", lambda made: member(BROKER, display_name=made)))
    plan = str(tmp_path / "plan.json")
    stack.pulumi_stack.preview(plan=plan)

    stack.pulumi_stack.up(plan=plan)

    assert stack.state()["ads"]["id"] in aws.collaborations()
