"""The results: rows of a table, as JSON, on a terminal and as Markdown."""

from __future__ import annotations

import json
import os
import platform
import shutil
import statistics
import subprocess
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from itertools import groupby
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

COLUMNS = ("measured", "ours", "floor or ideal", "ratio", "ratio of CPU", "reach", "holds")


@dataclass(frozen=True, kw_only=True)
class Row:
    """A measurement: ours beside the floor or an ideal, in ``unit``. A ratio is the median of the ratios of the pairs of one run."""

    group: str
    name: str
    unit: str
    ours: float
    floor: float | None = None
    ratio: float | None = None
    cpu_ratio: float | None = None
    reach: str = ""
    holds: bool | None = None

    def cells(self) -> list[str]:
        """Return the row's cells, in the order of ``COLUMNS``."""
        holds = {True: "yes", False: "no", None: ""}[self.holds]
        numbers = [
            _format(self.ours, self.unit),
            _format(self.floor, self.unit),
            _format(self.ratio),
            _format(self.cpu_ratio),
        ]
        return [self.name, *numbers, self.reach, holds]


def _format(number: float | None, unit: str = "") -> str:
    return (
        ""
        if number is None
        else f"{number:.4g} {unit}"
        if unit == "calls"
        else f"{number:.2f} {unit}".strip()
    )


def median_ratio(pairs: Iterable[tuple[float, float]]) -> float:
    """Return the median of the ratios of the pairs."""
    return statistics.median(ours / floor for ours, floor in pairs)


def describe_machine() -> dict[str, str]:
    """Return what the numbers depend on."""
    pulumi = shutil.which("pulumi")
    engine = (
        subprocess.run(
            [pulumi, "version"], capture_output=True, text=True, check=True
        ).stdout.strip()
        if pulumi
        else "none"
    )
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "cores": str(os.cpu_count()),
        "system": f"{platform.system()} {platform.machine()}",
        "Python": platform.python_version(),
        "engine": engine,
        **{name: version(name) for name in ("pulumi", "boto3", "pydantic", "cleanrooms-resource")},
    }


def save(path: Path, machine: dict[str, str], rows: Sequence[Row]) -> None:
    """Write a run as JSON."""
    path.parent.mkdir(exist_ok=True)
    path.write_text(
        json.dumps({"machine": machine, "rows": [asdict(row) for row in rows]}, indent=2) + "\n"
    )


def load(path: Path) -> tuple[dict[str, str], list[Row]]:
    """Read a run."""
    document: dict[str, Any] = json.loads(path.read_text())
    return document["machine"], [Row(**row) for row in document["rows"]]


def print_rows(rows: Sequence[Row]) -> None:
    """Print a table for each group."""
    console = Console(width=max(Console().width, 140))
    for group, members in groupby(rows, lambda row: row.group):
        table = Table(*COLUMNS, title=group, title_justify="left")
        for row in members:
            table.add_row(*row.cells(), style="red" if row.holds is False else None)
        console.print(table)


def render_markdown(machine: dict[str, str], rows: Sequence[Row]) -> str:
    """Return a run as Markdown: a list of what describes the machine, and a table for each group."""
    lines = [*(f"- {name}: {value}" for name, value in machine.items()), ""]
    for group, members in groupby(rows, lambda row: row.group):
        lines += [f"### {group}", "", f"| {' | '.join(COLUMNS)} |", f"|{'---|' * len(COLUMNS)}"]
        lines += [f"| {' | '.join(row.cells())} |" for row in members]
        lines.append("")
    return "\n".join(lines)
