"""A connection through the lifecycle: who acts, what the state keeps, and what a change of the connection does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from declarations import declaration

from cleanrooms_resource.errors import CredentialsError, SettingsError
from cleanrooms_resource.hidden_keys import CONNECTION
from cleanrooms_resource.pulumi_sdk import SIGNATURE_KEY, mark_secret
from host.whole_stack import WholeStack, start_host_in_this_process

if TYPE_CHECKING:
    from pathlib import Path

    from aws_account import Aws

CREATOR, OTHER = "555566667777", "666677778888"
ROLE, OTHER_ROLE = f"arn:aws:iam::{CREATOR}:role/ads", f"arn:aws:iam::{OTHER}:role/ads"
KEYS = {"access_key": CREATOR, "secret_key": "s3cr3t"}
BY_ROLE = {"assume_roles": [{"role_arn": ROLE}]}


@pytest.fixture
def stack(empty_aws: Aws, monkeypatch: pytest.MonkeyPatch) -> WholeStack:
    monkeypatch.setattr("cleanrooms_resource.aws.connection._CONNECTIONS", {})
    empty_aws.endpoint.requests.clear()
    # The keys of the environment assume the roles of a connection, because a connection drops the stack's own.
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "999999999999")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "y")
    return WholeStack(empty_aws.endpoint.settings)


def program(connection: dict[str, Any] | None, **overrides: Any) -> dict[str, dict[str, Any]]:
    return {"ads": declaration(**overrides) | ({} if connection is None else {"connection": connection})}


def operations(aws: Aws, service: str = "cleanrooms") -> list[tuple[str, str]]:
    """The operations that arrived, each with the account that acted; then forget them."""
    seen = [(each.operation, each.caller.account) for each in aws.endpoint.requests if each.service == service]
    aws.endpoint.requests.clear()
    return seen


@pytest.mark.parametrize("connection", [KEYS, BY_ROLE], ids=["keys", "role"])
def test_every_call_of_a_life_is_made_by_the_connection(stack: WholeStack, aws: Aws, connection: dict[str, Any]) -> None:
    stack.up(program(connection))
    stack.up(program(connection, name="Other", tags={}))
    stack.refresh()
    stack.up(program(connection, name="Other", tags={}, query_log_status="DISABLED"))
    stack.destroy()

    seen = operations(aws)
    assert {account for _, account in seen} == {CREATOR}
    assert {"CreateCollaboration", "UpdateCollaboration", "UntagResource", "GetCollaboration", "DeleteCollaboration"} <= {name for name, _ in seen}


def test_a_profile_of_a_connection_acts_before_the_keys_of_the_environment(stack: WholeStack, aws: Aws, tmp_path: Path) -> None:
    (tmp_path / "config").write_text(f"[profile ads]\naws_access_key_id = {CREATOR}\naws_secret_access_key = y\nregion = eu-west-1\n")
    del stack.config["aws:region"]

    stack.up(program({"profile": "ads", "shared_config_files": [str(tmp_path / "config")]}))

    request = next(each for each in aws.endpoint.requests if each.service == "cleanrooms")
    assert (request.caller.account, request.region) == (CREATOR, "eu-west-1")


def test_the_credentials_file_of_a_connection_has_the_profile(stack: WholeStack, aws: Aws, tmp_path: Path) -> None:
    (tmp_path / "credentials").write_text(f"[ads]\naws_access_key_id = {CREATOR}\naws_secret_access_key = y\n")

    stack.up(program({"profile": "ads", "shared_credentials_files": [str(tmp_path / "credentials")]}))

    assert operations(aws) == [("CreateCollaboration", CREATOR)]


def test_the_token_of_a_connection_is_sent(stack: WholeStack, aws: Aws) -> None:
    stack.up(program({**KEYS, "token": "the-token"}))

    assert {each.token for each in aws.endpoint.requests} == {"the-token"}


@pytest.mark.parametrize("source", ["web_identity_token", "web_identity_token_file"])
def test_a_web_identity_of_a_connection_assumes_its_role(stack: WholeStack, aws: Aws, tmp_path: Path, source: str) -> None:
    (tmp_path / "token").write_text("the-token")
    token = "the-token" if source == "web_identity_token" else str(tmp_path / "token")

    stack.up(program({"assume_role_with_web_identity": {"role_arn": ROLE, source: token, "session_name": "ads"}}))

    request = next(each for each in aws.endpoint.requests if each.service == "sts")
    assert (request.operation, request.parameters["WebIdentityToken"], request.parameters["RoleSessionName"]) == (
        "AssumeRoleWithWebIdentity",
        "the-token",
        "ads",
    )
    assert operations(aws) == [("CreateCollaboration", CREATOR)]


@pytest.mark.parametrize(
    ("name", "value", "parameters"),
    [
        ("external_id", "outside", {"ExternalId": "outside"}),
        ("session_name", "ads", {"RoleSessionName": "ads"}),
        ("duration", "45m", {"DurationSeconds": "2700"}),
        ("policy", '{"Statement": []}', {"Policy": '{"Statement": []}'}),
        ("policy_arns", ["arn:aws:iam::aws:policy/ReadOnly"], {"PolicyArns.member.1.arn": "arn:aws:iam::aws:policy/ReadOnly"}),
        ("tags", {"my_team": "ads"}, {"Tags.member.1.Key": "my_team", "Tags.member.1.Value": "ads"}),
        ("transitive_tag_keys", ["my_team"], {"TransitiveTagKeys.member.1": "my_team"}),
        ("source_identity", "ci", {"SourceIdentity": "ci"}),
    ],
)
def test_each_part_of_a_connections_role_arrives_at_sts(stack: WholeStack, aws: Aws, name: str, value: Any, parameters: dict[str, str]) -> None:
    stack.up(program({"assume_roles": [{"role_arn": ROLE, name: value}]}))

    assert parameters.items() <= next(each for each in aws.endpoint.requests if each.operation == "AssumeRole").parameters.items()


def test_an_identity_of_a_connection_drops_the_stacks_keys(stack: WholeStack, aws: Aws) -> None:
    stack.config |= {"aws:accessKey": OTHER, "aws:secretKey": "y"}

    stack.up(program(BY_ROLE))

    assert operations(aws, "sts")[0] == ("AssumeRole", "999999999999")


def test_a_role_of_a_connection_is_never_assumed_with_the_stacks_keys(stack: WholeStack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")

    with pytest.raises(
        CredentialsError, match=r"finds no credentials .*connection\.profile.* The credentials of the stack do not act for a connection"
    ):
        stack.up(program(BY_ROLE))


def test_a_connection_without_an_identity_keeps_the_stacks(stack: WholeStack, aws: Aws) -> None:
    stack.config |= {"aws:accessKey": OTHER, "aws:secretKey": "y"}

    stack.up(program({"forbidden_account_ids": [CREATOR]}))

    assert operations(aws) == [("CreateCollaboration", OTHER)]


def test_a_connections_endpoint_stands_before_the_stacks_and_the_others_stay(stack: WholeStack, aws: Aws) -> None:
    address = aws.endpoint.address.replace("127.0.0.1", "localhost")

    stack.up(program({**BY_ROLE, "endpoints": {"cleanrooms": address}}))

    assert {(each.service, each.host.split(":")[0]) for each in aws.endpoint.requests} == {("sts", "127.0.0.1"), ("cleanrooms", "localhost")}


@pytest.mark.parametrize(
    ("settings", "connection", "source"),
    [
        ({"aws:forbiddenAccountIds": f'["{CREATOR}"]'}, KEYS, "which aws:forbiddenAccountIds names"),
        ({}, {**KEYS, "forbidden_account_ids": [CREATOR]}, "which connection.forbidden_account_ids names"),
        ({}, {**KEYS, "allowed_account_ids": [OTHER]}, "which is not in connection.allowed_account_ids"),
        ({"aws:allowedAccountIds": f'["{OTHER}"]'}, {"allowed_account_ids": ["111122223333"]}, "which is not in aws:allowedAccountIds"),
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


@pytest.mark.parametrize("connection", [BY_ROLE, {**KEYS, "token": "new"}], ids=["role", "renewed keys"])
def test_a_changed_connection_is_an_update_without_a_call_of_clean_rooms(stack: WholeStack, aws: Aws, connection: dict[str, Any]) -> None:
    stack.up(program(KEYS))
    operations(aws)

    plans = stack.up(program(connection))

    assert (plans["ads"].op, operations(aws)) == ("update", [])
    assert stack.preview(program(connection))["ads"].op == "same"


def test_the_state_of_a_changed_connection_acts_in_a_refresh(stack: WholeStack, aws: Aws) -> None:
    stack.up(program(KEYS))
    stack.up(program(BY_ROLE))
    operations(aws, "sts")

    stack.refresh()

    assert {each.caller.role for each in aws.endpoint.requests if each.service == "cleanrooms"} == {ROLE}


@pytest.mark.parametrize(("old", "new"), [(KEYS, {"assume_roles": [{"role_arn": OTHER_ROLE}]}), (KEYS, None), (None, KEYS)])
def test_a_changed_connection_that_acts_in_another_account_is_an_error(
    stack: WholeStack, aws: Aws, old: dict[str, Any] | None, new: dict[str, Any] | None
) -> None:
    stack.up(program(old))
    operations(aws)

    with pytest.raises(SettingsError, match=r"^connection: account \d+ created the collaboration, and the changed .* Write a `connection`"):
        stack.up(program(new, name="Other"))

    assert operations(aws) == []


def test_a_replacement_by_another_account_is_an_error(stack: WholeStack, aws: Aws) -> None:
    stack.up(program(KEYS))
    operations(aws)

    with pytest.raises(SettingsError, match="The replacement was not made"):
        stack.up(program({"assume_roles": [{"role_arn": OTHER_ROLE}]}, query_log_status="DISABLED"))

    assert operations(aws) == []


def test_keys_are_kept_in_the_secret_form_in_inputs_and_outputs(empty_aws: Aws) -> None:
    host = start_host_in_this_process(empty_aws.endpoint.settings)
    inputs = host.called.check({}, declaration(connection={**KEYS, "token": "s3cr3t-token"})).inputs

    created = host.called.create(inputs)
    read = host.called.read(created.id, created.outs or {})

    keys = {"accessKey": mark_secret(CREATOR), "secretKey": mark_secret("s3cr3t"), "token": mark_secret("s3cr3t-token")}
    assert inputs["connection"] == (read.inputs or {})["connection"] == keys
    assert all(SIGNATURE_KEY in (each or {})[CONNECTION] and "connection" not in (each or {}) for each in (created.outs, read.outs))


def test_keys_of_the_state_that_have_expired_say_what_to_run(stack: WholeStack, empty_aws: Aws) -> None:
    stack.up(program(KEYS))
    empty_aws.endpoint.faults.refuse("*", 403, "ExpiredTokenException")

    with pytest.raises(CredentialsError, match=r"ExpiredTokenException.*run `pulumi up` without `--refresh` first: it writes"):
        stack.refresh()


def test_a_role_that_may_no_longer_be_assumed_keeps_the_state(stack: WholeStack, empty_aws: Aws, monkeypatch: pytest.MonkeyPatch) -> None:
    stack.up(program(BY_ROLE))
    held = stack.list_held()
    monkeypatch.setattr(empty_aws.endpoint.callers, "refused_roles", {ROLE})
    monkeypatch.setattr("cleanrooms_resource.aws.connection._CONNECTIONS", {})

    for act in (stack.refresh, stack.destroy):
        with pytest.raises(CredentialsError, match="AssumeRole: AccessDenied"):
            act()

    assert stack.list_held() == held


def test_a_replacement_deletes_with_the_programs_keys_where_those_of_the_state_have_expired(stack: WholeStack, empty_aws: Aws) -> None:
    stack.up(program(KEYS))
    old = stack.list_ids()
    expired = stack.resources["ads"].resource
    assert expired is not None
    expired.outputs[CONNECTION] = {"assumeRoles": [{"roleArn": OTHER_ROLE}]}
    empty_aws.endpoint.callers.refused_roles.add(OTHER_ROLE)
    try:
        stack.up(program(KEYS, query_log_status="DISABLED"))
    finally:
        empty_aws.endpoint.callers.refused_roles.clear()

    assert old.isdisjoint(empty_aws.endpoint.collaborations)


def test_get_reads_with_its_connection_and_keeps_it(stack: WholeStack, aws: Aws) -> None:
    stack.up(program(KEYS))
    (id_,) = stack.list_ids()
    operations(aws)
    host = start_host_in_this_process(stack.config)

    first = host.called.read(id_, {"connection": KEYS})
    again = host.called.read(id_, first.outs or {})

    assert {account for _, account in operations(aws)} == {CREATOR}
    assert (first.outs or {})[CONNECTION] == (again.outs or {})[CONNECTION]


def test_an_adoption_is_made_by_the_connection(stack: WholeStack, aws: Aws) -> None:
    stack.up(program(KEYS))
    (id_,) = stack.list_ids()
    operations(aws)
    host = start_host_in_this_process(stack.config)

    host.create(host.check({}, {**declaration(connection=BY_ROLE), "__import": id_})[0])

    assert {account for _, account in operations(aws)} == {CREATOR}


def test_a_profile_of_a_connection_that_is_not_there_is_named(stack: WholeStack) -> None:
    with pytest.raises(SettingsError, match=r'^The connection does not work \(the profile "nobody" of connection\.profile\): The config profile'):
        stack.up(program({"profile": "nobody"}))
