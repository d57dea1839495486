"""The canonical form of a declaration.

Keys are spelled as boto3 spells them, members are a map keyed by account id, lists that AWS treats as sets are sorted, nothing is null, and the form
holds only values that the program declared. The state stores this form as the resource's inputs, so every preview compares and draws it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cleanrooms_resource.declaration.connection_form import canonicalize_connection
from cleanrooms_resource.declaration.failures import Failure
from cleanrooms_resource.declaration.members import judge_members
from cleanrooms_resource.declaration.rules import find_refusals, find_refusals_of_new
from cleanrooms_resource.declaration.shapes import DECLARATION

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cleanrooms_resource.declaration.spelling import Path


def canonicalize(
    properties: Mapping[str, Any], *, is_new: bool = False
) -> tuple[dict[str, Any], list[Failure]]:
    """Return the canonical form of a declaration, and every failure of the declaration.

    Values that are not known yet stay in their places and are never judged; a member whose account is not known yet stands under a placeholder. The
    rules between properties judge the well-formed values beside an ill-formed one. If there are failures, the form is ``{}``. ``is_new`` adds the
    failures of a collaboration that does not exist yet. The function never raises. The canonical form of a canonical form is itself.
    """
    connection, failures = canonicalize_connection(properties.get("connection"))
    form = DECLARATION.judge(
        {
            name: value
            for name, value in properties.items()
            if name not in ("members", "connection")
        },
        (),
        failures,
    )
    program_keys: Mapping[str, str | int] = {}
    if properties.get("members") is not None:
        form["members"], program_keys = judge_members(properties["members"], failures)
    if connection is not None:
        form["connection"] = connection
    refusals = find_refusals(form) + (find_refusals_of_new(form) if is_new else [])
    failures += [
        Failure(_use_program_key(failure.path, program_keys), failure.reason)
        for failure in refusals
    ]
    return ({}, failures) if failures else (form, [])


def _use_program_key(path: Path, program_keys: Mapping[str, str | int]) -> Path:
    """Return a path with the key or position that the program used for a member."""
    if path[0] != "members" or len(path) == 1:
        return path
    return ("members", program_keys.get(str(path[1]), path[1]), *path[2:])
