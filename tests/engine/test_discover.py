"""What ``discover`` writes, on the real engine: `pulumi up` adopts everything without a write, and the next preview is unchanged."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hand_made import discover, make_by_hand, pasts, run_program
from hypothesis import HealthCheck, Phase, given, settings
from requests_of_boto3 import create
from test_stacks import STACKS

from engine.programs import record_writes, take_snapshot

if TYPE_CHECKING:
    from pathlib import Path

    from aws_account import Aws
    from hand_made import Past

    from engine.driver import EngineStack

pytestmark = [pytest.mark.engine, pytest.mark.usefixtures("default_credentials")]


def draw_pasts(number: int) -> list[Past]:
    """Return different examples. One example that is a long list would have only small parts."""
    drawn: list[Past] = []

    @given(pasts)
    @settings(
        max_examples=number,
        phases=[Phase.generate],
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    def draw(past: Past) -> None:
        drawn.append(past)

    draw()
    return drawn


# 1 batch on the engine takes as long as hundreds of examples in one process, which `tests/commands/test_discovered_programs.py` has.
def test_a_batch_of_any_collaborations_is_adopted_without_a_write_and_then_unchanged(
    empty_aws: Aws, stack: EngineStack, tmp_path: Path
) -> None:
    ids = {make_by_hand(empty_aws, past) for past in draw_pasts(60)}
    adopting, later = tmp_path / "adopting.py", tmp_path / "later.py"
    before = take_snapshot(empty_aws)

    with record_writes(empty_aws) as writes:
        assert discover(empty_aws, adopting) == 0
        stack.declare(lambda: run_program(adopting))
        stack.up()
        assert discover(empty_aws, later, "--without-import") == 0
        stack.declare(lambda: run_program(later))
        preview = stack.preview()

    assert {each["id"] for each in stack.state().values()} == ids
    assert all(each["protect"] for each in stack.state().values())
    assert preview == {}
    assert writes == []
    assert take_snapshot(empty_aws) == before


def test_a_stacks_yaml_as_pulumi_reads_it_adopts_what_exists(
    empty_aws: Aws, stack: EngineStack, tmp_path: Path
) -> None:
    tags = {"1e3": "0x1f", "null": "~", "012": "089", 'q"\\': "\U0001f600 \u202e\x85\n- $${x}"}
    id_ = create(empty_aws.endpoint, name="Loyalty: #1 $${x}", tags=tags)["id"]
    discovered, settings_file = tmp_path / "discovered.yaml", tmp_path / "Pulumi.test.yaml"
    discover(empty_aws, discovered, "--format", "stack")
    entries = discovered.read_text().partition("config:\n")[2]
    settings_file.write_text(settings_file.read_text().replace("config:\n", f"config:\n{entries}"))

    stack.declare(lambda: run_program(STACKS / "__main__.py"))
    stack.up()

    assert stack.state()["loyalty-1-x"]["id"] == id_
    assert stack.state()["loyalty-1-x"]["protect"] is True
