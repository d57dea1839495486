"""AWS at the endpoint, seen and changed with boto3 alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from cleanrooms_resource.testing import Endpoint


@dataclass(frozen=True)
class Aws:
    """The endpoint, and a client of Clean Rooms for a region."""

    endpoint: Endpoint
    client: Callable[[str], Any]

    def collaborations(self, region: str = "us-east-1") -> dict[str, str]:
        """Return the ids and names of the collaborations in a region."""
        pages = self.client(region).get_paginator("list_collaborations").paginate()
        return {each["id"]: each["name"] for page in pages for each in page["collaborationList"]}
