"""The paths of ``ignore_changes``. Paths on which the option has no effect are refused, because Pulumi does not report them."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING, Any

from cleanrooms_resource.declaration.spelling import split_path, to_snake_case
from cleanrooms_resource.declaration.unknown_values import make_placeholder
from cleanrooms_resource.table import TABLE

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence


def judge_ignored_paths(paths: Sequence[str], properties: Mapping[str, Any]) -> list[str]:
    """Return the failures of the paths of ``ignore_changes``, which are in boto3's spelling."""
    return [reason for path in paths if (reason := _judge(path, properties))]


def judge_ignored_members(accounts: Collection[str], old_members: Collection[str]) -> list[str]:
    """Return the failures of declared members under ``ignore_changes`` that the old inputs of an existing collaboration lack."""
    return [
        f'members["{account}"]: ignore_changes names this member, and the collaboration does not have the member, so Pulumi would never add it. '
        "Remove the member from ignore_changes, or from the program."
        for account in accounts
        if account not in old_members
    ]


def list_ignored_members(paths: Sequence[str]) -> list[str]:
    """Return the accounts whose members, or parts of them, ``ignore_changes`` names."""
    segments = [split_path(path) for path in paths]
    return sorted(
        {
            each[1]
            for each in segments
            if each[0] == "members" and len(each) > 1 and re.fullmatch(r"[0-9]{12}", each[1])
        }
    )


def key_members_by_account(members: Sequence[Any]) -> dict[str, Any]:
    """Return a list of members as a map: keyed by account where the account is known, else by a placeholder."""
    keyed: dict[str, Any] = {}
    for number, entry in enumerate(members, start=1):
        account = (
            entry.get("accountId", entry.get("account_id")) if isinstance(entry, dict) else None
        )
        keyed[account if isinstance(account, str) else make_placeholder(number)] = entry
    return keyed


def _judge(path: str, properties: Mapping[str, Any]) -> str | None:
    name, *rest = split_path(path)
    if name not in ("*", "connection") and name not in TABLE:
        nearest = difflib.get_close_matches(name, TABLE, n=1)
        hint = f'; did you mean "{to_snake_case(nearest[0])}"?' if nearest else ""
        return f'ignore_changes: "{path}" does not begin with a property of a collaboration{hint}'
    if name == "members" and rest and not re.fullmatch(r"[0-9]{12}|\*", rest[0]):
        return f'ignore_changes: "{path}" must name a member by its account id, such as members["{_find_account(rest[0], properties)}"]'
    return None


def _find_account(position: str, properties: Mapping[str, Any]) -> str:
    """Return the account at a position of the members that the program declares; an example if the program has no account there."""
    members = properties.get("members")
    if (
        isinstance(members, list)
        and position.isdecimal()
        and int(position) < len(members)
        and isinstance(members[int(position)], dict)
    ):
        account = members[int(position)].get("accountId", members[int(position)].get("account_id"))
        if isinstance(account, str):
            return account
    return "222233334444"
