"""A program run without an engine: the SDK's own mock monitor in front, the real provider behind it.

Not a deployment: no ordering, no state, no diff by the engine. The program's collaborations are checked and created by the provider that
``pulumi up`` would use, against whatever endpoint the configuration names.
"""

from __future__ import annotations

import asyncio
import contextvars
import copy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pulumi
from pulumi.dynamic import Config, ConfigureRequest
from pulumi.runtime import Mocks, set_all_config, set_mocks
from pulumi.runtime.mocks import MockMonitor
from pulumi.runtime.stack import Stack, run_pulumi_func

from cleanrooms_resource.properties import Changed, changes
from cleanrooms_resource.provider import CollaborationProvider
from cleanrooms_resource.spelling import path_segments

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
    ignore_changes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What a program declared: resource names to collaborations, and the stack's exports (none at a preview)."""

    collaborations: dict[str, Rehearsed] = field(default_factory=dict)
    exports: dict[str, Any] = field(default_factory=dict)

    def changes(self, previewed: Rehearsal) -> dict[str, list[Changed]]:
        """What a previewed program would change, by the table: resource names to changes."""
        found: dict[str, list[Changed]] = {}
        for name in sorted(self.collaborations.keys() & previewed.collaborations.keys()):
            old, new = self.collaborations[name], previewed.collaborations[name]
            inputs = copy.deepcopy(new.inputs)
            for path in new.ignore_changes:
                _ignore(old.inputs, inputs, path_segments(path))
            found[name] = changes(old.outputs, inputs)
        return found


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


class _Monitor(MockMonitor):
    """The SDK's mock monitor, which sees the options that mocks are not told."""

    mocks: _Provider

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802 the SDK's name
        self.mocks.ignored[request.name] = tuple(request.ignoreChanges)
        return super().RegisterResource(request)  # type: ignore[no-untyped-call]


class _Provider(Mocks):
    """Checks and creates collaborations with the real provider; every other resource is echoed."""

    def __init__(self, config: dict[str, str], project: str, *, preview: bool) -> None:
        self.provider = CollaborationProvider()
        self.provider.configure(ConfigureRequest(Config(config, project)))
        self.preview = preview
        self.collaborations: dict[str, Rehearsed] = {}
        self.ignored: dict[str, tuple[str, ...]] = {}

    def new_resource(self, args: MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        if args.typ != _TYPE:
            return f"{args.name}-id", args.inputs
        checked = self.provider.check({}, args.inputs)
        if checked.failures:
            reasons = "".join(f"\n  - {failure.reason}" for failure in checked.failures)
            raise RehearsalError(f'collaboration "{args.name}" is refused:{reasons}')
        if self.preview:
            self.collaborations[args.name] = Rehearsed(checked.inputs, ignore_changes=self.ignored[args.name])
            return None, checked.inputs
        made = self.provider.create(checked.inputs)
        self.collaborations[args.name] = Rehearsed(checked.inputs, made.id, made.outs or {}, self.ignored[args.name])
        return made.id, made.outs or {}

    def call(self, args: Any) -> tuple[dict[str, Any], None]:
        return args.args, None


def _rehearse(program: Callable[[], object], config: dict[str, str], project: str, *, preview: bool) -> Rehearsal:
    provider = _Provider(config, project, preview=preview)
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
        set_mocks(provider, project=project, stack="rehearsal", preview=preview, monitor=_Monitor(provider))
        set_all_config(config)
        loop.run_until_complete(run_pulumi_func(run))
    finally:
        asyncio.set_event_loop(None)
        loop.close()
    return Rehearsal(provider.collaborations, {} if preview else exports)


def _ignore(old: dict[str, Any], new: dict[str, Any], path: list[str]) -> None:
    """Put the old value in the place of an ignored one, as the engine does."""
    first, *rest = path
    if rest and isinstance(old.get(first), dict) and isinstance(new.get(first), dict):
        _ignore(old[first], new[first], rest)
    elif first in old:
        new[first] = old[first]
    else:
        new.pop(first, None)
