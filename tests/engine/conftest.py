from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from engine.driver import Deployment, deployment

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def stack(tmp_path: Path, config: dict[str, str]) -> Deployment:
    """A new stack with the endpoint's settings."""
    return deployment(tmp_path, config)
