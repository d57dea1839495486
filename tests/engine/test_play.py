"""`make up` and `make play` on the engine: every command that `make up` prints, typed as it is printed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from playing import find_free_port, list_commands, make_checkout

from engine.plugin_projects import list_changes

if TYPE_CHECKING:
    from playing import Checkout

pytestmark = [pytest.mark.engine, pytest.mark.slowest]


@dataclass(frozen=True)
class Played:
    """Two sessions with `make play`: what the typed commands printed, the statuses of `make play`, and what git calls changed at the end."""

    output: str
    preview_in_second_session: str
    statuses: tuple[int, int]
    changes: str


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    return make_checkout(tmp_path_factory.mktemp("checkout"))


@pytest.fixture(scope="module")
def played(checkout: Checkout) -> Played:
    up = checkout.make("up", f"PORT={find_free_port()}")
    assert up.returncode == 0, up.stdout + up.stderr
    play, environment, *others = list_commands(up.stdout)
    assert play == "make play"
    with checkout.play() as first:
        output = checkout.type(environment, *others)
    with checkout.play() as second:
        (preview,) = (command for command in others if command.startswith("pulumi preview") and "--diff" in command)
        preview_in_second_session = checkout.type(environment, preview)
    return Played(output, preview_in_second_session, (first.returncode, second.returncode), list_changes(checkout.folder))


def test_the_typed_commands_let_a_partner_join(played: Played) -> None:
    assert "Account 222233334444 joined collaboration" in played.output


def test_the_typed_commands_preview_the_change_of_a_member(played: Played) -> None:
    assert '~ displayName: "Airline" => "Flights"' in played.output


def test_the_typed_commands_show_the_comment_with_who_has_joined(played: Played) -> None:
    assert (
        "**1 collaboration is replaced by a new collaboration**, because of `members`. 1 of 1 member has joined and must join again." in played.output
    )


def test_the_typed_commands_make_the_change(played: Played) -> None:
    assert "replaced" in played.output


def test_ctrl_c_ends_make_play_with_status_0(played: Played) -> None:
    assert played.statuses == (0, 0)


def test_the_next_make_play_fits_the_state_of_the_stack(played: Played) -> None:
    assert "3 unchanged" in played.preview_in_second_session


def test_git_sees_no_change(played: Played) -> None:
    assert played.changes == ""
