"""Each wait of the provider at its real speed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from declarations import declaration

if TYPE_CHECKING:
    from aws_account import Aws

    from host.driver import HostStack

pytestmark = pytest.mark.real_speed


def list_ids(stack: HostStack) -> list[str]:
    return [stack.held.id] if stack.resource else []


def test_a_lost_answer_is_looked_for_again_until_its_collaboration_shows(
    stack: HostStack, empty_aws: Aws
) -> None:
    empty_aws.endpoint.faults.visibility_delay = 1.0
    empty_aws.endpoint.faults.lose_answer("CreateCollaboration")

    stack.up(declaration())

    assert list(empty_aws.endpoint.collaborations) == list_ids(stack)


def test_a_new_collaboration_that_is_not_listed_yet_is_not_gone(
    stack: HostStack, empty_aws: Aws
) -> None:
    empty_aws.endpoint.faults.visibility_delay = 1.0
    stack.up(declaration())

    stack.refresh()

    assert list(empty_aws.endpoint.collaborations) == list_ids(stack)


def test_a_new_collaboration_that_is_listed_and_cannot_be_read_yet_is_read_again(
    stack: HostStack, empty_aws: Aws
) -> None:
    stack.up(declaration())
    empty_aws.endpoint.faults.deny("GetCollaboration", times=1)

    assert stack.refresh() == "same"


def test_a_throttled_creation_is_sent_again(stack: HostStack, empty_aws: Aws) -> None:
    empty_aws.endpoint.faults.refuse("CreateCollaboration", 429, "ThrottlingException", times=3)

    stack.up(declaration())

    assert list(empty_aws.endpoint.collaborations) == list_ids(stack)
