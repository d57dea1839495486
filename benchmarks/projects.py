"""A project of one subject in a folder of its own: its state, its plug-in, and the `pulumi` commands that are measured."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.declarations import name_resource

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

ROOT = Path(__file__).parent.parent


class Subject(StrEnum):
    """A resource that is measured."""

    COLLABORATION = "collaboration"
    FLOOR = "floor"
    PLUGIN = "plug-in"
    PLUGIN_FLOOR = "floor of the plug-in"

    @property
    def module(self) -> str | None:
        """The module of the plug-in's process."""
        return {
            Subject.PLUGIN: "cleanrooms_resource.plugin",
            Subject.PLUGIN_FLOOR: "benchmarks.floor_plugin",
        }.get(self)

    @property
    def package(self) -> str:
        """The name of the plug-in, which is the first part of its resources' type."""
        return {Subject.PLUGIN: "cleanrooms", Subject.PLUGIN_FLOOR: "floor"}.get(self, "aws")


@dataclass(frozen=True)
class Run:
    """The cost of a process with its children: seconds of a clock, and seconds of CPU (user and system)."""

    wall: float
    cpu: float


@dataclass(frozen=True)
class Project:
    """A project, with a state of its own."""

    subject: Subject
    folder: Path
    environment: dict[str, str]

    def run(self, *arguments: str, count: int) -> Run:
        """Run a command of `pulumi` with a program of ``count`` resources.

        Raises:
            RuntimeError: the command failed; the error has all that it printed.

        """
        return measure(
            ["pulumi", *arguments, "--non-interactive", "--color=never", "--stack=bench"],
            self.folder,
            self._environment(count),
        )

    def measure_program_memory(self, count: int) -> float:
        """Return the peak of the program's memory in a preview, in MiB."""
        file = self.folder / "memory"
        measure(
            ["pulumi", "preview", "--non-interactive", "--stack=bench"],
            self.folder,
            self._environment(count) | {"BENCHMARK_MEMORY": str(file)},
        )
        return to_mebibytes(int(file.read_text()))

    def _environment(self, count: int) -> dict[str, str]:
        return self.environment | {"BENCHMARK_COUNT": str(count)}

    def export(self) -> dict[str, Any]:
        """Return the state, with secrets as plain text."""
        command = [
            "pulumi",
            "stack",
            "export",
            "--show-secrets",
            "--stack=bench",
            "--non-interactive",
        ]
        exported = subprocess.run(
            command,
            cwd=self.folder,
            env=self.environment,
            check=True,
            capture_output=True,
            text=True,
        )
        document: dict[str, Any] = json.loads(exported.stdout)
        return document

    def seed(self, count: int, create: Callable[[str], str]) -> None:
        """Give the state ``count`` resources: deploy one, and copy what the state then has of it. ``create`` returns the id of a resource's copy."""
        self.run("up", "--yes", "--skip-preview", count=1)
        document = self.export()
        resources = document["deployment"]["resources"]
        first = next(each for each in resources if each["urn"].endswith(f"::{name_resource(0)}"))
        text = json.dumps(first)
        for number in range(1, count):
            name = name_resource(number)
            resources.append(
                json.loads(text.replace(name_resource(0), name).replace(first["id"], create(name)))
            )
        file = self.folder / "seed.json"
        file.write_text(json.dumps(document))
        self.run("stack", "import", f"--file={file}", count=count)


def make_project(subject: Subject, folder: Path, settings: Mapping[str, str]) -> Project:
    """Make a project and its stack. ``settings`` are those of the endpoint, as the dynamic resource names them."""
    folder.mkdir(parents=True)
    lines = ["name: bench", "runtime: python"]
    if subject.module:
        executable = folder / f"pulumi-resource-{subject.package}"
        executable.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m {subject.module} "$@"\n')
        executable.chmod(0o755)
        lines.append(f"plugins: {{providers: [{{name: {subject.package}, path: '{folder}'}}]}}")
    (folder / "Pulumi.yaml").write_text("\n".join(lines) + "\n")
    (folder / "__main__.py").write_text("from benchmarks.program import declare\n\ndeclare()\n")
    environment = os.environ | {
        "BENCHMARK_SUBJECT": str(subject),
        "PULUMI_BACKEND_URL": f"file://{folder}",
        "PULUMI_HOME": str(folder / "home"),
        "PULUMI_CONFIG_PASSPHRASE": "benchmark",
        "PULUMI_SKIP_UPDATE_CHECK": "1",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "1",
        "PULUMI_PYTHON_CMD": sys.executable,
        "PYTHONPATH": str(ROOT),
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    project = Project(subject, folder, environment)
    measure(["pulumi", "stack", "init", "bench", "--non-interactive"], folder, environment)
    if subject is not Subject.PLUGIN_FLOOR:
        for name, value in settings.items():
            arguments = [f"{subject.package}:{name.removeprefix('aws:')}", value]
            measure(["pulumi", "config", "set", "--stack=bench", *arguments], folder, environment)
    return project


def measure(command: list[str], folder: Path, environment: Mapping[str, str]) -> Run:
    """Run a command to its end; a process counts with all children that it waited for.

    Raises:
        RuntimeError: the command failed.

    """
    log = folder / "command.log"
    with log.open("w") as output:
        started = time.perf_counter()
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=dict(environment),
            stdout=output,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise RuntimeError(f"`{' '.join(command)}` failed:\n{log.read_text()}")
    return Run(wall, usage.ru_utime + usage.ru_stime)


def to_mebibytes(maximum: int) -> float:
    """Return ``ru_maxrss`` in MiB: it is in KiB on Linux, and in bytes on macOS."""
    return maximum / 1024 / (1024 if sys.platform == "darwin" else 1)
