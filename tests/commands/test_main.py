"""The verbs."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from cleanrooms_resource.__main__ import main

PREVIEWS = Path(__file__).parent.parent / "previews"


def serve(*arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "cleanrooms_resource", "endpoint", *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_the_command_prints_its_address_as_one_line_and_stops_cleanly(stop: signal.Signals) -> None:
    with serve() as process:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        assert requests.get(f"{address}/moto-api/", timeout=10).ok
        process.send_signal(stop)
        rest, errors = process.communicate(timeout=10)

    assert address.startswith("http://127.0.0.1:")
    assert (process.returncode, rest, errors) == (0, "", "")


def test_a_port_already_taken_is_one_sentence() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with serve("--port", str(taken.getsockname()[1])) as process:
            _, errors = process.communicate(timeout=30)

    assert process.returncode == 2
    assert errors.startswith("cleanrooms-resource: cannot listen on port")
    assert errors.count("\n") == 1


def comment(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, str, str]:
    """The verb's status, and what it prints."""
    status = main(["comment", *map(str, arguments)])
    out, err = capsys.readouterr()
    return status, out, err


def test_comment_prints_the_comment_of_a_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert comment(capsys, PREVIEWS / "replace.json") == (0, (PREVIEWS / "replace.md").read_text(), "")


@pytest.mark.parametrize("dash", [[], ["-"]])
def test_comment_reads_standard_input(dash: list[str]) -> None:
    command = [sys.executable, "-m", "cleanrooms_resource", "comment", *dash]
    done = subprocess.run(command, input=(PREVIEWS / "replace.json").read_bytes(), capture_output=True, check=True)

    assert done.stdout == (PREVIEWS / "replace.md").read_bytes()


def test_comment_writes_utf_8_wherever_it_runs(tmp_path: Path) -> None:
    preview = tmp_path / "preview.json"
    preview.write_text(json.dumps({"diagnostics": [{"severity": "error", "message": "🤝"}]}))
    command = [sys.executable, "-m", "cleanrooms_resource", "comment", str(preview)]
    done = subprocess.run(command, capture_output=True, env={"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, check=False)

    assert done.returncode == 4
    assert "🤝" in done.stdout.decode()


@pytest.mark.parametrize(
    ("kept", "fail_on", "status"),
    [
        ("replace", None, 0),
        ("replace", "replace", 3),
        ("replace", "may-replace", 3),
        ("unknown-account", "replace", 0),
        ("unknown-account", "may-replace", 3),
        ("update", "may-replace", 0),
        ("protected", None, 4),
        ("protected", "replace", 4),
        ("unchanged", "may-replace", 0),
    ],
)
def test_the_status_says_what_the_preview_is(capsys: pytest.CaptureFixture[str], kept: str, fail_on: str | None, status: int) -> None:
    options = ["--fail-on", fail_on] if fail_on else []

    assert comment(capsys, *options, PREVIEWS / f"{kept}.json") == (status, (PREVIEWS / f"{kept}.md").read_text(), "")


@pytest.mark.parametrize(
    "text", ["", "error: no stack", "[]", "{}", '{"config": {}, "duration": 791456}', '{"steps": [1]}', "[" * 5000, '{"steps": null']
)
def test_what_is_no_preview_is_one_sentence(capsys: pytest.CaptureFixture[str], tmp_path: Path, text: str) -> None:
    (tmp_path / "preview.json").write_text(text)

    assert comment(capsys, tmp_path / "preview.json") == (2, "", "cleanrooms-resource: this is not the output of `pulumi preview --json`\n")


def test_bytes_that_are_no_text_are_no_preview(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "preview.json").write_bytes(b"\xff\xfe")

    assert comment(capsys, tmp_path / "preview.json")[0] == 2


def test_a_file_that_is_not_there_is_one_sentence(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    status, out, err = comment(capsys, tmp_path / "nothing")

    assert (status, out, err) == (2, "", f"cleanrooms-resource: cannot read {tmp_path}/nothing: No such file or directory\n")


def test_project_stack_and_link_may_be_given(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = comment(capsys, "--project", "ours", "--stack", "prod", "--link", "https://ci.example/runs/1?a=b", PREVIEWS / "update.json")

    assert out.startswith("<!-- cleanrooms-resource:ours/prod -->\n")
    assert "### Clean Rooms in `ours` / `prod`:" in out
    assert "[The run](<https://ci.example/runs/1?a=b>)" in out


@pytest.mark.parametrize("link", ["javascript:alert(1)", "https://x.example/@me", "https://x.example/#1", "https://x.example/> <b>", "x"])
def test_a_link_that_is_none_is_refused(link: str) -> None:
    with pytest.raises(SystemExit) as refused:
        main(["comment", "--link", link, str(PREVIEWS / "update.json")])

    assert refused.value.code == 2
