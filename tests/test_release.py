"""The release: the metadata, the changelog, the workflow that publishes, and the floors of the dependencies."""

from __future__ import annotations

import re
import tomllib
from typing import Any

import pytest
import yaml
from check_release import find_notes, find_obstacles
from ci.workflow_runs import ROOT, read_workflow
from floors import list_floors
from packaging.requirements import Requirement
from trove_classifiers import classifiers

PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
CHANGELOG = (ROOT / "CHANGELOG.md").read_text()
CONSTRAINTS = (ROOT / "constraints.txt").read_text()
RELEASE = read_workflow("release.yml")
BUILD, PUBLISH = RELEASE["jobs"]["build"], RELEASE["jobs"]["publish"]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
READY = {"version": "1.2.3", "urls": {"Source": "https://code.example/cleanrooms-resource"}}
NOTES = "# Changelog\n\n## 1.2.3 - 2027-01-31\n\n### Added\n\n- A thing.\n\n## 1.2.2 - 2027-01-01\n\n- Another.\n"


def test_a_version_with_its_tag_its_section_and_an_address_may_be_published() -> None:
    assert find_obstacles("v1.2.3", READY, NOTES) == []


@pytest.mark.parametrize(
    ("tag", "project", "changelog", "word"),
    [
        ("v1.2.4", READY, NOTES, "Tag v1.2.3"),
        ("1.2.3", READY, NOTES, "Tag v1.2.3"),
        ("v1.2.3", READY, NOTES.replace("1.2.3", "1.2.4"), "no section of version 1.2.3"),
        ("v1.2.3", READY, NOTES.replace("2027-01-31", "unreleased"), "with a date"),
        ("v1.2.3", {"version": "1.2.3"}, NOTES, "[project.urls]"),
        (
            "v1.2.3",
            {"version": "1.2.3", "urls": {"Source": "https://code.example/OWNER/x"}},
            NOTES,
            "[project.urls]",
        ),
    ],
    ids=["another version", "no v", "no section", "no date", "no address", "a placeholder"],
)
def test_a_version_that_may_not_be_published_says_why(
    tag: str, project: dict[str, Any], changelog: str, word: str
) -> None:
    (obstacle,) = find_obstacles(tag, project, changelog)

    assert word in obstacle


def test_the_notes_of_a_version_are_its_own_section() -> None:
    assert find_notes("1.2.3", NOTES) == "### Added\n\n- A thing."


def test_the_changelog_begins_with_the_version_of_the_package() -> None:
    assert re.findall(r"^## (\S+)", CHANGELOG, re.MULTILINE)[0] == PROJECT["version"]


def test_the_changelogs_headings_are_those_of_keep_a_changelog() -> None:
    headings = {*re.findall(r"^### (.*)$", CHANGELOG, re.MULTILINE)}

    assert headings <= {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}


def test_every_classifier_is_one_of_pypis() -> None:
    assert {*PROJECT["classifiers"]} <= {*classifiers}


def test_the_pythons_of_the_classifiers_are_those_that_the_tests_run_with() -> None:
    tested = {*read_workflow("test.yml")["jobs"]["test"]["strategy"]["matrix"]["python"]}

    assert {
        match[1]
        for each in PROJECT["classifiers"]
        if (match := re.fullmatch(r"Programming Language :: Python :: (3\.\d+)", each))
    } == tested
    assert (
        PROJECT["requires-python"]
        == f">={min(tested, key=lambda version: int(version.split('.')[1]))}"
    )


def test_only_the_job_that_runs_no_code_of_the_project_may_publish() -> None:
    assert (RELEASE["permissions"], BUILD["permissions"], PUBLISH["permissions"]) == (
        {},
        {"contents": "read"},
        {"id-token": "write"},
    )
    assert PUBLISH["needs"] == "build"
    assert PUBLISH["environment"] == "pypi"
    assert [step.get("run") for step in PUBLISH["steps"]] == [None, None]
    assert [step["uses"].split("@")[0] for step in PUBLISH["steps"]] == [
        "actions/download-artifact",
        "pypa/gh-action-pypi-publish",
    ]


def test_a_release_is_checked_and_tested_before_its_files_are_built() -> None:
    runs = [step["run"] for step in BUILD["steps"] if "run" in step]

    assert runs[1:] == [
        '.venv/bin/python scripts/check_release.py "$GITHUB_REF_NAME"',
        "make test",
        "make test-floors",
        "make lint",
        "make dist",
    ]


def test_the_files_that_are_built_are_those_that_are_published_with_attestations() -> None:
    upload, (download, publish) = BUILD["steps"][-1], PUBLISH["steps"]

    assert (upload["with"]["name"], upload["with"]["path"]) == (
        download["with"]["name"],
        download["with"]["path"],
    )
    assert publish["with"] == {"attestations": True}


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_every_action_of_a_workflow_is_pinned_by_its_commit(path: Any) -> None:
    uses = [
        step["uses"]
        for job in yaml.safe_load(path.read_text())["jobs"].values()
        for step in job["steps"]
        if "uses" in step
    ]

    assert [
        each
        for each in uses
        if not each.startswith("./") and not re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", each)
    ] == []


def test_the_floors_are_the_oldest_versions_that_a_user_may_have() -> None:
    floors = {
        requirement.name: requirement
        for requirement in map(Requirement, list_floors(PROJECT, CONSTRAINTS))
    }
    extras = PROJECT["optional-dependencies"]

    for line in (*PROJECT["dependencies"], *extras["aws"], *extras["testing"]):
        requirement = Requirement(line)
        (pin,) = floors[requirement.name].specifier
        assert pin.operator == "=="
        assert f">={pin.version}" in line
        assert requirement.specifier.contains(pin.version)


def test_the_package_can_be_installed_beside_aiobotocore_which_pins_an_older_botocore() -> None:
    (boto3,) = (each for each in map(Requirement, PROJECT["dependencies"]) if each.name == "boto3")

    assert boto3.specifier.contains("1.43.117")


def test_the_package_can_be_installed_beside_the_sdk_of_the_engine_that_the_tests_run() -> None:
    (pulumi,) = (
        each for each in map(Requirement, PROJECT["dependencies"]) if each.name == "pulumi"
    )

    assert pulumi.specifier.contains("3.260.0")


def test_the_tools_of_the_tests_stay_at_the_versions_of_constraints_txt() -> None:
    project = {
        "name": "p",
        "dependencies": ["a>=1"],
        "optional-dependencies": {"dev": ["p[x]", "Some_Tool>=2"], "x": ["b>=3,<4"]},
    }

    assert list_floors(project, "# versions\nsome.tool==2.5\na==1.5\n") == [
        "a==1",
        "b==3",
        "some-tool==2.5",
    ]


@pytest.mark.parametrize(
    ("project", "word"),
    [
        ({"dependencies": ["a"], "optional-dependencies": {"dev": []}}, "a>=VERSION"),
        ({"dependencies": [], "optional-dependencies": {"dev": ["tool>=1"]}}, "no version of tool"),
    ],
    ids=["no lower bound", "no version of a tool"],
)
def test_a_requirement_without_a_version_is_an_error(project: dict[str, Any], word: str) -> None:
    with pytest.raises(ValueError, match=word):
        list_floors({"name": "p", **project}, "")
