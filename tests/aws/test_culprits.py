"""An error names the setting, the variable or the argument that is at fault, and no other."""

from __future__ import annotations

import pytest
from declarations import declaration
from stub_connection import ID, StubConnection

from cleanrooms_resource.__main__ import main
from cleanrooms_resource.aws import calls
from cleanrooms_resource.aws.connection import connect
from cleanrooms_resource.aws.settings import read_settings
from cleanrooms_resource.errors import (
    SET_CREDENTIALS,
    CollaborationError,
    ConflictError,
    CredentialsError,
    SettingsError,
)
from cleanrooms_resource.provider import CollaborationProvider

KEYS = {"aws:accessKey": "a", "aws:secretKey": "b", "aws:region": "us-east-1"}
ADDRESS = '[{"cleanrooms": "http://127.0.0.1:1", "sts": "http://127.0.0.1:1"}]'


@pytest.fixture(autouse=True)
def _fresh_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cleanrooms_resource.aws.connection._CONNECTIONS", {})


@pytest.mark.parametrize("settings", [KEYS, {"aws:region": "us-east-1"}], ids=["keys", "chain"])
def test_a_missing_profile_of_the_environment_is_blamed_on_its_variable(
    settings: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "gone")

    with pytest.raises(SettingsError, match=r'not work \(the profile "gone" of AWS_PROFILE\): '):
        connect(read_settings(settings))


def test_a_missing_profile_of_the_command_line_is_blamed_on_its_argument(
    capsys: pytest.CaptureFixture[str],
) -> None:
    main(["discover", "--profile", "gone", "--region", "us-east-1"])

    sentence = capsys.readouterr().err
    assert 'The arguments do not work (the profile "gone" of --profile)' in sentence
    assert "aws:" not in sentence


def test_an_address_of_the_environment_is_not_blamed_on_the_settings(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "localhost:1")

    with pytest.raises(SettingsError, match=r"^The environment does not work"):
        connect(read_settings({"aws:region": "us-east-1"}))


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "http_proxy"])
def test_a_local_address_behind_a_proxy_fails_with_a_word_about_the_proxy(
    variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, "http://127.0.0.1:2")
    connection = connect(read_settings(KEYS | {"aws:endpoints": ADDRESS, "aws:maxRetries": "0"}))

    with pytest.raises(CollaborationError) as refusal:
        calls.list_members(connection, ID, None)

    assert refusal.value.advice.startswith(
        "The request goes through the proxy of HTTP_PROXY; for an address without a proxy, add its "
        "host to NO_PROXY."
    )


def test_a_proxy_of_the_settings_is_named_as_the_setting() -> None:
    settings = KEYS | {"aws:endpoints": ADDRESS, "aws:httpProxy": "http://127.0.0.1:2"}
    connection = connect(read_settings(settings | {"aws:maxRetries": "0"}))

    with pytest.raises(CollaborationError, match=r"the proxy of aws:httpProxy; .* aws:noProxy"):
        calls.list_members(connection, ID, None)


def test_an_address_that_goes_through_no_proxy_fails_without_a_word_about_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:2")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    connection = connect(read_settings(KEYS | {"aws:endpoints": ADDRESS, "aws:maxRetries": "0"}))

    with pytest.raises(CollaborationError) as refusal:
        calls.list_members(connection, ID, None)

    assert "proxy" not in str(refusal.value)


@pytest.mark.parametrize("settings", [{}, {"aws:allowedAccountIds": '["111122223333"]'}])
def test_a_creation_without_credentials_has_no_advice_about_refresh_and_destroy(
    settings: dict[str, str],
) -> None:
    provider = CollaborationProvider.start(
        read_settings({"aws:region": "us-east-1", "aws:endpoints": ADDRESS} | settings)
    )

    with pytest.raises(CredentialsError) as refusal:
        provider.create(provider.check({}, declaration()).inputs)

    assert refusal.value.advice == SET_CREDENTIALS


def test_a_deletion_that_conflicts_has_no_advice_about_change_requests() -> None:
    stub = StubConnection()
    stub.cleanrooms.add_client_error("delete_collaboration", "ConflictException", "in use", 409)

    with pytest.raises(ConflictError) as refusal:
        calls.delete_collaboration(stub.connection, ID, None)

    assert refusal.value.advice == (
        "The collaboration has changed since the last refresh, or something at AWS still needs it. "
        "Run `pulumi refresh`, then run the command again."
    )


def test_an_update_that_conflicts_has_no_advice_about_change_requests() -> None:
    stub = StubConnection()
    stub.cleanrooms.add_client_error("update_collaboration", "ConflictException", "in use", 409)

    with pytest.raises(ConflictError) as refusal:
        calls.update_collaboration(stub.connection, ID, None, {"name": "Other"})

    assert "change request" not in refusal.value.advice


def test_a_change_request_that_conflicts_has_advice_about_open_ones() -> None:
    stub = StubConnection()
    stub.cleanrooms.add_client_error("delete_member", "ConflictException", "open", 409)

    with pytest.raises(ConflictError, match="a change request is open for the same member"):
        calls.delete_member(stub.connection, ID, None, "222233334444")
