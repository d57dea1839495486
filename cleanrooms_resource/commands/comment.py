"""The verb ``comment``, which turns the JSON of previews into a pull-request comment."""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cleanrooms_resource.commands.output import fail

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cleanrooms_resource.preview.applied import Application
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
    parser.add_argument("files", nargs="*", metavar="FILE", help="the files with the previews' JSON; standard input if they are left out or -")
    parser.add_argument("--project", action="append", default=[], help="the project's name in the comment, by default the preview's; once per FILE")
    parser.add_argument("--stack", action="append", default=[], help="the stack's name in the comment, by default the preview's; once per FILE")
    parser.add_argument("--link", default="", type=_read_link, help="the URL of the run, to which the comment links")
    parser.add_argument("--commit", default="", metavar="SHA", help="the commit that was previewed")
    parser.add_argument("--format", choices=("markdown", "plain", "json"), default="markdown", help="the form of the comment; by default markdown")
    parser.add_argument("--applied", default="", metavar="FILE", help="comment on the output of `pulumi up --yes --skip-preview --json` instead")
    parser.add_argument(
        "--summary", default="", metavar="FILE", help="also append the comment in Markdown to this file, whatever GitHub's limit for a comment"
    )
    parser.add_argument(
        "--fail-on",
        default=[],
        type=_read_kinds,
        metavar="KIND[,KIND]",
        help=f"exit with status 3 if a preview has a change of one of these kinds: {', '.join(_KINDS)}; may-replace includes replace",
    )


def run(arguments: argparse.Namespace) -> int:
    """Print the comment; return the exit status."""
    try:
        return _comment_on_up(arguments) if arguments.applied else _comment_on_previews(arguments)
    except _InputError as error:
        return fail(str(error))


def _comment_on_previews(arguments: argparse.Namespace) -> int:
    from cleanrooms_resource.preview.comment import SUMMARY_LIMIT, render_comment
    from cleanrooms_resource.preview.plain import render_plain
    from cleanrooms_resource.preview.report import render_report

    verdicts = _judge_files(arguments)
    origin = {"link": arguments.link, "commit": arguments.commit}
    render = {"markdown": render_comment, "plain": render_plain, "json": render_report}[arguments.format]
    _print(render(verdicts, **origin))
    _warn_about_names(arguments.format, verdicts)
    _append_summary(arguments.summary, lambda: render_comment(verdicts, limit=SUMMARY_LIMIT, **origin))
    if any(verdict.is_failed for verdict in verdicts):
        return _STATUS_OF_ERRORS
    return _STATUS_OF_FAIL_ON if any(verdict.kinds.intersection(arguments.fail_on) for verdict in verdicts) else 0


def _comment_on_up(arguments: argparse.Namespace) -> int:
    from cleanrooms_resource.preview.applied import judge_events, parse_events
    from cleanrooms_resource.preview.applied_comment import render_applied_comment
    from cleanrooms_resource.preview.comment import SUMMARY_LIMIT
    from cleanrooms_resource.preview.json_text import decode
    from cleanrooms_resource.preview.plain import render_applied_plain
    from cleanrooms_resource.preview.report import render_applied_report

    if arguments.files or arguments.fail_on:
        raise _InputError("`--applied` cannot stand beside a FILE or `--fail-on`: the changes are made already. Run the command once for each.")
    try:
        events = parse_events(decode(_read(arguments.applied)))
    except ValueError:
        raise _InputError(
            "The input is not the output of `pulumi up --yes --skip-preview --json`. Read the messages of that command on standard error."
        ) from None
    application = judge_events(events, _choose(arguments.project, 0), _choose(arguments.stack, 0))
    origin = {"link": arguments.link, "commit": arguments.commit}
    render = {"markdown": render_applied_comment, "plain": render_applied_plain, "json": render_applied_report}[arguments.format]
    _print(render(application, **origin))
    _warn_about_names(arguments.format, [application])
    _append_summary(arguments.summary, lambda: render_applied_comment(application, limit=SUMMARY_LIMIT, **origin))
    return _STATUS_OF_ERRORS if application.is_failed else 0


def _warn_about_names(form: str, subjects: Sequence[Verdict | Application]) -> None:
    """Warn of a marker that names no project or no stack: the comment on another stack would have the same one."""
    if form == "markdown" and not all(each.project and each.stack for each in subjects):
        fail("The input does not name its project and its stack, so the marker of the comment does not name them either. Pass --project and --stack.")


def _append_summary(file: str, render: Callable[[], str]) -> None:
    if not file:
        return
    try:
        with Path(file).open("a", encoding="utf-8") as summary:
            summary.write(render())
    except OSError as error:
        raise _InputError(f"The file {file} cannot be written: {error.strerror or error}. Check the path.") from None


class _InputError(Exception):
    """An input that cannot be read, or that is not what it should be."""


def _judge_files(arguments: argparse.Namespace) -> list[Verdict]:
    from cleanrooms_resource.preview.document import parse_preview
    from cleanrooms_resource.preview.json_text import decode
    from cleanrooms_resource.preview.verdict import judge

    verdicts = []
    for number, file in enumerate(arguments.files or ["-"]):
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
