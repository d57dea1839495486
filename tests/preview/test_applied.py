"""The comment after the merge, on recorded events of the real engine."""

from __future__ import annotations

import json

import pytest
from recorded_previews import APPLIED

from cleanrooms_resource.preview.applied import Application, Result, judge_events, parse_events
from cleanrooms_resource.preview.applied_comment import render_applied_comment

NAMES = sorted(path.stem for path in APPLIED.glob("*.jsonl"))


def read(name: str) -> str:
    return (APPLIED / f"{name}.jsonl").read_text()


def judge(text: str) -> Application:
    return judge_events(parse_events(text))


@pytest.mark.parametrize("name", NAMES)
def test_recorded_events_have_the_comment_beside_them(name: str) -> None:
    assert render_applied_comment(judge(read(name))) == (APPLIED / f"{name}.md").read_text()


@pytest.mark.parametrize(
    ("name", "results"),
    [
        ("create", [Result.CREATED]),
        ("replace", [Result.REPLACED]),
        ("replace-left-over", [Result.LEFT_OVER, Result.REPLACED]),
        ("replace-failed", [Result.FAILED]),
        ("delete", [Result.DELETED]),
        ("delete-failed", [Result.LEFT_OVER]),
        ("adopted-by-another", [Result.KEPT, Result.ADOPTED]),
        ("update", [Result.UPDATED]),
        ("unchanged", []),
    ],
)
def test_each_deployment_has_its_results(name: str, results: list[Result]) -> None:
    assert [each.result for each in judge(read(name)).resources] == results


def test_a_replacement_names_the_new_id_and_whom_to_invite_again() -> None:
    (replaced,) = judge(read("replace")).resources

    assert replaced.id not in ("", replaced.old_id)
    assert list(replaced.members) == ["222233334444", "333344445555", "444455556666"]
    assert replaced.joined.members == {"333344445555": "Member 3333"}


def test_events_that_were_cut_off_are_no_success() -> None:
    lines = read("replace").splitlines()
    end = next(number for number, line in enumerate(lines) if json.loads(line).keys() & {"summaryEvent"})

    application = judge("\n".join(lines[:end]))

    assert application.is_failed
    assert "**This `pulumi up` was cut off**" in render_applied_comment(application)


def test_a_document_before_the_events_does_not_matter() -> None:
    assert judge('{\n"steps": []\n}\nUpdating (test)\n' + read("replace")) == judge(read("replace"))
