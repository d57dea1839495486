"""`make up` and `make play` on the engine: every command that `make play` prints, typed as it is printed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from playing import make_checkout

from engine.plugin_projects import list_changes

if TYPE_CHECKING:
    from playing import Checkout

pytestmark = [pytest.mark.engine, pytest.mark.slowest]


@dataclass(frozen=True)
class Played:
    """A session with `make play`: what was printed, the status, and what was left at its end."""

    output: str
    status: int
    changes: str
    is_folder_left: bool


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    return make_checkout(tmp_path_factory.mktemp("checkout"))


@pytest.fixture(scope="module")
def played(checkout: Checkout) -> Played:
    with checkout.play() as playing:
        output = checkout.type(*playing.commands)
    return Played(
        output,
        playing.process.returncode,
        list_changes(checkout.folder),
        (checkout.folder / ".local").exists(),
    )


def test_the_typed_commands_let_a_partner_join(played: Played) -> None:
    assert "Account 222233334444 joined collaboration" in played.output


def test_the_typed_commands_preview_the_change_of_a_member(played: Played) -> None:
    assert '~ displayName: "Airline" => "Flights"' in played.output


def test_the_typed_commands_show_the_comment_with_who_has_joined(played: Played) -> None:
    assert (
        "**1 collaboration is replaced by a new collaboration**, because of `members`. 1 of 1 member has joined and must join again."
        in played.output
    )


def test_the_typed_commands_make_the_change(played: Played) -> None:
    assert "replaced" in played.output


def test_ctrl_c_ends_make_play_with_status_0(played: Played) -> None:
    assert played.status == 0


def test_nothing_is_kept_after_make_play(played: Played) -> None:
    assert not played.is_folder_left


def test_git_sees_no_change(played: Played) -> None:
    assert played.changes == ""


def test_make_up_prints_the_comment_and_leaves_nothing(checkout: Checkout) -> None:
    up = checkout.make("up")

    assert up.returncode == 0, up.stdout + up.stderr
    assert "**1 collaboration is replaced by a new collaboration**" in up.stdout
    assert not (checkout.folder / ".local").exists()
    assert list_changes(checkout.folder) == ""
