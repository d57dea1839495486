"""The verb ``redact``, which takes out of a preview what must not leave its job."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cleanrooms_resource.commands import fail

if TYPE_CHECKING:
    import argparse

HELP: Final = "print a preview without the stack's configuration and the values of other resources, for the job that comments on it"
STATUSES: Final = "Exit status: 0: the preview is printed. 2: the usage is wrong or the input is not a preview, and nothing is printed."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="the output of `pulumi preview --json`")
    parser.add_argument(
        "--exit-status",
        type=int,
        default=0,
        metavar="N",
        help="the exit status of `pulumi preview`, which the output then has too",
    )


def read_document(data: bytes) -> str:
    """Return the JSON document of a preview. A line on standard error counts what else is there.

    Raises:
        ValueError: the data are not text with one JSON object.

    """
    from cleanrooms_resource.preview.json_text import decode, find_document

    document, lines_around = find_document(decode(data))
    if lines_around:
        lines = "1 line" if lines_around == 1 else f"{lines_around} lines"
        fail(f"Ignored {lines} around the preview's JSON.")
    return document


def run(arguments: argparse.Namespace) -> int:
    from cleanrooms_resource.preview.redaction import redact

    try:
        text = redact(read_document(Path(arguments.file).read_bytes()), arguments.exit_status)
    except OSError as error:
        return fail(
            f"The file {arguments.file} cannot be read: {error.strerror or error}. Check the path."
        )
    except (ValueError, RecursionError):
        return fail(
            "The input is not the output of `pulumi preview --json`. Read the messages of that command on standard error."
        )
    sys.stdout.buffer.write(text.encode())
    sys.stdout.flush()
    return 0
