"""The provider's configuration: the settings of the dynamic form, however an engine and a language hand them over."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cleanrooms_resource.aws.settings import ADVICE, SETTINGS, Standing, read_settings
from cleanrooms_resource.plugin.configuration import (
    HONOURED,
    KEYS_OF_PULUMI,
    find_configuration_failures,
    mark_provider_secrets,
    read_provider_settings,
)
from cleanrooms_resource.pulumi_sdk import Unknown, mark_secret

UNKNOWN = Unknown()  # type: ignore[no-untyped-call] # the SDK's class
ROLE = "arn:aws:iam::111122223333:role/pulumi"
VALUES: dict[str, Any] = {
    "accessKey": "AKIA",
    "allowedAccountIds": ["111122223333"],
    "assumeRoleWithWebIdentity": {"roleArn": ROLE, "webIdentityTokenFile": "/token"},
    "assumeRoles": [{"roleArn": ROLE, "externalId": "x", "tags": {"aws:region": "data"}}],
    "customCaBundle": "/bundle",
    "defaultTags": {"tags": {"team": "ads"}},
    "endpoints": [{"cleanrooms": "http://127.0.0.1:1"}],
    "forbiddenAccountIds": ["999988887777"],
    "httpProxy": "http://127.0.0.1:1",
    "httpsProxy": "http://127.0.0.1:1",
    "ignoreTags": {"keys": ["CostCenter"]},
    "insecure": True,
    "maxRetries": 3.0,
    "noProxy": "localhost",
    "profile": "ci",
    "region": "eu-west-1",
    "retryMode": "adaptive",
    "secretKey": "s3cr3t",
    "sharedConfigFiles": ["/config"],
    "sharedCredentialsFiles": ["/credentials"],
    "skipRegionValidation": True,
    "stsRegion": "us-east-1",
    "token": "t",
    "useDualstackEndpoint": True,
    "useFipsEndpoint": True,
}
"""A value of each setting as a YAML program's explicit provider hands it over: numbers are floats."""


def to_text(value: Any) -> str:
    """Return a value as the stack's configuration and the generated SDKs hand it over."""
    if isinstance(value, float):
        return str(int(value))
    return value if isinstance(value, str) else json.dumps(value)


def sentences(properties: dict[str, Any]) -> list[str]:
    return [failure.to_sentence() for failure in find_configuration_failures(properties)]


def test_every_honoured_setting_has_a_value_here() -> None:
    assert set(VALUES) == set(HONOURED)


@pytest.mark.parametrize("name", VALUES)
def test_a_value_means_the_same_as_an_input_as_text_and_in_the_dynamic_form(name: str) -> None:
    text = to_text(VALUES[name])
    settings = read_provider_settings({name: VALUES[name]})

    assert settings == read_provider_settings({name: text})
    assert settings.tag_rules == read_settings({f"aws:{name}": text}).tag_rules
    assert settings.identity == read_settings({f"aws:{name}": text}).identity
    assert settings != read_provider_settings({})


@pytest.mark.parametrize("name", VALUES)
def test_a_value_of_configure_is_read_in_the_engines_secret_form(name: str) -> None:
    assert read_provider_settings({name: mark_secret(VALUES[name])}) == read_provider_settings(
        {name: VALUES[name]}
    )


def test_a_secret_in_a_structured_input_is_read() -> None:
    roles = [{"roleArn": ROLE, "externalId": mark_secret("x")}]

    assert read_provider_settings({"assumeRoles": roles}) == read_provider_settings(
        {"assumeRoles": [{"roleArn": ROLE, "externalId": "x"}]}
    )


def test_the_environment_acts_as_in_the_dynamic_form(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TF_AWS_DEFAULT_TAGS_team", "ads")

    assert read_provider_settings({}) == read_settings({})
    assert read_provider_settings({}).tag_rules.defaults == (("team", "ads"),)


def test_a_right_configuration_has_no_failure() -> None:
    not_together = {"assumeRoleWithWebIdentity", "useFipsEndpoint", "useDualstackEndpoint"}

    assert (
        sentences({name: value for name, value in VALUES.items() if name not in not_together}) == []
    )


@pytest.mark.parametrize(
    ("key", "setting"),
    [
        ("regoin", "region"),
        ("Region", "region"),
        ("profil", "profile"),
        ("assume_roles", "assumeRoles"),
        ("assume-roles", "assumeRoles"),
        ("defaultTag", "defaultTags"),
        ("allowedAccounts", "allowedAccountIds"),
        ("endpoint", "endpoints"),
        ("secretkey", "secretKey"),
    ],
)
def test_a_near_miss_is_refused_with_the_right_name(key: str, setting: str) -> None:
    assert sentences({key: "x"}) == [
        f'cleanrooms:{key}: this is not a setting of the provider; did you mean "cleanrooms:{setting}"? Correct the name, or remove the setting'
    ]


@pytest.mark.parametrize("key", [*sorted(KEYS_OF_PULUMI), "__internal", "__defaults"])
def test_pulumis_own_keys_are_left_alone(key: str) -> None:
    assert sentences({key: "3.0.0"}) == []


@pytest.mark.parametrize(
    "key",
    [
        "members",
        "partnerRegion",
        "accountIds",
        "bucket",
        "protect",
        "name",
        "zzz",
        "roles",
        "tags",
        "queryRegion",
    ],
)
def test_the_settings_of_a_project_named_cleanrooms_are_left_alone(key: str) -> None:
    assert sentences({key: "x"}) == []
    assert read_provider_settings({key: "x"}) == read_provider_settings({})


@pytest.mark.parametrize(
    "name", [name for name, standing in SETTINGS.items() if standing is Standing.WITHOUT_EFFECT]
)
def test_a_setting_without_effect_is_accepted(name: str) -> None:
    assert sentences({name: "true"}) == []


@pytest.mark.parametrize("name", ADVICE)
def test_a_setting_that_cannot_be_honoured_is_refused_with_advice(name: str) -> None:
    (sentence,) = sentences({name: "x"})

    assert sentence.startswith(
        f"cleanrooms:{name}: this setting is not supported for Clean Rooms collaborations: "
    )
    assert "aws:" not in sentence


@pytest.mark.parametrize(
    ("properties", "sentence"),
    [
        ({"insecure": "maybe"}, "cleanrooms:insecure: must be true or false"),
        ({"maxRetries": 2.5}, "cleanrooms:maxRetries: must be a number, 0 or more"),
        ({"assumeRoles": [{}]}, "cleanrooms:assumeRoles[0].roleArn: is required"),
        (
            {"accessKey": "AKIA"},
            "cleanrooms:secretKey: is required beside cleanrooms:accessKey. Set both of them, or remove cleanrooms:accessKey",
        ),
        (
            {"defaultTags": {"tags": {"aws:region": "x"}}},
            "cleanrooms:defaultTags.tags: a key or a value must not begin with aws:, which AWS reserves",
        ),
    ],
)
def test_a_wrong_value_is_refused_with_the_sentence_of_the_dynamic_form(
    properties: dict[str, Any], sentence: str
) -> None:
    assert sentences(properties) == [sentence]


def test_configure_refuses_what_check_config_refuses() -> None:
    properties = {"regoin": "x", "insecure": "maybe", "assumeRole": "x"}

    assert list(read_provider_settings(properties).refusals) == sentences(properties)


@pytest.mark.parametrize("name", VALUES)
def test_a_value_that_is_not_known_yet_is_no_failure(name: str) -> None:
    assert sentences({name: UNKNOWN}) == (
        [] if name not in ("secretKey", "accessKey", "token") else sentences({name: "x"})
    )


def test_a_key_that_is_not_known_yet_counts_as_set() -> None:
    assert sentences({"accessKey": UNKNOWN, "secretKey": "y", "token": "z"}) == []


def test_a_value_with_an_unknown_part_is_no_failure() -> None:
    assert (
        sentences(
            {"assumeRoles": [{"roleArn": UNKNOWN}], "defaultTags": {"tags": {"team": UNKNOWN}}}
        )
        == []
    )


def test_credentials_that_allowed_accounts_refuse_are_named_as_the_user_wrote_them() -> None:
    settings = read_provider_settings(VALUES)

    assert settings.max_retries == 3
    assert settings.allowed[0].accounts == ("111122223333",)


@pytest.mark.parametrize(
    "value",
    [VALUES["assumeRoleWithWebIdentity"] | {"webIdentityToken": "t"}, '{"webIdentityToken": "t"}'],
)
def test_keys_and_tokens_are_marked_as_secrets(value: Any) -> None:
    properties = {
        "accessKey": "a",
        "secretKey": mark_secret("s"),
        "token": UNKNOWN,
        "region": "r",
        "assumeRoleWithWebIdentity": value,
    }

    assert mark_provider_secrets(properties) == properties | {
        "accessKey": mark_secret("a"),
        "assumeRoleWithWebIdentity": mark_secret(value),
    }


def test_a_file_with_a_token_is_no_secret() -> None:
    properties = {"assumeRoleWithWebIdentity": VALUES["assumeRoleWithWebIdentity"]}

    assert mark_provider_secrets(properties) == properties
