"""Pulumi's mocks, which take what the engine would be sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulumi.runtime import Mocks

if TYPE_CHECKING:
    from pulumi.runtime import MockCallArgs, MockResourceArgs


class RecordingMocks(Mocks):
    """The inputs of each resource, by its name, without the provider."""

    def __init__(self) -> None:
        self.inputs: dict[str, dict[str, Any]] = {}

    def new_resource(self, args: MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        self.inputs[args.name] = {
            name: value for name, value in args.inputs.items() if name != "__provider"
        }
        return args.resource_id or "id", args.inputs

    def call(self, args: MockCallArgs) -> tuple[dict[str, Any], None]:
        return args.args, None
