"""`make test-floors`: constraints for pip, with the oldest versions that pyproject.toml allows to a user.

The extra ``dev`` is for those who work on the package. Its tools stay at the versions of constraints.txt.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ROOT = Path(__file__).parent.parent
TOOLS = "dev"


def list_floors(project: dict[str, Any], constraints: str) -> list[str]:
    """Return a constraint for each requirement of the table ``[project]`` of pyproject.toml.

    ``constraints`` is the text of constraints.txt. A user's requirement without a lower bound is a ``ValueError``, and a tool without a version too.
    """
    extras = project["optional-dependencies"]
    for_users = [
        project["dependencies"],
        *(lines for name, lines in extras.items() if name != TOOLS),
    ]
    versions = {requirement.name: requirement for requirement in parse(constraints.splitlines())}
    floors = [
        f"{requirement.name}=={_find_floor(requirement)}"
        for lines in for_users
        for requirement in parse(lines)
    ]
    tools = [tool for tool in parse(extras[TOOLS]) if tool.name != project["name"]]
    missing = [tool.name for tool in tools if canonicalize_name(tool.name) not in versions]
    if missing:
        raise ValueError(
            f"constraints.txt has no version of {', '.join(missing)}. Renew it as CONTRIBUTING.md says."
        )
    return floors + [str(versions[canonicalize_name(tool.name)]) for tool in tools]


def parse(lines: Iterable[str]) -> Iterator[Requirement]:
    """Yield the requirement of each line that is no comment, with its name in canonical form."""
    for line in lines:
        if line.strip() and not line.startswith("#"):
            requirement = Requirement(line)
            requirement.name = canonicalize_name(requirement.name)
            yield requirement


def _find_floor(requirement: Requirement) -> str:
    floors = [
        specifier.version for specifier in requirement.specifier if specifier.operator == ">="
    ]
    if len(floors) != 1:
        raise ValueError(
            f"pyproject.toml has no lower bound of {requirement.name}. Write {requirement.name}>=VERSION."
        )
    return floors[0]


if __name__ == "__main__":
    text = (ROOT / "pyproject.toml").read_text()
    print(
        "\n".join(
            list_floors(tomllib.loads(text)["project"], (ROOT / "constraints.txt").read_text())
        )
    )
