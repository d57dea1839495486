"""The action `comment`, on what the action `preview` uploaded: both run in a shell, against a stand-in for GitHub's API."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from posting.stand_ins import OTHER, Host
from recorded_previews import PREVIEWS, read_preview
from workflow_runs import Run, hand_over, preview, pulumi, run_action

if TYPE_CHECKING:
    from pathlib import Path


def comment(folder: Path, host: Host, previews: list[Run], **inputs: str) -> Run:
    """The job that comments, on what these runs uploaded."""
    job = folder / "comment"
    for each in previews:
        hand_over(each, job)
    defaults = {"project": "tests", "stack": "test", "preview_result": "success", "fail_on": ""}
    return run_action("comment", job, {name.replace("_", "-"): value for name, value in (defaults | inputs).items()}, host)


def run_workflow(folder: Path, host: Host, script: str, **inputs: str) -> Run:
    """Both jobs of a run. The first one fails where it has no preview."""
    folder.mkdir()
    first = preview(folder, script)
    return comment(folder, host, [first], preview_result="failure" if first.status else "success", **inputs)


def test_the_first_comment_is_posted_and_the_summary_has_it(tmp_path: Path, github: Host) -> None:
    run = run_workflow(tmp_path / "1", github, pulumi("update"))

    assert (run.status, run.outputs["Comment"]) == (0, {"status": "0"})
    (body,) = github.visible()
    assert body.startswith("<!-- cleanrooms-resource:tests/test severity=1 -->\n\n")
    assert run.summary == body.split("\n\n", 1)[1]
    assert github.credentials == {"Bearer t0ken"}


def test_worse_after_better_is_posted_anew_and_better_after_worse_is_not(tmp_path: Path, github: Host) -> None:
    for number, name in enumerate(["unchanged", "replace", "update"]):
        run_workflow(tmp_path / str(number), github, pulumi(name))

    assert [action for action, _, _ in github.requests] == ["add", "add", "hide", "edit"]
    assert [each.is_hidden for each in github.comments] == [True, False]
    assert "severity=1" in github.visible()[0]


@pytest.mark.parametrize("script", ["exit 6", pulumi("unchanged", 255)], ids=["no JSON", "a status without an error"])
def test_no_preview_after_a_preview_says_so_in_the_old_comment(tmp_path: Path, github: Host, script: str) -> None:
    run_workflow(tmp_path / "1", github, pulumi("replace"))
    run = run_workflow(tmp_path / "2", github, script)

    assert (run.status, run.outputs["Comment"]) == (2, {"status": "2"})
    assert [action for action, _, _ in github.requests] == ["add", "edit"]
    (body,) = github.visible()
    assert "**This preview failed.** The preview of `tests/test` has no result at commit" in body
    assert "nothing changes" not in body
    assert "**This preview failed.**" in run.summary


def test_a_preview_with_errors_is_shown_and_fails_the_job_with_4(tmp_path: Path, github: Host) -> None:
    run = run_workflow(tmp_path / "1", github, pulumi("protected", 255))

    assert (run.status, run.outputs["Comment"]) == (4, {"status": "4"})
    assert "has no result" not in github.visible()[0]


def test_fail_on_fails_the_job_with_3_after_the_comment_is_posted(tmp_path: Path, github: Host) -> None:
    run = run_workflow(tmp_path / "1", github, pulumi("replace"), fail_on="replace,delete")

    assert (run.status, run.outputs["Comment"]) == (3, {"status": "3"})
    assert len(github.visible()) == 1


def test_two_stacks_have_one_comment(tmp_path: Path, github: Host) -> None:
    previews = [preview(tmp_path, pulumi("replace"), "a"), preview(tmp_path, pulumi("update"), "b")]
    run = comment(tmp_path, github, previews, stack="b a")

    assert run.status == 0
    (body,) = github.visible()
    assert body.startswith("<!-- cleanrooms-resource:tests/a+tests/b severity=4 -->\n")
    assert body.count("\n### ") == 2
    assert all(re.search(rf"### .*\b{stack}\b", body) for stack in "ab")


def test_of_two_stacks_the_one_that_failed_stands_above_the_other(tmp_path: Path, github: Host) -> None:
    previews = [preview(tmp_path, pulumi("replace"), "a"), preview(tmp_path, "exit 6", "b")]
    run = comment(tmp_path, github, previews, stack="a\nb", preview_result="failure")

    assert run.status == 2
    (body,) = github.visible()
    assert body.startswith(
        "<!-- cleanrooms-resource:tests/a+tests/b severity=4 -->\n\n> [!CAUTION]\n> **This preview failed.** The preview of `tests/b`"
    )
    assert body.count("\n### ") == 1


def test_two_runs_side_by_side_leave_one_comment(tmp_path: Path, github: Host) -> None:
    """The second run begins and ends after the first one has seen that there is no comment, and before the first one posts."""
    folders = [tmp_path / "1", tmp_path / "2"]
    previews = []
    for folder in folders:
        folder.mkdir()
        previews.append(preview(folder, pulumi("replace")))
    with ThreadPoolExecutor() as executor:
        seconds: list[Run] = []
        github.before_add = lambda: seconds.append(executor.submit(comment, folders[1], github, [previews[1]]).result())
        first = comment(folders[0], github, [previews[0]])

    assert [first.status, seconds[0].status] == [0, 0]
    assert [action for action, _, _ in github.requests] == ["add", "add", "delete"]
    assert len(github.visible()) == 1


def test_a_preview_of_an_earlier_attempt_is_not_believed(tmp_path: Path, github: Host) -> None:
    run = comment(tmp_path, github, [preview(tmp_path, pulumi("unchanged"))], preview_result="failure")

    assert run.status == 2
    assert "**This preview failed.**" in github.visible()[0]


def place(folder: Path) -> Path:
    """Where the job that comments looks for the preview of the stack `test`."""
    file = folder / "comment" / "temp" / "cleanrooms-previews" / "cleanrooms-preview-test.json"
    file.parent.mkdir(parents=True)
    return file


def test_an_artifact_that_is_too_large_is_not_read(tmp_path: Path, github: Host) -> None:
    place(tmp_path).write_text(read_preview("unchanged").ljust(50_000_001))

    assert comment(tmp_path, github, []).status == 2
    assert "**This preview failed.**" in github.visible()[0]


def test_an_artifact_that_is_a_link_is_not_followed(tmp_path: Path, github: Host) -> None:
    place(tmp_path).symlink_to(PREVIEWS / "unchanged.json")

    assert comment(tmp_path, github, []).status == 2


@pytest.mark.parametrize("text", ["PK\x03\x04", "{}", '{"pull_request": 8}', "[" * 2000])
def test_an_artifact_that_is_no_preview_is_a_preview_that_failed(tmp_path: Path, github: Host, text: str) -> None:
    place(tmp_path).write_text(text)

    # 4 where the comment itself says what the preview lacks.
    assert comment(tmp_path, github, []).status in (2, 4)
    assert "nothing changes" not in github.visible()[0]


def test_options_that_the_comment_refuses_leave_no_old_comment(tmp_path: Path, github: Host) -> None:
    run_workflow(tmp_path / "1", github, pulumi("update"))
    run = run_workflow(tmp_path / "2", github, pulumi("replace"), fail_on="replacement")

    assert run.status == 2
    assert "**This preview failed.**" in github.visible()[0]


def test_the_comment_of_somebody_else_with_the_same_marker_is_left_alone(tmp_path: Path, github: Host) -> None:
    github.put("<!-- cleanrooms-resource:tests/test severity=9 -->", OTHER)
    run_workflow(tmp_path / "1", github, pulumi("update"))

    assert [action for action, _, _ in github.requests] == ["add"]


def test_a_host_that_refuses_fails_the_job_and_the_summary_has_the_comment(tmp_path: Path, github: Host) -> None:
    github.refusal = (403, {"message": "no"})
    run = run_workflow(tmp_path / "1", github, pulumi("replace"))

    assert run.status == 1
    assert run.outputs["Comment"]["status"] == "1"
    assert "The comment is not posted." in run.log
    assert "###" in run.summary
