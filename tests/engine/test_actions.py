"""The actions, with the real engine, on the example stack of this repository: only the job's environment leads it to the endpoint."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest
import yaml
from ci.workflow_runs import ROOT, hand_over, read_workflow, run_action

if TYPE_CHECKING:
    from pathlib import Path

    from aws_account import Aws

pytestmark = pytest.mark.engine
STACK = read_workflow("preview.yml")["jobs"]["preview"]["strategy"]["matrix"]["stack"][0]
PROJECT = read_workflow("preview.yml")["jobs"]["comment"]["steps"][-1]["with"]["project"]

RUN_PROGRAM = read_workflow("deploy.yml")["jobs"]["deploy"]["steps"][-1]["env"][
    "PULUMI_RUN_PROGRAM"
]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """What the job checks out."""
    shutil.copytree(
        ROOT / "stacks",
        tmp_path / "checkout" / "stacks",
        ignore=shutil.ignore_patterns("__pycache__"),
    )
    shutil.copy(ROOT / "Pulumi.yaml", tmp_path / "checkout")
    file = tmp_path / "checkout" / "stacks" / f"Pulumi.{STACK}.yaml"
    stack = yaml.safe_load(file.read_text())
    # The plug-in of pulumi-aws would have to be downloaded. Without `protect`, the last preview shows the replacement.
    del (
        stack["config"]["cleanrooms:memberships"],
        stack["config"]["cleanrooms:collaborations"]["loyalty"]["protect"],
    )
    file.write_text(json.dumps(stack))
    return tmp_path / "checkout"


@pytest.fixture
def environment(tmp_path: Path, aws: Aws) -> dict[str, str]:
    """The identity that `configure-aws-credentials` leaves in the job's environment, and the backend's variables."""
    (tmp_path / "state").mkdir()
    return {
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": aws.endpoint.address,
        "PULUMI_BACKEND_URL": f"file://{tmp_path}/state",
        "PULUMI_CONFIG_PASSPHRASE": "test",
        "PULUMI_HOME": str(tmp_path / "home"),
        "PULUMI_SKIP_UPDATE_CHECK": "1",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "1",
    }


def test_the_example_stack_is_previewed_deployed_and_previewed_again(
    tmp_path: Path, checkout: Path, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("ci.workflow_runs.WORK", checkout)
    subprocess.run(
        ["pulumi", "stack", "init", STACK, "--non-interactive"],
        cwd=checkout,
        check=True,
        capture_output=True,
    )

    def comment_on_preview(number: int) -> str:
        run = run_action("preview", tmp_path / f"preview-{number}", {"stack": STACK}, pulumi="")
        assert run.status == 0, run.log
        hand_over(run, tmp_path / f"comment-{number}")
        inputs = {"project": PROJECT, "stack": STACK, "preview-result": "success", "fail-on": ""}
        run = run_action("comment", tmp_path / f"comment-{number}", inputs)
        assert run.status == 0, run.log
        return run.posts[0].text

    created = comment_on_preview(1)
    # What pulumi/actions runs for `up` with `refresh`.
    up = [
        "pulumi",
        "up",
        "--yes",
        "--skip-preview",
        "--refresh",
        "--non-interactive",
        "--stack",
        STACK,
    ]
    subprocess.run(
        up,
        cwd=checkout,
        check=True,
        capture_output=True,
        env={**os.environ, "PULUMI_RUN_PROGRAM": RUN_PROGRAM},
    )
    unchanged = comment_on_preview(2)
    file = checkout / "stacks" / f"Pulumi.{STACK}.yaml"
    stack = yaml.safe_load(file.read_text())
    stack["config"]["cleanrooms:collaborations"]["loyalty"]["members"]["333344445555"] = {
        "displayName": "Hotel",
        "memberAbilities": [],
    }
    file.write_text(json.dumps(stack))
    replaced = comment_on_preview(3)

    assert "create" in created
    assert "nothing changes" in unchanged.lower()
    assert "replace" in replaced
    assert "secretKey" not in created + unchanged + replaced
