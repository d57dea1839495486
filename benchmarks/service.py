"""AWS as the benchmarks see it: the embedded endpoint, each listing on one page, with latency or throttling where a benchmark asks."""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from unittest import mock

import boto3

from benchmarks.declarations import make_declaration
from cleanrooms_resource.testing import endpoint

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cleanrooms_resource.testing.endpoint import Endpoint

LATENCY = 0.1
"""The seconds that each call takes where calls have latency."""
RATE = 5
"""How many calls of each operation AWS takes per second where it throttles."""
_OPERATIONS = (
    "CreateCollaboration",
    "GetCollaboration",
    "ListMembers",
    "ListTagsForResource",
    "DeleteCollaboration",
)


@dataclass(frozen=True)
class Service:
    """An endpoint that is running."""

    endpoint: Endpoint
    client: Any

    def create(self, name: str) -> str:
        """Create a collaboration as the program of the benchmarks declares it; return its id."""
        declaration = make_declaration(name)
        members = [
            {"accountId": account, **member} for account, member in declaration["members"].items()
        ]
        return str(
            self.client.create_collaboration(**declaration | {"members": members})["collaboration"][
                "id"
            ]
        )

    @contextmanager
    def count_calls(self) -> Iterator[Counter[str]]:
        """Count the calls by operation while the context lasts; the counter is filled at its end. At most 10,000 calls are counted."""
        self.endpoint.requests.clear()
        calls: Counter[str] = Counter()
        yield calls
        calls.update(each.operation for each in self.endpoint.requests)

    @contextmanager
    def delay(self) -> Iterator[None]:
        """Give each call latency while the context lasts."""
        self.endpoint.faults.delay("*", LATENCY)
        yield
        self.endpoint.faults.clear()

    @contextmanager
    def throttle(self) -> Iterator[None]:
        """Throttle each operation while the context lasts."""
        for operation in _OPERATIONS:
            self.endpoint.faults.throttle(operation, RATE)
        yield
        self.endpoint.faults.clear()


@contextmanager
def run_service() -> Iterator[Service]:
    """Serve Clean Rooms on loopback while the context lasts."""
    # The endpoint cuts every first page short, so that tests meet a second one. AWS answers with up to 100 members a page.
    whole_pages: Any = mock.patch(
        "cleanrooms_resource.testing.endpoint.cut_page", lambda items, _: (items, {})
    )
    with whole_pages, endpoint() as running:
        running.quotas.clear()
        keys = {"aws_access_key_id": "local", "aws_secret_access_key": "local"}
        yield Service(
            running, boto3.client("cleanrooms", "us-east-1", endpoint_url=running.address, **keys)
        )
