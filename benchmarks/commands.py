"""`pulumi preview`, `up` without a change, `refresh`, and the creation and destruction of a stack: ours beside the floor, through both doors."""

from __future__ import annotations

import statistics
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from uuid import uuid4

from benchmarks.projects import Subject, make_project
from benchmarks.results import Row, median_ratio

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from benchmarks.projects import Project, Run
    from benchmarks.service import Service

REACH = 1.10
"""The largest ratio to the floor of a preview, and of an `up` without a change."""
PAIRS = ((Subject.COLLABORATION, Subject.FLOOR), (Subject.PLUGIN, Subject.PLUGIN_FLOOR))
UP = ("up", "--yes", "--skip-preview")
REFRESH = ("refresh", "--yes", "--skip-preview")
DESTROY = ("destroy", "--yes", "--skip-preview")
_NO_CHANGES = "--expect-no-changes"
_UNCHANGED: dict[str, tuple[tuple[str, ...], bool]] = {
    "preview": (("preview", _NO_CHANGES), True),
    "up": ((*UP, _NO_CHANGES), True),
    "refresh": ((*REFRESH, _NO_CHANGES), False),
}
"""The commands on a stack that nothing changes, and whether the reach is theirs: the floor's refresh makes no call of AWS."""
CREATED = 100


def measure_unchanged(service: Service, sizes: Sequence[int], repeats: int) -> Iterator[Row]:
    """Measure the commands that change nothing, on stacks of these sizes."""
    for door, (ours, floor) in enumerate(PAIRS):
        group = f"Commands that change nothing, {('dynamic resource', 'plug-in')[door]}"
        for size in sizes:
            with TemporaryDirectory() as folder:
                projects = [
                    _seed(subject, Path(folder), service, size) for subject in (ours, floor)
                ]
                for name, (arguments, has_reach) in _UNCHANGED.items():
                    pairs = [run_pair(projects, arguments, size, turn) for turn in range(repeats)]
                    yield _compare(group, f"{name} of {size}", pairs, has_reach=has_reach)
                yield _compare_memory(group, size, projects)


def measure_life(service: Service, repeats: int) -> Iterator[Row]:
    """Measure the creation of a stack of 100, and its destruction."""
    for door, pair in enumerate(PAIRS):
        group = f"Creation and destruction, {('dynamic resource', 'plug-in')[door]}"
        with TemporaryDirectory() as folder:
            projects = [
                make_project(subject, Path(folder) / subject.name, service.endpoint.settings)
                for subject in pair
            ]
            creations, destructions = [], []
            for turn in range(repeats):
                creations.append(run_pair(projects, UP, CREATED, turn))
                destructions.append(run_pair(projects, DESTROY, CREATED, turn))
            yield _compare(group, f"create {CREATED}", creations)
            yield _compare(group, f"destroy {CREATED}", destructions)


def run_pair(
    projects: Sequence[Project], arguments: Sequence[str], count: int, turn: int
) -> tuple[Run, Run]:
    """Run a command with ours and with the floor; the floor is the first in every other turn."""
    order = projects if turn % 2 == 0 else projects[::-1]
    runs = {project.subject: project.run(*arguments, count=count) for project in order}
    return runs[projects[0].subject], runs[projects[1].subject]


def _seed(subject: Subject, folder: Path, service: Service, size: int) -> Project:
    project = make_project(subject, folder / subject.name, service.endpoint.settings)
    exists_at_aws = subject in (Subject.COLLABORATION, Subject.PLUGIN)
    project.seed(size, service.create if exists_at_aws else lambda _name: str(uuid4()))
    return project


def _compare(
    group: str, name: str, pairs: Sequence[tuple[Run, Run]], *, has_reach: bool = False
) -> Row:
    ratio = median_ratio((ours.wall, floor.wall) for ours, floor in pairs)
    return Row(
        group=group,
        name=name,
        unit="s",
        ours=statistics.median(ours.wall for ours, _ in pairs),
        floor=statistics.median(floor.wall for _, floor in pairs),
        ratio=ratio,
        cpu_ratio=median_ratio((ours.cpu, floor.cpu) for ours, floor in pairs),
        reach=f"<= {REACH:.2f} x the floor" if has_reach else "",
        holds=ratio <= REACH if has_reach else None,
    )


MEMORY_REACH = 40
"""The MiB that a process of ours may take above the floor's."""


def compare_memory(group: str, name: str, ours: float, floor: float) -> Row:
    """Return the row of two peaks of resident memory, in MiB."""
    holds = ours <= floor + MEMORY_REACH
    return Row(
        group=group,
        name=name,
        unit="MiB",
        ours=ours,
        floor=floor,
        ratio=ours / floor,
        reach=f"<= floor + {MEMORY_REACH} MiB",
        holds=holds,
    )


def _compare_memory(group: str, size: int, projects: Sequence[Project]) -> Row:
    ours, floor = (project.measure_program_memory(size) for project in projects)
    return compare_memory(group, f"memory of the program at {size}", ours, floor)
