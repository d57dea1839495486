from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from engine.driver import EngineStack, create_stack

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def stack(tmp_path: Path, config: dict[str, str]) -> EngineStack:
    """A new stack with the endpoint's settings."""
    return create_stack(tmp_path, config)
