"""The verb ``post``, which posts a rendered comment on a pull request, or renews the one that stands there."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cleanrooms_resource.commands.output import fail

if TYPE_CHECKING:
    import argparse

    from cleanrooms_resource.posting.publication import PullRequest

HELP: Final = "post what `comment` printed on a pull request, and print it, in a job of GitHub Actions, GitLab CI or Azure Pipelines"
EPILOG: Final = (
    "In GitHub Actions the token is GITHUB_TOKEN, in GitLab CI GITLAB_TOKEN, in Azure Pipelines SYSTEM_ACCESSTOKEN. "
    "Exit status: 0: the comment is posted, or a newer commit has a comment of its own. 1: the host refused. 2: the usage is wrong."
)
_STATUS_OF_FAILURE: Final = 1
_STACK: Final = re.compile(r"[^/\s]+/\S+")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's arguments."""
    parser.add_argument("file", nargs="?", metavar="FILE", help="the comment; left out where no stack has a preview, - for standard input")
    parser.add_argument(
        "--stack",
        action="append",
        required=True,
        metavar="PROJECT/STACK",
        help="a stack that the comment is about, by which a later run finds the comment; repeat the option for several stacks",
    )
    parser.add_argument(
        "--failed",
        action="append",
        default=[],
        metavar="PROJECT/STACK",
        help="a stack that has no preview; the comment says so above everything else",
    )
    parser.add_argument("--pull-request", metavar="NUMBER", help="the pull request; in GitLab CI and Azure Pipelines, by default the pipeline's own")
    parser.add_argument("--commit", default="", help="the commit of the preview; a pull request that has a newer commit is left alone")
    parser.add_argument(
        "--merged",
        default="",
        metavar="COMMIT",
        help="at GitHub: post a comment of its own on the pull requests whose merge made this commit; the comments on previews stay",
    )


def run(arguments: argparse.Namespace) -> int:
    """Post the comment; return the exit status."""
    from cleanrooms_resource.posting.requests import PostingError

    try:
        rendered = _read_comment(arguments)
    except _UsageError as error:
        return fail(str(error))
    try:
        print(_post_merged(arguments, rendered) if arguments.merged else _post(arguments, rendered), file=sys.stderr)
    except PostingError as error:
        return fail(f"The comment is not posted. {error}", _STATUS_OF_FAILURE)
    except (AttributeError, LookupError, TypeError) as error:
        message = f"The comment may not be posted. The host answered with JSON of another form ({type(error).__name__}: {error})."
        return fail(f"{message} Check the address of the API and the status of the host.", _STATUS_OF_FAILURE)
    return 0


class _UsageError(Exception):
    """The arguments are wrong, or the comment cannot be read."""


def _read_comment(arguments: argparse.Namespace) -> str:
    for stack in (*arguments.stack, *arguments.failed):
        if not _STACK.fullmatch(stack):
            raise _UsageError(f"{stack} is not a stack. Write the project, a slash, and the stack, such as cleanrooms/example.")
    if not arguments.file and not arguments.failed:
        raise _UsageError("There is no FILE, and no stack has failed. Name the file with the comment, or each stack without a preview with --failed.")
    try:
        rendered = _read(arguments.file) if arguments.file else ""
    except OSError as error:
        raise _UsageError(f"The file {arguments.file} cannot be read: {error.strerror or error}. Check the path.") from None
    if not (rendered.strip() or arguments.failed):
        raise _UsageError(f"{arguments.file} is empty. Read the messages of `cleanrooms-resource comment` on standard error.")
    return rendered


def _read(file: str) -> str:
    data = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    return data.decode(errors="replace")


def _print(text: str) -> None:
    """Print the whole text, for the summary of a job, before the host is asked for anything."""
    sys.stdout.buffer.write(f"{text.strip()}\n".encode())
    sys.stdout.flush()


def _post(arguments: argparse.Namespace, rendered: str) -> str:
    from cleanrooms_resource.posting import comments, hosts, publication

    link = hosts.link_run(os.environ)
    comment = comments.read_comment(rendered, comments.make_identity(arguments.stack))
    if arguments.failed:
        comment = comments.add_failures(comment, arguments.failed, link, arguments.commit)
    _print(comment.text)
    pull_request: PullRequest = hosts.find_pull_request(os.environ, arguments.pull_request)
    if arguments.commit and pull_request.read_head() != arguments.commit:
        return "The pull request has a newer commit, whose run posts the comment."
    publication.publish(pull_request, comments.fit(comment, pull_request.limit, link), is_complete=not arguments.failed)
    return "The comment is posted."


def _post_merged(arguments: argparse.Namespace, rendered: str) -> str:
    from cleanrooms_resource.posting import comments, hosts, publication

    link = hosts.link_run(os.environ)
    comment = comments.read_comment(rendered, comments.make_identity(arguments.stack, "-applied"))
    _print(comment.text)
    pull_requests: list[PullRequest] = hosts.find_merged_pull_requests(os.environ, arguments.merged)
    for pull_request in pull_requests:
        publication.publish_anew(pull_request, comments.fit(comment, pull_request.limit, link))
    return f"The comment is posted on {len(pull_requests)} pull requests." if pull_requests else "No pull request was merged as this commit."
