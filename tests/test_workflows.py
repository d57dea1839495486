"""The workflows that users copy and the actions that they use: their scripts run in a shell, against stand-ins for `pulumi` and for GitHub's API."""

from __future__ import annotations

import json
import re
import subprocess
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from posting.stand_ins import OTHER, Host, serve
from recorded_previews import NAMES, PREVIEWS, read_preview
from workflow_runs import ACTIONS, ROOT, Run, evaluate, hand_over, read_workflow, run_action

from cleanrooms_resource.__main__ import main

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PREVIEW, DEPLOY = read_workflow("preview.yml"), read_workflow("deploy.yml")
JOBS = {"preview": PREVIEW["jobs"]["preview"], "comment": PREVIEW["jobs"]["comment"], "deploy": DEPLOY["jobs"]["deploy"]}
SCRIPTS = [(name, step) for name, action in ACTIONS.items() for step in action["runs"]["steps"] if "run" in step]


@pytest.fixture
def github() -> Iterator[Host]:
    with serve("github") as host:
        yield host


def pulumi(name: str, status: int = 0) -> str:
    """A script that prints a recorded preview."""
    return f"cat {PREVIEWS}/{name}.json; exit {status}"


def preview(folder: Path, script: str, stack: str = "test") -> Run:
    return run_action("preview", folder / f"preview-{stack.replace('/', '-')}", {"stack": stack}, pulumi=script)


def comment(folder: Path, host: Host, previews: list[Run], **inputs: str) -> Run:
    """The job that comments, on what these runs uploaded."""
    job = folder / "comment"
    for each in previews:
        hand_over(each, job)
    defaults = {"project": "tests", "stack": "test", "preview_result": "success", "fail_on": ""}
    return run_action("comment", job, {name.replace("_", "-"): value for name, value in (defaults | inputs).items()}, host)


def run_workflow(folder: Path, host: Host, script: str, **inputs: str) -> Run:
    """Both jobs of a run. The first one fails where it has no preview."""
    folder.mkdir()
    first = preview(folder, script)
    return comment(folder, host, [first], preview_result="failure" if first.status else "success", **inputs)


# The job that previews


def test_the_engine_refreshes_with_the_program_and_shows_what_is_still_to_be_deleted(tmp_path: Path) -> None:
    run = preview(tmp_path, pulumi("replace"))

    arguments = "preview --refresh --run-program --show-replacement-steps --json --non-interactive --stack test\n"
    assert (run.folder / "pulumi-arguments").read_text() == arguments


def uploaded(run: Run) -> dict[str, Any]:
    """What the job uploads."""
    (file,) = (run.temp / "cleanrooms-preview").iterdir()
    document: dict[str, Any] = json.loads(file.read_text())
    return document


def test_the_upload_has_no_configuration_and_no_values_of_other_resources(tmp_path: Path) -> None:
    state = {"inputs": {"accessKey": "s3cr3t"}, "outputs": {"password": "s3cr3t"}, "id": "db-1", "protect": True}
    steps = [
        {"op": "create", "urn": "urn:db", "newState": {"type": "aws:rds:Instance", **state}, "detailedDiff": {"s3cr3t": {}}},
        {"op": "delete", "urn": "urn:provider", "oldState": {"type": "pulumi:providers:cleanrooms", **state}},
        {"op": "update", "urn": "urn:own", "newState": {"type": "pulumi-python:dynamic:Resource", **state}},
    ]
    document = {"config": {"aws:secretKey": "s3cr3t"}, "steps": steps, "diagnostics": [], "duration": 5, "changeSummary": {"create": 1}}
    (tmp_path / "document.json").write_text(json.dumps(document))
    run = preview(tmp_path, f"cat {tmp_path}/document.json")

    assert uploaded(run) == {
        "steps": [
            {"op": "create", "urn": "urn:db", "newState": {"type": "aws:rds:Instance", "id": "db-1", "protect": True}},
            {"op": "delete", "urn": "urn:provider", "oldState": {"type": "pulumi:providers:cleanrooms", "id": "db-1", "protect": True}},
            {"op": "update", "urn": "urn:own", "newState": {"type": "pulumi-python:dynamic:Resource", "id": "db-1", "protect": True}},
        ],
        "diagnostics": [],
        "changeSummary": {"create": 1},
        "exitStatus": 0,
    }
    assert {each.name for each in run.temp.iterdir()} == {"cleanrooms-preview"}


@pytest.mark.parametrize(
    "type_",
    [
        "cleanrooms:index:Collaboration",
        "aws:cleanrooms/collaboration:Collaboration",
        "aws:cleanrooms/membership:Membership",
        "aws-native:cleanrooms:Membership",
        "pulumi-python:dynamic:Resource",
    ],
)
def test_every_kind_of_collaboration_keeps_its_values(tmp_path: Path, type_: str) -> None:
    state = {"type": type_, "inputs": {"creatorMemberAbilities": [], "__provider": "gASV"}, "outputs": {"__provider": "gASV", "arn": "arn"}}
    steps = [{"op": "update", "urn": "urn:ads", "oldState": state, "newState": state, "diffReasons": ["name"]}]
    (tmp_path / "document.json").write_text(json.dumps({"steps": steps}))

    kept = {"type": type_, "inputs": {"creatorMemberAbilities": []}, "outputs": {"arn": "arn"}}
    assert uploaded(preview(tmp_path, f"cat {tmp_path}/document.json"))["steps"] == [{**steps[0], "oldState": kept, "newState": kept}]


@pytest.mark.parametrize("name", NAMES)
def test_the_upload_gives_the_comment_that_the_preview_gives(tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    run = preview(tmp_path, pulumi(name))
    files = [run.temp / "cleanrooms-preview" / "cleanrooms-preview-test.json", PREVIEWS / f"{name}.json"]
    results = [(main(["comment", str(file)]), capsys.readouterr().out) for file in files]

    assert results[0] == results[1]


@pytest.mark.parametrize(
    "script",
    ["echo 'error: no stack named test found' >&2; exit 6", f"head -c 900 {PREVIEWS}/replace.json; exit 255", "echo '[]'", "exit 0", "echo '{}{}'"],
    ids=["no JSON", "cut off", "no preview", "nothing", "two documents"],
)
def test_a_job_without_a_preview_fails_and_uploads_nothing(tmp_path: Path, script: str) -> None:
    run = preview(tmp_path, script)

    assert run.status != 0
    file = run.temp / "cleanrooms-preview" / "cleanrooms-preview-test.json"
    assert not file.exists() or file.read_text() == ""
    assert ACTIONS["preview"]["runs"]["steps"][-1]["uses"].startswith("actions/upload-artifact@")


def test_a_preview_with_errors_is_uploaded_and_its_job_does_not_fail(tmp_path: Path) -> None:
    run = preview(tmp_path, pulumi("protected", 255))

    assert run.status == 0
    assert uploaded(run)["exitStatus"] == 255


def test_a_stack_of_an_organization_has_a_name_that_artifacts_may_have(tmp_path: Path) -> None:
    assert preview(tmp_path, pulumi("replace"), "retailco/tests/test").outputs["Preview"]["name"] == "cleanrooms-preview-retailco-tests-test"


# The job that comments


def test_the_first_comment_is_posted_and_the_summary_has_it(tmp_path: Path, github: Host) -> None:
    run = run_workflow(tmp_path / "1", github, pulumi("update"))

    assert (run.status, run.outputs["Comment"]) == (0, {"status": "0"})
    (body,) = github.visible()
    assert body.startswith("<!-- cleanrooms-resource:tests/test severity=1 -->\n\n")
    assert run.summary == body.split("\n\n", 1)[1]
    assert github.credentials == {"Bearer t0ken"}


def test_worse_after_better_is_posted_anew_and_better_after_worse_is_not(tmp_path: Path, github: Host) -> None:
    for number, name in enumerate(["unchanged", "replace", "update"]):
        run_workflow(tmp_path / str(number), github, pulumi(name))

    assert [action for action, _, _ in github.requests] == ["add", "add", "hide", "edit"]
    assert [each.is_hidden for each in github.comments] == [True, False]
    assert "severity=1" in github.visible()[0]


@pytest.mark.parametrize("script", ["exit 6", pulumi("unchanged", 255)], ids=["no JSON", "a status without an error"])
def test_no_preview_after_a_preview_says_so_in_the_old_comment(tmp_path: Path, github: Host, script: str) -> None:
    run_workflow(tmp_path / "1", github, pulumi("replace"))
    run = run_workflow(tmp_path / "2", github, script)

    assert (run.status, run.outputs["Comment"]) == (2, {"status": "2"})
    assert [action for action, _, _ in github.requests] == ["add", "edit"]
    (body,) = github.visible()
    assert "**This preview failed.** The preview of `tests/test` has no result at commit" in body
    assert "nothing changes" not in body
    assert "**This preview failed.**" in run.summary


def test_a_preview_with_errors_is_shown_and_fails_the_job_with_4(tmp_path: Path, github: Host) -> None:
    run = run_workflow(tmp_path / "1", github, pulumi("protected", 255))

    assert (run.status, run.outputs["Comment"]) == (4, {"status": "4"})
    assert "has no result" not in github.visible()[0]


def test_fail_on_fails_the_job_with_3_after_the_comment_is_posted(tmp_path: Path, github: Host) -> None:
    run = run_workflow(tmp_path / "1", github, pulumi("replace"), fail_on="replace,delete")

    assert (run.status, run.outputs["Comment"]) == (3, {"status": "3"})
    assert len(github.visible()) == 1


def test_two_stacks_have_one_comment(tmp_path: Path, github: Host) -> None:
    previews = [preview(tmp_path, pulumi("replace"), "a"), preview(tmp_path, pulumi("update"), "b")]
    run = comment(tmp_path, github, previews, stack="b a")

    assert run.status == 0
    (body,) = github.visible()
    assert body.startswith("<!-- cleanrooms-resource:tests/a+tests/b severity=4 -->\n")
    assert body.count("\n### ") == 2
    assert all(re.search(rf"### .*\b{stack}\b", body) for stack in "ab")


def test_of_two_stacks_the_one_that_failed_stands_above_the_other(tmp_path: Path, github: Host) -> None:
    previews = [preview(tmp_path, pulumi("replace"), "a"), preview(tmp_path, "exit 6", "b")]
    run = comment(tmp_path, github, previews, stack="a\nb", preview_result="failure")

    assert run.status == 2
    (body,) = github.visible()
    assert body.startswith(
        "<!-- cleanrooms-resource:tests/a+tests/b severity=4 -->\n\n> [!CAUTION]\n> **This preview failed.** The preview of `tests/b`"
    )
    assert body.count("\n### ") == 1


def test_two_runs_side_by_side_leave_one_comment(tmp_path: Path, github: Host) -> None:
    """The second run begins and ends after the first one has seen that there is no comment, and before the first one posts."""
    folders = [tmp_path / "1", tmp_path / "2"]
    previews = []
    for folder in folders:
        folder.mkdir()
        previews.append(preview(folder, pulumi("replace")))
    with ThreadPoolExecutor() as executor:
        seconds: list[Run] = []
        github.before_add = lambda: seconds.append(executor.submit(comment, folders[1], github, [previews[1]]).result())
        first = comment(folders[0], github, [previews[0]])

    assert [first.status, seconds[0].status] == [0, 0]
    assert [action for action, _, _ in github.requests] == ["add", "add", "delete"]
    assert len(github.visible()) == 1


def test_a_preview_of_an_earlier_attempt_is_not_believed(tmp_path: Path, github: Host) -> None:
    run = comment(tmp_path, github, [preview(tmp_path, pulumi("unchanged"))], preview_result="failure")

    assert run.status == 2
    assert "**This preview failed.**" in github.visible()[0]


def place(folder: Path) -> Path:
    """Where the job that comments looks for the preview of the stack `test`."""
    file = folder / "comment" / "temp" / "cleanrooms-previews" / "cleanrooms-preview-test.json"
    file.parent.mkdir(parents=True)
    return file


def test_an_artifact_that_is_too_large_is_not_read(tmp_path: Path, github: Host) -> None:
    place(tmp_path).write_text(read_preview("unchanged").ljust(50_000_001))

    assert comment(tmp_path, github, []).status == 2
    assert "**This preview failed.**" in github.visible()[0]


def test_an_artifact_that_is_a_link_is_not_followed(tmp_path: Path, github: Host) -> None:
    place(tmp_path).symlink_to(PREVIEWS / "unchanged.json")

    assert comment(tmp_path, github, []).status == 2


@pytest.mark.parametrize("text", ["PK\x03\x04", "{}", '{"pull_request": 8}', "[" * 2000])
def test_an_artifact_that_is_no_preview_is_a_preview_that_failed(tmp_path: Path, github: Host, text: str) -> None:
    place(tmp_path).write_text(text)

    # 4 where the comment itself says what the preview lacks.
    assert comment(tmp_path, github, []).status in (2, 4)
    assert "nothing changes" not in github.visible()[0]


def test_options_that_the_comment_refuses_leave_no_old_comment(tmp_path: Path, github: Host) -> None:
    run_workflow(tmp_path / "1", github, pulumi("update"))
    run = run_workflow(tmp_path / "2", github, pulumi("replace"), fail_on="replacement")

    assert run.status == 2
    assert "**This preview failed.**" in github.visible()[0]


def test_the_comment_of_somebody_else_with_the_same_marker_is_left_alone(tmp_path: Path, github: Host) -> None:
    github.put("<!-- cleanrooms-resource:tests/test severity=9 -->", OTHER)
    run_workflow(tmp_path / "1", github, pulumi("update"))

    assert [action for action, _, _ in github.requests] == ["add"]


def test_a_host_that_refuses_fails_the_job_and_the_summary_has_the_comment(tmp_path: Path, github: Host) -> None:
    github.refusal = (403, {"message": "no"})
    run = run_workflow(tmp_path / "1", github, pulumi("replace"))

    assert run.status == 1
    assert "The comment is not posted." in run.log
    assert "###" in run.summary


# After the merge


EVENTS = '{"resOutputsEvent": {"metadata": {"op": "create"}}}\n'
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
    assert not any("upload-artifact" in step.get("uses", "") for step in [*ACTIONS["deploy"]["runs"]["steps"], *JOBS["deploy"]["steps"]])


def test_a_deployment_that_succeeded_does_not_fail_where_its_comment_is_refused(tmp_path: Path, github: Host) -> None:
    github.refusal = (403, {"message": "no"})
    run = deploy(tmp_path / "1", github, EVENTS + SUMMARY)

    assert run.status == 0
    assert "::warning::" in run.log


# The workflows


@pytest.mark.parametrize(
    ("repository", "author", "switch", "runs"),
    [
        ("retailco/cleanrooms", "mona", "", True),
        ("mona/cleanrooms", "mona", "", False),
        ("retailco/cleanrooms", "dependabot[bot]", "", False),
        ("retailco/cleanrooms", "mona", "off", False),
    ],
    ids=["the same repository", "a fork", "Dependabot", "switched off"],
)
def test_a_pull_request_without_an_identity_is_skipped(repository: str, author: str, switch: str, *, runs: bool) -> None:
    values = {
        "github_repository": "retailco/cleanrooms",
        "github_event_pull_request_head_repo_full_name": repository,
        "github_event_pull_request_user_login": author,
        "vars_PREVIEW": switch,
    }
    assert evaluate(JOBS["preview"]["if"], **values) is runs


@pytest.mark.parametrize(("result", "runs"), [("success", True), ("failure", True), ("cancelled", True), ("skipped", False)])
def test_the_job_that_comments_runs_unless_the_preview_is_skipped(result: str, *, runs: bool) -> None:
    assert JOBS["comment"]["needs"] == "preview"
    assert evaluate(JOBS["comment"]["if"], needs_preview_result=result) is runs


def test_only_the_job_without_the_pull_requests_code_may_write() -> None:
    assert PREVIEW[True] == "pull_request"
    assert PREVIEW["permissions"] == DEPLOY["permissions"] == {}
    assert {name: job["permissions"] for name, job in JOBS.items()} == {
        "preview": {"contents": "read", "id-token": "write"},
        "comment": {"contents": "read", "pull-requests": "write"},
        "deploy": {"contents": "read", "id-token": "write", "pull-requests": "write"},
    }


def test_the_job_that_comments_checks_out_the_base_branch_and_has_no_identity() -> None:
    checkout, action = JOBS["comment"]["steps"]

    assert checkout["with"] == {"ref": "${{ github.event.pull_request.base.sha }}", "persist-credentials": False}
    assert action["uses"] == "./actions/comment"
    assert "secrets." not in str(JOBS["comment"])


def test_a_users_workflow_is_a_checkout_an_identity_and_the_actions() -> None:
    uses = [step["uses"].split("@")[0] for name in JOBS for step in JOBS[name]["steps"]]

    assert uses == [
        *("actions/checkout", "aws-actions/configure-aws-credentials", "./actions/preview"),
        *("actions/checkout", "./actions/comment"),
        *("actions/checkout", "aws-actions/configure-aws-credentials", "./actions/deploy"),
    ]


@pytest.mark.parametrize("name", sorted(JOBS))
def test_the_actions_are_given_inputs_that_they_have(name: str) -> None:
    inputs = ACTIONS[name]["inputs"]
    passed = JOBS[name]["steps"][-1]["with"].keys()

    assert passed <= inputs.keys()
    assert {key for key, each in inputs.items() if each.get("required")} <= passed


def test_no_job_is_stopped_by_a_newer_one() -> None:
    assert {name: job["concurrency"] for name, job in JOBS.items()} == {
        "preview": {"group": "${{ github.workflow }}-${{ matrix.stack }}-${{ github.event.pull_request.number }}", "cancel-in-progress": False},
        "comment": {"group": "${{ github.workflow }}-comment-${{ github.event.pull_request.number }}", "cancel-in-progress": False},
        "deploy": {"group": "deploy-${{ matrix.stack }}", "cancel-in-progress": False},
    }


def test_every_stack_that_is_previewed_is_commented() -> None:
    assert JOBS["preview"]["strategy"]["matrix"]["stack"] == JOBS["comment"]["steps"][-1]["with"]["stack"].split()


@pytest.mark.parametrize(("name", "step"), SCRIPTS, ids=[f"{name} {step['name']}" for name, step in SCRIPTS])
def test_a_script_has_no_expression_and_fails_where_a_part_of_a_pipe_fails(name: str, step: dict[str, Any]) -> None:
    assert "${{" not in step["run"]
    # GitHub runs `bash` with `-o pipefail`, and a step without `shell` with none.
    assert step["shell"] == "bash"
    for script in re.findall(r"\$GITHUB_ACTION_PATH/(\S+\.sh)", step["run"]):
        assert "\nset -euo pipefail\n" in (ROOT / "actions" / name / script.strip('"')).read_text()


@pytest.mark.parametrize("job", JOBS.values(), ids=JOBS)
def test_every_action_of_others_is_pinned(job: dict[str, Any]) -> None:
    for step in [*job["steps"], *(step for action in ACTIONS.values() for step in action["runs"]["steps"])]:
        uses = step.get("uses", "./")
        assert uses.startswith("./") or re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", uses)


def test_the_token_that_comments_is_in_no_step_that_runs_the_program() -> None:
    steps = [step for name in ("preview", "deploy") for step in ACTIONS[name]["runs"]["steps"] if "pulumi " in step.get("run", "")]

    assert len(steps) == 2
    assert not any("github.token" in str(step.get("env")) for step in steps)


def test_the_scripts_are_valid() -> None:
    assert subprocess.run(["bash", "-n", str(ROOT / "actions/comment/comment.sh")], check=False).returncode == 0
