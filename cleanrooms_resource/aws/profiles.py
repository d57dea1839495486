"""AWS's shared files, read without botocore, which no Check imports."""

from __future__ import annotations

import configparser
import os
import shlex
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cleanrooms_resource.aws.credentials import Identity


def find_profile_name(identity: Identity) -> tuple[str, str | None]:
    """Return the profile in effect, and the setting or the variable that names it."""
    if identity.profile:
        return identity.profile, identity.spell("profile")
    for variable in ("AWS_DEFAULT_PROFILE", "AWS_PROFILE"):  # in botocore's order
        if variable in os.environ:
            return os.environ[variable], variable
    return "default", None


def read_profiles(identity: Identity) -> dict[str, dict[str, str]]:
    """Return the profiles' entries as botocore merges them: the credentials file overrides.

    Raises:
        ValueError: a file cannot be parsed. boto3 cannot parse it either.

    """
    profiles: dict[str, dict[str, str]] = {}
    for section, values in _parse_file(find_config_file(identity)):
        # botocore reads "default" as a profile, and `profile "a b"` as the profile "a b".
        words = ["profile", section] if section == "default" else _split_section(section)
        if len(words) == 2 and words[0] == "profile":  # noqa: PLR2004 - the word and the name
            profiles[words[1]] = values
    for section, values in _parse_file(find_credentials_file(identity)):
        profiles[section] = profiles.get(section, {}) | values
    return profiles


def describe_files(identity: Identity) -> str:
    return f"{find_config_file(identity)} or {find_credentials_file(identity)}"


def find_config_file(identity: Identity) -> str:
    return identity.config_file or os.environ.get("AWS_CONFIG_FILE", "~/.aws/config")


def find_credentials_file(identity: Identity) -> str:
    return identity.credentials_file or os.environ.get(
        "AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials"
    )


def list_role_profiles(name: str, profiles: Mapping[str, Mapping[str, str]]) -> list[str]:
    """Return the profiles whose roles botocore assumes for a profile, the profile itself first.

    The last one may be missing from the files.
    """
    names: list[str] = []
    if name not in profiles:
        return names
    while name not in names:
        profile = profiles.get(name, {})
        has_own_keys = {"aws_access_key_id", "aws_secret_access_key"} & profile.keys()
        if name in profiles and ("role_arn" not in profile or (names and has_own_keys)):
            break
        if "web_identity_token_file" in profile:
            break  # botocore then reads neither source_profile nor mfa_serial.
        names.append(name)
        if "source_profile" not in profile:
            break
        name = profile["source_profile"]
    return names


def explain_mfa(profile: str) -> str:
    return (
        f'The profile "{profile}" has mfa_serial, '
        "and nobody can type an MFA code while Pulumi runs."
    )


def advise_on_mfa(identity: Identity, profile: str) -> str:
    where = "resource" if identity.is_of_connection else "stack"
    if identity.is_of_command_line:
        where = "command"
    removal = ""
    if identity.profile:  # Without it, the keys of the environment act before any other profile.
        removal = f", and remove `{identity.spell('profile')}` from the {where}"
    return (
        f'Run `eval "$(aws configure export-credentials --profile {profile} --format env)"`, '
        f"which asks for the code{removal}; or name a profile without mfa_serial."
    )


def _parse_file(path: str) -> list[tuple[str, dict[str, str]]]:
    # As for botocore, a file in a folder that cannot be entered is not there.
    file = os.path.expanduser(os.path.expandvars(path))  # noqa: PTH111 - Path raises without a home
    try:
        status = os.stat(file)  # noqa: PTH116 - as the line above
    except OSError:
        return []
    return _parse_version(file, (status.st_mtime_ns, status.st_size))


@lru_cache(maxsize=8)
def _parse_version(file: str, _version: tuple[int, int]) -> list[tuple[str, dict[str, str]]]:
    """Parse a file once a process, however many resources a program has."""
    parser = configparser.RawConfigParser()
    try:
        parser.read(file)
    except (configparser.Error, UnicodeDecodeError) as error:
        raise ValueError(f"the file {file} cannot be parsed: {_describe_parsing(error)}") from None
    return [(section, dict(parser.items(section))) for section in parser.sections()]


def _describe_parsing(error: configparser.Error | UnicodeDecodeError) -> str:
    """Return what is wrong with a file, and in which line.

    The error's own message quotes the line, which may hold a key.
    """
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
