"""Connections on the real engine: two accounts in one stack, and keys that nobody sees."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pulumi
import pytest
from declarations import declaration
from pulumi import automation

import cleanrooms_resource as cleanrooms
from engine.accounts import Account
from engine.driver import EngineStack, create_stack
from engine.programs import ads_program
from engine.test_secrets import SECRET_PATTERN, read_all_files

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aws_account import Aws

pytestmark = pytest.mark.engine
FIRST, SECOND = "555566667777", "666677778888"
ROLE = f"arn:aws:iam::{SECOND}:role/ads"


@pytest.fixture
def stack(tmp_path: Path, empty_aws: Aws, monkeypatch: pytest.MonkeyPatch) -> EngineStack:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "999999999999")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "y")
    empty_aws.endpoint.requests.clear()
    return create_stack(tmp_path, empty_aws.endpoint.settings)


def keys(account: str = FIRST) -> cleanrooms.ConnectionArgs:
    return cleanrooms.ConnectionArgs(
        access_key=account, secret_key="s3cr3t-key", token="s3cr3t-token"
    )


def role(arn: str = ROLE) -> cleanrooms.ConnectionArgs:
    return cleanrooms.ConnectionArgs(
        assume_roles=[cleanrooms.ConnectionAssumeRoleArgs(role_arn=arn)]
    )


def two_accounts(**overrides: Any) -> Callable[[], None]:
    def declare() -> None:
        cleanrooms.Collaboration("first", **declaration(connection=keys(), **overrides))
        cleanrooms.Collaboration("second", **declaration(connection=role(), **overrides))

    return declare


def one(connection: Callable[[], Any], **overrides: Any) -> Callable[[], None]:
    def declare() -> None:
        cleanrooms.Collaboration("ads", **declaration(connection=connection(), **overrides))

    return declare


def creators(aws: Aws) -> list[str]:
    return sorted(each.creator for each in aws.endpoint.collaborations.values())


def callers(aws: Aws) -> set[tuple[str, str]]:
    """The operations of Clean Rooms since the last look, each with the account that acted."""
    seen = {
        (each.operation, each.caller.account)
        for each in aws.endpoint.requests
        if each.service == "cleanrooms"
    }
    aws.endpoint.requests.clear()
    return seen


def test_two_accounts_in_one_stack_are_each_served_by_their_own_credentials(
    stack: EngineStack, empty_aws: Aws
) -> None:
    stack.declare(two_accounts())
    stack.up()
    assert creators(empty_aws) == [FIRST, SECOND]
    callers(empty_aws)

    assert stack.refresh() == {}
    assert {pair for pair in callers(empty_aws) if pair[0] == "GetCollaboration"} == {
        ("GetCollaboration", FIRST),
        ("GetCollaboration", SECOND),
    }
    assert stack.preview() == {}

    stack.declare(two_accounts(query_log_status="DISABLED"))
    stack.up()
    assert {pair for pair in callers(empty_aws) if pair[0] == "DeleteCollaboration"} == {
        ("DeleteCollaboration", FIRST),
        ("DeleteCollaboration", SECOND),
    }
    assert creators(empty_aws) == [FIRST, SECOND]

    stack.destroy()
    assert creators(empty_aws) == []


def test_roles_of_the_stack_act_for_a_resource_without_a_connection(
    stack: EngineStack, empty_aws: Aws
) -> None:
    stack.pulumi_stack.set_config(
        "aws:assumeRoles", automation.ConfigValue(json.dumps([{"roleArn": ROLE}]))
    )
    stack.declare(ads_program())
    stack.up()

    assert creators(empty_aws) == [SECOND]
    assert stack.refresh() == {}


def test_a_collaboration_of_a_second_account_is_adopted_with_its_connection(
    stack: EngineStack, empty_aws: Aws
) -> None:
    stack.declare(one(role))
    stack.up()
    id_ = stack.state()["ads"]["id"]
    stack.load(json.dumps({"version": 3, "deployment": {}}))
    callers(empty_aws)

    def declare() -> None:
        cleanrooms.Collaboration(
            "ads", pulumi.ResourceOptions(import_=id_), **declaration(connection=role())
        )

    stack.declare(declare)
    stack.up()

    assert {account for _, account in callers(empty_aws)} == {SECOND}
    assert stack.state()["ads"]["id"] == id_


def test_a_changed_connection_is_drawn_as_such_and_is_no_call_of_clean_rooms(
    stack: EngineStack, empty_aws: Aws
) -> None:
    stack.declare(one(lambda: keys(SECOND)))
    stack.up()
    callers(empty_aws)
    stack.declare(one(role))

    step = stack.preview()["ads"]
    applied = stack.up()

    assert (step.op, step.reasons) == ("update", ())
    assert all(key.startswith("connection") for key in step.detailed)
    assert applied == {"update": 1}
    assert callers(empty_aws) == set()
    assert stack.preview() == {}


def test_renewed_keys_alone_are_an_update_of_the_state_which_the_next_refresh_uses(
    stack: EngineStack, empty_aws: Aws
) -> None:
    stack.declare(one(keys))
    stack.up()
    stack.declare(one(lambda: cleanrooms.ConnectionArgs(access_key=FIRST, secret_key="s3cr3t-new")))
    callers(empty_aws)

    assert stack.up() == {"update": 1}
    assert callers(empty_aws) == set()
    assert stack.refresh() == {}
    assert stack.preview() == {}


def test_an_account_known_only_when_applied_leads_to_the_role(
    stack: EngineStack, empty_aws: Aws
) -> None:
    def declare() -> None:
        account = Account("account", SECOND, "1")
        arn = account.number.apply(lambda number: f"arn:aws:iam::{number}:role/ads")
        cleanrooms.Collaboration(
            "ads", **declaration(connection={"assume_roles": [{"role_arn": arn}]})
        )

    stack.declare(declare)
    stack.up()

    assert creators(empty_aws) == [SECOND]
    assert stack.preview() == {}


def test_get_waits_for_a_connection_that_is_not_known_yet(
    stack: EngineStack, empty_aws: Aws
) -> None:
    stack.declare(one(keys))
    stack.up()
    id_ = stack.state()["ads"]["id"]

    def declare() -> None:
        one(keys)()
        account = Account("account", FIRST, "1")
        cleanrooms.Collaboration.get(
            "read", id_, connection={"access_key": account.number, "secret_key": "s3cr3t-key"}
        )

    stack.declare(declare)
    callers(empty_aws)
    stack.preview()
    assert callers(empty_aws) == set()
    stack.up()

    assert {account for _, account in callers(empty_aws)} == {FIRST}


def test_a_renamed_resource_is_deleted_with_its_own_connection(
    stack: EngineStack, empty_aws: Aws
) -> None:
    """A new resource of its former name has another connection."""
    other = f"arn:aws:iam::{FIRST}:role/other"
    stack.declare(one(lambda: role(f"arn:aws:iam::{FIRST}:role/ads")))
    stack.up()
    old = stack.state()["ads"]["id"]

    def declare_renamed(connection: Any, **overrides: Any) -> None:
        opts = pulumi.ResourceOptions(aliases=[pulumi.Alias(name="ads")])
        cleanrooms.Collaboration(
            "renamed", opts=opts, **declaration(connection=connection, **overrides)
        )

    stack.declare(lambda: declare_renamed(role(f"arn:aws:iam::{FIRST}:role/ads")))
    stack.up()
    empty_aws.endpoint.callers.refused_roles.add(f"arn:aws:iam::{FIRST}:role/ads")

    def declare() -> None:
        declare_renamed(keys(), query_log_status="DISABLED")
        cleanrooms.Collaboration("ads", **declaration(connection=role(other)))

    stack.declare(declare)
    callers(empty_aws)
    try:
        stack.up()
        deletions = [
            each.caller
            for each in empty_aws.endpoint.requests
            if each.operation == "DeleteCollaboration"
        ]
    finally:
        empty_aws.endpoint.callers.refused_roles.clear()

    assert old not in empty_aws.endpoint.collaborations
    assert [each.role for each in deletions] == [""]


def test_a_connection_may_be_an_output_as_a_whole(stack: EngineStack, empty_aws: Aws) -> None:
    stack.declare(
        one(lambda: pulumi.Output.from_input({"access_key": FIRST, "secret_key": "s3cr3t-key"}))
    )
    stack.up()

    assert creators(empty_aws) == [FIRST]
    assert set(SECRET_PATTERN.findall(read_all_files(stack))) == set()


def test_a_role_that_may_no_longer_be_assumed_keeps_the_state(
    stack: EngineStack, empty_aws: Aws, monkeypatch: pytest.MonkeyPatch
) -> None:
    stack.declare(one(role))
    stack.up()
    id_ = stack.state()["ads"]["id"]
    monkeypatch.setattr(empty_aws.endpoint.callers, "refused_roles", {ROLE})

    for act in (stack.refresh, stack.destroy):
        with pytest.raises(automation.CommandError, match="AssumeRole: AccessDenied"):
            act()

    assert stack.state()["ads"]["id"] == id_


def test_a_wrong_account_is_refused_before_any_call_of_clean_rooms(
    stack: EngineStack, empty_aws: Aws
) -> None:
    stack.declare(
        one(
            lambda: cleanrooms.ConnectionArgs(
                access_key=FIRST, secret_key="y", allowed_account_ids=[SECOND]
            )
        )
    )

    with pytest.raises(
        automation.CommandError,
        match=rf"act in account {FIRST}, which is not in connection\.allowed_account_ids",
    ):
        stack.up()

    assert callers(empty_aws) == set()


def test_expired_keys_of_the_state_are_replaced_by_an_up_without_refresh(
    stack: EngineStack, empty_aws: Aws
) -> None:
    # The role stands for keys that have expired: what the state has no longer acts.
    stack.declare(one(role))
    stack.up()
    empty_aws.endpoint.callers.refused_roles.add(ROLE)
    try:
        with pytest.raises(
            automation.CommandError, match="run `pulumi up` without `--refresh` first"
        ):
            stack.refresh()
        stack.declare(one(lambda: keys(SECOND)))
        stack.up()
        assert stack.refresh() == {}
    finally:
        empty_aws.endpoint.callers.refused_roles.clear()


def test_no_key_is_kept_or_printed_in_a_life_of_a_stack(stack: EngineStack, empty_aws: Aws) -> None:
    run = stack.pulumi_stack

    def declare(**overrides: Any) -> None:
        cleanrooms.Collaboration("ads", **declaration(connection=keys(), **overrides))
        cleanrooms.Collaboration.get("other", stack_id, connection=keys())
        web_identity = {"role_arn": ROLE, "web_identity_token": "s3cr3t-oidc"}
        cleanrooms.Collaboration(
            "web", **declaration(connection={"assume_role_with_web_identity": web_identity})
        )

    stack.declare(one(keys))
    stack.up()
    stack_id = stack.state()["ads"]["id"]
    stack.declare(declare)
    # At 9 the engine itself writes the properties of every request, the secret ones too.
    up = run.up(diff=True, log_verbosity=7, log_flow=True, log_to_std_err=True)
    printed = stack.preview_text() + run.preview(json=True).stdout + up.stdout + up.stderr
    created = read_all_files(stack)
    printed += run.refresh(diff=True).stdout
    refreshed = read_all_files(stack)
    stack.declare(lambda: declare(query_log_status="DISABLED"))
    printed += (
        run.preview(diff=True, color="never").stdout + run.up(diff=True).stdout + stack.export()
    )
    empty_aws.endpoint.faults.deny("GetCollaboration")
    with pytest.raises(automation.CommandError) as error:
        run.refresh()
    printed += str(error.value)

    assert set(SECRET_PATTERN.findall(printed)) == set()
    assert set(SECRET_PATTERN.findall(created + refreshed + read_all_files(stack))) == set()
    assert "cleanrooms:Collaboration" in up.stderr
