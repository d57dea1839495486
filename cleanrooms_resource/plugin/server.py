"""The process of the plug-in: it prints its port, and serves one engine until the engine ends it."""

from __future__ import annotations

import signal
import sys
from concurrent.futures import ThreadPoolExecutor

import grpc
from pulumi.runtime.proto import provider_pb2_grpc

from cleanrooms_resource.plugin.engine_log import EngineLog
from cleanrooms_resource.plugin.servicer import CollaborationServicer

_THREADS = 10_000
"""More than the largest `--parallel` has operations under way, since Cancel must not wait for one of them. A thread is made when it is needed."""
_MEBIBYTE = 1024 * 1024
_OPTIONS = [("grpc.max_receive_message_length", 400 * _MEBIBYTE), ("grpc.max_send_message_length", 400 * _MEBIBYTE)]
"""The sizes that the engine itself allows. gRPC's own is 4 MiB."""


def main() -> None:
    """Serve the engine whose address is the first argument, as Pulumi starts every plug-in."""
    # An interrupt of the terminal reaches the plug-in as well; the engine then calls Cancel, and ends the plug-in when its calls have answered.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    server = grpc.server(ThreadPoolExecutor(_THREADS), options=_OPTIONS)
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(CollaborationServicer(EngineLog("".join(sys.argv[1:2]))), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    print(port, flush=True)
    server.wait_for_termination()
