"""The stack's ``aws:`` settings.

The settings are pulumi-aws's and mean the same. Without settings, boto3's own chain decides. A setting that chooses the account or the region, and
that the provider does not support, is refused and never skipped: acting in the wrong account is the worst possible mistake.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

SETTINGS_WITHOUT_EFFECT = frozenset({"s3UsePathStyle", "tagPolicyCompliance", "tokenBucketRateLimiterCapacity", "userAgents"})
"""Settings of pulumi-aws that do not concern Clean Rooms. Settings that begin with ``skip`` do not either, except ``skipRegionValidation``."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The ``aws:`` settings of a stack.

    ``refusals`` has a sentence per setting that is refused; the provider connects only if there is none. ``max_retries`` is how often boto3 repeats a
    call after the first attempt; between two attempts boto3 waits up to 20 s, and longer each time.
    """

    region: str | None = None
    profile: str | None = None
    access_key: str | None = field(default=None, repr=False)
    secret_key: str | None = field(default=None, repr=False)
    token: str | None = field(default=None, repr=False)
    endpoints: tuple[tuple[str, str], ...] = ()
    allowed_account_ids: tuple[str, ...] = ()
    forbidden_account_ids: tuple[str, ...] = ()
    max_retries: int = 9
    retry_mode: str = "standard"
    skip_region_validation: bool = False
    refusals: tuple[str, ...] = ()

    def describe_credentials(self) -> str:
        """Name the credentials for an error, never with their secret part."""
        if self.access_key:
            return f"the access key {self.access_key[:4]}... of aws:accessKey"
        return f'the profile "{self.profile}" of aws:profile' if self.profile else "boto3's default credentials"


def read_settings(config: Mapping[str, Any]) -> Settings:
    """Read a stack's configuration: keys with their namespaces, structured values as JSON text. Never raises."""
    values: dict[str, Any] = {}
    refusals: list[str] = []
    for key, value in config.items():
        namespace, _, name = key.partition(":")
        if namespace != "aws" or value in (None, "") or name in SETTINGS_WITHOUT_EFFECT:
            continue
        if name not in _READERS and name.startswith("skip"):
            continue
        if name not in _READERS:
            refusals.append(
                f"aws:{name}: this setting is not supported for Clean Rooms collaborations; remove the setting from the stack, or use pulumi-aws"
            )
            continue
        field_name, read, requirement = _READERS[name]
        try:
            values[field_name] = read(value)
        except (ValueError, TypeError, AttributeError):
            refusals.append(f"aws:{name}: {requirement}")
    return Settings(**values, refusals=tuple(refusals))


def _read_retries(value: Any) -> int:
    if not str(value).isdecimal():
        raise ValueError
    return int(value)


def _read_retry_mode(value: Any) -> str:
    if value not in ("standard", "adaptive"):
        raise ValueError
    return str(value)


def _read_flag(value: Any) -> bool:
    if str(value).lower() not in ("true", "false"):
        raise ValueError
    return str(value).lower() == "true"


def _read_endpoints(value: Any) -> tuple[tuple[str, str], ...]:
    parsed = _parse_json(value)
    maps = parsed if isinstance(parsed, list) else [parsed]
    endpoints = sorted((service, address) for each in maps for service, address in each.items() if address)
    if not all(re.match(r"https?://[^/]", address) for _, address in endpoints):
        raise ValueError
    return tuple(endpoints)


def _read_accounts(value: Any) -> tuple[str, ...]:
    parsed = _parse_json(value)
    if not isinstance(parsed, list) or not all(isinstance(account, str) for account in parsed):
        raise TypeError
    return tuple(sorted(parsed))


def _parse_json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


_ACCOUNTS = 'must be JSON like ["111122223333"]'
_READERS: dict[str, tuple[str, Callable[[Any], Any], str]] = {
    "region": ("region", str, ""),
    "profile": ("profile", str, ""),
    "accessKey": ("access_key", str, ""),
    "secretKey": ("secret_key", str, ""),
    "token": ("token", str, ""),
    "maxRetries": ("max_retries", _read_retries, "must be a number, 0 or more"),
    "retryMode": ("retry_mode", _read_retry_mode, 'must be "standard" or "adaptive"'),
    "skipRegionValidation": ("skip_region_validation", _read_flag, "must be true or false"),
    "endpoints": ("endpoints", _read_endpoints, 'must be JSON like [{"cleanrooms": "https://..."}]'),
    "allowedAccountIds": ("allowed_account_ids", _read_accounts, _ACCOUNTS),
    "forbiddenAccountIds": ("forbidden_account_ids", _read_accounts, _ACCOUNTS),
}
"""Each supported setting: its field of ``Settings``, the function that reads its value, and the requirement on the value."""
