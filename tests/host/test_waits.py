"""Each wait of the provider at its real speed, in Pulumi's host process."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from declarations import declaration

from host.driver import Host, HostStack, start_host

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_account import Aws

pytestmark = pytest.mark.real_speed


@pytest.fixture(scope="module")
def host_process(aws: Aws) -> Iterator[Host]:
    with start_host(aws.endpoint.settings) as process:
        yield process


def list_ids(stack: HostStack) -> list[str]:
    return [stack.held.id] if stack.resource else []


def test_a_lost_answer_is_looked_for_again_until_its_collaboration_shows(
    host_process: Host, empty_aws: Aws
) -> None:
    empty_aws.endpoint.faults.visibility_delay = 1.0
    empty_aws.endpoint.faults.lose_answer("CreateCollaboration")
    stack = HostStack(host_process)

    stack.up(declaration())

    assert list(empty_aws.endpoint.collaborations) == list_ids(stack)


def test_a_new_collaboration_that_is_not_listed_yet_is_not_gone(
    host_process: Host, empty_aws: Aws
) -> None:
    empty_aws.endpoint.faults.visibility_delay = 1.0
    stack = HostStack(host_process)
    stack.up(declaration())

    stack.refresh()

    assert list(empty_aws.endpoint.collaborations) == list_ids(stack)


def test_a_new_collaboration_that_is_listed_and_cannot_be_read_yet_is_read_again(
    host_process: Host, empty_aws: Aws
) -> None:
    stack = HostStack(host_process)
    stack.up(declaration())
    empty_aws.endpoint.faults.deny("GetCollaboration", times=1)

    assert stack.refresh() == "same"


def test_a_throttled_creation_is_sent_again(host_process: Host, empty_aws: Aws) -> None:
    empty_aws.endpoint.faults.refuse("CreateCollaboration", 429, "ThrottlingException", times=3)
    stack = HostStack(host_process)

    stack.up(declaration())

    assert list(empty_aws.endpoint.collaborations) == list_ids(stack)
