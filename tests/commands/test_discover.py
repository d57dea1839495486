"""The verb ``discover``: what it writes, what it tells, and its exit status."""

from __future__ import annotations

import io
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
from requests_of_boto3 import ADS, BROKER, CREATOR, STRANGER, client, create, request

from cleanrooms_resource.discovery.python_source import Call, render_comment, render_statement
from commands.verbs import discover

if TYPE_CHECKING:
    from pathlib import Path

    from aws_account import Aws

    from cleanrooms_resource.testing import Endpoint

pytestmark = pytest.mark.usefixtures("default_credentials")

PAYER = {"queryCompute": {"isResponsible": True}}
HOSTILE = 'x"""\\ \'); import os # noqa: F401 \u202e#  mypy: ignore-errors \U0001f600 {{ ${x} }}'


def read_json(running: Endpoint, capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    discover(running, "--format", "json", *arguments)
    return json.loads(capsys.readouterr().out)


def test_a_program_declares_a_collaboration_with_its_import_and_protect(
    running: Endpoint, capsys: pytest.CaptureFixture[str]
) -> None:
    id_ = create(
        running,
        members=[],
        creatorMemberAbilities=["CAN_QUERY", "CAN_RECEIVE_RESULTS"],
        tags={"team": "ads"},
    )["id"]

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


def test_without_import_the_program_still_protects(
    running: Endpoint, capsys: pytest.CaptureFixture[str]
) -> None:
    create(running)

    discover(running, "--without-import")

    program = capsys.readouterr().out
    assert "import_" not in program
    assert "protect=True" in program


def test_hostile_names_stay_in_a_program_that_passes_mypy_strict_and_ruff(
    running: Endpoint, tmp_path: Path
) -> None:
    members = [
        {"accountId": each, "displayName": HOSTILE, "memberAbilities": []} for each in (ADS, BROKER)
    ]
    id_ = create(
        running, name=HOSTILE, description=HOSTILE * 3, members=members, tags={HOSTILE: HOSTILE}
    )["id"]
    running.collaborations[id_].leave(ADS)
    create(
        running,
        STRANGER,
        name=HOSTILE,
        creatorDisplayName=HOSTILE,
        members=[members[0] | {"accountId": CREATOR}],
    )
    program = tmp_path / "program.py"

    assert discover(running, "--output", str(program)) == 0
    for command in (
        [
            "ruff",
            "check",
            "--isolated",
            "--select=ALL",
            "--ignore=D203,D213,INP001,CPY001,E501,RUF001,RUF003",
        ],
        ["ruff", "format", "--isolated", "--check"],
        ["mypy", "--strict", f"--cache-dir={tmp_path}"],
    ):
        done = subprocess.run(
            [sys.executable, "-m", *command, str(program)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr


def test_a_members_status_is_a_comment(
    running: Endpoint, capsys: pytest.CaptureFixture[str]
) -> None:
    running.collaborations[create(running)["id"]].join(BROKER)

    discover(running)

    assert (
        f'        # Status: ACTIVE.\n        cleanrooms.CollaborationMemberArgs(\n            account_id="{BROKER}",'
        in capsys.readouterr().out
    )


@pytest.mark.parametrize("status", ["LEFT", "REMOVED"])
@pytest.mark.parametrize("form", ["python", "stack"])
def test_a_member_who_departed_is_only_a_comment(
    running: Endpoint, capsys: pytest.CaptureFixture[str], form: str, status: str
) -> None:
    running.collaborations[create(running)["id"]].statuses[BROKER] = status

    discover(running, "--format", form)

    lines = [line.strip() for line in capsys.readouterr().out.splitlines() if BROKER in line]
    assert len(lines) == 1
    assert lines[0].startswith(f'# {BROKER} ("Broker") has the status {status}')


def test_the_collaboration_of_another_account_is_a_comment_with_the_get_that_reads_it(
    running: Endpoint, capsys: pytest.CaptureFixture[str]
) -> None:
    invited = [{"accountId": CREATOR, "displayName": "RetailCo", "memberAbilities": []}]
    id_ = create(running, STRANGER, "eu-west-1", name="Theirs", members=invited)["id"]

    assert discover(running, "--region", "eu-west-1") == 0

    text = " ".join(line.removeprefix("# ") for line in capsys.readouterr().out.splitlines())
    assert f'Account {STRANGER} ("RetailCo") made "Theirs" in eu-west-1' in text
    assert f'cleanrooms.Collaboration.get("theirs", "{id_}", region="eu-west-1")' in text
    assert "cleanrooms.Collaboration(" not in text


def test_an_account_without_collaborations_is_a_program_that_declares_nothing(
    running: Endpoint, capsys: pytest.CaptureFixture[str]
) -> None:
    assert discover(running) == 0
    assert (
        "# There is no collaboration of account 111122223333 in us-east-1 to declare."
        in capsys.readouterr().out
    )


def test_an_account_without_collaborations_is_a_stack_without_entries(
    running: Endpoint, capsys: pytest.CaptureFixture[str]
) -> None:
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

    entries = {
        entry["id"]: entry["resourceName"] for entry in read_json(running, capsys)["collaborations"]
    }

    assert [entries[id_] for id_ in ids] == [
        name.replace("ID", id_[:8]) for name, id_ in zip(expected, ids, strict=True)
    ]


def test_values_that_aws_fills_in_are_not_declared(
    running: Endpoint, capsys: pytest.CaptureFixture[str]
) -> None:
    create(running, members=[])

    assert read_json(running, capsys)["collaborations"][0]["declaration"] == {
        "name": "Ads measurement",
        "creatorDisplayName": "RetailCo",
        "creatorMemberAbilities": ["CAN_RECEIVE_RESULTS"],
        "queryLogStatus": "ENABLED",
    }


def test_the_region_is_declared_where_it_is_not_the_region_in_effect(
    running: Endpoint, capsys: pytest.CaptureFixture[str]
) -> None:
    create(running, name="Here")
    create(running, region="eu-west-1", name="There")

    entries = read_json(running, capsys, "--region", "us-east-1", "eu-west-1")["collaborations"]

    assert {entry["resourceName"]: entry["declaration"].get("region") for entry in entries} == {
        "here": None,
        "there": "eu-west-1",
    }


def test_all_regions_reads_every_region_of_clean_rooms(
    running: Endpoint, capsys: pytest.CaptureFixture[str]
) -> None:
    regions = set(boto3.Session().get_available_regions("cleanrooms"))
    for region in regions:
        create(running, region=region)

    assert {
        entry["region"] for entry in read_json(running, capsys, "--all-regions")["collaborations"]
    } == regions


def test_ids_and_names_select_collaborations(
    running: Endpoint, capsys: pytest.CaptureFixture[str]
) -> None:
    ids = {name: create(running, name=name)["id"] for name in ("One", "Two", "Three")}

    entries = read_json(running, capsys, "--id", ids["One"], "--name", "Three")["collaborations"]

    assert {entry["id"] for entry in entries} == {ids["One"], ids["Three"]}


def test_a_selection_keeps_the_resource_names(
    running: Endpoint, capsys: pytest.CaptureFixture[str]
) -> None:
    create(running, name="ads")
    id_ = create(running, name="Ads")["id"]

    assert (
        read_json(running, capsys, "--id", id_)["collaborations"][0]["resourceName"]
        == f"ads-{id_[:8]}"
    )


def test_a_role_acts_with_its_own_keys(
    running: Endpoint, capsys: pytest.CaptureFixture[str]
) -> None:
    create(running)
    keys: set[str] = set()
    running.faults.add(
        "GetCollaboration",
        lambda environ: keys.add(environ["HTTP_AUTHORIZATION"].split("Credential=")[1][:4]),
    )

    assert discover(running, "--role", "arn:aws:iam::111122223333:role/reader") == 0
    assert keys == {"ASIA"}
    assert '"ads-measurement"' in capsys.readouterr().out


def test_500_throttled_collaborations_are_one_run(
    running: Endpoint, capsys: pytest.CaptureFixture[str]
) -> None:
    api = client(running)
    for number in range(500):
        api.create_collaboration(**request(name=f"Number {number}", members=[]))
    running.faults.throttle("GetCollaboration", 100)

    written = read_json(running, capsys)["collaborations"]

    assert {entry["resourceName"] for entry in written} == {
        f"number-{number}" for number in range(500)
    }


@given(past=pasts)
@settings(
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.filter_too_much,
        HealthCheck.function_scoped_fixture,
    ]
)
def test_a_stacks_yaml_means_what_the_json_says(
    empty_aws: Aws, capsys: pytest.CaptureFixture[str], past: Past
) -> None:
    empty_aws.endpoint.collaborations.clear()
    make_by_hand(empty_aws, past)
    entry = read_json(empty_aws.endpoint, capsys)["collaborations"][0]

    discover(empty_aws.endpoint, "--format", "stack")

    entries = yaml.safe_load(capsys.readouterr().out)["config"]["cleanrooms:collaborations"]
    if entry["declaration"].get("tags", {}).keys() != {"secure"}:
        assert entries == {
            entry["resourceName"]: {"import": entry["id"], "protect": True, **entry["declaration"]}
        }


@given(text=st.text(st.characters(codec="utf-8"), min_size=1))
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture]
)  # the credentials are no part of the example
def test_no_name_ends_its_literal_or_its_comment(text: str) -> None:
    scope: dict[str, Any] = {"call": lambda **keywords: keywords}
    exec(
        f"{render_comment(text)}value = {render_statement(Call('call', (), {'text': text, 'tags': {text: text * 40}}))}",
        scope,
    )

    assert scope["value"] == {"text": text, "tags": {text: text * 40}}


def test_a_terminal_sees_progress(running: Endpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    create(running)
    terminal = io.StringIO()
    monkeypatch.setattr(terminal, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")

    discover(running)

    assert "Reading collaborations" in terminal.getvalue()
    assert "1/1" in terminal.getvalue()


@pytest.mark.parametrize(
    ("payment", "declared"),
    [
        ({}, None),
        ({"queryCompute": {"isResponsible": True}}, {"queryCompute": {"isResponsible": True}}),
    ],
    ids=["the member who queries pays", "the creator pays"],
)
def test_only_payers_other_than_the_member_who_queries_are_declared(
    running: Endpoint,
    capsys: pytest.CaptureFixture[str],
    payment: dict[str, Any],
    declared: dict[str, Any] | None,
) -> None:
    parameters: dict[str, Any] = {"creatorPaymentConfiguration": payment} if payment else {}
    create(running, **parameters)

    (entry,) = read_json(running, capsys)["collaborations"]

    assert entry["declaration"].get("creatorPaymentConfiguration") == declared


@pytest.mark.parametrize("remaining", [PAYER, {"queryCompute": {"isResponsible": False}}])
def test_a_payer_who_departed_is_a_note(
    running: Endpoint, capsys: pytest.CaptureFixture[str], remaining: dict[str, Any]
) -> None:
    payments = {ADS: PAYER, BROKER: remaining}
    members = [
        {
            "accountId": each,
            "displayName": "x",
            "memberAbilities": [],
            "paymentConfiguration": payments[each],
        }
        for each in payments
    ]
    running.collaborations[create(running, members=members)["id"]].leave(ADS)

    (entry,) = read_json(running, capsys)["collaborations"]

    assert entry["notes"] == [
        "The payers are not declared, because a payer left or was removed. Decide who pays before you change the members."
    ]
    assert "paymentConfiguration" not in entry["declaration"]["members"][BROKER]
