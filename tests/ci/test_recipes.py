"""The recipes of docs/previews.md for GitLab and Azure DevOps: their scripts run in a shell, against stand-ins for `pulumi` and for the hosts."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from ci.stand_ins import OTHER, Host, describe_job, serve
from ci.workflow_runs import ROOT, pulumi, write_programs

if TYPE_CHECKING:
    from collections.abc import Iterator

TEXT = (ROOT / "docs" / "previews.md").read_text()
GITLAB, AZURE = [
    yaml.safe_load(block)
    for block in re.findall(
        r"<!-- tests/ci/test_recipes.py runs these scripts -->\n```yaml\n(.*?)```", TEXT, re.DOTALL
    )
]
IDENTITY = ("-c", "user.name=test", "-c", "user.email=test@example.com")
SCRIPTS = {"gitlab": "gitlab-comment.sh", "azure": "azure-devops-comment.sh"}
AZURE_JOBS = {job["job"]: job for job in AZURE["jobs"]}


@dataclass
class Recipe:
    """A recipe's jobs, in one folder: the artifact is where the first job leaves it."""

    kind: str
    host: Host
    folder: Path
    log: str = ""

    def run(self, script: str) -> int:
        """Run both jobs with this script in the place of `pulumi`; the exit status of the second one."""
        for file in ("preview.json", "preview/preview.json"):
            (self.folder / file).unlink(missing_ok=True)
        shutil.rmtree(self.folder / "base", ignore_errors=True)
        write_programs(self.folder, script)
        self._run_job("preview")
        return self._run_job("comment")

    def post(self, text: str) -> int:
        """Run the script of the second job that posts a comment; its exit status."""
        (self.folder / "comment.md").write_text(text)
        script = f"{ROOT}/examples/ci/{SCRIPTS[self.kind]}"
        return self._run_script(f"bash {script} ads/example comment.md", self._describe_job())

    def _describe_job(self) -> dict[str, str]:
        programs = [str(self.folder / "bin"), str(Path(sys.executable).parent), os.environ["PATH"]]
        return describe_job(self.kind, self.host) | {"PATH": os.pathsep.join(programs)}

    def _run_script(self, script: str, environment: dict[str, str], *options: str) -> int:
        process = subprocess.run(
            ["bash", *options, "-c", script],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        self.log += process.stdout + process.stderr
        return process.returncode

    def _run_job(self, name: str) -> int:
        environment = self._describe_job()
        if self.kind == "gitlab":
            scripts = GITLAB[name]["script"]
            environment |= GITLAB["variables"] | {
                "CI_REPOSITORY_URL": str(self.folder / "repository")
            }
        else:
            scripts = [step["bash"] for step in AZURE_JOBS[name]["steps"] if "bash" in step]
            environment |= AZURE["variables"] | {
                "PIPELINE_WORKSPACE": str(self.folder),
                "BUILD_REPOSITORY_URI": str(self.folder / "repository"),
            }
        if name == "preview":
            del environment["GITLAB_TOKEN" if self.kind == "gitlab" else "SYSTEM_ACCESSTOKEN"]
        scripts = [
            script for script in scripts if "pip install" not in script and "apt-get" not in script
        ]
        # GitLab's runner sets these options; the scripts for Azure set their own.
        options = ["-eo", "pipefail"] if self.kind == "gitlab" else []
        return self._run_script("\n".join(scripts), environment, *options)


@pytest.fixture(params=["gitlab", "azure"])
def recipe(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Recipe]:
    # The target branch, with the script that users copy.
    shutil.copytree(ROOT / "examples" / "ci", tmp_path / "repository" / "ci")
    for command in (
        ["init", "--initial-branch", "main"],
        ["add", "."],
        ["commit", "--message", "The script"],
    ):
        subprocess.run(
            ["git", *IDENTITY, *command],
            cwd=tmp_path / "repository",
            check=True,
            capture_output=True,
        )
    with serve(request.param) as host:
        yield Recipe(request.param, host, tmp_path)


def test_a_name_that_begins_with_a_dash_is_no_option(
    recipe: Recipe, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variables in (GITLAB["variables"], AZURE["variables"]):
        monkeypatch.setitem(variables, "PROJECT", "-n")
        monkeypatch.setitem(variables, "STACK", "-s")

    assert recipe.run(pulumi("unchanged")) == 0


def list_actions(recipe: Recipe) -> list[str]:
    return [action for action, _, _ in recipe.host.requests]


def test_a_recipe_keeps_one_comment_and_ends_as_the_preview_says(recipe: Recipe) -> None:
    scripts = [
        pulumi("create"),
        pulumi("unchanged"),
        pulumi("replace"),
        pulumi("protected", 255),
    ]

    assert [recipe.run(script) for script in scripts] == [0, 0, 3, 4]
    assert list_actions(recipe) == ["add", "edit", "edit", "edit"]
    unchanged = recipe.host.requests[1][2]
    assert unchanged.startswith("### Clean Rooms in `ads` / `example`\n\nNothing changes")
    assert unchanged.endswith("\n\n<!-- cleanrooms-resource:ads/example -->")
    (body,) = recipe.host.bodies()
    assert "has no result" not in body
    assert recipe.host.credentials <= {"Bearer t0ken", "t0ken"}


def test_comments_of_others_and_on_other_stacks_are_left_alone(recipe: Recipe) -> None:
    marker = "<!-- cleanrooms-resource:ads/example -->"
    recipe.host.put(f"copied\n{marker}", OTHER)
    recipe.host.put("other\n<!-- cleanrooms-resource:ads/example2 -->")
    recipe.host.put(f"{marker}\nquoted")
    before = recipe.host.bodies()
    recipe.post("one")
    recipe.post("two")

    assert recipe.host.bodies()[:-1] == before
    assert list_actions(recipe) == ["add", "edit"]


def test_the_comment_is_found_behind_many_others(recipe: Recipe) -> None:
    for number in range(250):
        recipe.host.put(f"comment {number}", OTHER)
    recipe.post("one")
    recipe.post("two")

    assert list_actions(recipe) == ["add", "edit"]


@pytest.mark.parametrize("recipe", ["azure"], indirect=True)
def test_a_thread_that_somebody_closed_is_not_used_again(recipe: Recipe) -> None:
    recipe.post("one")
    recipe.host.comments[0].is_closed = True
    recipe.post("two")

    assert list_actions(recipe) == ["add", "add"]


def test_a_pull_request_with_a_newer_commit_is_left_alone(recipe: Recipe) -> None:
    recipe.host.head = "1" * 40

    assert recipe.post("one") == 0
    assert recipe.host.requests == []
    assert "has a newer commit" in recipe.log


def test_a_host_that_refuses_fails_the_job(recipe: Recipe) -> None:
    recipe.host.refusal = (403, {"message": "insufficient scope"})

    assert recipe.run(pulumi("update")) not in (0, 2, 3, 4)
    assert "error: 403" in recipe.log


@pytest.mark.parametrize("refusal", [(200, {}), (302, None)], ids=["no commit", "a redirection"])
def test_an_answer_without_a_commit_is_not_taken_for_a_newer_commit(
    recipe: Recipe, refusal: tuple[int, Any]
) -> None:
    recipe.host.refusal = refusal

    assert recipe.run(pulumi("update")) == 1
    assert "names no commit. Check " in recipe.log


@pytest.mark.parametrize(
    "script", ["exit 6", pulumi("unchanged", 255)], ids=["no JSON", "a status without an error"]
)
def test_a_recipe_says_that_a_preview_failed(recipe: Recipe, script: str) -> None:
    recipe.post("one")

    assert recipe.run(script) == 2
    assert list_actions(recipe) == ["add", "edit"]
    assert "**This preview failed.**" in recipe.host.bodies()[0]


def test_what_a_recipe_uploads_has_no_configuration_and_no_values_of_other_resources(
    recipe: Recipe,
) -> None:
    database = {
        "op": "create",
        "urn": "urn:db",
        "newState": {"type": "aws:rds:Instance", "inputs": {"password": "s3cr3t"}},
    }
    recipe.run(
        f"echo '{json.dumps({'config': {'aws:secretKey': 's3cr3t'}, 'steps': [database], 'changeSummary': {}})}'"
    )

    files = [
        GITLAB["preview"]["artifacts"]["paths"][0],
        f"{AZURE_JOBS['preview']['steps'][-1]['publish']}/preview.json",
    ]
    text = (recipe.folder / files[recipe.kind == "azure"]).read_text()
    assert "aws:rds:Instance" in text
    assert "s3cr3t" not in text


def test_the_job_that_runs_the_merge_requests_code_gets_no_token_that_writes() -> None:
    assert "TOKEN" not in str(GITLAB["preview"])
    assert "System.AccessToken" not in str(AZURE_JOBS["preview"])


def test_a_preview_in_a_pipeline_of_a_fork_is_skipped() -> None:
    rules: list[Any] = [
        rule["if"] for name in ("preview", "comment") for rule in GITLAB[name]["rules"]
    ]

    assert all("$CI_MERGE_REQUEST_SOURCE_PROJECT_ID == $CI_PROJECT_ID" in rule for rule in rules)
    assert "ne(variables['System.PullRequest.IsFork'], 'True')" in AZURE["variables"]["IS_OWN"]
    assert all("eq(variables['IS_OWN'], 'True')" in job["condition"] for job in AZURE_JOBS.values())
