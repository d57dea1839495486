"""The engine's log: a message of the provider becomes a diagnostic of the resource."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import grpc
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc

from cleanrooms_resource.plugin.sentences import respell
from cleanrooms_resource.pulumi_sdk import redirect_messages

if TYPE_CHECKING:
    from collections.abc import Iterator

INFO, WARNING = engine_pb2.INFO, engine_pb2.WARNING
_TIMEOUT: Final = 10.0
"""The seconds within which an engine that is alive takes a message."""


class EngineLog:
    """The log of one engine. ``address`` is its address, as the engine hands it to a plug-in; empty where no engine listens."""

    def __init__(self, address: str) -> None:
        self._engine = (
            engine_pb2_grpc.EngineStub(grpc.insecure_channel(address)) if address else None
        )

    def write(
        self, urn: str, message: str, severity: engine_pb2.LogSeverity.ValueType = INFO
    ) -> None:
        """Write a message about a resource. A message that the engine does not take is lost, and the call goes on."""
        if self._engine is None:
            return
        try:
            self._engine.Log(
                engine_pb2.LogRequest(severity=severity, message=respell(message), urn=urn),
                timeout=_TIMEOUT,
            )
        except grpc.RpcError:
            return

    @contextmanager
    def collect(self, urn: str) -> Iterator[None]:
        """Write the messages of the lifecycle about a resource, which the dynamic resource prints on the stack."""
        with redirect_messages(lambda message: self.write(urn, message)):
            yield
