"""A connection through the lifecycle: who acts, what the state keeps, and what a change of the connection does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from declarations import declaration

from cleanrooms_resource.errors import CredentialsError, SettingsError
from cleanrooms_resource.hidden_keys import CONNECTION
from cleanrooms_resource.pulumi_sdk import SIGNATURE_KEY, mark_secret
from host.connections import BY_ROLE, CREATOR, KEYS, OTHER_ROLE, ROLE, operations, program
from host.in_this_process import start_host_in_this_process

if TYPE_CHECKING:
    from aws_account import Aws

    from host.whole_stack import WholeStack


@pytest.fixture
def stack(connected_stack: WholeStack) -> WholeStack:
    return connected_stack


@pytest.mark.parametrize("connection", [KEYS, BY_ROLE], ids=["keys", "role"])
def test_every_call_of_a_life_is_made_by_the_connection(
    stack: WholeStack, aws: Aws, connection: dict[str, Any]
) -> None:
    stack.up(program(connection))
    stack.up(program(connection, name="Other", tags={}))
    stack.refresh()
    stack.up(program(connection, name="Other", tags={}, query_log_status="DISABLED"))
    stack.destroy()

    seen = operations(aws)
    assert {account for _, account in seen} == {CREATOR}
    assert {
        "CreateCollaboration",
        "UpdateCollaboration",
        "UntagResource",
        "GetCollaboration",
        "DeleteCollaboration",
    } <= {name for name, _ in seen}


@pytest.mark.parametrize(
    "connection", [BY_ROLE, {**KEYS, "token": "new"}], ids=["role", "renewed keys"]
)
def test_a_changed_connection_is_an_update_without_a_call_of_clean_rooms(
    stack: WholeStack, aws: Aws, connection: dict[str, Any]
) -> None:
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

    assert {each.caller.role for each in aws.endpoint.requests if each.service == "cleanrooms"} == {
        ROLE
    }


@pytest.mark.parametrize(
    ("old", "new"),
    [(KEYS, {"assume_roles": [{"role_arn": OTHER_ROLE}]}), (KEYS, None), (None, KEYS)],
)
def test_a_changed_connection_that_acts_in_another_account_is_an_error(
    stack: WholeStack, aws: Aws, old: dict[str, Any] | None, new: dict[str, Any] | None
) -> None:
    stack.up(program(old))
    operations(aws)

    with pytest.raises(
        SettingsError,
        match=r"^connection: account \d+ created the collaboration, and the credentials .* Write a `connection`",
    ):
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

    keys = {
        "accessKey": mark_secret(CREATOR),
        "secretKey": mark_secret("s3cr3t"),
        "token": mark_secret("s3cr3t-token"),
    }
    assert inputs["connection"] == (read.inputs or {})["connection"] == keys
    assert all(
        SIGNATURE_KEY in (each or {})[CONNECTION] and "connection" not in (each or {})
        for each in (created.outs, read.outs)
    )


def test_keys_of_the_state_that_have_expired_say_what_to_run(
    stack: WholeStack, empty_aws: Aws
) -> None:
    stack.up(program(KEYS))
    empty_aws.endpoint.faults.refuse("*", 403, "ExpiredTokenException")

    with pytest.raises(
        CredentialsError,
        match=r"ExpiredTokenException.*run `pulumi up` without `--refresh` first: it writes",
    ):
        stack.refresh()


def test_a_role_that_may_no_longer_be_assumed_keeps_the_state(
    stack: WholeStack, empty_aws: Aws, monkeypatch: pytest.MonkeyPatch
) -> None:
    stack.up(program(BY_ROLE))
    held = stack.list_held()
    monkeypatch.setattr(empty_aws.endpoint.callers, "refused_roles", {ROLE})
    monkeypatch.setattr("cleanrooms_resource.aws.connection._CONNECTIONS", {})

    for act in (stack.refresh, stack.destroy):
        with pytest.raises(CredentialsError, match="AssumeRole: AccessDenied"):
            act()

    assert stack.list_held() == held


STALE: dict[str, dict[str, Any]] = {
    "a profile that this machine does not have": {"profile": "missing"},
    "a role that may not be assumed": {"assumeRoles": [{"roleArn": OTHER_ROLE}]},
    "keys of another account": {"accessKey": "777788889999", "secretKey": "x"},
}


@pytest.mark.parametrize("connection", [KEYS, None], ids=["a connection", "the stack's settings"])
@pytest.mark.parametrize("stale", STALE.values(), ids=STALE)
def test_a_replacement_deletes_as_the_program_says_where_the_credentials_of_the_state_do_not_work(
    stack: WholeStack, empty_aws: Aws, stale: dict[str, Any], connection: dict[str, Any] | None
) -> None:
    stack.up(program(connection))
    old, resource = stack.list_ids(), stack.resources["ads"].held
    resource.outputs[CONNECTION] = stale
    empty_aws.endpoint.callers.refused_roles.add(OTHER_ROLE)
    try:
        stack.up(program(connection, query_log_status="DISABLED"))
    finally:
        empty_aws.endpoint.callers.refused_roles.clear()

    assert old.isdisjoint(empty_aws.endpoint.collaborations)


def test_a_creation_with_keys_that_do_not_work_says_to_correct_the_connection(
    stack: WholeStack, empty_aws: Aws
) -> None:
    empty_aws.endpoint.faults.refuse("CreateCollaboration", 403, "ExpiredTokenException")

    with pytest.raises(CredentialsError, match="Correct `connection` in the program"):
        stack.up(program(KEYS))


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
