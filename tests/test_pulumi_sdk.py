"""A canary for each private part of Pulumi's SDK that the package relies on: it fails where the SDK changed that part."""

from __future__ import annotations

import asyncio
import inspect
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pulumi
import pytest
from google.protobuf import struct_pb2
from pulumi.dynamic import Config
from pulumi.runtime import Mocks, rpc, set_mocks, settings
from pulumi.runtime.proto import resource_pb2
from pulumi.runtime.stack import Stack

from cleanrooms_resource import Collaboration, pulumi_sdk
from cleanrooms_resource.changes.takeover import DYNAMIC_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pulumi.runtime import MockResourceArgs


class Echo(Mocks):
    """Mocks that answer every resource's inputs."""

    def new_resource(self, args: MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        return "id", args.inputs

    def call(self, args: Any) -> tuple[dict[str, Any], None]:
        return args.args, None


class Echoed(pulumi.CustomResource):
    """A resource whose output has the name that boto3 would send."""

    def __init__(self) -> None:
        super().__init__("tests:index:Echoed", "echoed", {"displayName": "Ads"})


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    """An event loop with the SDK's mocks."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    set_mocks(Echo())
    yield loop
    pulumi_sdk.reset_runtime()
    asyncio.set_event_loop(None)
    loop.close()


def test_the_host_reads_unknown_as_an_unknown_value() -> None:
    properties = struct_pb2.Struct()
    properties.update({"name": pulumi_sdk.UNKNOWN})

    # Pulumi's host reads the properties of Check and Diff so.
    assert isinstance(rpc.deserialize_properties(properties, True)["name"], pulumi_sdk.Unknown)  # noqa: FBT003 - as the host calls it


def test_unknown_is_the_engines_own_word() -> None:
    # The Go SDK: sdk/go/common/resource/plugin/rpc.go, UnknownStringValue.
    assert pulumi_sdk.UNKNOWN == "04da6b54-80e4-46f7-96ec-b56ff0331ba9"


def test_a_secret_is_sent_with_the_signature(loop: asyncio.AbstractEventLoop) -> None:
    sent = loop.run_until_complete(rpc.serialize_property(pulumi.Output.secret("x"), [], None))

    assert sent == {pulumi_sdk.SIGNATURE_KEY: pulumi_sdk.SECRET_SIGNATURE, "value": "x"}


def test_the_signatures_are_the_engines_own_words() -> None:
    # The Go SDK: sdk/go/common/resource/sig/sig.go.
    assert pulumi_sdk.SIGNATURE_KEY == "4dabf18193072939515e22adb298388d"
    assert pulumi_sdk.SECRET_SIGNATURE == "1b47061264138c4ac30d75fd1eb44270"


def test_the_configuration_lists_every_key() -> None:
    configuration = {"aws:region": "us-east-1", "tests:other": "x"}

    assert pulumi_sdk.list_config(Config(configuration, "tests")) == configuration


def test_the_host_answers_with_what_its_own_traceback_formats() -> None:
    # The module serves as soon as it is imported.
    origin = getattr(find_spec("pulumi.dynamic.__main__"), "origin", None)
    source = Path(str(origin)).read_text()

    assert "\nimport traceback\n" in source
    assert "context.abort(grpc.StatusCode.UNKNOWN, traceback.format_exc())" in source
    assert "\nclass DynamicResourceProviderServicer(" in source


def test_the_type_of_a_resource_is_the_one_that_it_is_registered_with() -> None:
    assert pulumi_sdk.get_type_name(
        Collaboration.__new__(Collaboration)
    ) == DYNAMIC_TYPE.removeprefix("pulumi-python:")


def test_an_output_is_found_under_the_name_that_was_sent(loop: asyncio.AbstractEventLoop) -> None:
    output = pulumi_sdk.find_output(Echoed(), "displayName")

    assert loop.run_until_complete(output.future()) == "Ads"


@pytest.mark.usefixtures("loop")
def test_an_output_that_the_resource_has_not_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        pulumi_sdk.find_output(Echoed(), "nothing_of_the_kind")


def test_a_reset_forgets_the_stack_and_the_outputs_of_an_earlier_program(
    loop: asyncio.AbstractEventLoop,
) -> None:
    output = loop.create_task(asyncio.sleep(0))
    settings.SETTINGS.outputs.add(output)
    # The mocks make a stack, and the SDK refuses a second one.
    with pytest.raises(Exception, match="Only one root Pulumi Stack may be active at once"):
        Stack(lambda: None)

    pulumi_sdk.reset_runtime()

    assert settings.get_root_resource() is None
    assert settings.SETTINGS.outputs == set()
    loop.run_until_complete(output)


def test_the_mock_monitor_registers_a_resource_with_its_options() -> None:
    assert list(inspect.signature(pulumi_sdk.MockMonitor.RegisterResource).parameters) == [
        "self",
        "request",
    ]
    assert "ignoreChanges" in resource_pb2.RegisterResourceRequest.DESCRIPTOR.fields_by_name


def test_a_program_is_run_as_a_coroutine_function_under_a_stack() -> None:
    assert inspect.iscoroutinefunction(pulumi_sdk.run_pulumi_func)
    assert "outputs" in pulumi_sdk.Stack.__annotations__


def test_a_secret_is_hidden_and_revealed_in_the_engines_form() -> None:
    assert rpc.is_rpc_secret(pulumi_sdk.mark_secret("x"))
    assert (
        pulumi_sdk.reveal_secret(pulumi_sdk.mark_secret("x"))
        == rpc.unwrap_rpc_secret(pulumi_sdk.mark_secret("x"))
        == "x"
    )


@pytest.mark.parametrize(
    ("program", "statement", "last_line"),
    [
        ("pulumi-language-python-exec", "raise KeyboardInterrupt", []),
        (
            "pulumi-language-python-exec",
            "try:\n    raise KeyboardInterrupt\nfinally:\n    raise KeyboardInterrupt",
            [],
        ),
        ("pulumi-language-python-exec", "raise ValueError", ["ValueError"]),
        (
            "pulumi-language-python-exec",
            "raise KeyboardInterrupt('of the program')",
            ["KeyboardInterrupt: of the program"],
        ),
        (
            "pulumi-language-python-exec",
            "try:\n    raise ValueError\nfinally:\n    raise KeyboardInterrupt",
            ["KeyboardInterrupt"],
        ),
        ("program-of-the-automation-api.py", "raise KeyboardInterrupt", ["KeyboardInterrupt"]),
    ],
)
def test_only_the_interrupted_program_of_the_language_host_ends_quietly(
    tmp_path: Path, program: str, statement: str, last_line: list[str]
) -> None:
    (tmp_path / program).write_text(
        f"from cleanrooms_resource import pulumi_sdk\npulumi_sdk.end_quietly_when_interrupted()\n{statement}\n"
    )

    done = subprocess.run(
        [sys.executable, str(tmp_path / program)], capture_output=True, text=True, check=False
    )

    assert done.stderr.splitlines()[-1:] == last_line
    assert done.returncode != 0


@pytest.mark.usefixtures("loop")
def test_the_transformations_of_a_parent_run_before_the_resources_last_one() -> None:
    order: list[str] = []

    class Ordered(pulumi.ComponentResource):
        _transformations = pulumi_sdk.Transformations(lambda _: order.append("last"))

    component = pulumi.ComponentResource(
        "tests:index:Component",
        "parent",
        {},
        pulumi.ResourceOptions(transformations=[lambda _: order.append("parent's")]),
    )
    order.clear()
    Ordered("tests:index:Ordered", "ordered", {}, pulumi.ResourceOptions(parent=component))

    assert order == ["parent's", "last"]
