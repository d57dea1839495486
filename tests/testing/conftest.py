from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from cleanrooms_resource.testing import Endpoint


@pytest.fixture
def running(cleanrooms_endpoint: Endpoint) -> Endpoint:
    return cleanrooms_endpoint
