"""The recorded states themselves; tests/engine/test_states.py goes on from them."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from declarations import PARTNER
from engine import states
from engine.recordings import STATE_FOLDER, Recording
from pulumi.dynamic.dynamic import serialize_provider

from cleanrooms_resource.provider import CollaborationProvider

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NAMES = sorted(file.stem for file in STATE_FOLDER.glob("*.json"))


def find_providers(value: Any) -> Iterator[str]:
    """Every pickled provider in a state."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from [inner] if key == "__provider" and inner else find_providers(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from find_providers(inner)


def test_every_story_is_recorded_and_every_recording_has_its_story() -> None:
    assert sorted(states.STATE_STORIES) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_the_pickled_provider_in_a_state_is_what_is_pickled_now(name: str) -> None:
    assert set(find_providers(Recording.read(name).state)) == {
        serialize_provider(CollaborationProvider())
    }


@pytest.mark.parametrize("name", sorted(set(NAMES) - {"got", "refreshed-after-changes"}))
def test_the_first_version_previewed_its_own_state_as_unchanged(name: str) -> None:
    assert Recording.read(name).life["preview"] == {}


def test_the_first_version_previewed_what_get_reads_as_read_and_what_was_added_elsewhere_as_taken_away() -> (
    None
):
    partner, tag = f"members.{PARTNER}", "tags.added"

    previews = {
        name: Recording.read(name).life["preview"] for name in ("got", "refreshed-after-changes")
    }

    assert previews == {
        "got": {"ads": {"op": "read", "reasons": [], "detailed": []}},
        "refreshed-after-changes": {
            "ads": {"op": "replace", "reasons": ["members"], "detailed": [partner, tag]},
            "described": {
                "op": "replace",
                "reasons": ["members"],
                "detailed": ["description", partner, tag],
            },
            # What was never declared is not compared: neither the description, nor tags where there were none.
            "bare": {"op": "replace", "reasons": ["members"], "detailed": [partner]},
            "no-member-added": {"op": "update", "reasons": [], "detailed": [tag]},
        },
    }


def test_a_pending_delete_is_in_its_state() -> None:
    pending = [
        each
        for each in Recording.read("pending-delete").state["deployment"]["resources"]
        if each.get("delete")
    ]

    assert [each["urn"].rsplit("::", 1)[1] for each in pending] == ["ads"]


def test_no_state_shows_a_secret() -> None:
    recording = Recording.read("secret-members")

    assert all(secret in json.dumps(recording.aws) for secret in states.SECRETS)
    assert not any(secret in json.dumps(recording.state) for secret in states.SECRETS)


@pytest.mark.parametrize("name", NAMES)
def test_no_recording_names_a_place_on_the_machine(name: str) -> None:
    text = (STATE_FOLDER / f"{name}.json").read_text()

    assert re.findall(r"sourcePosition|stackTrace|file:|project:|127\.0\.0\.1|\.py\b", text) == []


@pytest.mark.parametrize("name", NAMES)
def test_a_recording_is_written_as_it_is_read(name: str) -> None:
    assert Recording.read(name).to_text() == (STATE_FOLDER / f"{name}.json").read_text()


def test_a_recording_is_never_overwritten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(states, "STATE_FOLDER", tmp_path)
    (tmp_path / "created.json").write_text("as it was")

    with pytest.raises(SystemExit, match=r"created\.json is there"):
        states.main(["created"])

    assert (tmp_path / "created.json").read_text() == "as it was"
