"""The verb ``comment``, which turns the JSON of a preview into a pull-request comment."""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path
from typing import Final

from cleanrooms_resource.commands.failure import fail

HELP: Final = "turn the output of `pulumi preview --json` into a pull-request comment"
STATUSES: Final = (
    "Exit status: 0: the comment is printed. 2: the usage is wrong or the input is not a preview, and no comment is printed. 3: the comment is "
    "printed, and --fail-on applies. 4: the comment is printed, and the preview has errors, with or without --fail-on."
)
_STATUS_OF_FAIL_ON, _STATUS_OF_ERRORS = 3, 4

# No allowed character can end the link early, or lets GitHub read a mention or a reference in the link.
_LINK = re.compile(r"https?://[A-Za-z0-9._~:/?&=%+-]+|")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's arguments."""
    parser.add_argument(
        "file", nargs="?", default="-", metavar="FILE", help="the file with the preview's JSON; standard input if it is left out or -"
    )
    parser.add_argument("--project", default="", help="the name of the project in the comment; by default the project of the preview")
    parser.add_argument("--stack", default="", help="the name of the stack in the comment; by default the stack of the preview")
    parser.add_argument("--link", default="", type=_read_link, help="the URL of the run, to which the comment links")
    parser.add_argument(
        "--fail-on",
        choices=("replace", "may-replace"),
        help="exit with status 3 if the preview replaces a collaboration; with may-replace, also if it may replace a collaboration",
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
        return fail(f"The file {arguments.file} cannot be read: {error.strerror or error}. Check the path.")
    except ValueError:
        return fail("The input is not the output of `pulumi preview --json`. Read the messages of that command on standard error.")
    sys.stdout.buffer.write(render_comment(document, arguments.project, arguments.stack, arguments.link).encode())
    sys.stdout.flush()
    if document.errors():
        return _STATUS_OF_ERRORS
    failing_outcomes = {None: set(), "replace": {Outcome.REPLACE}, "may-replace": {Outcome.REPLACE, Outcome.MAY_REPLACE}}[arguments.fail_on]
    return _STATUS_OF_FAIL_ON if failing_outcomes & {each.outcome for each in list_planned_collaborations(document)} else 0


def _read_link(url: str) -> str:
    if not _LINK.fullmatch(url):
        raise argparse.ArgumentTypeError("must be a URL that begins with http:// or https:// and has only letters, digits and ._~:/?&=%+-")
    return url
