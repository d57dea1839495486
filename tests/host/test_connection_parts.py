"""The parts of a connection: what arrives of each at the endpoint, and what the stack's settings still say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from cleanrooms_resource.errors import CredentialsError, SettingsError
from host.connections import BY_ROLE, CREATOR, KEYS, OTHER, ROLE, operations, program

if TYPE_CHECKING:
    from pathlib import Path

    from aws_account import Aws

    from host.whole_stack import WholeStack


@pytest.fixture
def stack(connected_stack: WholeStack) -> WholeStack:
    return connected_stack


def test_a_profile_of_a_connection_acts_before_the_keys_of_the_environment(
    stack: WholeStack, aws: Aws, tmp_path: Path
) -> None:
    (tmp_path / "config").write_text(
        f"[profile ads]\naws_access_key_id = {CREATOR}\naws_secret_access_key = y\nregion = eu-west-1\n"
    )
    del stack.config["aws:region"]

    stack.up(program({"profile": "ads", "shared_config_files": [str(tmp_path / "config")]}))

    request = next(each for each in aws.endpoint.requests if each.service == "cleanrooms")
    assert (request.caller.account, request.region) == (CREATOR, "eu-west-1")


def test_the_credentials_file_of_a_connection_has_the_profile(
    stack: WholeStack, aws: Aws, tmp_path: Path
) -> None:
    (tmp_path / "credentials").write_text(
        f"[ads]\naws_access_key_id = {CREATOR}\naws_secret_access_key = y\n"
    )

    stack.up(
        program({"profile": "ads", "shared_credentials_files": [str(tmp_path / "credentials")]})
    )

    assert operations(aws) == [("CreateCollaboration", CREATOR)]


def test_the_token_of_a_connection_is_sent(stack: WholeStack, aws: Aws) -> None:
    stack.up(program({**KEYS, "token": "the-token"}))

    assert {each.token for each in aws.endpoint.requests} == {"the-token"}


@pytest.mark.parametrize("source", ["web_identity_token", "web_identity_token_file"])
def test_a_web_identity_of_a_connection_assumes_its_role(
    stack: WholeStack, aws: Aws, tmp_path: Path, source: str
) -> None:
    (tmp_path / "token").write_text("the-token")
    token = "the-token" if source == "web_identity_token" else str(tmp_path / "token")

    stack.up(
        program(
            {
                "assume_role_with_web_identity": {
                    "role_arn": ROLE,
                    source: token,
                    "session_name": "ads",
                }
            }
        )
    )

    request = next(each for each in aws.endpoint.requests if each.service == "sts")
    assert (
        request.operation,
        request.parameters["WebIdentityToken"],
        request.parameters["RoleSessionName"],
    ) == (
        "AssumeRoleWithWebIdentity",
        "the-token",
        "ads",
    )
    assert operations(aws) == [("CreateCollaboration", CREATOR)]


def test_each_part_of_a_connections_role_arrives_at_sts(stack: WholeStack, aws: Aws) -> None:
    read_only = "arn:aws:iam::aws:policy/ReadOnly"
    role = {
        "role_arn": ROLE,
        "external_id": "outside",
        "session_name": "ads",
        "duration": "45m",
        "policy": '{"Statement": []}',
        "policy_arns": [read_only],
        "tags": {"my_team": "ads"},
        "transitive_tag_keys": ["my_team"],
        "source_identity": "ci",
    }
    stack.up(program({"assume_roles": [role]}))

    request = next(each for each in aws.endpoint.requests if each.operation == "AssumeRole")
    assert (
        request.parameters.items()
        >= {
            "ExternalId": "outside",
            "RoleSessionName": "ads",
            "DurationSeconds": "2700",
            "Policy": '{"Statement": []}',
            "PolicyArns.member.1.arn": read_only,
            "Tags.member.1.Key": "my_team",
            "Tags.member.1.Value": "ads",
            "TransitiveTagKeys.member.1": "my_team",
            "SourceIdentity": "ci",
        }.items()
    )


def test_an_identity_of_a_connection_drops_the_stacks_keys(stack: WholeStack, aws: Aws) -> None:
    stack.config |= {"aws:accessKey": OTHER, "aws:secretKey": "y"}

    stack.up(program(BY_ROLE))

    assert operations(aws, "sts")[0] == ("AssumeRole", "999999999999")


def test_a_role_of_a_connection_is_never_assumed_with_the_stacks_keys(
    stack: WholeStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")

    with pytest.raises(
        CredentialsError,
        match=r"finds no credentials .*connection\.profile.* The credentials of the stack do not act for a connection",
    ):
        stack.up(program(BY_ROLE))


def test_a_connection_without_an_identity_keeps_the_stacks(stack: WholeStack, aws: Aws) -> None:
    stack.config |= {"aws:accessKey": OTHER, "aws:secretKey": "y"}

    stack.up(program({"forbidden_account_ids": [CREATOR]}))

    assert operations(aws) == [("CreateCollaboration", OTHER)]


def test_a_connections_endpoint_stands_before_the_stacks_and_the_others_stay(
    stack: WholeStack, aws: Aws
) -> None:
    address = aws.endpoint.address.replace("127.0.0.1", "localhost")

    stack.up(program({**BY_ROLE, "endpoints": {"cleanrooms": address}}))

    assert {(each.service, each.host.split(":")[0]) for each in aws.endpoint.requests} == {
        ("sts", "127.0.0.1"),
        ("cleanrooms", "localhost"),
    }


@pytest.mark.parametrize(
    ("settings", "connection", "source"),
    [
        (
            {"aws:forbiddenAccountIds": f'["{CREATOR}"]'},
            KEYS,
            "which aws:forbiddenAccountIds names",
        ),
        (
            {},
            {**KEYS, "forbidden_account_ids": [CREATOR]},
            "which connection.forbidden_account_ids names",
        ),
        (
            {},
            {**KEYS, "allowed_account_ids": [OTHER]},
            "which is not in connection.allowed_account_ids",
        ),
        (
            {"aws:allowedAccountIds": f'["{OTHER}"]'},
            {"allowed_account_ids": ["111122223333"]},
            "which is not in aws:allowedAccountIds",
        ),
    ],
)
def test_an_account_is_refused_before_any_call_of_clean_rooms(
    stack: WholeStack, aws: Aws, settings: dict[str, str], connection: dict[str, Any], source: str
) -> None:
    stack.config |= settings

    with pytest.raises(SettingsError, match=source):
        stack.up(program(connection))

    assert operations(aws) == []


def test_the_stacks_allowed_accounts_belong_to_its_identity(stack: WholeStack, aws: Aws) -> None:
    stack.config |= {"aws:allowedAccountIds": '["111122223333"]'}

    stack.up(program(KEYS))

    assert operations(aws) == [("CreateCollaboration", CREATOR)]


def test_a_profile_of_a_connection_that_is_not_there_is_named(stack: WholeStack) -> None:
    # The driver asserts that Check has no reason.
    with pytest.raises(AssertionError, match=r'connection\.profile: no profile "nobody" is in '):
        stack.up(program({"profile": "nobody"}))
