"""The verb ``discover``, which reads the collaborations of an account and writes their declarations."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cleanrooms_resource.commands import STATUS_OF_WRONG_USAGE, fail, write_output
from cleanrooms_resource.commands.acting import (
    NO_REGION,
    add_acting_arguments,
    explain_first_unknown_region,
    make_settings,
    read_default_region,
)

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterator

    from cleanrooms_resource.discovery.inventory import Inventory

HELP: Final = "read the collaborations of an account, and write their declarations as a program, as a stack's configuration, as JSON, or for `pulumi import`"
STATUSES: Final = (
    "The command only reads. Exit status: 0: everything is written. 1: something may not be read or declared; standard error names it, and the "
    "rest is written, beside a FILE that exists. 2: the usage is wrong, and nothing is written."
)
_STATUS_OF_INCOMPLETE: Final = 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--format",
        choices=("python", "stack", "json", "import-file"),
        default="python",
        help="the form of the output; by default python",
    )
    regions = parser.add_mutually_exclusive_group()
    regions.add_argument(
        "--region",
        nargs="+",
        action="extend",
        metavar="REGION",
        help="the regions to read; by default the region in effect",
    )
    regions.add_argument(
        "--all-regions",
        action="store_true",
        help="read every region of Clean Rooms that boto3 knows",
    )
    add_acting_arguments(parser)
    parser.add_argument(
        "--id",
        nargs="+",
        action="extend",
        default=[],
        help="write only the collaborations with these IDs",
    )
    parser.add_argument(
        "--name",
        nargs="+",
        action="extend",
        default=[],
        help="write only the collaborations with these names",
    )
    parser.add_argument(
        "--without-import",
        action="store_true",
        help="leave the import IDs out, for a stack that has adopted the collaborations",
    )
    parser.add_argument(
        "--output",
        type=Path,
        metavar="FILE",
        help="the file to write; by default standard output. A file that exists is replaced only if everything was read",
    )
    parser.add_argument(
        "--partial",
        action="store_true",
        help="replace FILE even if something could not be read or declared",
    )


def run(arguments: argparse.Namespace) -> int:
    """Read the account and write what it has; return the exit status."""
    from cleanrooms_resource.aws.regions import list_regions
    from cleanrooms_resource.discovery.account import Selection, read_account
    from cleanrooms_resource.errors import CollaborationError

    if arguments.without_import and arguments.format == "import-file":
        return fail(
            "An import file is nothing but import IDs: leave --without-import out, or choose another --format.",
            STATUS_OF_WRONG_USAGE,
        )
    try:
        default_region = read_default_region(arguments)
        chosen = list_regions() if arguments.all_regions else arguments.region or [default_region]
        regions = tuple(dict.fromkeys(region for region in chosen if region))
        if not regions:
            return fail(NO_REGION)
        unknown = explain_first_unknown_region(arguments, regions)
        if unknown:
            return fail(unknown)
        settings = make_settings(arguments)
    except CollaborationError as error:
        return fail(f"Nothing is read: {error.what_happened}", _STATUS_OF_INCOMPLETE)
    selection = Selection(frozenset(arguments.id), frozenset(arguments.name))
    with _show_progress() as report_progress:
        inventory = read_account(settings, regions, default_region, selection, report_progress)
    for sentence in inventory.vanished:
        fail(sentence)
    text = _render(inventory, arguments)
    for sentence in inventory.failures:
        fail(sentence)
    if not inventory.regions:
        # An empty program would replace a good one.
        return _STATUS_OF_INCOMPLETE
    is_kept = bool(inventory.failures) and not arguments.partial
    status = _write(text, arguments.output, is_kept=is_kept)
    return status or (_STATUS_OF_INCOMPLETE if inventory.failures else 0)


def _render(inventory: Inventory, arguments: argparse.Namespace) -> str:
    """Return the text. What the format cannot hold moves to the inventory's failures."""
    from cleanrooms_resource.discovery.import_file import render_import_file
    from cleanrooms_resource.discovery.json_document import render_json
    from cleanrooms_resource.discovery.python_program import render_program
    from cleanrooms_resource.discovery.stack_config import render_stack_config

    if arguments.format == "import-file":
        return render_import_file(inventory)
    renderers = {"python": render_program, "stack": render_stack_config, "json": render_json}
    return renderers[arguments.format](inventory, is_imported=not arguments.without_import)


def _write(text: str, file: Path | None, *, is_kept: bool) -> int:
    """Write the text; a file that exists and is kept gets a file beside it."""
    if file is None:
        return write_output(text)
    if is_kept and file.exists():
        partial = file.with_name(f"{file.name}.partial")
        fail(
            f"{file} stays as it is, because not everything was read. What was read is in {partial}. "
            f"To replace {file} all the same, add --partial."
        )
        file = partial
    try:
        file.write_bytes(text.encode())
    except OSError as error:
        return fail(
            f"The file {file} cannot be written: {error.strerror or error}. Check the path.",
            STATUS_OF_WRONG_USAGE,
        )
    return 0


@contextmanager
def _show_progress() -> Iterator[Callable[[int, int], None]]:
    """Yield the function that reports progress. Only a terminal shows it, on standard error."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as progress:
        task = progress.add_task("Reading collaborations", total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)
