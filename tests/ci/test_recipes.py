"""The recipes of docs/previews.md for GitLab and Azure DevOps: their scripts run in a shell, against stand-ins for `pulumi` and for the hosts."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from posting.stand_ins import HEAD, Host, describe_job, serve
from workflow_runs import ROOT, pulumi, write_programs

if TYPE_CHECKING:
    from collections.abc import Iterator

TEXT = (ROOT / "docs" / "previews.md").read_text()
GITLAB, AZURE = [
    yaml.safe_load(block) for block in re.findall(r"<!-- tests/test_recipes.py runs these scripts -->\n```yaml\n(.*?)```", TEXT, re.DOTALL)
]
AZURE_JOBS = {job["job"]: job for job in AZURE["jobs"]}


@dataclass
class Recipe:
    """A recipe's jobs, in one folder: the artifact is where the first job leaves it."""

    kind: str
    host: Host
    folder: Path

    def run(self, script: str) -> int:
        """Run both jobs with this script in the place of `pulumi`; the exit status of the second one."""
        for file in ("preview.json", "preview/preview.json"):
            (self.folder / file).unlink(missing_ok=True)
        write_programs(self.folder, script)
        self._run_job("preview")
        return self._run_job("comment")

    def _run_job(self, name: str) -> int:
        environment = {
            **describe_job(self.kind, self.host),
            "PATH": os.pathsep.join([str(self.folder / "bin"), str(Path(sys.executable).parent), os.environ["PATH"]]),
        }
        if self.kind == "gitlab":
            scripts = GITLAB[name]["script"]
            environment |= GITLAB["variables"] | {"CI_COMMIT_SHA": HEAD}
        else:
            scripts = [step["bash"] for step in AZURE_JOBS[name]["steps"] if "bash" in step]
            environment |= AZURE["variables"] | {"SYSTEM_PULLREQUEST_SOURCECOMMITID": HEAD, "PIPELINE_WORKSPACE": str(self.folder)}
        if name == "preview":
            del environment["GITLAB_TOKEN" if self.kind == "gitlab" else "SYSTEM_ACCESSTOKEN"]
        scripts = [script for script in scripts if "pip install" not in script]
        # GitLab's runner sets these options; the scripts for Azure set their own.
        options = ["-eo", "pipefail"] if self.kind == "gitlab" else []
        command = ["bash", *options, "-c", "\n".join(scripts)]
        return subprocess.run(command, cwd=self.folder, env=environment, capture_output=True, check=False).returncode


@pytest.fixture(params=["gitlab", "azure"])
def recipe(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Recipe]:
    with serve(request.param) as host:
        yield Recipe(request.param, host, tmp_path)


def test_a_recipe_keeps_one_comment(recipe: Recipe) -> None:
    assert [recipe.run(pulumi(name)) for name in ("create", "update", "unchanged")] == [0, 0, 0]
    assert [action for action, _, _ in recipe.host.requests] == ["add", "edit", "edit"]
    assert recipe.host.visible()[0].startswith("<!-- cleanrooms-resource:ads/example severity=0 -->\n")


def test_a_recipe_posts_a_replacement_and_fails(recipe: Recipe) -> None:
    recipe.run(pulumi("update"))

    assert recipe.run(pulumi("replace")) == 3
    assert [action for action, _, _ in recipe.host.requests][:2] == ["add", "add"]


@pytest.mark.parametrize("script", ["exit 6", pulumi("unchanged", 255)], ids=["no JSON", "a status without an error"])
def test_a_recipe_says_that_a_preview_failed(recipe: Recipe, script: str) -> None:
    recipe.run(pulumi("update"))

    assert recipe.run(script) == 2
    assert [action for action, _, _ in recipe.host.requests] == ["add", "edit"]
    assert "**This preview failed.**" in recipe.host.visible()[0]


def test_a_recipe_shows_a_preview_with_errors_and_fails(recipe: Recipe) -> None:
    assert recipe.run(pulumi("protected", 255)) == 4
    assert "has no result" not in recipe.host.visible()[0]


def test_what_a_recipe_uploads_has_no_configuration_and_no_values_of_other_resources(recipe: Recipe) -> None:
    database = {"op": "create", "urn": "urn:db", "newState": {"type": "aws:rds:Instance", "inputs": {"password": "s3cr3t"}}}
    recipe.run(f"echo '{json.dumps({'config': {'aws:secretKey': 's3cr3t'}, 'steps': [database], 'changeSummary': {}})}'")

    files = [GITLAB["preview"]["artifacts"]["paths"][0], f"{AZURE_JOBS['preview']['steps'][-1]['publish']}/preview.json"]
    text = (recipe.folder / files[recipe.kind == "azure"]).read_text()
    assert "aws:rds:Instance" in text
    assert "s3cr3t" not in text


def test_the_job_that_runs_the_merge_requests_code_gets_no_token_that_writes() -> None:
    assert "TOKEN" not in str(GITLAB["preview"])
    assert "System.AccessToken" not in str(AZURE_JOBS["preview"])


def test_a_preview_in_a_pipeline_of_a_fork_is_skipped() -> None:
    rules: list[Any] = [rule["if"] for name in ("preview", "comment") for rule in GITLAB[name]["rules"]]

    assert all("$CI_MERGE_REQUEST_SOURCE_PROJECT_ID == $CI_PROJECT_ID" in rule for rule in rules)
    assert "ne(variables['System.PullRequest.IsFork'], 'True')" in AZURE["variables"]["IS_OWN"]
    assert all("eq(variables['IS_OWN'], 'True')" in job["condition"] for job in AZURE_JOBS.values())
