"""Recorded and mutated previews: the verdict is never milder than the engine's operations, counted here without the package's code."""

from __future__ import annotations

import json
import re
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from preview_documents import TEXTS, judge_text, render
from recorded_previews import NAMES, read_preview

DOCUMENTS = {name: json.loads(read_preview(name)) for name in NAMES if name != "three-hundred"}
OPERATIONS = ["create", "update", "replace", "delete", "same", "read", "import", "vaporize"]
WITHOUT_LOSS = {
    "create",
    "update",
    "same",
    "read",
    "import",
    "refresh",
    "discard",
    "create-replacement",
    "delete-replaced",
    "discard-replaced",
}


@st.composite
def previews(draw: st.DrawFn) -> dict[str, Any]:
    """A recorded preview, or several with their steps together, in which operations, flags and texts are others."""
    document = json.loads(json.dumps(DOCUMENTS[draw(st.sampled_from(sorted(DOCUMENTS)))]))
    if draw(st.booleans()):
        other = json.loads(json.dumps(DOCUMENTS[draw(st.sampled_from(sorted(DOCUMENTS)))]))
        document["steps"] += [step | {"urn": f"{step['urn']}-more"} for step in other["steps"]]
    for step in document["steps"]:
        if is_collaboration(step) and draw(st.booleans()):
            step["op"] = draw(st.sampled_from(OPERATIONS))
        for state in (step.get("oldState"), step.get("newState")):
            if state and draw(st.booleans()):
                state[draw(st.sampled_from(["protect", "retainOnDelete", "delete"]))] = draw(
                    st.booleans()
                )
            if state and "inputs" in state and draw(st.booleans()):
                state["inputs"]["description"] = draw(TEXTS)
    document["steps"] = draw(st.permutations(document["steps"]))
    if draw(st.booleans()):
        document["changeSummary"] = count(document["steps"])
    if draw(st.booleans()):
        document.pop(draw(st.sampled_from(["changeSummary", "steps", "diagnostics"])), None)
    return dict(document)


def count(steps: list[dict[str, Any]]) -> dict[str, int]:
    return {op: sum(step["op"] == op for step in steps) for op in {step["op"] for step in steps}}


def is_collaboration(step: dict[str, Any]) -> bool:
    return "leanrooms" in step["urn"]


def is_other(step: dict[str, Any]) -> bool:
    """Whether the resource is of another provider: only its deletion and its replacement are judged."""
    return "::aws" in step["urn"]


def count_least_severity(document: dict[str, Any]) -> int:
    """Return the least severity that the engine's own operations allow."""
    steps = document.get("steps", [])
    own = [step for step in steps if is_collaboration(step)]
    least = 0
    for step in own:
        old, new = step.get("oldState") or {}, step.get("newState") or {}
        if step["op"] not in WITHOUT_LOSS and step["op"] != "delete" and not old.get("external"):
            # A replacement whose new values are not known may prove to be none.
            least = max(
                least,
                3 if "04da6b54" in json.dumps(new) or "known after apply" in json.dumps(new) else 4,
            )
        if step["op"] == "delete":
            is_kept = is_other(step) and old.get("retainOnDelete")
            is_elsewhere = any(
                each is not step and (old.get("id") or "-") in json.dumps(each) for each in own
            )
            least = max(
                least, 1 if is_kept else 3 if old.get("retainOnDelete") or is_elsewhere else 4
            )
        if step["op"] in ("create", "update", "import"):
            least = max(least, 1)
        if is_other(step):
            continue
        if (
            step["op"] in ("same", "update")
            and old.get("protect")
            and not new.get("protect")
            and new
            and not old.get("external")
        ):
            least = max(least, 3)
    has_errors = any(each["severity"] == "error" for each in document.get("diagnostics", []))
    return max(least, 2 if has_errors or not steps or "changeSummary" not in document else 0)


@given(previews())
def test_the_verdict_is_never_milder_than_the_engines_operations(document: dict[str, Any]) -> None:
    if not document.keys() & {"steps", "diagnostics", "changeSummary"}:
        return
    text = json.dumps(document)

    assert judge_text(text).severity >= count_least_severity(document)


@given(previews())
def test_nothing_changes_stands_alone(document: dict[str, Any]) -> None:
    whole = document | {"changeSummary": document.get("changeSummary", {})}

    assert "Nothing changes" not in render(json.dumps(whole)) or count_least_severity(whole) == 0


@given(previews(), TEXTS, TEXTS)
def test_equal_previews_give_equal_comments_and_nothing_leaves_its_span(
    document: dict[str, Any], project: str, stack: str
) -> None:
    text = json.dumps(document | {"changeSummary": document.get("changeSummary", {})})
    comment = render(text, project, stack)
    outside = re.sub(r"(?s)```+(text|diff)\n.*?\n```+|`[^`\n]*`", "", comment.split("\n", 1)[1])

    assert comment == render(text, project, stack)
    assert not re.search(r"@\w|#\d|<img|https?:", outside)
    assert set(re.findall(r"<[^>]*>", outside)) <= {
        "<br>",
        "<details>",
        "<details open>",
        "</details>",
        "<summary>",
        "</summary>",
    }
