"""Each wait of the provider at its real speed, in Pulumi's host process."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from declarations import declaration

from host.driver import Host, Stack, host

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cleanrooms import Aws

pytestmark = pytest.mark.real_speed


@pytest.fixture(scope="module")
def running(aws: Aws) -> Iterator[Host]:
    with host(aws.running.settings) as process:
        yield process


def ids(stack: Stack) -> list[str]:
    return [stack.resource.id] if stack.resource else []


def test_a_lost_answer_is_looked_for_again_until_its_collaboration_shows(running: Host, clean: Aws) -> None:
    clean.running.faults.visibility_delay = 1.0
    clean.running.faults.lose_answer("CreateCollaboration")
    stack = Stack(running)

    stack.up(declaration())

    assert list(clean.running.collaborations) == ids(stack)


def test_a_new_collaboration_that_is_not_listed_yet_is_not_gone(running: Host, clean: Aws) -> None:
    clean.running.faults.visibility_delay = 1.0
    stack = Stack(running)
    stack.up(declaration())

    stack.refresh()

    assert list(clean.running.collaborations) == ids(stack)


def test_a_new_collaboration_that_is_listed_and_cannot_be_read_yet_is_read_again(running: Host, clean: Aws) -> None:
    stack = Stack(running)
    stack.up(declaration())
    clean.running.faults.deny("GetCollaboration", times=1)

    assert stack.refresh() == "same"


def test_a_throttled_creation_is_sent_again(running: Host, clean: Aws) -> None:
    clean.running.faults.refuse("CreateCollaboration", 429, "ThrottlingException", times=3)
    stack = Stack(running)

    stack.up(declaration())

    assert list(clean.running.collaborations) == ids(stack)
