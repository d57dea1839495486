"""The connection to AWS: boto3's clients for a stack's settings in one region. boto3 is imported only when a program connects."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from cleanrooms_resource.aws.answers import explain_failures
from cleanrooms_resource.aws.masking import UNUSABLE_ADDRESS, is_about_address, mask_addresses
from cleanrooms_resource.aws.regions import NO_REGION, find_region
from cleanrooms_resource.aws.waiting import read_clock
from cleanrooms_resource.errors import SettingsError

if TYPE_CHECKING:
    from cleanrooms_resource.aws.settings import Settings
    from cleanrooms_resource.aws.waiting import ClockReading


@dataclass(frozen=True)
class Connection:
    """Clients for one set of settings in one region.

    ``cleanrooms_without_retries`` never sends a request twice, because CreateCollaboration has no idempotency token.
    """

    region: str
    credentials: str
    cleanrooms: Any
    cleanrooms_without_retries: Any
    sts: Any

    @property
    def account(self) -> str:
        """The account that the credentials act in (GetCallerIdentity)."""
        return self._identity[0]

    @property
    def clock(self) -> ClockReading | None:
        """AWS's clock, as GetCallerIdentity's answer has it."""
        return self._identity[1]

    @cached_property
    def _identity(self) -> tuple[str, ClockReading | None]:
        response = self.sts.get_caller_identity()
        return str(response["Account"]), read_clock(response)


def connect(settings: Settings, region: str | None = None) -> Connection:
    """Return the connection for these settings. A process connects once per settings and region. ``region`` overrides the settings' region.

    Raises:
        SettingsError: a setting is refused, no region is set, or the settings do not allow the account.
        CollaborationError: the settings name accounts, and AWS does not answer which account the credentials act in.

    """
    key = (settings, region)
    with _LOCK:
        if key not in _CONNECTIONS:
            _CONNECTIONS[key] = _make_connection(settings, region)
        connection = _CONNECTIONS[key]
    # The check of the account asks AWS, so the lock is free again.
    _refuse_other_accounts(settings, connection)
    return connection


_LOCK = threading.Lock()
_CONNECTIONS: dict[tuple[Settings, str | None], Connection] = {}


def _make_connection(settings: Settings, region: str | None) -> Connection:
    import boto3
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError
    from botocore.session import get_session

    if settings.refusals:
        raise SettingsError(f"{'; '.join(settings.refusals)}.")
    credentials = settings.describe_credentials()
    # Four collaborations at once make three reads each; with fewer connections urllib3 warns on the stack's screen.
    config = Config(max_pool_connections=16, retries={"mode": settings.retry_mode, "total_max_attempts": settings.max_retries + 1})
    endpoints = dict(settings.endpoints)
    try:
        effective_region = find_region(settings, region)
        if effective_region is None:
            raise SettingsError(f"{NO_REGION[0].upper()}{NO_REGION[1:]}.")
        core = get_session()
        session = boto3.Session(
            botocore_session=core,
            profile_name=settings.profile,
            aws_access_key_id=settings.access_key,
            aws_secret_access_key=settings.secret_key,
            aws_session_token=settings.token,
            region_name=effective_region.name,
        )
        _refuse_mfa(core)
        cleanrooms = endpoints.get("cleanrooms")
        return Connection(
            region=effective_region.name,
            credentials=credentials,
            cleanrooms=session.client("cleanrooms", endpoint_url=cleanrooms, config=config),
            cleanrooms_without_retries=session.client("cleanrooms", endpoint_url=cleanrooms, config=Config(retries={"total_max_attempts": 1})),
            sts=session.client("sts", endpoint_url=endpoints.get("sts"), config=config),
        )
    except (BotoCoreError, OSError, ValueError) as error:
        # Some messages of botocore have several lines.
        reason = UNUSABLE_ADDRESS if is_about_address(error) else " ".join(mask_addresses(str(error)).split()).rstrip(".")
        raise SettingsError(f"The aws: settings do not work ({credentials}): {reason}.") from None


def _refuse_mfa(session: Any) -> None:
    """Refuse a profile with a role that needs an MFA code: botocore would ask for the code where nobody can type it, and wait for ever."""
    credentials = session.get_credentials()
    # Keys of the settings or of the environment act before the profile does, and its role is never assumed.
    if credentials is None or credentials.method != "assume-role":
        return
    profiles = session.full_config.get("profiles", {})
    first = name = session.get_config_variable("profile") or "default"
    visited: set[str] = set()
    while name in profiles and name not in visited and "role_arn" in profiles[name]:
        profile = profiles[name]
        if visited and {"aws_access_key_id", "aws_secret_access_key", "web_identity_token_file"} & profile.keys():
            return
        if "mfa_serial" in profile:
            raise SettingsError(
                f'The profile "{name}" has mfa_serial, and nobody can type an MFA code while Pulumi runs.',
                advice=(
                    f'Run `eval "$(aws configure export-credentials --profile {first} --format env)"`, which asks for the code, and remove '
                    "`aws:profile` from the stack; or name a profile without mfa_serial."
                ),
            )
        visited.add(name)
        name = profile.get("source_profile", "")


def _refuse_other_accounts(settings: Settings, connection: Connection) -> None:
    if not settings.allowed_account_ids and not settings.forbidden_account_ids:
        return
    with explain_failures(f"asking which account the credentials ({connection.credentials}) act in"):
        account = connection.account
    if settings.allowed_account_ids and account not in settings.allowed_account_ids:
        raise SettingsError(f"The credentials act in account {account}, which is not in aws:allowedAccountIds.")
    if account in settings.forbidden_account_ids:
        raise SettingsError(f"The credentials act in account {account}, which aws:forbiddenAccountIds names.")
