"""The verb ``comment``: the JSON of a preview in, a pull-request comment out."""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path
from typing import Final

from cleanrooms_resource.commands.output import fail

HELP: Final = "turn the output of `pulumi preview --json` into a pull-request comment"
STATUSES: Final = (
    "Exit status: 0, the comment was rendered; 2, the usage is wrong or the input is not a preview; 3, the preview has what --fail-on names; "
    "4, the preview has errors, whatever else it has."
)
_FAILED, _ERRORS = 3, 4

# A link must not end early, and must hold nothing that GitHub reads as a mention or a reference.
_LINK = re.compile(r"https?://[A-Za-z0-9._~:/?&=%+-]+|")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    parser.add_argument("file", nargs="?", default="-", metavar="FILE", help="the preview's JSON; standard input if left out, or -")
    parser.add_argument("--project", default="", help="the project's name; the preview's own if left out")
    parser.add_argument("--stack", default="", help="the stack's name; the preview's own if left out")
    parser.add_argument("--link", default="", type=_read_link, help="the URL of the run")
    parser.add_argument(
        "--fail-on", choices=("replace", "may-replace"), help="exit with status 3 if the preview replaces a collaboration, or may replace it"
    )


def run(arguments: argparse.Namespace) -> int:
    """Print the comment; return the exit status."""
    from cleanrooms_resource.preview.comment import render_comment
    from cleanrooms_resource.preview.document import parse_preview
    from cleanrooms_resource.preview.outcome import Outcome, list_planned_collaborations

    try:
        data = sys.stdin.buffer.read() if arguments.file == "-" else Path(arguments.file).read_bytes()
        document = parse_preview(data.decode("utf-8-sig"))
    except OSError as error:
        return fail(f"{arguments.file} cannot be read: {error.strerror or error}")
    except ValueError:
        return fail("The input is not the output of `pulumi preview --json`.")
    sys.stdout.buffer.write(render_comment(document, arguments.project, arguments.stack, arguments.link).encode())
    sys.stdout.flush()
    if document.errors():
        return _ERRORS
    failing = {None: set(), "replace": {Outcome.REPLACE}, "may-replace": {Outcome.REPLACE, Outcome.MAY_REPLACE}}[arguments.fail_on]
    return _FAILED if failing & {each.outcome for each in list_planned_collaborations(document)} else 0


def _read_link(url: str) -> str:
    if not _LINK.fullmatch(url):
        raise argparse.ArgumentTypeError("must be a URL that begins with http:// or https:// and has only letters, digits and ._~:/?&=%+-")
    return url
