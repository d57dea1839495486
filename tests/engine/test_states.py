"""Recorded states, on the real engine: what a released version left in the field, the code of today goes on from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from engine.driver import deployment
from engine.recordings import Life, Recording
from engine.states import STORIES

if TYPE_CHECKING:
    from cleanrooms import Aws

pytestmark = pytest.mark.engine


class Lives(NamedTuple):
    """A state's life with the code of today, and with the version that recorded it."""

    now: Life
    recorded: dict[str, Any]


@pytest.fixture(scope="module", params=STORIES)
def lives(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, aws: Aws) -> Lives:
    """Each state is lived once, whole; the tests look at what was seen."""
    recording = Recording.read(request.param)
    stack = deployment(tmp_path_factory.mktemp(request.param), aws.running.settings)
    return Lives(Life.of(recording, STORIES[request.param].program, stack, aws), recording.life)


def visible(properties: dict[str, Any]) -> dict[str, Any]:
    """The properties that a program can see."""
    return {name: value for name, value in properties.items() if not name.startswith("__")}


def test_the_same_program_previews_what_it_previewed_then(lives: Lives) -> None:
    assert lives.now.preview == lives.recorded["preview"]


def test_the_preview_makes_no_write(lives: Lives) -> None:
    assert lives.now.preview_writes == []


def test_up_does_what_it_did_then(lives: Lives) -> None:
    for each in ("up", "up_writes", "ids_after_up"):
        assert getattr(lives.now, each) == lives.recorded[each]


def test_a_refresh_shows_what_it_showed_then(lives: Lives) -> None:
    assert lives.now.refresh == lives.recorded["refresh"]


def test_a_refresh_makes_no_write(lives: Lives) -> None:
    assert lives.now.refresh_writes == []


def test_a_refresh_keeps_every_resource_its_inputs_and_the_outputs_it_has(lives: Lives) -> None:
    before, after = ({(each["urn"], each["id"]): each for each in resources} for resources in (lives.now.state_before, lives.now.state_after_refresh))

    assert after.keys() == before.keys()
    for key, resource in before.items():
        outputs = visible(after[key]["outputs"])
        # What pulumi-aws did not know is added by the first refresh.
        assert outputs == outputs | visible(resource["outputs"])
        # What `get` reads was never declared; its inputs are whatever was read.
        assert resource.get("external") or visible(after[key]["inputs"]) == visible(resource["inputs"])


def test_destroy_deletes_what_it_deleted_then_and_leaves_nothing_in_the_state(lives: Lives) -> None:
    assert lives.now.destroy_writes == lives.recorded["destroy_writes"]
    assert lives.now.ids_after_destroy == lives.recorded["ids_after_destroy"]
    assert lives.now.state_after_destroy == []
