"""The verb ``comment``, which turns the JSON of previews into a pull-request comment."""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cleanrooms_resource.commands.failure import fail

if TYPE_CHECKING:
    from cleanrooms_resource.preview.verdict import Verdict

HELP: Final = "turn the output of `pulumi preview --json` into a pull-request comment"
STATUSES: Final = (
    "Exit status: 0: the comment is printed. 2: the usage is wrong or an input is not a preview, and no comment is printed. 3: the comment is "
    "printed, and --fail-on applies. 4: the comment is printed, and a preview failed or is incomplete, with or without --fail-on."
)
_STATUS_OF_FAIL_ON, _STATUS_OF_ERRORS = 3, 4
_KINDS: Final = ("replace", "may-replace", "delete", "remove-member", "create", "adopt", "take-over", "update")

# No allowed character can end the link early. In the place of a link's address, GitHub reads no mention and no reference.
_LINK = re.compile(r"https?://[A-Za-z0-9._~:/?&=%+#-]+|")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's arguments."""
    parser.add_argument(
        "files", nargs="*", default=["-"], metavar="FILE", help="the files with the previews' JSON; standard input if they are left out or -"
    )
    parser.add_argument("--project", action="append", default=[], help="the project's name in the comment, by default the preview's; once per FILE")
    parser.add_argument("--stack", action="append", default=[], help="the stack's name in the comment, by default the preview's; once per FILE")
    parser.add_argument("--link", default="", type=_read_link, help="the URL of the run, to which the comment links")
    parser.add_argument("--commit", default="", metavar="SHA", help="the commit that was previewed")
    parser.add_argument(
        "--fail-on",
        default=[],
        type=_read_kinds,
        metavar="KIND[,KIND]",
        help=f"exit with status 3 if a preview has a change of one of these kinds: {', '.join(_KINDS)}; may-replace includes replace",
    )


def run(arguments: argparse.Namespace) -> int:
    """Print the comment; return the exit status."""
    from cleanrooms_resource.preview.comment import render_comment

    try:
        verdicts = _judge_files(arguments)
    except _InputError as error:
        return fail(str(error))
    _print(render_comment(verdicts, link=arguments.link, commit=arguments.commit))
    if any(verdict.is_failed for verdict in verdicts):
        return _STATUS_OF_ERRORS
    return _STATUS_OF_FAIL_ON if any(verdict.kinds.intersection(arguments.fail_on) for verdict in verdicts) else 0


class _InputError(Exception):
    """An input that cannot be read, or that is not what it should be."""


def _judge_files(arguments: argparse.Namespace) -> list[Verdict]:
    from cleanrooms_resource.preview.document import parse_preview
    from cleanrooms_resource.preview.json_text import decode
    from cleanrooms_resource.preview.verdict import judge

    verdicts = []
    for number, file in enumerate(arguments.files):
        try:
            document = parse_preview(decode(_read(file)))
        except ValueError:
            raise _InputError(
                "The input is not the output of `pulumi preview --json`. Read the messages of that command on standard error."
            ) from None
        verdicts.append(judge(document, _choose(arguments.project, number), _choose(arguments.stack, number)))
    return verdicts


def _choose(names: list[str], number: int) -> str:
    """Return the name for a file. A single name is for every file."""
    return names[0] if len(names) == 1 else names[number] if number < len(names) else ""


def _read(file: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        raise _InputError(f"The file {file} cannot be read: {error.strerror or error}. Check the path.") from None


def _print(text: str) -> None:
    sys.stdout.buffer.write(text.encode())
    sys.stdout.flush()


def _read_link(url: str) -> str:
    if not _LINK.fullmatch(url):
        raise argparse.ArgumentTypeError("must be a URL that begins with http:// or https:// and has only letters, digits and ._~:/?&=%+#-")
    return url


def _read_kinds(text: str) -> list[str]:
    kinds = [kind.strip() for kind in text.split(",")]
    for kind in kinds:
        if kind not in _KINDS:
            raise argparse.ArgumentTypeError(f"has {kind!r}, and must have one or several of {', '.join(_KINDS)}, with commas between them")
    return kinds
