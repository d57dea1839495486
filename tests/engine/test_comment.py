"""Every recorded preview, made again: its comment is the recorded one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from recorded_previews import read_comment

from cleanrooms_resource.preview.comment import render_comment
from cleanrooms_resource.preview.document import parse_preview
from cleanrooms_resource.preview.verdict import judge
from engine.previews import STORIES, UUID

if TYPE_CHECKING:
    from aws_account import Aws

    from engine.driver import EngineStack

pytestmark = pytest.mark.engine


@pytest.mark.parametrize("name", STORIES)
def test_the_comment_of_a_preview_made_now_is_the_recorded_one(
    tmp_path: Path, aws: Aws, name: str
) -> None:
    comment, recorded = (
        UUID.sub("ID", text)
        for text in (
            render_comment(judge(parse_preview(STORIES[name].preview(tmp_path, aws)))),
            read_comment(name),
        )
    )

    assert comment == recorded


def test_the_verb_reads_what_the_command_line_prints_without_the_language_hosts_traceback(
    stack: EngineStack, tmp_path: Path
) -> None:
    (tmp_path / "__main__.py").write_text(
        "import pulumi, cleanrooms_resource as cleanrooms\n"
        "wrong = pulumi.Output.from_input(5)\n"
        "cleanrooms.Collaboration('ads', creator_display_name='x', creator_member_abilities=[], query_log_status='ENABLED', description=wrong)\n"
    )
    # The Automation API's names its own folder as `main`.
    (tmp_path / "Pulumi.yaml").write_text(
        f"name: tests\nruntime: python\nbackend: {{url: 'file://{tmp_path}'}}\n"
    )
    environment = {
        **os.environ,
        **stack.pulumi_stack.workspace.env_vars,
        "PULUMI_HOME": str(tmp_path / "home"),
    }
    environment["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    command = ["pulumi", "preview", "--json", "--stack", "test", "--non-interactive"]
    preview = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, check=False
    )
    command_line = [sys.executable, "-m", "cleanrooms_resource", "comment", "-"]
    comment = subprocess.run(command_line, input=preview.stdout, capture_output=True, check=False)

    assert "error" in {each["severity"] for each in json.loads(preview.stdout)["diagnostics"]}
    assert comment.returncode == 4
    assert b"```text\nads: description: must be a string\n```\n" in comment.stdout
    assert b"Traceback" not in comment.stdout
