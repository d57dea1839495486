"""A program run without an engine: the SDK's own mock monitor in front, the real provider behind it.

Not a deployment: no ordering, no state, no diff by the engine. The program's collaborations are checked and created by the provider that
``pulumi up`` would use, against whatever endpoint the configuration names.
"""

from __future__ import annotations

import asyncio
import contextvars
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pulumi
from pulumi.dynamic import Config, ConfigureRequest
from pulumi.runtime import Mocks, set_all_config, set_mocks
from pulumi.runtime.stack import Stack, run_pulumi_func

from cleanrooms_resource.properties import Changed, changes
from cleanrooms_resource.provider import CollaborationProvider

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pulumi.runtime import MockResourceArgs

_TYPE = "pulumi-python:dynamic/cleanrooms:Collaboration"


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """One collaboration of a rehearsed program: its checked inputs, and its id and outputs (none at a preview)."""

    inputs: dict[str, Any]
    id: str = ""
    outputs: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What a program declared: resource names to collaborations, and the stack's exports (none at a preview)."""

    collaborations: dict[str, Rehearsed] = field(default_factory=dict)
    exports: dict[str, Any] = field(default_factory=dict)

    def changes(self, previewed: Rehearsal) -> dict[str, list[Changed]]:
        """What a previewed program would change, by the table: resource names to changes."""
        both = self.collaborations.keys() & previewed.collaborations.keys()
        return {name: changes(self.collaborations[name].outputs, previewed.collaborations[name].inputs) for name in sorted(both)}


class RehearsalError(Exception):
    """A declaration that check refuses, or one that could not be created; the message is the provider's."""


def rehearse(program: Callable[[], object], config: Mapping[str, str] | None = None, *, preview: bool = False, project: str = "project") -> Rehearsal:
    """Run a program's collaborations through the real provider.

    ``config`` is the stack's, keys with their namespaces (``aws:endpoints`` as JSON text). With ``preview`` nothing is created.

    Raises:
        RehearsalError: a declaration is refused, or AWS's answer is an error.

    """
    # The SDK keeps the running program in context variables: a context of its own leaves nothing behind.
    return contextvars.copy_context().run(_rehearse, program, dict(config or {}), project, preview=preview)


class _Monitor(Mocks):
    """Checks and creates collaborations with the real provider; every other resource is echoed."""

    def __init__(self, config: dict[str, str], project: str, *, preview: bool) -> None:
        self.provider = CollaborationProvider()
        self.provider.configure(ConfigureRequest(Config(config, project)))
        self.preview = preview
        self.collaborations: dict[str, Rehearsed] = {}

    def new_resource(self, args: MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        if args.typ != _TYPE:
            return f"{args.name}-id", args.inputs
        checked = self.provider.check({}, args.inputs)
        if checked.failures:
            reasons = "".join(f"\n  - {failure.reason}" for failure in checked.failures)
            raise RehearsalError(f'collaboration "{args.name}" is refused:{reasons}')
        if self.preview:
            self.collaborations[args.name] = Rehearsed(checked.inputs)
            return None, checked.inputs
        made = self.provider.create(checked.inputs)
        self.collaborations[args.name] = Rehearsed(checked.inputs, made.id, made.outs or {})
        return made.id, made.outs or {}

    def call(self, args: Any) -> tuple[dict[str, Any], None]:
        return args.args, None


def _rehearse(program: Callable[[], object], config: dict[str, str], project: str, *, preview: bool) -> Rehearsal:
    monitor = _Monitor(config, project, preview=preview)
    exports: dict[str, Any] = {}

    async def run() -> None:
        program()
        stack = pulumi.runtime.get_root_resource()
        for name, value in (stack.outputs if isinstance(stack, Stack) else {}).items():
            exports[name] = await pulumi.Output.from_input(value).future()

    pulumi.runtime.settings.SETTINGS.outputs.clear()  # an earlier program's, if it failed
    pulumi.runtime.settings.set_root_resource(None)  # type: ignore[arg-type] # the SDK's own way to start afresh
    loop = asyncio.new_event_loop()
    # A failure is raised below; the SDK also leaves it in every output of the resource, for asyncio to log.
    loop.set_exception_handler(lambda _loop, _context: None)
    asyncio.set_event_loop(loop)
    try:
        set_mocks(monitor, project=project, stack="rehearsal", preview=preview)
        set_all_config(config)
        loop.run_until_complete(run_pulumi_func(run))
    finally:
        asyncio.set_event_loop(None)
        loop.close()
    return Rehearsal(monitor.collaborations, {} if preview else exports)
