"""The verb ``discover``: the forms for the plug-in, a program in YAML and the file of `pulumi import`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from requests_of_boto3 import BROKER, CREATOR, STRANGER, client, create, request

from cleanrooms_resource.__main__ import main

if TYPE_CHECKING:
    from aws_account import Aws

    from cleanrooms_resource.testing import Endpoint

pytestmark = pytest.mark.usefixtures("default_credentials")


@pytest.fixture(name="running")
def _running(empty_aws: Aws) -> Endpoint:
    return empty_aws.endpoint


def discover(running: Endpoint, *arguments: str) -> int:
    return main(["discover", "--endpoint-url", running.address, *arguments])


def read_yaml(running: Endpoint, capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    discover(running, "--format", "pulumi-yaml", *arguments)
    return yaml.safe_load(capsys.readouterr().out)


def read_import_file(running: Endpoint, capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    discover(running, "--format", "import-file", *arguments)
    return json.loads(capsys.readouterr().out)["resources"]


def create_elsewhere(running: Endpoint, region: str, account: str = CREATOR, **overrides: Any) -> str:
    return str(client(running, account, region).create_collaboration(**request(**overrides))["collaboration"]["id"])


def test_a_program_in_yaml_declares_a_collaboration_with_its_import_and_protect(running: Endpoint, capsys: pytest.CaptureFixture[str]) -> None:
    id_ = create(running, tags={"team": "ads"})["id"]
    running.collaborations[id_].leave(BROKER)

    assert discover(running, "--format", "pulumi-yaml") == 0
    assert (
        capsys.readouterr().out.partition("# 1 ")[2]
        == f"""collaboration of account 111122223333 in us-east-1.
name: collaborations
runtime: yaml
resources:
  # The creator is INVITED.
  "ads-measurement":
    type: cleanrooms:Collaboration
    properties:
      name: "Ads measurement"
      creatorDisplayName: "RetailCo"
      creatorMemberAbilities: [CAN_RECEIVE_RESULTS]
      queryLogStatus: ENABLED
      tags:
        "team": "ads"
      members:
        # Status: INVITED.
        "222233334444":
          displayName: "AdPlatform"
          memberAbilities: [CAN_QUERY, CAN_RECEIVE_RESULTS]
        # 333344445555 ("Broker") has the status LEFT and is not declared, because AWS invites no account twice.
    options:
      import: "{id_}"
      protect: true
"""
    )


def test_without_import_a_program_in_yaml_still_protects(running: Endpoint, capsys: pytest.CaptureFixture[str]) -> None:
    create(running)

    assert read_yaml(running, capsys, "--without-import")["resources"]["ads-measurement"]["options"] == {"protect": True}


@pytest.mark.parametrize(
    ("text", "written"),
    [("$", "$"), ("$x", "$x"), ("a$", "a$"), ("${x}", "$${x}"), ("$$", "$$$"), ("$${x}", "$$$${x}"), ("\u202e\x85", "\u202e\x85"), ("1e3", "1e3")],
)
def test_a_text_has_the_escapes_of_pulumis_yaml(running: Endpoint, capsys: pytest.CaptureFixture[str], text: str, written: str) -> None:
    create(running, description=text, tags={text: text})

    properties = read_yaml(running, capsys)["resources"]["ads-measurement"]["properties"]
    assert properties["description"] == written
    assert properties["tags"] == {written: written}


@pytest.mark.parametrize("overrides", [{"tags": {"fn::secret": "x"}}, {"tags": {"<<": "x"}}, {"description": "\nx"}, {"tags": {"x": "\ny"}}])
def test_a_collaboration_that_pulumis_yaml_cannot_hold_is_a_failure(
    running: Endpoint, capsys: pytest.CaptureFixture[str], overrides: dict[str, Any]
) -> None:
    id_ = create(running, **overrides)["id"]

    assert discover(running, "--format", "pulumi-yaml") == 1
    printed = capsys.readouterr()
    assert yaml.safe_load(printed.out)["resources"] == {}
    assert f"{id_} in us-east-1 is not written" in printed.err


def test_a_collaboration_of_another_account_is_a_comment_with_the_resource_that_reads_it(
    running: Endpoint, capsys: pytest.CaptureFixture[str]
) -> None:
    members = [{"accountId": CREATOR, "displayName": "RetailCo", "memberAbilities": []}]
    id_ = create_elsewhere(running, "eu-west-1", STRANGER, name="theirs", members=members, creatorMemberAbilities=["CAN_QUERY"])

    discover(running, "--format", "pulumi-yaml", "--region", "eu-west-1")

    get = f'theirs: {{type: cleanrooms:Collaboration, get: {{id: "{id_}", state: {{region: "eu-west-1"}}}}}}'
    assert f"# Read it with the resource {get}" in capsys.readouterr().out


def test_a_collaboration_named_pulumi_has_another_key_and_its_own_name(running: Endpoint, capsys: pytest.CaptureFixture[str]) -> None:
    create(running, name="Pulumi")

    assert read_yaml(running, capsys)["resources"]["pulumi-collaboration"]["name"] == "pulumi"


def test_an_import_file_names_each_own_collaboration(running: Endpoint, capsys: pytest.CaptureFixture[str]) -> None:
    ids = {create(running)["id"], create(running, name='"${x}"')["id"]}
    create_elsewhere(running, "us-east-1", STRANGER, members=[{"accountId": CREATOR, "displayName": "x", "memberAbilities": ["CAN_QUERY"]}])

    resources = read_import_file(running, capsys)

    assert {each["type"] for each in resources} == {"cleanrooms:index:Collaboration"}
    assert {each["id"] for each in resources} == ids
    assert [each["name"] for each in resources] == ["ads-measurement", "x"]


def test_an_import_file_is_of_one_region_and_names_the_others(running: Endpoint, capsys: pytest.CaptureFixture[str]) -> None:
    here, there = create(running)["id"], create_elsewhere(running, "eu-west-1")

    assert discover(running, "--format", "import-file", "--region", "eu-west-1", "us-east-1") == 1
    printed = capsys.readouterr()
    assert [each["id"] for each in json.loads(printed.out)["resources"]] == [here]
    assert f"{there} in eu-west-1 is not written" in printed.err


@pytest.mark.parametrize("name", ["null", "pulumi"])
def test_an_import_file_has_no_name_at_which_pulumi_fails(running: Endpoint, capsys: pytest.CaptureFixture[str], name: str) -> None:
    create(running, name=name)

    [resource] = read_import_file(running, capsys)
    assert resource["name"] == f"{name}-collaboration"


def test_an_import_file_without_import_ids_is_wrong_usage(running: Endpoint, capsys: pytest.CaptureFixture[str]) -> None:
    assert discover(running, "--format", "import-file", "--without-import") == 2
    assert "nothing but import IDs" in capsys.readouterr().err
