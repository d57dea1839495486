"""docs/credentials.md has every setting and every part of a connection."""

from __future__ import annotations

from pathlib import Path

import pytest

from cleanrooms_resource.aws.settings import SETTINGS
from cleanrooms_resource.declaration.connection_shapes import ASSUMED_ROLE, CONNECTION
from cleanrooms_resource.declaration.spelling import to_snake_case

PAGE = (Path(__file__).parent.parent / "docs" / "credentials.md").read_text()


@pytest.mark.parametrize("name", SETTINGS)
def test_every_setting_is_on_the_page(name: str) -> None:
    assert f"`{name}`" in PAGE or f"`aws:{name}`" in PAGE


@pytest.mark.parametrize("name", [to_snake_case(name) for name in CONNECTION.parts])
def test_every_part_of_a_connection_is_on_the_page(name: str) -> None:
    assert f"`{name}`" in PAGE


@pytest.mark.parametrize("name", ASSUMED_ROLE.parts)
def test_every_part_of_a_role_is_on_the_page(name: str) -> None:
    assert f"`{name}`" in PAGE
