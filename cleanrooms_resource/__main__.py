"""The verbs: ``python -m cleanrooms_resource endpoint [--port N]``, also installed as ``cleanrooms-resource``."""

from __future__ import annotations

import argparse
import signal
import sys


def main(arguments: list[str] | None = None) -> int:
    """Run a verb; returns the exit status (2 for a usage that is off)."""
    parser = argparse.ArgumentParser(prog="cleanrooms-resource", description="AWS Clean Rooms collaborations for Pulumi programs.")
    verbs = parser.add_subparsers(dest="verb", required=True)
    serve = verbs.add_parser("endpoint", help="an endpoint that stands in for AWS: in memory, on 127.0.0.1, until SIGINT or SIGTERM")
    serve.add_argument("--port", type=int, default=0, help="the port; a free one if left out")
    return _endpoint(parser.parse_args(arguments).port)


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
