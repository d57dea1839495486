"""Whose credentials act, and where: what arrives at an HTTP endpoint for each of the stack's settings."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from endpoint_calls import KEYS, arrived, call

from cleanrooms_resource.errors import (
    CredentialsError,
    InternalServerError,
    LoginError,
    SettingsError,
)

if TYPE_CHECKING:
    from pathlib import Path

    from aws_account import Aws

    from cleanrooms_resource.testing.callers import RecordedRequest

ROLE, NEXT_ROLE = "arn:aws:iam::333344445555:role/ads", "arn:aws:iam::444455556666:role/ads"
PROFILES = "[default]\naws_access_key_id = 777788889999\naws_secret_access_key = y\n[ads]\naws_access_key_id = 555566667777\naws_secret_access_key = y\n"
SSO_PROFILE = """
[sso-session nobody-logged-in]
sso_start_url = https://sso.example.com
sso_region = us-east-1
[profile nobody-logged-in]
sso_session = nobody-logged-in
sso_account_id = 555566667777
sso_role_name = ads
"""


def assumed(aws: Aws) -> list[RecordedRequest]:
    """The requests that assumed a role."""
    return [each for each in aws.endpoint.requests if each.operation.startswith("AssumeRole")]


def test_the_keys_of_the_settings_act_in_the_region_and_at_the_path_of_the_call(
    aws: Aws, where: dict[str, str]
) -> None:
    call(where | KEYS | {"aws:region": "eu-west-1"})

    request = arrived(aws)
    assert (request.caller.account, request.region, request.path) == (
        "222233334444",
        "eu-west-1",
        "/collaborations",
    )


def test_the_token_of_the_settings_is_sent(aws: Aws, where: dict[str, str]) -> None:
    call(where | KEYS | {"aws:token": "the-token"})

    assert arrived(aws).token == "the-token"


@pytest.mark.parametrize("mode", ["standard", "adaptive"])
def test_a_call_is_repeated_as_often_as_the_settings_say(
    aws: Aws, where: dict[str, str], mode: str
) -> None:
    aws.endpoint.faults.fail("ListCollaborations")
    try:
        with pytest.raises(InternalServerError):
            call(where | KEYS | {"aws:maxRetries": "1", "aws:retryMode": mode})
    finally:
        aws.endpoint.faults.clear()

    assert [each.operation for each in aws.endpoint.requests] == ["ListCollaborations"] * 2


def test_the_profile_of_the_settings_acts_before_the_keys_of_the_environment(
    aws: Aws, where: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "credentials").write_text(PROFILES)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "999999999999")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "y")

    call(where | {"aws:profile": "ads"})

    assert arrived(aws).caller.account == "555566667777"


@pytest.mark.parametrize("setting", ["aws:sharedConfigFiles", "aws:sharedCredentialsFiles"])
def test_the_shared_file_of_the_settings_has_the_profile(
    aws: Aws, where: dict[str, str], tmp_path: Path, setting: str
) -> None:
    (tmp_path / "file").write_text(
        PROFILES.replace("[ads]", "[profile ads]")
        if setting == "aws:sharedConfigFiles"
        else PROFILES
    )

    call(where | {setting: [str(tmp_path / "file")], "aws:profile": "ads"})

    assert arrived(aws).caller.account == "555566667777"


def test_the_region_of_a_profile_is_read_from_the_shared_file_of_the_settings(
    aws: Aws, where: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "file").write_text(
        PROFILES.replace("[ads]", "[profile ads]\nregion = eu-central-1")
    )
    del where["aws:region"]

    call(where | {"aws:sharedConfigFiles": [str(tmp_path / "file")], "aws:profile": "ads"})

    assert arrived(aws).region == "eu-central-1"


def test_a_chain_of_roles_is_assumed_in_its_order_and_the_last_role_acts(
    aws: Aws, where: dict[str, str]
) -> None:
    call(
        where
        | KEYS
        | {
            "aws:assumeRoles": [
                {"roleArn": ROLE, "sessionName": "one"},
                {"roleArn": NEXT_ROLE, "sessionName": "two"},
            ]
        }
    )

    assert [(each.caller.account, each.parameters["RoleArn"]) for each in assumed(aws)] == [
        ("222233334444", ROLE),
        ("333344445555", NEXT_ROLE),
    ]
    caller = arrived(aws).caller
    assert (caller.account, caller.role, caller.session_name) == ("444455556666", NEXT_ROLE, "two")


@pytest.mark.parametrize(
    ("name", "value", "parameters"),
    [
        ("externalId", "outside", {"ExternalId": "outside"}),
        ("sessionName", "ads", {"RoleSessionName": "ads"}),
        ("duration", "1h30m", {"DurationSeconds": "5400"}),
        ("policy", '{"Statement": []}', {"Policy": '{"Statement": []}'}),
        (
            "policyArns",
            ["arn:aws:iam::aws:policy/ReadOnly"],
            {"PolicyArns.member.1.arn": "arn:aws:iam::aws:policy/ReadOnly"},
        ),
        ("tags", {"team": "ads"}, {"Tags.member.1.Key": "team", "Tags.member.1.Value": "ads"}),
        ("transitiveTagKeys", ["team"], {"TransitiveTagKeys.member.1": "team"}),
        ("sourceIdentity", "ci", {"SourceIdentity": "ci"}),
    ],
)
def test_each_part_of_a_role_arrives_at_sts(
    aws: Aws, where: dict[str, str], name: str, value: Any, parameters: dict[str, str]
) -> None:
    call(where | KEYS | {"aws:assumeRoles": [{"roleArn": ROLE, name: value}]})

    assert parameters.items() <= assumed(aws)[0].parameters.items()


@pytest.mark.parametrize("source", ["webIdentityToken", "webIdentityTokenFile"])
def test_a_role_is_assumed_with_the_token_of_an_oidc_provider(
    aws: Aws, where: dict[str, str], tmp_path: Path, source: str
) -> None:
    (tmp_path / "token").write_text("the-token\n")
    token = "the-token" if source == "webIdentityToken" else str(tmp_path / "token")

    call(
        where
        | {
            "aws:assumeRoleWithWebIdentity": {"roleArn": ROLE, source: token, "duration": "1h"},
            "aws:assumeRoles": [{"roleArn": NEXT_ROLE}],
        }
    )

    first, second = assumed(aws)
    assert (
        first.operation,
        first.parameters["WebIdentityToken"],
        first.parameters["DurationSeconds"],
    ) == (
        "AssumeRoleWithWebIdentity",
        "the-token",
        "3600",
    )
    assert second.caller.role == ROLE
    assert arrived(aws).caller.account == "444455556666"


def test_the_roles_region_of_sts_is_that_of_the_settings(aws: Aws, where: dict[str, str]) -> None:
    call(where | KEYS | {"aws:stsRegion": "eu-north-1", "aws:assumeRoles": [{"roleArn": ROLE}]})

    assert (assumed(aws)[0].region, arrived(aws).region) == ("eu-north-1", "us-east-1")


def test_credentials_that_are_about_to_expire_are_renewed_in_the_run(
    aws: Aws, where: dict[str, str]
) -> None:
    # botocore renews credentials for the first time 15 minutes before they expire, and these last 15 minutes.
    settings = where | KEYS | {"aws:assumeRoles": [{"roleArn": ROLE, "duration": "15m"}]}
    call(settings)
    call(settings)

    assert len(assumed(aws)) > 1


def test_four_threads_share_one_set_of_clients_and_one_assumed_role(
    aws: Aws, where: dict[str, str]
) -> None:
    settings = where | KEYS | {"aws:assumeRoles": [{"roleArn": ROLE}]}

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: call(settings), range(8)))

    assert len(assumed(aws)) == 1
    assert {
        each.caller.account for each in aws.endpoint.requests if each.service == "cleanrooms"
    } == {"333344445555"}


def test_resources_with_other_account_lists_share_the_assumed_role(
    aws: Aws, where: dict[str, str]
) -> None:
    settings = where | KEYS | {"aws:assumeRoles": [{"roleArn": ROLE}]}
    call(settings)
    call(settings, "us-east-1")
    call(settings | {"aws:allowedAccountIds": ["333344445555"]})

    assert len(assumed(aws)) == 1


def test_a_role_that_may_not_be_assumed_is_one_clear_sentence(
    aws: Aws, where: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(aws.endpoint.callers, "refused_roles", {ROLE})

    with pytest.raises(
        CredentialsError,
        match=r"^listing collaborations: AssumeRole: AccessDenied: User is not authorized .*role/ads\. Set credentials",
    ):
        call(where | KEYS | {"aws:assumeRoles": [{"roleArn": ROLE}]})


def test_a_role_without_credentials_that_assume_it_is_one_clear_sentence(
    where: dict[str, str],
) -> None:
    with pytest.raises(
        CredentialsError,
        match=r"^assuming the role arn:\S+ of aws:assumeRoles: boto3 finds no credentials",
    ):
        call(where | {"aws:assumeRoles": [{"roleArn": ROLE}]})


def test_a_login_that_expires_in_the_run_is_one_clear_sentence(
    aws: Aws, where: dict[str, str]
) -> None:
    settings = where | KEYS | {"aws:token": "of a login"}
    call(settings)
    aws.endpoint.faults.refuse("ListCollaborations", 403, "ExpiredTokenException")
    try:
        with pytest.raises(
            CredentialsError,
            match=r"^listing collaborations: ExpiredTokenException: [^.]+\. Set credentials that work",
        ):
            call(settings)
    finally:
        aws.endpoint.faults.clear()


def test_a_login_of_sso_that_is_not_there_says_how_to_log_in(
    where: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "config").write_text(SSO_PROFILE)

    with pytest.raises(
        LoginError,
        match=r"^listing collaborations: \w+: .*SSO.*\. Log in again with `aws sso login --profile PROFILE`",
    ):
        call(
            where
            | {
                "aws:sharedConfigFiles": [str(tmp_path / "config")],
                "aws:profile": "nobody-logged-in",
            }
        )


def test_a_token_file_that_is_missing_is_one_clear_sentence(where: dict[str, str]) -> None:
    with pytest.raises(CredentialsError, match="the token file /nowhere cannot be read"):
        call(
            where
            | {
                "aws:assumeRoleWithWebIdentity": {
                    "roleArn": ROLE,
                    "webIdentityTokenFile": "/nowhere",
                }
            }
        )


@pytest.mark.parametrize("setting", ["sharedConfigFiles", "sharedCredentialsFiles"])
def test_a_shared_file_that_is_missing_is_refused_and_no_other_credentials_act(
    aws: Aws, where: dict[str, str], setting: str
) -> None:
    with pytest.raises(SettingsError, match=rf"^aws:{setting}: the file /nowhere does not exist\."):
        call(where | {f"aws:{setting}": ["/nowhere"]})

    assert not aws.endpoint.requests


@pytest.mark.parametrize(
    ("name", "accounts"),
    [("allowedAccountIds", ["999999999999"]), ("forbiddenAccountIds", ["333344445555"])],
)
def test_a_wrong_account_is_refused_before_any_call_of_clean_rooms(
    aws: Aws, where: dict[str, str], name: str, accounts: list[str]
) -> None:
    with pytest.raises(
        SettingsError,
        match=rf"the role {ROLE} of aws:assumeRoles.* act in account 333344445555, which .*aws:{name}",
    ):
        call(where | KEYS | {"aws:assumeRoles": [{"roleArn": ROLE}], f"aws:{name}": accounts})

    assert [each.operation for each in aws.endpoint.requests] == ["AssumeRole", "GetCallerIdentity"]
