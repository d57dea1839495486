"""The action `comment`, on what the action `preview` uploaded: both run in a shell, with a stub in the place of the action that posts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from recorded_previews import PREVIEWS, read_preview

from ci.workflow_runs import (
    HEAD,
    Post,
    Run,
    artifact,
    hand_over,
    preview,
    pulumi,
    read_upload,
    run_action,
)

if TYPE_CHECKING:
    from pathlib import Path


def comment(
    folder: Path,
    artifacts: dict[str, str],
    *,
    attempt: int = 1,
    posting: str = "success",
    **inputs: str,
) -> Run:
    """The job that comments, on what the jobs before uploaded for these stacks in the first attempt."""
    job = folder / "comment"
    for stack, text in artifacts.items():
        place(folder, stack).write_text(text)
    defaults = {"project": "tests", "stack": "test", "preview_result": "success", "fail_on": ""}
    named = {name.replace("_", "-"): value for name, value in (defaults | inputs).items()}
    return run_action("comment", job, named, attempt=attempt, posting=posting)


def place(folder: Path, stack: str = "test") -> Path:
    """Where the job that comments looks for the preview of a stack."""
    previews = folder / "comment" / "temp" / "cleanrooms-previews"
    previews.mkdir(parents=True, exist_ok=True)
    return previews / f"cleanrooms-preview-1-{stack}.json"


def comment_on(folder: Path, name: str, status: int = 0, **inputs: Any) -> Run:
    """The job that comments, on a recorded preview whose engine ended with this status."""
    return comment(folder, {"test": artifact(name, status)}, **inputs)


def read_post(run: Run) -> Post:
    (post,) = run.posts
    return post


def test_the_comment_of_a_stack_is_posted_and_the_summary_has_it(tmp_path: Path) -> None:
    run = comment(tmp_path, {"test": read_upload(preview(tmp_path, pulumi("update")))})

    assert (run.status, run.outputs["Status"]) == (0, {"status": "0"})
    post = read_post(run)
    assert post.header == "cleanrooms-resource:tests/test"
    assert post.text.startswith("### Clean Rooms in `tests` / `test`\n")
    assert run.summary == post.text
    assert (
        f"Commit `{HEAD}`. [The run](<https://github.com/retailco/cleanrooms/actions/runs/1234>)"
        in post.text
    )


@pytest.mark.parametrize(
    ("name", "fail_on", "is_anew"),
    [("update", "replace", False), ("replace", "", False), ("replace", "replace", True)],
)
def test_only_a_closed_gate_makes_a_new_comment(
    tmp_path: Path, name: str, fail_on: str, *, is_anew: bool
) -> None:
    assert read_post(comment_on(tmp_path, name, fail_on=fail_on)).is_anew is is_anew


@pytest.mark.parametrize(
    ("artifacts", "result"),
    [({}, "failure"), ({"test": artifact("unchanged", 255)}, "success")],
    ids=["no JSON", "a status without an error"],
)
def test_no_preview_after_a_preview_says_so_in_the_old_comment(
    tmp_path: Path, artifacts: dict[str, str], result: str
) -> None:
    run = comment(tmp_path, artifacts, preview_result=result)

    assert (run.status, run.outputs["Status"]) == (2, {"status": "2"})
    assert read_post(run) == Post(
        "cleanrooms-resource:tests/test",
        f"> [!CAUTION]\n> **This preview failed.** The preview of `tests/test` has no result at commit `{HEAD}`, so the changes are not known. "
        "[The log of the run](<https://github.com/retailco/cleanrooms/actions/runs/1234>) says why.\n",
        is_anew=False,
    )
    assert run.summary == read_post(run).text


def test_a_preview_with_errors_is_shown_and_fails_the_job_with_4(tmp_path: Path) -> None:
    run = comment_on(tmp_path, "protected", 255)

    assert (run.status, run.outputs["Status"]) == (4, {"status": "4"})
    assert "has no result" not in read_post(run).text


def test_fail_on_fails_the_job_with_3_after_the_comment_is_posted(tmp_path: Path) -> None:
    run = comment_on(tmp_path, "replace", fail_on="replace,delete")

    assert (run.status, run.outputs["Status"]) == (3, {"status": "3"})
    assert read_post(run).text.startswith("### ")


def test_of_two_stacks_each_has_a_comment_and_only_one_of_them_failed(tmp_path: Path) -> None:
    artifacts = {"a": artifact("replace")}
    runs = {
        stack: comment(tmp_path / stack, artifacts, stack=stack, preview_result="failure")
        for stack in "ab"
    }

    assert {stack: run.status for stack, run in runs.items()} == {"a": 0, "b": 2}
    assert [read_post(run).header for run in runs.values()] == [
        "cleanrooms-resource:tests/a",
        "cleanrooms-resource:tests/b",
    ]
    assert read_post(runs["a"]).text.startswith("### Clean Rooms in `tests` / `a`\n")
    assert "**This preview failed.** The preview of `tests/b`" in read_post(runs["b"]).text


def test_a_preview_of_an_earlier_attempt_is_not_believed(tmp_path: Path) -> None:
    run = comment_on(tmp_path, "unchanged", attempt=2, preview_result="failure")

    assert run.status == 2
    assert "**This preview failed.**" in read_post(run).text


def test_a_stack_that_fails_later_loses_its_preview_even_if_another_stack_never_had_one(
    tmp_path: Path,
) -> None:
    earlier = {"a": artifact("unchanged"), "b": artifact("unchanged")}
    run = comment(tmp_path, earlier, stack="b", attempt=2, preview_result="failure")

    assert run.status == 2


def test_a_preview_that_succeeded_is_not_repeated_with_the_failed_jobs_and_still_counts(
    tmp_path: Path,
) -> None:
    assert comment_on(tmp_path, "update", attempt=3).status == 0


def test_a_stack_never_gets_the_preview_of_a_stack_with_a_similar_name(
    tmp_path: Path,
) -> None:
    hand_over(preview(tmp_path, pulumi("unchanged"), "a-b"), tmp_path / "comment")

    assert comment(tmp_path, {}, stack="a-b").status == 0
    assert comment(tmp_path, {}, stack="a/b").status == 2


def test_a_preview_that_is_missing_is_a_preview_that_failed(tmp_path: Path) -> None:
    run = comment(tmp_path, {}, preview_result="cancelled")

    assert run.status == 2
    assert "**This preview failed.**" in read_post(run).text


def test_an_artifact_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    run = comment(tmp_path, {"test": read_preview("unchanged").ljust(50_000_001)})

    assert run.status == 2
    assert "**This preview failed.**" in read_post(run).text


def test_an_artifact_that_is_a_link_is_not_followed(tmp_path: Path) -> None:
    place(tmp_path).symlink_to(PREVIEWS / "unchanged.json")

    assert comment(tmp_path, {}).status == 2


@pytest.mark.parametrize(
    "text",
    ["PK\x03\x04", "{}", '{"pull_request": 8}', "[" * 2000, f"x\n{read_preview('unchanged')}"],
)
def test_an_artifact_that_is_no_preview_is_a_preview_that_failed(tmp_path: Path, text: str) -> None:
    run = comment(tmp_path, {"test": text})

    # 4 where the comment itself says what the preview lacks.
    assert run.status in (2, 4)
    assert "nothing changes" not in read_post(run).text.lower()


def test_options_that_the_comment_refuses_leave_no_old_comment(tmp_path: Path) -> None:
    run = comment_on(tmp_path, "replace", fail_on="replacement")

    assert run.status == 2
    assert "**This preview failed.**" in read_post(run).text


@pytest.mark.parametrize("stack", ["test --> <b>", "te\nst", "x" * 300, "`"])
def test_a_name_that_could_end_the_marker_of_the_comment_is_refused(
    tmp_path: Path, stack: str
) -> None:
    run = comment_on(tmp_path, "update", stack=stack)

    assert (run.status, run.outputs["Status"], run.posts) == (1, {"status": "1"}, [])
    assert "must be names as Pulumi allows them" in run.log


def test_a_name_that_begins_with_a_dash_is_no_option(tmp_path: Path) -> None:
    run = comment(tmp_path, {"-s": artifact("unchanged")}, project="-n", stack="-s")

    assert run.status == 0
    assert read_post(run).text.startswith("### Clean Rooms in `-n` / `-s`\n")


@pytest.mark.parametrize("posting", ["failure", "skipped"])
def test_a_comment_that_is_not_posted_fails_the_job_and_the_summary_has_it(
    tmp_path: Path, posting: str
) -> None:
    run = comment_on(tmp_path, "replace", posting=posting)

    assert (run.status, run.outputs["Status"]) == (1, {"status": "1"})
    assert "###" in run.summary
