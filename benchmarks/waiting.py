"""A stack of 100 where each call has latency, and where AWS throttles: ours beside the ideal."""

from __future__ import annotations

import statistics
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from benchmarks.commands import CREATED, DESTROY, REFRESH, UP, run_pair
from benchmarks.projects import Subject, make_project
from benchmarks.results import Row
from benchmarks.service import LATENCY, RATE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from benchmarks.projects import Project, Run
    from benchmarks.service import Service

THREADS = 4
"""The calls of the provider that Pulumi's host for dynamic resources runs at once."""
SEQUENTIAL_CALLS = 1
"""The calls of a creation, a read or a deletion that must follow one another. The three of a read need nothing of each other."""
LATENCY_REACH = 1.10
THROTTLED_REACH = 1.5
_COMMANDS = {"create": UP, "refresh": REFRESH, "destroy": DESTROY}


def measure_latency(service: Service, repeats: int) -> Iterator[Row]:
    """Measure a life with latency. The ideal is the floor's command, and the latency that four threads cannot hide."""
    waited = CREATED / THREADS * SEQUENTIAL_CALLS * LATENCY
    with TemporaryDirectory() as folder:
        projects = _make_projects(Path(folder), service)
        lives: dict[str, list[tuple[Run, Run]]] = {name: [] for name in _COMMANDS}
        for turn in range(repeats):
            for name, arguments in _COMMANDS.items():
                with service.delay():
                    lives[name].append(run_pair(projects, arguments, CREATED, turn))
    for name, pairs in lives.items():
        ratio = statistics.median(ours.wall / (floor.wall + waited) for ours, floor in pairs)
        is_refresh = name == "refresh"
        yield Row(
            group=f"{1000 * LATENCY:.0f} ms of latency per call, dynamic resource",
            name=f"{name} {CREATED}",
            unit="s",
            ours=statistics.median(ours.wall for ours, _ in pairs),
            floor=statistics.median(floor.wall for _, floor in pairs) + waited,
            ratio=ratio,
            reach=f"<= {LATENCY_REACH:.2f} x the ideal" if is_refresh else "",
            holds=ratio <= LATENCY_REACH if is_refresh else None,
        )


def measure_throttling(service: Service) -> Iterator[Row]:
    """Measure a life once where AWS throttles. The ideal is the time in which AWS accepts the calls."""
    ideal = CREATED / RATE
    with TemporaryDirectory() as folder:
        project = _make_projects(Path(folder), service)[0]
        for name, arguments in _COMMANDS.items():
            with service.throttle(), service.count_calls() as calls:
                run = project.run(*arguments, count=CREATED)
            is_refresh = name == "refresh"
            yield Row(
                group=f"{RATE} calls a second per operation, dynamic resource",
                name=f"{name} {CREATED} ({calls.total()} calls sent)",
                unit="s",
                ours=run.wall,
                floor=ideal,
                ratio=run.wall / ideal,
                reach=f"<= {THROTTLED_REACH} x n / {RATE} s" if is_refresh else "",
                holds=run.wall <= THROTTLED_REACH * ideal if is_refresh else None,
            )


def _make_projects(folder: Path, service: Service) -> Sequence[Project]:
    return [
        make_project(subject, folder / subject.name, service.endpoint.settings)
        for subject in (Subject.COLLABORATION, Subject.FLOOR)
    ]
