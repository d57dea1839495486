"""The stack's aws: read_settings."""

from __future__ import annotations

from typing import Any

import pytest

from cleanrooms_resource.aws.connection import connect
from cleanrooms_resource.aws.settings import Settings, read_settings
from cleanrooms_resource.errors import SettingsError

LOCAL = {"aws:accessKey": "x", "aws:secretKey": "y"}


def test_settings_are_read_by_pulumi_awss_names() -> None:
    read = read_settings(
        {
            "aws:region": "eu-west-1",
            "aws:profile": "ads",
            "aws:accessKey": "AKIA",
            "aws:secretKey": "s",
            "aws:token": "t",
            "aws:endpoints": '[{"cleanrooms": "http://127.0.0.1:1"}, {"sts": "http://127.0.0.1:2", "s3": ""}]',
            "aws:allowedAccountIds": '["111122223333"]',
            "aws:forbiddenAccountIds": '["222233334444"]',
        }
    )

    assert read == Settings(
        region="eu-west-1",
        profile="ads",
        access_key="AKIA",
        secret_key="s",
        token="t",
        endpoints=(("cleanrooms", "http://127.0.0.1:1"), ("sts", "http://127.0.0.1:2")),
        allowed_account_ids=("111122223333",),
        forbidden_account_ids=("222233334444",),
    )


def test_retries_are_as_the_settings_say(config: dict[str, str]) -> None:
    made = connect(read_settings(config | {"aws:maxRetries": "2", "aws:retryMode": "adaptive"}))

    assert made.cleanrooms.meta.config.retries == {"mode": "adaptive", "total_max_attempts": 3}


def test_a_creation_is_never_retried_by_boto3_whatever_the_settings_say(config: dict[str, str]) -> None:
    made = connect(read_settings(config | {"aws:maxRetries": "5"}))

    assert made.creating.meta.config.retries["total_max_attempts"] == 1


@pytest.mark.parametrize(("name", "value"), [("maxRetries", "many"), ("maxRetries", "-1"), ("retryMode", "legacy")])
def test_retries_that_mean_nothing_are_refused(name: str, value: str) -> None:
    assert read_settings({f"aws:{name}": value}).refused[0].startswith(f"aws:{name}: must be ")


def test_other_namespaces_are_not_read() -> None:
    assert read_settings({"gcp:region": "x", "project:assumeRoles": "y"}) == Settings()


@pytest.mark.parametrize("name", ["s3UsePathStyle", "skipCredentialsValidation", "skipMetadataApiCheck", "userAgents"])
def test_settings_that_say_nothing_about_clean_rooms_are_without_effect(name: str) -> None:
    assert read_settings({f"aws:{name}": "true"}) == Settings()


@pytest.mark.parametrize("name", ["assumeRoles", "assumeRoleWithWebIdentity", "sharedConfigFiles", "httpProxy", "defaultTags", "somethingNew"])
def test_any_other_setting_is_refused_by_name(name: str) -> None:
    assert read_settings({f"aws:{name}": "x"}).refused[0].startswith(f"aws:{name}: this setting is not supported")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("endpoints", "http://127.0.0.1"),
        ("endpoints", "5"),
        ("endpoints", '{"cleanrooms": "localhost:1"}'),
        ("endpoints", '{"cleanrooms": 5}'),
        ("allowedAccountIds", "[111122223333]"),
        ("forbiddenAccountIds", '"x"'),
    ],
)
def test_a_structured_setting_that_is_none_is_refused(name: str, value: str) -> None:
    assert read_settings({f"aws:{name}": value}).refused[0].startswith(f"aws:{name}: must be JSON like")


def test_a_refused_setting_makes_no_connection() -> None:
    with pytest.raises(SettingsError, match="aws:assumeRoles"):
        connect(read_settings({**LOCAL, "aws:region": "us-east-1", "aws:assumeRoles": "[]"}))


def test_secrets_are_not_in_the_text_of_settings() -> None:
    assert "hidden" not in repr(read_settings({"aws:accessKey": "hidden", "aws:secretKey": "hidden", "aws:token": "hidden"}))


def test_the_region_is_the_argument_before_the_setting() -> None:
    assert connect(read_settings({**LOCAL, "aws:region": "us-east-1"}), "eu-west-1").region == "eu-west-1"


@pytest.mark.parametrize("variable", ["AWS_REGION", "AWS_DEFAULT_REGION"])
def test_without_a_setting_the_region_is_the_environments(monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    monkeypatch.setenv(variable, "eu-central-1")

    assert connect(read_settings({**LOCAL, "aws:token": variable})).region == "eu-central-1"


def test_no_region_anywhere_is_an_error_that_says_where_to_set_one() -> None:
    with pytest.raises(SettingsError, match="aws:region"):
        connect(read_settings(LOCAL))


def test_a_profile_that_is_not_there_is_an_error_that_names_it() -> None:
    with pytest.raises(SettingsError, match='profile "nobody"'):
        connect(read_settings({"aws:profile": "nobody", "aws:region": "us-east-1"}))


@pytest.mark.parametrize(("name", "accounts"), [("allowedAccountIds", '["999999999999"]'), ("forbiddenAccountIds", '["111122223333"]')])
def test_an_account_that_the_settings_do_not_allow_is_refused(config: dict[str, str], name: str, accounts: str) -> None:
    with pytest.raises(SettingsError, match=f"111122223333.*aws:{name}"):
        connect(read_settings({**config, f"aws:{name}": accounts}))


def test_an_account_that_the_settings_allow_is_connected(config: dict[str, str]) -> None:
    assert connect(read_settings({**config, "aws:allowedAccountIds": '["111122223333"]'})).account == "111122223333"


def test_a_connection_is_made_once_for_the_same_settings(config: dict[str, str]) -> None:
    assert connect(read_settings(config)) is connect(read_settings(dict(config)))


def test_creating_is_never_retried_by_botocore() -> None:
    connection: Any = connect(read_settings({**LOCAL, "aws:region": "us-east-1"}))

    assert connection.creating.meta.config.retries["total_max_attempts"] == 1
