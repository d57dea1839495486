"""Builders of previews in the engine's shape, and texts that try to leave their place in a comment."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from hypothesis import strategies as st

from cleanrooms_resource.changes.takeover import DYNAMIC_TYPE
from cleanrooms_resource.preview.comment import render_comment
from cleanrooms_resource.preview.document import parse_preview
from cleanrooms_resource.preview.verdict import Verdict, judge
from cleanrooms_resource.pulumi_sdk import UNKNOWN

__all__ = ["TEXTS", "UNKNOWN", "judge_text", "old_state", "preview", "render", "step"]

_HOSTILE_TEXTS = [
    "@org/team",
    "#1 and @me",
    "<img src=x onerror=alert(1)>",
    "| a | b |",
    "`",
    "``` \n```\n# out",
    "\\`",
    "\\|",
    "](https://x.example)",
    "![x](https://x.example/x.png)",
    "https://x.example www.x.example me@x.example",
    "--> <b>",
    "<!-- Sticky Pull Request Comment -->",
    "<",
    "!--",
    "</details>",
    "@@ -1 +1 @@",
    "\u202egnp.exe",
    "\u2066x\u2069",
    "\x1b[31mred",
    "line\r\nbreak\u2028and\x0bmore",
    "&lt;b&gt;",
    "$x$ ~~y~~ **z** _w_",
    "🤝" * 100,
    " ",
    "",
]
TEXTS = st.sampled_from(_HOSTILE_TEXTS) | st.text(st.characters(codec="utf-8"), max_size=200)
"""Any text, and often one of the texts above."""


def step(
    op: str,
    name: str,
    old: dict[str, Any] | None = None,
    new: dict[str, Any] | None = None,
    **rest: Any,
) -> dict[str, Any]:
    """Return a step on a collaboration, as the engine writes it."""
    states = {"oldState": old, "newState": new}
    return {
        "op": op,
        "urn": f"urn:pulumi:test::tests::{DYNAMIC_TYPE}::{name}",
        **{
            key: {"type": DYNAMIC_TYPE} | state
            for key, state in states.items()
            if state is not None
        },
        **rest,
    }


def old_state(inputs: dict[str, Any], statuses: dict[str, str] | None = None) -> dict[str, Any]:
    """Return the state of a collaboration that was created from these inputs."""
    return {
        "id": "id",
        "inputs": inputs,
        "outputs": {**inputs, "__declared": sorted(inputs), "memberStatuses": statuses or {}},
    }


def preview(
    *steps: dict[str, Any], messages: tuple[str, ...] = (), severity: str = "error", **rest: Any
) -> str:
    """Return the JSON of a whole preview with these steps beside the stack's, and with these messages as diagnostics."""
    stack = {
        "op": "same",
        "urn": "urn:pulumi:test::tests::pulumi:pulumi:Stack::tests-test",
        "newState": {"type": "pulumi:pulumi:Stack"},
    }
    diagnostics = [{"message": each, "severity": severity} for each in messages]
    summary = dict(Counter(step["op"] for step in steps) + Counter({"same": 1}))
    return json.dumps(
        {"steps": [stack, *steps], "diagnostics": diagnostics, "changeSummary": summary} | rest
    )


def judge_text(text: str, project: str = "", stack: str = "") -> Verdict:
    """Return the verdict on the JSON of a preview."""
    return judge(parse_preview(text), project, stack)


def render(text: str, project: str = "", stack: str = "") -> str:
    """Return the comment on the JSON of a preview."""
    return render_comment(judge_text(text, project, stack))
