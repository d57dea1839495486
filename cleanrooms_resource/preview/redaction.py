"""The part of `pulumi preview --json` that may leave the job which made the preview.

Everybody who may read the repository may read an artifact, and the engine masks only secrets. The stack's configuration and the values of other
resources are in plain text.
"""

from __future__ import annotations

import json
from typing import Any, Final

from cleanrooms_resource.hidden_keys import DECLARED_NAMES, HOLDER
from cleanrooms_resource.preview.json_text import cut_deep_nesting

_KEYS: Final = ("steps", "diagnostics", "changeSummary", "maybeCorrupt")
_KEYS_OF_STEPS: Final = ("op", "urn", "provider")
_KEYS_OF_STATES: Final = ("type", "custom", "id", "delete", "protect", "retainOnDelete", "external")
_PROVIDER: Final = "__provider"
"""The pickled provider of a dynamic resource."""


def redact(text: str, exit_status: int) -> str:
    """Return a preview without the configuration and without the values of resources that are neither collaborations nor memberships.

    ``exit_status`` is the status with which `pulumi preview` ended; the result has it as ``exitStatus``.

    Raises:
        ValueError: the text is not a JSON object.

    """
    document = json.loads(cut_deep_nesting(text))
    if not isinstance(document, dict):
        raise ValueError("The JSON is not an object.")  # noqa: TRY004 - as for every other text that is no preview
    if isinstance(document.get("steps"), list):
        document["steps"] = [_redact_step(step) for step in document["steps"]]
    kept = {key: document[key] for key in _KEYS if document.get(key) is not None}
    return json.dumps({**kept, "exitStatus": exit_status}) + "\n"


def _redact_step(step: dict[str, Any]) -> dict[str, Any]:
    states = {key: step[key] for key in ("oldState", "newState") if step.get(key) is not None}
    if not _is_of_clean_rooms(states):
        reduced = {
            key: {name: state[name] for name in state if name in _KEYS_OF_STATES}
            for key, state in states.items()
        }
        return {key: step[key] for key in _KEYS_OF_STEPS if step.get(key) is not None} | reduced
    for state in states.values():
        for values in (state.get("inputs"), state.get("outputs")):
            if values:
                values.pop(_PROVIDER, None)
    return {key: value for key, value in step.items() if value is not None}


def _is_of_clean_rooms(states: dict[str, Any]) -> bool:
    if any(state.get("custom") is False for state in states.values()):
        return False  # A component is nothing at AWS, and its inputs may be anything.
    type_ = str(
        (states.get("newState") or {}).get("type")
        or (states.get("oldState") or {}).get("type")
        or ""
    )
    if "cleanrooms" in type_:
        # A provider's inputs are credentials.
        return not type_.startswith("pulumi:providers:")
    # A subclass of Collaboration may have the type of every dynamic resource.
    return type_.startswith("pulumi-python:dynamic") and any(
        not {HOLDER, "creatorMemberAbilities"}.isdisjoint(state.get("inputs") or {})
        or DECLARED_NAMES in (state.get("outputs") or {})
        for state in states.values()
    )
