"""Nothing lost and nothing twice, on the real engine: lost answers by the dozen, AWS's rates, denials, and a host that is killed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pulumi
import pytest
from declarations import declaration
from pulumi import automation

from cleanrooms_resource.testing import endpoint
from engine.doors import cleanrooms
from engine.driver import EngineStack, create_stack
from engine.in_place import kill_host

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from aws_account import Aws


pytestmark = pytest.mark.engine


@pytest.fixture
def stack(tmp_path: Path, empty_aws: Aws) -> EngineStack:
    return create_stack(tmp_path, empty_aws.endpoint.settings)


def program_of_many(number: int, *, equal: int = 0, **overrides: Any) -> Callable[[], None]:
    """A program of so many collaborations, the first of them equal."""

    def declare() -> None:
        for index in range(number):
            cleanrooms.Collaboration(
                f"ads-{index}",
                declaration(**{"name": "equal" if index < equal else f"ads {index}"} | overrides),
            )

    return declare


def list_ids_in_state(stack: EngineStack) -> list[str]:
    return sorted(each["id"] for each in stack.state().values())


def test_creations_of_which_every_second_loses_its_answer_are_each_made_once(
    stack: EngineStack, empty_aws: Aws
) -> None:
    empty_aws.endpoint.faults.lose_answer("CreateCollaboration", every=2)
    stack.declare(program_of_many(20, equal=10))

    stack.up()

    assert len(set(list_ids_in_state(stack))) == 20
    assert list_ids_in_state(stack) == sorted(empty_aws.endpoint.collaborations)


@pytest.mark.slowest
def test_collaborations_come_up_and_refresh_at_an_eighth_of_the_rate_that_they_ask_for(
    tmp_path: Path, empty_aws: Aws
) -> None:
    for operation in (
        "CreateCollaboration",
        "GetCollaboration",
        "ListMembers",
        "ListTagsForResource",
    ):
        empty_aws.endpoint.faults.throttle(operation, 1)
    # A throttled creation is sent again for minutes, which this test needs.
    stack = create_stack(tmp_path, empty_aws.endpoint.settings, impatient=False)
    stack.declare(program_of_many(8))

    stack.up()
    refreshed = stack.refresh()

    assert list_ids_in_state(stack) == sorted(empty_aws.endpoint.collaborations)
    assert len(list_ids_in_state(stack)) == 8
    assert refreshed == {}


def deny_operations(*operations: str) -> Callable[[Aws, EngineStack], None]:
    def do(aws: Aws, _: EngineStack) -> None:
        for operation in operations:
            aws.endpoint.faults.deny(operation)

    return do


def expire_token(aws: Aws, _: EngineStack) -> None:
    aws.endpoint.faults.refuse("*", 403, "ExpiredTokenException")


def override_setting(name: str, value: str) -> Callable[[Aws, EngineStack], None]:
    def do(_: Aws, stack: EngineStack) -> None:
        stack.set_setting(name, value)

    return do


def find_errors(text: str) -> list[str]:
    """Return the lines of a command's output in which the provider says what failed."""
    lines = [line.strip() for line in text.splitlines()]
    return [
        line
        for line in lines
        if line.startswith("error: ") and not line.endswith((" failed", " error"))
    ]


# One of each kind; tests/host/test_faults.py has every other.
DENIALS = {
    "the policy is without any read": (
        deny_operations("GetCollaboration", "ListCollaborations", "DeleteCollaboration"),
        "Confirming that the collaboration is gone failed",
    ),
    "the token has expired": (expire_token, "use the settings of the last `pulumi up`"),
    "the account is another": (
        override_setting("accessKey", "999988887777"),
        "act in account 999988887777",
    ),
    "the endpoint is down": (
        override_setting(
            "endpoints", '[{"cleanrooms": "http://127.0.0.1:1", "sts": "http://127.0.0.1:1"}]'
        ),
        "EndpointConnectionError",
    ),
}


@pytest.fixture(scope="module")
def denied(aws: Aws, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[EngineStack, Aws]]:
    """A stack of two collaborations at an endpoint of its own, which answers nothing for a test."""
    with endpoint() as own:
        stack = create_stack(tmp_path_factory.mktemp("denied"), own.settings)
        stack.set_setting("maxRetries", "0")
        stack.declare(program_of_many(2))
        stack.up()
        yield stack, replace(aws, endpoint=own)


@pytest.mark.parametrize(("deny", "sentence"), DENIALS.values(), ids=DENIALS)
def test_refresh_and_destroy_keep_every_resource_and_fail_with_one_sentence(
    denied: tuple[EngineStack, Aws], deny: Callable[[Aws, EngineStack], None], sentence: str
) -> None:
    stack, aws = denied
    before = list_ids_in_state(stack)
    deny(aws, stack)

    # What is set now, not what the last up left in the state.
    for act in (stack.pulumi_stack.refresh, stack.pulumi_stack.destroy):
        with pytest.raises(automation.CommandError) as error:
            act(run_program=True)
        lines = find_errors(str(error.value))
        assert lines, str(error.value)
        assert [line for line in lines if sentence not in line] == []

    assert list_ids_in_state(stack) == before
    assert sorted(aws.endpoint.collaborations) == before
    aws.endpoint.faults.clear()
    settings = {
        name: automation.ConfigValue(value) for name, value in aws.endpoint.settings.items()
    }
    stack.pulumi_stack.set_all_config(settings)


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("operation", ["UpdateCollaboration", "TagResource", "DeleteCollaboration"])
def test_a_host_killed_in_a_write_of_what_the_state_knows_leaves_nothing_twice(
    killable_stack: EngineStack, empty_aws: Aws, operation: str, when: str
) -> None:
    killable_stack.declare(program_of_many(1))
    killable_stack.up()
    before = list_ids_in_state(killable_stack)
    deletes = operation == "DeleteCollaboration"
    empty_aws.endpoint.faults.add(operation, kill_host(when), when=when, times=1)
    killable_stack.declare(
        program_of_many(0) if deletes else program_of_many(1, name="Other", tags={"new": "1"})
    )

    with pytest.raises(automation.CommandError):
        killable_stack.up()
    killable_stack.up()

    assert (
        list_ids_in_state(killable_stack)
        == sorted(empty_aws.endpoint.collaborations)
        == ([] if deletes else before)
    )
    assert killable_stack.preview() == {}
    assert all(
        each.parameters["name"] == "Other" for each in empty_aws.endpoint.collaborations.values()
    )


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_host_killed_in_a_creation_leaves_at_most_an_orphan_that_can_be_adopted(
    killable_stack: EngineStack, empty_aws: Aws, when: str
) -> None:
    empty_aws.endpoint.faults.add("CreateCollaboration", kill_host(when), when=when, times=1)
    killable_stack.declare(program_of_many(1))

    with pytest.raises(automation.CommandError):
        killable_stack.up()
    killable_stack.up()

    # The engine is lines of no id, so the state cannot know what was made; docs/reliability.md says how it is found.
    assert len(empty_aws.endpoint.collaborations) == {"before": 1, "after": 2}[when]
    orphans = empty_aws.endpoint.collaborations.keys() - set(list_ids_in_state(killable_stack))
    killable_stack.pulumi_stack.set_config(
        "tests:orphan", automation.ConfigValue(next(iter(orphans), ""))
    )
    killable_stack.declare(declare_with_orphan)
    killable_stack.up()
    assert list_ids_in_state(killable_stack) == sorted(empty_aws.endpoint.collaborations)


def declare_with_orphan() -> None:
    """A program of one collaboration, and of an orphan if there is one."""
    cleanrooms.Collaboration("ads-0", declaration(name="ads 0"))
    orphan = pulumi.Config("tests").get("orphan")
    if orphan:
        cleanrooms.Collaboration(
            "orphan", declaration(name="ads 0"), pulumi.ResourceOptions(import_=orphan)
        )
