"""The action `deploy`: its scripts run in a shell, against stand-ins for `pulumi` and for GitHub's API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from posting.stand_ins import Host
from workflow_runs import ACTIONS, Run, read_workflow, run_action

if TYPE_CHECKING:
    from pathlib import Path


EVENTS = '{"resOutputsEvent": {"metadata": {"op": "create", "urn": "urn:pulumi:test::tests::aws:s3/bucket:Bucket::logs"}}}\n'
SUMMARY = '{"summaryEvent": {"resourceChanges": {"create": 1}, "result": "succeeded"}}\n'


def deploy(folder: Path, host: Host, events: str, status: int = 0) -> Run:
    folder.mkdir(exist_ok=True)
    (folder / "events").write_text(events)
    return run_action("deploy", folder, {"project": "tests", "stack": "test"}, host, pulumi=f"cat {folder}/events; exit {status}")


def test_a_deployment_is_told_on_the_merged_pull_request_and_in_the_summary(tmp_path: Path, github: Host) -> None:
    old = github.put("<!-- cleanrooms-resource:tests/test severity=4 -->\n\nThe preview.\n")
    run = deploy(tmp_path / "1", github, EVENTS + SUMMARY)

    assert run.status == 0
    arguments = "up --yes --skip-preview --refresh --run-program --json --non-interactive --stack test\n"
    assert (run.folder / "pulumi-arguments").read_text() == arguments
    assert [action for action, _, _ in github.requests] == ["add"]
    assert github.visible()[0] == old.body
    assert github.visible()[1].startswith("<!-- cleanrooms-resource-applied:tests/test severity=")
    assert run.summary


def test_a_deployment_that_fails_fails_the_job_after_it_is_told(tmp_path: Path, github: Host) -> None:
    run = deploy(tmp_path / "1", github, EVENTS + SUMMARY, 255)

    assert run.status == 255
    assert [action for action, _, _ in github.requests] == ["add"]


def test_a_deployment_that_cannot_be_described_says_so(tmp_path: Path, github: Host) -> None:
    run = deploy(tmp_path / "1", github, "error: the stack is locked", 255)

    assert run.status == 255
    assert "**This deployment cannot be described.**" in github.visible()[0]
    assert "**This deployment cannot be described.**" in run.summary


def test_what_the_deployment_printed_does_not_outlive_its_step(tmp_path: Path, github: Host) -> None:
    run = deploy(tmp_path / "1", github, EVENTS + SUMMARY)

    assert [each.name for each in run.temp.iterdir()] == ["applied.md"]
    steps = [*ACTIONS["deploy"]["runs"]["steps"], *read_workflow("deploy.yml")["jobs"]["deploy"]["steps"]]
    assert not any("upload-artifact" in step.get("uses", "") for step in steps)


def test_a_deployment_that_succeeded_does_not_fail_where_its_comment_is_refused(tmp_path: Path, github: Host) -> None:
    github.refusal = (403, {"message": "no"})
    run = deploy(tmp_path / "1", github, EVENTS + SUMMARY)

    assert run.status == 0
    assert "::warning::" in run.log
