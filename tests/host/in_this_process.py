"""The provider in the test's own process, called as Pulumi's host process calls it: for tests that reach into it, or that advance a clock by hand.

Properties pass through protobuf's Struct, as over gRPC.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pulumi.runtime.proto import provider_pb2

from cleanrooms_resource.aws import creation
from cleanrooms_resource.aws.program_connections import ProgramConnections
from cleanrooms_resource.aws.settings import read_settings
from cleanrooms_resource.changes.adoption import AdoptionGuards
from cleanrooms_resource.changes.holders import Holders
from cleanrooms_resource.changes.marks import Marks
from cleanrooms_resource.changes.replacement import Replacements
from cleanrooms_resource.provider import CollaborationProvider
from host.driver import Host, _struct

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True)
class HostInThisProcess(Host):
    """The provider, called as the host process calls it."""

    called: CollaborationProvider = field(default_factory=CollaborationProvider)

    def check(self, olds: dict[str, Any], news: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
        answer = self.called.check(_over_the_wire(olds), _over_the_wire(news))
        return _over_the_wire(answer.inputs), [failure.reason for failure in answer.failures]

    def diff(
        self, id_: str, outputs: dict[str, Any], news: dict[str, Any]
    ) -> provider_pb2.DiffResponse:
        answer = self.called.diff(id_, _over_the_wire(outputs), _over_the_wire(news))
        diff = provider_pb2.DiffResponse
        changes = {None: diff.DIFF_UNKNOWN, True: diff.DIFF_SOME, False: diff.DIFF_NONE}[
            answer.changes
        ]
        return diff(changes=changes, replaces=answer.replaces)

    def create(self, inputs: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        answer = self.called.create(_over_the_wire(inputs))
        return answer.id, _over_the_wire(answer.outs or {})

    def read(self, id_: str, outputs: dict[str, Any]) -> tuple[str, dict[str, Any], dict[str, Any]]:
        answer = self.called.read(id_, _over_the_wire(outputs))
        return (
            answer.id or "",
            _over_the_wire(answer.outs or {}),
            _over_the_wire(answer.inputs or {}),
        )

    def update(self, id_: str, outputs: dict[str, Any], news: dict[str, Any]) -> dict[str, Any]:
        return _over_the_wire(
            self.called.update(id_, _over_the_wire(outputs), _over_the_wire(news)).outs or {}
        )

    def delete(self, id_: str, outputs: dict[str, Any]) -> None:
        self.called.delete(id_, _over_the_wire(outputs))


def start_host_in_this_process(config: dict[str, str]) -> HostInThisProcess:
    """Return a provider that is configured and remembers nothing of an earlier process."""
    provider = CollaborationProvider()
    provider._settings = read_settings(config)
    provider._guards, provider._holders, provider._marks, provider._replacements = (
        AdoptionGuards(),
        Holders(),
        Marks(),
        Replacements(),
    )
    provider._connections = ProgramConnections()
    creation._CLAIMED.clear()
    return HostInThisProcess(None, os.getpid(), called=provider)


@contextmanager
def run_in_this_process(config: dict[str, str]) -> Iterator[Host]:
    """Start a host as ``forked_hosts`` does; the provider's exceptions reach the caller as they are."""
    yield start_host_in_this_process(config)


def _over_the_wire(properties: dict[str, Any]) -> dict[str, Any]:
    return Host._unpack(_struct(properties))
