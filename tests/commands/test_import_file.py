"""The verb ``discover``: the file of `pulumi import`, for the plug-in."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from requests_of_boto3 import CREATOR, STRANGER, create

from commands.verbs import discover

if TYPE_CHECKING:
    from cleanrooms_resource.testing import Endpoint

pytestmark = pytest.mark.usefixtures("default_credentials")


def read_import_file(running: Endpoint, capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    discover(running, "--format", "import-file", *arguments)
    return json.loads(capsys.readouterr().out)["resources"]


def test_an_import_file_names_each_own_collaboration(
    running: Endpoint, capsys: pytest.CaptureFixture[str]
) -> None:
    ids = {create(running)["id"], create(running, name='"${x}"')["id"]}
    create(
        running,
        STRANGER,
        members=[{"accountId": CREATOR, "displayName": "x", "memberAbilities": ["CAN_QUERY"]}],
    )

    resources = read_import_file(running, capsys)

    assert {each["type"] for each in resources} == {"cleanrooms:index:Collaboration"}
    assert {each["id"] for each in resources} == ids
    assert [each["name"] for each in resources] == ["ads-measurement", "x"]


def test_an_import_file_is_of_one_region_and_names_the_others(
    running: Endpoint, capsys: pytest.CaptureFixture[str]
) -> None:
    here, there = (create(running, region=region)["id"] for region in ("us-east-1", "eu-west-1"))

    assert discover(running, "--format", "import-file", "--region", "eu-west-1", "us-east-1") == 1
    printed = capsys.readouterr()
    assert [each["id"] for each in json.loads(printed.out)["resources"]] == [here]
    assert f"{there} in eu-west-1 is not written" in printed.err


@pytest.mark.parametrize("name", ["null", "pulumi"])
def test_an_import_file_has_no_name_at_which_pulumi_fails(
    running: Endpoint, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    create(running, name=name)

    [resource] = read_import_file(running, capsys)
    assert resource["name"] == f"{name}-collaboration"


def test_an_import_file_without_import_ids_is_wrong_usage(
    running: Endpoint, capsys: pytest.CaptureFixture[str]
) -> None:
    assert discover(running, "--format", "import-file", "--without-import") == 2
    assert "nothing but import IDs" in capsys.readouterr().err
