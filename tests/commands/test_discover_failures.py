"""The verb ``discover`` where something may not be read, or cannot be written: each is one sentence."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import pytest
from requests_of_boto3 import CREATOR, MISSING, STRANGER, client, create, request

from cleanrooms_resource.__main__ import main
from cleanrooms_resource.testing.error_response import ErrorResponse
from commands.verbs import discover, read_failure

if TYPE_CHECKING:
    from pathlib import Path

    from cleanrooms_resource.testing import Endpoint

pytestmark = pytest.mark.usefixtures("default_credentials")


@pytest.mark.parametrize("arguments", [["discover"], ["invitation", MISSING]])
def test_a_misspelt_region_is_one_sentence_with_the_nearest_region(
    capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    assert main([*arguments, "--region", "eu-wset-1"]) != 0

    failure = read_failure(capsys)
    assert '"eu-wset-1" is not a region of Clean Rooms in the endpoint data of botocore ' in failure
    assert failure.endswith(
        'did you mean "eu-west-1"? If the region is right, run `pip install --upgrade boto3`.\n'
    )


@pytest.mark.parametrize("arguments", [["--id", MISSING], ["--name", "No such name"]])
def test_a_selected_collaboration_that_is_not_listed_is_one_sentence(
    running: Endpoint, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    assert discover(running, *arguments) == 1
    assert arguments[1] in read_failure(capsys, has_output=True)


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


def test_tags_that_may_not_be_read_are_one_sentence_and_the_rest_is_written(
    running: Endpoint, capsys: pytest.CaptureFixture[str]
) -> None:
    create(running, tags={"team": "ads"})
    running.faults.deny("ListTagsForResource")

    assert discover(running) == 1

    captured = capsys.readouterr()
    assert captured.err.count("\n") == 1
    assert "allow cleanrooms:ListTagsForResource" in captured.err
    assert (
        "# The tags are not declared, because they may not be read.\ncleanrooms.Collaboration("
        in captured.out
    )


@pytest.mark.parametrize("operation", ["GetCollaboration", "ListMembers"])
def test_a_collaboration_that_vanishes_while_it_is_read_is_one_sentence_and_no_failure(
    running: Endpoint, capsys: pytest.CaptureFixture[str], operation: str
) -> None:
    id_ = create(running)["id"]
    running.faults.add(operation, lambda _environ: running.collaborations.clear())
    running.faults.deny(operation)

    assert discover(running) == 0
    assert read_failure(capsys, has_output=True) == (
        f'cleanrooms-resource: Collaboration {id_} ("Ads measurement") in us-east-1 is not written: '
        "somebody deleted it while it was read.\n"
    )


def test_a_region_that_fails_is_one_sentence_and_the_other_region_is_written(
    running: Endpoint, capsys: pytest.CaptureFixture[str]
) -> None:
    create(running)

    def refuse_europe(environ: dict[str, Any]) -> None:
        if "/eu-west-1/" in environ["HTTP_AUTHORIZATION"]:
            raise ErrorResponse(
                403, "UnrecognizedClientException", "The security token is invalid."
            )

    running.faults.add("ListCollaborations", refuse_europe)

    assert discover(running, "--region", "eu-west-1", "us-east-1") == 1

    captured = capsys.readouterr()
    assert captured.err.count("\n") == 1
    assert (
        "No collaboration in eu-west-1 is written, because the region cannot be read: UnrecognizedClientException"
        in captured.err
    )
    assert '"ads-measurement"' in captured.out


def test_credentials_that_do_not_work_write_nothing(
    running: Endpoint, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    running.faults.refuse("GetCallerIdentity", 403, "InvalidClientTokenId")
    output = tmp_path / "program.py"

    assert (
        discover(running, "--role", "arn:aws:iam::111122223333:role/other", "--output", str(output))
        == 1
    )
    assert "InvalidClientTokenId" in read_failure(capsys)
    assert not output.exists()


def test_no_region_is_wrong_usage(
    running: Endpoint, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_REGION")

    assert discover(running) == 2
    assert "--region" in read_failure(capsys)


def test_a_profile_that_does_not_exist_is_one_sentence(
    running: Endpoint, capsys: pytest.CaptureFixture[str]
) -> None:
    assert discover(running, "--profile", "nobody") == 1
    assert "nobody" in read_failure(capsys)


def test_a_file_that_cannot_be_written_is_wrong_usage(
    running: Endpoint, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert discover(running, "--output", str(tmp_path / "missing" / "program.py")) == 2
    assert "cannot be written" in read_failure(capsys)


def test_tags_that_pulumi_would_read_as_ciphertext_are_not_written_into_a_stack(
    running: Endpoint, capsys: pytest.CaptureFixture[str]
) -> None:
    create(running, tags={"secure": "x"})

    assert discover(running, "--format", "stack") == 1
    assert "--format python" in read_failure(capsys, has_output=True)


def test_an_address_that_is_no_url_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as error:
        main(["discover", "--endpoint-url", "nonsense"])

    assert error.value.code == 2
    assert "must be a URL that begins with http:// or https://" in capsys.readouterr().err


def test_a_run_that_reads_no_region_leaves_the_file_as_it_is(
    running: Endpoint, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "kept.py"
    file.write_text("kept")
    running.faults.deny("ListCollaborations")

    assert discover(running, "--output", str(file), "--id", MISSING) == 1

    assert file.read_text() == "kept"
    assert "is listed in" not in capsys.readouterr().err


@pytest.mark.parametrize("operation", ["GetCollaboration", "ListMembers"])
def test_a_file_that_exists_stays_if_a_read_is_denied_and_the_rest_is_beside_it(
    running: Endpoint, capsys: pytest.CaptureFixture[str], tmp_path: Path, operation: str
) -> None:
    ids = {create(running)["id"], create(running)["id"]}
    file = tmp_path / "collaborations.json"
    file.write_text("kept")
    running.faults.deny(operation, times=1)

    assert discover(running, "--format", "json", "--output", str(file)) == 1

    partial = json.loads((tmp_path / "collaborations.json.partial").read_text())
    assert file.read_text() == "kept"
    assert len(ids & {entry["id"] for entry in partial["collaborations"]}) == 1
    assert f"{file} stays as it is, because not everything was read." in capsys.readouterr().err


def test_partial_replaces_a_file_that_exists(running: Endpoint, tmp_path: Path) -> None:
    create(running)
    create(running)
    file = tmp_path / "collaborations.json"
    file.write_text("kept")
    running.faults.deny("GetCollaboration", times=1)

    assert discover(running, "--format", "json", "--output", str(file), "--partial") == 1

    assert len(json.loads(file.read_text())["collaborations"]) == 1


def test_an_output_that_nobody_reads_is_no_traceback(
    running: Endpoint, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    create(running)
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as pipe:
        monkeypatch.setattr("sys.stdout", pipe)
        assert discover(running) == 1

    assert "Traceback" not in capfd.readouterr().err


def test_the_names_of_a_partners_collaborations_rename_no_resource_of_the_account(
    running: Endpoint, capsys: pytest.CaptureFixture[str]
) -> None:
    partner = client(running, STRANGER)
    theirs = [
        partner.create_collaboration(
            **request(members=[{"accountId": CREATOR, "displayName": "x", "memberAbilities": []}])
        )
        for _ in range(3)
    ]
    own = create(running, name="Loyalty", members=[])["id"]
    names = ("Loyalty", f"Loyalty {own[:8]}", f"Loyalty {own}")
    for answer, name in zip(theirs, names, strict=True):
        partner.update_collaboration(
            collaborationIdentifier=answer["collaboration"]["id"], name=name
        )

    assert discover(running, "--format", "json") == 0
    assert [
        each["resourceName"] for each in json.loads(capsys.readouterr().out)["collaborations"]
    ] == ["loyalty"]
