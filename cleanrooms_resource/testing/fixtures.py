"""Fixtures for pytest; in a ``conftest.py``: ``pytest_plugins = ["cleanrooms_resource.testing.fixtures"]``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cleanrooms_resource.testing.endpoint import Endpoint, endpoint

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def cleanrooms_endpoint() -> Iterator[Endpoint]:
    """An empty endpoint; its ``settings`` are a stack's configuration, its ``collaborations`` what is there."""
    with endpoint() as running:
        yield running
