from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from botocore.config import Config
from botocore.retries.standard import ExponentialBackoff

from cleanrooms_resource.aws.waiting import WAITING
from host.driver import HostStack
from host.in_this_process import run_in_this_process, start_host_in_this_process
from host.whole_stack import WholeStack

if TYPE_CHECKING:
    from aws_account import Aws

    from host.driver import Host

WAITS = {
    "throttled_creation": 0.3,
    "until_listed": 1.5,
    "until_readable": 0.5,
    "between_looks": 0.1,
}


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every wait of the provider and of botocore is short."""
    for name, seconds in WAITS.items():
        monkeypatch.setattr(WAITING, name, seconds)
    monkeypatch.setitem(Config.OPTION_DEFAULTS, "read_timeout", 0.5)
    monkeypatch.setattr(ExponentialBackoff, "delay_amount", lambda *_: 0)


@pytest.fixture
def host(config: dict[str, str]) -> Host:
    """The provider in this process, as a new process of Pulumi's host would have it."""
    return start_host_in_this_process(config)


@pytest.fixture
def stack(host: Host) -> HostStack:
    """A stack of one resource, which is not up yet."""
    return HostStack(host)


@pytest.fixture
def connected_stack(empty_aws: Aws, monkeypatch: pytest.MonkeyPatch) -> WholeStack:
    """A stack of programs with connections, in a new process."""
    monkeypatch.setattr("cleanrooms_resource.aws.connection._CONNECTIONS", {})
    empty_aws.endpoint.requests.clear()
    # The keys of the environment assume the roles of a connection, because a connection drops the stack's own.
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "999999999999")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "y")
    return WholeStack(run_in_this_process, empty_aws.endpoint.settings)
