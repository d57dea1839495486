"""The answers of Pulumi's host where a call of the provider fails: the engine draws every line of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import grpc
import pytest
from declarations import declaration

from host.driver import Host, HostStack, start_host

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from aws_account import Aws


@pytest.fixture(scope="module")
def host_process(aws: Aws) -> Iterator[Host]:
    with start_host(aws.endpoint.settings) as process:
        yield process


def read_answer(call: Callable[[], object]) -> str:
    """The whole answer of a call that fails."""
    with pytest.raises(grpc.RpcError) as failure:
        call()
    return str(failure.value.details())


def test_an_error_of_this_package_is_its_sentence_alone(host_process: Host, empty_aws: Aws) -> None:
    empty_aws.endpoint.quotas["Collaborations per account"] = 0
    try:
        answer = read_answer(lambda: HostStack(host_process).up(declaration()))
    finally:
        del empty_aws.endpoint.quotas["Collaborations per account"]

    assert answer.startswith(
        'creating Clean Rooms collaboration "Ads measurement" in us-east-1: ServiceQuotaExceededException: '
    )
    assert 'quota "Collaborations per account" is 0' in answer
    assert "Request a higher quota in Service Quotas." in answer
    assert "\n" not in answer


def test_an_exception_that_nobody_foresaw_keeps_its_traceback(host_process: Host) -> None:
    answer = read_answer(lambda: host_process.update("id", {"__declared": []}, {}))

    assert answer.startswith("Traceback (most recent call last):\n")
    assert "in update\n" in answer
