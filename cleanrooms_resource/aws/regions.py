"""The region in which AWS creates a new collaboration, and whether Clean Rooms has that region.

Check uses this module, so the module does not import botocore: it parses botocore's endpoint data by itself.
"""

from __future__ import annotations

import difflib
import json
import os
import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from cleanrooms_resource.aws.profiles import find_profile_name, read_profiles
from cleanrooms_resource.declaration.botocore_data import read_botocore_data, read_botocore_version

if TYPE_CHECKING:
    from cleanrooms_resource.aws.settings import Settings

NO_REGION: Final = "no region is set. Run `pulumi config set aws:region REGION`, set AWS_REGION, or declare `region`"

_REGION_NAME: Final = re.compile(r"(?![0-9]+$)(?!-)[a-zA-Z0-9-]{1,63}(?<!-)")


@dataclass(frozen=True, slots=True)
class Region:
    """A region, and the setting that names it."""

    name: str
    source: str


def find_region(settings: Settings, argument: str | None = None) -> Region | None:
    """Return the region of the argument, else of the stack's settings, the environment or the profile; None where none of them names a region.

    Raises:
        ValueError: a shared file of AWS cannot be parsed. boto3 cannot parse it either.

    """
    named = (
        (argument, "region"),
        (settings.region, "aws:region"),
        # boto3 itself reads only AWS_DEFAULT_REGION; pulumi-aws reads either variable.
        (os.environ.get("AWS_REGION"), "AWS_REGION"),
        (os.environ.get("AWS_DEFAULT_REGION"), "AWS_DEFAULT_REGION"),
    )
    for name, source in named:
        if name:
            return Region(name, source)
    profile = find_profile_name(settings.identity)[0]
    in_profile = read_profiles(settings.identity).get(profile, {}).get("region")
    return Region(in_profile, f'region of profile "{profile}"') if in_profile else None


def find_region_refusals(settings: Settings, argument: Any) -> list[str]:
    """Return why the region of the argument or the settings is refused for a new collaboration. An argument that is not known yet passes."""
    if not isinstance(argument, str | None):
        return []
    try:
        region = find_region(settings, argument)
    except ValueError as error:
        return [f"region: {error}"]
    if region is None:
        return [f"region: {NO_REGION}"]
    if not is_region_name(region.name):
        return [f"{region.source}: {explain_wrong_region_name(region.name)}"]
    reason = (
        None
        if "cleanrooms" in dict(settings.endpoints) or settings.skip_region_validation
        else explain_unknown_region(region.name)
    )
    advice = "If the region is right, upgrade boto3, or run `pulumi config set aws:skipRegionValidation true`"
    return [f"{region.source}: {reason} {advice}"] if reason else []


def is_region_name(name: str) -> bool:
    """Whether botocore takes the name for a region, whatever the endpoint is."""
    return bool(_REGION_NAME.fullmatch(name))


def explain_wrong_region_name(name: str) -> str:
    hint = f'; did you mean "{name.strip()}"?' if is_region_name(name.strip()) else ""
    return f'"{name}" cannot be a region, which has letters, digits and hyphens alone{hint}'


def explain_unknown_region(name: str) -> str | None:
    """Return why a name is not a region of Clean Rooms; None if it is one, or if the environment names an endpoint in the place of AWS's."""
    if name in list_regions() or any(
        os.environ.get(variable) for variable in ("AWS_ENDPOINT_URL_CLEANROOMS", "AWS_ENDPOINT_URL")
    ):
        return None
    nearest = difflib.get_close_matches(name, list_regions(), n=1)
    hint = (
        f'did you mean "{nearest[0]}"?'
        if nearest
        else f"the regions are {', '.join(list_regions())}."
    )
    return f'"{name}" is not a region of Clean Rooms in the endpoint data of botocore {read_botocore_version()}; {hint}'


@cache
def list_regions() -> tuple[str, ...]:
    """Return the regions of Clean Rooms, from botocore's endpoint data."""
    partitions = json.loads(read_botocore_data("endpoints.json"))["partitions"]
    # The service's endpoints also have names that are not regions, such as fips-us-east-1.
    return tuple(
        sorted(
            name
            for partition in partitions
            for name in partition["services"].get("cleanrooms", {}).get("endpoints", {})
            if name in partition["regions"]
        )
    )
