"""The connection to AWS: boto3's clients for a stack's settings in one region. boto3 is imported only when a program connects."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cleanrooms_resource.aws.answers import explain_failures
from cleanrooms_resource.aws.clients import find_proxy_source, make_client
from cleanrooms_resource.aws.credentials import Identity, make_session
from cleanrooms_resource.aws.masking import UNUSABLE_ADDRESS, is_about_address, mask_addresses
from cleanrooms_resource.aws.profiles import find_profile_name
from cleanrooms_resource.aws.regions import (
    NO_REGION,
    explain_wrong_region_name,
    find_region,
    is_region_name,
)
from cleanrooms_resource.aws.waiting import read_clock
from cleanrooms_resource.dependencies import find_old_dependency
from cleanrooms_resource.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Iterator

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
    proxy: str | None = None
    """The setting or the variable with the proxy through which requests to Clean Rooms go."""
    _lock: threading.Lock = field(
        default_factory=threading.Lock, init=False, repr=False, compare=False
    )
    _answers: list[tuple[str, ClockReading | None]] = field(
        default_factory=list, init=False, repr=False, compare=False
    )

    @property
    def account(self) -> str:
        """The account that the credentials act in (GetCallerIdentity)."""
        return self._identity[0]

    @property
    def clock(self) -> ClockReading | None:
        """AWS's clock, as GetCallerIdentity's answer has it."""
        return self._identity[1]

    @property
    def _identity(self) -> tuple[str, ClockReading | None]:
        # Four resources at once ask AWS once. `cached_property` has a lock only up to Python 3.11. An answer that failed is not kept.
        with self._lock:
            if not self._answers:
                response = self.sts.get_caller_identity()
                self._answers.append((str(response["Account"]), read_clock(response)))
            return self._answers[0]


def connect(settings: Settings, region: str | None = None) -> Connection:
    """Return the connection for these settings. A process connects once per identity and region. ``region`` overrides the settings' region.

    Raises:
        SettingsError: a dependency is too old, a setting is refused, no region is set, or the settings do not allow the account.
        CollaborationError: the settings name accounts, and AWS does not answer which account the credentials act in.

    """
    old_dependency = find_old_dependency()
    if old_dependency:
        raise SettingsError(old_dependency)
    if settings.refusals:
        raise SettingsError(f"{'; '.join(settings.refusals)}.")
    with _explain_settings(settings):
        effective_region = find_region(settings, region)
    if effective_region is None:
        raise SettingsError(f"{NO_REGION[0].upper()}{NO_REGION[1:]}.")
    if not is_region_name(effective_region.name):
        reason = explain_wrong_region_name(effective_region.name)
        raise SettingsError(f"{effective_region.source}: {reason}.")
    key = (settings.select_for_clients(), effective_region.name)
    with _LOCK, _explain_settings(settings):
        if key not in _CONNECTIONS:
            _CONNECTIONS[key] = _make_connection(*key)
        connection = _CONNECTIONS[key]
    # The check of the account asks AWS, so the lock is free again.
    _refuse_other_accounts(settings, connection)
    return connection


_LOCK = threading.Lock()
_CONNECTIONS: dict[tuple[Settings, str], Connection] = {}


def _make_connection(settings: Settings, region: str) -> Connection:
    from botocore.config import Config

    session = make_session(settings, region)
    cleanrooms = make_client(session, "cleanrooms", region, settings)
    return Connection(
        region=region,
        credentials=settings.describe_credentials(),
        cleanrooms=cleanrooms,
        cleanrooms_without_retries=make_client(
            session,
            "cleanrooms",
            region,
            settings,
            config=Config(retries={"total_max_attempts": 1}),
        ),
        sts=make_client(session, "sts", settings.sts_region or region, settings),
        proxy=find_proxy_source(settings, cleanrooms.meta.endpoint_url),
    )


@contextmanager
def _explain_settings(settings: Settings) -> Iterator[None]:
    """Turn a failure of boto3 to connect into an error that names the credentials.

    Raises:
        SettingsError: the settings or the connection do not work.

    """
    from botocore.exceptions import BotoCoreError, ProfileNotFound

    try:
        yield
    except ProfileNotFound as error:
        name, source = find_profile_name(settings.identity)
        raise SettingsError(
            f'{_name_subject(settings)} not work (the profile "{name}" of {source}): {error}.'
        ) from None
    except (BotoCoreError, OSError, ValueError) as error:
        # Some messages of botocore have several lines.
        reason = (
            UNUSABLE_ADDRESS
            if is_about_address(error)
            else " ".join(mask_addresses(str(error)).split()).rstrip(".")
        )
        raise SettingsError(
            f"{_name_subject(settings)} not work ({settings.describe_credentials()}): {reason}."
        ) from None


def _name_subject(settings: Settings) -> str:
    identity = settings.identity
    if identity.is_of_connection:
        return "The connection does"
    if identity.is_of_command_line:
        return "The arguments do"
    return "The environment does" if identity == Identity() else "The aws: settings do"


def _refuse_other_accounts(settings: Settings, connection: Connection) -> None:
    if not settings.allowed and not settings.forbidden:
        return
    with explain_failures(
        f"asking which account the credentials ({connection.credentials}) act in"
    ):
        account = connection.account
    for allowed in settings.allowed:
        if account not in allowed.accounts:
            raise SettingsError(
                f"The credentials ({connection.credentials}) act in account {account}, which is not in {allowed.source}."
            )
    for forbidden in settings.forbidden:
        if account in forbidden.accounts:
            raise SettingsError(
                f"The credentials ({connection.credentials}) act in account {account}, which {forbidden.source} names."
            )
