"""The JSON of a preview: the steps that count, and the messages that the comment shows."""

from __future__ import annotations

from typing import Any

import pytest
from preview_documents import old_state, preview, render, step

from cleanrooms_resource.hidden_keys import IMPORT_ID


@pytest.mark.parametrize("part", ["create-replacement", "delete-replaced"])
def test_the_parts_of_a_replacement_do_not_count(part: str) -> None:
    replacement = step("replace", "ads", old_state({}), {"inputs": {}})

    assert render(preview(replacement, step(part, "ads", old_state({}), {"inputs": {}}))) == render(preview(replacement))


# The engine marks what an earlier run replaced and did not delete.
LEFTOVER = old_state({}) | {"delete": True}
LEFTOVER_STEPS = pytest.mark.parametrize(
    "leftover",
    [step("delete-replaced", "ads", LEFTOVER), step("refresh", "ads", LEFTOVER, LEFTOVER)],
    ids=["a preview with --show-replacement-steps", "a preview with --refresh"],
)


@LEFTOVER_STEPS
def test_a_collaboration_that_an_earlier_run_replaced_and_did_not_delete_is_deleted(leftover: dict[str, Any]) -> None:
    comment = render(preview(leftover))

    assert "1 to delete" in comment
    assert render(preview(leftover, leftover)) == comment


@LEFTOVER_STEPS
def test_what_an_earlier_run_replaced_is_deleted_though_the_resource_is_replaced_again(leftover: dict[str, Any]) -> None:
    replacement = step("replace", "ads", LEFTOVER | {"id": "the id of the second"}, {"inputs": {}})

    assert "1 to replace, 1 to delete" in render(preview(replacement, leftover))


@LEFTOVER_STEPS
def test_what_an_earlier_run_replaced_is_not_deleted_where_the_program_adopts_it(leftover: dict[str, Any]) -> None:
    adoption = step("create", "again", None, {"inputs": {IMPORT_ID: LEFTOVER["id"]}})

    assert "to delete" not in render(preview(adoption, leftover))


def test_what_an_earlier_run_replaced_and_a_refresh_does_not_find_is_not_deleted() -> None:
    assert "to delete" not in render(preview(step("refresh", "ads", LEFTOVER)))


def test_the_state_of_what_an_earlier_run_replaced_is_no_change_outside_pulumi() -> None:
    unchanged = old_state({"description": "Same"})
    replacement = step("replace", "ads", unchanged, {"inputs": {}}, replaceReasons=["description"])
    refreshed = [step("refresh", "ads", unchanged, unchanged), step("refresh", "ads", LEFTOVER | {"id": "older"}, LEFTOVER | {"id": "older"})]

    assert "outside Pulumi" not in render(preview(*refreshed, replacement))


def test_a_traceback_is_left_out_except_for_its_last_line() -> None:
    message = 'error: Program failed:\nTraceback (most recent call last):\n  File "x.py", line 2, in <module>\n    raise X\nValueError: boom\n'

    assert "Program failed:\nValueError: boom\n```" in render(preview(messages=(message,)))


def test_output_of_the_language_host_is_left_out() -> None:
    assert render(preview(messages=("KeyboardInterrupt",), severity="info#err")) == render(preview())


@pytest.mark.parametrize("message", ["error: preview failed\n", "error: an unhandled error occurred: x", "", "Traceback (most recent call last):\n"])
def test_a_failure_without_explanation_is_still_an_error(message: str) -> None:
    assert "the preview failed with 1 error" in render(preview(messages=(message,)))
