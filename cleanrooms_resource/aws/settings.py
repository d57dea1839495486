"""The settings that act for a resource: the stack's ``aws:`` settings, under the resource's connection.

The settings are pulumi-aws's and mean the same. Without settings, boto3's own chain decides. A setting that chooses the account or the region, and
that the provider does not support, is refused and never skipped: acting in the wrong account is the worst possible mistake.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from cleanrooms_resource.aws import setting_values as values
from cleanrooms_resource.aws.identity import Identity, read_identity
from cleanrooms_resource.aws.setting_table import SETTINGS, Standing, explain_refusal
from cleanrooms_resource.changes.tag_rules import TagRules
from cleanrooms_resource.declaration.connection_form import IDENTITY_NAMES, names_identity

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


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
        return replace(self, region=None, allowed=(), forbidden=(), skip_region_validation=False, tag_rules=TagRules())


def read_settings(config: Mapping[str, Any]) -> Settings:
    """Read a stack's configuration: keys with their namespaces, structured values as JSON text. Never raises."""
    fields: dict[str, Any] = {}
    refusals: list[str] = []
    for key, value in config.items():
        namespace, _, name = key.partition(":")
        if namespace != "aws" or value in (None, "") or SETTINGS.get(name) is Standing.WITHOUT_EFFECT:
            continue
        if name not in _READERS:
            refusals.append(explain_refusal(name))
            continue
        field_name, read, requirement = _READERS[name]
        try:
            fields[field_name] = read(value)
        except values.SettingError as error:
            refusals += [f"aws:{name}{reason}" for reason in error.reasons]
        except (ValueError, TypeError, AttributeError):
            refusals.append(f"aws:{name}: {requirement}")
    defaults = values.read_default_tags_of_environment() | dict(fields.pop("default_tags", {}))
    keys, prefixes = values.read_ignored_tags_of_environment()
    own_keys, own_prefixes = fields.pop("ignored_tags", ((), ()))
    fields["tag_rules"] = TagRules(tuple(sorted(defaults.items())), tuple(sorted({*keys, *own_keys})), tuple(sorted({*prefixes, *own_prefixes})))
    identity = read_identity({name: fields.pop(name) for name in IDENTITY_NAMES if name in fields})
    for name in ("allowed", "forbidden"):
        fields[name] = tuple(AccountList(f"aws:{name}AccountIds", accounts) for accounts in [fields.get(name)] if accounts)
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
        allowed += (AccountList("connection.allowed_account_ids", tuple(sorted(connection["allowedAccountIds"]))),)
    if connection.get("forbiddenAccountIds"):
        forbidden += (AccountList("connection.forbidden_account_ids", tuple(sorted(connection["forbiddenAccountIds"]))),)
    endpoints = dict(settings.endpoints) | connection.get("endpoints", {})
    return replace(settings, identity=identity, allowed=allowed, forbidden=forbidden, endpoints=tuple(sorted(endpoints.items())))


def _find_refusals(settings: Settings) -> list[str]:
    """Return the refusals of settings that do not work together."""
    refusals = []
    identity = settings.identity
    if bool(identity.access_key) != bool(identity.secret_key):
        missing, named = ("secretKey", "accessKey") if identity.access_key else ("accessKey", "secretKey")
        refusals.append(f"aws:{missing}: is required beside aws:{named}. Set both of them, or remove aws:{named}")
    if identity.web_identity and identity.access_key:
        refusals.append("aws:assumeRoleWithWebIdentity: must not stand beside aws:accessKey, because only one of them can act. Remove one")
    if identity.token and not identity.access_key:
        refusals.append("aws:token: needs aws:accessKey and aws:secretKey beside it. Set both of them, or remove aws:token")
    own_addresses = [service for service, _ in settings.endpoints if service in ("cleanrooms", "sts")]
    for name, is_used in (("useFipsEndpoint", settings.use_fips_endpoint), ("useDualstackEndpoint", settings.use_dualstack_endpoint)):
        if is_used and own_addresses:
            refusals.append(f"aws:{name}: must not stand beside the {own_addresses[0]} of aws:endpoints, which says the address already. Remove one")
    return refusals


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
    "sharedConfigFiles": ("sharedConfigFiles", values.read_file, _FILES.format("config")),
    "sharedCredentialsFiles": ("sharedCredentialsFiles", values.read_file, _FILES.format("credentials")),
    "assumeRoles": ("assumeRoles", values.read_roles, 'must be JSON like [{"roleArn": "arn:aws:iam::111122223333:role/pulumi"}]'),
    "assumeRoleWithWebIdentity": (
        "assumeRoleWithWebIdentity",
        values.read_web_identity,
        'must be JSON like {"roleArn": "arn:aws:iam::111122223333:role/pulumi", "webIdentityTokenFile": "/path"}',
    ),
    "customCaBundle": ("custom_ca_bundle", str, ""),
    "httpProxy": ("http_proxy", values.read_proxy, _PROXY),
    "httpsProxy": ("https_proxy", values.read_proxy, _PROXY),
    "noProxy": ("no_proxy", str, ""),
    "useFipsEndpoint": ("use_fips_endpoint", values.read_flag, _FLAG),
    "useDualstackEndpoint": ("use_dualstack_endpoint", values.read_flag, _FLAG),
    "insecure": ("insecure", values.read_flag, _FLAG),
    "maxRetries": ("max_retries", values.read_retries, "must be a number, 0 or more"),
    "retryMode": ("retry_mode", values.read_retry_mode, 'must be "standard" or "adaptive"'),
    "skipRegionValidation": ("skip_region_validation", values.read_flag, _FLAG),
    "defaultTags": ("default_tags", values.read_default_tags, 'must be JSON like {"tags": {"team": "ads"}}'),
    "ignoreTags": ("ignored_tags", values.read_ignored_tags, 'must be JSON like {"keys": ["CostCenter"], "keyPrefixes": ["kubernetes.io/"]}'),
    "endpoints": ("endpoints", values.read_endpoints, 'must be JSON like [{"cleanrooms": "https://..."}]'),
    "allowedAccountIds": ("allowed", values.read_accounts, _ACCOUNTS),
    "forbiddenAccountIds": ("forbidden", values.read_accounts, _ACCOUNTS),
}
"""Each supported setting: its field of ``Settings`` or its part of the identity, the function that reads its value, and the requirement on it."""
