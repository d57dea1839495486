"""The JSON of a preview: the steps that count, and the messages that the comment shows."""

from __future__ import annotations

from typing import Any

import pytest
from preview_documents import old_state, preview, step

from cleanrooms_resource.preview.comment import render_comment
from cleanrooms_resource.preview.document import parse_preview


@pytest.mark.parametrize("part", ["create-replacement", "delete-replaced"])
def test_the_parts_of_a_replacement_do_not_count(part: str) -> None:
    replacement = step("replace", "ads", old_state({}), {"inputs": {}})

    assert render_comment(parse_preview(preview(replacement, step(part, "ads", old_state({}), {"inputs": {}})))) == render_comment(
        parse_preview(preview(replacement))
    )


@pytest.mark.parametrize(
    "leftover",
    [step("delete-replaced", "ads", old_state({})), step("refresh", "ads", old_state({}) | {"delete": True}, old_state({}) | {"delete": True})],
    ids=["a preview with --show-replacement-steps", "a preview with --refresh"],
)
def test_a_collaboration_that_an_earlier_run_replaced_and_did_not_delete_is_deleted(leftover: dict[str, Any]) -> None:
    comment = render_comment(parse_preview(preview(leftover)))

    assert "1 to delete" in comment
    assert render_comment(parse_preview(preview(leftover, leftover))) == comment


def test_a_traceback_is_left_out_except_for_its_last_line() -> None:
    message = 'error: Program failed:\nTraceback (most recent call last):\n  File "x.py", line 2, in <module>\n    raise X\nValueError: boom\n'

    assert "Program failed:\nValueError: boom\n```" in render_comment(parse_preview(preview(messages=(message,))))


def test_output_of_the_language_host_is_left_out() -> None:
    assert render_comment(parse_preview(preview(messages=("KeyboardInterrupt",), severity="info#err"))) == render_comment(parse_preview(preview()))


@pytest.mark.parametrize("message", ["error: preview failed\n", "error: an unhandled error occurred: x", "", "Traceback (most recent call last):\n"])
def test_a_failure_without_explanation_is_still_an_error(message: str) -> None:
    assert "the preview failed with 1 error" in render_comment(parse_preview(preview(messages=(message,))))
