from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import boto3
import pytest
from cleanrooms import Endpoint

from cleanrooms_resource.testing import endpoint

if TYPE_CHECKING:
    from collections.abc import Iterator

NO_ENGINE = "no `pulumi` on PATH: nothing that needs the engine was tested"


@pytest.fixture(autouse=True)
def _away_from_aws(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test sees the machine's own AWS settings, and none waits for an instance's role."""
    for name in ("AWS_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")


@pytest.fixture(scope="session")
def aws() -> Iterator[Endpoint]:
    """An endpoint, and what is behind it."""
    with endpoint() as address:
        yield Endpoint(
            address, lambda region: boto3.client("cleanrooms", region, endpoint_url=address, aws_access_key_id="x", aws_secret_access_key="y")
        )


@pytest.fixture
def config(aws: Endpoint) -> dict[str, str]:
    """A stack's settings for the endpoint."""
    return {
        "aws:region": "us-east-1",
        "aws:accessKey": "test",
        "aws:secretKey": "test",
        "aws:endpoints": json.dumps([{"cleanrooms": aws.address, "sts": aws.address}]),
    }


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if shutil.which("pulumi") is None:
        for item in items:
            if item.get_closest_marker("engine"):
                item.add_marker(pytest.mark.skip(reason=NO_ENGINE))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The closing lines say whether the engine was there."""
    found = shutil.which("pulumi")
    terminalreporter.write_line(f"engine: tested with {found}" if found else f"engine: {NO_ENGINE}")
