"""Recorded states, on the real engine: what a released version left in the field, the code of today goes on from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from engine.driver import create_stack
from engine.recordings import Life, Recording
from engine.states import STATE_STORIES

if TYPE_CHECKING:
    from aws_account import Aws

pytestmark = pytest.mark.engine


DRIFT: dict[str, dict[str, tuple[str, ...]]] = {
    "refreshed-after-changes": {
        "ads": ("description",),
        "bare": ("description", "tags"),
        "no-member-added": ("description",),
    }
}
"""What somebody changed at AWS and version 0.1.0 never read, because nobody had declared it: names of states, of resources and of properties."""


class LifePair(NamedTuple):
    """A state's life with the code of today, and with the version that recorded it."""

    name: str
    current: Life
    recorded: dict[str, Any]


@pytest.fixture(scope="module", params=STATE_STORIES)
def lives(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, aws: Aws
) -> LifePair:
    """Each state is lived once, whole; the tests look at what was seen."""
    recording = Recording.read(request.param)
    stack = create_stack(tmp_path_factory.mktemp(request.param), aws.endpoint.settings)
    return LifePair(
        request.param,
        Life.run(recording, STATE_STORIES[request.param].program, stack, aws),
        recording.life,
    )


def list_visible(properties: dict[str, Any]) -> dict[str, Any]:
    """The properties that a program can see."""
    return {name: value for name, value in properties.items() if not name.startswith("__")}


def test_the_same_program_previews_what_it_previewed_then(lives: LifePair) -> None:
    assert lives.current.preview == lives.recorded["preview"]


def test_the_preview_makes_no_write(lives: LifePair) -> None:
    assert lives.current.preview_writes == []


def test_up_does_what_it_did_then(lives: LifePair) -> None:
    for each in ("up", "up_writes", "ids_after_up"):
        assert getattr(lives.current, each) == lives.recorded[each]


def test_a_refresh_shows_what_it_showed_then_and_the_drift_that_nobody_had_read(
    lives: LifePair,
) -> None:
    drift = len(DRIFT.get(lives.name, {}))

    assert lives.current.refresh == lives.recorded["refresh"] | ({"update": drift} if drift else {})


def test_a_refresh_makes_no_write(lives: LifePair) -> None:
    assert lives.current.refresh_writes == []


def test_a_refresh_keeps_every_resource_its_inputs_and_the_outputs_it_has(lives: LifePair) -> None:
    before, after = (
        {(each["urn"], each["id"]): each for each in resources}
        for resources in (lives.current.state_before, lives.current.state_after_refresh)
    )

    assert after.keys() == before.keys()
    for key, resource in before.items():
        outputs = list_visible(after[key]["outputs"])
        # What pulumi-aws did not know is added by the first refresh.
        assert outputs == outputs | list_visible(resource["outputs"])
        drift = DRIFT.get(lives.name, {}).get(resource["urn"].rsplit("::", 1)[1], ())
        inputs = {
            name: value
            for name, value in list_visible(after[key]["inputs"]).items()
            if name not in drift
        }
        # What `get` reads was never declared; its inputs are whatever was read.
        assert resource.get("external") or inputs == list_visible(resource["inputs"])


def test_destroy_deletes_what_it_deleted_then_and_leaves_nothing_in_the_state(
    lives: LifePair,
) -> None:
    assert lives.current.destroy_writes == lives.recorded["destroy_writes"]
    assert lives.current.ids_after_destroy == lives.recorded["ids_after_destroy"]
    assert lives.current.state_after_destroy == []
