"""The verbs, also installed as ``cleanrooms-resource``.

``python -m cleanrooms_resource endpoint [--port N]`` and ``python -m cleanrooms_resource comment [FILE|-]``.
"""

from __future__ import annotations

import argparse
import re
import signal
import sys
from pathlib import Path

# Nothing that ends a link, and none of what GitHub reads as a mention or a reference.
_LINK = re.compile(r"https?://[A-Za-z0-9._~:/?&=%+-]+|")


def main(arguments: list[str] | None = None) -> int:
    """Run a verb; returns the exit status (2 for a usage that is off)."""
    parser = argparse.ArgumentParser(prog="cleanrooms-resource", description="AWS Clean Rooms collaborations for Pulumi programs.")
    verbs = parser.add_subparsers(dest="verb", required=True)
    serve = verbs.add_parser("endpoint", help="an endpoint that stands in for AWS: in memory, on 127.0.0.1, until SIGINT or SIGTERM")
    serve.add_argument("--port", type=int, default=0, help="the port; a free one if left out")
    comment = verbs.add_parser(
        "comment",
        help="`pulumi preview --json` in, a pull-request comment out",
        epilog="Status: 0 rendered; 2 usage, or input that is no preview; 3 what --fail-on names is there; 4 the preview has errors, whatever else.",
    )
    comment.add_argument("file", nargs="?", default="-", metavar="FILE", help="the preview's JSON; standard input if left out, or -")
    comment.add_argument("--project", default="", help="the project's name; the preview's if left out")
    comment.add_argument("--stack", default="", help="the stack's name; the preview's if left out")
    comment.add_argument("--link", default="", type=_link, help="where the run can be read")
    comment.add_argument("--fail-on", choices=("replace", "may-replace"), help="status 3 if a collaboration is replaced, or may be")
    given = parser.parse_args(arguments)
    return _endpoint(given.port) if given.verb == "endpoint" else _comment(given)


def _link(url: str) -> str:
    if not _LINK.fullmatch(url):
        raise argparse.ArgumentTypeError("must be a URL that begins with http:// or https:// and has none of its odder characters")
    return url


def _comment(given: argparse.Namespace) -> int:
    from cleanrooms_resource.comment import render
    from cleanrooms_resource.preview import Kind, parse

    try:
        data = sys.stdin.buffer.read() if given.file == "-" else Path(given.file).read_bytes()
        preview = parse(data.decode("utf-8-sig"))
    except OSError as error:
        return _fail(f"cannot read {given.file}: {error.strerror or error}")
    except ValueError:
        return _fail("this is not the output of `pulumi preview --json`")
    sys.stdout.buffer.write(render(preview, given.project, given.stack, given.link).encode())
    sys.stdout.flush()
    failing = {None: set(), "replace": {Kind.REPLACE}, "may-replace": {Kind.REPLACE, Kind.MAY_REPLACE}}[given.fail_on]
    if preview.errors():
        return 4
    return 3 if failing & {change.kind for change in preview.collaborations()} else 0


def _endpoint(port: int) -> int:
    try:
        from cleanrooms_resource.testing import endpoint
    except ModuleNotFoundError as missing:
        return _fail(f'the endpoint needs the extra "testing" ({missing.name} is not installed): pip install "cleanrooms-resource[testing]"')
    # Blocked before the endpoint's threads start, so that the signals are this thread's to wait for.
    stops = {signal.SIGINT, signal.SIGTERM}
    signal.pthread_sigmask(signal.SIG_BLOCK, stops)
    try:
        with endpoint(port) as running:
            print(running.address, flush=True)
            signal.sigwait(stops)
    except (OSError, OverflowError) as error:
        return _fail(f"cannot listen on port {port} of 127.0.0.1: {getattr(error, 'strerror', None) or error}")
    return 0


def _fail(sentence: str) -> int:
    print(f"cleanrooms-resource: {sentence}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
