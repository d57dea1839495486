"""The engine's side of its log."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc

if TYPE_CHECKING:
    from collections.abc import Iterator


class Engine(engine_pb2_grpc.EngineServicer):
    """An engine that keeps what it is told. Where it is ``stuck``, it answers nothing until ``released``."""

    def __init__(self, *, stuck: bool = False) -> None:
        self.messages: list[engine_pb2.LogRequest] = []
        self.released = threading.Event()
        self.stuck = stuck

    def Log(self, request: Any, context: Any) -> empty_pb2.Empty:  # noqa: ARG002, N802 - the protocol's
        if self.stuck:
            self.released.wait()
        self.messages.append(request)
        return empty_pb2.Empty()


@contextmanager
def run_engine(engine: Engine) -> Iterator[str]:
    """Serve an engine's log; its address."""
    running = grpc.server(ThreadPoolExecutor(4))
    engine_pb2_grpc.add_EngineServicer_to_server(engine, running)
    port = running.add_insecure_port("127.0.0.1:0")
    running.start()
    try:
        yield f"127.0.0.1:{port}"
    finally:
        engine.released.set()
        running.stop(None).wait()
