"""The input ``memberList``: members as a list, for account ids that are not known before the deployment. Check merges the list into ``members``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cleanrooms_resource.declaration.failures import Failure
from cleanrooms_resource.declaration.limits import find_member_account_violation
from cleanrooms_resource.declaration.unknown_values import is_known, make_placeholder
from cleanrooms_resource.plugin.messages import has_secret
from cleanrooms_resource.pulumi_sdk import (
    UNKNOWN_VALUE,
    Unknown,
    is_secret,
    mark_secret,
    reveal_secret,
    reveal_secrets,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

MEMBER_LIST: Final = "memberList"


def merge_member_list(
    inputs: Mapping[str, Any],
) -> tuple[dict[str, Any], dict[str, int], list[Failure]]:
    """Return the inputs with one ``members``, the position of each account that the list names, and the failures of the list.

    ``inputs`` have their secrets marked. A member whose account is not known yet gets a placeholder as its key.
    """
    merged = {name: value for name, value in inputs.items() if name != MEMBER_LIST}
    entries, members = reveal_secret(inputs.get(MEMBER_LIST)), reveal_secret(inputs.get("members"))
    if entries is None:
        return merged, {}, []
    if isinstance(entries, Unknown) or isinstance(members, Unknown):
        return merged | {"members": UNKNOWN_VALUE}, {}, []
    if not isinstance(entries, list) or not isinstance(members, dict | None):
        wrong = MEMBER_LIST if not isinstance(entries, list) else "members"
        return (
            merged,
            {},
            [
                Failure(
                    (wrong,),
                    "must be a list of members"
                    if wrong == MEMBER_LIST
                    else "must be a map of members, keyed by account id",
                )
            ],
        )
    by_account = dict(members or {})
    positions: dict[str, int] = {}
    failures: list[Failure] = []
    for position, entry in enumerate(entries):
        account = reveal_secrets(_get_account(entry))
        reason = _judge_account(account, by_account, positions)
        if reason:
            failures.append(Failure((MEMBER_LIST, position, "accountId"), reason))
            continue
        key = account if isinstance(account, str) else make_placeholder(len(by_account) + 1)
        by_account[key] = entry
        positions[key] = position
    has_secret_keys = any(map(is_secret, (inputs[MEMBER_LIST], inputs.get("members")))) or any(
        map(_has_secret_account, entries)
    )
    return (
        merged
        | {"members": mark_secret(reveal_secrets(by_account)) if has_secret_keys else by_account},
        positions,
        failures,
    )


def spell_position(reason: str, positions: Mapping[str, int]) -> str:
    """Return a failure's sentence with the path that the program used: a member of the list stands at its position there."""
    for account, position in positions.items():
        path = f'members["{account}"]'
        if reason.startswith(path):
            return f"{MEMBER_LIST}[{position}]{reason.removeprefix(path)}"
    return reason


def _get_account(entry: Any) -> Any:
    plain = reveal_secret(entry)
    return plain.get("accountId") if isinstance(plain, dict) else plain


def _has_secret_account(entry: Any) -> bool:
    """Whether an entry's account id is secret, alone or with the whole entry: the id becomes a key, and only the whole map hides its keys."""
    return is_secret(entry) or has_secret(_get_account(entry))


def _judge_account(
    account: Any, by_account: Mapping[str, Any], positions: Mapping[str, int]
) -> str | None:
    if not is_known(account):
        return None
    violation = find_member_account_violation(account)
    if violation:
        return violation
    if account in positions:
        return f"{MEMBER_LIST}[{positions[account]}] already has account {account}, and a collaboration can invite an account only once"
    if account in by_account:
        return (
            f"members already has account {account}, and a collaboration can invite an account only once; declare it in one of the two. "
            "Where ignoreChanges names members, declare no memberList, because members then has those of the state"
        )
    return None
