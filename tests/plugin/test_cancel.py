"""Cancel over the channel: it ends every wait of the calls that are under way, and each of them says what AWS may have made."""

from __future__ import annotations

import threading
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import grpc
import pytest
from declarations import declaration
from google.protobuf import empty_pb2

from plugin.driver import Plugin, PluginStack, spell

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from aws_account import Aws

PROGRAM = spell(declaration())
LONGEST = 30
"""The seconds after which a call counts as waiting on. Without Cancel, each of these calls waits for a minute and more."""


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    """Threads for the calls that wait."""
    with ThreadPoolExecutor(4) as threads:
        yield threads


def wait_for_arrival(aws: Aws, operation: str, number: int) -> Callable[[], None]:
    """Return a function that waits until an operation has arrived so many times from now on. Faults that are added later follow the arrival."""
    arrived = threading.Semaphore(0)
    aws.endpoint.faults.add(operation, lambda _environ: arrived.release())

    def wait() -> None:
        for _ in range(number):
            assert arrived.acquire(timeout=LONGEST)

    return wait


def cancel(plugin: Plugin) -> None:
    plugin.stub.Cancel(empty_pb2.Empty(), timeout=LONGEST)


def get_error(call: Future[Any]) -> str:
    error = call.exception(LONGEST)
    assert isinstance(error, grpc.RpcError)
    return str(error.details())


def test_every_call_that_waits_ends(
    plugin: Plugin, empty_aws: Aws, pool: ThreadPoolExecutor
) -> None:
    wait = wait_for_arrival(empty_aws, "CreateCollaboration", 3)
    empty_aws.endpoint.faults.refuse("CreateCollaboration", 429, "ThrottlingException")
    calls = [pool.submit(PluginStack(plugin).up, PROGRAM) for _ in range(3)]
    wait()
    cancel(plugin)

    sentence = "so the request was not sent again. This request changed nothing."
    assert [f"The run was cancelled, {sentence}" in get_error(call) for call in calls] == [True] * 3
    assert dict(empty_aws.endpoint.collaborations) == {}


def test_a_cancel_is_heard_before_any_other_call(plugin: Plugin) -> None:
    cancel(plugin)

    assert plugin.check(PROGRAM)[1] == []
