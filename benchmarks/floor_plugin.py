"""The floor of the plug-in: a provider plug-in with the inputs and the outputs of a collaboration that does nothing."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import grpc
from google.protobuf import empty_pb2, json_format, struct_pb2
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

from benchmarks.declarations import make_outputs


class FloorServicer(provider_pb2_grpc.ResourceProviderServicer):
    """Every call hands back what it is given, in the shapes of a collaboration."""

    def GetPluginInfo(self, request: empty_pb2.Empty, context: Any) -> plugin_pb2.PluginInfo:
        """Return a version."""
        return plugin_pb2.PluginInfo(version="1.0.0")

    def CheckConfig(
        self, request: provider_pb2.CheckRequest, context: Any
    ) -> provider_pb2.CheckResponse:
        """Return the configuration."""
        return provider_pb2.CheckResponse(inputs=request.news)

    def DiffConfig(
        self, request: provider_pb2.DiffRequest, context: Any
    ) -> provider_pb2.DiffResponse:
        """Leave the comparison to the engine."""
        return provider_pb2.DiffResponse()

    def Configure(
        self, request: provider_pb2.ConfigureRequest, context: Any
    ) -> provider_pb2.ConfigureResponse:
        """Accept what the plug-in of the collaboration accepts."""
        return provider_pb2.ConfigureResponse(acceptSecrets=True, supportsPreview=True)

    def Check(self, request: provider_pb2.CheckRequest, context: Any) -> provider_pb2.CheckResponse:
        """Return the inputs."""
        return provider_pb2.CheckResponse(inputs=request.news)

    def Diff(self, request: provider_pb2.DiffRequest, context: Any) -> provider_pb2.DiffResponse:
        """Leave the comparison to the engine."""
        return provider_pb2.DiffResponse()

    def Create(
        self, request: provider_pb2.CreateRequest, context: Any
    ) -> provider_pb2.CreateResponse:
        """Return a new id, and the outputs."""
        return provider_pb2.CreateResponse(
            id="" if request.preview else str(uuid4()), properties=_add_outputs(request.properties)
        )

    def Read(self, request: provider_pb2.ReadRequest, context: Any) -> provider_pb2.ReadResponse:
        """Return what the state has."""
        return provider_pb2.ReadResponse(
            id=request.id, properties=request.properties, inputs=request.inputs
        )

    def Update(
        self, request: provider_pb2.UpdateRequest, context: Any
    ) -> provider_pb2.UpdateResponse:
        """Return the outputs."""
        return provider_pb2.UpdateResponse(properties=_add_outputs(request.news))

    def Delete(self, request: provider_pb2.DeleteRequest, context: Any) -> empty_pb2.Empty:
        """Do nothing."""
        return empty_pb2.Empty()


def _add_outputs(inputs: struct_pb2.Struct) -> struct_pb2.Struct:
    outputs = struct_pb2.Struct()
    outputs.update(make_outputs(json_format.MessageToDict(inputs)))
    return outputs


if __name__ == "__main__":
    server = grpc.server(ThreadPoolExecutor(16))
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(FloorServicer(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    print(port, flush=True)
    sys.stdout.flush()
    server.wait_for_termination()
