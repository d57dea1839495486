"""No error quotes a session token or the password of an address, and a request that cannot be sent counts as not sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from declarations import declaration

from cleanrooms_resource import errors
from cleanrooms_resource.aws import calls
from cleanrooms_resource.aws.connection import connect
from cleanrooms_resource.aws.creation import create_collaboration
from cleanrooms_resource.aws.masking import hide_values
from cleanrooms_resource.aws.settings import read_settings
from cleanrooms_resource.declaration.canonical_form import canonicalize

if TYPE_CHECKING:
    from pathlib import Path

    from aws_account import Aws

    from cleanrooms_resource.aws.connection import Connection

REFUSED = "127.0.0.1:9"
"""A port where nothing listens."""


def create(connection: Connection) -> dict[str, Any]:
    return create_collaboration(connection, canonicalize(declaration())[0], is_name_plain=False)


@pytest.mark.parametrize(
    "credentials",
    [
        {"aws:token": "s3cr3t-a\ns3cr3t-b"},
        {"aws:token": "s3cr3t-a\n"},
        {"aws:accessKey": "s3cr3t-a\ns3cr3t-b"},
        # As Python reads bytes of the environment that are not UTF-8.
        {"aws:token": "s3cr3t-\udcff"},
        {"aws:accessKey": "s3cr3t-\udcff"},
        {"aws:secretKey": "s3cr3t-\udcff"},
    ],
    ids=[
        "token",
        "token at its end",
        "access key",
        "bytes in the token",
        "bytes in the access key",
        "bytes in the secret key",
    ],
)
def test_a_header_that_cannot_be_sent_is_not_quoted_and_nothing_was_sent(
    config: dict[str, str], credentials: dict[str, str], aws: Aws
) -> None:
    before = aws.collaborations()

    with pytest.raises(
        errors.CredentialsError, match=r"such as a line break\. Nothing was sent"
    ) as error:
        create(connect(read_settings(config | credentials)))

    assert "s3cr3t-" not in str(error.value).replace("s3cr...", "")
    assert aws.collaborations() == before


def test_credentials_that_nobody_set_are_called_missing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, config: dict[str, str]
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "missing"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    without_keys = {
        name: value
        for name, value in config.items()
        if name not in ("aws:accessKey", "aws:secretKey")
    }

    with pytest.raises(
        errors.CredentialsError, match="NoCredentialsError: Unable to locate credentials"
    ):
        create(connect(read_settings(without_keys)))


@pytest.mark.parametrize(
    "password", ["s3cr3t", "s3c\nr3t", "s3c@r3t", "s3c/r3t", "s3c€r3t", 's3c"r3t']
)
def test_the_password_of_a_proxy_is_masked(
    monkeypatch: pytest.MonkeyPatch, config: dict[str, str], password: str
) -> None:
    monkeypatch.setenv("HTTP_PROXY", f"http://user:{password}@{REFUSED}")
    monkeypatch.setenv("NO_PROXY", "")
    monkeypatch.delenv("http_proxy", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)

    with pytest.raises((errors.UnreachableError, errors.CredentialsError)) as error:
        # A connection keeps its proxy, so this one is new.
        create(connect(read_settings(config | {"aws:token": str(hash(password))})))

    assert "user" not in str(error.value)
    assert "s3c" not in str(error.value)
    assert "r3t" not in str(error.value)


@pytest.mark.parametrize("password", ["s3cr3t", "s3c@r3t", 's3c"r3t'])
def test_the_password_of_an_endpoint_is_masked(config: dict[str, str], password: str) -> None:
    endpoint = f"http://user:{password}@{REFUSED}"
    settings = {**config, "aws:endpoints": [{"cleanrooms": endpoint}]}

    with pytest.raises(errors.UnreachableError, match=rf'"http://\*\*\*@{REFUSED}/') as error:
        create(connect(read_settings(settings)))

    assert "s3c" not in str(error.value)


def test_a_credentials_file_that_cannot_be_parsed_is_not_quoted(
    config: dict[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "credentials"
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(file))
    settings = read_settings(
        {name: value for name, value in config.items() if name != "aws:region"}
    )
    for text in (
        "aws_secret_access_key = s3cr3t\n",
        "[default]\ns3cr3t\n",
        "[default]\na = b\na = s3cr3t\n[s3cr3t\n",
    ):
        file.write_text(text)

        with pytest.raises(
            errors.SettingsError, match=r"credentials cannot be parsed: \w+Error in line \d\."
        ) as error:
            connect(settings)

        assert "s3cr3t" not in str(error.value)


def test_the_password_of_an_endpoint_is_masked_where_the_connection_breaks(
    config: dict[str, str],
) -> None:
    """A server that speaks no TLS."""
    endpoint = config["aws:endpoints"].split('"')[3].replace("http://", "https://user:s3cr3t@")
    settings = {**config, "aws:endpoints": [{"cleanrooms": endpoint}], "aws:maxRetries": "0"}

    with pytest.raises(errors.AnswerLostError, match=r"https://\*\*\*@") as error:
        calls.delete_collaboration(
            connect(read_settings(settings)),
            "11111111-2222-3333-4444-555555555555",
            "Ads measurement",
        )

    assert "s3cr3t" not in str(error.value)


@pytest.mark.parametrize(
    ("password", "error_class"),
    [
        ("s3c\nr3t", errors.SettingsError),
        ("s3c[r3t", errors.SettingsError),
        ("s3c/r3t", errors.UnreachableError),
    ],
)
def test_an_endpoint_that_is_no_url_is_refused_without_its_password(
    config: dict[str, str], password: str, error_class: type[errors.CollaborationError]
) -> None:
    settings = {**config, "aws:endpoints": [{"cleanrooms": f"http://user:{password}@{REFUSED}"}]}

    with pytest.raises(error_class) as error:
        create(connect(read_settings(settings)))

    assert "s3c" not in str(error.value)
    assert "r3t" not in str(error.value)


DESCRIPTION = "s3cr3t words"


def refuse(message: str, **properties: Any) -> errors.CollaborationError:
    with pytest.raises(errors.CollaborationError) as failure, hide_values(properties):
        raise errors.ValidationError(
            f"creating it in us-east-1: ValidationException: {message}.", reason=message
        )
    return failure.value


def test_a_secret_that_aws_quotes_is_hidden() -> None:
    error = refuse(f"Value '{DESCRIPTION}' at 'description' failed", description=DESCRIPTION)

    assert "Value '[secret]' at 'description' failed" in str(error)
    assert DESCRIPTION not in error.reason
    assert isinstance(error, errors.ValidationError)


def test_a_secret_in_a_member_and_in_a_tag_is_hidden() -> None:
    error = refuse(
        "s3cr3t-a and s3cr3t-b",
        members={"1": {"displayName": "s3cr3t-a", "memberAbilities": ["CAN_QUERY"]}},
        tags={"x": "s3cr3t-b"},
    )

    assert "[secret] and [secret]" in str(error)


def test_a_secret_in_capital_letters_is_hidden() -> None:
    assert "[secret] is wrong" in str(refuse("RETAILCO is wrong", creatorDisplayName="RETAILCO"))


@pytest.mark.parametrize("text", ["CAN_QUERY", "in", ""])
def test_the_words_of_the_api_and_parts_of_words_are_not_hidden(text: str) -> None:
    assert "[secret]" not in str(refuse("one of [CAN_QUERY, CAN_RUN_JOB]", name=text))


def test_an_error_without_a_secret_stays_as_it_is() -> None:
    assert (
        str(refuse("no", description=DESCRIPTION))
        == "creating it in us-east-1: ValidationException: no. Correct the declaration."
    )
