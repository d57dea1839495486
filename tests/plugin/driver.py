"""The engine's side of the plug-in: its servicer over a real channel, called as the engine calls it."""

from __future__ import annotations

import copy
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import grpc
from google.protobuf import json_format, struct_pb2
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc
from pulumi.runtime.rpc import UNKNOWN

from cleanrooms_resource.changes.takeover import PLUGIN_TYPE
from cleanrooms_resource.declaration.spelling import to_camel_case
from cleanrooms_resource.plugin.engine_log import EngineLog
from cleanrooms_resource.plugin.servicer import CollaborationServicer
from cleanrooms_resource.pulumi_sdk import is_secret, mark_secret

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from aws_account import Aws

__all__ = [
    "UNKNOWN",
    "Plugin",
    "PluginStack",
    "connect",
    "connect_to_plugin",
    "hide",
    "make_old",
    "make_urn",
    "run_plugin",
    "secret",
    "spell",
]

secret = mark_secret
MEBIBYTE = 1024 * 1024
_CHANNEL = [
    ("grpc.use_local_subchannel_pool", 1),
    ("grpc.max_receive_message_length", 400 * MEBIBYTE),
]


def make_urn(name: str = "ads", type_: str = PLUGIN_TYPE) -> str:
    """Return the URN of a resource of a stack."""
    return f"urn:pulumi:test::tests::{type_}::{name}"


def spell(declared: Mapping[str, Any]) -> dict[str, Any]:
    """Return a declaration of the tests as a program of any language sends it: in camelCase, members as a map."""
    properties = {
        to_camel_case(name): value if name in ("tags", "members") else _spell(value)
        for name, value in declared.items()
    }
    members = properties.get("members")
    if isinstance(members, list):
        members = {
            member["account_id"]: {
                name: part for name, part in member.items() if name != "account_id"
            }
            for member in members
        }
    return properties | (
        {"members": {account: _spell(each) for account, each in members.items()}}
        if isinstance(members, dict)
        else {}
    )


def _spell(value: Any) -> Any:
    if isinstance(value, dict):
        return {to_camel_case(name): _spell(part) for name, part in value.items()}
    return [_spell(part) for part in value] if isinstance(value, list) else value


def hide(value: Any) -> Any:
    """Return what anybody sees of a value."""
    if is_secret(value):
        return "[secret]"
    if isinstance(value, dict):
        return {key: hide(part) for key, part in value.items()}
    return [hide(part) for part in value] if isinstance(value, list) else value


@dataclass(frozen=True)
class Plugin:
    """The calls of a plug-in; properties as dicts, with secrets and unknown values in the engine's form."""

    stub: Any

    def check(
        self, news: Any, olds: Any = None, *, urn: str = ""
    ) -> tuple[dict[str, Any], list[str]]:
        """Check; the checked inputs and the reasons of the failures."""
        answer = self.stub.Check(
            provider_pb2.CheckRequest(urn=urn or make_urn(), news=pack(news), olds=pack(olds))
        )
        assert all(not failure.property for failure in answer.failures)
        return unpack(answer.inputs), [failure.reason for failure in answer.failures]

    def diff(
        self, resource: Resource, news: dict[str, Any], *, ignore_changes: tuple[str, ...] = ()
    ) -> Any:
        """Diff."""
        return self.stub.Diff(
            provider_pb2.DiffRequest(
                id=resource.id,
                urn=resource.urn,
                olds=pack(resource.outputs),
                old_inputs=pack(resource.inputs),
                news=pack(news),
                ignoreChanges=ignore_changes,
            )
        )

    def preview_creation(self, inputs: dict[str, Any], *, urn: str = "") -> dict[str, Any]:
        """Create in a preview; the outputs."""
        request = provider_pb2.CreateRequest(
            urn=urn or make_urn(), properties=pack(inputs), preview=True
        )
        return unpack(self.stub.Create(request).properties)

    def create(self, inputs: dict[str, Any], *, urn: str = "") -> Resource:
        """Create; the resource of the state."""
        answer = self.stub.Create(
            provider_pb2.CreateRequest(urn=urn or make_urn(), properties=pack(inputs))
        )
        return Resource(urn or make_urn(), answer.id, inputs, unpack(answer.properties))

    def update(
        self, resource: Resource, news: dict[str, Any], *, preview: bool = False
    ) -> Resource:
        """Update; the resource of the state after it."""
        answer = self.stub.Update(
            provider_pb2.UpdateRequest(
                id=resource.id,
                urn=resource.urn,
                olds=pack(resource.outputs),
                old_inputs=pack(resource.inputs),
                news=pack(news),
                preview=preview,
            )
        )
        return Resource(resource.urn, resource.id, news, unpack(answer.properties))

    def read(self, resource: Resource) -> Resource:
        """Read a resource of the state; without an id where the collaboration is gone."""
        request = provider_pb2.ReadRequest(
            id=resource.id,
            urn=resource.urn,
            properties=pack(resource.outputs),
            inputs=pack(resource.inputs),
        )
        answer = self.stub.Read(request)
        return Resource(resource.urn, answer.id, unpack(answer.inputs), unpack(answer.properties))

    def import_(self, id_: str) -> Resource:
        """Read as `pulumi import` does, with an id alone."""
        answer = self.stub.Read(provider_pb2.ReadRequest(id=id_, urn=make_urn()))
        return Resource(make_urn(), answer.id, unpack(answer.inputs), unpack(answer.properties))

    def get(self, id_: str, **inputs: Any) -> Resource:
        """Read as `.get` does, with the inputs of the program as properties too."""
        return self.read(Resource(make_urn("read"), id_, inputs, inputs))

    def delete(self, resource: Resource) -> None:
        """Delete."""
        request = provider_pb2.DeleteRequest(
            id=resource.id,
            urn=resource.urn,
            properties=pack(resource.outputs),
            old_inputs=pack(resource.inputs),
        )
        self.stub.Delete(request)

    def configure(self, arguments: Mapping[str, Any]) -> None:
        """Configure the provider with inputs in the plug-in's spelling."""
        self.stub.Configure(provider_pb2.ConfigureRequest(args=pack(arguments)))


@dataclass(frozen=True)
class Resource:
    """A resource in a state, secrets in the engine's form."""

    urn: str
    id: str
    inputs: dict[str, Any]
    outputs: dict[str, Any]


def make_old(resource: Resource) -> Resource:
    """Return a resource that was created long ago, so that nobody waits for AWS to show it."""
    return Resource(
        resource.urn,
        resource.id,
        resource.inputs,
        resource.outputs | {"createTime": "2026-01-01T00:00:00+00:00"},
    )


@dataclass
class PluginStack:
    """The life of one resource, in the engine's steps: Check, Diff, the preview's Create or Update, then the same again and the call itself."""

    plugin: Plugin
    urn: str = field(default_factory=lambda: make_urn(str(uuid4())))
    resource: Resource | None = None
    predicted: dict[str, Any] = field(default_factory=dict)
    """The outputs that the last preview answered."""

    @property
    def held(self) -> Resource:
        """The resource, which is in the state."""
        assert self.resource is not None
        return self.resource

    def up(self, program: dict[str, Any]) -> str:
        """Preview and deploy a program in the plug-in's spelling; the operation."""
        op, inputs = self._plan(program)
        old = self.resource
        if op == "replace":
            inputs = self.check(program, {})
        if old is None or op in ("create", "replace"):
            self.predicted = self.plugin.preview_creation(inputs, urn=self.urn)
            self.resource = self.plugin.create(inputs, urn=self.urn)
            if old is not None:
                self.plugin.delete(old)
        elif op == "update":
            self.predicted = self.plugin.update(old, inputs, preview=True).outputs
            self.resource = self.plugin.update(old, inputs)
        else:
            self.resource = Resource(old.urn, old.id, inputs, old.outputs)
        return op

    def check(self, program: dict[str, Any], olds: dict[str, Any]) -> dict[str, Any]:
        """Check a program that is right."""
        inputs, failures = self.plugin.check(copy.deepcopy(program), olds, urn=self.urn)
        assert failures == []
        return inputs

    def refresh(self) -> None:
        """Refresh the state."""
        self.resource = self.plugin.read(self.held)

    def _plan(self, program: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        if self.resource is None:
            return "create", self.check(program, {})
        inputs = self.check(program, self.resource.inputs)
        answer = self.plugin.diff(self.resource, inputs)
        kinds = provider_pb2.DiffResponse
        differs = answer.changes == kinds.DIFF_SOME or (
            answer.changes == kinds.DIFF_UNKNOWN and inputs != self.resource.inputs
        )
        return ("replace" if answer.replaces else "update") if differs else "same", inputs


@contextmanager
def run_plugin(settings: Mapping[str, Any], *, engine: str = "") -> Iterator[Plugin]:
    """Serve a plug-in in this process, and configure it with a stack's settings. ``engine`` is the address of the engine's log."""
    pool = ThreadPoolExecutor(8)
    server = grpc.server(pool)
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(
        CollaborationServicer(EngineLog(engine)), server
    )
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        with connect_to_plugin(port, settings) as plugin:
            yield plugin
    finally:
        server.stop(None).wait()
        pool.shutdown()


@contextmanager
def connect_to_plugin(port: int, settings: Mapping[str, Any]) -> Iterator[Plugin]:
    """Connect to a plug-in that listens, and configure it with a stack's settings, as the dynamic form names them."""
    with grpc.insecure_channel(f"127.0.0.1:{port}", options=_CHANNEL) as channel:
        plugin = Plugin(provider_pb2_grpc.ResourceProviderStub(channel))
        plugin.configure({name.removeprefix("aws:"): value for name, value in settings.items()})
        yield plugin


def pack(properties: Any) -> struct_pb2.Struct | None:
    """Return properties as a message."""
    if properties is None:
        return None
    message = struct_pb2.Struct()
    message.update(properties)
    return message


def unpack(properties: struct_pb2.Struct) -> dict[str, Any]:
    """Return the properties of a message."""
    return dict(json_format.MessageToDict(properties))


def connect(plugin: Plugin, aws: Aws, **settings: Any) -> None:
    """Configure a plug-in for the endpoint, with more settings."""
    plugin.configure(
        {name.removeprefix("aws:"): value for name, value in aws.endpoint.settings.items()}
        | settings
    )
