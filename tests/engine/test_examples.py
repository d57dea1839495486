"""The examples in each language, as a user installs and deploys them from a clone of the repository."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
import yaml

from engine.plugin_projects import (
    HOSTS,
    Installations,
    Project,
    find_missing_tool,
    list_changes,
    open_project,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_account import Aws

pytestmark = [pytest.mark.engine, pytest.mark.slowest]
REQUEST = {
    "name": "Ads measurement",
    "description": "Reach of the autumn campaign",
    "creatorDisplayName": "RetailCo",
    "creatorMemberAbilities": ["CAN_RECEIVE_RESULTS"],
    "queryLogStatus": "ENABLED",
    "members": [
        {
            "accountId": "222233334444",
            "displayName": "AdPlatform",
            "memberAbilities": ["CAN_QUERY"],
        },
        {"accountId": "333344445555", "displayName": "Broker", "memberAbilities": []},
    ],
    "tags": {"team": "ads"},
}


@pytest.fixture(scope="module", params=[*HOSTS])
def example(
    request: pytest.FixtureRequest,
    installations: Installations,
    aws: Aws,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Project]:
    """An example that is installed and up, at an AWS that has nothing else."""
    if missing := find_missing_tool(request.param):
        pytest.skip(f"no `{missing}` on PATH: the {request.param} example was not tested")
    folder = installations.clone / "examples" / request.param
    project = open_project(folder, tmp_path_factory.mktemp("home"), aws)
    aws.endpoint.collaborations.clear()
    project.pulumi("stack", "init", "dev")
    project.pulumi("up", "--yes", "--skip-preview")
    yield project
    project.pulumi("destroy", "--yes", "--skip-preview")
    assert not aws.endpoint.collaborations


def test_an_example_creates_the_collaboration_that_every_example_creates(
    example: Project, aws: Aws
) -> None:
    [created] = aws.endpoint.collaborations.values()

    # The members come in any order: they are a map, which has none in Pulumi's protocol.
    created.parameters["members"].sort(key=lambda member: member["accountId"])
    assert {name: created.parameters[name] for name in REQUEST} == REQUEST
    assert [each["id"] for each in example.read_collaborations()] == [created.id]


def test_an_example_that_is_up_previews_unchanged(example: Project) -> None:
    example.pulumi("preview", "--expect-no-changes")


def test_an_example_exports_the_id(example: Project, aws: Aws) -> None:
    assert [example.pulumi("stack", "output", "id").strip()] == [*aws.endpoint.collaborations]


def test_git_sees_no_file_that_the_installation_of_an_example_writes(
    example: Project, installations: Installations
) -> None:
    assert (example.folder / "Pulumi.dev.yaml").exists()
    assert list_changes(installations.clone) == ""


@pytest.mark.parametrize("example", ["python"], indirect=True)
def test_the_python_example_passes_mypy_strict(example: Project) -> None:
    mypy = [
        sys.executable,
        "-m",
        "mypy",
        "--strict",
        "--python-executable",
        "venv/bin/python",
        "--cache-dir",
        "/dev/null",
        "__main__.py",
    ]

    done = subprocess.run(mypy, cwd=example.folder, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout.strip()) == (
        0,
        "Success: no issues found in 1 source file",
    )


def test_package_add_takes_the_directory_while_pulumi_aws_is_activated(
    installations: Installations,
) -> None:
    if missing := find_missing_tool("yaml"):
        pytest.skip(f"no `{missing}` on PATH: `pulumi package add` was not tested")
    project = yaml.safe_load((installations.empty / "Pulumi.yaml").read_text())

    assert "pulumi-aws" in subprocess.run(
        [sys.executable, "-m", "pip", "list"], capture_output=True, text=True, check=True
    ).stdout.replace("_", "-")
    assert list(project["packages"]) == ["cleanrooms"]
    assert list_changes(installations.clone) == ""
