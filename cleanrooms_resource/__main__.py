"""The command line, also installed as ``cleanrooms-resource``."""

from __future__ import annotations

import argparse
import sys

from cleanrooms_resource.commands import comment, discover, endpoint, fail, invitation, redact
from cleanrooms_resource.dependencies import find_old_dependency

_STATUS_OF_INTERRUPT = 130
"""The status of a command that Ctrl-C ended, as shells have it."""


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="cleanrooms-resource",
        description="AWS Clean Rooms collaborations for Pulumi programs.",
    )
    verbs = parser.add_subparsers(dest="verb", required=True)
    endpoint.add_arguments(verbs.add_parser("endpoint", help=endpoint.HELP))
    comment.add_arguments(verbs.add_parser("comment", help=comment.HELP, epilog=comment.STATUSES))
    discover.add_arguments(
        verbs.add_parser("discover", help=discover.HELP, epilog=discover.STATUSES)
    )
    invitation.add_arguments(verbs.add_parser("invitation", help=invitation.HELP))
    endpoint.add_partner_arguments(verbs.add_parser("partner", help=endpoint.PARTNER_HELP))
    redact.add_arguments(verbs.add_parser("redact", help=redact.HELP, epilog=redact.STATUSES))
    namespace = parser.parse_args(arguments)
    run = {
        "comment": comment.run,
        "discover": discover.run,
        "endpoint": endpoint.run,
        "invitation": invitation.run,
        "partner": endpoint.run_partner,
        "redact": redact.run,
    }
    old_dependency = find_old_dependency()
    if old_dependency:
        return fail(old_dependency)
    try:
        return run[namespace.verb](namespace)
    except KeyboardInterrupt:
        return _STATUS_OF_INTERRUPT


if __name__ == "__main__":
    sys.exit(main())
