"""The region of a new collaboration, found and judged without botocore."""

from __future__ import annotations

from typing import TYPE_CHECKING

import boto3
import pytest
from botocore.session import Session
from declarations import declaration
from pulumi.dynamic import Config, ConfigureRequest

from cleanrooms_resource.aws.connection import connect
from cleanrooms_resource.aws.credentials import Identity
from cleanrooms_resource.aws.regions import find_region, find_region_refusals, list_regions
from cleanrooms_resource.aws.settings import Settings, read_settings
from cleanrooms_resource.provider import CollaborationProvider
from cleanrooms_resource.pulumi_sdk import Unknown

if TYPE_CHECKING:
    from pathlib import Path

CONFIG_FILE = """
[default]
region = eu-west-1
[profile ads]
region=eu-west-2
[profile "two words"]
region = eu-north-1
[profile in-both]
region = us-west-2
[profile without]
output = json
[ads-but-not-a-profile]
region = us-east-1
"""
CREDENTIALS_FILE = """
[in-both]
region = us-east-2
[only-here]
region = ap-northeast-1
"""


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "config").write_text(CONFIG_FILE)
    (tmp_path / "credentials").write_text(CREDENTIALS_FILE)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    return tmp_path


def checked(olds: dict[str, object], config: dict[str, str], **overrides: object) -> list[str]:
    """The reasons for which check refuses a declaration."""
    provider = CollaborationProvider()
    provider.configure(ConfigureRequest(Config(config, "tests")))
    return [failure.reason for failure in provider.check(olds, declaration(**overrides)).failures]


def test_the_regions_are_those_that_botocore_lists() -> None:
    session = boto3.Session()
    listed = [
        region
        for partition in session.get_available_partitions()
        for region in session.get_available_regions("cleanrooms", partition)
    ]

    assert list(list_regions()) == sorted(listed)
    assert "us-east-1" in list_regions()


@pytest.mark.parametrize("variables", [{}, {"AWS_DEFAULT_REGION": "us-west-2"}])
@pytest.mark.parametrize(
    "profiles",
    [
        {},
        {"AWS_PROFILE": "ads"},
        {"AWS_DEFAULT_PROFILE": "two words"},
        {"AWS_PROFILE": "ads", "AWS_DEFAULT_PROFILE": "in-both"},
        {"AWS_PROFILE": "only-here"},
        {"AWS_PROFILE": "without"},
    ],
)
@pytest.mark.usefixtures("files")
def test_the_region_of_the_environment_is_the_one_that_botocore_finds(
    monkeypatch: pytest.MonkeyPatch, profiles: dict[str, str], variables: dict[str, str]
) -> None:
    for name, value in (profiles | variables).items():
        monkeypatch.setenv(name, value)

    region = find_region(Settings())

    assert (region.name if region else None) == Session().get_config_variable("region")


@pytest.mark.usefixtures("files")
def test_each_setting_is_before_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_REGION", "eu-central-1")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-west-2")
    regions = [
        find_region(Settings(Identity(profile="ads"), region="us-east-1"), "us-east-2"),
        find_region(Settings(Identity(profile="ads"), region="us-east-1")),
    ]
    for variable in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        regions.append(find_region(Settings(Identity(profile="ads"))))
        monkeypatch.delenv(variable)
    regions.append(find_region(Settings(Identity(profile="ads"))))

    assert [(region.name, region.source) for region in regions if region] == [
        ("us-east-2", "region"),
        ("us-east-1", "aws:region"),
        ("eu-central-1", "AWS_REGION"),
        ("us-west-2", "AWS_DEFAULT_REGION"),
        ("eu-west-2", 'region of profile "ads"'),
    ]


@pytest.mark.usefixtures("files")
def test_a_connection_is_made_in_the_region_that_check_found() -> None:
    assert (
        connect(
            read_settings({"aws:accessKey": "x", "aws:secretKey": "y", "aws:profile": "ads"})
        ).region
        == "eu-west-2"
    )


def test_a_shared_file_that_cannot_be_parsed_is_named(files: Path) -> None:
    (files / "config").write_text("region = us-east-1")

    assert str(files / "config") in find_region_refusals(Settings(), None)[0]


def test_a_creation_without_any_region_is_refused() -> None:
    assert checked({}, {}) == [
        "region: no region is set. Run `pulumi config set aws:region REGION`, set AWS_REGION, or declare `region`"
    ]


@pytest.mark.parametrize("source", ["region", "aws:region", "AWS_REGION"])
def test_a_creation_in_a_misspelt_region_is_refused_with_the_nearest_right_one(
    monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    if source == "AWS_REGION":
        monkeypatch.setenv("AWS_REGION", "us-esat-1")

    (reason,) = checked(
        {},
        {"aws:region": "us-esat-1"} if source == "aws:region" else {},
        **({"region": "us-esat-1"} if source == "region" else {}),
    )

    assert reason.startswith(f'{source}: "us-esat-1" is not a region of Clean Rooms')
    assert 'did you mean "us-east-1"?' in reason


def test_a_region_that_is_near_no_other_is_refused_with_all_of_them() -> None:
    (reason,) = checked({}, {"aws:region": "mars"})

    assert ", ".join(list_regions()) in reason


@pytest.mark.parametrize("setting", ["aws:endpoints", "aws:skipRegionValidation"])
def test_a_region_that_is_not_listed_may_be_meant(setting: str) -> None:
    values = {
        "aws:endpoints": '[{"cleanrooms": "http://127.0.0.1:1"}]',
        "aws:skipRegionValidation": "true",
    }

    assert checked({}, {"aws:region": "mars-1", setting: values[setting]}) == []
    assert checked({}, {"aws:region": "mars-1", "aws:skipRegionValidation": "false"}) != []


def test_an_endpoint_in_the_environment_has_its_own_regions(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_CLEANROOMS", "http://127.0.0.1:1")

    assert checked({}, {"aws:region": "mars-1"}) == []


def test_a_region_that_is_not_known_yet_is_not_judged() -> None:
    assert checked({}, {}, region=Unknown()) == []  # type: ignore[no-untyped-call]


@pytest.mark.parametrize("config", [{}, {"aws:region": "mars-1"}])
def test_a_collaboration_that_exists_is_never_refused_for_its_region(
    config: dict[str, str],
) -> None:
    assert checked({"name": "Ads measurement"}, config) == []


def test_every_failure_is_told_at_once() -> None:
    assert [reason.partition(":")[0] for reason in checked({}, {}, name="")] == ["name", "region"]
