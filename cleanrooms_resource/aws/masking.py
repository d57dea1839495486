"""The exceptions of boto3 without the secrets that they quote: session tokens in headers, passwords in the addresses of proxies and endpoints."""

from __future__ import annotations

import re
import traceback
from collections.abc import Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from cleanrooms_resource.declaration.limits import list_words
from cleanrooms_resource.errors import CollaborationError, CredentialsError, UnreachableError

if TYPE_CHECKING:
    from collections.abc import Iterator

_SHORTEST_SECRET: Final = 3
UNUSABLE_ADDRESS: Final = (
    "the address of an endpoint (`aws:endpoints`, AWS_ENDPOINT_URL) is not a URL that boto3 can use"
)
_UNUSABLE_PROXY: Final = "the address of the proxy (`aws:httpsProxy`, `aws:httpProxy`, HTTPS_PROXY, HTTP_PROXY) is not a URL that boto3 can use"
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


@contextmanager
def hide_values(properties: Mapping[str, Any]) -> Iterator[None]:
    """Hide the texts of these properties in an error of this package. AWS's own messages quote the values that AWS refuses.

    Raises:
        CollaborationError: the error without the texts.

    """
    try:
        yield
    except CollaborationError as error:
        # The words of the API are no secrets, and a text of 1 or 2 characters is a part of other words.
        texts = {
            text for text in _list_texts(properties) if len(text) >= _SHORTEST_SECRET
        } - list_words()
        longest_first = "|".join(re.escape(text) for text in sorted(texts, key=len, reverse=True))
        if not texts or not re.search(longest_first, error.what_happened):
            raise
        what_happened, reason = (
            re.sub(longest_first, "[secret]", text) for text in (error.what_happened, error.reason)
        )
        raise error.rephrase(what_happened, reason=reason) from None


def _list_texts(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for part in value.values():
            yield from _list_texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _list_texts(part)
    elif isinstance(value, str):
        yield value


def find_unsent(error: Exception) -> tuple[type[CollaborationError], str] | None:
    """Return the class and the reason of an exception that boto3 raised while it built a request; None where the request may have been sent.

    The reason quotes nothing: the messages of these exceptions hold a header, or a part of an address.
    """
    from botocore.exceptions import HTTPClientError, NoCredentialsError

    if isinstance(error, NoCredentialsError):
        # botocore finds that there are none where it signs, and its own sentence says so.
        return None
    is_wrapped = type(error) is HTTPClientError
    # botocore raises it while it handles the cause.
    cause = (error.__context__ if is_wrapped else None) or error
    calls = _list_calls(cause)
    if not is_wrapped and is_about_address(cause):
        return UnreachableError, UNUSABLE_ADDRESS
    if ("http.client", "putheader") in calls or any(
        module == "botocore.auth" for module, _ in calls
    ):
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
    return {
        (str(frame.f_globals.get("__name__")), frame.f_code.co_name)
        for frame, _ in traceback.walk_tb(error.__traceback__)
    }
