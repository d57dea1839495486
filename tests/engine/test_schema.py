"""The SDKs that Pulumi generates from the plug-in's schema."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from cleanrooms_resource.declaration.limits import list_words
from cleanrooms_resource.plugin.servicer import SCHEMA_FILE, VERSION

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.engine

SCHEMA = json.loads(SCHEMA_FILE.read_text()) | {"version": VERSION}

PROGRAM = """
import json, sys, typing
import pulumi, pulumi_cleanrooms as cleanrooms

class Mocks(pulumi.runtime.Mocks):
    def new_resource(self, args):
        seen.append([args.typ, args.inputs])
        return "id", {**args.inputs, "creatorMemberAbilities": ["CAN_FLY"]}
    def call(self, args):
        return {}

seen = []
pulumi.runtime.set_mocks(Mocks())

@pulumi.runtime.test
def declare():
    ads = cleanrooms.Collaboration(
        "ads",
        creator_display_name="RetailCo",
        creator_member_abilities=[cleanrooms.MemberAbility.CAN_QUERY, "CAN_RECEIVE_RESULTS"],
        query_log_status=cleanrooms.QueryLogStatus.ENABLED,
        members={"222233334444": cleanrooms.MemberArgs(display_name="AdPlatform", member_abilities=[])},
        member_list=[{"account_id": pulumi.Output.from_input("333344445555"), "display_name": "Broker", "member_abilities": []}],
        creator_ml_member_abilities={"custom_ml_member_abilities": [cleanrooms.CustomMlMemberAbility.CAN_RECEIVE_MODEL_OUTPUT]},
    )
    abilities = ads.creator_member_abilities.apply(lambda abilities: seen.append(["abilities", abilities]))
    return abilities.apply(lambda _: ads.members.apply(lambda members: seen.append(["name", members["222233334444"].display_name])))

declare()
hints = {name: str(hint) for name, hint in typing.get_type_hints(cleanrooms.CollaborationArgs.__init__, vars(cleanrooms.collaboration)).items()}
print(json.dumps({"seen": seen, "hints": hints, "abilities": [each.name for each in cleanrooms.MemberAbility]}))
"""


def generate_sdk(
    language: str, folder: Path, schema: dict[str, Any] = SCHEMA
) -> subprocess.CompletedProcess[str]:
    """Have Pulumi generate an SDK into a folder."""
    file = folder / "schema.json"
    file.write_text(json.dumps(schema))
    environment = os.environ | {
        "PULUMI_HOME": str(folder / "home"),
        "PULUMI_SKIP_UPDATE_CHECK": "1",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "1",
    }
    command = [
        "pulumi",
        "package",
        "gen-sdk",
        "./schema.json",
        "--language",
        language,
        "--local",
        "--out",
        str(folder),
    ]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    ("language", "file", "text"),
    [
        (
            "python",
            "pulumi_cleanrooms/_enums.py",
            'CAN_EXPORT_QUERY_ANALYSIS_LOG = "CAN_EXPORT_QUERY_ANALYSIS_LOG"',
        ),
        (
            "nodejs",
            "types/input.ts",
            "memberAbilities: pulumi.Input<pulumi.Input<string | enums.MemberAbility>[]>;",
        ),
        ("go", "go.mod", "module "),
    ],
)
def test_pulumi_takes_the_schema_and_generates_an_sdk(
    tmp_path: Path, language: str, file: str, text: str
) -> None:
    generation = generate_sdk(language, tmp_path)

    if "no language plugin" in generation.stderr:
        pytest.skip(f"no language host for {language} on PATH")
    assert (generation.returncode, "warning" in generation.stderr) == (0, False), generation.stderr
    assert text in (tmp_path / language / file).read_text()


def test_pulumi_judges_a_schema_by_its_own(tmp_path: Path) -> None:
    generation = generate_sdk(
        "python", tmp_path, {**SCHEMA, "types": {"cleanrooms:index:Member": {"type": "objekt"}}}
    )

    assert generation.returncode != 0


@pytest.fixture(scope="module")
def python_program(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """A program with the Python SDK: what the engine is told, what the outputs are, what the types of the arguments are."""
    folder = tmp_path_factory.mktemp("sdk")
    generate_sdk("python", folder)
    # The SDK looks for its own distribution, which `pip install` would make.
    (folder / "python" / "pulumi_cleanrooms.dist-info").mkdir()
    (folder / "python" / "pulumi_cleanrooms.dist-info" / "METADATA").write_text(
        f"Name: pulumi_cleanrooms\nVersion: {SCHEMA['version']}\n"
    )
    program = folder / "program.py"
    program.write_text(PROGRAM)
    environment = os.environ | {"PYTHONPATH": str(folder / "python")}
    run = subprocess.run(
        [sys.executable, str(program)], env=environment, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    result: dict[str, Any] = json.loads(run.stdout)
    return result


def test_a_python_program_sends_the_declaration_as_boto3_spells_it(
    python_program: dict[str, Any],
) -> None:
    assert python_program["seen"][0] == [
        "cleanrooms:index:Collaboration",
        {
            "creatorDisplayName": "RetailCo",
            "creatorMemberAbilities": ["CAN_QUERY", "CAN_RECEIVE_RESULTS"],
            "queryLogStatus": "ENABLED",
            "members": {"222233334444": {"displayName": "AdPlatform", "memberAbilities": []}},
            "memberList": [
                {"accountId": "333344445555", "displayName": "Broker", "memberAbilities": []}
            ],
            "creatorMLMemberAbilities": {"customMLMemberAbilities": ["CAN_RECEIVE_MODEL_OUTPUT"]},
        },
    ]


def test_an_output_that_the_sdk_does_not_know_is_its_text(python_program: dict[str, Any]) -> None:
    assert python_program["seen"][1] == ["abilities", ["CAN_FLY"]]


def test_a_member_among_the_outputs_has_attributes(python_program: dict[str, Any]) -> None:
    assert python_program["seen"][2] == ["name", "AdPlatform"]


def test_the_arguments_of_a_python_program_have_types(python_program: dict[str, Any]) -> None:
    hints = python_program["hints"]

    assert "MemberArgs" in hints["members"]
    assert "MemberListEntryArgs" in hints["member_list"]
    assert "enums.QueryLogStatus" in hints["query_log_status"]


def test_an_ability_has_its_own_name_in_python(python_program: dict[str, Any]) -> None:
    assert set(python_program["abilities"]) <= list_words()
