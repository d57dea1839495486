"""The JSON of a preview: the steps that count, and the messages that the comment shows."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from preview_documents import judge_text, old_state, preview, render, step

from cleanrooms_resource.hidden_keys import IMPORT_ID
from cleanrooms_resource.preview.comment import render_comment
from cleanrooms_resource.preview.json_text import decode, find_document
from cleanrooms_resource.preview.verdict import Severity


@pytest.mark.parametrize("part", ["create-replacement", "delete-replaced"])
def test_the_parts_of_a_replacement_do_not_count(part: str) -> None:
    replacement = step("replace", "ads", old_state({}), {"inputs": {}})

    verdict = judge_text(preview(replacement, step(part, "ads", old_state({}), {"inputs": {}})))

    assert verdict.planned == judge_text(preview(replacement)).planned


# The engine marks what an earlier run replaced and did not delete.
LEFTOVER = old_state({}) | {"delete": True}
LEFTOVER_STEPS = pytest.mark.parametrize(
    "leftover",
    [step("delete-replaced", "ads", LEFTOVER), step("refresh", "ads", LEFTOVER, LEFTOVER)],
    ids=["a preview with --show-replacement-steps", "a preview with --refresh"],
)


@LEFTOVER_STEPS
def test_a_collaboration_that_an_earlier_run_replaced_and_did_not_delete_is_deleted(
    leftover: dict[str, Any],
) -> None:
    comment = render(preview(leftover))

    assert "1 collaboration is deleted" in comment
    assert render(preview(leftover, leftover)) == comment


@LEFTOVER_STEPS
def test_what_an_earlier_run_replaced_is_deleted_though_the_resource_is_replaced_again(
    leftover: dict[str, Any],
) -> None:
    replacement = step("replace", "ads", LEFTOVER | {"id": "the id of the second"}, {"inputs": {}})

    comment = render(preview(replacement, leftover))

    assert "> **1 collaboration is replaced by a new collaboration** (" in comment
    assert ") and **1 is deleted**." in comment


@LEFTOVER_STEPS
def test_what_an_earlier_run_replaced_is_not_deleted_where_the_program_adopts_it(
    leftover: dict[str, Any],
) -> None:
    adoption = step("create", "again", None, {"inputs": {IMPORT_ID: LEFTOVER["id"]}})

    assert "is deleted" not in render(preview(adoption, leftover))


def test_what_an_earlier_run_replaced_and_a_refresh_does_not_find_is_not_deleted() -> None:
    assert "is deleted" not in render(preview(step("refresh", "ads", LEFTOVER)))


def test_the_state_of_what_an_earlier_run_replaced_is_no_change_outside_pulumi() -> None:
    unchanged = old_state({"description": "Same"})
    replacement = step("replace", "ads", unchanged, {"inputs": {}}, replaceReasons=["description"])
    refreshed = [
        step("refresh", "ads", unchanged, unchanged),
        step("refresh", "ads", LEFTOVER | {"id": "older"}, LEFTOVER | {"id": "older"}),
    ]

    assert "outside Pulumi" not in render(preview(*refreshed, replacement))


def test_an_alias_makes_the_deletion_of_a_replacement_no_second_deletion() -> None:
    replacement = step("replace", "renamed", old_state({}), {"inputs": {}})

    assert [
        each.name
        for each in judge_text(
            preview(replacement, step("delete-replaced", "ads", LEFTOVER))
        ).planned
    ] == ["renamed"]


def test_a_state_that_this_preview_refreshed_is_known_by_its_id_where_an_alias_renames_the_resource() -> (
    None
):
    refresh = step("refresh", "ads", old_state({}), old_state({}))

    (planned,) = judge_text(preview(refresh, step("delete", "renamed", old_state({})))).planned
    assert planned.joined.is_refreshed


def test_who_has_joined_what_an_earlier_run_replaced_is_read_from_the_refreshed_state() -> None:
    refresh = step("refresh", "ads", LEFTOVER, LEFTOVER)
    deletion = step(
        "delete-replaced", "ads", old_state({}, {"222233334444": "ACTIVE"}) | {"delete": True}
    )

    (planned,) = judge_text(preview(refresh, deletion)).planned
    assert (planned.joined.members, planned.joined.is_refreshed) == ({"222233334444": ""}, True)


def test_the_states_of_a_refresh_are_older_than_the_refresh() -> None:
    live = step("refresh", "ads", old_state({}) | {"id": "live"}, old_state({}) | {"id": "live"})

    (planned,) = judge_text(preview(live, step("refresh", "ads", LEFTOVER, LEFTOVER))).planned
    assert not planned.joined.is_refreshed


def test_a_traceback_is_left_out_except_for_its_last_line() -> None:
    message = 'error: Program failed:\nTraceback (most recent call last):\n  File "x.py", line 2, in <module>\n    raise X\nValueError: boom\n'

    assert "Program failed:\nValueError: boom\n```" in render(preview(messages=(message,)))


TRACEBACK = 'Traceback (most recent call last):\n  File "x.py", line 2, in <module>\n    raise X\n'


def test_output_of_the_language_host_is_shown_where_no_error_stands() -> None:
    assert "```text\na notice\n```" in render(
        preview(messages=("a notice\n",), severity="info#err")
    )


def test_a_notice_that_the_plug_in_logs_is_shown() -> None:
    diagnostics = [
        {"severity": "info", "message": text}
        for text in ("Clean Rooms collaboration x: two resources hold it.\n", "^C received")
    ]
    comment = render(preview(diagnostics=diagnostics))

    assert "```text\nClean Rooms collaboration x: two resources hold it.\n```" in comment
    assert "^C" not in comment


def test_the_traceback_of_an_interrupted_language_host_is_left_out() -> None:
    assert render(
        preview(messages=(f"{TRACEBACK}KeyboardInterrupt\n",), severity="info#err")
    ) == render(preview())


def test_output_of_the_language_host_is_left_out_where_an_error_explains_itself() -> None:
    document = json.loads(preview(messages=("error: wrong",)))
    document["diagnostics"].append({"message": "a notice", "severity": "info#err"})

    assert "a notice" not in render(json.dumps(document))


def test_output_of_the_language_host_explains_an_error_that_does_not() -> None:
    document = json.loads(preview(messages=("error: preview failed",)))
    document["diagnostics"].append(
        {"message": f"{TRACEBACK}ValueError: boom", "severity": "info#err"}
    )

    assert "ValueError: boom" in render(json.dumps(document))


@pytest.mark.parametrize(
    "message",
    [
        "error: preview failed\n",
        "error: an unhandled error occurred: x",
        "",
        "Traceback (most recent call last):\n",
    ],
)
def test_a_failure_without_explanation_is_still_an_error(message: str) -> None:
    assert "This preview failed with 1 error" in render(preview(messages=(message,)))


# What is missing


@pytest.mark.parametrize(
    ("rest", "gap"),
    [
        ({"steps": [], "changeSummary": None}, "it has neither steps nor a summary of changes"),
        ({"changeSummary": None}, "it has no summary of changes"),
        ({"steps": []}, "its summary counts operations that have no step (of the stack)"),
        (
            {"changeSummary": {"same": 1, "delete": 2}},
            "its summary counts operations that have no step (2 delete)",
        ),
    ],
)
def test_a_preview_that_was_cut_off_says_so_and_never_that_nothing_changes(
    rest: dict[str, Any], gap: str
) -> None:
    verdict = judge_text(preview(**rest))
    comment = render_comment(verdict)

    assert f"**This preview is incomplete**: {gap}. Changes may be missing from it." in comment
    assert "> [!CAUTION]" in comment
    assert "othing changes" not in comment
    assert verdict.is_failed
    assert verdict.severity is Severity.FAILURE


def test_nothing_changes_never_stands_above_the_deletion_of_another_resource() -> None:
    bucket = {
        "op": "delete",
        "urn": "urn:pulumi:test::tests::aws:s3/bucket:Bucket::b",
        "oldState": {"type": "aws:s3/bucket:Bucket"},
    }

    comment = render(preview(bucket))

    assert "> No collaboration changes. Other resources: 1 to delete." in comment
    assert "Nothing changes" not in comment


def test_the_names_of_a_preview_without_steps_are_those_of_a_diagnostic() -> None:
    diagnostic = {
        "message": "error: x",
        "severity": "error",
        "urn": "urn:pulumi:prod::ours::pulumi:pulumi:Stack::ours-prod",
    }

    assert render(preview(steps=[], diagnostics=[diagnostic])).startswith(
        "### Clean Rooms in `ours` / `prod`\n"
    )


def test_a_resource_that_is_nested_deeply_loses_nothing_of_the_others() -> None:
    text = preview(
        step("delete", "ads", old_state({"name": "x"})),
        step("create", "deep", None, {"inputs": {"name": "DEEP"}}),
    )
    levels = 5000

    comment = render(text.replace('"DEEP"', f"{'[' * levels}{']' * levels}"))

    assert (
        "**1 collaboration is deleted** (the program no longer declares it) and 1 is created."
        in comment
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_every_encoding_that_a_shell_writes_is_read(encoding: str) -> None:
    assert decode("{} ü 🤝".encode(encoding)) == "{} ü 🤝"


@pytest.mark.parametrize(
    ("before", "after", "lines"),
    [
        ("", "", 0),
        (" \n", "\n\n", 0),
        ("Installing policy pack ads v1.0.0...\n\n", "", 1),
        ("", "\nA new version is there.\nIt has {braces} [and] more", 2),
        ('{ not JSON }\n{"open\n', "", 2),
        ("{name} in {place}\n[]\n", "\n}", 3),
    ],
)
def test_text_around_the_document_is_ignored_and_counted(
    before: str, after: str, lines: int
) -> None:
    document = json.dumps({"steps": [{"op": '{"'}], "deep": {"er": []}}, indent=4)

    assert find_document(f"{before}{document}{after}") == (document, lines)


@pytest.mark.parametrize("indent", [None, 4])
def test_a_document_that_is_cut_off_or_is_one_of_several_is_none(indent: int | None) -> None:
    document = json.dumps(
        {"steps": [{"op": "same"}, {"op": "create"}], "changeSummary": {}}, indent=indent
    )
    texts = [document[:size] for size in range(len(document))]
    texts += [
        f"{document}{document}",
        f"{document}\n{document}",
        f"{document}\n{document[:-1]}",
        f"x {document}",
        f"[{document}]",
        f"[\n{document}\n]",
        f"[\n{document}",
        f"[\n1,\n{document}\n, 2]",
    ]

    for text in texts:
        with pytest.raises(ValueError, match="JSON object"):
            find_document(f"noise\n{text}")


@pytest.mark.parametrize("line", ["{", '{"a":', '{"a": [', '{"'])
def test_a_long_text_is_read_once_however_many_lines_begin_as_json_does(line: str) -> None:
    text = f"{line}\n" * 99 + "[]," * 200_000
    start = time.process_time()

    with pytest.raises(ValueError, match="JSON object"):
        find_document(text)

    assert time.process_time() - start < 2  # Each further reading takes a tenth of a second.


def test_a_long_text_that_is_nested_deeply_is_read_once() -> None:
    text = '{"a":\n' * 99 + "[" * 5000 + "[]," * 200_000
    start = time.process_time()

    with pytest.raises(ValueError, match="JSON object"):
        find_document(text)

    assert time.process_time() - start < 2
