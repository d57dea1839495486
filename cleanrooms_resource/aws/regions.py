"""The region in which AWS creates a new collaboration, and whether Clean Rooms has that region.

Check uses this module, so the module does not import botocore: it parses botocore's endpoint data and AWS's shared files by itself.
"""

from __future__ import annotations

import configparser
import difflib
import json
import os
import shlex
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cleanrooms_resource.declaration.botocore_data import read_botocore_data, read_botocore_version

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cleanrooms_resource.aws.credentials import Identity
    from cleanrooms_resource.aws.settings import Settings

NO_REGION: Final = "no region is set. Run `pulumi config set aws:region REGION`, set AWS_REGION, or declare `region`"


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
    profile = (
        settings.identity.profile
        or os.environ.get("AWS_DEFAULT_PROFILE")
        or os.environ.get("AWS_PROFILE")
        or "default"
    )  # in botocore's order
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
    in_profile = _read_profile(profile, settings.identity).get("region")
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
    reason = (
        None
        if settings.endpoints or settings.skip_region_validation
        else explain_unknown_region(region.name)
    )
    advice = "If the region is right, upgrade boto3, or run `pulumi config set aws:skipRegionValidation true`"
    return [f"{region.source}: {reason} {advice}"] if reason else []


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


def _read_profile(profile: str, identity: Identity) -> dict[str, str]:
    """Return a profile's entries in the shared files, as botocore merges them: the credentials file overrides the config file."""
    entries: dict[str, str] = {}
    for section, values in _parse_file(
        identity.config_file or os.environ.get("AWS_CONFIG_FILE", "~/.aws/config")
    ):
        if section == "default" or section.startswith("profile"):
            # botocore reads "default" as a profile's section, and `profile "a b"` as the profile "a b".
            words = ["profile", section] if section == "default" else _split_section(section)
            entries = values if words[1:] == [profile] else entries
    for section, values in _parse_file(
        identity.credentials_file
        or os.environ.get("AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials")
    ):
        if section == profile:
            entries = entries | values
    return entries


def _parse_file(path: str) -> Iterator[tuple[str, dict[str, str]]]:
    parser = configparser.RawConfigParser()
    try:
        file = Path(os.path.expandvars(path)).expanduser()
        if not file.is_file():
            return
        parser.read(file)
    except RuntimeError:  # The user has no home folder.
        return
    except (configparser.Error, UnicodeDecodeError) as error:
        raise ValueError(f"the file {file} cannot be parsed: {_describe_parsing(error)}") from None
    for section in parser.sections():
        yield section, dict(parser.items(section))


def _describe_parsing(error: configparser.Error | UnicodeDecodeError) -> str:
    """Return what is wrong with a file, and in which line. The error's own message quotes the line, which may hold a key."""
    lines = [line for line, _ in getattr(error, "errors", ())] or [
        line for line in [getattr(error, "lineno", None)] if line
    ]
    return (
        f"{type(error).__name__} in line {', '.join(map(str, lines))}"
        if lines
        else type(error).__name__
    )


def _split_section(section: str) -> list[str]:
    try:
        return shlex.split(section)
    except ValueError:
        return []
