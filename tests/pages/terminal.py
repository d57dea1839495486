"""A user's terminal: the blocks of a page on the real engine, in a new folder, with the endpoint in the place of AWS."""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from engine.driver import start_warm_python

from cleanrooms_resource.changes.takeover import DYNAMIC_TYPE, PLUGIN_TYPE
from pages.blocks import ROOT, Block, Kind
from pages.commands import NOT_RUN, SERVING, WITHOUT_HELP, find_prefix, list_options, split_commands
from pages.outputs import is_printed
from pages.programs import Programs, read_first_program
from pages.world import PROFILES, World, needs_other_packages

if TYPE_CHECKING:
    from collections.abc import Collection

    from cleanrooms_resource.testing import Endpoint

PROJECT = "name: ads\nruntime: python\n"
_EXPORT = re.compile(r'^declare -x (\w+)=("(?:[^"\\]|\\.)*")$', re.MULTILINE)
_NEEDS_STACK = re.compile(r"pulumi (?!new|login|package|install)|cleanrooms-resource (?!comment)")


@dataclass
class Terminal:
    """The terminal: its folder, which `cd` changes, and what was printed."""

    folder: Path
    home: Path
    aws: Endpoint
    kinds: Collection[Kind]
    """The kinds of the page's blocks."""
    transcript: str = ""
    programs: Programs = field(default_factory=Programs)
    program: str = ""
    """The page's last program."""
    stacks: int = 0

    def evaluate(self, block: Block) -> None:
        """Do what the page says."""
        match block.kind:
            case Kind.PROGRAM | Kind.FRAGMENT:
                self._run_python(block)
            case Kind.COMMANDS:
                self._type(block)
            case Kind.OUTPUT:
                assert is_printed(block.text, self.transcript), (
                    f"{block.text}\nis not a part of what was printed:\n{self.transcript}"
                )
            case Kind.PROJECT:
                self._write("Pulumi.yaml", block.text)
                self._write("__main__.py", self.program)
                (self.folder / "venv").symlink_to(sys.prefix)
            case Kind.YAML_PROGRAM | Kind.YAML_PART:
                self._preview_yaml(yaml.safe_load(self.world.fill_in(block.text)))
            case Kind.TEST | Kind.SCRIPT | Kind.SETTINGS | Kind.WORKFLOW:
                pass  # These need no engine: tests/test_page_examples.py runs them.

    def run(self, script: str, *, fails: bool = False) -> None:
        """Run a script in a shell as a user types it; the shell's folder and variables stay for the next script."""
        session = self.home / "session"
        options = ["-o", "pipefail"] if fails else ["-eo", "pipefail"]
        done = subprocess.run(
            ["bash", *options, "-c", f"{script}\nexport -p > '{session}'"],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            check=False,
        )
        printed = f"{done.stdout}\n{done.stderr}"
        assert done.returncode == 0, f"{script}\nends with status {done.returncode}:\n{printed}"
        self.environment = {
            name: shlex.split(value)[0] for name, value in _EXPORT.findall(session.read_text())
        }
        self.folder = Path(self.environment["PWD"])
        self.transcript += printed

    @cached_property
    def environment(self) -> dict[str, str]:
        (self.home / "state").mkdir(parents=True)
        (self.home / "aws-config").write_text(PROFILES)
        return {
            **os.environ,
            "PATH": os.pathsep.join(
                [start_warm_python(""), f"{sys.prefix}/bin", os.environ["PATH"]]
            ),
            "HOME": str(self.home),
            "VIRTUAL_ENV": sys.prefix,
            "PULUMI_HOME": str(self.home / "pulumi"),
            "PULUMI_BACKEND_URL": f"file://{self.home / 'state'}",
            "PULUMI_CONFIG_PASSPHRASE": "test",
            "PULUMI_SKIP_UPDATE_CHECK": "1",
            "PULUMI_SKIP_CONFIRMATIONS": "1",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "1",
            "AWS_CONFIG_FILE": str(self.home / "aws-config"),
            "AWS_ENDPOINT_URL": self.aws.address,
            "AWS_ACCESS_KEY_ID": "local",
            "AWS_SECRET_ACCESS_KEY": "local",
            "AWS_REGION": "us-east-1",
        }

    @cached_property
    def world(self) -> World:
        """The collaborations that exist before the page begins; they are made when a block first names one."""
        return World(self.aws, self._find_ids)

    def _run_python(self, block: Block) -> None:
        source = self.programs.complete(block.text)
        if needs_other_packages(source):
            return
        self.program = self.world.fill_in(source)
        if not (self.folder / "Pulumi.yaml").exists():
            if Kind.PROJECT in self.kinds:
                return  # The user writes the program when there is a project.
            self._write("Pulumi.yaml", PROJECT)
        self._write("__main__.py", self.program)
        if not block.is_visible:
            return
        if block.kind is Kind.PROGRAM:
            self.stacks += 1
            self.run(f"pulumi stack init program-{self.stacks} && pulumi up --skip-preview")
        else:
            self._preview()

    def _preview(self) -> None:
        """Preview the program in a stack that has nothing. The stack that the user has selected stays selected."""
        creation = (
            ""
            if (self.folder / "Pulumi.empty.yaml").exists()
            else "pulumi stack init --no-select empty\n"
        )
        self.run(f"{creation}pulumi preview --stack empty")

    def _type(self, block: Block) -> None:
        commands = split_commands(block.text)
        if not (self.folder / "Pulumi.yaml").exists() and any(
            _NEEDS_STACK.match(each) for each in commands
        ):
            self._run_python(Block("python", read_first_program()))
        runnable: list[str] = []
        for command in commands:
            if prefix := find_prefix(command):
                self._check_exists(command, prefix)
            elif SERVING.fullmatch(command.partition("#")[0].strip()):
                self._serve(command)
            else:
                runnable.append(self.world.fill_in(command))
        if runnable and block.fails:
            self.run(
                "\n".join(
                    [*(f"{{ {each}\n}} || failed=1" for each in runnable), '[ -n "$failed" ]']
                ),
                fails=True,
            )
        elif runnable:
            self.run("\n".join(runnable))

    def _check_exists(self, command: str, prefix: str) -> None:
        assert NOT_RUN[prefix]
        if prefix in WITHOUT_HELP:
            return
        if prefix == "make":
            subprocess.run(
                command,
                shell=True,
                cwd=ROOT,
                env=os.environ | {"MAKEFLAGS": "n"},
                check=True,
                capture_output=True,
            )
            return
        help_text = subprocess.run(
            [*prefix.split(), "--help"],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        ).stdout
        unknown = [
            option
            for option in list_options(command.removeprefix(prefix))
            if not re.search(rf"{re.escape(option)}\b", help_text)
        ]
        assert not unknown, f"`{prefix}` has no {unknown}"

    def _serve(self, command: str) -> None:
        """Run a command that serves, at a port that is free, until it says where."""
        script = "exec " + re.sub(r"--port \d+", "--port 0", command)
        with subprocess.Popen(
            script,
            shell=True,
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            text=True,
        ) as process:
            assert process.stdout is not None
            assert process.stdout.readline().startswith("http://127.0.0.1:")
            process.send_signal(signal.SIGTERM)
        assert process.returncode == 0

    def _preview_yaml(self, document: dict[str, Any]) -> None:
        """Preview a program, or the page's program with this part, in a project of its own; the plug-in is not installed but run from a folder."""
        if "name" not in document:
            document = _merge(yaml.safe_load((self.folder / "Pulumi.yaml").read_text()), document)
        document.pop("packages", None)
        document["plugins"] = {"providers": [{"name": "cleanrooms", "path": start_warm_python("")}]}
        self.folder = self.home / "yaml"
        self.folder.mkdir(exist_ok=True)
        self._write("Pulumi.yaml", yaml.safe_dump(document, sort_keys=False))
        self._preview()

    def _find_ids(self) -> list[tuple[str, str]]:
        """Return the URNs and ids of the collaborations in the newest state."""
        files = sorted(
            self.home.parent.glob("**/.pulumi/stacks/*/*.json"),
            key=lambda file: file.stat().st_mtime,
        )
        for file in reversed(files):
            resources = (
                json.loads(file.read_text())["checkpoint"].get("latest", {}).get("resources") or []
            )
            found = [
                (each["urn"], each["id"])
                for each in resources
                if each["type"] in (DYNAMIC_TYPE, PLUGIN_TYPE) and not each.get("external")
            ]
            if found:
                return found
        return []

    def _write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text)


def _merge(old: Any, new: Any) -> Any:
    """Return a map with what another map adds, at every depth."""
    if not isinstance(old, dict) or not isinstance(new, dict):
        return new
    return {**old, **{key: _merge(old.get(key), value) for key, value in new.items()}}
