"""Profiles that ask for an MFA code, which nobody can type while Pulumi runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cleanrooms_resource.aws.connection import connect
from cleanrooms_resource.aws.settings import read_settings
from cleanrooms_resource.errors import SettingsError

if TYPE_CHECKING:
    from pathlib import Path

PROFILES = """
[profile keys]
aws_access_key_id = x
aws_secret_access_key = y
[profile keys-with-mfa]
aws_access_key_id = x
aws_secret_access_key = y
mfa_serial = arn:aws:iam::111122223333:mfa/ads
[profile role]
role_arn = arn:aws:iam::111122223333:role/ads
source_profile = keys
[profile role-with-mfa]
role_arn = arn:aws:iam::111122223333:role/ads
source_profile = keys
mfa_serial = arn:aws:iam::111122223333:mfa/ads
[profile behind-mfa]
role_arn = arn:aws:iam::111122223333:role/other
source_profile = role-with-mfa
[profile far-behind-mfa]
role_arn = arn:aws:iam::111122223333:role/third
source_profile = behind-mfa
[profile role-of-keys-with-mfa]
role_arn = arn:aws:iam::111122223333:role/ads
source_profile = keys-with-mfa
[profile own-keys-and-mfa]
role_arn = arn:aws:iam::111122223333:role/ads
source_profile = own-keys-and-mfa
aws_access_key_id = x
aws_secret_access_key = y
mfa_serial = arn:aws:iam::111122223333:mfa/ads
[profile environment-and-mfa]
role_arn = arn:aws:iam::111122223333:role/ads
credential_source = Environment
mfa_serial = arn:aws:iam::111122223333:mfa/ads
"""


@pytest.fixture(autouse=True)
def _profiles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "config").write_text(PROFILES)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setattr("cleanrooms_resource.aws.connection._CONNECTIONS", {})


@pytest.mark.parametrize(
    ("profile", "asking"),
    [
        ("role-with-mfa", "role-with-mfa"),
        ("behind-mfa", "role-with-mfa"),
        ("far-behind-mfa", "role-with-mfa"),
        ("own-keys-and-mfa", "own-keys-and-mfa"),
        ("environment-and-mfa", "environment-and-mfa"),
    ],
)
def test_a_profile_that_asks_for_an_mfa_code_is_refused_with_what_to_do(
    profile: str, asking: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A profile in the settings acts before the keys of the environment.
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "x")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "y")

    with pytest.raises(SettingsError) as refusal:
        connect(read_settings({"aws:profile": profile, "aws:region": "us-east-1"}))

    assert f'The profile "{asking}" has mfa_serial' in str(refusal.value)
    assert f"aws configure export-credentials --profile {profile} --format env" in str(
        refusal.value
    )


def test_the_environments_profile_is_refused_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "role-with-mfa")

    with pytest.raises(SettingsError, match='The profile "role-with-mfa" has mfa_serial'):
        connect(read_settings({"aws:region": "us-east-1"}))


@pytest.mark.parametrize("profile", ["keys", "role", "keys-with-mfa", "role-of-keys-with-mfa"])
def test_a_profile_that_asks_for_no_code_is_taken(profile: str) -> None:
    assert (
        connect(read_settings({"aws:profile": profile, "aws:region": "us-east-1"})).region
        == "us-east-1"
    )


@pytest.mark.parametrize(
    "settings", [{"aws:accessKey": "x", "aws:secretKey": "y"}, {}], ids=["settings", "environment"]
)
def test_keys_that_act_before_the_profile_are_taken(
    settings: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "role-with-mfa")
    if not settings:
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "x")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "y")

    assert connect(read_settings({"aws:region": "us-east-1"} | settings)).region == "us-east-1"
