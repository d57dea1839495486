from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from xdist import is_xdist_worker

from engine.doors import Door, cleanrooms
from engine.driver import EngineStack, create_stack
from engine.plugin_projects import Installations

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from aws_account import Aws


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


@pytest.fixture
def killable_stack(tmp_path: Path, config: dict[str, str]) -> EngineStack:
    """As ``stack``, with hosts that ``kill_host`` finds."""
    return create_stack(tmp_path, config, warm=False)


@pytest.fixture(scope="session")
def installations(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, aws: Aws
) -> Installations:
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if is_xdist_worker(request) else base) / "installations"
    folder.mkdir(exist_ok=True)
    return Installations(folder, aws)
