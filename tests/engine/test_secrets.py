"""No secret anywhere: credentials and secret inputs are searched for in all that the engine prints and keeps."""

from __future__ import annotations

import base64
import gzip
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pulumi
import pytest
import yaml
from declarations import ADS, BROKER, declaration, member
from hand_made import run_program
from pulumi import automation
from test_stacks import STACKS, read_setting

from cleanrooms_resource.preview.comment import render_comment
from cleanrooms_resource.preview.document import parse_preview
from cleanrooms_resource.preview.redaction import redact
from cleanrooms_resource.preview.verdict import judge
from engine.accounts import Account
from engine.doors import cleanrooms
from engine.driver import EngineStack, create_stack
from engine.programs import ads_program

if TYPE_CHECKING:
    from aws_account import Aws

pytestmark = pytest.mark.engine
SECRET_KEY, TOKEN, NAME, DESCRIPTION, DISPLAY_NAME, TAG = (
    "s3cr3t-key",
    "s3cr3t-token",
    "s3cr3t-name",
    "s3cr3t-description",
    "s3cr3t-display",
    "s3cr3t-tag",
)
SECRET_PATTERN = re.compile("s3cr3t-[a-z]+")


@pytest.fixture
def stack(tmp_path: Path, config: dict[str, str]) -> EngineStack:
    stack = create_stack(tmp_path, config)
    set_secret_settings(stack)
    return stack


def set_secret_settings(stack: EngineStack) -> None:
    for name, value in (("secretKey", SECRET_KEY), ("token", TOKEN)):
        stack.set_setting(name, value, secret=True)


def declare_secrets(
    resource: str = "ads", opts: pulumi.ResourceOptions | None = None, **overrides: Any
) -> None:
    """A collaboration of secrets: a plain one, one computed from another, one in a member, one among tags."""
    cleanrooms.Collaboration(
        resource,
        declaration(
            description=pulumi.Output.secret(DESCRIPTION),
            members=[member(ADS, display_name=pulumi.Output.secret(DISPLAY_NAME))],
            tags=pulumi.Output.secret({"team": "x"}).apply(lambda tags: {**tags, "secret": TAG}),
            **overrides,
        ),
        opts,
    )


def read_all_files(stack: EngineStack) -> str:
    """Every file of the stack's folder: the state, its history and its backups, the configuration."""
    files = [
        file.read_bytes()
        for file in Path(stack.pulumi_stack.workspace.work_dir).rglob("*")
        if file.is_file()
    ]
    return "".join(
        (gzip.decompress(each) if each.startswith(b"\x1f\x8b") else each).decode(errors="replace")
        for each in files
    )


def test_no_secret_is_kept_or_printed_in_a_life_of_a_stack(stack: EngineStack, aws: Aws) -> None:
    stack.declare(declare_secrets)
    printed = (
        stack.preview_text()
        + stack.pulumi_stack.preview(json=True).stdout
        + stack.pulumi_stack.up(diff=True, log_verbosity=1).stdout
    )
    created = read_all_files(stack)
    stack.declare(lambda: declare_secrets(query_log_status="DISABLED"))
    printed += stack.preview_text() + stack.pulumi_stack.preview(json=True).stdout
    stack.declare(lambda: declare_secrets(name="Other"))
    printed += stack.pulumi_stack.up(diff=True).stdout
    aws.endpoint.collaborations[stack.state()["ads"]["id"]].join(ADS)
    printed += stack.pulumi_stack.refresh(diff=True).stdout
    refreshed = read_all_files(stack)

    assert set(SECRET_PATTERN.findall(printed)) == set()
    assert set(SECRET_PATTERN.findall(created)) == set()
    assert set(SECRET_PATTERN.findall(refreshed)) == set()
    assert stack.state()["ads"]["id"] in refreshed


def test_no_secret_is_in_the_pickled_provider(stack: EngineStack) -> None:
    stack.declare(declare_secrets)
    stack.up()

    pickled = base64.b64decode(stack.state()["ads"]["inputs"]["__provider"])

    assert b"CollaborationProvider" in pickled
    assert set(SECRET_PATTERN.findall(pickled.decode(errors="replace"))) == set()


def test_no_secret_is_in_an_error(stack: EngineStack, aws: Aws) -> None:
    stack.declare(lambda: declare_secrets(name=pulumi.Output.secret(NAME)))
    stack.up()
    messages = []
    for operation in (
        "GetCollaboration",
        "UpdateCollaboration",
        "DeleteCollaboration",
        "CreateCollaboration",
    ):
        aws.endpoint.faults.deny(operation)
    stack.declare(lambda: declare_secrets(name=pulumi.Output.secret(f"{NAME}-new")))
    try:
        for act in (stack.pulumi_stack.refresh, stack.pulumi_stack.up, stack.pulumi_stack.destroy):
            with pytest.raises(automation.CommandError) as error:
                act()
            messages.append(str(error.value))
    finally:
        aws.endpoint.faults.clear()

    assert all("AccessDeniedException" in each for each in messages)
    assert set(SECRET_PATTERN.findall("".join(messages))) == set()


def test_what_is_derived_from_a_secret_input_is_secret(stack: EngineStack) -> None:
    stack.declare(declare_secrets)
    stack.up()
    secret = "1b47061264138c4ac30d75fd1eb44270"

    outputs = stack.state()["ads"]["outputs"]

    assert all(
        secret in str(outputs[name])
        for name in ("memberStatuses", "tagsAll", "members", "tags", "description")
    )
    assert secret not in str(outputs["creatorDisplayName"])


def test_what_is_derived_from_no_secret_is_plain(stack: EngineStack) -> None:
    def declare() -> None:
        cleanrooms.Collaboration("ads", declaration())

    stack.declare(declare)
    stack.up()

    assert stack.state()["ads"]["outputs"]["tagsAll"] == {"team": "ads"}


def configure_secrets(stack: EngineStack, suffix: str = "") -> None:
    """Declare the program in stacks/, with secrets in the entry of the collaboration "loyalty"."""
    run = stack.pulumi_stack
    file = Path(run.workspace.work_dir) / "Pulumi.test.yaml"
    settings = yaml.safe_load(file.read_text())
    settings["config"]["cleanrooms:collaborations"] = read_setting("local", "collaborations")
    file.write_text(yaml.safe_dump(settings))
    for path, secret in {
        "name": NAME,
        "description": DESCRIPTION,
        'members["222233334444"].displayName': DISPLAY_NAME,
        "tags.team": TAG,
    }.items():
        run.set_config(
            f"cleanrooms:collaborations.loyalty.{path}",
            automation.ConfigValue(secret + suffix, secret=True),
            path=True,
        )
    stack.declare(lambda: run_program(STACKS / "__main__.py"))


def test_a_secret_in_structured_configuration_is_nowhere_plain(stack: EngineStack) -> None:
    configure_secrets(stack)
    printed = stack.preview_text() + stack.pulumi_stack.up(diff=True).stdout
    configure_secrets(stack, "-changed")
    document = stack.preview_json(flags=("--show-replacement-steps",))
    printed += document + stack.preview_text() + stack.pulumi_stack.refresh(diff=True).stdout
    printed += stack.pulumi_stack._run_pulumi_cmd_sync(["stack", "output", "--json"]).stdout

    verdict = judge(parse_preview(document))
    assert set(SECRET_PATTERN.findall(printed)) == set()
    assert set(SECRET_PATTERN.findall(read_all_files(stack))) == set()
    assert set(SECRET_PATTERN.findall(render_comment(verdict) + redact(document, 0))) == set()


@pytest.mark.parametrize("paths", [[], [f'members["{ADS}"]']], ids=["", "ignoring another member"])
def test_a_secret_of_a_member_whose_account_is_an_output_is_kept_secret(
    stack: EngineStack, paths: list[str]
) -> None:
    def declare() -> None:
        account = Account("account", BROKER, "1")
        second = member(account.number, display_name=pulumi.Output.secret(DISPLAY_NAME))
        ads_program(
            members=[member(ADS, member_abilities=["CAN_QUERY"]), second],
            opts={"ignore_changes": paths},
        )()

    stack.declare(declare)
    printed = stack.preview_text() + stack.pulumi_stack.up(diff=True).stdout
    printed += stack.preview_text() + stack.pulumi_stack.refresh(diff=True).stdout

    assert DISPLAY_NAME not in printed + read_all_files(stack)
    assert stack.preview() == {}
