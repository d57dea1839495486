"""The command line, also installed as ``cleanrooms-resource``."""

from __future__ import annotations

import argparse
import sys

from cleanrooms_resource.commands import comment, endpoint, partner


def main(arguments: list[str] | None = None) -> int:
    """Parse the arguments and run the verb; return the exit status."""
    parser = argparse.ArgumentParser(prog="cleanrooms-resource", description="AWS Clean Rooms collaborations for Pulumi programs.")
    verbs = parser.add_subparsers(dest="verb", required=True)
    endpoint.add_arguments(verbs.add_parser("endpoint", help=endpoint.HELP))
    comment.add_arguments(verbs.add_parser("comment", help=comment.HELP, epilog=comment.STATUSES))
    partner.add_arguments(verbs.add_parser("partner", help=partner.HELP))
    namespace = parser.parse_args(arguments)
    return {"endpoint": endpoint.run, "comment": comment.run, "partner": partner.run}[namespace.verb](namespace)


if __name__ == "__main__":
    sys.exit(main())
