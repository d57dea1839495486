"""`make up` and `make play` where there is no engine, and the commands that `make play` prints."""

from __future__ import annotations

import signal
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from engine.plugin_projects import list_changes
from playing import CTRL_C, Checkout, is_listening, make_checkout, read_address, read_until

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return _make_checkout_without_engine(tmp_path)


def _make_checkout_without_engine(folder: Path) -> Checkout:
    checkout = make_checkout(folder)
    return Checkout(checkout.folder, checkout.environment | {"ENGINE": "none"})


@dataclass(frozen=True)
class Played:
    """A session with `make play`: what was typed and printed, the status, and what was left."""

    commands: list[str]
    output: str
    status: int
    is_listening: bool
    changes: str
    is_folder_left: bool


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    checkout = _make_checkout_without_engine(tmp_path_factory.mktemp("checkout"))
    with checkout.play() as playing:
        output = checkout.type(*playing.commands)
        address = read_address(checkout, playing.commands[0])
        assert is_listening(address)
    status, is_folder_left = playing.process.returncode, (checkout.folder / ".local").exists()
    return Played(
        playing.commands,
        output,
        status,
        is_listening(address),
        list_changes(checkout.folder),
        is_folder_left,
    )


def test_every_command_that_make_play_prints_works(played: Played) -> None:
    environment, *others = played.commands
    assert environment.startswith(". .local/")
    assert [" ".join(command.split()[:3]) for command in others] == [
        "cleanrooms-resource invitation " + others[0].split()[2],
        "cleanrooms-resource partner join",
        "aws cleanrooms list-members",
        "cleanrooms-resource discover",
    ]
    assert "## Invitation of account 222233334444" in played.output
    assert "Account 222233334444 joined collaboration" in played.output
    assert '"ACTIVE"' in played.output
    assert 'name="Loyalty overlap"' in played.output


def test_ctrl_c_ends_make_play_with_status_0(played: Played) -> None:
    assert played.status == 0


def test_nothing_runs_and_nothing_is_kept_after_make_play(played: Played) -> None:
    assert not played.is_listening
    assert not played.is_folder_left


def test_git_sees_no_change(played: Played) -> None:
    assert played.changes == ""


def test_sigterm_ends_make_play_and_removes_everything(checkout: Checkout) -> None:
    with checkout.play() as playing:
        address = read_address(checkout, playing.commands[0])
        playing.process.send_signal(signal.SIGTERM)
        playing.process.wait(timeout=30)

    assert not is_listening(address)
    assert not (checkout.folder / ".local").exists()


def test_a_terminal_that_is_closed_ends_make_play_and_removes_everything(
    checkout: Checkout,
) -> None:
    with checkout.play() as playing:
        address = read_address(checkout, playing.commands[0])
        playing.terminal.close()
        playing.process.wait(timeout=30)

    assert not is_listening(address)
    assert not (checkout.folder / ".local").exists()


@pytest.mark.parametrize("command", ["up", "play"])
def test_ctrl_c_right_after_the_start_shows_no_traceback(checkout: Checkout, command: str) -> None:
    with checkout.make_in_terminal(command, PYTHONPROFILEIMPORTTIME="1") as (process, terminal):
        # The variable makes Python tell its imports, so that Ctrl-C comes while one is running.
        imported = read_until(terminal, " yaml")
        terminal.write(CTRL_C)
        rest = read_until(terminal)
        process.wait(timeout=30)

    assert " yaml" in imported
    assert process.returncode != 0
    assert "KeyboardInterrupt" not in rest


def test_make_up_runs_again_and_keeps_only_the_files_of_other_commands(checkout: Checkout) -> None:
    local = checkout.folder / ".local"
    first = checkout.make("up")
    is_folder_left = local.exists()
    local.mkdir()
    (local / "bench.json").write_text("{}")
    second = checkout.make("up")

    assert (first.returncode, second.returncode) == (0, 0)
    assert "loyalty: replace" in second.stdout
    assert not is_folder_left
    assert [file.name for file in local.iterdir()] == ["bench.json"]
    assert list_changes(checkout.folder) == ""


@pytest.mark.parametrize("command", ["up", "play"])
def test_a_variable_that_no_command_reads_is_an_error_of_one_line(
    checkout: Checkout, command: str
) -> None:
    refused = checkout.make(command, "PORT=8081")

    assert refused.returncode == 2
    assert "No command reads PORT. The variables are " in refused.stderr
    assert refused.stderr.count("\n") == 1
