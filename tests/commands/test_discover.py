"""The verb ``discover``: what it writes, what it tells, and its exit status."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import boto3
import pytest
import yaml
from hand_made import Past, make_by_hand, pasts
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from requests_of_boto3 import ADS, BROKER, CREATOR, MISSING, STRANGER, client, create, request

from cleanrooms_resource.__main__ import main
from cleanrooms_resource.discovery.python_source import Call, render_comment, render_statement
from cleanrooms_resource.testing.error_response import ErrorResponse

if TYPE_CHECKING:
    from pathlib import Path

    from aws_account import Aws

    from cleanrooms_resource.testing import Endpoint

HOSTILE = 'x"""\\ \'); import os # noqa: F401 \u202e#  mypy: ignore-errors \U0001f600 {{ ${x} }}'


@pytest.fixture(autouse=True)
def _credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "local")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "local")
    monkeypatch.setenv("AWS_REGION", "us-east-1")


@pytest.fixture(name="running")
def _running(empty_aws: Aws) -> Endpoint:
    return empty_aws.endpoint


def discover(running: Endpoint, *arguments: str) -> int:
    return main(["discover", "--endpoint-url", running.address, *arguments])


def read_json(running: Endpoint, capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    discover(running, "--format", "json", *arguments)
    return json.loads(capsys.readouterr().out)


def read_failure(capsys: pytest.CaptureFixture[str]) -> str:
    """Return the only line on standard error."""
    error = capsys.readouterr().err
    assert error.count("\n") == 1, error
    return error.removeprefix("cleanrooms-resource: ")


def create_elsewhere(running: Endpoint, region: str, account: str = CREATOR, **overrides: Any) -> str:
    return str(client(running, account, region).create_collaboration(**request(**overrides))["collaboration"]["id"])


def test_a_program_declares_a_collaboration_with_its_import_and_protect(running: Endpoint, capsys: pytest.CaptureFixture[str]) -> None:
    id_ = create(running, members=[], creatorMemberAbilities=["CAN_QUERY", "CAN_RECEIVE_RESULTS"], tags={"team": "ads"})["id"]

    assert discover(running) == 0
    assert (
        capsys.readouterr().out
        == f'''"""Collaborations of AWS Clean Rooms, written by `cleanrooms-resource discover`."""

import pulumi

# isort: split
import cleanrooms_resource as cleanrooms

# 1 collaboration of account 111122223333 in us-east-1.

# The creator is INVITED.
cleanrooms.Collaboration(
    "ads-measurement",
    name="Ads measurement",
    creator_display_name="RetailCo",
    creator_member_abilities=["CAN_QUERY", "CAN_RECEIVE_RESULTS"],
    query_log_status="ENABLED",
    tags={{"team": "ads"}},
    opts=pulumi.ResourceOptions(
        import_="{id_}",
        protect=True,
    ),
)
'''
    )


def test_without_import_the_program_still_protects(running: Endpoint, capsys: pytest.CaptureFixture[str]) -> None:
    create(running)

    discover(running, "--without-import")

    program = capsys.readouterr().out
    assert "import_" not in program
    assert "protect=True" in program


def test_hostile_names_stay_in_a_program_that_passes_mypy_strict_and_ruff(running: Endpoint, tmp_path: Path) -> None:
    members = [{"accountId": each, "displayName": HOSTILE, "memberAbilities": []} for each in (ADS, BROKER)]
    id_ = create(running, name=HOSTILE, description=HOSTILE * 3, members=members, tags={HOSTILE: HOSTILE})["id"]
    running.collaborations[id_].leave(ADS)
    create_elsewhere(running, "us-east-1", STRANGER, name=HOSTILE, creatorDisplayName=HOSTILE, members=[members[0] | {"accountId": CREATOR}])
    program = tmp_path / "program.py"

    assert discover(running, "--output", str(program)) == 0
    for command in (
        ["ruff", "check", "--isolated", "--select=ALL", "--ignore=D203,D213,INP001,CPY001,E501,RUF001,RUF003"],
        ["ruff", "format", "--isolated", "--check"],
        ["mypy", "--strict", f"--cache-dir={tmp_path}"],
    ):
        done = subprocess.run([sys.executable, "-m", *command, str(program)], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


def test_a_members_status_is_a_comment(running: Endpoint, capsys: pytest.CaptureFixture[str]) -> None:
    running.collaborations[create(running)["id"]].join(BROKER)

    discover(running)

    assert f'        # Status: ACTIVE.\n        cleanrooms.CollaborationMemberArgs(\n            account_id="{BROKER}",' in capsys.readouterr().out


@pytest.mark.parametrize("status", ["LEFT", "REMOVED"])
@pytest.mark.parametrize("form", ["python", "stack"])
def test_a_member_who_departed_is_only_a_comment(running: Endpoint, capsys: pytest.CaptureFixture[str], form: str, status: str) -> None:
    running.collaborations[create(running)["id"]].statuses[BROKER] = status

    discover(running, "--format", form)

    lines = [line.strip() for line in capsys.readouterr().out.splitlines() if BROKER in line]
    assert len(lines) == 1
    assert lines[0].startswith(f'# {BROKER} ("Broker") has the status {status}')


def test_the_collaboration_of_another_account_is_a_comment_with_the_get_that_reads_it(running: Endpoint, capsys: pytest.CaptureFixture[str]) -> None:
    invited = [{"accountId": CREATOR, "displayName": "RetailCo", "memberAbilities": []}]
    id_ = create_elsewhere(running, "eu-west-1", STRANGER, name="Theirs", members=invited)

    assert discover(running, "--region", "eu-west-1") == 0

    text = " ".join(line.removeprefix("# ") for line in capsys.readouterr().out.splitlines())
    assert f'Account {STRANGER} ("RetailCo") made "Theirs" in eu-west-1' in text
    assert f'cleanrooms.Collaboration.get("theirs", "{id_}", region="eu-west-1")' in text
    assert "cleanrooms.Collaboration(" not in text


def test_an_account_without_collaborations_is_a_program_that_declares_nothing(running: Endpoint, capsys: pytest.CaptureFixture[str]) -> None:
    assert discover(running) == 0
    assert "# There is no collaboration of account 111122223333 in us-east-1 to declare." in capsys.readouterr().out


def test_an_account_without_collaborations_is_a_stack_without_entries(running: Endpoint, capsys: pytest.CaptureFixture[str]) -> None:
    assert discover(running, "--format", "stack") == 0
    assert yaml.safe_load(capsys.readouterr().out) == {"config": {"cleanrooms:collaborations": {}}}


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["Ads measurement"], ["ads-measurement"]),
        (["Réseau  d'été!"], ["reseau-d-ete"]),
        (["広告"], ["collaboration"]),
        (["a" * 100], ["a" * 60]),
        (["ads", "Ads", "ADS"], ["ads", "ads-ID", "ads-ID"]),
    ],
)
def test_a_name_becomes_a_legal_resource_name_and_only_the_oldest_has_the_plain_one(
    running: Endpoint, capsys: pytest.CaptureFixture[str], names: list[str], expected: list[str]
) -> None:
    ids = [create(running, name=name)["id"] for name in names]

    entries = {entry["id"]: entry["resourceName"] for entry in read_json(running, capsys)["collaborations"]}

    assert [entries[id_] for id_ in ids] == [name.replace("ID", id_[:8]) for name, id_ in zip(expected, ids, strict=True)]


def test_values_that_aws_fills_in_are_not_declared(running: Endpoint, capsys: pytest.CaptureFixture[str]) -> None:
    create(running, members=[])

    assert read_json(running, capsys)["collaborations"][0]["declaration"] == {
        "name": "Ads measurement",
        "creatorDisplayName": "RetailCo",
        "creatorMemberAbilities": ["CAN_RECEIVE_RESULTS"],
        "queryLogStatus": "ENABLED",
    }


def test_the_region_is_declared_where_it_is_not_the_region_in_effect(running: Endpoint, capsys: pytest.CaptureFixture[str]) -> None:
    create(running, name="Here")
    create_elsewhere(running, "eu-west-1", name="There")

    entries = read_json(running, capsys, "--region", "us-east-1", "eu-west-1")["collaborations"]

    assert {entry["resourceName"]: entry["declaration"].get("region") for entry in entries} == {"here": None, "there": "eu-west-1"}


def test_all_regions_reads_every_region_of_clean_rooms(running: Endpoint, capsys: pytest.CaptureFixture[str]) -> None:
    regions = set(boto3.Session().get_available_regions("cleanrooms"))
    for region in regions:
        create_elsewhere(running, region)

    assert {entry["region"] for entry in read_json(running, capsys, "--all-regions")["collaborations"]} == regions


def test_ids_and_names_select_collaborations(running: Endpoint, capsys: pytest.CaptureFixture[str]) -> None:
    ids = {name: create(running, name=name)["id"] for name in ("One", "Two", "Three")}

    entries = read_json(running, capsys, "--id", ids["One"], "--name", "Three")["collaborations"]

    assert {entry["id"] for entry in entries} == {ids["One"], ids["Three"]}


def test_a_selection_keeps_the_resource_names(running: Endpoint, capsys: pytest.CaptureFixture[str]) -> None:
    create(running, name="ads")
    id_ = create(running, name="Ads")["id"]

    assert read_json(running, capsys, "--id", id_)["collaborations"][0]["resourceName"] == f"ads-{id_[:8]}"


@pytest.mark.parametrize("arguments", [["--id", MISSING], ["--name", "No such name"]])
def test_a_selected_collaboration_that_is_not_listed_is_one_sentence(
    running: Endpoint, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    assert discover(running, *arguments) == 1
    assert arguments[1] in read_failure(capsys)


@pytest.mark.parametrize("operation", ["GetCollaboration", "ListMembers"])
def test_a_denied_collaboration_is_one_sentence_and_the_others_are_written(
    running: Endpoint, capsys: pytest.CaptureFixture[str], operation: str
) -> None:
    ids = [create(running)["id"], create(running)["id"]]
    running.faults.deny(operation, times=1)

    assert discover(running, "--format", "json") == 1

    captured = capsys.readouterr()
    written = [entry["id"] for entry in json.loads(captured.out)["collaborations"]]
    (denied,) = set(ids) - set(written)
    assert captured.err.count("\n") == 1
    assert f"Collaboration {denied} (" in captured.err
    assert "AccessDeniedException" in captured.err


def test_tags_that_may_not_be_read_are_one_sentence_and_the_rest_is_written(running: Endpoint, capsys: pytest.CaptureFixture[str]) -> None:
    create(running, tags={"team": "ads"})
    running.faults.deny("ListTagsForResource")

    assert discover(running) == 1

    captured = capsys.readouterr()
    assert captured.err.count("\n") == 1
    assert "allow cleanrooms:ListTagsForResource" in captured.err
    assert "# The tags are not declared, because they may not be read.\ncleanrooms.Collaboration(" in captured.out


@pytest.mark.parametrize("operation", ["GetCollaboration", "ListMembers", "ListTagsForResource"])
def test_a_collaboration_that_vanishes_while_it_is_read_is_one_sentence_and_no_failure(
    running: Endpoint, capsys: pytest.CaptureFixture[str], operation: str
) -> None:
    id_ = create(running)["id"]
    running.faults.add(operation, lambda _environ: running.collaborations.clear())
    running.faults.deny(operation)

    assert discover(running) == 0
    assert read_failure(capsys) == f'Collaboration {id_} ("Ads measurement") in us-east-1 is not written: somebody deleted it while it was read.\n'


def test_a_region_that_fails_is_one_sentence_and_the_other_region_is_written(running: Endpoint, capsys: pytest.CaptureFixture[str]) -> None:
    create(running)

    def refuse_europe(environ: dict[str, Any]) -> None:
        if "/eu-west-1/" in environ["HTTP_AUTHORIZATION"]:
            raise ErrorResponse(403, "UnrecognizedClientException", "The security token is invalid.")

    running.faults.add("ListCollaborations", refuse_europe)

    assert discover(running, "--region", "eu-west-1", "us-east-1") == 1

    captured = capsys.readouterr()
    assert captured.err.count("\n") == 1
    assert "No collaboration in eu-west-1 is written, because the region cannot be read: UnrecognizedClientException" in captured.err
    assert '"ads-measurement"' in captured.out


def test_credentials_that_do_not_work_write_nothing(running: Endpoint, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    running.faults.refuse("GetCallerIdentity", 403, "InvalidClientTokenId")
    output = tmp_path / "program.py"

    assert discover(running, "--role", "arn:aws:iam::111122223333:role/other", "--output", str(output)) == 1
    assert "InvalidClientTokenId" in read_failure(capsys)
    assert not output.exists()


def test_no_region_is_wrong_usage(running: Endpoint, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_REGION")

    assert discover(running) == 2
    assert "--region" in read_failure(capsys)


def test_a_profile_that_does_not_exist_is_one_sentence(running: Endpoint, capsys: pytest.CaptureFixture[str]) -> None:
    assert discover(running, "--profile", "nobody") == 1
    assert "nobody" in read_failure(capsys)


def test_a_role_acts_with_its_own_keys(running: Endpoint, capsys: pytest.CaptureFixture[str]) -> None:
    create(running)
    keys: set[str] = set()
    running.faults.add("GetCollaboration", lambda environ: keys.add(environ["HTTP_AUTHORIZATION"].split("Credential=")[1][:4]))

    assert discover(running, "--role", "arn:aws:iam::111122223333:role/reader") == 0
    assert keys == {"ASIA"}
    assert '"ads-measurement"' in capsys.readouterr().out


def test_a_file_that_cannot_be_written_is_wrong_usage(running: Endpoint, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert discover(running, "--output", str(tmp_path / "missing" / "program.py")) == 2
    assert "cannot be written" in read_failure(capsys)


def test_tags_that_pulumi_would_read_as_ciphertext_are_not_written_into_a_stack(running: Endpoint, capsys: pytest.CaptureFixture[str]) -> None:
    create(running, tags={"secure": "x"})

    assert discover(running, "--format", "stack") == 1
    assert "--format python" in read_failure(capsys)


def test_500_throttled_collaborations_are_one_run(running: Endpoint, capsys: pytest.CaptureFixture[str]) -> None:
    for number in range(500):
        create(running, name=f"Number {number}", members=[])
    running.faults.throttle("GetCollaboration", 100)

    written = read_json(running, capsys)["collaborations"]

    assert {entry["resourceName"] for entry in written} == {f"number-{number}" for number in range(500)}


@given(past=pasts)
@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.function_scoped_fixture])
def test_a_stacks_yaml_means_what_the_json_says(empty_aws: Aws, capsys: pytest.CaptureFixture[str], past: Past) -> None:
    empty_aws.endpoint.collaborations.clear()
    make_by_hand(empty_aws, past)
    entry = read_json(empty_aws.endpoint, capsys)["collaborations"][0]

    discover(empty_aws.endpoint, "--format", "stack")

    entries = yaml.safe_load(capsys.readouterr().out)["config"]["cleanrooms:collaborations"]
    if entry["declaration"].get("tags", {}).keys() != {"secure"}:
        assert entries == {entry["resourceName"]: {"import": entry["id"], "protect": True, **entry["declaration"]}}


@given(text=st.text(st.characters(codec="utf-8"), min_size=1))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])  # the credentials are no part of the example
def test_no_name_ends_its_literal_or_its_comment(text: str) -> None:
    scope: dict[str, Any] = {"call": lambda **keywords: keywords}
    exec(f"{render_comment(text)}value = {render_statement(Call('call', (), {'text': text, 'tags': {text: text * 40}}))}", scope)

    assert scope["value"] == {"text": text, "tags": {text: text * 40}}
