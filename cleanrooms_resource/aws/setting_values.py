"""The values of settings, read from the texts of a stack's configuration. A reader raises ``ValueError`` for a value that it does not accept."""

from __future__ import annotations

import difflib
import json
import os
import re
from typing import Any, Final

from cleanrooms_resource.declaration.botocore_data import list_services
from cleanrooms_resource.declaration.connection_form import ONE_FILE, canonicalize_part
from cleanrooms_resource.declaration.limits import find_account_violation, find_violation

URL: Final = re.compile(r"https?://[^/]")


class SettingError(ValueError):
    """The value of a setting is refused, for reasons of its own. Each begins with the path in the value: ``[0].roleArn: is required``."""

    def __init__(self, *reasons: str) -> None:
        super().__init__(*reasons)
        self.reasons = reasons


def read_retries(value: Any) -> int:
    if not str(value).isdecimal():
        raise ValueError
    return int(value)


def read_retry_mode(value: Any) -> str:
    if value not in ("standard", "adaptive"):
        raise ValueError
    return str(value)


def read_flag(value: Any) -> bool:
    if str(value).lower() not in ("true", "false"):
        raise ValueError
    return str(value).lower() == "true"


def read_proxy(value: Any) -> str:
    if not URL.match(str(value)):
        raise ValueError
    return str(value)


def read_endpoints(value: Any) -> tuple[tuple[str, str], ...]:
    """Merge pulumi-aws's form, a list of maps."""
    parsed = _parse_json(value)
    maps = parsed if isinstance(parsed, list) else [parsed]
    endpoints = sorted((service, address) for each in maps for service, address in each.items() if address)
    if not all(URL.match(address) for _, address in endpoints):
        raise ValueError
    for service, _ in endpoints:
        nearest = difflib.get_close_matches(service, ("cleanrooms", "sts"), n=1, cutoff=0.7)
        if nearest and service != nearest[0] and service not in list_services():
            raise SettingError(f': "{service}" is not a service of AWS; did you mean "{nearest[0]}"?')
    return tuple(endpoints)


def read_accounts(value: Any) -> tuple[str, ...]:
    accounts = _read_list(value)
    reason = next((reason for account in accounts if (reason := find_account_violation(account))), None)
    if reason:
        hint = " (on the command line, add `--type string`)" if "quote it" in reason else ""
        raise SettingError(f": {reason}{hint}")
    return tuple(sorted(accounts))


def read_file(value: Any) -> list[str]:
    files = _read_list(value)
    if len(files) > 1:
        raise SettingError(f": {ONE_FILE}")
    if not all(isinstance(file, str) and file for file in files):
        raise ValueError
    return files


def read_roles(value: Any) -> Any:
    return _read_part("assumeRoles", _read_list(value))


def read_web_identity(value: Any) -> Any:
    return _read_part("assumeRoleWithWebIdentity", _read_map(value))


def read_default_tags(value: Any) -> dict[str, str]:
    tags = _read_names(value, "tags").get("tags") or {}
    if not all(isinstance(part, str) for part in tags.values()):
        raise SettingError(".tags: every value must be a string; in YAML, quote it")
    reasons = [reason for key in tags if (reason := find_violation("TagKey", key) or find_violation("TagValue", tags[key]))]
    if reasons or any(key.lower().startswith("aws:") for key in tags):
        raise SettingError(f".tags: a key or a value {(reasons or ['must not begin with aws:, which AWS reserves'])[0]}")
    return tags


def read_ignored_tags(value: Any) -> tuple[tuple[str, ...], tuple[str, ...]]:
    names = _read_names(value, "keys", "keyPrefixes")
    keys, prefixes = names.get("keys") or [], names.get("keyPrefixes") or []
    if not all(isinstance(each, str) and each for each in (*keys, *prefixes)) or isinstance(keys, str) or isinstance(prefixes, str):
        raise ValueError
    return tuple(sorted(keys)), tuple(sorted(prefixes))


def read_default_tags_of_environment() -> dict[str, str]:
    """Return the default tags of the environment, as pulumi-aws reads them. Those of the setting stand before them."""
    prefix = "TF_AWS_DEFAULT_TAGS_"
    return {name.removeprefix(prefix): value for name, value in os.environ.items() if name.startswith(prefix)}


def read_ignored_tags_of_environment() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the ignored tags of the environment, as pulumi-aws reads them. Those of the setting are ignored as well."""
    texts = (os.environ.get(f"TF_AWS_IGNORE_TAGS_{name}", "") for name in ("KEYS", "KEY_PREFIXES"))
    keys, prefixes = (tuple(part.strip() for part in text.split(",") if part.strip()) for text in texts)
    return keys, prefixes


def _read_names(value: Any, *names: str) -> dict[str, Any]:
    parsed = _read_map(value)
    if not parsed.keys() <= set(names):
        raise ValueError
    return parsed


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
