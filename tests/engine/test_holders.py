"""A dropped resource never deletes the collaboration that another resource of the program holds, on the real engine."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

import pulumi
import pytest
from declarations import declaration
from pulumi import automation

from engine.accounts import Account
from engine.doors import cleanrooms

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_account import Aws

    from engine.driver import EngineStack


pytestmark = pytest.mark.engine


def collaborations(
    *names: str,
    adopted: dict[str, str] | None = None,
    opts: dict[str, Any] | None = None,
    **overrides: Any,
) -> Callable[[], None]:
    """A program of these resources; ``adopted`` has the id that a resource imports."""

    def declare() -> None:
        for name in names:
            options = {**(opts or {}), "import_": (adopted or {}).get(name)}
            cleanrooms.Collaboration(
                name, declaration(**overrides), pulumi.ResourceOptions(**options)
            )

    return declare


def urn(stack: EngineStack, name: str) -> str:
    return f"urn:pulumi:{stack.pulumi_stack.name}::tests::{cleanrooms.door.get_type()}::{name}"


def adopt_with_target(stack: EngineStack, id_: str) -> None:
    stack.declare(collaborations("b", "c", adopted={"b": id_}))
    stack.pulumi_stack.up(target=[urn(stack, "b")])


def adopt_with_exclude(stack: EngineStack, id_: str) -> None:
    stack.declare(collaborations("b", "c", adopted={"b": id_}))
    stack.pulumi_stack.up(exclude=[urn(stack, "a")])


def adopt_in_a_failed_up(stack: EngineStack, id_: str) -> None:
    """Another resource fails after the adoption, so that the engine comes to no Delete."""

    def declare() -> None:
        adopted = cleanrooms.Collaboration("b", declaration(), pulumi.ResourceOptions(import_=id_))
        cleanrooms.Collaboration("c", declaration())
        cleanrooms.Collaboration(
            "failing",
            declaration(),
            pulumi.ResourceOptions(
                import_="11111111-2222-3333-4444-555555555555", depends_on=[adopted]
            ),
        )

    stack.declare(declare)
    with pytest.raises(automation.CommandError):
        stack.up()


@pytest.fixture
def a_and_c(stack: EngineStack) -> str:
    """A stack of two resources; the id of the first."""
    stack.declare(collaborations("a", "c"))
    stack.up()
    return str(stack.state()["a"]["id"])


@pytest.mark.parametrize("adopt", [adopt_with_target, adopt_with_exclude, adopt_in_a_failed_up])
@pytest.mark.parametrize(
    "options",
    [{}, {"refresh": True}, {"refresh": True, "run_program": True}],
    ids=["up", "up --refresh", "up --run-program"],
)
def test_a_dropped_resource_leaves_the_state_without_deleting_what_another_adopted_in_a_partial_up(
    stack: EngineStack,
    aws: Aws,
    a_and_c: str,
    adopt: Callable[[EngineStack, str], None],
    options: dict[str, Any],
) -> None:
    adopt(stack, a_and_c)
    stack.declare(collaborations("b", "c"))

    stack.pulumi_stack.up(**options)

    assert stack.state().keys() == {"b", "c"}
    assert stack.state()["b"]["id"] == a_and_c
    assert a_and_c in aws.collaborations()


def test_continue_on_error_leaves_the_held_collaboration_alone(
    stack: EngineStack, aws: Aws, a_and_c: str
) -> None:
    adopt_with_target(stack, a_and_c)

    def declare() -> None:
        collaborations("b", "c")()
        cleanrooms.Collaboration(
            "failing",
            declaration(),
            pulumi.ResourceOptions(import_="11111111-2222-3333-4444-555555555555"),
        )

    stack.declare(declare)
    with contextlib.suppress(automation.CommandError):
        stack.pulumi_stack.up(continue_on_error=True)

    assert a_and_c in aws.collaborations()


def test_an_adoption_that_an_error_prevents_says_how_to_go_on_without_deleting_the_collaboration(
    stack: EngineStack, aws: Aws, a_and_c: str
) -> None:
    def declare() -> None:
        failing = cleanrooms.Collaboration(
            "failing",
            declaration(),
            pulumi.ResourceOptions(import_="11111111-2222-3333-4444-555555555555"),
        )
        collaborations("b", "c", adopted={"b": a_and_c}, opts={"depends_on": [failing]})()

    stack.declare(declare)
    with pytest.raises(
        automation.CommandError,
        match=f"{a_and_c} is not deleted: .* Keep `import_` in the program, correct the other errors, and run",
    ):
        stack.pulumi_stack.up(continue_on_error=True)
    stack.declare(collaborations("b", "c", adopted={"b": a_and_c}))
    stack.up()

    assert stack.state()["b"]["id"] == a_and_c
    assert a_and_c in aws.collaborations()


def test_a_preview_says_that_two_resources_of_the_program_hold_one_collaboration(
    stack: EngineStack, a_and_c: str
) -> None:
    adopt_with_target(stack, a_and_c)
    stack.declare(collaborations("a", "b", "c"))

    assert (
        f"Clean Rooms collaboration {a_and_c}: two resources of this program hold it."
        in stack.pulumi_stack.preview().stdout
    )


def rename_in_state(stack: EngineStack, old_name: str, new_name: str) -> None:
    stack.pulumi_stack._run_pulumi_cmd_sync(
        ["state", "rename", urn(stack, old_name), new_name, "--yes"]
    )


def test_a_renamed_resource_leaves_its_collaboration_to_a_new_resource_of_its_former_name(
    stack: EngineStack, aws: Aws, a_and_c: str
) -> None:
    ids = {"a": a_and_c, "c": stack.state()["c"]["id"]}

    def declare_renamed() -> None:
        cleanrooms.Collaboration(
            "renamed-by-alias",
            declaration(),
            pulumi.ResourceOptions(aliases=[pulumi.Alias(name="a")]),
        )
        cleanrooms.Collaboration("renamed-in-state", declaration())

    rename_in_state(stack, "c", "renamed-in-state")
    stack.declare(declare_renamed)
    stack.up()
    stack.declare(collaborations("a", "c", adopted=ids))
    stack.pulumi_stack.up(target=[urn(stack, "a"), urn(stack, "c")])

    stack.up()

    assert {name: each["id"] for name, each in stack.state().items()} == ids
    assert aws.collaborations().keys() >= set(ids.values())


def test_a_renamed_resource_and_a_new_one_of_its_former_name_keep_their_regions(
    stack: EngineStack, a_and_c: str
) -> None:
    rename_in_state(stack, "a", "renamed")
    stack.set_setting("region", "eu-west-1")
    stack.declare(collaborations("renamed", "a"))
    stack.up()
    stack.declare(collaborations("renamed", "a", query_log_status="DISABLED"))
    stack.up()

    assert {name: each["outputs"]["region"] for name, each in stack.state().items()} == {
        "renamed": "us-east-1",
        "a": "eu-west-1",
    }
    assert stack.state()["renamed"]["id"] != a_and_c


@pytest.mark.parametrize("refresh", [False, True], ids=["up", "up --refresh"])
def test_a_resource_that_is_dropped_alone_is_deleted(
    stack: EngineStack,
    aws: Aws,
    a_and_c: str,
    refresh: bool,  # noqa: FBT001
) -> None:
    stack.declare(collaborations("c"))

    stack.pulumi_stack.up(refresh=refresh)

    assert a_and_c not in aws.collaborations()
    assert stack.state()["c"]["id"] in aws.collaborations()


def test_two_resources_of_one_collaboration_that_are_both_dropped_delete_it(
    stack: EngineStack, aws: Aws, a_and_c: str
) -> None:
    adopt_with_target(stack, a_and_c)
    stack.declare(collaborations("c"))

    stack.pulumi_stack.up(refresh=True)

    assert stack.state().keys() == {"c"}
    assert a_and_c not in aws.collaborations()


@pytest.mark.parametrize("first", ["create", "delete"])
def test_replace_on_changes_deletes_the_old_collaboration(
    stack: EngineStack, aws: Aws, a_and_c: str, first: str
) -> None:
    opts = {"replace_on_changes": ["name"], "delete_before_replace": first == "delete"}
    stack.declare(collaborations("a", "c", opts=opts, name="Other"))

    stack.up()

    assert a_and_c not in aws.collaborations()
    assert stack.state()["a"]["id"] in aws.collaborations()


def test_replace_deletes_the_old_collaboration(stack: EngineStack, aws: Aws, a_and_c: str) -> None:
    stack.pulumi_stack.up(replace=[urn(stack, "a")])

    assert a_and_c not in aws.collaborations()
    assert stack.state()["a"]["id"] in aws.collaborations()


def test_destroy_deletes_a_collaboration_that_two_resources_hold(
    stack: EngineStack, aws: Aws, a_and_c: str
) -> None:
    adopt_with_target(stack, a_and_c)

    stack.destroy()

    assert a_and_c not in aws.collaborations()
    assert stack.resources() == []


def test_a_child_of_a_component_comes_up_and_is_replaced(stack: EngineStack, aws: Aws) -> None:
    def declare(query_log_status: str = "ENABLED") -> None:
        component = pulumi.ComponentResource("tests:index:Component", "component")
        account = Account("account", "333344445555", "1")
        children = pulumi.ResourceOptions(parent=component, depends_on=[account])
        cleanrooms.Collaboration("ads", declaration(query_log_status=query_log_status), children)

    stack.declare(declare)
    stack.up()
    before = stack.state()["ads"]["id"]
    stack.declare(lambda: declare("DISABLED"))
    stack.up()

    assert before not in aws.collaborations()
    assert stack.state()["ads"]["id"] in aws.collaborations()
