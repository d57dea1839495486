"""What a preview refuses because the first call of `up` could not be sent: known without a call."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest
from declarations import declaration

from cleanrooms_resource.aws.settings import read_settings
from cleanrooms_resource.provider import CollaborationProvider
from cleanrooms_resource.pulumi_sdk import UNKNOWN_VALUE

if TYPE_CHECKING:
    from pathlib import Path

REGION = {"aws:region": "us-east-1"}
KEYS = {"aws:accessKey": "a", "aws:secretKey": "b"}
ENDPOINT = {"aws:endpoints": '[{"cleanrooms": "http://127.0.0.1:1"}]'}
FILE = """
[profile ads]
role_arn = arn:aws:iam::111122223333:role/ads
source_profile = gone
[profile web]
role_arn = arn:aws:iam::111122223333:role/ads
web_identity_token_file = /token
source_profile = gone
mfa_serial = arn:aws:iam::111122223333:mfa/ads
[profile mfa]
role_arn = arn:aws:iam::111122223333:role/ads
credential_source = Environment
mfa_serial = arn:aws:iam::111122223333:mfa/ads
"""


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    (tmp_path / "config").write_text(FILE)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    for name in ("AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name, raising=False)
    return f"{tmp_path / 'config'} or {tmp_path / 'credentials'}"


def check(
    settings: dict[str, Any], olds: dict[str, Any] | None = None, **overrides: Any
) -> list[str]:
    provider = CollaborationProvider.start(read_settings(settings))
    failures = provider.check(olds or {}, declaration(**overrides)).failures
    return [failure.reason for failure in failures]


@pytest.mark.parametrize("olds", [{}, declaration()], ids=["new", "in the state"])
def test_a_profile_of_the_settings_that_does_not_exist_fails_the_preview(
    files: str, olds: dict[str, Any]
) -> None:
    assert check(REGION | {"aws:profile": "gone"}, olds) == [
        f'aws:profile: no profile "gone" is in {files}. Correct the name, or add the profile'
    ]


def test_a_profile_of_a_connection_that_does_not_exist_fails_the_preview(files: str) -> None:
    assert check(REGION, connection={"profile": "gone"}) == [
        f'connection.profile: no profile "gone" is in {files}. Correct the name, or add the profile'
    ]


@pytest.mark.parametrize("variable", ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"])
def test_a_profile_of_the_environment_that_does_not_exist_fails_the_preview(
    files: str, variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, "gone")

    # botocore looks for the profile even where the keys of the settings act.
    assert check(REGION | KEYS) == [
        f'{variable}: no profile "gone" is in {files}. Correct the name, or add the profile'
    ]


def test_the_stacks_profile_does_not_matter_where_a_connection_names_an_identity() -> None:
    connection = {"accessKey": "a", "secretKey": "b"}

    assert check(REGION | {"aws:profile": "gone"}, connection=connection) == []


def test_a_connection_that_is_not_known_yet_is_not_judged() -> None:
    assert check(REGION | {"aws:profile": "gone"}, connection=UNKNOWN_VALUE) == []


def test_a_source_profile_that_does_not_exist_fails_the_preview(files: str) -> None:
    assert check(REGION | {"aws:profile": "ads"}) == [
        (
            f'the profile "ads" needs the profile "gone" (source_profile), which is not '
            f"in {files}. Correct source_profile, or add the profile"
        )
    ]


def test_a_profile_that_asks_for_an_mfa_code_fails_the_preview() -> None:
    (reason,) = check(REGION | {"aws:profile": "mfa"})

    assert reason.startswith('The profile "mfa" has mfa_serial, and nobody can type an MFA code')


def test_the_advice_on_an_mfa_code_removes_only_a_profile_that_a_setting_names(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (of_setting,) = check(REGION | {"aws:profile": "mfa"})
    (of_connection,) = check(REGION, connection={"profile": "mfa"})
    monkeypatch.setenv("AWS_PROFILE", "mfa")
    (of_variable,) = check(REGION)

    assert "which asks for the code, and remove `aws:profile` from the stack; or" in of_setting
    assert "and remove `connection.profile` from the resource; or" in of_connection
    assert "which asks for the code; or name a profile without mfa_serial." in of_variable


def test_every_address_that_is_no_url_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ENDPOINT_URL_CLEANROOMS", "AWS_ENDPOINT_URL_STS"):
        monkeypatch.setenv(name, "localhost:1")

    assert [reason.partition(":")[0] for reason in check(REGION)] == [
        "AWS_ENDPOINT_URL_CLEANROOMS",
        "AWS_ENDPOINT_URL_STS",
    ]


def test_a_file_that_changes_is_read_again(tmp_path: Path) -> None:
    missing = check(REGION | {"aws:profile": "new"})
    (tmp_path / "config").write_text(FILE + "[profile new]\naws_access_key_id = a\n")

    assert missing != []
    assert check(REGION | {"aws:profile": "new"}) == []


def test_a_profile_with_a_token_file_needs_neither_a_source_profile_nor_an_mfa_code() -> None:
    assert check(REGION | {"aws:profile": "web"}) == []


def test_a_file_in_a_folder_that_cannot_be_entered_is_not_there(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    stat = os.stat

    def refuse(path: Any, **options: Any) -> os.stat_result:
        if str(path).startswith(str(tmp_path)):
            raise PermissionError
        return stat(path, **options)

    monkeypatch.setattr(os, "stat", refuse)

    assert check(REGION) == []


@pytest.mark.parametrize("address", ["HTTP://localhost:1", "http://localhost:1"])
def test_a_plain_endpoint_of_the_environment_needs_no_certificates(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", address)
    monkeypatch.setenv("AWS_CA_BUNDLE", "/gone")

    assert check(REGION) == []


def test_certificates_may_be_a_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("AWS_CA_BUNDLE", str(tmp_path))

    assert check(REGION) == []


def test_keys_of_the_environment_act_before_the_role_of_its_profile(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "mfa")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "a")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "b")

    assert check(REGION) == []


@pytest.mark.parametrize(
    ("settings", "source"),
    [
        ({"aws:sharedConfigFiles": '["/gone"]'}, "aws:sharedConfigFiles"),
        ({"aws:sharedCredentialsFiles": '["/gone"]'}, "aws:sharedCredentialsFiles"),
        ({"aws:customCaBundle": "/gone"}, "aws:customCaBundle"),
        (
            {
                "aws:assumeRoleWithWebIdentity": '{"roleArn": "arn:aws:iam::111122223333:role/x",'
                ' "webIdentityTokenFile": "/gone"}'
            },
            "aws:assumeRoleWithWebIdentity",
        ),
    ],
)
def test_a_file_of_the_settings_that_does_not_exist_fails_the_preview(
    settings: dict[str, str], source: str
) -> None:
    assert check(REGION | settings) == [
        f"{source}: the file /gone does not exist. Correct the path"
    ]


def test_certificates_of_the_environment_that_do_not_exist_fail_the_preview(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AWS_CA_BUNDLE", "/gone")

    assert check(REGION) == ["AWS_CA_BUNDLE: the file /gone does not exist. Correct the path"]
    assert check(REGION | ENDPOINT) == []


def test_a_region_without_clean_rooms_fails_the_preview_where_only_sts_has_an_address() -> None:
    settings = {"aws:endpoints": '[{"sts": "http://127.0.0.1:1"}]', "aws:region": "af-south-1"}

    (reason,) = check(settings)

    assert reason.startswith('aws:region: "af-south-1" is not a region of Clean Rooms')


@pytest.mark.parametrize(
    ("settings", "overrides", "source"),
    [
        (REGION, {"region": " us-east-1"}, "region"),
        ({"aws:region": " us-east-1", "aws:skipRegionValidation": "true"}, {}, "aws:region"),
        (REGION | {"aws:stsRegion": " us-east-1"}, {}, "aws:stsRegion"),
    ],
)
def test_a_region_that_cannot_be_one_fails_the_preview_beside_any_address(
    settings: dict[str, str], overrides: dict[str, Any], source: str
) -> None:
    assert check(settings | ENDPOINT, **overrides) == [
        (
            f'{source}: " us-east-1" cannot be a region, which has letters, digits and hyphens '
            'alone; did you mean "us-east-1"?'
        )
    ]


@pytest.mark.parametrize("name", ["aws:accessKey", "aws:secretKey", "aws:token"])
def test_a_key_with_a_line_break_fails_the_preview_without_being_quoted(name: str) -> None:
    assert check(REGION | KEYS | {name: "secret\n"}) == [
        (
            f"{name}: the value has a character that no key has, such as a space or a line break. "
            "Set it again"
        )
    ]


def test_one_key_of_the_environment_without_the_other_fails_the_preview(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "a")

    assert check(REGION) == [
        "AWS_SECRET_ACCESS_KEY: is required beside AWS_ACCESS_KEY_ID. Set both of them"
    ]
    assert check(REGION | KEYS) == []


@pytest.mark.parametrize(
    "variable", ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_CLEANROOMS", "AWS_ENDPOINT_URL_STS"]
)
def test_an_address_of_the_environment_that_is_no_url_fails_the_preview(
    variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, "localhost:8080")

    assert check(REGION) == [f"{variable}: must be a URL that begins with http:// or https://"]


def test_files_that_cannot_be_parsed_fail_the_preview_once(tmp_path: Path) -> None:
    (tmp_path / "config").write_text("no section")

    assert check({}) == [
        f"the file {tmp_path / 'config'} cannot be parsed: MissingSectionHeaderError in line 1"
    ]


ROLE = "arn:aws:iam::222233334444:role/ads"


@pytest.mark.parametrize(
    ("settings", "source"),
    [
        ({"aws:assumeRoles": f'[{{"roleArn": "{ROLE}"}}]'}, "aws:assumeRoles"),
        ({"aws:allowedAccountIds": '["222233334444"]'}, "aws:allowedAccountIds"),
    ],
)
def test_a_member_who_is_the_creator_fails_the_preview(
    settings: dict[str, str], source: str
) -> None:
    (reason,) = check(REGION | settings)

    assert reason == (
        f'members["222233334444"]: is the account that creates the collaboration ({source}). '
        "Remove it from `members`"
    )


def test_a_member_is_not_judged_where_several_accounts_may_create() -> None:
    settings = {"aws:allowedAccountIds": '["222233334444", "111122223333"]'}

    assert check(REGION | settings) == []
