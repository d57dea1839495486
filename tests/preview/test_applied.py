"""The comment after the merge, on recorded events of the real engine."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from recorded_previews import APPLIED

from cleanrooms_resource.changes.holders import describe_kept
from cleanrooms_resource.preview.applied import Application, Result, judge_events, parse_events
from cleanrooms_resource.preview.applied_comment import render_applied_comment
from cleanrooms_resource.preview.verdict import Severity

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


def list_events(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in read(name).splitlines()]


def judge_list(events: list[dict[str, Any]]) -> Application:
    return judge("\n".join(json.dumps(event, ensure_ascii=False) for event in events))


def list_results(events: list[dict[str, Any]]) -> list[Result]:
    return [each.result for each in judge_list(events).resources]


def list_steps(events: list[dict[str, Any]], op: str) -> list[dict[str, Any]]:
    """Return the metadata of the events on collaborations with this operation."""
    metadata = [(event.get("resourcePreEvent") or event.get("resOutputsEvent") or {}).get("metadata", {}) for event in events]
    return [each for each in metadata if each.get("op") == op and "leanrooms" in each["urn"]]


@pytest.mark.parametrize("character", ["\u0085", "\u2028", "\u2029"])
def test_a_character_that_ends_a_line_in_unicode_alone_loses_no_event(character: str) -> None:
    events = list_events("create")
    for step in list_steps(events, "create"):
        step["new"]["inputs"]["description"] = f"one{character}two"

    assert list_results(events) == [Result.CREATED]


@pytest.mark.parametrize("line", ['{"sequence": 3, "resOutputsEvent": {"metadata": {"op": "crea', '{"resOutputsEvent": {"metadata": 3}}'])
def test_a_line_that_cannot_be_read_is_no_success(line: str) -> None:
    assert judge(read("unchanged") + line).is_failed
    with pytest.raises(ValueError, match="no event"):
        parse_events(line)


def test_the_old_collaboration_of_a_replacement_is_left_over_where_the_engine_stopped_before_its_deletion() -> None:
    events = list_events("replace")
    deletions = list_steps(events, "delete-replaced")
    rest = [event for event in events if not any(step in list_steps([event], "delete-replaced") for step in deletions)]
    for step in list_steps(rest, "create-replacement"):
        step["old"]["delete"] = True

    assert list_results(rest) == [Result.LEFT_OVER, Result.REPLACED]


def test_a_collaboration_that_an_earlier_run_deleted_before_its_replacement_is_not_left_over() -> None:
    events = list_events("replace")
    rest = [event for event in events if not list_steps([event], "delete-replaced")]
    for step in list_steps(rest, "create-replacement"):
        step["old"].pop("delete", None)

    assert list_results(rest) == [Result.REPLACED]


def test_a_collaboration_that_the_program_only_reads_now_is_kept() -> None:
    events = list_events("delete")
    for step in list_steps(events, "delete"):
        step |= {"op": "read", "new": step["old"] | {"external": True}}

    assert list_results(events) == [Result.KEPT]


def test_a_collaboration_that_the_program_only_read_before_is_not_replaced() -> None:
    events = list_events("replace")
    for step in list_steps(events, "create-replacement"):
        step["old"]["external"] = True
    rest = [event for event in events if not list_steps([event], "delete-replaced")]

    assert list_results(rest) == [Result.CREATED]


def test_a_collaboration_is_kept_for_another_resource_only_where_the_provider_says_so() -> None:
    events = list_events("delete")
    (deletion, _) = list_steps(events, "delete")
    holder = copy.deepcopy(deletion) | {"op": "same", "urn": f"{deletion['urn']}-holder", "new": deletion["old"]}
    holder["old"]["outputs"]["__token"] = "another"
    events.insert(1, {"resOutputsEvent": {"metadata": holder}})
    notice = {"diagnosticEvent": {"message": f"{describe_kept(deletion['old']['id'])}\n", "severity": "info#err"}}

    assert list_results(events) == [Result.DELETED]
    assert list_results([*events, notice]) == [Result.KEPT]


def update(old: dict[str, Any], new: dict[str, Any], **inputs: Any) -> list[dict[str, Any]]:
    """Return the events of an update whose old and new states have these outputs."""
    events = list_events("update")
    for step in list_steps(events, "update"):
        step["diffs"] = ["members"]
        step["old"]["outputs"] |= old
        step["new"]["outputs"] |= new
        step["new"]["inputs"] |= inputs
    return events


def test_a_member_that_an_update_removed_is_told_and_is_a_warning() -> None:
    application = judge_list(update({"memberStatuses": {"1": "ACTIVE", "2": "REMOVED"}}, {"memberStatuses": {"1": "REMOVED", "2": "REMOVED"}}))

    assert application.severity is Severity.WARNING
    assert "`1` cannot be invited again." in render_applied_comment(application)
    assert "**`1` removed**, and AWS cannot invite this account to it again" in render_applied_comment(application)


@pytest.mark.parametrize(("removes", "severity"), [(True, Severity.WARNING), ("[secret]", Severity.WARNING), (False, Severity.CHANGE)])
def test_an_update_of_secret_members_may_have_removed_some(removes: Any, severity: Severity) -> None:
    secret = {"memberStatuses": "[secret]"}
    application = judge_list(update(secret, secret, members="[secret]", removeMembers=removes))

    assert application.severity is severity
    assert ("**members may be removed**" in render_applied_comment(application)) is bool(removes)


def end_before(name: str, op: str, *, is_failed: bool) -> list[dict[str, Any]]:
    """Return the events with a failure, or with nothing, in the place of the success of this operation."""
    events = []
    for event in list_events(name):
        if "resOutputsEvent" not in event or not list_steps([event], op):
            events.append(event)
        elif is_failed:
            events.append({"resOpFailedEvent": event["resOutputsEvent"]})
    return events


def test_an_update_that_failed_may_be_done_in_part() -> None:
    assert "may be changed in part" in render_applied_comment(judge_list(end_before("update", "update", is_failed=True)))


@pytest.mark.parametrize(
    ("op", "failed", "cut_off"),
    [
        ("create", "the operation `create` did not succeed", "**cut off**: AWS may have carried out the operation `create`"),
        ("delete", "**still at AWS**", "**may still be at AWS**"),
    ],
)
def test_aws_may_have_carried_out_an_operation_that_was_cut_off(op: str, failed: str, cut_off: str) -> None:
    assert failed in render_applied_comment(judge_list(end_before(op, op, is_failed=True)))
    assert cut_off in (comment := render_applied_comment(judge_list(end_before(op, op, is_failed=False))))
    assert ("look for the collaboration at AWS" in comment) is (op == "create")
