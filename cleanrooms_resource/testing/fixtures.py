"""Fixtures for pytest. To use them, put ``pytest_plugins = ["cleanrooms_resource.testing.fixtures"]`` into a ``conftest.py``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cleanrooms_resource.testing.endpoint import Endpoint, endpoint

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def cleanrooms_endpoint() -> Iterator[Endpoint]:
    """An empty endpoint. ``settings`` are the configuration of a stack that uses it, ``collaborations`` the collaborations by ID."""
    with endpoint() as running:
        yield running
