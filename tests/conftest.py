from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import boto3
import pytest
from cleanrooms import Aws
from hypothesis import settings

from cleanrooms_resource.testing import endpoint

if TYPE_CHECKING:
    from collections.abc import Iterator

pytest_plugins = ["cleanrooms_resource.testing.fixtures"]
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
NO_ENGINE = "no `pulumi` on PATH: nothing that needs the engine was tested"


@pytest.fixture(scope="session", autouse=True)
def _away_from_aws() -> Iterator[None]:
    """No test sees the machine's own AWS settings, and none waits for an instance's role."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        for name in ("AWS_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_SESSION_TOKEN"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")
        monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
        yield


@pytest.fixture(scope="session")
def aws() -> Iterator[Aws]:
    """An endpoint, and what is behind it."""
    with endpoint() as running:
        keys = {"aws_access_key_id": "x", "aws_secret_access_key": "y"}
        yield Aws(running, lambda region: boto3.client("cleanrooms", region, endpoint_url=running.address, **keys))


@pytest.fixture
def config(aws: Aws) -> dict[str, str]:
    """A stack's settings for the endpoint."""
    return aws.running.settings


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if shutil.which("pulumi") is None:
        for item in items:
            if item.get_closest_marker("engine"):
                item.add_marker(pytest.mark.skip(reason=NO_ENGINE))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The closing lines say whether the engine was there."""
    found = shutil.which("pulumi")
    terminalreporter.write_line(f"engine: tested with {found}" if found else f"engine: {NO_ENGINE}")
