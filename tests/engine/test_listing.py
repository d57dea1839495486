"""`pulumi do` lists and reads what no state holds, through the plug-in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from requests_of_boto3 import CREATOR, STRANGER, client, create, request

from engine.doors import make_plugin_folder
from engine.plugin_projects import Project, open_project

if TYPE_CHECKING:
    from aws_account import Aws

pytestmark = pytest.mark.engine
TYPE = "cleanrooms:index:Collaboration"


@pytest.fixture
def folder(tmp_path: Path, empty_aws: Aws) -> Project:
    """A folder without a project."""
    return open_project(tmp_path, tmp_path / "home", empty_aws)


def do(folder: Project, *arguments: str) -> str:
    return folder.pulumi(
        "do",
        "--package",
        str(Path(make_plugin_folder()) / "pulumi-resource-cleanrooms"),
        TYPE,
        *arguments,
    )


def create_theirs(aws: Aws) -> str:
    members = [{"accountId": CREATOR, "displayName": "RetailCo", "memberAbilities": ["CAN_QUERY"]}]
    return str(
        client(aws.endpoint, STRANGER).create_collaboration(
            **request(name="theirs", members=members)
        )["collaboration"]["id"]
    )


def test_a_list_has_every_collaboration_of_the_account_on_every_page(
    folder: Project, empty_aws: Aws
) -> None:
    ids = {create(empty_aws.endpoint, name=f"n{number}")["id"] for number in range(52)}
    create_theirs(empty_aws)

    assert {each["id"] for each in json.loads(do(folder, "list", "--all"))} == ids


def test_a_list_by_name_has_those_of_the_name_and_a_count_ends_it(
    folder: Project, empty_aws: Aws
) -> None:
    ids = [create(empty_aws.endpoint, name=name)["id"] for name in ("x", "${y}", "x", "x")]

    assert json.loads(do(folder, "list", "--all", "--name", "${y}")) == [
        {"id": ids[1], "name": "${y}"}
    ]
    assert len(json.loads(do(folder, "list", "--name", "x", "--count", "2"))) == 2


def test_a_read_shows_what_another_account_made_too(folder: Project, empty_aws: Aws) -> None:
    id_ = create_theirs(empty_aws)

    shown = do(folder, "read", id_, "--output", "json")

    assert (json.loads(shown)["name"], json.loads(shown)["creatorAccountId"]) == (
        "theirs",
        STRANGER,
    )


def test_a_list_that_aws_denies_is_one_sentence(folder: Project, empty_aws: Aws) -> None:
    empty_aws.endpoint.faults.deny("ListCollaborations")

    with pytest.raises(AssertionError) as failure:
        do(folder, "list")

    errors = [line for line in str(failure.value).splitlines() if "error" in line.lower()]
    assert len(errors) == 1
    assert "listing the collaborations in us-east-1" in errors[0]
