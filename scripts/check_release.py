"""Check that the checkout may be published under a tag, and print what changed in that version. The release workflow runs it."""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
PLACEHOLDER = "OWNER"
"""What stands for the owner of the repository in this project's files."""


def find_obstacles(tag: str, project: dict[str, Any], changelog: str) -> list[str]:
    """Return the reasons why a version may not be published, each with what to do; none if it may be published.

    ``project`` is the table ``[project]`` of pyproject.toml, and ``changelog`` the text of CHANGELOG.md.
    """
    version, urls = project["version"], project.get("urls", {})
    obstacles = []
    if tag != f"v{version}":
        obstacles.append(
            f"The tag is {tag}, and pyproject.toml has version {version}. Tag v{version}, or change the version."
        )
    if not find_notes(version, changelog):
        obstacles.append(
            f"CHANGELOG.md has no section of version {version} with a date. Write `## {version} - YYYY-MM-DD`."
        )
    if not urls or PLACEHOLDER in str(urls):
        obstacles.append(
            "pyproject.toml has no addresses of the project. Write the repository's address into [project.urls]."
        )
    return obstacles


def find_notes(version: str, changelog: str) -> str:
    """Return the changelog's section of a version, without its heading; "" where the version has no section or no date."""
    section = re.search(
        rf"^## {re.escape(version)} - \d{{4}}-\d\d-\d\d\n(.*?)(?=^## |\Z)",
        changelog,
        re.DOTALL | re.MULTILINE,
    )
    return section[1].strip() if section else ""


def main() -> int:
    """Print the obstacles, with status 1, or the notes of the version."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    changelog = (ROOT / "CHANGELOG.md").read_text()
    obstacles = find_obstacles(sys.argv[1], project, changelog)
    print(
        "\n".join(obstacles) or find_notes(project["version"], changelog),
        file=sys.stderr if obstacles else sys.stdout,
    )
    return 1 if obstacles else 0


if __name__ == "__main__":
    sys.exit(main())
