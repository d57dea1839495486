from __future__ import annotations

import asyncio
import os
import shutil
import threading
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from aws_account import Aws
from clock import Clock
from hypothesis import settings
from stub_connection import StubConnection
from xdist.scheduler import LoadScopeScheduling

from cleanrooms_resource.aws.program_connections import ProgramConnections
from cleanrooms_resource.aws.waiting import WAITING
from cleanrooms_resource.changes.adoption import AdoptionGuards
from cleanrooms_resource.changes.holders import Holders
from cleanrooms_resource.changes.marks import Marks
from cleanrooms_resource.changes.replacement import Replacements
from cleanrooms_resource.provider import CollaborationProvider
from cleanrooms_resource.pulumi_sdk import reset_runtime
from cleanrooms_resource.testing import endpoint

if TYPE_CHECKING:
    from collections.abc import Iterator

pytest_plugins = ["cleanrooms_resource.testing.fixtures"]
for profile, examples in {"quick": 10, "default": 30, "full": 300}.items():
    settings.register_profile(profile, deadline=None, max_examples=examples)
settings.load_profile("default")
NO_ENGINE = "no `pulumi` on PATH: nothing that needs the engine was tested"


@pytest.fixture(scope="session", autouse=True)
def _hide_aws_settings(request: pytest.FixtureRequest) -> Iterator[None]:
    """No test sees the machine's own AWS settings, and none waits for an instance's role. Only `make test-aws` acts with them."""
    if request.config.getoption("aws_profile", None) is not None:
        yield
        return
    with pytest.MonkeyPatch.context() as monkeypatch:
        for name in (
            "AWS_PROFILE",
            "AWS_DEFAULT_PROFILE",
            "AWS_REGION",
            "AWS_DEFAULT_REGION",
            "AWS_SESSION_TOKEN",
        ):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")
        monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
        yield


@pytest.fixture(scope="session", autouse=True)
def _let_the_engine_keep_its_memory() -> Iterator[None]:
    """A command of the engine ends before it is worth its while to collect garbage."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setenv("GOGC", "off")
        monkeypatch.setenv("GOMEMLIMIT", "500MiB")
        yield


@pytest.fixture(autouse=True)
def _new_provider_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the provider remembers for the time of a process, it remembers for the time of a test."""
    monkeypatch.setattr(CollaborationProvider, "_guards", AdoptionGuards())
    monkeypatch.setattr(CollaborationProvider, "_holders", Holders())
    monkeypatch.setattr(CollaborationProvider, "_marks", Marks())
    monkeypatch.setattr(CollaborationProvider, "_replacements", Replacements())
    monkeypatch.setattr(CollaborationProvider, "_connections", ProgramConnections())
    monkeypatch.setattr("cleanrooms_resource.aws.waiting._CANCELLED", threading.Event())


@pytest.fixture
def sdk_event_loop() -> Iterator[None]:
    """An event loop, which the SDK's mocks look for."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    yield
    # The next program would wait for what a program that failed has left.
    reset_runtime()
    asyncio.set_event_loop(None)
    loop.close()


@pytest.fixture(scope="session")
def aws() -> Iterator[Aws]:
    """AWS at an endpoint of this session."""
    with endpoint() as running_endpoint:
        keys = {"aws_access_key_id": "x", "aws_secret_access_key": "y"}
        yield Aws(
            running_endpoint,
            lambda region: boto3.client(
                "cleanrooms", region, endpoint_url=running_endpoint.address, **keys
            ),
        )


@pytest.fixture
def empty_aws(aws: Aws) -> Iterator[Aws]:
    """The same AWS without any collaboration, and without any fault after the test."""
    aws.endpoint.collaborations.clear()
    yield aws
    aws.endpoint.faults.clear()


@pytest.fixture
def default_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    """Credentials and a region in the environment, where boto3's own chain finds them."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "local")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "local")
    monkeypatch.setenv("AWS_REGION", "us-east-1")


@pytest.fixture
def stub() -> StubConnection:
    """A connection without an endpoint."""
    return StubConnection()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock that the provider waits by in this process."""
    clock = Clock()
    monkeypatch.setattr(WAITING, "now", clock.now)
    monkeypatch.setattr(WAITING, "sleep", clock.sleep)
    return clock


@pytest.fixture
def config(aws: Aws) -> dict[str, str]:
    """A stack's settings for the endpoint."""
    return aws.endpoint.settings


def pytest_xdist_auto_num_workers() -> int:
    """Two workers for each core: a test of the engine waits for processes half of its time."""
    return 2 * (os.cpu_count() or 1)


class _Scheduling(LoadScopeScheduling):  # type: ignore[misc] # xdist ships no types
    """Each test goes to the next free worker; tests that share a stack or an installation go to one worker together, the largest such group first."""

    def _split_scope(self, nodeid: str) -> str:
        file, _, test = nodeid.partition("::")
        whole_files = (
            *(
                f"engine/test_{name}.py"
                for name in (
                    "scenarios",
                    "plugin_pass",
                    "adoption",
                    "before_aws",
                    "holders",
                    "life",
                    "members_in_place",
                    "options",
                    "proposed_members",
                    "reliability",
                    "replacements",
                    "takeover",
                    "examples",
                    "generated_programs",
                    "play",
                )
            ),
            *(f"tests/test_{name}.py" for name in ("play", "site")),
        )
        if file.endswith(whole_files):
            return file
        return (
            f"{file}[{test.partition('[')[2]}" if file.endswith("engine/test_states.py") else nodeid
        )


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> _Scheduling:
    """Schedule as above: xdist's own groups go unseen with pytest 9.2, which keeps a test's id elsewhere."""
    return _Scheduling(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest tests start first, so that no worker is left with one of them at the end; pytest-randomly has shuffled the rest before."""
    items.sort(key=_rank)
    if shutil.which("pulumi") is None:
        for item in items:
            if item.get_closest_marker("engine"):
                item.add_marker(pytest.mark.skip(reason=NO_ENGINE))


def _rank(item: pytest.Item) -> int:
    order = ("slowest", "engine", "real_speed")
    return next(
        (rank for rank, marker in enumerate(order) if item.get_closest_marker(marker)), len(order)
    )


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The closing lines say whether the engine was there, and whether a test used it."""
    outcomes = [
        report
        for outcome in ("passed", "failed", "error", "xfailed")
        for report in terminalreporter.stats.get(outcome, ())
    ]
    if shutil.which("pulumi") is None:
        line = NO_ENGINE
    elif any(
        "engine" in getattr(report, "keywords", ()) for report in outcomes
    ):  # a file that cannot be collected has none
        line = f"tested with {shutil.which('pulumi')}"
    else:
        line = "no test that needs the engine was selected"
    terminalreporter.write_line(f"engine: {line}")
