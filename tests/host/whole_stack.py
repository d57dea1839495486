"""A stack of several resources in the engine's steps: every command calls a fresh host process of Pulumi."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import grpc

from cleanrooms_resource.hidden_keys import RESOURCE_NAME
from host.driver import Host, HostStack, Plan, StateResource

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from host.forked_hosts import HostStart

Program = dict[str, dict[str, Any]]
"""The resources of a program, by name."""

KILLED = "the host was killed"


class CommandError(Exception):
    """A command of the engine failed. ``name`` is the name of the provider's exception, or ``KILLED``."""

    def __init__(self, failure: grpc.RpcError) -> None:
        if failure.code() == grpc.StatusCode.UNAVAILABLE:
            self.name = sentence = KILLED
        else:
            sentence = str(failure.details()).strip().splitlines()[-1]
            self.name = sentence.partition(":")[0].rpartition(".")[2]
        super().__init__(sentence)


@dataclass
class WholeStack:
    """The resources of a state, and what every command of the engine does to them."""

    start_host: HostStart
    config: dict[str, str]
    ignored: tuple[str, ...] = ()
    """The paths of every resource's ``ignore_changes``."""
    is_delete_first: bool = False
    """Every resource's ``delete_before_replace``."""
    resources: dict[str, HostStack] = field(default_factory=dict)
    pending: list[StateResource] = field(default_factory=list)
    """What replacements left in the state to be deleted."""
    last_config: dict[str, str] = field(default_factory=dict)
    """The settings of the last `up`, which the state keeps for commands that do not run the program."""
    outcomes: dict[str, str] = field(default_factory=dict)
    """What the last refresh did to each resource: same, update or delete."""
    process: int = 0
    """The host process of the command that runs, or that ran last."""

    def list_ids(self) -> set[str]:
        """Return the ids in the state."""
        return {each.id for each in self.list_held().values()} | {each.id for each in self.pending}

    def list_held(self) -> dict[str, StateResource]:
        """Return the resources in the state, by name."""
        return {
            name: each.resource
            for name, each in self.resources.items()
            if each.resource is not None
        }

    def copy(self) -> WholeStack:
        """Return a copy of the state, on which a command can be tried."""
        return replace(
            self,
            resources={name: replace(each) for name, each in self.resources.items()},
            pending=list(self.pending),
        )

    def preview(self, program: Program, forced: Collection[str] = ()) -> dict[str, Plan]:
        """Check and Diff of every resource of the program; ``forced`` are the resources that `--replace` names."""
        with self._run_host(self.config) as host:
            return {
                name: self._plan(host, name, properties, forced)
                for name, properties in program.items()
            }

    def up(
        self,
        program: Program,
        forced: Collection[str] = (),
        *,
        is_partial: bool = False,
        is_refreshed: bool = False,
    ) -> dict[str, Plan]:
        """Do what a preview says; then, unless the command is partial, delete what was replaced and what the program no longer declares."""
        self.last_config = self.config
        plans = {}
        with self._run_host(self.config) as host:
            if is_refreshed:
                self._refresh(host)
            for name, properties in program.items():
                plans[name] = self._plan(host, name, properties, forced)
                self._perform(host, name, properties, plans[name], is_forced=name in forced)
            if not is_partial:
                self._delete_pending(host)
                self._delete(host, [name for name in self.list_held() if name not in program])
        return plans

    def refresh(self) -> None:
        """Read every resource in the state; the program is not run."""
        with self._run_host(self.last_config) as host:
            self._refresh(host)

    def destroy(self) -> None:
        """Delete every resource in the state; the program is not run."""
        with self._run_host(self.last_config) as host:
            self._delete(host, list(self.list_held()))
            self._delete_pending(host)

    @contextmanager
    def _run_host(self, config: dict[str, str]) -> Iterator[Host]:
        try:
            with self.start_host(config) as host:
                self.process = host.process
                yield host
        except grpc.RpcError as failure:
            raise CommandError(failure) from failure

    def _plan(
        self, host: Host, name: str, properties: dict[str, Any], forced: Collection[str]
    ) -> Plan:
        stack = self.resources.setdefault(name, HostStack(host, holder=f"Collaboration::{name}"))
        stack.host, stack.ignore_changes = host, self.ignored
        program = _as_constructor_sends(name, properties)
        if name in forced and stack.resource is not None:
            # The engine calls neither Diff nor a Check with old inputs.
            return Plan("replace", (), stack._check({}, program))
        return stack.preview(program)

    def _perform(
        self, host: Host, name: str, properties: dict[str, Any], plan: Plan, *, is_forced: bool
    ) -> None:
        stack = self.resources[name]
        old = stack.resource
        if old is None:
            stack.resource = StateResource(*stack._create(plan.inputs))
        elif plan.op == "replace":
            inputs = (
                plan.inputs
                if is_forced
                else stack._check({}, _as_constructor_sends(name, properties))
            )
            assert inputs == plan.inputs, "a replacement makes what its preview drew"
            if self.is_delete_first:
                host.delete(old.id, old.outputs)
                # If the creation fails, the next `up` creates again, and there is nothing left to be deleted.
                stack.resource = None
            stack.resource = StateResource(*stack._create(inputs))
            self.pending += [] if self.is_delete_first else [old]
        elif plan.op == "update":
            stack.resource = StateResource(
                old.id, plan.inputs, host.update(old.id, old.outputs, plan.inputs)
            )
        else:
            stack.resource = StateResource(old.id, plan.inputs, old.outputs)

    def _refresh(self, host: Host) -> None:
        self.outcomes = {}
        for name in self.list_held():
            stack = self.resources[name]
            stack.host = host
            self.outcomes[name] = stack.refresh()
        self.pending = [each for each in self.pending if host.read(each.id, each.outputs)[0]]

    def _delete(self, host: Host, names: list[str]) -> None:
        held = self.list_held()
        for name in reversed(names):
            host.delete(held[name].id, held[name].outputs)
            del self.resources[name]

    def _delete_pending(self, host: Host) -> None:
        for replaced in list(self.pending):
            host.delete(replaced.id, replaced.outputs)
            self.pending.remove(replaced)


def _as_constructor_sends(name: str, properties: dict[str, Any]) -> dict[str, Any]:
    return properties if "name" in properties else {**properties, RESOURCE_NAME: name}
