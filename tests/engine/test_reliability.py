"""Nothing lost and nothing twice, on the real engine: lost answers by the dozen, AWS's rates, denials, and a host that is killed."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import psutil
import pulumi
import pytest
from declarations import declaration
from pulumi import automation

import cleanrooms_resource as cleanrooms
from cleanrooms_resource.testing.error_response import ErrorResponse
from engine.driver import Deployment, deployment

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from cleanrooms import Aws

pytestmark = pytest.mark.engine


@pytest.fixture
def stack(tmp_path: Path, clean: Aws) -> Deployment:
    return deployment(tmp_path, clean.running.settings)


def many(number: int, *, equal: int = 0, **overrides: Any) -> Callable[[], None]:
    """A program of so many collaborations, the first of them equal."""

    def declare() -> None:
        for index in range(number):
            cleanrooms.Collaboration(f"ads-{index}", declaration(**{"name": "equal" if index < equal else f"ads {index}"} | overrides))

    return declare


def in_state(stack: Deployment) -> list[str]:
    return sorted(each["id"] for each in stack.state().values())


def test_creations_of_which_every_second_loses_its_answer_are_each_made_once(stack: Deployment, clean: Aws) -> None:
    clean.running.faults.lose_answer("CreateCollaboration", every=2)
    stack.declare(many(20, equal=10))

    stack.up()

    assert len(set(in_state(stack))) == 20
    assert in_state(stack) == sorted(clean.running.collaborations)


@pytest.mark.slowest
def test_collaborations_come_up_and_refresh_at_an_eighth_of_the_rate_that_they_ask_for(tmp_path: Path, clean: Aws) -> None:
    for operation in ("CreateCollaboration", "GetCollaboration", "ListMembers", "ListTagsForResource"):
        clean.running.faults.throttle(operation, 1)
    # A throttled creation is sent again for minutes, which this test needs.
    stack = deployment(tmp_path, clean.running.settings, impatient=False)
    stack.declare(many(8))

    stack.up()
    refreshed = stack.refresh()

    assert in_state(stack) == sorted(clean.running.collaborations)
    assert len(in_state(stack)) == 8
    assert refreshed == {}


def denied(*operations: str) -> Callable[[Aws, Deployment], None]:
    def do(aws: Aws, _: Deployment) -> None:
        for operation in operations:
            aws.running.faults.deny(operation)

    return do


def expired(aws: Aws, _: Deployment) -> None:
    aws.running.faults.refuse("*", 403, "ExpiredTokenException")


def setting(name: str, value: str) -> Callable[[Aws, Deployment], None]:
    def do(_: Aws, stack: Deployment) -> None:
        stack.stack.set_config(name, automation.ConfigValue(value))

    return do


# One of each kind; tests/host/test_faults.py has every other.
DENIALS = {
    "the policy is without any read": (denied("GetCollaboration", "ListCollaborations", "DeleteCollaboration"), "Confirming that it is gone failed"),
    "the token has expired": (expired, "use the settings of the last `pulumi up`"),
    "the account is another": (setting("aws:accessKey", "999988887777"), "act in account 999988887777"),
    "the endpoint is down": (setting("aws:endpoints", '[{"cleanrooms": "http://127.0.0.1:1"}]'), "EndpointConnectionError"),
}


@pytest.mark.parametrize(("deny", "sentence"), DENIALS.values(), ids=DENIALS)
def test_refresh_and_destroy_keep_every_resource_and_fail_with_one_sentence(
    stack: Deployment, clean: Aws, deny: Callable[[Aws, Deployment], None], sentence: str
) -> None:
    stack.stack.set_config("aws:maxRetries", automation.ConfigValue("0"))
    stack.declare(many(2))
    stack.up()
    before = in_state(stack)
    deny(clean, stack)

    # What is set now, not what the last up left in the state.
    for act in (stack.stack.refresh, stack.stack.destroy):
        with pytest.raises(automation.CommandError) as error:
            act(run_program=True)
        told = [line for line in str(error.value).splitlines() if line.strip().startswith("cleanrooms_resource.errors.")]
        assert told, str(error.value)
        assert [line for line in told if sentence not in line] == []

    assert in_state(stack) == before
    assert sorted(clean.running.collaborations) == before


def kill_the_host(when: str) -> Callable[[dict[str, Any]], None]:
    """Kill the host processes that this test's engine started; before the effect, there is none then."""

    def do(_environ: dict[str, Any]) -> None:
        for process in psutil.Process(os.getpid()).children(recursive=True):
            if any("pulumi.dynamic" in part or "pulumi/dynamic" in part for part in process.cmdline()):
                process.kill()
        if when == "before":
            raise ErrorResponse(500, "InternalServerException", "Nobody hears this")

    return do


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("operation", ["UpdateCollaboration", "TagResource", "DeleteCollaboration"])
def test_a_host_killed_in_a_write_of_what_the_state_knows_leaves_nothing_twice(stack: Deployment, clean: Aws, operation: str, when: str) -> None:
    stack.declare(many(1))
    stack.up()
    known = in_state(stack)
    deletes = operation == "DeleteCollaboration"
    clean.running.faults.add(operation, kill_the_host(when), when=when, times=1)
    stack.declare(many(0) if deletes else many(1, name="Other", tags={"new": "1"}))

    with pytest.raises(automation.CommandError):
        stack.up()
    stack.up()

    assert in_state(stack) == sorted(clean.running.collaborations) == ([] if deletes else known)
    assert stack.preview() == {}
    assert all(each.parameters["name"] == "Other" for each in clean.running.collaborations.values())


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_host_killed_in_a_creation_leaves_at_most_an_orphan_that_can_be_adopted(stack: Deployment, clean: Aws, when: str) -> None:
    clean.running.faults.add("CreateCollaboration", kill_the_host(when), when=when, times=1)
    stack.declare(many(1))

    with pytest.raises(automation.CommandError):
        stack.up()
    stack.up()

    # The engine is told of no id, so the state cannot know what was made; docs/reliability.md says how it is found.
    assert len(clean.running.collaborations) == {"before": 1, "after": 2}[when]
    orphans = clean.running.collaborations.keys() - set(in_state(stack))
    stack.stack.set_config("tests:orphan", automation.ConfigValue(next(iter(orphans), "")))
    stack.declare(adopting)
    stack.up()
    assert in_state(stack) == sorted(clean.running.collaborations)


def adopting() -> None:
    """A program of one collaboration, and of an orphan if there is one."""
    cleanrooms.Collaboration("ads-0", declaration(name="ads 0"))
    orphan = pulumi.Config("tests").get("orphan")
    if orphan:
        cleanrooms.Collaboration("orphan", declaration(name="ads 0"), pulumi.ResourceOptions(import_=orphan))
