"""Requests with JSON to the API of a host of pull requests."""

from __future__ import annotations

import http.client
import json
import urllib.error
import urllib.request
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

_TIMEOUT: Final = 60.0
_MAX_REASON_LENGTH: Final = 300


class PostingError(Exception):
    """The comment cannot be posted. The message says why."""


class NotFoundError(PostingError):
    """The host knows no such comment, because another run deleted it, say."""


def send(method: str, url: str, headers: Mapping[str, str], content: object = None) -> Any:
    """Send the content as JSON; return the answer, read as JSON, or None where the answer is empty. ``headers`` has the credentials.

    Raises:
        NotFoundError: the host answers with the status 404.
        PostingError: the address is not one of HTTP, the host does not answer, or the host refuses the request.

    """
    host = urlsplit(url).netloc
    if not url.startswith(("http://", "https://")):
        raise PostingError(f"The address {url} of the API does not begin with https://.")
    data = None if content is None else json.dumps(content).encode()
    request = urllib.request.Request(url, data, {**headers, "Content-Type": "application/json"}, method=method)  # noqa: S310 - checked above
    try:
        with urllib.request.urlopen(request, timeout=_TIMEOUT) as response:  # noqa: S310 - checked above
            answer = response.read()
        return json.loads(answer) if answer else None
    except urllib.error.HTTPError as error:
        kind = NotFoundError if error.code == http.client.NOT_FOUND else PostingError
        reason = " ".join(error.read().decode(errors="replace").split())[:_MAX_REASON_LENGTH]
        raise kind(f"{host} answered {method} {urlsplit(url).path} with the status {error.code}: {reason}") from None
    except (OSError, http.client.HTTPException) as error:
        raise PostingError(f"{host} did not answer: {getattr(error, 'reason', None) or error}") from None
    except ValueError:
        raise PostingError(f"{host} answered {method} {urlsplit(url).path} with text that is not JSON.") from None
