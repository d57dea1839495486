"""The values of settings, read from the texts of a stack's configuration. A reader raises ``ValueError`` for a value that it does not accept."""

from __future__ import annotations

import json
import re
from typing import Any, Final

from cleanrooms_resource.declaration.connection_form import ONE_FILE, canonicalize_part
from cleanrooms_resource.declaration.limits import find_account_violation

URL: Final = re.compile(r"https?://[^/]")


class SettingError(ValueError):
    """The value of a setting is refused, for reasons of its own. Each begins with the path in the value: ``[0].roleArn: is required``."""

    def __init__(self, *reasons: str) -> None:
        super().__init__(*reasons)
        self.reasons = reasons


def read_retries(value: Any) -> int:
    """Return a number of retries."""
    if not str(value).isdecimal():
        raise ValueError
    return int(value)


def read_retry_mode(value: Any) -> str:
    """Return boto3's retry mode."""
    if value not in ("standard", "adaptive"):
        raise ValueError
    return str(value)


def read_flag(value: Any) -> bool:
    """Return true or false."""
    if str(value).lower() not in ("true", "false"):
        raise ValueError
    return str(value).lower() == "true"


def read_proxy(value: Any) -> str:
    """Return the address of a proxy."""
    if not URL.match(str(value)):
        raise ValueError
    return str(value)


def read_endpoints(value: Any) -> tuple[tuple[str, str], ...]:
    """Return the addresses of services. pulumi-aws has a list of maps."""
    parsed = _parse_json(value)
    maps = parsed if isinstance(parsed, list) else [parsed]
    endpoints = sorted((service, address) for each in maps for service, address in each.items() if address)
    if not all(URL.match(address) for _, address in endpoints):
        raise ValueError
    return tuple(endpoints)


def read_accounts(value: Any) -> tuple[str, ...]:
    """Return account ids."""
    accounts = _read_list(value)
    reason = next((reason for account in accounts if (reason := find_account_violation(account))), None)
    if reason:
        raise SettingError(f": {reason}")
    return tuple(sorted(accounts))


def read_file(value: Any) -> list[str]:
    """Return the path of a shared file, in a list."""
    files = _read_list(value)
    if len(files) > 1:
        raise SettingError(f": {ONE_FILE}")
    if not all(isinstance(file, str) and file for file in files):
        raise ValueError
    return files


def read_roles(value: Any) -> Any:
    """Return the canonical form of ``assumeRoles``."""
    return _read_part("assumeRoles", _read_list(value))


def read_web_identity(value: Any) -> Any:
    """Return the canonical form of ``assumeRoleWithWebIdentity``."""
    return _read_part("assumeRoleWithWebIdentity", _read_map(value))


def _read_part(name: str, parsed: Any) -> Any:
    form, failures = canonicalize_part(name, parsed)
    if failures:
        raise SettingError(*(failure.to_sentence().removeprefix(name) for failure in failures))
    return form


def _read_list(value: Any) -> list[Any]:
    parsed = _parse_json(value)
    if not isinstance(parsed, list):
        raise TypeError
    return parsed


def _read_map(value: Any) -> dict[str, Any]:
    parsed = _parse_json(value)
    if not isinstance(parsed, dict):
        raise TypeError
    return parsed


def _parse_json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value
