"""Projects as `pulumi new` starts them, with the plug-in added; and the programs that `pulumi import` writes there."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cleanrooms_resource.changes.takeover import PLUGIN_TYPE
from engine.plugin_projects import Project, open_project

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from aws_account import Aws

_NODE = {
    "main": "index.ts",
    "dependencies": {"@pulumi/pulumi": "^3.0.0"},
    "devDependencies": {"@types/node": "^20", "typescript": "^5.0.0"},
}
_STARTS = {
    "python": {
        "Pulumi.yaml": "name: imports\nruntime:\n  name: python\n  options:\n    toolchain: pip\n    virtualenv: venv\n",
        "requirements.txt": "pulumi>=3.272,<4\n",
    },
    "typescript": {
        "Pulumi.yaml": "name: imports\nruntime: nodejs\n",
        "package.json": json.dumps(_NODE),
        "tsconfig.json": "{}",
    },
    "yaml": {"Pulumi.yaml": "name: imports\nruntime: yaml\n"},
}
LANGUAGES = [*_STARTS]
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
    """The file of the program as `pulumi package add` leaves it."""

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

    def split(self, program: str) -> dict[str, str]:
        """Return a program of each resource alone, by the resource's name."""
        head, *parts = re.split(_RESOURCES[self.language], program)
        return {name: head + part for name, part in zip(parts[::2], parts[1::2], strict=True)}

    def write_import_option(self, program: str, id_: str) -> str:
        """Return a program of one resource with the option `import` in the place of `protect`."""
        assert _PROTECT[self.language] in program
        return program.replace(_PROTECT[self.language], _IMPORT[self.language].format(id_))

    def _write(self, text: str) -> None:
        (self.project.folder / _PROGRAMS[self.language]).write_text(text)


def start_project(language: str, folder: Path, clone: Path, aws: Aws) -> LanguageProject:
    """Start a project in a new folder, and add the plug-in of a clone of the repository."""
    project = open_project(folder, folder / "home", aws)
    for name, text in _STARTS[language].items():
        (folder / name).write_text(text)
    program = folder / _PROGRAMS[language]
    program.touch()
    project.pulumi("package", "add", str(clone))
    return LanguageProject(language, project, program.read_text())
