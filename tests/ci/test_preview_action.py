"""The action `preview`: its scripts run in a shell, with a script in the place of `pulumi`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from recorded_previews import NAMES, PREVIEWS, read_preview

from ci.workflow_runs import ACTIONS, Run, artifact, preview, pulumi, read_upload
from cleanrooms_resource.__main__ import main

if TYPE_CHECKING:
    from pathlib import Path


SECRETS = {
    "inputs": {"accessKey": "s3cr3t"},
    "outputs": {"password": "s3cr3t"},
    "id": "db-1",
    "protect": True,
}
SECRET_STEPS = [
    {
        "op": "create",
        "urn": "urn:db",
        "newState": {"type": "aws:rds:Instance", **SECRETS},
        "detailedDiff": {"s3cr3t": {}},
    },
    {
        "op": "delete",
        "urn": "urn:provider",
        "oldState": {"type": "pulumi:providers:cleanrooms", **SECRETS},
    },
    {
        "op": "update",
        "urn": "urn:own",
        "newState": {"type": "pulumi-python:dynamic:Resource", **SECRETS},
    },
]
"""Steps on resources whose values must not leave the job."""


def test_the_engine_refreshes_with_the_program_and_shows_what_is_still_to_be_deleted(
    tmp_path: Path,
) -> None:
    run = preview(tmp_path, pulumi("replace"))

    arguments = "preview --refresh --run-program --show-replacement-steps --json --non-interactive --stack test\n"
    assert (run.folder / "pulumi-arguments").read_text() == arguments


def uploaded(run: Run) -> dict[str, Any]:
    """What the job uploads."""
    document: dict[str, Any] = json.loads(read_upload(run))
    return document


def test_the_upload_has_no_configuration_and_no_values_of_other_resources(tmp_path: Path) -> None:
    document = {
        "config": {"aws:secretKey": "s3cr3t"},
        "steps": SECRET_STEPS,
        "diagnostics": [],
        "duration": 5,
        "changeSummary": {"create": 1},
    }
    (tmp_path / "document.json").write_text(json.dumps(document))
    run = preview(tmp_path, f"cat {tmp_path}/document.json")

    assert uploaded(run) == {
        "steps": [
            {
                "op": "create",
                "urn": "urn:db",
                "newState": {"type": "aws:rds:Instance", "id": "db-1", "protect": True},
            },
            {
                "op": "delete",
                "urn": "urn:provider",
                "oldState": {"type": "pulumi:providers:cleanrooms", "id": "db-1", "protect": True},
            },
            {
                "op": "update",
                "urn": "urn:own",
                "newState": {
                    "type": "pulumi-python:dynamic:Resource",
                    "id": "db-1",
                    "protect": True,
                },
            },
        ],
        "diagnostics": [],
        "changeSummary": {"create": 1},
        "exitStatus": 0,
    }
    assert {each.name for each in run.temp.iterdir()} == {"cleanrooms-preview"}


def test_text_around_the_json_stays_in_the_log(tmp_path: Path) -> None:
    run = preview(tmp_path, f"echo Installing policy pack ads...; {pulumi('replace')}")

    assert uploaded(run)["exitStatus"] == 0
    assert "policy pack" not in json.dumps(uploaded(run))
    assert "cleanrooms-resource: Ignored 1 line around the preview's JSON." in run.log


@pytest.mark.parametrize(
    "text",
    ["", "[]", "Welcome to Pulumi", "[" * 100_000, "{}{}", read_preview("replace")[:900]],
    ids=["nothing", "no preview", "no JSON", "nested", "two documents", "cut off"],
)
def test_the_verb_redact_prints_nothing_of_a_text_that_is_no_preview(
    tmp_path: Path, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "document.json").write_text(text)

    assert main(["redact", str(tmp_path / "document.json")]) == 2

    output = capsys.readouterr()
    assert output.out == ""
    assert output.err.startswith(
        "cleanrooms-resource: The input is not the output of `pulumi preview --json`."
    )


@pytest.mark.parametrize(
    "type_",
    [
        "cleanrooms:index:Collaboration",
        "aws:cleanrooms/collaboration:Collaboration",
        "aws:cleanrooms/membership:Membership",
        "aws-native:cleanrooms:Membership",
        "pulumi-python:dynamic:Resource",
    ],
)
def test_every_kind_of_collaboration_keeps_its_values(
    tmp_path: Path, type_: str, capsys: pytest.CaptureFixture[str]
) -> None:
    state = {
        "type": type_,
        "inputs": {"creatorMemberAbilities": [], "__provider": "gASV"},
        "outputs": {"__provider": "gASV", "arn": "arn"},
    }
    steps = [
        {
            "op": "update",
            "urn": "urn:ads",
            "oldState": state,
            "newState": state,
            "diffReasons": ["name"],
        }
    ]
    (tmp_path / "document.json").write_text(json.dumps({"steps": steps}))

    kept = {"type": type_, "inputs": {"creatorMemberAbilities": []}, "outputs": {"arn": "arn"}}
    assert main(["redact", str(tmp_path / "document.json")]) == 0
    assert json.loads(capsys.readouterr().out)["steps"] == [
        {**steps[0], "oldState": kept, "newState": kept}
    ]


def test_the_values_of_a_component_stay_in_the_job_whatever_its_type_is_called(
    tmp_path: Path,
) -> None:
    component = {
        "type": "ads:cleanrooms:Dashboard",
        "custom": False,
        "inputs": {"token": "s3cr3t"},
        "outputs": {"password": "s3cr3t"},
    }
    steps = [{"op": "update", "urn": "urn:ads", "oldState": component, "newState": component}]
    run = preview(tmp_path, f"echo '{json.dumps({'steps': steps})}'")

    assert "s3cr3t" not in read_upload(run)


@pytest.mark.parametrize("name", NAMES)
def test_the_upload_gives_the_comment_that_the_preview_gives(
    tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "upload.json").write_text(artifact(name))
    files = [tmp_path / "upload.json", PREVIEWS / f"{name}.json"]
    results = [(main(["comment", str(file)]), capsys.readouterr().out) for file in files]

    assert results[0] == results[1]


@pytest.mark.parametrize(
    "script",
    ["echo 'error: no stack named test found' >&2; exit 6", "exit 0"],
    ids=["no JSON", "nothing"],
)
def test_a_job_without_a_preview_fails_and_uploads_nothing(tmp_path: Path, script: str) -> None:
    run = preview(tmp_path, script)

    assert run.status != 0
    file = run.temp / "cleanrooms-preview" / "cleanrooms-preview-1-test.json"
    assert not file.exists() or file.read_text() == ""
    assert ACTIONS["preview"]["runs"]["steps"][-1]["uses"].startswith("actions/upload-artifact@")


def test_a_preview_with_errors_is_uploaded_and_its_job_does_not_fail(tmp_path: Path) -> None:
    run = preview(tmp_path, pulumi("protected", 255))

    assert run.status == 0
    assert uploaded(run)["exitStatus"] == 255


def test_a_stack_of_an_organization_has_a_name_that_artifacts_may_have(tmp_path: Path) -> None:
    assert (
        preview(tmp_path, pulumi("replace"), "retailco/tests/test").outputs["Preview"]["name"]
        == "cleanrooms-preview-retailco+tests+test"
    )
