"""The scripts of the workflow that users copy, run with shell scripts instead of `pulumi` and `gh`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from recorded_previews import PREVIEWS, read_comment

ROOT = Path(__file__).parent.parent
WORKFLOW = yaml.safe_load((ROOT / ".github" / "workflows" / "preview.yml").read_text())
STEPS = {step["name"]: step for step in WORKFLOW["jobs"]["preview"]["steps"] if "name" in step}


def run(folder: Path, step: str, programs: dict[str, str], **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a step's script as GitHub runs it, with these shell scripts on PATH."""
    for name, script in programs.items():
        program = folder / name
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
    variables = {
        "PATH": os.pathsep.join([str(folder), str(Path(sys.executable).parent), os.environ["PATH"]]),
        "RUNNER_TEMP": str(folder),
        "GITHUB_OUTPUT": str(folder / "output"),
        "GITHUB_STEP_SUMMARY": str(folder / "summary"),
        "GITHUB_REPOSITORY": "retailco/cleanrooms",
        "FOLDER": str(folder),
        **environment,
    }
    return subprocess.run(["bash", "-e", "-c", STEPS[step]["run"]], cwd=ROOT, env=variables, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(("name", "engine_status", "status"), [("replace", 0, "0"), ("protected", 255, "4")])
def test_the_preview_is_rendered_into_the_summary_even_if_the_engine_fails(tmp_path: Path, name: str, engine_status: int, status: str) -> None:
    process = run(tmp_path, "Preview", {"pulumi": f"cat {PREVIEWS}/{name}.json; exit {engine_status}"}, STACK="test", RUN="")

    assert (process.returncode, process.stderr) == (0, "")
    assert (tmp_path / "summary").read_text() == read_comment(name)
    assert (tmp_path / "output").read_text() == f"status={status}\n"


@pytest.mark.parametrize("script", ["", f"cat {PREVIEWS}/unchanged.json;"], ids=["no JSON", "some JSON"])
def test_a_failure_without_errors_in_the_json_is_not_a_preview(tmp_path: Path, script: str) -> None:
    process = run(tmp_path, "Preview", {"pulumi": f"{script} echo error: no such stack >&2; exit 255"}, STACK="test", RUN="")

    assert process.returncode == 0
    assert (tmp_path / "summary").read_text() == "There is no preview; the log of the run says why.\n"
    assert (tmp_path / "output").read_text() == "status=2\n"


GH = """
if [ "$2" = --paginate ]; then echo "$MARKER" > "$FOLDER/marker"; printf "$COMMENT_IDS"; else echo "$@" > "$FOLDER/request"; fi
"""


@pytest.mark.parametrize(
    ("comment_ids", "request_line"),
    [
        ("", "--method POST repos/retailco/cleanrooms/issues/7/comments"),
        (r"41\n42\n", "--method PATCH repos/retailco/cleanrooms/issues/comments/42"),
    ],
    ids=["the first time", "again"],
)
def test_the_comment_is_created_or_updated(tmp_path: Path, comment_ids: str, request_line: str) -> None:
    (tmp_path / "comment.md").write_text(read_comment("replace"))

    process = run(tmp_path, "Comment", {"gh": GH}, PULL_REQUEST="7", COMMENT_IDS=comment_ids)

    assert (process.returncode, process.stderr) == (0, "")
    assert (tmp_path / "marker").read_text() == "<!-- cleanrooms-resource:tests/test\n"
    assert (tmp_path / "request").read_text() == f"api --silent {request_line} --field body=@{tmp_path}/comment.md\n"


def test_the_job_exits_with_the_status_of_the_comment() -> None:
    assert subprocess.run(["bash", "-e", "-c", STEPS["Status"]["run"]], env={"STATUS": "3"}, check=False).returncode == 3


def test_a_fork_gets_no_identity_and_no_comment() -> None:
    condition = "github.event.pull_request.head.repo.full_name == github.repository"
    steps: list[dict[str, Any]] = WORKFLOW["jobs"]["preview"]["steps"]
    privileged_steps = [step for step in steps if "configure-aws-credentials" in step.get("uses", "") or "github.token" in str(step.get("env"))]

    assert len(privileged_steps) == 2
    assert all(condition in step["if"] for step in privileged_steps)


def test_the_workflow_runs_only_on_pull_requests_with_least_privilege() -> None:
    # YAML reads the key `on` as true.
    assert WORKFLOW[True] == "pull_request"
    assert WORKFLOW["permissions"] == {}
    assert WORKFLOW["jobs"]["preview"]["permissions"] == {"contents": "read", "id-token": "write", "pull-requests": "write"}


@pytest.mark.parametrize("step", [step for step in WORKFLOW["jobs"]["preview"]["steps"] if "run" in step], ids=lambda step: step.get("name", "run"))
def test_no_script_contains_an_expression(step: dict[str, Any]) -> None:
    assert "${{" not in step["run"]
