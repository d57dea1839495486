"""docs/credentials.md has every setting and every part of a connection."""

from __future__ import annotations

from pathlib import Path

import pytest

from cleanrooms_resource.aws.setting_table import SETTINGS
from cleanrooms_resource.declaration.connection_shapes import AssumedRole, ConnectionShape

PAGE = (Path(__file__).parent.parent / "docs" / "credentials.md").read_text()


@pytest.mark.parametrize("name", SETTINGS)
def test_every_setting_is_on_the_page(name: str) -> None:
    assert f"`{name}`" in PAGE or f"`aws:{name}`" in PAGE


@pytest.mark.parametrize("name", ConnectionShape.model_fields)
def test_every_part_of_a_connection_is_on_the_page(name: str) -> None:
    assert f"`{name}`" in PAGE


@pytest.mark.parametrize("field", AssumedRole.model_fields.values())
def test_every_part_of_a_role_is_on_the_page(field: object) -> None:
    assert f"`{getattr(field, 'serialization_alias', '')}`" in PAGE
