"""The settings that act for a resource: the stack's ``aws:`` settings, under the resource's connection.

The settings are pulumi-aws's and mean the same. Without settings, boto3's own chain decides. A setting that chooses the account or the region, and
that the provider does not support, is refused and never skipped: acting in the wrong account is the worst possible mistake.
"""

from __future__ import annotations

import difflib
import json
import os
import re
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from cleanrooms_resource.aws.credentials import Identity, read_identity
from cleanrooms_resource.changes.tag_rules import TagRules
from cleanrooms_resource.declaration.botocore_data import list_services
from cleanrooms_resource.declaration.connection_form import (
    IDENTITY_NAMES,
    ONE_FILE,
    canonicalize_part,
    names_identity,
)
from cleanrooms_resource.declaration.limits import find_account_violation, find_violation

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class Standing(Enum):
    """What this package does with a setting of pulumi-aws."""

    HONOURED = "honoured"
    REFUSED = "refused"
    WITHOUT_EFFECT = "without effect"


_HONOURED = (
    "accessKey",
    "allowedAccountIds",
    "assumeRoleWithWebIdentity",
    "assumeRoles",
    "customCaBundle",
    "defaultTags",
    "endpoints",
    "forbiddenAccountIds",
    "httpProxy",
    "httpsProxy",
    "ignoreTags",
    "insecure",
    "maxRetries",
    "noProxy",
    "profile",
    "region",
    "retryMode",
    "secretKey",
    "sharedConfigFiles",
    "sharedCredentialsFiles",
    "skipRegionValidation",
    "stsRegion",
    "token",
    "useDualstackEndpoint",
    "useFipsEndpoint",
)
_WITHOUT_EFFECT = (
    "s3UsEast1RegionalEndpoint",
    "s3UsePathStyle",
    "skipCredentialsValidation",
    "skipGetEc2Platforms",
    "skipMetadataApiCheck",
    "skipRequestingAccountId",
    "tagPolicyCompliance",
    "tokenBucketRateLimiterCapacity",
    "userAgents",
)
ADVICE: Final = {
    "assumeRole": "pulumi-aws 7 has `aws:assumeRoles` in its place, a list of roles. Run `pulumi config rm aws:assumeRole`, "
    "and set `aws:assumeRoles` with the role in a list",
    "ec2MetadataServiceEndpoint": "boto3 reads the address from the environment. Set AWS_EC2_METADATA_SERVICE_ENDPOINT, and remove the setting",
    "ec2MetadataServiceEndpointMode": "boto3 reads the mode from the environment. Set AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE, and remove the setting",
}
"""The settings that are refused, each with what to do instead."""

SETTINGS: Final = (
    dict.fromkeys(_HONOURED, Standing.HONOURED)
    | dict.fromkeys(_WITHOUT_EFFECT, Standing.WITHOUT_EFFECT)
    | dict.fromkeys(ADVICE, Standing.REFUSED)
)
"""Every setting that pulumi-aws lists, and some that its older versions had."""


def explain_refusal(name: str) -> str:
    if name in ADVICE:
        return f"aws:{name}: this setting is not supported for Clean Rooms collaborations: {ADVICE[name]}"
    nearest = difflib.get_close_matches(
        name, [each for each in SETTINGS if SETTINGS[each] is Standing.HONOURED], n=1
    )
    if nearest:
        return f'aws:{name}: this is not a setting of pulumi-aws 7; did you mean "aws:{nearest[0]}"? Correct the name, or remove the setting'
    return f"aws:{name}: this setting is not supported for Clean Rooms collaborations; remove the setting from the stack, or use pulumi-aws"


@dataclass(frozen=True, slots=True)
class AccountList:
    """Account ids, and the name of the list that the user wrote."""

    source: str
    accounts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings for a resource.

    ``refusals`` has a sentence per setting that is refused; the provider connects only if there is none. ``max_retries`` is how often boto3 repeats a
    call after the first attempt; between two attempts boto3 waits up to 20 s, and longer each time. An account must be in each of the ``allowed``
    lists and in none of the ``forbidden`` ones. A proxy's address may hold a password.
    """

    identity: Identity = field(default_factory=Identity)
    region: str | None = None
    sts_region: str | None = None
    endpoints: tuple[tuple[str, str], ...] = ()
    allowed: tuple[AccountList, ...] = ()
    forbidden: tuple[AccountList, ...] = ()
    max_retries: int = 9
    retry_mode: str = "standard"
    custom_ca_bundle: str | None = None
    http_proxy: str | None = field(default=None, repr=False)
    https_proxy: str | None = field(default=None, repr=False)
    no_proxy: str | None = None
    use_fips_endpoint: bool | None = None
    use_dualstack_endpoint: bool | None = None
    insecure: bool = False
    skip_region_validation: bool = False
    tag_rules: TagRules = field(default_factory=TagRules)
    refusals: tuple[str, ...] = ()

    def describe_credentials(self) -> str:
        """Name the credentials for an error, never with their secret part."""
        return self.identity.describe()

    def select_for_clients(self) -> Settings:
        """Return the settings without those that clients do not depend on, so that resources with the same identity share their clients."""
        return replace(
            self,
            region=None,
            allowed=(),
            forbidden=(),
            skip_region_validation=False,
            tag_rules=TagRules(),
        )


_DEFAULT_TAG: Final = "TF_AWS_DEFAULT_TAGS_"


def read_settings(config: Mapping[str, Any]) -> Settings:
    """Read a stack's configuration: keys with their namespaces, structured values as JSON text. Never raises."""
    fields: dict[str, Any] = {}
    refusals: list[str] = []
    for key, value in config.items():
        namespace, _, name = key.partition(":")
        if (
            namespace != "aws"
            or value in (None, "")
            or SETTINGS.get(name) is Standing.WITHOUT_EFFECT
        ):
            continue
        if name not in _READERS:
            refusals.append(explain_refusal(name))
            continue
        field_name, read, requirement = _READERS[name]
        try:
            fields[field_name] = read(value)
        except SettingError as error:
            refusals += [f"aws:{name}{reason}" for reason in error.reasons]
        except (ValueError, TypeError, AttributeError):
            refusals.append(f"aws:{name}: {requirement}")
    defaults = read_default_tags_of_environment() | dict(fields.pop("default_tags", {}))
    keys, prefixes = read_ignored_tags_of_environment()
    own_keys, own_prefixes = fields.pop("ignored_tags", ((), ()))
    fields["tag_rules"] = TagRules(
        tuple(sorted(defaults.items())),
        tuple(sorted({*keys, *own_keys})),
        tuple(sorted({*prefixes, *own_prefixes})),
    )
    identity = read_identity({name: fields.pop(name) for name in IDENTITY_NAMES if name in fields})
    for name in ("allowed", "forbidden"):
        fields[name] = tuple(
            AccountList(f"aws:{name}AccountIds", accounts)
            for accounts in [fields.get(name)]
            if accounts
        )
    settings = Settings(identity, **fields)
    return replace(settings, refusals=(*refusals, *_find_refusals(settings)))


def apply_connection(settings: Settings, connection: Mapping[str, Any] | None) -> Settings:
    """Return the settings for a resource with this canonical connection, whose every part is known.

    A connection that names any part of an identity drops the stack's whole identity, and with it the accounts that the stack allows. The accounts
    that the stack forbids stay forbidden. Endpoints are inherited one by one, everything else as it is.
    """
    if not connection:
        return settings
    allowed, forbidden = settings.allowed, settings.forbidden
    identity = settings.identity
    if names_identity(connection):
        identity, allowed = read_identity(connection, is_of_connection=True), ()
    if connection.get("allowedAccountIds"):
        allowed += (
            AccountList(
                "connection.allowed_account_ids", tuple(sorted(connection["allowedAccountIds"]))
            ),
        )
    if connection.get("forbiddenAccountIds"):
        forbidden += (
            AccountList(
                "connection.forbidden_account_ids", tuple(sorted(connection["forbiddenAccountIds"]))
            ),
        )
    endpoints = dict(settings.endpoints) | connection.get("endpoints", {})
    return replace(
        settings,
        identity=identity,
        allowed=allowed,
        forbidden=forbidden,
        endpoints=tuple(sorted(endpoints.items())),
    )


def _find_refusals(settings: Settings) -> list[str]:
    """Return the refusals of settings that do not work together."""
    refusals = []
    identity = settings.identity
    if bool(identity.access_key) != bool(identity.secret_key):
        missing, named = (
            ("secretKey", "accessKey") if identity.access_key else ("accessKey", "secretKey")
        )
        refusals.append(
            f"aws:{missing}: is required beside aws:{named}. Set both of them, or remove aws:{named}"
        )
    if identity.web_identity and identity.access_key:
        refusals.append(
            "aws:assumeRoleWithWebIdentity: must not stand beside aws:accessKey, because only one of them can act. Remove one"
        )
    if identity.token and not identity.access_key:
        refusals.append(
            "aws:token: needs aws:accessKey and aws:secretKey beside it. Set both of them, or remove aws:token"
        )
    own_addresses = [
        service for service, _ in settings.endpoints if service in ("cleanrooms", "sts")
    ]
    for name, is_used in (
        ("useFipsEndpoint", settings.use_fips_endpoint),
        ("useDualstackEndpoint", settings.use_dualstack_endpoint),
    ):
        if is_used and own_addresses:
            refusals.append(
                f"aws:{name}: must not stand beside the {own_addresses[0]} of aws:endpoints, which says the address already. Remove one"
            )
    return refusals


URL: Final = re.compile(r"https?://[^/]", re.IGNORECASE)


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
    endpoints = sorted(
        (service, address) for each in maps for service, address in each.items() if address
    )
    if not all(URL.match(address) for _, address in endpoints):
        raise ValueError
    for service, _ in endpoints:
        nearest = difflib.get_close_matches(service, ("cleanrooms", "sts"), n=1, cutoff=0.7)
        if nearest and service != nearest[0] and service not in list_services():
            raise SettingError(
                f': "{service}" is not a service of AWS; did you mean "{nearest[0]}"?'
            )
    return tuple(endpoints)


def read_accounts(value: Any) -> tuple[str, ...]:
    accounts = _read_list(value)
    reason = next(
        (reason for account in accounts if (reason := find_account_violation(account))), None
    )
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
    reasons = [
        reason
        for key in tags
        if (reason := find_violation("TagKey", key) or find_violation("TagValue", tags[key]))
    ]
    if reasons or any(key.lower().startswith("aws:") for key in tags):
        raise SettingError(
            f".tags: a key or a value {(reasons or ['must not begin with aws:, which AWS reserves'])[0]}"
        )
    return tags


def read_ignored_tags(value: Any) -> tuple[tuple[str, ...], tuple[str, ...]]:
    names = _read_names(value, "keys", "keyPrefixes")
    keys, prefixes = names.get("keys") or [], names.get("keyPrefixes") or []
    if (
        not all(isinstance(each, str) and each for each in (*keys, *prefixes))
        or isinstance(keys, str)
        or isinstance(prefixes, str)
    ):
        raise ValueError
    return tuple(sorted(keys)), tuple(sorted(prefixes))


def read_default_tags_of_environment(variables: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return the default tags of the environment, as pulumi-aws reads them. Those of the setting stand before them."""
    return {
        name.removeprefix(_DEFAULT_TAG): value
        for name, value in variables.items()
        if name.startswith(_DEFAULT_TAG)
    }


@cache
def list_variables_beyond_a_shell() -> dict[str, str]:
    """Return the variables that Pulumi's host never sees, as they were at the first call.

    Pulumi starts the host with a shell, and some shells drop names such as ``A_cost-center``.
    """
    return {
        name: value
        for name, value in os.environ.items()
        if name.startswith(_DEFAULT_TAG) and not re.fullmatch(r"\w+", name, re.ASCII)
    }


def add_variables(settings: Settings, variables: Mapping[str, str]) -> Settings:
    """Return the settings with the default tags of variables that this process does not see."""
    defaults = read_default_tags_of_environment(variables) | dict(settings.tag_rules.defaults)
    rules = replace(settings.tag_rules, defaults=tuple(sorted(defaults.items())))
    return replace(settings, tag_rules=rules)


def read_ignored_tags_of_environment() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the ignored tags of the environment, as pulumi-aws reads them. Those of the setting are ignored as well."""
    texts = (os.environ.get(f"TF_AWS_IGNORE_TAGS_{name}", "") for name in ("KEYS", "KEY_PREFIXES"))
    keys, prefixes = (
        tuple(part.strip() for part in text.split(",") if part.strip()) for text in texts
    )
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


_ACCOUNTS = 'must be JSON like ["111122223333"]'
_FILES = 'must be JSON like ["~/.aws/{}"]'
_FLAG = "must be true or false"
_PROXY = 'must be a URL such as "http://proxy.example.com:8080"'
_READERS: dict[str, tuple[str, Callable[[Any], Any], str]] = {
    "region": ("region", str, ""),
    "stsRegion": ("sts_region", str, ""),
    "profile": ("profile", str, ""),
    "accessKey": ("accessKey", str, ""),
    "secretKey": ("secretKey", str, ""),
    "token": ("token", str, ""),
    "sharedConfigFiles": ("sharedConfigFiles", read_file, _FILES.format("config")),
    "sharedCredentialsFiles": ("sharedCredentialsFiles", read_file, _FILES.format("credentials")),
    "assumeRoles": (
        "assumeRoles",
        read_roles,
        'must be JSON like [{"roleArn": "arn:aws:iam::111122223333:role/pulumi"}]',
    ),
    "assumeRoleWithWebIdentity": (
        "assumeRoleWithWebIdentity",
        read_web_identity,
        'must be JSON like {"roleArn": "arn:aws:iam::111122223333:role/pulumi", "webIdentityTokenFile": "/path"}',
    ),
    "customCaBundle": ("custom_ca_bundle", str, ""),
    "httpProxy": ("http_proxy", read_proxy, _PROXY),
    "httpsProxy": ("https_proxy", read_proxy, _PROXY),
    "noProxy": ("no_proxy", str, ""),
    "useFipsEndpoint": ("use_fips_endpoint", read_flag, _FLAG),
    "useDualstackEndpoint": ("use_dualstack_endpoint", read_flag, _FLAG),
    "insecure": ("insecure", read_flag, _FLAG),
    "maxRetries": ("max_retries", read_retries, "must be a number, 0 or more"),
    "retryMode": ("retry_mode", read_retry_mode, 'must be "standard" or "adaptive"'),
    "skipRegionValidation": ("skip_region_validation", read_flag, _FLAG),
    "defaultTags": (
        "default_tags",
        read_default_tags,
        'must be JSON like {"tags": {"team": "ads"}}',
    ),
    "ignoreTags": (
        "ignored_tags",
        read_ignored_tags,
        'must be JSON like {"keys": ["CostCenter"], "keyPrefixes": ["kubernetes.io/"]}',
    ),
    "endpoints": ("endpoints", read_endpoints, 'must be JSON like [{"cleanrooms": "https://..."}]'),
    "allowedAccountIds": ("allowed", read_accounts, _ACCOUNTS),
    "forbiddenAccountIds": ("forbidden", read_accounts, _ACCOUNTS),
}
"""Each supported setting: its field of ``Settings`` or its part of the identity, the function that reads its value, and the requirement on it."""
