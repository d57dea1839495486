"""Providers of the plug-in on the real engine: who acts, and where, as the stack's configuration, the environment or an explicit provider says."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pulumi
import pytest
from declarations import declaration
from pulumi import automation

from engine.accounts import Account
from engine.doors import PLUGIN_DOOR, cleanrooms
from engine.driver import EngineStack, create_stack
from engine.programs import ads_program, record_writes
from engine.test_secrets import SECRET_PATTERN, read_all_files

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aws_account import Aws

pytestmark = [pytest.mark.engine, PLUGIN_DOOR]
FIRST, SECOND = "555566667777", "666677778888"


@pytest.fixture
def stack(tmp_path: Path, empty_aws: Aws, default_credentials: None) -> EngineStack:  # noqa: ARG001 - a fixture
    """A stack whose configuration says where the endpoint is, and nothing else; credentials and a region are in the environment."""
    empty_aws.endpoint.requests.clear()
    return create_stack(tmp_path, {"aws:endpoints": empty_aws.endpoint.settings["aws:endpoints"]})


@pytest.fixture
def make_provider(empty_aws: Aws) -> Callable[..., pulumi.ProviderResource]:
    """Declare an explicit provider, with its inputs as the generated SDKs send them: structured ones as JSON text."""

    def make(name: str, **inputs: Any) -> pulumi.ProviderResource:
        return pulumi.ProviderResource(
            "cleanrooms",
            name,
            {"endpoints": empty_aws.endpoint.settings["aws:endpoints"], **inputs},
        )

    return make


def keys(account: str) -> dict[str, Any]:
    """Return the keys of an account, as the endpoint takes them."""
    return {"accessKey": account, "secretKey": "s3cr3t-key"}


def one(
    provider: Callable[[], pulumi.ProviderResource | None], **overrides: Any
) -> Callable[[], None]:
    """Return a program of one collaboration with a provider."""

    def declare() -> None:
        cleanrooms.Collaboration(
            "ads", declaration(**overrides), pulumi.ResourceOptions(provider=provider())
        )

    return declare


def callers(aws: Aws) -> set[tuple[str, str, str]]:
    """The operations of Clean Rooms since the last look, each with the account that acted and the region; then forget them."""
    seen = {
        (each.operation, each.caller.account, each.region)
        for each in aws.endpoint.requests
        if each.service == "cleanrooms"
    }
    aws.endpoint.requests.clear()
    return seen


def creations(aws: Aws) -> list[tuple[str, str]]:
    """The creations since the last look, each with the account that acted and the region; then forget every operation."""
    # On a busy machine an answer comes too late for the impatient plug-in, which then reads what it made.
    return sorted(
        (account, region)
        for operation, account, region in callers(aws)
        if operation == "CreateCollaboration"
    )


def fail(command: Callable[..., Any]) -> str:
    """Run a command that fails; the errors that it prints."""
    with pytest.raises(automation.CommandError) as error:
        command(color="never")
    text = str(error.value)
    assert "Traceback" not in text
    return text


# The default provider.


def test_the_environment_says_who_acts_and_where(
    stack: EngineStack, empty_aws: Aws, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", FIRST)
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    stack.declare(ads_program())
    stack.up()

    assert creations(empty_aws) == [(FIRST, "eu-west-1")]


def test_a_profile_of_the_environment_acts(
    stack: EngineStack, empty_aws: Aws, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "aws"
    file.write_text(
        f"[profile ci]\nregion = eu-west-1\naws_access_key_id = {SECOND}\naws_secret_access_key = y\n"
    )
    monkeypatch.setenv("AWS_CONFIG_FILE", str(file))
    monkeypatch.setenv("AWS_PROFILE", "ci")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION"):
        monkeypatch.delenv(name)
    stack.declare(ads_program())
    stack.up()

    assert creations(empty_aws) == [(SECOND, "eu-west-1")]


def test_the_settings_of_the_stack_stand_before_the_environment(
    stack: EngineStack, empty_aws: Aws
) -> None:
    for name, value in {"region": "eu-west-1", **keys(FIRST)}.items():
        stack.pulumi_stack.set_config(f"cleanrooms:{name}", automation.ConfigValue(value))
    stack.declare(ads_program())
    stack.up()

    assert creations(empty_aws) == [(FIRST, "eu-west-1")]


def test_no_setting_of_pulumi_aws_has_an_effect(stack: EngineStack, empty_aws: Aws) -> None:
    for name, value in {
        "region": "eu-west-1",
        "regoin": "x",
        "profile": "none",
        **keys(FIRST),
    }.items():
        stack.pulumi_stack.set_config(f"aws:{name}", automation.ConfigValue(value))
    stack.declare(ads_program())
    stack.up()

    assert creations(empty_aws) == [("111122223333", "us-east-1")]


def test_a_misspelt_setting_is_one_sentence(stack: EngineStack, empty_aws: Aws) -> None:
    stack.pulumi_stack.set_config("cleanrooms:regoin", automation.ConfigValue("eu-west-1"))
    stack.declare(ads_program())
    text = fail(stack.pulumi_stack.preview)

    assert (
        'cleanrooms:regoin: this is not a setting of the provider; did you mean "cleanrooms:region"? Correct the name'
        in text
    )
    assert callers(empty_aws) == set()


def test_another_key_of_the_namespace_is_left_alone(stack: EngineStack) -> None:
    stack.pulumi_stack.set_config("cleanrooms:partnerAccounts", automation.ConfigValue("[1]"))
    stack.declare(ads_program())

    assert stack.up() == {"create": 2}
    assert stack.preview() == {}


def test_no_key_and_no_secret_setting_is_kept_or_printed(stack: EngineStack) -> None:
    tags = json.dumps({"tags": {"cost": "s3cr3t-tag"}})
    for name, value in {**keys(FIRST), "token": "s3cr3t-token", "defaultTags": tags}.items():
        stack.pulumi_stack.set_config(
            f"cleanrooms:{name}", automation.ConfigValue(value, secret=True)
        )
    stack.declare(ads_program())
    printed = (
        stack.preview_text()
        + stack.pulumi_stack.preview(json=True).stdout
        + stack.pulumi_stack.up(diff=True).stdout
    )
    stack.declare(ads_program(description="Why"))
    printed += (
        stack.pulumi_stack.up(diff=True).stdout + stack.pulumi_stack.refresh(diff=True).stdout
    )

    assert "s3cr3t-tag" in str(stack.state()["ads"]["outputs"]["tagsAll"])
    assert set(SECRET_PATTERN.findall(printed)) == set()
    assert set(SECRET_PATTERN.findall(read_all_files(stack))) == set()


def test_a_key_that_was_not_set_as_a_secret_is_one_in_the_state(stack: EngineStack) -> None:
    for name, value in keys(FIRST).items():
        stack.pulumi_stack.set_config(f"cleanrooms:{name}", automation.ConfigValue(value))
    stack.declare(ads_program())
    stack.up()

    assert "s3cr3t-key" not in stack.export()


# Explicit providers.


def test_an_explicit_provider_acts_in_its_region(
    stack: EngineStack, empty_aws: Aws, make_provider: Callable[..., Any]
) -> None:
    stack.declare(one(lambda: make_provider("ireland", region="eu-west-1")))
    stack.up()
    created = callers(empty_aws)
    stack.refresh()

    assert ("CreateCollaboration", "111122223333", "eu-west-1") in created
    assert {region for _, _, region in created} == {"eu-west-1"}
    assert {region for _, _, region in callers(empty_aws)} == {"eu-west-1"}
    assert stack.preview() == {}


def test_two_accounts_in_one_stack_are_each_served_by_their_own_provider(
    stack: EngineStack, empty_aws: Aws, make_provider: Callable[..., Any]
) -> None:
    def declare(**overrides: Any) -> None:
        for account in (FIRST, SECOND):
            provider = make_provider(f"provider-{account}", **keys(account))
            cleanrooms.Collaboration(
                f"ads-{account}",
                declaration(**overrides),
                pulumi.ResourceOptions(provider=provider),
            )

    stack.declare(declare)
    stack.up()
    created = callers(empty_aws)
    assert (stack.refresh(), stack.preview()) == ({}, {})
    refreshed = callers(empty_aws)
    stack.declare(lambda: declare(query_log_status="DISABLED"))
    stack.up()
    replaced = callers(empty_aws)
    stack.destroy()

    def get_accounts(seen: set[tuple[str, str, str]], operation: str) -> list[str]:
        return sorted(account for name, account, _ in seen if name == operation)

    assert get_accounts(created, "CreateCollaboration") == [FIRST, SECOND]
    assert get_accounts(refreshed, "GetCollaboration") == [FIRST, SECOND]
    assert get_accounts(replaced, "DeleteCollaboration") == [FIRST, SECOND]
    assert dict(empty_aws.endpoint.collaborations) == {}


def test_a_changed_provider_moves_nothing(
    stack: EngineStack, empty_aws: Aws, make_provider: Callable[..., Any]
) -> None:
    stack.declare(one(lambda: make_provider("own", region="us-east-1", **keys(FIRST))))
    stack.up()
    id_ = stack.state()["ads"]["id"]
    stack.declare(
        one(lambda: make_provider("own", region="eu-west-1", maxRetries=3, **keys(FIRST)))
    )
    preview = stack.preview()
    with record_writes(empty_aws) as writes:
        applied = stack.up()

    assert {name: (step.op, step.reasons) for name, step in preview.items()} == {
        "own": ("update", ())
    }
    assert (applied, writes, stack.state()["ads"]["id"]) == ({"update": 1}, [], id_)
    assert (stack.refresh(), stack.preview()) == ({}, {})


def test_a_changed_setting_of_the_stack_moves_nothing(stack: EngineStack, empty_aws: Aws) -> None:
    stack.declare(ads_program())
    stack.up()
    id_ = stack.state()["ads"]["id"]
    stack.pulumi_stack.set_config("cleanrooms:region", automation.ConfigValue("eu-west-1"))
    with record_writes(empty_aws) as writes:
        stack.up()

    assert (writes, stack.state()["ads"]["id"]) == ([], id_)
    assert (stack.refresh(), stack.preview()) == ({}, {})


@pytest.mark.parametrize(
    ("old", "new"), [("default", "explicit"), ("explicit", "default"), ("explicit", "other")]
)
def test_a_collaboration_moves_to_another_provider_of_its_account(
    stack: EngineStack, empty_aws: Aws, make_provider: Callable[..., Any], old: str, new: str
) -> None:
    def choose(name: str) -> Callable[[], pulumi.ProviderResource | None]:
        return lambda: None if name == "default" else make_provider(name, region="us-east-1")

    stack.declare(one(choose(old)))
    stack.up()
    id_ = stack.state()["ads"]["id"]
    stack.declare(one(choose(new)))
    preview = stack.preview()
    with record_writes(empty_aws) as writes:
        stack.up()

    assert preview.get("ads", None) is None or (preview["ads"].op, preview["ads"].reasons) == (
        "update",
        (),
    )
    assert (writes, stack.state()["ads"]["id"]) == ([], id_)
    assert (stack.refresh(), stack.preview()) == ({}, {})


def test_a_provider_of_another_account_is_an_error_that_names_both(
    stack: EngineStack, empty_aws: Aws, make_provider: Callable[..., Any]
) -> None:
    stack.declare(one(lambda: make_provider("own", **keys(FIRST))))
    stack.up()
    stack.declare(one(lambda: make_provider("other", **keys(SECOND)), description="Why"))
    with record_writes(empty_aws) as writes:
        text = fail(stack.pulumi_stack.up)

    assert (
        f"account {FIRST} created the collaboration, and the credentials (the access key 6666... of cleanrooms:accessKey)"
        in text
    )
    assert f"act in account {SECOND}. Nothing was changed." in text
    assert writes == []


def test_a_replacement_with_a_provider_of_another_account_is_an_error_that_names_both(
    stack: EngineStack, empty_aws: Aws, make_provider: Callable[..., Any]
) -> None:
    stack.declare(one(lambda: make_provider("own", **keys(FIRST))))
    stack.up()
    stack.declare(one(lambda: make_provider("own", **keys(SECOND)), query_log_status="DISABLED"))
    with record_writes(empty_aws) as writes:
        text = fail(stack.pulumi_stack.up)

    assert f"account {FIRST} created the collaboration" in text
    assert f"act in account {SECOND}. Nothing was changed." in text
    assert writes == []


def test_what_get_reads_may_be_of_another_account(
    stack: EngineStack, make_provider: Callable[..., Any]
) -> None:
    stack.declare(one(lambda: make_provider("own", **keys(FIRST))))
    stack.up()
    id_ = stack.state()["ads"]["id"]

    def declare() -> None:
        one(lambda: make_provider("own", **keys(FIRST)))()
        # ADS, a member
        member = make_provider("member", **keys("222233334444"))
        read = cleanrooms.Collaboration.get("read", id_, pulumi.ResourceOptions(provider=member))
        pulumi.export("creator", read.creator_account_id)

    stack.declare(declare)
    stack.up()
    assert stack.outputs()["creator"] == FIRST
    assert stack.refresh() == {}


def test_a_misspelt_input_of_a_provider_is_one_sentence(
    stack: EngineStack, make_provider: Callable[..., Any]
) -> None:
    stack.declare(one(lambda: make_provider("own", regoin="eu-west-1")))

    assert (
        'cleanrooms:regoin: this is not a setting of the provider; did you mean "cleanrooms:region"?'
        in fail(stack.pulumi_stack.preview)
    )


def test_a_provider_whose_region_is_not_known_yet_previews_and_acts_there(
    stack: EngineStack, empty_aws: Aws, make_provider: Callable[..., Any]
) -> None:
    def declare(nonce: str, region: str = "eu-west-1") -> None:
        account = Account("account", region, nonce)
        one(lambda: make_provider("own", region=account.number))()

    stack.declare(lambda: declare("1"))
    first = stack.preview()
    stack.up()
    created = creations(empty_aws)
    id_ = stack.state()["ads"]["id"]
    stack.declare(lambda: declare("2"))
    second = stack.preview()
    with record_writes(empty_aws) as writes:
        stack.up()

    assert first["ads"].op == "create"
    assert created == [("111122223333", "eu-west-1")]
    assert "ads" not in second or second["ads"].op == "update"
    assert (writes, stack.state()["ads"]["id"]) == ([], id_)


def test_keys_of_an_explicit_provider_are_in_no_file(
    stack: EngineStack, make_provider: Callable[..., Any]
) -> None:
    stack.declare(one(lambda: make_provider("own", token="s3cr3t-token", **keys(FIRST))))
    printed = stack.preview_text() + stack.pulumi_stack.up(diff=True).stdout

    assert set(SECRET_PATTERN.findall(printed + read_all_files(stack))) == set()
