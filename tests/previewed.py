"""Previews in the engine's shape, with any texts."""

from __future__ import annotations

import json
from typing import Any

from cleanrooms_resource.preview.document import COLLABORATION_TYPE
from cleanrooms_resource.pulumi_sdk import UNKNOWN

__all__ = ["UNKNOWN", "old_state", "preview", "step"]


def step(op: str, name: str, old: dict[str, Any] | None = None, new: dict[str, Any] | None = None, **rest: Any) -> dict[str, Any]:
    """A step on a collaboration, as the engine writes it."""
    states = {"oldState": old, "newState": new}
    return {
        "op": op,
        "urn": f"urn:pulumi:test::tests::{COLLABORATION_TYPE}::{name}",
        **{which: {"type": COLLABORATION_TYPE} | state for which, state in states.items() if state is not None},
        **rest,
    }


def old_state(inputs: dict[str, Any], statuses: dict[str, str] | None = None) -> dict[str, Any]:
    """The state of a collaboration that was made from these inputs."""
    return {"id": "id", "inputs": inputs, "outputs": {**inputs, "__declared": sorted(inputs), "memberStatuses": statuses or {}}}


def preview(*steps: dict[str, Any], messages: tuple[str, ...] = (), severity: str = "error") -> str:
    return json.dumps({"steps": steps, "diagnostics": [{"message": each, "severity": severity} for each in messages]})
