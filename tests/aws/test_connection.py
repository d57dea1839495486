"""The connection that settings make: its region, its account, its retries."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.httpsession import URLLib3Session

from cleanrooms_resource.aws.connection import _LOCK, connect
from cleanrooms_resource.aws.settings import read_settings
from cleanrooms_resource.errors import SettingsError

LOCAL = {"aws:accessKey": "x", "aws:secretKey": "y"}


def test_retries_are_as_the_settings_say(config: dict[str, str]) -> None:
    connection = connect(
        read_settings(config | {"aws:maxRetries": "2", "aws:retryMode": "adaptive"})
    )

    assert connection.cleanrooms.meta.config.retries == {
        "mode": "adaptive",
        "total_max_attempts": 3,
    }


def test_a_creation_is_never_retried_by_boto3_whatever_the_settings_say(
    config: dict[str, str],
) -> None:
    connection = connect(read_settings(config | {"aws:maxRetries": "5"}))

    assert connection.cleanrooms_without_retries.meta.config.retries["total_max_attempts"] == 1


def test_a_refused_setting_makes_no_connection() -> None:
    with pytest.raises(SettingsError, match=r"^aws:assumeRoles: must be JSON like .*\.$"):
        connect(read_settings({**LOCAL, "aws:region": "us-east-1", "aws:assumeRoles": "role"}))


def test_the_region_is_the_argument_before_the_setting() -> None:
    assert (
        connect(read_settings({**LOCAL, "aws:region": "us-east-1"}), "eu-west-1").region
        == "eu-west-1"
    )


@pytest.mark.parametrize("variable", ["AWS_REGION", "AWS_DEFAULT_REGION"])
def test_without_a_setting_the_region_is_the_environments(
    monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setenv(variable, "eu-central-1")

    assert connect(read_settings({**LOCAL, "aws:token": variable})).region == "eu-central-1"


def test_no_region_anywhere_is_an_error_that_says_where_to_set_one() -> None:
    with pytest.raises(SettingsError, match="aws:region"):
        connect(read_settings(LOCAL))


def test_a_profile_that_is_not_there_is_an_error_that_names_it() -> None:
    with pytest.raises(
        SettingsError,
        match=r'profile "nobody" of aws:profile\): The config profile \(nobody\) could not be found\.$',
    ):
        connect(read_settings({"aws:profile": "nobody", "aws:region": "us-east-1"}))


@pytest.mark.parametrize(
    ("name", "accounts"),
    [("allowedAccountIds", '["999999999999"]'), ("forbiddenAccountIds", '["111122223333"]')],
)
def test_an_account_that_the_settings_do_not_allow_is_refused(
    config: dict[str, str], name: str, accounts: str
) -> None:
    with pytest.raises(SettingsError, match=f"111122223333.*aws:{name}"):
        connect(read_settings({**config, f"aws:{name}": accounts}))


def test_an_account_that_the_settings_allow_is_connected(config: dict[str, str]) -> None:
    assert (
        connect(read_settings({**config, "aws:allowedAccountIds": '["111122223333"]'})).account
        == "111122223333"
    )


def test_aws_is_asked_for_the_account_while_the_lock_is_free(
    config: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lock_states: list[bool] = []
    send = URLLib3Session.send

    def send_and_note(session: URLLib3Session, request: Any) -> Any:
        lock_states.append(_LOCK.locked())
        return send(session, request)

    monkeypatch.setattr(URLLib3Session, "send", send_and_note)

    # The token makes these settings new ones, so that a connection is made.
    connect(
        read_settings(
            {**config, "aws:token": "of this test", "aws:allowedAccountIds": '["111122223333"]'}
        )
    )

    # One request, which is GetCallerIdentity.
    assert lock_states == [False]


def test_a_connection_is_made_once_for_the_same_settings(config: dict[str, str]) -> None:
    assert connect(read_settings(config)) is connect(read_settings(dict(config)))


def test_a_creation_is_never_retried_by_boto3_where_no_setting_says_so() -> None:
    connection = connect(read_settings({**LOCAL, "aws:region": "us-east-1"}))

    assert connection.cleanrooms_without_retries.meta.config.retries["total_max_attempts"] == 1
