"""The exceptions of boto3 without the secrets that they quote: session tokens in headers, passwords in the addresses of proxies and endpoints."""

from __future__ import annotations

import re
import traceback
from typing import Final

from cleanrooms_resource.errors import CollaborationError, CredentialsError, UnreachableError

UNUSABLE_ADDRESS: Final = "the address of an endpoint (`aws:endpoints`, AWS_ENDPOINT_URL) is not a URL that boto3 can use"
_UNUSABLE_PROXY: Final = "the address of the proxy (HTTPS_PROXY, HTTP_PROXY) is not a URL that boto3 can use"
_UNSENDABLE_HEADER: Final = (
    "the access key, the secret key, the session token or the proxy's password has a character that a request cannot hold, such as a line break. "
    "Nothing was sent"
)

# Up to the last @: a password that is not quoted as a URL wants may itself hold a slash, a quote, a line break or an @.
_USER_INFO = re.compile(r"(?<=://).*@", re.DOTALL)


def describe_exception(error: Exception) -> str:
    """Return an exception's class and message. Whatever stands between ``://`` and ``@`` is masked."""
    return f"{type(error).__name__}: {mask_addresses(str(error))}"


def mask_addresses(text: str) -> str:
    """Return the text without the ``user:password`` of an address in it."""
    return _USER_INFO.sub("***@", text)


def find_unsent(error: Exception) -> tuple[type[CollaborationError], str] | None:
    """Return the class and the reason of an exception that boto3 raised while it built a request; None where the request may have been sent.

    The reason quotes nothing: the messages of these exceptions hold a header, or a part of an address.
    """
    from botocore.exceptions import HTTPClientError

    is_wrapped = type(error) is HTTPClientError
    # botocore raises it while it handles the cause.
    cause = (error.__context__ if is_wrapped else None) or error
    calls = _list_calls(cause)
    if not is_wrapped and is_about_address(cause):
        return UnreachableError, UNUSABLE_ADDRESS
    if ("http.client", "putheader") in calls or any(module == "botocore.auth" for module, _ in calls):
        return CredentialsError, _UNSENDABLE_HEADER
    # urlopen makes the request, after the proxy's address was read.
    if is_wrapped and calls and not any(function == "urlopen" for _, function in calls):
        return UnreachableError, _UNUSABLE_PROXY
    return None


def is_about_address(error: BaseException) -> bool:
    """Whether the exception was raised where an address is taken apart. Its message may quote a part of a password."""
    return any(module == "urllib.parse" for module, _ in _list_calls(error))


def _list_calls(error: BaseException) -> set[tuple[str, str]]:
    """Return the functions in an exception's traceback, each with its module."""
    return {(str(frame.f_globals.get("__name__")), frame.f_code.co_name) for frame, _ in traceback.walk_tb(error.__traceback__)}
