"""The stack's aws: settings, as they are read."""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path

import pytest

from cleanrooms_resource.aws.credentials import Identity
from cleanrooms_resource.aws.settings import (
    _READERS,
    SETTINGS,
    AccountList,
    Settings,
    Standing,
    read_settings,
)

ROLE = "arn:aws:iam::333344445555:role/ads"


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
        Identity(profile="ads", access_key="AKIA", secret_key="s", token="t"),
        region="eu-west-1",
        endpoints=(("cleanrooms", "http://127.0.0.1:1"), ("sts", "http://127.0.0.1:2")),
        allowed=(AccountList("aws:allowedAccountIds", ("111122223333",)),),
        forbidden=(AccountList("aws:forbiddenAccountIds", ("222233334444",)),),
    )


@pytest.mark.parametrize(
    ("name", "value"), [("maxRetries", "many"), ("maxRetries", "-1"), ("retryMode", "legacy")]
)
def test_retries_that_mean_nothing_are_refused(name: str, value: str) -> None:
    assert read_settings({f"aws:{name}": value}).refusals[0].startswith(f"aws:{name}: must be ")


def test_other_namespaces_are_not_read() -> None:
    assert read_settings({"gcp:region": "x", "project:assumeRoles": "y"}) == Settings()


@pytest.mark.parametrize(
    "name", ["s3UsePathStyle", "skipCredentialsValidation", "skipMetadataApiCheck", "userAgents"]
)
def test_settings_that_say_nothing_about_clean_rooms_are_without_effect(name: str) -> None:
    assert read_settings({f"aws:{name}": "true"}) == Settings()


@pytest.mark.parametrize("name", ["ec2MetadataServiceEndpoint", "assumeRole", "somethingNew"])
def test_any_other_setting_is_refused_by_name(name: str) -> None:
    assert (
        read_settings({f"aws:{name}": "x"})
        .refusals[0]
        .startswith(f"aws:{name}: this setting is not supported")
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("endpoints", "http://127.0.0.1"),
        ("endpoints", "5"),
        ("endpoints", '{"cleanrooms": "localhost:1"}'),
        ("endpoints", '{"cleanrooms": 5}'),
        ("forbiddenAccountIds", '"x"'),
    ],
)
def test_a_structured_setting_that_is_none_is_refused(name: str, value: str) -> None:
    assert (
        read_settings({f"aws:{name}": value})
        .refusals[0]
        .startswith(f"aws:{name}: must be JSON like")
    )


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        (
            {"profil": "ads"},
            'aws:profil: this is not a setting of pulumi-aws 7; did you mean "aws:profile"? Correct the name, or remove the setting',
        ),
        (
            {"allowedAccountIds": "[12345678901]"},
            "aws:allowedAccountIds: must be an AWS account id, a string of 12 digits; in YAML, quote it",
        ),
        (
            {"forbiddenAccountIds": '["ads"]'},
            "aws:forbiddenAccountIds: must be an AWS account id, a string of 12 digits",
        ),
        (
            {"sharedConfigFiles": "~/.aws/config"},
            'aws:sharedConfigFiles: must be JSON like ["~/.aws/config"]',
        ),
        (
            {"sharedCredentialsFiles": "[5]"},
            'aws:sharedCredentialsFiles: must be JSON like ["~/.aws/credentials"]',
        ),
        (
            {"sharedConfigFiles": '["a", "b"]'},
            "aws:sharedConfigFiles: must name 1 file, because boto3 reads 1 file of each kind. ",
        ),
        ({"assumeRoles": "role"}, "aws:assumeRoles: must be JSON like ["),
        ({"assumeRoles": "[{}]"}, "aws:assumeRoles[0].roleArn: is required"),
        (
            {"assumeRoles": '[{"roleArn": "ads"}]'},
            "aws:assumeRoles[0].roleArn: must be the ARN of an IAM role, such as ",
        ),
        (
            {"assumeRoles": f'[{{"rolArn": "{ROLE}"}}]'},
            'aws:assumeRoles[0].rolArn: is not a part of assumeRoles; did you mean "roleArn"?',
        ),
        (
            {"assumeRoles": f'[{{"roleArn": "{ROLE}", "duration": "1 hour"}}]'},
            "aws:assumeRoles[0].duration: must be a duration",
        ),
        (
            {"assumeRoles": f'[{{"roleArn": "{ROLE}", "duration": "10m"}}]'},
            "aws:assumeRoles[0].duration: must be a duration",
        ),
        (
            {"assumeRoles": f'[{{"roleArn": "{ROLE}", "policy": "read"}}]'},
            "aws:assumeRoles[0].policy: must be an IAM policy, as JSON text",
        ),
        (
            {"assumeRoles": f'[{{"roleArn": "{ROLE}", "externalId": 5}}]'},
            "aws:assumeRoles[0].externalId: must be a string",
        ),
        (
            {"assumeRoles": f'[{{"roleArn": "{ROLE}", "tags": ["a"]}}]'},
            "aws:assumeRoles[0].tags: must be a map",
        ),
        (
            {"assumeRoleWithWebIdentity": "[]"},
            'aws:assumeRoleWithWebIdentity: must be JSON like {"roleArn": ',
        ),
        (
            {"assumeRoleWithWebIdentity": f'{{"roleArn": "{ROLE}"}}'},
            "aws:assumeRoleWithWebIdentity: must have webIdentityToken or webIdentityTokenFile, and not both",
        ),
        (
            {"httpProxy": "proxy:8080"},
            'aws:httpProxy: must be a URL such as "http://proxy.example.com:8080"',
        ),
        (
            {"httpsProxy": "proxy:8080"},
            'aws:httpsProxy: must be a URL such as "http://proxy.example.com:8080"',
        ),
        ({"useFipsEndpoint": "yes"}, "aws:useFipsEndpoint: must be true or false"),
        ({"useDualstackEndpoint": "yes"}, "aws:useDualstackEndpoint: must be true or false"),
        ({"insecure": "yes"}, "aws:insecure: must be true or false"),
        (
            {"accessKey": "x"},
            "aws:secretKey: is required beside aws:accessKey. Set both of them, or remove aws:accessKey",
        ),
        (
            {
                "accessKey": "x",
                "secretKey": "y",
                "assumeRoleWithWebIdentity": f'{{"roleArn": "{ROLE}", "webIdentityToken": "abcdef"}}',
            },
            "aws:assumeRoleWithWebIdentity: must not stand beside aws:accessKey, because only one of them can act. Remove one",
        ),
        (
            {"endpoints": '{"cleanroom": "http://127.0.0.1:1"}'},
            'aws:endpoints: "cleanroom" is not a service of AWS; did you mean "cleanrooms"?',
        ),
        ({"token": "x"}, "aws:token: needs aws:accessKey and aws:secretKey beside it."),
        (
            {"useFipsEndpoint": "true", "endpoints": '{"sts": "http://127.0.0.1:1"}'},
            "aws:useFipsEndpoint: must not stand beside the sts of aws:endpoints, which says the address already. Remove one",
        ),
        (
            {"defaultTags": '{"team": "ads"}'},
            'aws:defaultTags: must be JSON like {"tags": {"team": "ads"}}',
        ),
        (
            {"defaultTags": '{"tags": {"team": 5}}'},
            "aws:defaultTags.tags: every value must be a string; in YAML, quote it",
        ),
        (
            {"defaultTags": '{"tags": {"aws:team": "x"}}'},
            "aws:defaultTags.tags: a key or a value must not begin with aws:, which AWS reserves",
        ),
        (
            {"ignoreTags": '["team"]'},
            'aws:ignoreTags: must be JSON like {"keys": ["CostCenter"], "keyPrefixes": ["kubernetes.io/"]}',
        ),
        ({"ignoreTags": '{"keys": "team"}'}, "aws:ignoreTags: must be JSON like {"),
        (
            {"assumeRole": "{}"},
            "aws:assumeRole: this setting is not supported for Clean Rooms collaborations: pulumi-aws 7 has `aws:assumeRoles`",
        ),
        (
            {"ec2MetadataServiceEndpoint": "x"},
            "aws:ec2MetadataServiceEndpoint: this setting is not supported for Clean Rooms collaborations: boto3 reads the address",
        ),
    ],
)
def test_a_wrong_setting_is_refused_with_what_to_do(
    settings: dict[str, str], sentence: str
) -> None:
    refusals = read_settings({f"aws:{name}": value for name, value in settings.items()}).refusals

    assert refusals[-1].startswith(sentence)


def test_every_setting_that_pulumi_aws_lists_is_in_the_table() -> None:
    source = Path(str(find_spec("pulumi_aws").origin)).parent / "config" / "vars.py"  # type: ignore[union-attr]
    listed = set(re.findall(r"__config__\.get\w*\('(\w+)'\)", source.read_text()))

    assert {"accessKey", "region"} <= listed <= SETTINGS.keys()


def test_the_settings_that_are_honoured_are_those_that_are_read() -> None:
    assert {
        name for name, standing in SETTINGS.items() if standing is Standing.HONOURED
    } == _READERS.keys()


def test_secrets_are_not_in_the_text_of_settings() -> None:
    web_identity = f'{{"roleArn": "{ROLE}", "webIdentityToken": "hidden"}}'
    texts = {
        "accessKey": "hidden",
        "secretKey": "hidden",
        "token": "hidden",
        "httpProxy": "http://user:hidden@proxy",
        "httpsProxy": "http://hidden@proxy",
    }

    assert "hidden" not in repr(
        read_settings({f"aws:{name}": value for name, value in texts.items()})
    )
    assert "hidden" not in repr(read_settings({"aws:assumeRoleWithWebIdentity": web_identity}))


def test_the_endpoint_of_another_service_is_accepted() -> None:
    assert (
        read_settings(
            {"aws:endpoints": '{"cleanroomsml": "http://127.0.0.1:1", "s3": "http://127.0.0.1:1"}'}
        ).refusals
        == ()
    )


def test_ignored_tags_of_the_environment_are_ignored_beside_those_of_the_setting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TF_AWS_IGNORE_TAGS_KEYS", "cost, team")

    rules = read_settings({"aws:ignoreTags": '{"keys": ["owner"]}'}).tag_rules

    assert [key for key in ("cost", "owner", "team", "other") if rules.ignores(key)] == [
        "cost",
        "owner",
        "team",
    ]
