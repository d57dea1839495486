"""The engine's side of a dynamic provider: Pulumi's own host process over gRPC, called as the engine calls it."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from uuid import uuid4

import grpc
from google.protobuf import json_format, struct_pb2
from pulumi.dynamic.dynamic import serialize_provider
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc
from pulumi.runtime.rpc import UNKNOWN

from cleanrooms_resource.declaration.spelling import path_to_camel_case, split_path, to_camel_case
from cleanrooms_resource.hidden_keys import HOLDER, IGNORED_NAMES, PLAIN_NAMES
from cleanrooms_resource.provider import CollaborationProvider
from cleanrooms_resource.pulumi_sdk import reveal_secret
from cleanrooms_resource.table import TABLE

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["UNKNOWN", "Host", "HostStack", "Plan", "StateResource", "start_host"]


IMPATIENT_FOLDER = str(Path(__file__).parent.parent / "impatient")
"""On a PYTHONPATH, it shortens every wait."""


@contextmanager
def start_host(config: dict[str, str]) -> Iterator[Host]:
    """Pulumi's host process, configured with a stack's settings."""
    environment = {name: value for name, value in os.environ.items() if name != "AWS_REGION"}
    with subprocess.Popen(
        [sys.executable, "-u", "-m", "pulumi.dynamic"], stdout=subprocess.PIPE, env=environment
    ) as process:
        try:
            assert process.stdout is not None
            with connect_to_host(process.pid, int(process.stdout.readline()), config) as host:
                yield host
        finally:
            process.terminate()


@contextmanager
def connect_to_host(process: int, port: int, config: dict[str, str]) -> Iterator[Host]:
    """Connect to a host process that has printed its port, and configure the host with a stack's settings."""
    # A shared connection of an earlier host at the same port may still wait before it tries again.
    with grpc.insecure_channel(
        f"127.0.0.1:{port}", options=[("grpc.use_local_subchannel_pool", 1)]
    ) as channel:
        stub = provider_pb2_grpc.ResourceProviderStub(channel)
        stub.Configure(provider_pb2.ConfigureRequest(args=_struct(config)))
        yield Host(stub, process)


@dataclass(frozen=True)
class Host:
    """The calls of one host process; properties as dicts, ``__provider`` added and removed."""

    stub: Any
    process: int
    provider: str = field(default_factory=lambda: str(serialize_provider(CollaborationProvider())))

    def check(self, olds: dict[str, Any], news: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
        answer = self.stub.Check(
            provider_pb2.CheckRequest(
                olds=self._pack(olds) if olds else None, news=self._pack(news)
            )
        )
        assert all(not failure.property for failure in answer.failures)
        return self._unpack(answer.inputs), [failure.reason for failure in answer.failures]

    def diff(
        self, id_: str, outputs: dict[str, Any], news: dict[str, Any]
    ) -> provider_pb2.DiffResponse:
        answer: provider_pb2.DiffResponse = self.stub.Diff(
            provider_pb2.DiffRequest(id=id_, olds=self._pack(outputs), news=self._pack(news))
        )
        return answer

    def create(self, inputs: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        answer = self.stub.Create(provider_pb2.CreateRequest(properties=self._pack(inputs)))
        return answer.id, self._unpack(answer.properties)

    def read(self, id_: str, outputs: dict[str, Any]) -> tuple[str, dict[str, Any], dict[str, Any]]:
        answer = self.stub.Read(provider_pb2.ReadRequest(id=id_, properties=self._pack(outputs)))
        return answer.id, self._unpack(answer.properties), self._unpack(answer.inputs)

    def update(self, id_: str, outputs: dict[str, Any], news: dict[str, Any]) -> dict[str, Any]:
        answer = self.stub.Update(
            provider_pb2.UpdateRequest(id=id_, olds=self._pack(outputs), news=self._pack(news))
        )
        return self._unpack(answer.properties)

    def delete(self, id_: str, outputs: dict[str, Any]) -> None:
        self.stub.Delete(provider_pb2.DeleteRequest(id=id_, properties=self._pack(outputs)))

    def _pack(self, properties: dict[str, Any]) -> struct_pb2.Struct:
        return _struct({**properties, "__provider": self.provider})

    @staticmethod
    def _unpack(properties: struct_pb2.Struct) -> dict[str, Any]:
        # The engine hands the provider a secret's plain value.
        return {
            name: reveal_secret(value)
            for name, value in json_format.MessageToDict(properties).items()
            if name != "__provider"
        }


@dataclass(frozen=True)
class Plan:
    """What a preview says: the operation, the properties that replace, and the checked inputs."""

    op: str
    reasons: tuple[str, ...]
    inputs: dict[str, Any]


@dataclass
class StateResource:
    """A resource in a state."""

    id: str
    inputs: dict[str, Any]
    outputs: dict[str, Any]


@dataclass
class HostStack:
    """One resource's life, in the engine's steps."""

    host: Host
    ignore_changes: tuple[str, ...] = ()
    resource: StateResource | None = None
    holder: str = field(default_factory=lambda: f"Collaboration::{uuid4()}")
    """What the constructor sends as the resource's name for itself."""
    plain_names: tuple[str, ...] = tuple(TABLE)
    """What the constructor sends as the properties that are not secret."""

    @property
    def held(self) -> StateResource:
        """The resource, which is in the state."""
        assert self.resource is not None
        return self.resource

    def preview(self, program: dict[str, Any]) -> Plan:
        """Check, then Diff; ``None`` from Diff means whatever the inputs say."""
        old = self.resource
        if old is None:
            return Plan("create", (), self._check({}, program))
        inputs = self._check(old.inputs, self._restore_ignored_values(old.inputs, program))
        answer = self.host.diff(old.id, old.outputs, inputs)
        differs = answer.changes == answer.DIFF_SOME or (
            answer.changes == answer.DIFF_UNKNOWN and inputs != old.inputs
        )
        if not differs:
            return Plan("same", (), inputs)
        return Plan("replace" if answer.replaces else "update", tuple(answer.replaces), inputs)

    def up(self, program: dict[str, Any]) -> Plan:
        """Preview, then do it: a replacement is checked again without old inputs, created, and the old one deleted after it."""
        plan = self.preview(program)
        old = self.resource
        if old is None or plan.op == "replace":
            inputs = self._check({}, program)
            self.resource = StateResource(*self._create(inputs))
            if old is not None:
                self.host.delete(old.id, old.outputs)
        elif plan.op == "update":
            self.resource = StateResource(
                old.id, plan.inputs, self.host.update(old.id, old.outputs, plan.inputs)
            )
        else:
            self.resource = StateResource(old.id, plan.inputs, old.outputs)
        return plan

    def refresh(self) -> Literal["same", "update", "delete"]:
        """Read, and keep what it returns; Diff of that against the old inputs says whether anything differs, ``None`` whatever the inputs say."""
        old = self.held
        id_, outputs, inputs = self.host.read(old.id, old.outputs)
        self.resource = StateResource(id_, inputs, outputs) if id_ else None
        if not id_:
            return "delete"
        answer = self.host.diff(id_, outputs, old.inputs)
        differs = answer.changes == answer.DIFF_SOME or (
            answer.changes == answer.DIFF_UNKNOWN and inputs != old.inputs
        )
        return "update" if differs else "same"

    def destroy(self) -> None:
        """Delete."""
        self.host.delete(self.held.id, self.held.outputs)
        self.resource = None

    def _create(self, inputs: dict[str, Any]) -> tuple[str, dict[str, Any], dict[str, Any]]:
        id_, outputs = self.host.create(inputs)
        return id_, inputs, outputs

    def _check(self, olds: dict[str, Any], program: dict[str, Any]) -> dict[str, Any]:
        hidden = {HOLDER: self.holder, PLAIN_NAMES: list(self.plain_names)}
        if self.ignore_changes:
            hidden[IGNORED_NAMES] = sorted(
                {split_path(path_to_camel_case(path))[0] for path in self.ignore_changes}
            )
        inputs, failures = self.host.check(olds, {**hidden, **program})
        assert failures == [], failures
        return inputs

    def _restore_ignored_values(
        self, old: dict[str, Any], program: dict[str, Any]
    ) -> dict[str, Any]:
        """The engine puts the old checked value in the place of an ignored one, before Check."""
        program = dict(program)
        for path in map(path_to_camel_case, self.ignore_changes):
            name, _, key = path.removesuffix('"]').partition('["')
            for spelling in [each for each in program if to_camel_case(each) == name]:
                value = program.pop(spelling)
                program[name] = (
                    {**_key_by_account(value), key: old[name][key]} if key else old[name]
                )
        return program


def _key_by_account(members: Any) -> dict[str, Any]:
    """As the constructor sends members."""
    return (
        members
        if isinstance(members, dict)
        else {member["account_id"]: member for member in members}
    )


def _struct(properties: dict[str, Any]) -> struct_pb2.Struct:
    struct = struct_pb2.Struct()
    struct.update(properties)
    return struct
