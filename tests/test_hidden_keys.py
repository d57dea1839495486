"""The names of hidden keys, which are part of users' states: each is documented, and each that a version wrote is known."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cleanrooms_resource import hidden_keys
from cleanrooms_resource.changes.takeover import DYNAMIC_TYPE, PLUGIN_TYPE
from cleanrooms_resource.provider import CollaborationProvider

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "state.md").read_text()
KEYS = {
    value for name, value in vars(hidden_keys).items() if name.isupper() and isinstance(value, str)
}


def test_the_page_has_every_hidden_key() -> None:
    assert {*re.findall(r"^\| `(__\w+)` \|", PAGE, re.MULTILINE)} == KEYS


@pytest.mark.parametrize(
    "state", sorted((ROOT / "tests" / "states").glob("*.json")), ids=lambda path: path.stem
)
def test_every_hidden_key_of_a_recorded_state_is_known(state: Path) -> None:
    keys = {*re.findall(r'"(__\w+)"', state.read_text())}

    assert keys
    assert keys <= KEYS


def test_the_page_names_the_types_and_the_import_path_that_are_in_states() -> None:
    path = f"{CollaborationProvider.__module__}.{CollaborationProvider.__qualname__}"

    assert all(f"`{name}`" in PAGE for name in (DYNAMIC_TYPE, PLUGIN_TYPE, path))
