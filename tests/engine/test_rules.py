"""The rules on the engine: what they accept previews, and a refusal is one line of ours, at the preview."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import pulumi
import pytest
from declaration.test_rules import RULES
from declarations import declaration
from pulumi import automation

from cleanrooms_resource.changes.takeover import DYNAMIC_TYPE
from engine.doors import cleanrooms
from engine.driver import EngineStack, create_stack

if TYPE_CHECKING:
    from aws_account import Aws


pytestmark = pytest.mark.engine


@pytest.fixture(scope="module")
def stack(aws: Aws, tmp_path_factory: pytest.TempPathFactory) -> EngineStack:
    return create_stack(tmp_path_factory.mktemp("rules"), aws.endpoint.settings)


def all_accepted() -> None:
    """A program with a collaboration a rule."""
    for number, (accepted, _, _) in enumerate(RULES.values()):
        cleanrooms.Collaboration(f"rule-{number}", declaration(**accepted))


def not_seen_by_the_constructor(properties: dict[str, Any]) -> None:
    """A program whose values are Outputs, so that only check can refuse them."""
    cleanrooms.Collaboration(
        "ads", {name: pulumi.Output.from_input(value) for name, value in properties.items()}
    )


def test_what_the_rules_accept_previews(stack: EngineStack) -> None:
    stack.declare(all_accepted)

    assert [step.op for step in stack.preview().values()] == ["create"] * len(RULES)


# A shape, a limit of the model, a rule between properties: the engine treats all values of a kind alike.
# tests/declaration/test_rules.py has every rule.
KINDS = (
    "an account is a string of 12 digits",
    "an ability is one of the enum",
    "one member queries",
)


@pytest.mark.parametrize(("overrides", "sentence"), [RULES[kind][1:] for kind in KINDS], ids=KINDS)
def test_what_a_rule_refuses_fails_the_preview_with_one_line(
    stack: EngineStack, overrides: dict[str, Any], sentence: str
) -> None:
    stack.declare(partial(not_seen_by_the_constructor, declaration(**overrides)))

    with pytest.raises(automation.CommandError) as failure:
        stack.preview_text()

    problem = f"error: {DYNAMIC_TYPE} resource 'ads' has a problem: {sentence}"
    assert [problem in line for line in str(failure.value).splitlines() if sentence in line] == [
        True
    ]
