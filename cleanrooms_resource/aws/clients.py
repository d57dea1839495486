"""boto3's clients for the settings: their endpoints, retries, proxies and certificates."""

from __future__ import annotations

import re
import urllib.parse
import urllib.request
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final

from cleanrooms_resource.aws.waiting import is_cancelled, sleep_until_cancelled
from cleanrooms_resource.errors import RunCancelledError, SettingsError

if TYPE_CHECKING:
    from cleanrooms_resource.aws.settings import Settings


_WRITES: Final = re.compile(r"before-send\.cleanrooms\.(?!Get|List|BatchGet)")
"""The events of Clean Rooms' requests that write. A test compares it with botocore's model."""
_ATTEMPT: Final = re.compile(r"attempt=(\d+)")


def make_client(
    session: Any,
    service: str,
    region: str,
    settings: Settings,
    *,
    config: Any = None,
    **keys: str | None,
) -> Any:
    """Return a client of a botocore session. ``config`` overrides the settings' retries; ``keys`` override the session's credentials."""
    from botocore.config import Config

    # Four collaborations at once make three reads each; with fewer connections urllib3 warns on the stack's screen.
    common = Config(
        max_pool_connections=16,
        retries={"mode": settings.retry_mode, "total_max_attempts": settings.max_retries + 1},
        use_fips_endpoint=settings.use_fips_endpoint,
        use_dualstack_endpoint=settings.use_dualstack_endpoint,
    )
    if config is not None:
        common = common.merge(config)
    arguments: dict[str, Any] = {
        "region_name": region,
        "endpoint_url": dict(settings.endpoints).get(service),
        "verify": _find_verification(settings),
    }
    client = session.create_client(service, config=common, **arguments, **keys)
    if settings.http_proxy or settings.https_proxy or settings.no_proxy:
        # Only the client knows its address, and only the address says whether a proxy is to be left out.
        proxies = _find_proxies(settings, client.meta.endpoint_url)
        client = session.create_client(
            service, config=common.merge(Config(proxies=proxies)), **arguments, **keys
        )
    client.meta.events.register("before-send", _refuse_after_cancel)
    return client


def end_backoffs_on_cancel() -> None:
    """Have botocore's own waits between two attempts, of up to 20 s, end where the run is cancelled: for a process that Pulumi can cancel.

    botocore offers no public way; a test with a throttled read shows that it works.
    """
    from botocore import endpoint

    endpoint.time = SimpleNamespace(sleep=sleep_until_cancelled)


def _refuse_after_cancel(request: Any, event_name: str, **_: Any) -> None:
    """Let a cancelled run send only the first attempt of a request that reads: a look can still say what AWS has made.

    Raises:
        RunCancelledError: the run was cancelled.

    """
    if not is_cancelled():
        return
    is_write, attempt = (
        bool(_WRITES.match(event_name)),
        _ATTEMPT.search(str(request.headers.get("amz-sdk-request", ""))),
    )
    if attempt is None or attempt[1] == "1":
        if is_write:
            reason = (
                "the run was cancelled before the request was sent, so this request changed nothing"
            )
            raise RunCancelledError(f"{reason}.", reason=reason)
        return
    reason = "the run was cancelled, so the request was not sent again"
    if not is_write:
        raise RunCancelledError(f"{reason}.", reason=reason)
    reason += ". An earlier attempt failed, or AWS's answer to it was lost; the attempt may have taken effect"
    raise RunCancelledError(
        f"{reason}.",
        reason=reason,
        advice="Run `pulumi refresh` to see what AWS has, then run the command again.",
    )


def _find_verification(settings: Settings) -> bool | str | None:
    """Return boto3's ``verify``: whether the server's certificate is checked, or the file with the certificates to check it by."""
    if settings.insecure:
        return False
    if settings.custom_ca_bundle is None:
        return None
    path = Path(settings.custom_ca_bundle).expanduser()
    if not path.is_file():
        raise SettingsError(
            f"aws:customCaBundle: the file {settings.custom_ca_bundle} does not exist.",
            advice="Correct the path, or remove the setting with `pulumi config rm aws:customCaBundle`.",
        )
    return str(path)


def find_proxy_source(settings: Settings, address: str) -> str | None:
    """Return the setting or the variable with the proxy of an address; None if there is none."""
    scheme = urllib.parse.urlsplit(address).scheme
    if scheme not in _find_proxies(settings, address):
        return None
    own = {"http": settings.http_proxy, "https": settings.https_proxy}
    return f"aws:{scheme}Proxy" if own[scheme] else f"{scheme.upper()}_PROXY"


def _find_proxies(settings: Settings, address: str) -> dict[str, str]:
    """Return the proxies for an address. A setting stands before the variable of the environment that means the same."""
    own = {"http": settings.http_proxy, "https": settings.https_proxy, "no": settings.no_proxy}
    proxies = urllib.request.getproxies_environment() | {
        name: value for name, value in own.items() if value
    }
    host = urllib.parse.urlsplit(address).hostname or ""
    if urllib.request.proxy_bypass_environment(host, proxies):  # type: ignore[attr-defined] # typeshed does not list the function
        return {}
    return {name: proxies[name] for name in ("http", "https") if name in proxies}
