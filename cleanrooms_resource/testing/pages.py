"""The pages of a listing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cleanrooms_resource.testing.error_response import ErrorResponse

if TYPE_CHECKING:
    from collections.abc import Sequence

PAGE_SIZE = 50
"""The number of items per page. The first page has only 1, because AWS may cut a page early."""


def cut_page(
    items: Sequence[Any], parameters: dict[str, Any]
) -> tuple[Sequence[Any], dict[str, str]]:
    """Return a page of a listing, and the fields of the response that lead to the next page, if there is one.

    Raises:
        ErrorResponse: the request's token is not a token of this listing.

    """
    token = parameters.get("nextToken") or "0"
    if not token.isdecimal():
        raise ErrorResponse(
            400,
            "ValidationException",
            "nextToken: is not a token of this listing",
            reason="FIELD_VALIDATION_FAILED",
        )
    start = int(token)
    end = start + (min(PAGE_SIZE, parameters.get("maxResults", PAGE_SIZE)) if start else 1)
    return items[start:end], {"nextToken": str(end)} if end < len(items) else {}
