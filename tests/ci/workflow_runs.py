"""Runs of the workflows' steps in a shell, as GitHub's runner runs them, against programs that stand in for `pulumi`."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import sys
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from recorded_previews import PREVIEWS

from cleanrooms_resource.__main__ import main

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).parent.parent.parent
WORK = ROOT
"""The checkout in which the steps run."""
WORKFLOWS = ROOT / ".github" / "workflows"
ACTIONS = {
    name: yaml.safe_load((ROOT / "actions" / name / "action.yml").read_text())
    for name in ("preview", "comment")
}
HEAD = "0123456789abcdef0123456789abcdef01234567"
_EXPRESSION = re.compile(r"\$\{\{ (.*?) \}\}")


def read_workflow(name: str) -> dict[Any, Any]:
    """A workflow to copy. YAML reads the key `on` as true."""
    workflow: dict[Any, Any] = yaml.safe_load((WORKFLOWS / name).read_text())
    return workflow


@dataclass
class Post:
    """What the action that posts a comment was given. ``is_anew``: the comment before is hidden."""

    header: str
    text: str
    is_anew: bool


@dataclass
class Run:
    """What a job's run of an action left: the last exit status, what it printed, its step outputs, its folder, what it posted."""

    status: int
    log: str
    folder: Path
    outputs: dict[str, dict[str, str]] = field(default_factory=dict)
    posts: list[Post] = field(default_factory=list)

    @property
    def summary(self) -> str:
        """The summary of the job."""
        file = self.folder / "summary"
        return file.read_text() if file.exists() else ""

    @property
    def temp(self) -> Path:
        """The job's folder for temporary files."""
        return self.folder / "temp"


def run_action(  # noqa: PLR0913 - what a job is given
    name: str,
    folder: Path,
    inputs: Mapping[str, str],
    *,
    pulumi: str = "exit 99",
    attempt: int = 1,
    posting: str = "success",
) -> Run:
    """Run an action's own scripts one after another until one fails, and a stub in the place of the action that posts.

    ``pulumi`` is the script in the place of `pulumi`; empty for the real one. ``attempt`` is the
    attempt of the workflow's run. ``posting`` is the outcome of the stub: `success`, `failure`, or `skipped`,
    which the real action calls a success outside a pull request.
    """
    run = Run(0, "", folder)
    run.temp.mkdir(parents=True, exist_ok=True)
    write_programs(folder, pulumi)
    values = {f"inputs.{key}": value for key, value in inputs.items()} | {
        "github.event.pull_request.head.sha": HEAD,
        "github.server_url": "https://github.com",
        "github.repository": "retailco/cleanrooms",
        "github.run_id": "1234",
        "runner.temp": str(run.temp),
        "github.run_attempt": str(attempt),
    }
    for step in ACTIONS[name]["runs"]["steps"]:
        if run.status and step.get("if") != "${{ !cancelled() }}":
            continue
        if step.get("id") == "post":
            run.posts.append(_record(step["with"], values))
            run.status = int(posting == "failure")
            values[f"steps.{step['id']}.outcome"] = "failure" if run.status else "success"
            values[f"steps.{step['id']}.outputs.created_comment_id"] = (
                "101" if posting == "success" else ""
            )
        elif "run" in step and step["name"] != "Install":
            _run_script(name, step, run, values)
    return run


def _record(inputs: Mapping[str, str], values: Mapping[str, str]) -> Post:
    given = {key: _fill_in(value, values) for key, value in inputs.items()}
    assert given.keys() == {"header", "path", "hide_and_recreate"}
    return Post(
        given["header"],
        Path(given["path"]).read_text(),
        {"true": True, "false": False}[given["hide_and_recreate"]],
    )


def _run_script(name: str, step: Mapping[str, Any], run: Run, values: dict[str, str]) -> None:
    output = run.folder / "output"
    output.write_text("")
    process = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
        cwd=WORK,
        env=_describe_step(name, run.folder, step, values),
        capture_output=True,
        text=True,
        check=False,
    )
    run.log += process.stdout + process.stderr
    run.status = process.returncode
    run.outputs[step["name"]] = dict(line.split("=", 1) for line in output.read_text().splitlines())
    values |= {
        f"steps.{step.get('id')}.outputs.{key}": value
        for key, value in run.outputs[step["name"]].items()
    }


def _fill_in(text: str, values: Mapping[str, str]) -> str:
    """Evaluate the expressions. A value that the test does not know is an error of the action or of the test, except an output of a step."""

    def evaluate_one(match: re.Match[str]) -> str:
        name, is_comparison, text = match[1].partition(" == ")
        value = values.get(name, "") if name.startswith("steps.") else values[name]
        return str(value == text.strip("'")).lower() if is_comparison else value

    return _EXPRESSION.sub(evaluate_one, text)


def pulumi(name: str, status: int = 0) -> str:
    """A script that prints a recorded preview."""
    return f"cat {PREVIEWS}/{name}.json; exit {status}"


def preview(folder: Path, script: str, stack: str = "test") -> Run:
    """The job that previews, with this script in the place of `pulumi`."""
    return run_action(
        "preview", folder / f"preview-{stack.replace('/', '-')}", {"stack": stack}, pulumi=script
    )


@cache
def artifact(name: str, status: int = 0) -> str:
    """What the action `preview` uploads of a recorded preview whose engine ended with this status."""
    output = io.BytesIO()
    with redirect_stdout(io.TextIOWrapper(output)):
        main(["redact", f"{PREVIEWS}/{name}.json", "--exit-status", str(status)])
        return output.getvalue().decode()


def read_upload(run: Run) -> str:
    return _find_upload(run).read_text()


def _find_upload(run: Run) -> Path:
    """The file that upload-artifact uploads."""
    uploaded = next(
        step["with"]["path"]
        for step in ACTIONS["preview"]["runs"]["steps"]
        if "upload-artifact" in step.get("uses", "")
    )
    outputs = run.outputs["Preview"].items()
    values = {f"steps.preview.outputs.{key}": value for key, value in outputs}
    return Path(_fill_in(uploaded, values | {"runner.temp": str(run.temp)}))


def hand_over(preview: Run, comment_folder: Path) -> None:
    """Do what upload-artifact does in the one job, unless it failed before, and download-artifact in the other."""
    target = comment_folder / "temp" / "cleanrooms-previews"
    target.mkdir(parents=True, exist_ok=True)
    if preview.status == 0:
        shutil.copy(_find_upload(preview), target)


def write_programs(folder: Path, pulumi: str) -> None:
    """Write the programs of a folder that comes first on PATH."""
    (folder / "bin").mkdir(exist_ok=True)
    scripts = {"pulumi": f'echo "$@" >> "{folder}/pulumi-arguments"\n{pulumi}'} if pulumi else {}
    for name, script in scripts.items():
        program = folder / "bin" / name
        program.write_text(f"#!/bin/bash\n{script}\n")
        program.chmod(0o755)


def _describe_step(
    name: str, folder: Path, step: Mapping[str, Any], values: Mapping[str, str]
) -> dict[str, str]:
    # The variables of the job, which GitHub passes on to every step of an action.
    job = {
        key: value
        for key, value in os.environ.items()
        if key.startswith(("AWS_", "PULUMI_")) or key == "HOME"
    }
    return {
        **job,
        "PATH": os.pathsep.join(
            [str(folder / "bin"), str(Path(sys.executable).parent), os.environ["PATH"]]
        ),
        "RUNNER_TEMP": str(folder / "temp"),
        "GITHUB_RUN_ATTEMPT": values["github.run_attempt"],
        "GITHUB_OUTPUT": str(folder / "output"),
        "GITHUB_STEP_SUMMARY": str(folder / "summary"),
        "GITHUB_ACTION_PATH": str(ROOT / "actions" / name),
        **{key: _fill_in(str(value), values) for key, value in step.get("env", {}).items()},
    }


def evaluate(condition: str, **values: str) -> bool:
    """Evaluate a condition of a job. The values' names have underscores in the place of dots."""
    python = condition.replace("&&", "and").replace("||", "or").replace("always()", "True")
    names = sorted(
        set(re.findall(r"(?:github|vars|needs|steps)[\w.]*", python)), key=len, reverse=True
    )
    for name in names:
        python = python.replace(name, repr(values[name.replace(".", "_")]))
    return bool(eval(python))
