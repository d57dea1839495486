"""Subclasses of the resource, on the real engine: the type of version 0.1.0 comes over, and another resource's state never does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pulumi
import pytest
from declarations import declaration
from pulumi.dynamic import CreateResult, Resource, ResourceProvider

import cleanrooms_resource as cleanrooms
from cleanrooms_resource.changes.takeover import DYNAMIC_TYPE, UNTYPED_DYNAMIC_TYPE
from engine.programs import record_writes
from engine.recordings import Recording
from engine.states import Ads

if TYPE_CHECKING:
    from aws_account import Aws

    from engine.driver import EngineStack

pytestmark = pytest.mark.engine


class Thing(Resource):
    """A dynamic resource that is no collaboration, and whose class names no type."""


class ThingProvider(ResourceProvider):
    def create(self, props: dict[str, Any]) -> CreateResult:
        return CreateResult("thing", props)


def declare_thing() -> None:
    Thing(ThingProvider(), "ads", {"size": 1})


def declare_ads(name: str, **opts: Any) -> None:
    Ads(name, declaration(), pulumi.ResourceOptions(**opts))


def list_types(stack: EngineStack) -> list[str]:
    return [resource["type"] for resource in stack.resources()]


def test_a_subclass_takes_its_state_of_version_0_1_0_over_without_a_write(
    stack: EngineStack, aws: Aws
) -> None:
    stack.load(Recording.read("subclass").remake(aws).state)
    stack.declare(lambda: declare_ads("renamed", aliases=[pulumi.Alias(name="ads")]))

    with record_writes(aws) as writes:
        stack.pulumi_stack.up(target=[f"urn:pulumi:test::tests::{DYNAMIC_TYPE}::renamed"])

    assert writes == []
    assert DYNAMIC_TYPE in list_types(stack)
    assert UNTYPED_DYNAMIC_TYPE not in list_types(stack)


def test_a_subclass_never_takes_another_dynamic_resource_of_its_name_over(
    stack: EngineStack,
) -> None:
    stack.declare(declare_thing)
    stack.up()
    stack.declare(lambda: declare_ads("ads"))

    assert "is not a collaboration's: another dynamic resource made it" in stack.preview_json()


def test_the_resource_itself_stands_beside_another_dynamic_resource_of_its_name(
    stack: EngineStack,
) -> None:
    def declare_both() -> None:
        declare_thing()
        cleanrooms.Collaboration("ads", declaration())

    stack.declare(declare_thing)
    stack.up()
    stack.declare(declare_both)

    assert stack.preview()["ads"].op == "create"
