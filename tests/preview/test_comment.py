"""The pull-request comment on previews of the real engine, its limit, and what it shows."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest
from engine.previews import STORIES
from hypothesis import given
from hypothesis import strategies as st
from preview_documents import TEXTS, judge_text, old_state, preview, render, step
from recorded_previews import (
    JSON_FORM,
    NAMES,
    PREVIEWS,
    read_comment,
    read_preview,
    render_json_form,
)

from cleanrooms_resource.preview.comment import LIMIT
from cleanrooms_resource.preview.outcome import Outcome

# Real previews


@pytest.mark.parametrize("name", NAMES)
def test_a_recorded_preview_has_the_comment_beside_it(name: str) -> None:
    assert render(read_preview(name)) == read_comment(name)


def test_a_recorded_preview_has_its_json_beside_it() -> None:
    assert render_json_form() == JSON_FORM.read_text()


def test_every_recorded_preview_has_a_story_for_the_engine() -> None:
    assert set(NAMES) == STORIES.keys()


def test_every_outcome_has_a_recorded_preview() -> None:
    outcomes = {
        planned.outcome for name in NAMES for planned in judge_text(read_preview(name)).planned
    }

    # The engine makes no operation that this version does not know.
    assert outcomes == set(Outcome) - {Outcome.UNKNOWN}


@pytest.mark.parametrize("name", ["replace-by-each-property", "three-hundred", "failed-check"])
def test_the_order_of_the_engines_steps_and_diagnostics_does_not_matter(name: str) -> None:
    document = json.loads(read_preview(name))
    for entries in (document["steps"], document.get("diagnostics", [])):
        entries.reverse()

    assert render(json.dumps(document)) == read_comment(name)


# The limit


@given(
    st.lists(st.tuples(st.integers(0, 100), TEXTS), max_size=12),
    st.lists(TEXTS, max_size=12),
    TEXTS,
)
def test_a_comment_is_never_longer_than_github_accepts_and_never_loses_its_top(
    collaborations: list[tuple[int, str]], messages: list[str], name: str
) -> None:
    steps = []
    for number, (size, value) in enumerate(collaborations):
        members = {
            f"{account:012}": {"displayName": value, "memberAbilities": []}
            for account in range(size)
        }
        steps.append(
            step(
                "delete",
                f"{number}{name}",
                old_state({"members": members}, dict.fromkeys(members, "ACTIVE")),
            )
        )
    text = preview(*steps, messages=(*messages, *(message * 50 for message in messages)))

    comment = render(text, name * 100, name * 100)

    assert len(comment) <= LIMIT
    assert comment.startswith("### Clean Rooms")
    assert comment.count("```") % 2 == 0
    assert len(steps) == 0 or re.search(
        rf"{len(steps)} collaborations? (is|are) deleted", comment.split("\n")[3]
    )


def comment_on(count: int) -> str:
    """Return the comment on so many deleted collaborations, each with an active member."""
    inputs = {
        "name": "x" * 100,
        "members": {"222233334444": {"displayName": "y" * 100, "memberAbilities": []}},
    }
    return render(
        preview(
            *(
                step("delete", f"{each:04}", old_state(inputs, {"222233334444": "ACTIVE"}))
                for each in range(count)
            )
        )
    )


def test_details_are_left_out_before_rows_and_the_last_line_counts_them() -> None:
    comment = comment_on(200)
    shown_lines = comment.count("\n@@") + comment.count("\n- ")

    assert comment.count("\n| `") == 200
    assert comment.endswith(
        f"\nLeft out: {200 * 3 - shown_lines} lines of the diff. A comment holds at most 65,236 characters.\n"
    )


def test_rows_are_left_out_last_and_counted() -> None:
    comment = comment_on(1000)
    shown_rows = comment.count("\n| `")

    assert "1000 collaborations are deleted" in comment
    assert 200 < shown_rows < 1000
    assert comment.endswith(
        f"\nLeft out: {1000 - shown_rows} rows and 3,000 lines of the diff. A comment holds at most 65,236 characters.\n"
    )


def test_a_comment_that_fits_leaves_nothing_out() -> None:
    assert "Left out" not in comment_on(100)


# What is shown


def test_no_part_of_a_secret_is_shown() -> None:
    secret = {
        "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
        "ciphertext": "v1:abc",
        "plaintext": "hunter2",
    }
    old = {"description": secret, "members": {"1": {"displayName": secret, "memberAbilities": []}}}

    comment = render(preview(step("delete", "ads", old_state(old, {"1": "ACTIVE"}))))

    assert "[secret]" in comment
    assert not re.search(
        "hunter2|v1:abc|1b47061264138c4ac30d75fd1eb44270|4dabf18193072939515e22adb298388d", comment
    )


def test_hidden_inputs_are_not_shown() -> None:
    comment = render(
        preview(
            step(
                "create",
                "ads",
                None,
                {"inputs": {"name": "x", "__provider": "gASV", "__ignoreChanges": ["members"]}},
            )
        )
    )

    assert not re.search("gASV|__", comment)


def test_an_unknown_property_is_named_and_shown() -> None:
    comment = render(
        preview(
            step(
                "replace",
                "ads",
                old_state({"new": 1}),
                {"inputs": {"new": 2}},
                replaceReasons=["new"],
            )
        )
    )

    assert "| `new: 1 -> 2` |" in comment
    assert "- new: 1\n+ new: 2" in comment


def test_warnings_are_shown_below_the_table_and_are_not_errors() -> None:
    comment = render(
        preview(
            step("create", "ads", None, {"inputs": {}}),
            messages=("warning: somebody should pay\n",),
            severity="warning",
        )
    )

    assert comment.index("| `ads` |") < comment.index("somebody should pay")
    assert "failed" not in comment


def test_more_errors_than_can_be_shown_are_counted() -> None:
    comment = render(preview(messages=tuple(f"error: number {number:02}" for number in range(30))))

    assert "number 09\n... and 20 more\n```" in comment
    assert "with 30 errors" in comment


def test_rendering_imports_no_aws_library() -> None:
    file = str(PREVIEWS / "takeover.json")
    code = f"""
import sys
from cleanrooms_resource.__main__ import main
main(["comment", {file!r}])
print(sorted(name for name in ("boto3", "botocore", "pulumi_aws", "moto") if name in sys.modules))
"""
    process = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert process.stdout.splitlines()[-1] == "[]"


def test_a_replacement_that_was_asked_for_names_no_property() -> None:
    text = preview(
        step(
            "replace",
            "ads",
            old_state({"name": "x"}),
            {"inputs": {"name": "x"}},
            replaceReasons=["id"],
        )
    )

    assert (
        "| no property: the command, an option or another resource asks for the replacement |"
        in render(text)
    )


# The table and the fold


@pytest.mark.parametrize("name", NAMES)
def test_no_cell_of_the_table_is_empty(name: str) -> None:
    rows = [line for line in read_comment(name).splitlines() if line.startswith("| ")]

    assert not any(
        cell.strip() == ""
        for row in rows
        for cell in row.removeprefix("|").removesuffix("|").split(" | ")
    )


def test_a_reason_has_three_lines_and_counts_the_others() -> None:
    members = {
        f"{number:012}": {"displayName": f"Member {number}", "memberAbilities": []}
        for number in range(5)
    }
    text = preview(
        step(
            "replace",
            "ads",
            old_state({"members": {}}),
            {"inputs": {"members": members}},
            replaceReasons=["members"],
        )
    )

    lines = [f'`+ {number:012} "Member {number}"`' for number in range(3)]
    assert f"| {'<br>'.join(['`members`', *lines, 'and 2 more'])} |" in render(text)


@pytest.mark.parametrize(("lines", "opening"), [(15, "<details open>"), (16, "<details>")])
def test_a_fold_of_at_most_15_lines_is_open(lines: int, opening: str) -> None:
    # The name of the resource is the first line.
    tags = {str(number): "x" for number in range(lines - 1)}

    assert f"{opening}<summary>What changes</summary>" in render(
        preview(step("create", "ads", None, {"inputs": {"tags": tags}}))
    )
