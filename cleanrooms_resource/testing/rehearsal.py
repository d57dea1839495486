"""A rehearsal: a program runs without an engine, with the SDK's own mock monitor in front and the real provider behind it.

The provider that ``pulumi up`` would use checks and creates the program's collaborations, at the endpoint that the configuration names. A rehearsal
is not a deployment: it has no ordering, no state, and no diff by the engine.
"""

from __future__ import annotations

import asyncio
import contextvars
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import pulumi
from pulumi.runtime import Mocks, set_all_config, set_mocks

from cleanrooms_resource.aws.program_connections import read_connection
from cleanrooms_resource.aws.settings import read_settings
from cleanrooms_resource.changes.diff import PropertyChange, diff_from_outputs
from cleanrooms_resource.changes.known_collaboration import read_known_collaboration
from cleanrooms_resource.changes.takeover import DYNAMIC_TYPE
from cleanrooms_resource.declaration.spelling import split_path
from cleanrooms_resource.provider import CollaborationProvider
from cleanrooms_resource.pulumi_sdk import (
    MockMonitor,
    Stack,
    reset_runtime,
    reveal_secrets,
    run_pulumi_func,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pulumi.runtime import MockResourceArgs


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """A collaboration of a rehearsed program: its checked inputs, its ID and its outputs."""

    inputs: dict[str, Any]
    id: str
    outputs: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Planned:
    """The plan of a previewed program for a collaboration: the operation, the changes of properties, and the checked inputs.

    Only an update and a replacement have changes.
    """

    op: Literal["create", "same", "update", "replace", "delete"]
    changes: list[PropertyChange]
    inputs: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """The collaborations of a rehearsed program by resource name, and the stack's exports."""

    collaborations: dict[str, Rehearsed]
    exports: dict[str, Any]
    config: dict[str, str]
    project: str

    def preview(
        self, program: Callable[[], object], config: Mapping[str, str] | None = None
    ) -> dict[str, Planned]:
        """Return the plans, by resource name, for another program, or for this program with another configuration. Nothing is created.

        Raises:
            DeclarationError, RehearsalError: a declaration is refused.

        """
        mocks = _PreviewMocks(dict(config or self.config), self.project, self.collaborations)
        _run(program, mocks)
        deletions = {
            name: Planned("delete", [], {})
            for name in self.collaborations
            if name not in mocks.plans
        }
        return {**mocks.plans, **deletions}


class RehearsalError(Exception):
    """The provider's check refuses a declaration. The message has the provider's reasons."""


def rehearse(
    program: Callable[[], object],
    config: Mapping[str, str] | None = None,
    *,
    project: str = "project",
) -> Rehearsal:
    """Run a program and have the real provider create its collaborations.

    ``config`` is the stack's configuration: its keys have their namespaces, and structured values such as ``aws:endpoints`` are JSON text.

    Raises:
        DeclarationError, RehearsalError: a declaration is refused.
        CollaborationError: AWS answers with an error.

    """
    mocks = _CreationMocks(dict(config or {}), project)
    exports = _run(program, mocks)
    return Rehearsal(mocks.collaborations, exports, mocks.config, project)


class _Monitor(MockMonitor):
    """The SDK's mock monitor, which also records the option ``ignore_changes``; mocks do not get options."""

    mocks: _ProviderMocks

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802 - the SDK's name
        self.mocks.ignore_changes[request.name] = tuple(request.ignoreChanges)
        return super().RegisterResource(request)  # type: ignore[no-untyped-call]


class _ProviderMocks(Mocks):
    """Mocks that pass collaborations to the real provider. The inputs of any other resource are its outputs."""

    is_preview = False

    def __init__(self, config: dict[str, str], project: str) -> None:
        self.config, self.project = config, project
        self.settings = read_settings(config)
        self.provider = CollaborationProvider.start(self.settings)
        self.ignore_changes: dict[str, tuple[str, ...]] = {}

    def new_resource(self, args: MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        if args.typ != DYNAMIC_TYPE:
            return f"{args.name}-id", args.inputs
        if args.resource_id:  # The program calls `get`.
            return args.resource_id, self.provider.read(args.resource_id, args.inputs).outs or {}
        return self.register(args.name, args.inputs)

    def call(self, args: Any) -> tuple[dict[str, Any], None]:
        return args.args, None

    def register(self, name: str, arguments: dict[str, Any]) -> tuple[str | None, dict[str, Any]]:
        """Return the ID and the outputs of a collaboration with these arguments."""
        raise NotImplementedError

    def check(
        self, name: str, old_inputs: dict[str, Any], arguments: dict[str, Any]
    ) -> dict[str, Any]:
        """Return the inputs as the provider's check returns them.

        Raises:
            RehearsalError: check refuses the arguments.

        """
        result = self.provider.check(old_inputs, arguments)
        if result.failures:
            reasons = "".join(f"\n  - {failure.reason}" for failure in result.failures)
            raise RehearsalError(f'The declaration of collaboration "{name}" is refused:{reasons}')
        # The engine hands on the plain values of a secret.
        return result.inputs | {
            name: reveal_secrets(value)
            for name, value in result.inputs.items()
            if name == "members"
        }


class _CreationMocks(_ProviderMocks):
    """Mocks that create every collaboration."""

    def __init__(self, config: dict[str, str], project: str) -> None:
        super().__init__(config, project)
        self.collaborations: dict[str, Rehearsed] = {}

    def register(self, name: str, arguments: dict[str, Any]) -> tuple[str | None, dict[str, Any]]:
        inputs = self.check(name, {}, arguments)
        result = self.provider.create(inputs)
        self.collaborations[name] = Rehearsed(inputs, result.id, result.outs or {})
        return result.id, result.outs or {}


class _PreviewMocks(_ProviderMocks):
    """Mocks that plan every collaboration against those of an earlier rehearsal.

    A collaboration that is not replaced keeps its ID, as in the engine's preview.
    """

    is_preview = True

    def __init__(
        self, config: dict[str, str], project: str, collaborations: dict[str, Rehearsed]
    ) -> None:
        super().__init__(config, project)
        self.collaborations = collaborations
        self.plans: dict[str, Planned] = {}

    def register(self, name: str, arguments: dict[str, Any]) -> tuple[str | None, dict[str, Any]]:
        old = self.collaborations.get(name)
        if old is None:
            inputs = self.check(name, {}, arguments)
            self.plans[name] = Planned("create", [], inputs)
            return None, inputs
        inputs = self.check(name, old.inputs, arguments)
        declaration = inputs
        for path in self.ignore_changes[name]:
            declaration = _with_old_value(declaration, old.inputs, split_path(path))
        declaration = self.settings.tag_rules.settle(
            declaration, read_known_collaboration(old.outputs)
        )
        difference = diff_from_outputs(old.outputs, declaration, ())
        if difference.list_replacing_properties():
            self.plans[name] = Planned(
                "replace", difference.changes, self.check(name, {}, arguments)
            )
            return None, inputs
        is_updated = bool(difference.changes or difference.state_changes) or read_connection(
            inputs
        ) != read_connection(old.outputs)
        self.plans[name] = Planned("update" if is_updated else "same", difference.changes, inputs)
        return old.id, inputs if is_updated else old.outputs


def _run(program: Callable[[], object], mocks: _ProviderMocks) -> dict[str, Any]:
    """Run a program with these mocks; return its exports. The exports of a preview are those that are known."""
    # The SDK keeps the running program in context variables and in the thread's event loop. A thread and a context for each run leave nothing behind,
    # and the caller's own event loop may be running.
    with ThreadPoolExecutor(1, "rehearsal") as executor:
        return executor.submit(
            contextvars.copy_context().run, _run_in_this_thread, program, mocks
        ).result()


def _run_in_this_thread(program: Callable[[], object], mocks: _ProviderMocks) -> dict[str, Any]:
    exports: dict[str, Any] = {}

    async def run() -> None:
        program()
        stack = pulumi.runtime.get_root_resource()
        for name, value in (stack.outputs if isinstance(stack, Stack) else {}).items():
            exports[name] = await pulumi.Output.from_input(value).future()

    reset_runtime()
    loop = asyncio.new_event_loop()
    # run_until_complete raises a failure. The SDK also leaves the failure in every output of the resource, and asyncio would log each of them.
    loop.set_exception_handler(lambda _loop, _context: None)
    asyncio.set_event_loop(loop)
    try:
        set_mocks(
            mocks,
            project=mocks.project,
            stack="rehearsal",
            preview=mocks.is_preview,
            monitor=_Monitor(mocks),
        )
        set_all_config(mocks.config)
        loop.run_until_complete(run_pulumi_func(run))
    finally:
        loop.close()
    return exports


def _with_old_value(new: dict[str, Any], old: dict[str, Any], path: list[str]) -> dict[str, Any]:
    """Return ``new`` with the old value at a path of ``ignore_changes``, as the engine does."""
    first, *rest = path
    if rest and isinstance(old.get(first), dict) and isinstance(new.get(first), dict):
        return {**new, first: _with_old_value(new[first], old[first], rest)}
    if first in old:
        return {**new, first: old[first]}
    return {name: value for name, value in new.items() if name != first}
