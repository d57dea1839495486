"""A stand-in for the plug-ins of pulumi-aws and aws-native, by which the engine previews their collaborations and memberships without those plug-ins.

A resource's outputs are its inputs. A changed `name` or `tags` is an update, and every other change a replacement.
"""

# ruff: noqa: ARG002, N802, T201 - gRPC names the methods and their arguments, and the engine reads the port from standard output.

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

if TYPE_CHECKING:
    from engine.driver import EngineStack

VERSION = "7.51.1"
_CHANGED_IN_PLACE = {"name", "tags"}


class _Servicer(provider_pb2_grpc.ResourceProviderServicer):
    def GetPluginInfo(self, request: Any, context: Any) -> Any:
        return plugin_pb2.PluginInfo(version=VERSION)

    def CheckConfig(self, request: Any, context: Any) -> Any:
        return provider_pb2.CheckResponse(inputs=request.news)

    def DiffConfig(self, request: Any, context: Any) -> Any:
        return provider_pb2.DiffResponse()

    def Configure(self, request: Any, context: Any) -> Any:
        return provider_pb2.ConfigureResponse(supportsPreview=True)

    def Check(self, request: Any, context: Any) -> Any:
        return provider_pb2.CheckResponse(inputs=request.news)

    def Diff(self, request: Any, context: Any) -> Any:
        old, new = dict(request.olds), dict(request.news)
        names = sorted(name for name in old.keys() | new.keys() if old.get(name) != new.get(name))
        changes = (
            provider_pb2.DiffResponse.DIFF_SOME if names else provider_pb2.DiffResponse.DIFF_NONE
        )
        return provider_pb2.DiffResponse(
            changes=changes,
            diffs=names,
            replaces=[name for name in names if name not in _CHANGED_IN_PLACE],
        )

    def Create(self, request: Any, context: Any) -> Any:
        return provider_pb2.CreateResponse(
            id="" if request.preview else "id-of-another-provider", properties=request.properties
        )

    def Update(self, request: Any, context: Any) -> Any:
        return provider_pb2.UpdateResponse(properties=request.news)

    def Delete(self, request: Any, context: Any) -> Any:
        return empty_pb2.Empty()


def add_other_providers(stack: EngineStack) -> None:
    """Give the stack's project the stand-ins, before its first command."""
    folder = Path(stack.pulumi_stack.workspace.work_dir)
    lines = ["plugins:", "  providers:"]
    for name in ("aws", "aws-native"):
        place = folder / name
        place.mkdir()
        executable = place / f"pulumi-resource-{name}"
        executable.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{__file__}"\n')
        executable.chmod(0o755)
        lines += [f"  - name: {name}", f"    path: {place}"]
    with (folder / "Pulumi.yaml").open("a") as project:
        project.write("\n".join(lines) + "\n")


def _serve() -> None:
    server = grpc.server(ThreadPoolExecutor(10))
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(_Servicer(), server)
    print(server.add_insecure_port("127.0.0.1:0"), flush=True)
    server.start()
    server.wait_for_termination()


if __name__ == "__main__":
    _serve()
