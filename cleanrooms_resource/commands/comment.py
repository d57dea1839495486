"""The verb ``comment``, which turns the JSON of a preview into a pull-request comment."""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cleanrooms_resource.commands import fail
from cleanrooms_resource.commands.redact import read_document

if TYPE_CHECKING:
    from cleanrooms_resource.preview.verdict import Verdict

HELP: Final = "turn the output of `pulumi preview --json` into a pull-request comment"
STATUSES: Final = (
    "Exit status: 0: the comment is printed. 2: the usage is wrong or the input is not a preview, and no comment is printed. 3: the comment is "
    "printed, and --fail-on applies. 4: the comment is printed, and the preview failed or is incomplete, with or without --fail-on."
)
_STATUS_OF_FAIL_ON, _STATUS_OF_ERRORS = 3, 4
_KINDS: Final = (
    "replace",
    "may-replace",
    "delete",
    "remove-member",
    "create",
    "adopt",
    "take-over",
    "update",
)

# No allowed character can end the link early. In the place of a link's address, GitHub reads no mention and no reference.
_LINK = re.compile(r"https?://[A-Za-z0-9._~:/?&=%+#-]+|")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file",
        nargs="?",
        default="-",
        metavar="FILE",
        help="the file with the preview's JSON; standard input if it is left out or -",
    )
    parser.add_argument(
        "--project", default="", help="the project's name in the comment, by default the preview's"
    )
    parser.add_argument(
        "--stack", default="", help="the stack's name in the comment, by default the preview's"
    )
    parser.add_argument(
        "--link", default="", type=_read_link, help="the URL of the run, to which the comment links"
    )
    parser.add_argument("--commit", default="", metavar="SHA", help="the commit that was previewed")
    parser.add_argument(
        "--format",
        choices=("markdown", "json"),
        default="markdown",
        help="the form of the comment; by default markdown",
    )
    parser.add_argument(
        "--summary",
        default="",
        metavar="FILE",
        help="also append the comment in Markdown to this file, whatever GitHub's limit for a comment",
    )
    parser.add_argument(
        "--fail-on",
        default=[],
        type=_read_kinds,
        metavar="KIND[,KIND]",
        help=f"exit with status 3 if the preview has a change of one of these kinds: {', '.join(_KINDS)}; may-replace includes replace",
    )


def run(arguments: argparse.Namespace) -> int:
    try:
        return _comment(arguments)
    except _InputError as error:
        return fail(str(error))


def _comment(arguments: argparse.Namespace) -> int:
    from cleanrooms_resource.preview.comment import SUMMARY_LIMIT, render_comment
    from cleanrooms_resource.preview.report import render_report

    verdict = _judge_file(arguments)
    origin = {"link": arguments.link, "commit": arguments.commit}
    render = {"markdown": render_comment, "json": render_report}[arguments.format]
    _print(render(verdict, **origin))
    if arguments.summary:
        _append(arguments.summary, render_comment(verdict, limit=SUMMARY_LIMIT, **origin))
    if verdict.is_failed:
        return _STATUS_OF_ERRORS
    return _STATUS_OF_FAIL_ON if verdict.kinds.intersection(arguments.fail_on) else 0


def _append(file: str, text: str) -> None:
    try:
        with Path(file).open("a", encoding="utf-8") as summary:
            summary.write(text)
    except OSError as error:
        raise _InputError(
            f"The file {file} cannot be written: {error.strerror or error}. Check the path."
        ) from None


class _InputError(Exception):
    """An input that cannot be read, or that is not what it should be."""


def _judge_file(arguments: argparse.Namespace) -> Verdict:
    from cleanrooms_resource.preview.document import parse_preview
    from cleanrooms_resource.preview.verdict import judge

    try:
        document = parse_preview(read_document(_read(arguments.file)))
    except ValueError:
        raise _InputError(
            "The input is not the output of `pulumi preview --json`. Read the messages of that command on standard error."
        ) from None
    return judge(document, arguments.project, arguments.stack)


def _read(file: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        raise _InputError(
            f"The file {file} cannot be read: {error.strerror or error}. Check the path."
        ) from None


def _print(text: str) -> None:
    sys.stdout.buffer.write(text.encode())
    sys.stdout.flush()


def _read_link(url: str) -> str:
    if not _LINK.fullmatch(url):
        raise argparse.ArgumentTypeError(
            "must be a URL that begins with http:// or https:// and has only letters, digits and ._~:/?&=%+#-"
        )
    return url


def _read_kinds(text: str) -> list[str]:
    kinds = [kind.strip() for kind in text.split(",")]
    for kind in kinds:
        if kind not in _KINDS:
            raise argparse.ArgumentTypeError(
                f"has {kind!r}, and must have one or several of {', '.join(_KINDS)}, with commas between them"
            )
    return kinds
