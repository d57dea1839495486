"""The arguments that say who acts, and where: region, profile, role and endpoint; and the settings that they make."""

from __future__ import annotations

import argparse
import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from cleanrooms_resource.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cleanrooms_resource.aws.settings import Settings

NO_REGION: Final = "No region is set: name a region with --region, or set AWS_REGION."


def add_acting_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--profile",
        help="the profile of AWS's shared files; without it, boto3's own chain finds the credentials",
    )
    parser.add_argument(
        "--role", metavar="ARN", help="the role that the credentials assume before they read"
    )
    parser.add_argument(
        "--endpoint-url",
        metavar="URL",
        type=_read_address,
        help="the address that answers in the place of AWS, for Clean Rooms and STS",
    )


def read_default_region(arguments: argparse.Namespace) -> str | None:
    """Return the region that the environment or the profile names; None if neither does.

    Raises:
        SettingsError: a shared file of AWS cannot be parsed.

    """
    from cleanrooms_resource.aws.regions import find_region

    try:
        region = find_region(make_settings(arguments))
    except ValueError as error:
        raise SettingsError(f"The region cannot be found: {error}.") from None
    return region.name if region else None


def explain_first_unknown_region(
    arguments: argparse.Namespace, regions: Iterable[str]
) -> str | None:
    """Return the sentence about the first region that Clean Rooms does not have; None if there is none, or if an endpoint stands in for AWS.

    boto3 would look for the region's address again and again, for a minute or more.
    """
    from cleanrooms_resource.aws.regions import explain_unknown_region

    reasons = (
        ()
        if arguments.endpoint_url
        else (reason for region in regions if (reason := explain_unknown_region(region)))
    )
    return next(
        (
            f"{reason} If the region is right, run `pip install --upgrade boto3`."
            for reason in reasons
        ),
        None,
    )


def _read_address(address: str) -> str:
    if not re.match(r"https?://[^/]", address):
        raise argparse.ArgumentTypeError("must be a URL that begins with http:// or https://")
    return address


def make_settings(arguments: argparse.Namespace) -> Settings:
    """Return the settings by which the verb connects."""
    from cleanrooms_resource.aws.settings import read_settings

    address = arguments.endpoint_url
    # Adaptive retries slow every reader down as soon as AWS throttles one of them.
    config = {"aws:retryMode": "adaptive", "aws:profile": arguments.profile}
    endpoints = (
        {"aws:endpoints": json.dumps([{"cleanrooms": address, "sts": address}])} if address else {}
    )
    roles = (
        {
            "aws:assumeRoles": json.dumps(
                [{"roleArn": arguments.role, "sessionName": "cleanrooms-resource"}]
            )
        }
        if arguments.role
        else {}
    )
    settings = read_settings({**config, **endpoints, **roles})
    is_named = bool(arguments.profile or arguments.role)
    return replace(settings, identity=replace(settings.identity, is_of_command_line=is_named))
