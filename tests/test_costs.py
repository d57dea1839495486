"""The costs as counts that no machine changes: modules, calls of Python and of AWS, outputs of the SDK. A bound fails when its count grows."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections import Counter
from typing import TYPE_CHECKING, Any

import pulumi
import pytest
from pulumi.runtime import set_mocks
from recording_mocks import RecordingMocks

import cleanrooms_resource as cleanrooms
from benchmarks.declarations import make_declaration, make_outputs
from benchmarks.floor import Floor
from benchmarks.plugin_resource import OUTPUTS
from cleanrooms_resource.aws.settings import read_settings
from cleanrooms_resource.hidden_keys import HOLDER, PLAIN_NAMES
from cleanrooms_resource.outputs import list_outputs
from cleanrooms_resource.provider import CollaborationProvider
from cleanrooms_resource.table import TABLE

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_account import Aws

PROGRAM_MODULES = 74
"""The modules that ``import cleanrooms_resource`` loads beyond those of ``import pulumi``."""
HOST_MODULES = 74
"""The modules that Pulumi's host loads for the provider, beyond its own."""
PLUGIN_MODULES = 106
"""The modules that the plug-in's process loads beyond those of ``import pulumi`` and ``grpc``."""
CHECK_CALLS = 830
DIFF_CALLS = 950
"""The calls of Python functions in a Check, and in a Diff, of five members."""
PROGRAM_CALLS = 6_600
"""The calls of Python functions that each resource of a program adds to its run; a resource that does nothing adds about 6,100."""
PROGRAM_STEPS = 134
"""The steps of the event loop that each resource of a program takes; a resource that does nothing takes 112."""
NEVER_IMPORTED = {
    "boto3",
    "botocore",
    "moto",
    "pulumi_aws",
    "pydantic",
    "pydantic_core",
    "rich",
    "tenacity",
    "urllib3",
}
"""What neither a program nor a preview in the host needs."""


def list_new_modules(code: str, before: str) -> set[str]:
    """Return the modules that a new process loads for ``code`` and not for ``before``."""
    script = f"import sys\n{before}\nbefore = set(sys.modules)\n{code}\nprint(*set(sys.modules) - before)"
    return set(
        subprocess.run(
            [sys.executable, "-c", script], capture_output=True, check=True, text=True
        ).stdout.split()
    )


@pytest.mark.parametrize(
    ("code", "before", "bound"),
    [
        (
            "import cleanrooms_resource; cleanrooms_resource.Collaboration, cleanrooms_resource.CollaborationMemberArgs",
            "import pulumi",
            PROGRAM_MODULES,
        ),
        ("import cleanrooms_resource.provider", "import pulumi.dynamic, dill, grpc", HOST_MODULES),
        ("import cleanrooms_resource.plugin.server", "import pulumi, grpc", PLUGIN_MODULES),
    ],
    ids=["program", "host", "plug-in"],
)
def test_a_process_imports_few_modules_and_none_that_only_calls_of_aws_need(
    code: str, before: str, bound: int
) -> None:
    modules = list_new_modules(code, before)

    assert modules & NEVER_IMPORTED == set()
    assert len(modules) <= bound, sorted(modules)


def count_python_calls(act: Callable[[], object]) -> int:
    """Count the Python functions that are called in this thread."""
    calls = 0

    def count(_frame: Any, event: str, _argument: Any) -> None:
        nonlocal calls
        calls += event == "call"

    earlier = sys.getprofile()
    sys.setprofile(count)
    try:
        act()
    finally:
        sys.setprofile(earlier)
    return calls


@pytest.fixture
def provider(empty_aws: Aws, monkeypatch: pytest.MonkeyPatch) -> CollaborationProvider:
    """A provider with the endpoint's settings, at an AWS without quotas."""
    monkeypatch.setattr(empty_aws.endpoint, "quotas", {})
    return CollaborationProvider.start(read_settings(empty_aws.endpoint.settings))


def count_checks_and_diffs(provider: CollaborationProvider, members: int) -> dict[str, int]:
    """Count the Python calls of a Check and of a Diff that find nothing to change."""
    declared = make_declaration("c00000", members) | {
        HOLDER: f"of {members}",
        PLAIN_NAMES: list(TABLE),
    }
    checked = provider.check({}, declared).inputs
    created = provider.create(checked)
    outputs = created.outs or {}
    provider.diff(created.id, outputs, checked)  # what is cached is cached
    return {
        "check": count_python_calls(lambda: provider.check(checked, declared)),
        "diff": count_python_calls(lambda: provider.diff(created.id, outputs, checked)),
    }


@pytest.mark.parametrize(("call", "bound"), [("check", CHECK_CALLS), ("diff", DIFF_CALLS)])
def test_a_check_and_a_diff_call_few_functions(
    provider: CollaborationProvider, call: str, bound: int
) -> None:
    assert count_checks_and_diffs(provider, 5)[call] <= bound


@pytest.mark.parametrize("call", ["check", "diff"])
def test_the_cost_of_a_check_and_a_diff_is_linear_in_the_members(
    provider: CollaborationProvider, call: str
) -> None:
    few, many = (count_checks_and_diffs(provider, members)[call] for members in (50, 500))

    assert many <= 10 * few


class CountedSteps:
    """The steps of event loops. Each output of the SDK, and each value that it awaits, takes several."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.number = 0
        call_soon = asyncio.BaseEventLoop.call_soon

        def count_and_call(
            loop: asyncio.BaseEventLoop, *args: Any, **keywords: Any
        ) -> asyncio.Handle:
            self.number += 1
            return call_soon(loop, *args, **keywords)

        monkeypatch.setattr(asyncio.BaseEventLoop, "call_soon", count_and_call)


def declare_collaboration(name: str, declaration: dict[str, Any]) -> object:
    return cleanrooms.Collaboration(name, declaration)


def run_program(declare: Callable[[str, dict[str, Any]], object], number: int) -> None:
    """Run a program of ``number`` resources with the SDK's mocks."""
    set_mocks(RecordingMocks())

    def program() -> None:
        for each in range(number):
            declare(f"c{each:05}", make_declaration(f"c{each:05}"))

    pulumi.runtime.test(program)()  # type: ignore[no-untyped-call]


def count_for_each(count: Callable[[int], int]) -> float:
    """Return what each resource adds to a count. What a program costs without resources is not part of it."""
    count(1)  # what is cached is cached
    return (count(20) - count(10)) / 10


@pytest.mark.usefixtures("sdk_event_loop")
def test_each_resource_of_a_program_takes_few_steps_of_the_event_loop(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    counted = CountedSteps(monkeypatch)

    def count_steps(number: int) -> int:
        counted.number = 0
        run_program(declare_collaboration, number)
        return counted.number

    assert count_for_each(count_steps) <= PROGRAM_STEPS


@pytest.mark.usefixtures("sdk_event_loop")
def test_each_resource_of_a_program_calls_few_functions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_REGION", "us-east-1")

    assert (
        count_for_each(
            lambda number: count_python_calls(lambda: run_program(declare_collaboration, number))
        )
        <= PROGRAM_CALLS
    )


@pytest.mark.parametrize(
    ("operation", "expected"),
    [
        ("create", {"CreateCollaboration": 1}),
        ("update of a property", {"UpdateCollaboration": 1}),
        ("update of a tag", {"TagResource": 1}),
        # The endpoint's first page has one member.
        ("read", {"GetCollaboration": 1, "ListMembers": 2, "ListTagsForResource": 1}),
        ("delete", {"DeleteCollaboration": 1}),
    ],
)
def test_an_operation_makes_no_more_calls_of_aws_than_it_needs(
    provider: CollaborationProvider, empty_aws: Aws, operation: str, expected: dict[str, int]
) -> None:
    declared = make_declaration("c00000") | {HOLDER: "the only one", PLAIN_NAMES: list(TABLE)}
    checked = provider.check({}, declared).inputs
    created = provider.create(checked)
    outputs = created.outs or {}

    def update(**changes: Any) -> None:
        provider.update(created.id, outputs, provider.check(checked, declared | changes).inputs)

    operations: dict[str, Callable[[], object]] = {
        "create": lambda: provider.create(checked),
        "update of a property": lambda: update(description="Changed"),
        "update of a tag": lambda: update(tags=declared["tags"] | {"team": "other"}),
        "read": lambda: provider.read(created.id, outputs),
        "delete": lambda: provider.delete(created.id, outputs),
    }
    empty_aws.endpoint.requests.clear()

    operations[operation]()

    assert Counter(each.operation for each in empty_aws.endpoint.requests) == expected


def test_the_floor_of_the_benchmarks_has_the_outputs_of_a_collaboration() -> None:
    own = set(list_outputs(cleanrooms.Collaboration).values())

    assert (
        set(Floor.__annotations__)
        == set(OUTPUTS)
        == set(make_outputs(make_declaration("c00000")))
        == own
    )
