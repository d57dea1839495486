"""The verb ``comment``."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from recorded_previews import NAMES, PREVIEWS, read_comment, read_preview

from cleanrooms_resource.__main__ import main
from cleanrooms_resource.commands import comment
from cleanrooms_resource.preview.report import Report
from cleanrooms_resource.preview.verdict import KINDS

if TYPE_CHECKING:
    from pathlib import Path

NOT_A_PREVIEW = "The input is not the output of `pulumi preview --json`. Read the messages of that command on standard error."


def run_comment(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, str, str]:
    """Run the verb; return its exit status, its output and its errors."""
    status = main(["comment", *map(str, arguments)])
    output, errors = capsys.readouterr()
    return status, output, errors


def test_comment_prints_the_comment_of_a_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_comment(capsys, PREVIEWS / "replace.json") == (0, read_comment("replace"), "")


@pytest.mark.parametrize("arguments", [[], ["-"]])
def test_comment_reads_standard_input(arguments: list[str]) -> None:
    command = [sys.executable, "-m", "cleanrooms_resource", "comment", *arguments]
    process = subprocess.run(
        command, input=read_preview("replace").encode(), capture_output=True, check=True
    )

    assert process.stdout == read_comment("replace").encode()


def test_comment_writes_utf_8_in_every_locale(tmp_path: Path) -> None:
    preview = tmp_path / "preview.json"
    preview.write_text(json.dumps({"diagnostics": [{"severity": "error", "message": "🤝"}]}))
    command = [sys.executable, "-m", "cleanrooms_resource", "comment", str(preview)]
    process = subprocess.run(
        command,
        capture_output=True,
        env={"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        check=False,
    )

    assert process.returncode == 4
    assert "🤝" in process.stdout.decode()


@pytest.mark.parametrize(
    ("name", "fail_on", "status"),
    [
        ("replace", None, 0),
        ("replace", "replace", 3),
        ("replace", "may-replace", 3),
        ("unknown-account", "replace", 0),
        ("unknown-account", "may-replace", 3),
        ("update", "may-replace", 0),
        ("update", "delete,update", 3),
        ("delete", "replace,may-replace", 0),
        ("delete", "replace, delete", 3),
        ("left-over", "delete", 3),
        ("remove-member", "remove-member", 3),
        ("create", "create", 3),
        ("import", "adopt", 3),
        ("takeover", "take-over", 3),
        ("failed-program", None, 4),
        ("protected", None, 4),
        ("protected", "replace", 4),
        ("unchanged", "may-replace", 0),
    ],
)
def test_the_exit_status_follows_the_preview_and_fail_on(
    capsys: pytest.CaptureFixture[str], name: str, fail_on: str | None, status: int
) -> None:
    options = ["--fail-on", fail_on] if fail_on else []

    assert run_comment(capsys, *options, PREVIEWS / f"{name}.json") == (
        status,
        read_comment(name),
        "",
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "error: no stack",
        "[]",
        "{}",
        '{"config": {}, "duration": 791456}',
        '{"steps": [1]}',
        "[" * 5000,
        '{"steps": null',
    ],
)
def test_input_that_is_not_a_preview_is_an_error_of_one_line(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, text: str
) -> None:
    (tmp_path / "preview.json").write_text(text)

    assert run_comment(capsys, tmp_path / "preview.json") == (
        2,
        "",
        f"cleanrooms-resource: {NOT_A_PREVIEW}\n",
    )


def test_bytes_that_are_not_text_are_an_error(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "preview.json").write_bytes(b"\xff\xfe")

    assert run_comment(capsys, tmp_path / "preview.json")[0] == 2


def test_a_missing_file_is_an_error_of_one_line(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    result = run_comment(capsys, tmp_path / "missing")

    assert result == (
        2,
        "",
        f"cleanrooms-resource: The file {tmp_path}/missing cannot be read: No such file or directory. Check the path.\n",
    )


def test_project_stack_and_link_can_be_options(capsys: pytest.CaptureFixture[str]) -> None:
    _, output, _ = run_comment(
        capsys,
        "--project",
        "ours",
        "--stack",
        "prod",
        "--link",
        "https://ci.example/runs/1?a=b",
        PREVIEWS / "update.json",
    )

    assert output.startswith("### Clean Rooms in `ours` / `prod`\n")
    assert "[The run](<https://ci.example/runs/1?a=b>)" in output


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "https://x.example/@me", "https://x.example/> <b>", "x"]
)
def test_a_link_that_is_not_a_plain_url_is_refused(link: str) -> None:
    with pytest.raises(SystemExit) as error:
        main(["comment", "--link", link, str(PREVIEWS / "update.json")])

    assert error.value.code == 2


def test_a_link_keeps_its_fragment(capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        "[The run](<https://ci.example/1#L10>)"
        in run_comment(capsys, "--link", "https://ci.example/1#L10", PREVIEWS / "update.json")[1]
    )


def test_the_commit_is_in_the_footer(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_comment(capsys, "--commit", "0a1b2c3", PREVIEWS / "update.json")[1].endswith(
        "\nCommit `0a1b2c3`.\n"
    )


def test_an_unknown_kind_is_refused_and_the_kinds_are_named(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as error:
        main(["comment", "--fail-on", "replace,explode", str(PREVIEWS / "update.json")])

    assert error.value.code == 2
    assert (
        "'explode', and must have one or several of replace, may-replace, delete"
        in capsys.readouterr().err
    )


def test_the_kinds_of_the_command_are_those_of_the_verdict() -> None:
    assert comment._KINDS == KINDS


def test_utf_16_as_powershell_writes_it_is_read(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "preview.json").write_text(read_preview("replace"), encoding="utf-16")

    assert run_comment(capsys, tmp_path / "preview.json") == (0, read_comment("replace"), "")


@pytest.mark.parametrize(
    ("before", "after", "lines"),
    [("Installing policy pack ads v1...\n", "", "1 line"), ("a\n{b}\n", "\nc", "3 lines")],
)
def test_text_around_the_json_is_ignored_in_one_line(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, before: str, after: str, lines: str
) -> None:
    (tmp_path / "preview.json").write_text(f"{before}{read_preview('replace')}{after}")

    note = f"cleanrooms-resource: Ignored {lines} around the preview's JSON.\n"
    assert run_comment(capsys, tmp_path / "preview.json") == (0, read_comment("replace"), note)


# The full text, and JSON


def test_the_summary_has_everything_that_the_comment_leaves_out(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "summary").write_text("before\n")

    _, output, _ = run_comment(
        capsys, "--summary", tmp_path / "summary", PREVIEWS / "three-hundred.json"
    )
    summary = (tmp_path / "summary").read_text()

    assert "Left out: " in output
    assert summary.startswith("before\n### Clean Rooms in `tests` / `test`\n")
    assert "Left out: " not in summary
    assert summary.count("\n@@ ") == 300


@pytest.mark.parametrize("name", NAMES)
def test_the_json_follows_its_schema(capsys: pytest.CaptureFixture[str], name: str) -> None:
    Report.model_validate_json(
        run_comment(capsys, "--format", "json", PREVIEWS / f"{name}.json")[1], strict=True
    )


def test_one_comment_takes_one_preview(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as error:
        main(["comment", str(PREVIEWS / "update.json"), str(PREVIEWS / "replace.json")])

    assert error.value.code == 2
    assert "unrecognized arguments" in capsys.readouterr().err
