"""The process of the plug-in: as the engine starts it, calls it, and ends it."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import grpc
import pytest
from declarations import declaration
from google.protobuf import empty_pb2

from cleanrooms_resource.aws.waiting import is_cancelled
from cleanrooms_resource.plugin import server
from plugin.driver import MEBIBYTE, Plugin, connect_to_plugin, make_urn, spell

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_account import Aws

PROGRAM = spell(declaration())


@dataclass(frozen=True)
class Process:
    """A plug-in's process, and its calls."""

    popen: subprocess.Popen[str]
    plugin: Plugin


@contextmanager
def start(aws: Aws, *arguments: str) -> Iterator[Process]:
    """Start a plug-in as the engine does, and end it."""
    command = [sys.executable, "-m", "cleanrooms_resource.plugin", *arguments]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as popen:
        try:
            assert popen.stdout is not None
            with connect_to_plugin(int(popen.stdout.readline()), aws.endpoint.settings) as plugin:
                yield Process(popen, plugin)
        finally:
            popen.kill()


@pytest.fixture
def process(empty_aws: Aws) -> Iterator[Process]:
    """A plug-in's process without an engine."""
    with start(empty_aws) as running:
        yield running


def find_free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def create(plugin: Plugin, number: int) -> str:
    urn = make_urn(f"ads-{number}")
    inputs, failures = plugin.check(PROGRAM | {"name": f"Ads {number}"}, urn=urn)
    assert failures == []
    return plugin.create(inputs, urn=urn).id


def declare_seven_members() -> dict[str, Any]:
    """A declaration of which Check warns."""
    member = {"displayName": "x", "memberAbilities": []}
    return PROGRAM | {"members": {f"{number:012}": member for number in range(7)}}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_process_and_standard_output_has_the_port_and_nothing_else(
    process: Process, number: int
) -> None:
    plugin = process.plugin
    made = plugin.create(plugin.check(PROGRAM)[0])
    plugin.read(made)
    plugin.check(declare_seven_members())
    plugin.delete(made)
    process.popen.send_signal(number)

    # The engine calls any other status a fault of the provider.
    assert process.popen.wait(30) == 0
    assert process.popen.communicate() == ("", "")


def test_a_message_of_many_mebibytes_is_answered(process: Process) -> None:
    description = "x" * (20 * MEBIBYTE)
    inputs, failures = process.plugin.check(PROGRAM | {"description": description})

    assert failures == [f"description: must have 0 to 255 characters, and has {len(description)}"]
    assert inputs["description"] == description


def test_three_hundred_calls_are_served_at_once_and_cancel_is_answered_while_they_wait(
    process: Process, empty_aws: Aws
) -> None:
    """All of them are under way before AWS answers the first one."""
    number = 300
    arrived = threading.Semaphore(0)
    answer = threading.Event()

    def hold(_environ: dict[str, Any]) -> None:
        arrived.release()
        answer.wait(60)

    empty_aws.endpoint.faults.add("CreateCollaboration", hold)
    with ThreadPoolExecutor(number) as pool:
        calls = [pool.submit(create, process.plugin, each) for each in range(number)]
        try:
            # botocore keeps 16 connections for reuse, and opens more where they are in use.
            seen = sum(arrived.acquire(timeout=60) for _ in range(number))
            process.plugin.stub.Cancel(empty_pb2.Empty(), timeout=30)
            unfinished = wait(calls, 0).not_done
        finally:
            answer.set()
        ids = {each.result() for each in calls}

    assert (seen, len(unfinished), len(ids)) == (number, number, number)


def test_an_engine_that_is_gone_does_not_hold_a_call(empty_aws: Aws) -> None:
    with start(empty_aws, f"127.0.0.1:{find_free_port()}") as running:
        assert running.plugin.check(declare_seven_members())[1] == []


@contextmanager
def serve_for(monkeypatch: pytest.MonkeyPatch, address: str) -> Iterator[threading.Thread]:
    """Serve for an engine, and look for it all the time; the thread that serves."""
    monkeypatch.setattr(server, "_BETWEEN_LOOKS", 0.05)
    running = grpc.server(ThreadPoolExecutor(1))
    running.start()
    thread = threading.Thread(
        target=server.serve_until_engine_is_gone, args=[running, address], daemon=True
    )
    thread.start()
    try:
        yield thread
    finally:
        running.stop(None).wait()
        thread.join(30)


def test_a_plug_in_ends_when_its_engine_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as engine,
        serve_for(monkeypatch, f"127.0.0.1:{engine.getsockname()[1]}") as serving,
    ):
        engine.accept()[0].close()
        was_serving = serving.is_alive()
        engine.close()
        serving.join(30)

        assert (was_serving, serving.is_alive(), is_cancelled()) == (True, False, True)


@pytest.mark.parametrize("address", ["", "localhost", "unix:/tmp/engine"])
def test_a_plug_in_without_an_engine_that_it_can_look_for_serves_on(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    looks = threading.Semaphore(0)
    is_listening = server._is_listening

    def look(address: str) -> bool:
        looks.release()
        return is_listening(address)

    monkeypatch.setattr(server, "_is_listening", look)
    with serve_for(monkeypatch, address) as serving:
        for _ in range(2):
            assert looks.acquire(timeout=30)

        assert serving.is_alive()
