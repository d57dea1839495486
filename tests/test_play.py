"""`make up` and `make play` where there is no engine, and the commands that `make up` prints."""

from __future__ import annotations

import fcntl
import json
import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from engine.plugin_projects import list_changes
from playing import Checkout, find_free_port, list_commands, make_checkout

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return _make_checkout_without_engine(tmp_path)


def _make_checkout_without_engine(folder: Path) -> Checkout:
    checkout = make_checkout(folder)
    return Checkout(checkout.folder, checkout.environment | {"ENGINE": "none"})


def read_statuses(checkout: Checkout) -> dict[str, dict[str, str]]:
    """Return the statuses of the members by the name of the collaboration, as the endpoint's file keeps them."""
    document = json.loads((checkout.folder / ".local" / "endpoint.json").read_text())
    return {each["parameters"]["name"]: each["statuses"] for each in document["collaborations"]}


@dataclass(frozen=True)
class Played:
    """A session with `make play`: the typed commands, what they printed, the status of `make play`, and what was left at its end."""

    commands: list[str]
    output: str
    status: int
    statuses: dict[str, dict[str, str]]
    statuses_after_next_up: dict[str, dict[str, str]]
    changes: str
    files: set[str]


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    checkout = _make_checkout_without_engine(tmp_path_factory.mktemp("checkout"))
    port = f"PORT={find_free_port()}"
    up = checkout.make("up", port)
    assert up.returncode == 0, up.stderr
    play, *others = list_commands(up.stdout)
    assert play == "make play"
    with checkout.play() as process:
        output = checkout.type(*others)
    statuses = read_statuses(checkout)
    (checkout.folder / ".local" / "bench.json").write_text("{}")
    assert checkout.make("up", port).returncode == 0
    files = {file.name for file in (checkout.folder / ".local").iterdir()}
    return Played(others, output, process.returncode, statuses, read_statuses(checkout), list_changes(checkout.folder), files)


def test_every_command_that_make_up_prints_works(played: Played) -> None:
    assert [" ".join(command.split()[:3]) for command in played.commands] == [
        ". .local/environment",
        "cleanrooms-resource invitation " + played.commands[1].split()[2],
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


def test_make_play_keeps_what_the_endpoint_holds_at_its_end(played: Played) -> None:
    assert played.statuses["Loyalty overlap"]["222233334444"] == "ACTIVE"


def test_make_up_starts_anew(played: Played) -> None:
    assert played.statuses_after_next_up["Loyalty overlap"]["222233334444"] == "INVITED"


def test_make_up_keeps_the_files_of_other_commands(played: Played) -> None:
    assert played.files == {"bench.json", "endpoint.json", "environment", "lock"}


def test_git_sees_no_change(played: Played) -> None:
    assert played.changes == ""


def test_make_up_on_a_port_in_use_says_what_to_do_and_removes_nothing(checkout: Checkout) -> None:
    kept = checkout.folder / ".local" / "endpoint.json"
    kept.parent.mkdir(exist_ok=True)
    kept.write_text("kept")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

        up = checkout.make("up", f"PORT={port}")

    assert f"The endpoint cannot listen on port {port} of 127.0.0.1: Address already in use. End the process" in up.stderr
    assert "Traceback" not in up.stderr
    assert kept.read_text() == "kept"


def test_make_play_on_a_port_in_use_says_what_to_do(checkout: Checkout) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        file = checkout.folder / ".local" / "endpoint.json"
        file.parent.mkdir(exist_ok=True)
        file.write_text(json.dumps({"format": 1, "port": port, "collaborations": []}))

        play = checkout.make("play")

    assert f"The endpoint cannot listen on port {port} of 127.0.0.1: Address already in use. End the process" in play.stderr
    assert "To start anew with another port, run `make up PORT=8081`." in play.stderr
    assert "Traceback" not in play.stderr


@pytest.mark.parametrize("command", ["up", "play"])
def test_make_up_and_make_play_change_nothing_while_another_one_runs(checkout: Checkout, command: str) -> None:
    local = checkout.folder / ".local"
    local.mkdir(exist_ok=True)
    (local / "endpoint.json").write_text("kept")
    with (local / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)

        refused = checkout.make(command)

    assert "Another `make up` or `make play` of this folder is running. End it, or wait until it ends." in refused.stderr
    assert (local / "endpoint.json").read_text() == "kept"


@pytest.mark.parametrize("port", ["abc", "0", "65536"])
def test_make_up_refuses_what_is_no_port(checkout: Checkout, port: str) -> None:
    refused = checkout.make("up", f"PORT={port}")

    assert f"PORT must be a number from 1 to 65535, such as 8081, and is {port}." in refused.stderr


def test_make_play_before_make_up_says_to_run_make_up(checkout: Checkout) -> None:
    play = checkout.make("play")

    assert "There is nothing to play with, because .local/endpoint.json does not exist. Run `make up` first." in play.stderr
