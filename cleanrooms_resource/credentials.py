"""The stack's ``aws:`` settings, and the connection they make.

The settings are pulumi-aws's and mean the same. Without any, boto3's own chain decides. One that says who or where and cannot be honoured is refused,
never skipped: acting in the wrong account is the worst that can happen here. boto3 is imported only when a connection is made.
"""

from __future__ import annotations

import json
import os
import re
import threading
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from cleanrooms_resource.errors import SettingsError, explained

if TYPE_CHECKING:
    from collections.abc import Mapping

WITHOUT_EFFECT = frozenset({"s3UsePathStyle", "tagPolicyCompliance", "tokenBucketRateLimiterCapacity", "userAgents"})
"""Settings of pulumi-aws that say nothing about Clean Rooms; so do all that begin with ``skip``."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The ``aws:`` settings of a stack. ``refused`` has a sentence for each that cannot be honoured; with any, no connection is made.

    ``max_retries`` is how often a call is repeated after the first time; between two of them boto3 waits up to 20 s, and longer each time.
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
    refused: tuple[str, ...] = ()

    @property
    def credentials(self) -> str:
        """Which credentials these are, for an error: never the secret part."""
        if self.access_key:
            return f"the access key {self.access_key[:4]}... of aws:accessKey"
        return f'the profile "{self.profile}" of aws:profile' if self.profile else "boto3's default credentials"


_TEXTS = {"region": "region", "profile": "profile", "accessKey": "access_key", "secretKey": "secret_key", "token": "token"}
_ACCOUNTS = {"allowedAccountIds": "allowed_account_ids", "forbiddenAccountIds": "forbidden_account_ids"}


def settings(config: Mapping[str, Any]) -> Settings:
    """Read a stack's configuration (keys with their namespaces, structured values as JSON text). Never raises."""
    found: dict[str, Any] = {}
    refused: list[str] = []
    for key, value in config.items():
        namespace, _, name = key.partition(":")
        if namespace != "aws" or value in (None, "") or name in WITHOUT_EFFECT or name.startswith("skip"):
            continue
        if name in _TEXTS:
            found[_TEXTS[name]] = str(value)
        elif name in ("maxRetries", "retryMode"):
            if reason := _retries(name, str(value), found):
                refused.append(f"aws:{name}: {reason}")
        elif name in _ACCOUNTS or name == "endpoints":
            try:
                parsed = json.loads(value) if isinstance(value, str) else value
                found[_ACCOUNTS.get(name, name)] = _endpoints(parsed) if name == "endpoints" else _accounts(parsed)
            except (ValueError, TypeError, AttributeError):
                right = '[{"cleanrooms": "https://..."}]' if name == "endpoints" else '["111122223333"]'
                refused.append(f"aws:{name}: must be JSON like {right}")
        else:
            refused.append(f"aws:{name}: is not supported for Clean Rooms collaborations yet; remove it from the stack, or use pulumi-aws")
    return Settings(**found, refused=tuple(refused))


@dataclass(frozen=True)
class Connection:
    """Clients for one set of settings in one region. ``creating`` never sends a request twice: CreateCollaboration has no idempotency token."""

    region: str
    credentials: str
    cleanrooms: Any
    creating: Any
    sts: Any

    @cached_property
    def account(self) -> str:
        """The account these credentials act in (GetCallerIdentity)."""
        return str(self.sts.get_caller_identity()["Account"])


def connect(given: Settings, region: str | None = None) -> Connection:
    """The connection for these settings, made once a process. ``region`` comes before the settings' own.

    Raises:
        SettingsError: a setting is refused, no region is set, or the account is not one that the settings allow.
        CollaborationError: nobody says which account that is, where the settings ask.

    """
    with _LOCK:
        key = (given, region)
        if key not in _CONNECTIONS:
            _CONNECTIONS[key] = _connect(given, region)
        return _CONNECTIONS[key]


_LOCK = threading.Lock()
_CONNECTIONS: dict[tuple[Settings, str | None], Connection] = {}


def _connect(given: Settings, region: str | None) -> Connection:
    import boto3
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError

    if given.refused:
        raise SettingsError("; ".join(given.refused))
    try:
        session = boto3.Session(
            profile_name=given.profile,
            aws_access_key_id=given.access_key,
            aws_secret_access_key=given.secret_key,
            aws_session_token=given.token,
            # boto3 itself reads AWS_DEFAULT_REGION only; pulumi-aws takes either.
            region_name=region or given.region or os.environ.get("AWS_REGION"),
        )
        where = session.region_name
        if not where:
            raise SettingsError("no region is set: run `pulumi config set aws:region`, set AWS_REGION, or declare `region`")
        endpoints = dict(given.endpoints)
        cleanrooms = endpoints.get("cleanrooms")
        connection = Connection(
            region=where,
            credentials=given.credentials,
            cleanrooms=session.client("cleanrooms", endpoint_url=cleanrooms, config=_config(given)),
            creating=session.client("cleanrooms", endpoint_url=cleanrooms, config=Config(retries={"total_max_attempts": 1})),
            sts=session.client("sts", endpoint_url=endpoints.get("sts"), config=_config(given)),
        )
    except (BotoCoreError, OSError, ValueError) as error:
        raise SettingsError(f"the aws: settings do not work ({given.credentials}): {error}") from None
    if given.allowed_account_ids or given.forbidden_account_ids:
        with explained(f"asking which account {given.credentials} acts in"):
            account = connection.account
        if given.allowed_account_ids and account not in given.allowed_account_ids:
            raise SettingsError(f"the credentials act in account {account}, which is not in aws:allowedAccountIds")
        if account in given.forbidden_account_ids:
            raise SettingsError(f"the credentials act in account {account}, which aws:forbiddenAccountIds names")
    return connection


def _config(given: Settings) -> Any:
    from botocore.config import Config

    # Four collaborations at once, three reads each; with fewer connections urllib3 warns on the stack's screen.
    return Config(max_pool_connections=16, retries={"mode": given.retry_mode, "total_max_attempts": given.max_retries + 1})


def _retries(name: str, value: str, found: dict[str, Any]) -> str | None:
    """Keep a setting of retries in ``found``, or say what would be right."""
    if name == "retryMode":
        found["retry_mode"] = value
        return None if value in ("standard", "adaptive") else 'must be "standard" or "adaptive"'
    found["max_retries"] = int(value) if value.isdecimal() else 0
    return None if value.isdecimal() else "must be a number, 0 or more"


def _endpoints(parsed: Any) -> tuple[tuple[str, str], ...]:
    maps = parsed if isinstance(parsed, list) else [parsed]
    found = sorted((service, address) for each in maps for service, address in each.items() if address)
    if not all(re.match(r"https?://[^/]", address) for _, address in found):
        raise ValueError
    return tuple(found)


def _accounts(parsed: Any) -> tuple[str, ...]:
    if not isinstance(parsed, list) or not all(isinstance(account, str) for account in parsed):
        raise TypeError
    return tuple(sorted(parsed))
