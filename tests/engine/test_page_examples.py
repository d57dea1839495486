"""The examples of README.md and docs/, typed by a user on the real engine, page by page in a new folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pages.blocks import PAGES, Kind, find_kinds, read_page
from pages.terminal import Terminal

if TYPE_CHECKING:
    from pathlib import Path

    from cleanrooms_resource.testing import Endpoint

pytestmark = [pytest.mark.engine, pytest.mark.slowest]
WITHOUT_ENGINE = {Kind.TEST, Kind.SCRIPT, Kind.SETTINGS, Kind.WORKFLOW}


@pytest.mark.parametrize(
    "page",
    [page for page in PAGES if find_kinds(page) - WITHOUT_ENGINE],
    ids=lambda page: page.name,
)
def test_the_examples_of_a_page_run_on_the_engine(
    page: Path, cleanrooms_endpoint: Endpoint, tmp_path: Path
) -> None:
    (tmp_path / "user").mkdir()
    (tmp_path / "home").mkdir()
    terminal = Terminal(tmp_path / "user", tmp_path / "home", cleanrooms_endpoint, find_kinds(page))

    for example in read_page(page, terminal.evaluate):
        example.evaluate()
