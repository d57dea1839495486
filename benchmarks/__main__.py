"""Run the benchmarks, print a table, and write JSON: ``python -m benchmarks``. ``--markdown`` prints the last run as Markdown instead."""

from __future__ import annotations

import argparse
import compileall
import shutil
from typing import TYPE_CHECKING

from benchmarks.commands import measure_life, measure_unchanged
from benchmarks.host import measure_calls, measure_growth, measure_imports
from benchmarks.projects import ROOT
from benchmarks.results import describe_machine, load, print_rows, render_markdown, save
from benchmarks.service import run_service
from benchmarks.waiting import measure_latency, measure_throttling

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from benchmarks.results import Row
    from benchmarks.service import Service

FILE = ROOT / ".local" / "bench.json"
WITH_ENGINE = ("unchanged", "life", "latency", "throttling")
WITHOUT_ENGINE = ("imports", "growth", "calls")


def main() -> None:
    """Run the groups that the arguments name, in order."""
    arguments = _parse_arguments()
    if arguments.markdown:
        print(render_markdown(*load(FILE)))
        return
    groups = arguments.only or [*WITHOUT_ENGINE, *WITH_ENGINE]
    if shutil.which("pulumi") is None:
        print(
            f"No `pulumi` is on PATH, so these groups are left out: {', '.join(each for each in groups if each in WITH_ENGINE)}."
        )
        groups = [each for each in groups if each in WITHOUT_ENGINE]
    # pip compiles the packages that it installs, but not those of an editable install. With PYTHONDONTWRITEBYTECODE, Python compiles nothing either.
    for package in ("cleanrooms_resource", "benchmarks"):
        compileall.compile_dir(ROOT / package, quiet=1)
    rows: list[Row] = []
    machine = describe_machine()
    with run_service() as service:
        for group in groups:
            for row in _GROUPS[group](service, arguments):
                print(" | ".join([row.group, *row.cells()]), flush=True)
                rows.append(row)
                save(FILE, machine, rows)
    print_rows(rows)
    print(f"Written to {FILE}.")


def _parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="Measure the package beside a resource that does nothing.",
    )
    parser.add_argument(
        "--only",
        type=_parse_groups,
        help=f"the groups to run, with commas between them: {', '.join(_GROUPS)}",
    )
    parser.add_argument(
        "--sizes",
        type=_parse_sizes,
        default=[1, 10, 100, 500],
        help="the collaborations of a stack that nothing changes",
    )
    parser.add_argument(
        "--repeats", type=int, default=5, help="the pairs of which a ratio is the median"
    )
    parser.add_argument(
        "--markdown",
        action="store_true",
        help="print the last run as Markdown, and measure nothing",
    )
    return parser.parse_args()


def _parse_groups(text: str) -> list[str]:
    groups = text.split(",")
    if unknown := [each for each in groups if each not in _GROUPS]:
        raise argparse.ArgumentTypeError(f"no such group: {', '.join(unknown)}")
    return groups


def _parse_sizes(text: str) -> list[int]:
    return [int(size) for size in text.split(",")]


_GROUPS: dict[str, Callable[[Service, argparse.Namespace], Iterable[Row]]] = {
    "imports": lambda _, arguments: measure_imports(arguments.repeats),
    "growth": lambda service, _: measure_growth(service),
    "calls": lambda service, _: measure_calls(service),
    "unchanged": lambda service, arguments: measure_unchanged(
        service, arguments.sizes, arguments.repeats
    ),
    "life": lambda service, arguments: measure_life(service, arguments.repeats),
    "latency": lambda service, arguments: measure_latency(service, arguments.repeats),
    "throttling": lambda service, _: measure_throttling(service),
}

if __name__ == "__main__":
    main()
