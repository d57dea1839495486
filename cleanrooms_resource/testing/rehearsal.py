"""A program run without an engine: the SDK's own mock monitor in front, the real provider behind it.

Not a deployment: no ordering, no state, no diff by the engine. The program's collaborations are checked and created by the provider that
``pulumi up`` would use, against whatever endpoint the configuration names.
"""

from __future__ import annotations

import asyncio
import contextvars
import copy
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import pulumi
from pulumi.dynamic import Config, ConfigureRequest
from pulumi.runtime import Mocks, set_all_config, set_mocks
from pulumi.runtime.mocks import MockMonitor
from pulumi.runtime.stack import Stack, run_pulumi_func

from cleanrooms_resource.changes.adoption import AdoptionGuards
from cleanrooms_resource.changes.diff import PropertyChange, diff_from_outputs
from cleanrooms_resource.changes.holders import Holders
from cleanrooms_resource.changes.replacement import Replacements
from cleanrooms_resource.declaration.spelling import split_path
from cleanrooms_resource.preview.document import COLLABORATION_TYPE
from cleanrooms_resource.provider import CollaborationProvider
from cleanrooms_resource.pulumi_sdk import reset_runtime

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pulumi.runtime import MockResourceArgs


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """One collaboration of a rehearsed program: its checked inputs, its id and its outputs."""

    inputs: dict[str, Any]
    id: str
    outputs: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Planned:
    """What a previewed program means for one collaboration: the operation, the changes of properties, and the checked inputs.

    Only an update and a replacement have changes.
    """

    op: Literal["create", "same", "update", "replace", "delete"]
    changes: list[PropertyChange]
    inputs: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What a program declared: resource names to collaborations, and the stack's exports."""

    collaborations: dict[str, Rehearsed]
    exports: dict[str, Any]
    config: dict[str, str]
    project: str

    def preview(self, program: Callable[[], object], config: Mapping[str, str] | None = None) -> dict[str, Planned]:
        """What another program (or this one with another configuration) would change: resource names to plans. Nothing is created.

        Raises:
            DeclarationError, RehearsalError: a declaration is refused.

        """
        provider = _Previewing(dict(config or self.config), self.project, self.collaborations)
        _run(program, provider)
        gone = {name: Planned("delete", [], {}) for name in self.collaborations if name not in provider.plans}
        return {**provider.plans, **gone}


class RehearsalError(Exception):
    """A declaration that check refuses, or one that could not be created; the message is the provider's."""


def rehearse(program: Callable[[], object], config: Mapping[str, str] | None = None, *, project: str = "project") -> Rehearsal:
    """Run a program's collaborations through the real provider, which creates them.

    ``config`` is the stack's, keys with their namespaces, structured values (``aws:endpoints``) as JSON text.

    Raises:
        DeclarationError, RehearsalError: a declaration is refused.
        CollaborationError: AWS's answer is an error.

    """
    provider = _Creating(dict(config or {}), project)
    exports = _run(program, provider)
    return Rehearsal(provider.made, exports, provider.config, project)


class _Monitor(MockMonitor):
    """The SDK's mock monitor, which sees the options that mocks are not told."""

    mocks: _Provider

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802 the SDK's name
        self.mocks.ignored[request.name] = tuple(request.ignoreChanges)
        return super().RegisterResource(request)  # type: ignore[no-untyped-call]


class _Provider(Mocks):
    """The real provider for collaborations; every other resource is echoed."""

    preview = False

    def __init__(self, config: dict[str, str], project: str) -> None:
        self.config, self.project = config, project
        self.provider = CollaborationProvider()
        # A rehearsal knows nothing of an earlier one.
        self.provider._guards, self.provider._holders, self.provider._replacements = AdoptionGuards(), Holders(), Replacements()  # noqa: SLF001
        self.provider.configure(ConfigureRequest(Config(config, project)))
        self.ignored: dict[str, tuple[str, ...]] = {}

    def new_resource(self, args: MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        if args.typ != COLLABORATION_TYPE:
            return f"{args.name}-id", args.inputs
        if args.resource_id:  # `get`
            return args.resource_id, self.provider.read(args.resource_id, args.inputs).outs or {}
        return self.registered(args.name, args.inputs)

    def call(self, args: Any) -> tuple[dict[str, Any], None]:
        return args.args, None

    def registered(self, name: str, sent: dict[str, Any]) -> tuple[str | None, dict[str, Any]]:
        """The id and the outputs of a collaboration."""
        raise NotImplementedError

    def checked(self, name: str, olds: dict[str, Any], sent: dict[str, Any]) -> dict[str, Any]:
        """The inputs as check returns them."""
        checked = self.provider.check(olds, sent)
        if checked.failures:
            reasons = "".join(f"\n  - {failure.reason}" for failure in checked.failures)
            raise RehearsalError(f'collaboration "{name}" is refused:{reasons}')
        return checked.inputs


class _Creating(_Provider):
    """Creates every collaboration."""

    def __init__(self, config: dict[str, str], project: str) -> None:
        super().__init__(config, project)
        self.made: dict[str, Rehearsed] = {}

    def registered(self, name: str, sent: dict[str, Any]) -> tuple[str | None, dict[str, Any]]:
        inputs = self.checked(name, {}, sent)
        made = self.provider.create(inputs)
        self.made[name] = Rehearsed(inputs, made.id, made.outs or {})
        return made.id, made.outs or {}


class _Previewing(_Provider):
    """Plans every collaboration against those there are; what is not replaced keeps its id, as in the engine's preview."""

    preview = True

    def __init__(self, config: dict[str, str], project: str, before: dict[str, Rehearsed]) -> None:
        super().__init__(config, project)
        self.before = before
        self.plans: dict[str, Planned] = {}

    def registered(self, name: str, sent: dict[str, Any]) -> tuple[str | None, dict[str, Any]]:
        old = self.before.get(name)
        if old is None:
            inputs = self.checked(name, {}, sent)
            self.plans[name] = Planned("create", [], inputs)
            return None, inputs
        inputs = self.checked(name, old.inputs, sent)
        compared = copy.deepcopy(inputs)
        for path in self.ignored[name]:
            _ignore(old.inputs, compared, split_path(path))
        difference = diff_from_outputs(old.outputs, compared)
        if difference.list_replacing():
            self.plans[name] = Planned("replace", difference.changes, self.checked(name, {}, sent))
            return None, inputs
        is_updated = bool(difference.changes or difference.state_changes)
        self.plans[name] = Planned("update" if is_updated else "same", difference.changes, inputs)
        return old.id, inputs if is_updated else old.outputs


def _run(program: Callable[[], object], provider: _Provider) -> dict[str, Any]:
    """Run a program with a provider behind it; returns its exports (of a preview: those that are known)."""
    # The SDK keeps the running program in context variables and in the thread's event loop. In a thread and a context of their own they leave
    # nothing behind, and a caller may have a running loop.
    with ThreadPoolExecutor(1, "rehearsal") as thread:
        return thread.submit(contextvars.copy_context().run, _run_here, program, provider).result()


def _run_here(program: Callable[[], object], provider: _Provider) -> dict[str, Any]:
    exports: dict[str, Any] = {}

    async def run() -> None:
        program()
        stack = pulumi.runtime.get_root_resource()
        for name, value in (stack.outputs if isinstance(stack, Stack) else {}).items():
            exports[name] = await pulumi.Output.from_input(value).future()

    reset_runtime()
    loop = asyncio.new_event_loop()
    # A failure is raised below; the SDK also leaves it in every output of the resource, for asyncio to log.
    loop.set_exception_handler(lambda _loop, _context: None)
    asyncio.set_event_loop(loop)
    try:
        set_mocks(provider, project=provider.project, stack="rehearsal", preview=provider.preview, monitor=_Monitor(provider))
        set_all_config(provider.config)
        loop.run_until_complete(run_pulumi_func(run))
    finally:
        loop.close()
    return exports


def _ignore(old: dict[str, Any], new: dict[str, Any], path: list[str]) -> None:
    """Put the old value in the place of an ignored one, as the engine does."""
    first, *rest = path
    if rest and isinstance(old.get(first), dict) and isinstance(new.get(first), dict):
        _ignore(old[first], new[first], rest)
    elif first in old:
        new[first] = old[first]
    else:
        new.pop(first, None)
