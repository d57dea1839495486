"""The invitations of a stack's outputs, as the real engine prints them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hand_made import run_program
from pulumi import automation
from test_stacks import STACKS, read_collaborations

from cleanrooms_resource.__main__ import main

if TYPE_CHECKING:
    from pathlib import Path

    from aws_account import Aws

    from engine.driver import EngineStack

pytestmark = [pytest.mark.engine, pytest.mark.usefixtures("default_credentials")]


def test_the_outputs_of_a_stack_give_the_invitation_that_aws_gives(
    empty_aws: Aws, stack: EngineStack, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    collaborations = json.dumps(read_collaborations("local"))
    stack.pulumi_stack.set_config(
        "cleanrooms:collaborations", automation.ConfigValue(collaborations)
    )
    stack.declare(lambda: run_program(STACKS / "__main__.py"))
    stack.up()
    outputs, id_ = tmp_path / "outputs.json", stack.state()["ads"]["id"]
    outputs.write_text(
        stack.pulumi_stack._run_pulumi_cmd_sync(["stack", "output", "--json"]).stdout
    )
    capsys.readouterr()

    assert main(["invitation", id_, "--endpoint-url", empty_aws.endpoint.address]) == 0
    from_aws = capsys.readouterr().out
    assert main(["invitation", id_, "--outputs", str(outputs)]) == 0

    assert capsys.readouterr().out == from_aws
