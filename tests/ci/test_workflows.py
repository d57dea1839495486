"""The workflows that users copy, and the actions that they use, as YAML."""

from __future__ import annotations

import re
import subprocess
from typing import Any

import pytest
import yaml

from ci.workflow_runs import ACTIONS, ROOT, evaluate, read_workflow

PREVIEW, DEPLOY = read_workflow("preview.yml"), read_workflow("deploy.yml")
JOBS = {
    "preview": PREVIEW["jobs"]["preview"],
    "comment": PREVIEW["jobs"]["comment"],
    "deploy": DEPLOY["jobs"]["deploy"],
}
SCRIPTS = [
    (name, step)
    for name, action in ACTIONS.items()
    for step in action["runs"]["steps"]
    if "run" in step
]


DOCUMENT = (ROOT / "docs" / "previews.md").read_text()
BLOCKS = re.findall(r"```yaml\n(.*?)```", DOCUMENT, re.DOTALL)
LABEL, ENVIRONMENT = [
    yaml.safe_load(block.replace("\n  && ", " && "))
    for block in BLOCKS
    if "contains(" in block or "environment: replacements" in block
]
"""The additions to the workflow that let somebody allow a change."""


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
def test_a_pull_request_without_an_identity_is_skipped(
    repository: str, author: str, switch: str, *, runs: bool
) -> None:
    values = {
        "github_repository": "retailco/cleanrooms",
        "github_event_pull_request_head_repo_full_name": repository,
        "github_event_pull_request_user_login": author,
        "vars_PREVIEW": switch,
    }
    assert evaluate(JOBS["preview"]["if"], **values) is runs


@pytest.mark.parametrize(
    ("result", "runs"),
    [("success", True), ("failure", True), ("cancelled", True), ("skipped", False)],
)
def test_the_job_that_comments_runs_unless_the_preview_is_skipped(
    result: str, *, runs: bool
) -> None:
    assert JOBS["comment"]["needs"] == "preview"
    assert evaluate(JOBS["comment"]["if"], needs_preview_result=result) is runs


def test_only_the_job_without_the_pull_requests_code_may_write() -> None:
    assert PREVIEW[True] == "pull_request"
    assert PREVIEW["permissions"] == DEPLOY["permissions"] == {}
    assert {name: job["permissions"] for name, job in JOBS.items()} == {
        "preview": {"contents": "read", "id-token": "write"},
        "comment": {"contents": "read", "pull-requests": "write"},
        "deploy": {"contents": "read", "id-token": "write"},
    }


def test_the_job_that_comments_checks_out_the_base_branch_and_has_no_identity() -> None:
    checkout, action = JOBS["comment"]["steps"]

    assert checkout["with"] == {
        "ref": "${{ github.event.pull_request.base.sha }}",
        "persist-credentials": False,
    }
    assert action["uses"] == "./actions/comment"
    assert "secrets." not in str(JOBS["comment"])


def test_a_users_workflow_is_a_checkout_an_identity_and_the_actions() -> None:
    uses = [
        step["uses"].split("@")[0]
        for name in JOBS
        for step in JOBS[name]["steps"]
        if "uses" in step
    ]

    assert uses == [
        *("actions/checkout", "aws-actions/configure-aws-credentials", "./actions/preview"),
        *("actions/checkout", "./actions/comment"),
        *(
            "actions/checkout",
            "aws-actions/configure-aws-credentials",
            "actions/setup-python",
            "pulumi/actions",
        ),
    ]


@pytest.mark.parametrize("name", sorted(ACTIONS))
def test_the_actions_are_given_inputs_that_they_have(name: str) -> None:
    inputs = ACTIONS[name]["inputs"]
    passed = JOBS[name]["steps"][-1]["with"].keys()

    assert passed <= inputs.keys()
    assert {key for key, each in inputs.items() if each.get("required")} <= passed


PULL_REQUEST_AND_STACK = "${{ github.event.pull_request.number }}-${{ matrix.stack }}"


def test_no_job_is_stopped_by_a_newer_one() -> None:
    assert {name: job["concurrency"] for name, job in JOBS.items()} == {
        "preview": {
            "group": f"${{{{ github.workflow }}}}-preview-{PULL_REQUEST_AND_STACK}",
            "cancel-in-progress": False,
        },
        "comment": {
            "group": f"${{{{ github.workflow }}}}-comment-{PULL_REQUEST_AND_STACK}",
            "cancel-in-progress": False,
        },
        "deploy": {"group": "deploy-${{ matrix.stack }}", "cancel-in-progress": False},
    }


def test_every_stack_that_is_previewed_is_commented() -> None:
    assert JOBS["preview"]["strategy"] == JOBS["comment"]["strategy"]


@pytest.mark.parametrize(
    ("name", "step"), SCRIPTS, ids=[f"{name} {step['name']}" for name, step in SCRIPTS]
)
def test_a_script_has_no_expression_and_fails_where_a_part_of_a_pipe_fails(
    name: str, step: dict[str, Any]
) -> None:
    assert "${{" not in step["run"]
    # GitHub runs `bash` with `-o pipefail`, and a step without `shell` with none.
    assert step["shell"] == "bash"
    for script in re.findall(r"\$GITHUB_ACTION_PATH/(\S+\.sh)", step["run"]):
        assert "\nset -euo pipefail\n" in (ROOT / "actions" / name / script.strip('"')).read_text()


@pytest.mark.parametrize("job", JOBS.values(), ids=JOBS)
def test_every_action_of_others_is_pinned(job: dict[str, Any]) -> None:
    for step in [
        *job["steps"],
        *(step for action in ACTIONS.values() for step in action["runs"]["steps"]),
    ]:
        uses = step.get("uses", "./")
        assert uses.startswith("./") or re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", uses)


def test_the_token_that_comments_is_in_no_step_that_runs_the_program() -> None:
    (step,) = (
        step for step in ACTIONS["preview"]["runs"]["steps"] if "pulumi " in step.get("run", "")
    )

    assert "github.token" not in str(ACTIONS["preview"])
    assert step["env"] == {"STACK": "${{ inputs.stack }}"}


def test_the_deployment_refreshes_as_the_preview_does_and_posts_no_comment() -> None:
    deployment = JOBS["deploy"]["steps"][-1]

    assert deployment["with"] == {
        "command": "up",
        "stack-name": "${{ matrix.stack }}",
        "refresh": True,
    }
    assert deployment["env"]["PULUMI_RUN_PROGRAM"] == "true"


def test_the_scripts_are_valid() -> None:
    assert (
        subprocess.run(
            ["bash", "-n", str(ROOT / "actions/comment/comment.sh")], check=False
        ).returncode
        == 0
    )


@pytest.mark.parametrize(
    ("labels", "is_gated"),
    [([], True), (["documentation"], True), (["replacement-allowed"], False)],
)
def test_the_label_of_the_docs_takes_the_gate_of_the_workflow_away(
    labels: list[str], *, is_gated: bool
) -> None:
    gate = JOBS["comment"]["steps"][-1]["with"]["fail-on"]
    expression = f"!contains(github.event.pull_request.labels.*.name, 'replacement-allowed') && '{gate}' || ''"

    assert LABEL["fail-on"] == f"${{{{ {expression} }}}}"
    # GitHub runs the workflow for the first three by default.
    assert LABEL[True]["pull_request"]["types"] == [
        "opened",
        "synchronize",
        "reopened",
        "labeled",
        "unlabeled",
    ]
    has_label = str("replacement-allowed" in labels)
    assert evaluate(re.sub(r"!contains\(.*?\)", f"not {has_label}", expression)) is is_gated


@pytest.mark.parametrize(
    ("status", "fails", "asks"),
    [
        ("0", False, False),
        ("3", False, True),
        *((each, True, False) for each in ("", "1", "2", "4")),
    ],
)
def test_the_environment_of_the_docs_asks_only_where_fail_on_applies(
    status: str, *, fails: bool, asks: bool
) -> None:
    comment, allow = ENVIRONMENT["comment"], ENVIRONMENT["allow"]
    action, failure = comment["steps"]

    assert evaluate(failure["if"], steps_comment_outputs_status=status) is fails
    assert evaluate(allow["if"], needs_comment_outputs_status=status) is asks
    assert (allow["needs"], allow["permissions"], action["continue-on-error"]) == (
        "comment",
        {},
        True,
    )
    assert comment["outputs"]["status"] == f"${{{{ steps.{action['id']}.outputs.status }}}}"
    assert "status" in ACTIONS["comment"]["outputs"]


def test_the_actions_in_the_docs_have_the_inputs_that_they_are_given() -> None:
    (block,) = (each for each in BLOCKS if "configure-aws-credentials" in each)
    steps = [
        step
        for step in yaml.safe_load(block)
        if "/actions/" in step["uses"] and "cleanrooms-resource" in step["uses"]
    ]

    assert [step["uses"].split("/")[-1] for step in steps] == ["preview@COMMIT", "comment@COMMIT"]
    for step in steps:
        inputs = ACTIONS[step["uses"].split("/")[-1].removesuffix("@COMMIT")]["inputs"]
        assert step["with"].keys() <= inputs.keys()
        assert {key for key, each in inputs.items() if each.get("required")} <= step["with"].keys()
