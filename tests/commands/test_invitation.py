"""The verb ``invitation``: what it writes of each member, and the snippets, which are run or validated."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cmarkgfm
import hcl2
import pulumi
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mypy import api
from pulumi.runtime import set_mocks
from recording_mocks import RecordingMocks
from requests_of_boto3 import ADS, BROKER, CREATOR, MISSING, STRANGER, create, statuses
from test_stacks import program as stacks_program
from test_stacks import read_collaborations

from cleanrooms_resource.__main__ import main
from cleanrooms_resource.testing import rehearse
from commands.verbs import read_failure

if TYPE_CHECKING:
    from cleanrooms_resource.testing import Endpoint

pytestmark = pytest.mark.usefixtures("default_credentials")

PAYER = {"queryCompute": {"isResponsible": True}}
ML_PAYER = {
    "queryCompute": {"isResponsible": False},
    "machineLearning": {"modelTraining": {"isResponsible": True}},
}
RECEIVER = {
    "accountId": BROKER,
    "displayName": "Broker",
    "memberAbilities": ["CAN_RECEIVE_RESULTS"],
    "paymentConfiguration": PAYER,
}
QUERIER = {"accountId": ADS, "displayName": "AdPlatform", "memberAbilities": ["CAN_QUERY"]}


def invite(running: Endpoint, id_: str, *arguments: str) -> int:
    return main(["invitation", id_, "--endpoint-url", running.address, *arguments])


def read_json(
    running: Endpoint, capsys: pytest.CaptureFixture[str], id_: str, *arguments: str
) -> list[dict[str, Any]]:
    assert invite(running, id_, "--format", "json", *arguments) == 0
    documents: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    return documents


def read_snippet(
    running: Endpoint, capsys: pytest.CaptureFixture[str], member: dict[str, Any], language: str
) -> str:
    """Create a collaboration that invites the member, and return a snippet of the invitation."""
    (document,) = read_json(running, capsys, create(running, members=[member])["id"])
    return str(document["snippets"][language])


def test_an_invitation_says_what_the_member_may_what_it_pays_and_what_it_must_name(
    running: Endpoint, capsys: pytest.CaptureFixture[str]
) -> None:
    id_ = create(running, members=[QUERIER, RECEIVER])["id"]

    assert invite(running, id_, "--member", BROKER) == 0

    text = capsys.readouterr().out
    for line in (
        f"- Collaboration: `Ads measurement`, ID `{id_}`, in `us-east-1`",
        f"- Creator: `RetailCo`, account `{CREATOR}`",
        f"- Member: `Broker`, account `{BROKER}`",
        "- Abilities: `CAN_RECEIVE_RESULTS`",
        "- Pays for: `queryCompute`. A payer must accept the costs when it joins: `paymentConfiguration` does that.",
        "- Place for results: the member receives results of others' queries and must name a place. Replace `example-bucket` and `example-role`.",
        "- Query logs: the collaboration logs queries. With `ENABLED`, the member gets logs in its own CloudWatch Logs.",
    ):
        assert f"{line}\n" in text
    assert "`cleanrooms:CreateMembership`" in text


def test_every_invited_member_has_an_invitation_and_no_other(
    running: Endpoint, capsys: pytest.CaptureFixture[str]
) -> None:
    id_ = create(running)["id"]
    running.collaborations[id_].join(ADS)

    assert [document["account"] for document in read_json(running, capsys, id_)] == [BROKER]


def test_an_invitation_needs_no_permission_to_read_tags(
    running: Endpoint, capsys: pytest.CaptureFixture[str]
) -> None:
    running.faults.deny("ListTagsForResource")

    assert len(read_json(running, capsys, create(running)["id"])) == 2


def test_the_member_who_queries_pays_where_nobody_else_does(
    running: Endpoint, capsys: pytest.CaptureFixture[str]
) -> None:
    (document,) = read_json(running, capsys, create(running, members=[QUERIER])["id"])

    assert document["costs"] == ["queryCompute"]
    assert document["payment"] == PAYER
    assert document["needsResultPlace"] is False


def test_a_member_that_joined_by_the_snippet_of_the_cli_is_active(
    running: Endpoint, capsys: pytest.CaptureFixture[str]
) -> None:
    invited: list[dict[str, Any]] = [
        RECEIVER,
        RECEIVER | {"memberAbilities": [], "paymentConfiguration": ML_PAYER},
        QUERIER,
    ]
    for member in invited:
        id_ = create(running, members=[member])["id"]
        (document,) = read_json(running, capsys, id_)
        environment = {
            **os.environ,
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "AWS_ACCESS_KEY_ID": member["accountId"],
            "AWS_ENDPOINT_URL": running.address,
        }

        done = subprocess.run(
            ["sh", "-c", document["snippets"]["cli"]],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

        assert done.returncode == 0, done.stderr
        assert statuses(running, id_)[member["accountId"]] == "ACTIVE"


def test_the_snippet_of_cloudformation_passes_cfn_lint(
    running: Endpoint, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    templates = [tmp_path / name for name in ("payer.yaml", "ml-payer.yaml")]
    for template, payment in zip(templates, (PAYER, ML_PAYER), strict=True):
        member = RECEIVER | {"paymentConfiguration": payment}
        template.write_text(read_snippet(running, capsys, member, "cloudFormation"))

    done = subprocess.run(
        [str(Path(sys.executable).with_name("cfn-lint")), *map(str, templates)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout) == (0, "")


def test_the_snippet_of_terraform_is_hcl_with_the_members_payment(
    running: Endpoint, capsys: pytest.CaptureFixture[str]
) -> None:
    snippet = read_snippet(running, capsys, RECEIVER, "terraform")

    parsed = json.dumps(hcl2.loads(snippet))

    assert "aws_cleanrooms_membership" in parsed
    assert '"is_responsible": true' in parsed
    assert (
        '  query_log_status = "ENABLED"\n  region           = "us-east-1"\n\n  default_result_configuration {\n'
        in snippet
    )


def test_the_snippet_of_pulumi_is_a_program_that_passes_mypy(
    running: Endpoint,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    program = tmp_path / "program.py"
    program.write_text(read_snippet(running, capsys, RECEIVER, "pulumi"))
    # The whole of pulumi-aws takes mypy most of a minute: here it has its classes of Clean Rooms.
    source = find_spec("pulumi_aws")
    assert source is not None
    assert source.origin is not None
    package = tmp_path / "pulumi_aws"
    package.mkdir()
    (package / "__init__.py").write_text("from . import cleanrooms as cleanrooms\n")
    for name in ("_utilities.py", "cleanrooms"):
        (package / name).symlink_to(Path(source.origin).parent / name)
    monkeypatch.setenv("MYPYPATH", str(tmp_path))

    options = ["--strict", "--follow-imports=silent", f"--cache-dir={tmp_path / 'cache'}"]
    output, _, status = api.run([*options, str(program)])

    assert status == 0, output


@pytest.mark.usefixtures("sdk_event_loop")
def test_the_snippet_of_pulumi_sends_the_members_payment(
    running: Endpoint, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("pulumi_aws", reason="the extra `aws` is not installed")
    snippet, mocks = read_snippet(running, capsys, RECEIVER, "pulumi"), RecordingMocks()
    set_mocks(mocks)

    pulumi.runtime.test(lambda: exec(snippet, {}))()  # type: ignore[no-untyped-call]

    assert mocks.inputs["membership"]["paymentConfiguration"] == PAYER
    assert (
        mocks.inputs["membership"]["defaultResultConfiguration"]["outputConfiguration"]["s3"][
            "bucket"
        ]
        == "example-bucket"
    )


@pytest.mark.parametrize("language", ["pulumi", "terraform"])
def test_a_language_that_cannot_accept_a_cost_has_no_snippet(
    running: Endpoint, capsys: pytest.CaptureFixture[str], language: str
) -> None:
    assert (
        read_snippet(running, capsys, RECEIVER | {"paymentConfiguration": ML_PAYER}, language)
        == "None"
    )


@given(
    name=st.text(
        st.characters(min_codepoint=0x20, exclude_categories=["Cs", "Cc"]), min_size=1, max_size=50
    ).filter(str.strip)
)
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.filter_too_much],
)
def test_no_name_changes_the_markdown_or_a_snippet(
    running: Endpoint, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    hostile = f"{name}`](x) ```\n".strip("\n")
    running.collaborations.clear()
    id_ = create(
        running,
        name=hostile,
        creatorDisplayName=hostile,
        members=[RECEIVER | {"displayName": hostile}],
    )["id"]

    assert invite(running, id_) == 0
    page = cmarkgfm.github_flavored_markdown_to_html(capsys.readouterr().out)
    (document,) = read_json(running, capsys, id_)

    assert (
        page.count("<h2"),
        page.count("<h3"),
        page.count("<li"),
        page.count("<pre"),
        page.count("<a "),
    ) == (1, 4, 8, 4, 0)
    assert all(hostile not in snippet for snippet in document["snippets"].values())


def test_a_stacks_outputs_give_the_invitation_that_aws_gives(
    running: Endpoint, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    collaborations = json.dumps(read_collaborations("local"))
    config = running.settings | {"cleanrooms:collaborations": collaborations}
    exports = rehearse(stacks_program, config, project="cleanrooms").exports
    file = tmp_path / "outputs.json"
    file.write_text(json.dumps(exports))
    ids = [export["id"] for export in exports.values()]
    from_aws = [read_json(running, capsys, id_) for id_ in ids]
    running.collaborations.clear()

    assert [read_json(running, capsys, id_, "--outputs", str(file)) for id_ in ids] == from_aws


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"a": {"id": "%s"}}',
        '{"a": {"id": "%s", "region": "us-east-1", "creatorAccountId": "111122223333"}}',
    ],
)
def test_outputs_without_what_an_invitation_needs_are_one_sentence(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, text: str
) -> None:
    file = tmp_path / "outputs.json"
    file.write_text(text.replace("%s", MISSING))

    assert main(["invitation", MISSING, "--outputs", str(file)]) == 1
    assert "No invitation is written" in read_failure(capsys)


def test_missing_credentials_are_one_sentence_that_says_what_to_do(
    running: Endpoint, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setattr("cleanrooms_resource.aws.connection._CONNECTIONS", {})

    assert invite(running, MISSING) == 1
    assert read_failure(capsys).endswith(
        "NoCredentialsError: Unable to locate credentials; set credentials that work in this region.\n"
    )


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([MISSING], "AccessDeniedException"),
        (["--member", STRANGER], f"invites no account {STRANGER}"),
        (["--member", ADS], "has the status LEFT"),
        (["--outputs", "/missing.json"], "cannot be read"),
        (["--region", "eu-west-1"], "AccessDeniedException"),
        ([], "has no member with the status INVITED"),
    ],
)
def test_an_invitation_that_cannot_be_written_is_one_sentence(
    running: Endpoint, capsys: pytest.CaptureFixture[str], arguments: list[str], sentence: str
) -> None:
    id_ = create(running, members=[QUERIER])["id"]
    running.collaborations[id_].leave(ADS)
    if MISSING in arguments:
        id_, arguments = MISSING, []

    assert invite(running, id_, *arguments) == 1
    assert sentence in read_failure(capsys)


def test_an_argument_that_is_no_id_is_wrong_usage(
    running: Endpoint, capsys: pytest.CaptureFixture[str]
) -> None:
    assert invite(running, "loyalty") == 2
    assert "loyalty" in read_failure(capsys)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"name": "[secret]"}, "--show-secrets"),
        ({"memberStatuses": {ADS: "[secret]"}}, "--show-secrets"),
        ({"memberStatuses": {ADS: "GONE"}}, "needs `memberStatuses`"),
    ],
)
def test_outputs_that_hide_a_value_invite_nobody(
    running: Endpoint,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    fields: dict[str, Any],
    sentence: str,
) -> None:
    export = {
        "id": MISSING,
        "region": "us-east-1",
        "creatorAccountId": CREATOR,
        "name": "Ads",
        "creatorDisplayName": "RetailCo",
        "creatorMemberAbilities": [],
        "queryLogStatus": "ENABLED",
        "members": {ADS: {"displayName": "x", "memberAbilities": []}},
        "memberStatuses": {ADS: "INVITED"},
    }
    file = tmp_path / "outputs.json"
    file.write_text(json.dumps({"ads": export | fields}))

    assert invite(running, MISSING, "--outputs", str(file)) == 1
    assert sentence in capsys.readouterr().err
