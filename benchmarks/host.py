"""Without the engine: Pulumi's host process over gRPC, as the engine calls it, and what importing costs."""

from __future__ import annotations

import statistics
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import psutil
from host.driver import Host, start_host
from pulumi.dynamic.dynamic import serialize_provider

from benchmarks.commands import compare_memory
from benchmarks.declarations import make_declaration
from benchmarks.floor import FloorProvider
from benchmarks.projects import ROOT
from benchmarks.results import Row, median_ratio
from cleanrooms_resource.provider import CollaborationProvider

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from benchmarks.service import Service

MEMBERS = (5, 50, 500)
_MEMBERS_TIMED = 20_000
"""The members of all calls that are timed: a process's CPU is measured in hundredths of a second."""
_IMPORTS = {
    "program": ("cleanrooms_resource", "benchmarks.floor"),
    "host": (
        "dill, pulumi.dynamic, cleanrooms_resource.provider",
        "dill, pulumi.dynamic, benchmarks.floor",
    ),
    "plug-in": ("cleanrooms_resource.plugin.server", "benchmarks.floor_plugin"),
}
_CALLS_OF_OPERATIONS = {
    "create": 1,
    "update of properties": 1,
    "read": 3,
    "read with a change request": 4,
    "delete": 1,
}


def measure_growth(service: Service) -> Iterator[Row]:
    """Measure the host's CPU per Check and Diff, and how both grow with members."""
    group = "Check and Diff in the host"
    costs: dict[tuple[str, int], float] = {}
    for members in MEMBERS:
        timed = []
        for provider in (CollaborationProvider(), FloorProvider()):
            with start_host(service.endpoint.settings) as host:
                timed.append(
                    _time_host(replace(host, provider=str(serialize_provider(provider))), members)
                )
        if members == MEMBERS[0]:
            yield compare_memory(
                group,
                "memory of the host after a creation, Checks and Diffs",
                *(each["memory"] for each in timed),
            )
        for call in ("check", "diff"):
            ours, floor = timed[0][call], timed[1][call]
            costs[call, members] = ours
            yield Row(
                group=group,
                name=f"{call}, {members} members, CPU per call",
                unit="ms",
                ours=ours,
                floor=floor,
                ratio=ours / floor,
            )
    for call in ("check", "diff"):
        few, many = costs[call, MEMBERS[1]] / MEMBERS[1], costs[call, MEMBERS[2]] / MEMBERS[2]
        name = f"{call}: cost per member, {MEMBERS[2]} members against {MEMBERS[1]}"
        yield Row(
            group=group,
            name=name,
            unit="ms",
            ours=many,
            floor=few,
            ratio=many / few,
            reach="<= 1.5",
            holds=many <= 1.5 * few,
        )


def _time_host(host: Host, members: int) -> dict[str, float]:
    """Return milliseconds of the host's CPU per call, and the host's memory in MiB."""
    declared = make_declaration("c00000", members)
    checked, _ = host.check({}, declared)
    id_, outputs = host.create(checked)
    calls: dict[str, Callable[[], Any]] = {
        "check": lambda: host.check(checked, declared),
        "diff": lambda: host.diff(id_, outputs, checked),
    }
    costs = {
        name: _time_calls(host.process, call, _MEMBERS_TIMED // (members + 20))
        for name, call in calls.items()
    }
    return costs | {"memory": psutil.Process(host.process).memory_info().rss / 2**20}


def _time_calls(process: int, call: Callable[[], Any], number: int) -> float:
    call()
    before = psutil.Process(process).cpu_times()
    for _ in range(number):
        call()
    after = psutil.Process(process).cpu_times()
    return 1000 * (after.user + after.system - before.user - before.system) / number


def measure_calls(service: Service) -> Iterator[Row]:
    """Count the calls of AWS of each operation."""
    declared = make_declaration("c00000")
    with start_host(service.endpoint.settings) as host:
        counts: dict[str, int] = {}

        def count(name: str, operation: Callable[[], Any]) -> Any:
            with service.count_calls() as calls:
                answer = operation()
            counts[name] = calls.total()
            return answer

        checked, _ = host.check({}, declared)
        id_, outputs = count("create", lambda: host.create(checked))
        changed, _ = host.check(checked, declared | {"description": "Changed"})
        outputs = outputs | count(
            "update of properties", lambda: host.update(id_, outputs, changed)
        )
        count("read", lambda: host.read(id_, outputs))
        count("delete", lambda: host.delete(id_, outputs))
        # A new member, proposed to the others: the state then has an open change request.
        proposing, _ = host.check({}, declared | {"changeRequests": "PROPOSE"})
        id_, outputs = host.create(proposing)
        more, _ = host.check(
            proposing,
            make_declaration("c00000", len(declared["members"]) + 1)
            | {"changeRequests": "PROPOSE"},
        )
        outputs |= host.update(id_, outputs, more)
        count("read with a change request", lambda: host.read(id_, outputs))
    for name, expected in _CALLS_OF_OPERATIONS.items():
        reach, holds = f"exactly {expected}", counts[name] == expected
        yield Row(
            group="Calls of AWS",
            name=name,
            unit="calls",
            ours=counts[name],
            floor=expected,
            reach=reach,
            holds=holds,
        )


def measure_imports(repeats: int) -> Iterator[Row]:
    """Measure what a new process takes for its imports, Pulumi's own among them, ours beside the floor."""
    for process, modules in _IMPORTS.items():
        pairs = [[_import(each) for each in modules] for _ in range(repeats)]
        seconds = [(ours[0], floor[0]) for ours, floor in pairs]
        group = "Imports"
        yield Row(
            group=group,
            name=f"imports of the {process}, CPU",
            unit="s",
            ours=statistics.median(ours for ours, _ in seconds),
            floor=statistics.median(floor for _, floor in seconds),
            ratio=median_ratio(seconds),
        )
        memory = [statistics.median(pair[side][1] for pair in pairs) for side in (0, 1)]
        yield compare_memory(group, f"memory of the {process} after its imports", *memory)


def _import(modules: str) -> tuple[float, float]:
    """Import in a new process; return seconds of CPU and the resident memory in MiB."""
    code = (
        f"import resource, {modules}; u = resource.getrusage(resource.RUSAGE_SELF); import psutil; "
    )
    code += "print(u.ru_utime + u.ru_stime, psutil.Process().memory_info().rss)"
    output = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout
    # Not ``ru_maxrss``, which a process inherits from the one that starts it.
    seconds, resident = output.split()
    return float(seconds), int(resident) / 2**20
