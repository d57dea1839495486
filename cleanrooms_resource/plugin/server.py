"""The process of the plug-in: it prints its port, and serves one engine until the engine ends the process, or is gone."""

from __future__ import annotations

import os
import signal
import socket
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final

import grpc
from pulumi.runtime.proto import provider_pb2_grpc

from cleanrooms_resource.aws.waiting import cancel_waits
from cleanrooms_resource.plugin.engine_log import EngineLog
from cleanrooms_resource.plugin.servicer import CollaborationServicer

if TYPE_CHECKING:
    from types import FrameType

_THREADS: Final = 10_000
"""Cancel needs a free thread while operations wait. The number is far above any real `--parallel`; a thread is made when it is needed."""
_MEBIBYTE: Final = 1024 * 1024
_OPTIONS: Final = [
    ("grpc.max_receive_message_length", 400 * _MEBIBYTE),
    ("grpc.max_send_message_length", 400 * _MEBIBYTE),
]
"""The sizes that the engine itself allows. gRPC's own is 4 MiB."""
_BETWEEN_LOOKS: Final = 10.0
"""The seconds between two looks for the engine."""
_GRACE: Final = 60.0
"""The seconds for which running calls may continue after the engine is gone: a request that AWS has received still has an answer."""


def main() -> None:
    """Serve the engine whose address is the first argument, as Pulumi starts every plug-in."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _end)
    engine = "".join(sys.argv[1:2])
    server = grpc.server(ThreadPoolExecutor(_THREADS), options=_OPTIONS)
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(
        CollaborationServicer(EngineLog(engine)), server
    )
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    print(port, flush=True)
    serve_until_engine_is_gone(server, engine)


def _end(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - as Python calls it
    """End the process, as the engine asks for with SIGINT when the calls have answered.

    The engine starts a plug-in in a process group of its own, so Ctrl-C in a terminal reaches the engine alone, which then calls Cancel.
    """
    os._exit(0)


def serve_until_engine_is_gone(server: grpc.Server, engine: str) -> None:
    """Serve until the server is stopped, or until nobody listens at the engine's address: a killed engine sends its plug-ins no signal.

    Running calls then send no further write. Without an address, only a signal ends the process.
    """
    while server.wait_for_termination(_BETWEEN_LOOKS):
        if not _is_listening(engine):
            cancel_waits()
            server.stop(_GRACE).wait()


def _is_listening(address: str) -> bool:
    """Whether a process listens at an address. An engine that is suspended still does."""
    host, _, port = address.rpartition(":")
    try:
        socket.create_connection((host, int(port)), timeout=_BETWEEN_LOOKS).close()
    except ConnectionRefusedError:
        return False
    except (OSError, ValueError):
        # No address, one of another form, or a machine that is out of sockets, proves nothing.
        return True
    return True
