"""A stack of several resources in the engine's steps, over the provider in this process.

A host process takes most of a second to start, and every `up` needs a new one, because the provider remembers the calls of its process. The
provider is therefore called here directly, and forgets everything where a new host process would start. Properties pass through protobuf's Struct,
as over gRPC.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from pulumi.runtime.proto import provider_pb2

from cleanrooms_resource.aws import creation
from cleanrooms_resource.aws.program_connections import ProgramConnections
from cleanrooms_resource.aws.settings import read_settings
from cleanrooms_resource.changes.adoption import AdoptionGuards
from cleanrooms_resource.changes.holders import Holders
from cleanrooms_resource.changes.replacement import Replacements
from cleanrooms_resource.hidden_keys import RESOURCE_NAME
from cleanrooms_resource.provider import CollaborationProvider
from host.driver import Host, HostStack, Plan, StateResource, _struct

Program = dict[str, dict[str, Any]]
"""The resources of a program, by name."""


class HostKilledError(Exception):
    """The host process was killed after a creation took effect."""


@dataclass(frozen=True)
class HostInThisProcess(Host):
    """The provider, called as the host process calls it."""

    called: CollaborationProvider = field(default_factory=CollaborationProvider)
    is_killed_in_create: bool = False

    def check(self, olds: dict[str, Any], news: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
        answer = self.called.check(_over_the_wire(olds), _over_the_wire(news))
        return _over_the_wire(answer.inputs), [failure.reason for failure in answer.failures]

    def diff(self, id_: str, outputs: dict[str, Any], news: dict[str, Any]) -> provider_pb2.DiffResponse:
        answer = self.called.diff(id_, _over_the_wire(outputs), _over_the_wire(news))
        diff = provider_pb2.DiffResponse
        changes = {None: diff.DIFF_UNKNOWN, True: diff.DIFF_SOME, False: diff.DIFF_NONE}[answer.changes]
        return diff(changes=changes, replaces=answer.replaces)

    def create(self, inputs: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        answer = self.called.create(_over_the_wire(inputs))
        if self.is_killed_in_create:
            raise HostKilledError
        return answer.id, _over_the_wire(answer.outs or {})

    def read(self, id_: str, outputs: dict[str, Any]) -> tuple[str, dict[str, Any], dict[str, Any]]:
        answer = self.called.read(id_, _over_the_wire(outputs))
        return answer.id or "", _over_the_wire(answer.outs or {}), _over_the_wire(answer.inputs or {})

    def update(self, id_: str, outputs: dict[str, Any], news: dict[str, Any]) -> dict[str, Any]:
        return _over_the_wire(self.called.update(id_, _over_the_wire(outputs), _over_the_wire(news)).outs or {})

    def delete(self, id_: str, outputs: dict[str, Any]) -> None:
        self.called.delete(id_, _over_the_wire(outputs))


def start_host_in_this_process(config: dict[str, str], *, is_killed_in_create: bool = False) -> HostInThisProcess:
    """Return a provider that is configured and remembers nothing of an earlier process."""
    provider = CollaborationProvider()
    provider._settings = read_settings(config)
    provider._guards, provider._holders, provider._replacements = AdoptionGuards(), Holders(), Replacements()
    provider._connections = ProgramConnections()
    creation._CLAIMED.clear()
    return HostInThisProcess(None, "", provider, is_killed_in_create)


@dataclass
class WholeStack:
    """The resources of a state, and what every command of the engine does to them."""

    config: dict[str, str]
    resources: dict[str, HostStack] = field(default_factory=dict)
    pending: list[StateResource] = field(default_factory=list)
    """What replacements left in the state to be deleted."""

    def list_ids(self) -> set[str]:
        """Return the ids in the state."""
        return {each.id for each in self.list_held().values()} | {each.id for each in self.pending}

    def list_held(self) -> dict[str, StateResource]:
        """Return the resources in the state, by name."""
        return {name: each.resource for name, each in self.resources.items() if each.resource is not None}

    def preview(self, program: Program, ignored: tuple[str, ...] = ()) -> dict[str, Plan]:
        """Check and Diff of every resource of the program, in a process of their own."""
        host = self._start_host()
        return {name: self._plan(host, name, properties, ignored) for name, properties in program.items()}

    def up(self, program: Program, ignored: tuple[str, ...] = (), *, is_partial: bool = False, is_killed_in_create: bool = False) -> dict[str, Plan]:
        """Do what a preview says; then, unless the command is partial, delete what was replaced and what the program no longer declares."""
        host = self._start_host(is_killed_in_create=is_killed_in_create)
        plans = {}
        for name, properties in program.items():
            plans[name] = self._plan(host, name, properties, ignored)
            self._perform(name, properties, plans[name])
        if not is_partial:
            for replaced in list(self.pending):
                host.delete(replaced.id, replaced.outputs)
                self.pending.remove(replaced)
            for name, dropped in reversed(list(self.list_held().items())):
                if name not in program:
                    host.delete(dropped.id, dropped.outputs)
                    del self.resources[name]
        return plans

    def refresh(self) -> None:
        """Read every resource in the state; the program is not run."""
        host = self._start_host()
        for name in list(self.list_held()):
            stack = self.resources[name]
            stack.host = host
            if stack.refresh() == "delete":
                del self.resources[name]

    def destroy(self) -> None:
        """Delete every resource in the state; the program is not run."""
        host = self._start_host()
        for name, held in reversed(list(self.list_held().items())):
            host.delete(held.id, held.outputs)
            del self.resources[name]
        for replaced in list(self.pending):
            host.delete(replaced.id, replaced.outputs)
            self.pending.remove(replaced)

    def _start_host(self, *, is_killed_in_create: bool = False) -> HostInThisProcess:
        return start_host_in_this_process(self.config, is_killed_in_create=is_killed_in_create)

    def _plan(self, host: Host, name: str, properties: dict[str, Any], ignored: tuple[str, ...]) -> Plan:
        stack = self.resources.setdefault(name, HostStack(host, holder=f"Collaboration::{name}"))
        stack.host, stack.ignore_changes = host, ignored
        return stack.preview(_as_constructor_sends(name, properties))

    def _perform(self, name: str, properties: dict[str, Any], plan: Plan) -> None:
        stack = self.resources[name]
        old = stack.resource
        if old is None or plan.op == "replace":
            inputs = plan.inputs if old is None else stack._check({}, _as_constructor_sends(name, properties))
            assert inputs == plan.inputs, "a replacement makes what its preview drew"
            stack.resource = StateResource(*stack._create(inputs))
            self.pending += [old] if old is not None else []
        elif plan.op == "update":
            stack.resource = StateResource(old.id, plan.inputs, stack.host.update(old.id, old.outputs, plan.inputs))
        else:
            stack.resource = StateResource(old.id, plan.inputs, old.outputs)


def _as_constructor_sends(name: str, properties: dict[str, Any]) -> dict[str, Any]:
    return properties if "name" in properties else {**properties, RESOURCE_NAME: name}


def _over_the_wire(properties: dict[str, Any]) -> dict[str, Any]:
    return Host._unpack(_struct(properties))
