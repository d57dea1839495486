"""The invitations of a stack's outputs, as `pulumi stack output --json` prints them. No call reaches AWS."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from cleanrooms_resource.declaration.canonical_form import canonicalize
from cleanrooms_resource.invitations.invitation import Invitation, build_invitations

if TYPE_CHECKING:
    from collections.abc import Mapping

_DECLARED: Final = (
    "name",
    "creatorDisplayName",
    "creatorMemberAbilities",
    "creatorPaymentConfiguration",
    "queryLogStatus",
    "members",
)
_PATTERNS: Final = {"region": r"[a-z]+(-[a-z]+)+-[0-9]+", "creatorAccountId": r"[0-9]{12}"}
_UNSHOWN: Final = '"[secret]"'
"""Pulumi's text for a secret that it does not show."""
_STATUSES: Final = ("INVITED", "ACTIVE", "LEFT", "REMOVED")


class OutputsError(Exception):
    """The outputs do not hold what an invitation needs. The message says why."""


_ADVICE: Final = "Export the collaboration as docs/memberships.md shows"


def read_outputs(text: str, id_: str) -> list[Invitation]:
    """Return the invitations of the collaboration with this ID.

    Raises:
        OutputsError: the text is not a stack's outputs, or lacks something about the collaboration.

    """
    try:
        outputs = json.loads(text)
    except (ValueError, RecursionError):
        outputs = None
    if not isinstance(outputs, dict):
        raise OutputsError("the input is not the output of `pulumi stack output --json`.")
    if _UNSHOWN in json.dumps(outputs, ensure_ascii=False):
        raise OutputsError(
            "an output is secret. Write the file with `pulumi stack output --json --show-secrets`."
        )
    exports = [
        each for each in outputs.values() if isinstance(each, dict) and each.get("id") == id_
    ]
    if not exports:
        raise OutputsError(f"no output is a map whose `id` is {id_}. {_ADVICE}.")
    fields = exports[0]
    for name, pattern in _PATTERNS.items():
        if not re.fullmatch(pattern, str(fields.get(name))):
            raise OutputsError(f"the output of {id_} needs `{name}`. {_ADVICE}.")
    form, failures = canonicalize(
        {name: fields[name] for name in _DECLARED if fields.get(name) is not None}
    )
    if failures:
        reasons = "; ".join(failure.to_sentence() for failure in failures)
        raise OutputsError(f"the output of {id_} is incomplete: {reasons}. {_ADVICE}.")
    return build_invitations(fields, form, _read_statuses(fields))


def _read_statuses(fields: Mapping[str, Any]) -> dict[str, str]:
    statuses = fields.get("memberStatuses")
    if not isinstance(statuses, dict) or not all(
        status in _STATUSES for status in statuses.values()
    ):
        raise OutputsError(f"the output needs `memberStatuses`. {_ADVICE}, and run `pulumi up`.")
    return dict(statuses)
