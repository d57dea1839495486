"""The stack's aws: settings, as they are read."""

from __future__ import annotations

import pytest

from cleanrooms_resource.aws.settings import Settings, read_settings


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


@pytest.mark.parametrize(("name", "value"), [("maxRetries", "many"), ("maxRetries", "-1"), ("retryMode", "legacy")])
def test_retries_that_mean_nothing_are_refused(name: str, value: str) -> None:
    assert read_settings({f"aws:{name}": value}).refusals[0].startswith(f"aws:{name}: must be ")


def test_other_namespaces_are_not_read() -> None:
    assert read_settings({"gcp:region": "x", "project:assumeRoles": "y"}) == Settings()


@pytest.mark.parametrize("name", ["s3UsePathStyle", "skipCredentialsValidation", "skipMetadataApiCheck", "userAgents"])
def test_settings_that_say_nothing_about_clean_rooms_are_without_effect(name: str) -> None:
    assert read_settings({f"aws:{name}": "true"}) == Settings()


@pytest.mark.parametrize("name", ["assumeRoles", "assumeRoleWithWebIdentity", "sharedConfigFiles", "httpProxy", "defaultTags", "somethingNew"])
def test_any_other_setting_is_refused_by_name(name: str) -> None:
    assert read_settings({f"aws:{name}": "x"}).refusals[0].startswith(f"aws:{name}: this setting is not supported")


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
    assert read_settings({f"aws:{name}": value}).refusals[0].startswith(f"aws:{name}: must be JSON like")


def test_secrets_are_not_in_the_text_of_settings() -> None:
    assert "hidden" not in repr(read_settings({"aws:accessKey": "hidden", "aws:secretKey": "hidden", "aws:token": "hidden"}))
