"""Projects with what an example has installed, and the programs that `pulumi import` writes there."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cleanrooms_resource.changes.takeover import PLUGIN_TYPE
from engine.plugin_projects import Installations, Project, open_project

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from aws_account import Aws

_RUNTIMES = {
    "python": "\n  name: python\n  options:\n    toolchain: pip\n    virtualenv: {example}/venv",
    "typescript": "nodejs",
    "yaml": "yaml",
}
LANGUAGES = [*_RUNTIMES]
_PROGRAMS = {"python": "__main__.py", "typescript": "index.ts", "yaml": "Pulumi.yaml"}
_RESOURCES = {
    "python": r'(?m)^(?=\w+ = cleanrooms\.Collaboration\("([^"]+)")',
    "typescript": r'(?m)^(?=const \w+ = new cleanrooms\.Collaboration\("([^"]+)")',
    "yaml": r"(?m)^(?=  ([\w-]+):$)",
}
"""Where the declaration of a resource begins, and its name."""
_PROTECT = {"python": "protect=True", "typescript": "protect: true", "yaml": "protect: true"}
_IMPORT = {"python": 'import_="{}"', "typescript": 'import: "{}"', "yaml": "import: {}"}


@dataclass(frozen=True)
class LanguageProject:
    """A project of a language."""

    language: str
    project: Project
    head: str
    """The file of the program before it declares anything."""

    def select(self, stack: str) -> None:
        """Select a stack, which may be new, and give the project no program."""
        self._write(self.head)
        self.project.pulumi("stack", "select", "--create", stack)

    def import_collaborations(self, ids: Mapping[str, str]) -> str:
        """`pulumi import -f` of collaborations, by the names of their resources; return the program that Pulumi writes."""
        file, program = self.project.folder / "import.json", self.project.folder / "imported"
        file.write_text(
            json.dumps(
                {
                    "resources": [
                        {"type": PLUGIN_TYPE, "name": name, "id": id_} for name, id_ in ids.items()
                    ]
                }
            )
        )
        self.project.pulumi(
            "import", "--file", file.name, "--out", program.name, "--yes", "--skip-preview"
        )
        return program.read_text()

    def declare(self, program: str) -> None:
        """Make what Pulumi wrote the project's program. Pulumi's YAML is the rest of Pulumi.yaml."""
        self._write(self.head + program if self.language == "yaml" else program)

    def keep(self, program: str, *names: str) -> str:
        """Return the program with the resources of these names alone."""
        head, *parts = re.split(_RESOURCES[self.language], program)
        texts = dict(zip(parts[::2], parts[1::2], strict=True))
        return head + "".join(texts[name] for name in names)

    def preview(self, stack: str, program: str, *names: str, options: tuple[str, ...] = ()) -> str:
        """Preview these resources of the program alone."""
        self.select(stack)
        self.declare(self.keep(program, *names))
        targets = [f"--target=urn:pulumi:{stack}::imports::{PLUGIN_TYPE}::{name}" for name in names]
        return self.project.pulumi("preview", *targets, *options)

    def write_import_option(self, program: str, id_: str) -> str:
        """Return a program of one resource with the option `import` in the place of `protect`."""
        assert _PROTECT[self.language] in program
        return program.replace(_PROTECT[self.language], _IMPORT[self.language].format(id_))

    def _write(self, text: str) -> None:
        (self.project.folder / _PROGRAMS[self.language]).write_text(text)


def start_project(
    language: str, folder: Path, installations: Installations, aws: Aws
) -> LanguageProject:
    """Start a project in a new folder, with what the example of its language has installed.

    A program in TypeScript runs without a check of its types, which takes seconds.
    """
    example = installations.clone / "examples" / language
    runtime = _RUNTIMES[language].format(example=example)
    head = f"name: imports\nruntime: {runtime}\npackages:\n  cleanrooms: {installations.clone}\n"
    (folder / "Pulumi.yaml").write_text(head)
    if language == "typescript":
        for name in ("package.json", "tsconfig.json", "node_modules"):
            (folder / name).symlink_to(example / name)
    project = open_project(folder, folder / "home", aws)
    project.environment["PULUMI_NODEJS_TRANSPILE_ONLY"] = "true"
    return LanguageProject(language, project, head if language == "yaml" else "")
