"""The repository as users clone it, and its examples as projects of the engine.

`pulumi` runs as a user types it, in a shell where an environment with pulumi-aws is activated.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aws_account import Aws

ROOT = Path(__file__).parent.parent.parent
HOSTS = {
    "python": "pulumi-language-python",
    "typescript": "pulumi-language-nodejs",
    "yaml": "pulumi-language-yaml",
    "go": "pulumi-language-go",
}
"""The examples, and the program that the engine needs for each."""
TOOLS = {"typescript": "npm", "go": "go"}
EMPTY = "name: new\nruntime: yaml\n"


def find_missing_tool(language: str) -> str | None:
    """Return the program that a language needs and that is not on PATH."""
    needed = [HOSTS[language], *([TOOLS[language]] if language in TOOLS else [])]
    return next((each for each in needed if shutil.which(each) is None), None)


def clone_repository(folder: Path) -> Path:
    """Copy what a commit of the working directory would have into a new repository of git."""
    listed = _run(ROOT, "git", "ls-files", "--cached", "--others", "--exclude-standard")
    for name in filter(None, listed.splitlines()):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    _run(folder, "git", "init", "--quiet")
    _run(folder, "git", "add", "--all")
    _run(
        folder,
        "git",
        "-c",
        "user.name=test",
        "-c",
        "user.email=test@example.com",
        "commit",
        "--quiet",
        "--message",
        "clone",
    )
    return folder


def list_changes(clone: Path) -> str:
    """Return what `git status` calls changed or new."""
    return _run(clone, "git", "status", "--porcelain")


@dataclass(frozen=True)
class Project:
    """A project in a folder, with a state of its own."""

    folder: Path
    environment: dict[str, str]

    def pulumi(self, *arguments: str) -> str:
        """Run a command of `pulumi`; its standard output, or an error with all that it printed."""
        return _run(
            self.folder, "pulumi", *arguments, "--non-interactive", environment=self.environment
        )

    def with_types_checked(self) -> Project:
        """Return the project with programs in TypeScript type-checked, as for a user."""
        return replace(
            self, environment=self.environment | {"PULUMI_NODEJS_TRANSPILE_ONLY": "false"}
        )

    def read_collaborations(self) -> list[dict[str, Any]]:
        """Return what the state holds of the plug-in's resources."""
        resources = json.loads(self.pulumi("stack", "export"))["deployment"]["resources"]
        return [each for each in resources if each["type"] == "cleanrooms:index:Collaboration"]


def open_project(folder: Path, home: Path, aws: Aws) -> Project:
    """Return a project in a folder, with pulumi-aws activated; ``home`` is new."""
    (home / "state").mkdir(parents=True)
    return Project(
        folder,
        os.environ
        | {
            "PATH": f"{Path(sys.prefix) / 'bin'}{os.pathsep}{os.environ['PATH']}",
            "VIRTUAL_ENV": sys.prefix,
            "PULUMI_HOME": str(home),
            "PULUMI_BACKEND_URL": f"file://{home / 'state'}",
            "PULUMI_CONFIG_PASSPHRASE": "test",
            "PULUMI_SKIP_UPDATE_CHECK": "1",
            "AWS_ENDPOINT_URL": aws.endpoint.address,
            "AWS_ACCESS_KEY_ID": "local",
            "AWS_SECRET_ACCESS_KEY": "local",
            "AWS_REGION": "us-east-1",
        },
    )


@dataclass(frozen=True)
class Installations:
    """A clone of the repository whose plug-in and examples are installed, once in a run.

    The run's workers share the folder: the first one that asks installs, the others wait.
    """

    folder: Path
    aws: Aws

    @cached_property
    def clone(self) -> Path:
        """The clone; an example is installed if the machine has its language."""
        with (self.folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not (installed := self.folder / "installed").exists():
                self._install()
                installed.touch()
        return self.folder / "clone"

    @property
    def empty(self) -> Path:
        """A project in YAML that has nothing, after `pulumi package add` of the clone."""
        return self.clone.parent / "empty"

    def _install(self) -> None:
        clone, empty = self.folder / "clone", self.folder / "empty"
        clone.mkdir()
        empty.mkdir()
        clone_repository(clone)
        (empty / "Pulumi.yaml").write_text(EMPTY)
        self._open(empty).pulumi("package", "add", str(clone))
        for language in HOSTS:
            if not find_missing_tool(language):
                self._open(clone / "examples" / language).pulumi("install")

    def _open(self, folder: Path) -> Project:
        return open_project(folder, self.folder / f"home-{folder.name}", self.aws)


def _run(folder: Path, *command: str, environment: dict[str, str] | None = None) -> str:
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}\n{done.stderr}"
    return done.stdout
