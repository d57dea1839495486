"""What a preview says of each collaboration: replaced for certain or perhaps, by which property, and with which errors."""

from __future__ import annotations

from typing import Any

import pytest
from previewed import UNKNOWN, old_state, preview, step

from cleanrooms_resource.preview.comment import render_comment
from cleanrooms_resource.preview.document import parse_preview
from cleanrooms_resource.preview.outcome import Outcome, list_planned_collaborations


def replaced(old: dict[str, Any], new: dict[str, Any]) -> Outcome:
    made = parse_preview(preview(step("replace", "ads", old_state(old), {"inputs": new}, replaceReasons=sorted(new))))
    return list_planned_collaborations(made)[0].outcome


BROKER = {"displayName": "Broker", "memberAbilities": []}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"members": {"1": BROKER}}, {"members": UNKNOWN}),
        ({"members": {"1": BROKER}}, {"members": {"(known after apply 1)": BROKER}}),
        ({"members": {"1": BROKER}}, {"members": {"1": {**BROKER, "displayName": UNKNOWN}}}),
        ({"members": {"1": BROKER}}, {"members": {"1": {**BROKER, "memberAbilities": UNKNOWN}}}),
        ({"members": {"1": BROKER}}, {"members": {"1": {**BROKER, "paymentConfiguration": {"queryCompute": {"isResponsible": UNKNOWN}}}}}),
        ({"creatorMemberAbilities": ["A", "B"]}, {"creatorMemberAbilities": ["A", UNKNOWN]}),
        ({"queryLogStatus": "ENABLED"}, {"queryLogStatus": UNKNOWN}),
    ],
)
def test_what_may_prove_equal_may_replace(old: dict[str, Any], new: dict[str, Any]) -> None:
    assert replaced(old, new) is Outcome.MAY_REPLACE


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"members": {"1": BROKER}}, {"members": {"1": BROKER, "(known after apply 2)": BROKER}}),
        ({"members": {"1": BROKER}}, {"members": {"(known after apply 1)": {**BROKER, "displayName": "Other"}}}),
        ({"members": {"1": BROKER}}, {"members": {"2": {**BROKER, "displayName": UNKNOWN}}}),
        ({"members": {"1": BROKER, "2": BROKER}}, {"members": {"1": {**BROKER, "displayName": UNKNOWN}}}),
        ({"members": {"1": BROKER}}, {"members": {"1": {"displayName": UNKNOWN, "memberAbilities": ["CAN_QUERY"]}}}),
        ({"creatorMemberAbilities": ["A"]}, {"creatorMemberAbilities": ["B", UNKNOWN]}),
        ({"queryLogStatus": "ENABLED", "jobLogStatus": "ENABLED"}, {"queryLogStatus": "DISABLED", "jobLogStatus": UNKNOWN}),
    ],
)
def test_what_cannot_prove_equal_replaces(old: dict[str, Any], new: dict[str, Any]) -> None:
    assert replaced(old, new) is Outcome.REPLACE


def test_a_replacement_asked_for_names_no_property() -> None:
    made = parse_preview(preview(step("replace", "ads", old_state({"name": "x"}), {"inputs": {"name": "x"}}, replaceReasons=["id"])))

    assert "| no property: asked for, or forced by another resource |" in render_comment(made)


@pytest.mark.parametrize("part", ["create-replacement", "delete-replaced"])
def test_the_parts_of_a_replacement_are_not_counted_beside_it(part: str) -> None:
    whole = step("replace", "ads", old_state({}), {"inputs": {}})

    assert render_comment(parse_preview(preview(whole, step(part, "ads", old_state({}), {"inputs": {}})))) == render_comment(
        parse_preview(preview(whole))
    )


def test_a_traceback_is_left_out_but_for_its_last_line() -> None:
    message = 'error: Program failed:\nTraceback (most recent call last):\n  File "x.py", line 2, in <module>\n    raise X\nValueError: boom\n'

    assert "Program failed:\nValueError: boom\n```" in render_comment(parse_preview(preview(messages=(message,))))


def test_what_the_language_host_prints_is_left_out() -> None:
    assert render_comment(parse_preview(preview(messages=("KeyboardInterrupt",), severity="info#err"))) == render_comment(parse_preview(preview()))


@pytest.mark.parametrize("message", ["error: preview failed\n", "error: an unhandled error occurred: x", "", "Traceback (most recent call last):\n"])
def test_a_failure_that_says_nothing_but_that_is_still_an_error(message: str) -> None:
    assert "the preview failed with 1 error" in render_comment(parse_preview(preview(messages=(message,))))
