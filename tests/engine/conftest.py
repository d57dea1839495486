from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from engine.doors import Door, cleanrooms
from engine.driver import EngineStack, create_stack

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="module", autouse=True)
def door(request: pytest.FixtureRequest) -> Iterator[Door]:
    """The door through which programs declare their collaborations: the dynamic resource, unless a module is marked
    with PLUGIN_DOOR."""
    cleanrooms.door = getattr(request, "param", Door.DYNAMIC)
    yield cleanrooms.door
    cleanrooms.door = Door.DYNAMIC


@pytest.fixture
def stack(tmp_path: Path, config: dict[str, str]) -> EngineStack:
    """A new stack with the endpoint's settings."""
    return create_stack(tmp_path, config)
