"""The members of a declaration: a list, or a map keyed by account id. The canonical form is the map."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from cleanrooms_resource.declaration.limits import find_member_account_violation
from cleanrooms_resource.declaration.shapes import MEMBER
from cleanrooms_resource.declaration.structure import judge, refuse, refuse_type
from cleanrooms_resource.declaration.unknown_values import (
    UNKNOWN_VALUE,
    is_placeholder,
    is_unknown,
    make_placeholder,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cleanrooms_resource.declaration.failures import Failure

_NO_MEMBER: Final = "must be a member: a map with displayName and memberAbilities"
_NO_MEMBER_IN_PROGRAM: Final = (
    "must be CollaborationMemberArgs or a dict with display_name and member_abilities"
)
_NO_MEMBERS: Final = "must be a list of members, or a map of members keyed by account id"
_ACCOUNT_SPELLINGS: Final = ("accountId", "account_id")
# A member of pulumi-aws also has a status, which AWS decides.
_NOT_OF_THE_SHAPE: Final = {*_ACCOUNT_SPELLINGS, "status"}


def judge_members(members: Any, failures: list[Failure]) -> tuple[Any, dict[str, str | int]]:
    """Return the members by account, and the key or position that the program used for each; append the failures.

    A member whose account is ill-formed or not known yet stands under a placeholder. Members that are not known yet are their own form.
    """
    if is_unknown(members):
        return members, {}
    if not isinstance(members, Mapping | list | tuple):
        return refuse_type(_NO_MEMBERS, members, ("members",), failures), {}
    if isinstance(members, Mapping) and not members.keys().isdisjoint(_ACCOUNT_SPELLINGS):
        return refuse(
            f"{_NO_MEMBERS}, and is one member: write it in a list", ("members",), failures
        ), {}
    is_list = not isinstance(members, Mapping)
    form: dict[str, Any] = {}
    program_keys: dict[str, str | int] = {}
    entries: Iterable[tuple[Any, Any]] = (
        members.items() if isinstance(members, Mapping) else enumerate(members)
    )
    for key, entry in entries:
        member = (
            {name: part for name, part in entry.items() if part is not None}
            if isinstance(entry, Mapping)
            else entry
        )
        named_account = _get_account(member)
        # The account under a placeholder is known by now, or still unknown.
        account = (
            named_account if is_list or (is_placeholder(key) and named_account is not None) else key
        )
        reason = _judge_account(account, form)
        if reason:
            refuse(reason, ("members", key, "accountId") if is_list else ("members", key), failures)
        if (
            not is_list
            and not is_placeholder(key)
            and not is_unknown(named_account)
            and named_account not in (None, key)
        ):
            refuse(
                f'must be the member\'s key, "{key}", or left out',
                ("members", key, "accountId"),
                failures,
            )
        place = make_placeholder(len(form) + 1) if reason or is_unknown(account) else account
        form[place] = _judge_member(member, key, failures)
        program_keys[place] = key
    return dict(sorted(form.items())), program_keys


def _get_account(member: Any) -> Any:
    """Return the account that a member names, or None. An entry that is not a map is judged as a whole, so its account counts as not known."""
    return (
        member.get("accountId", member.get("account_id"))
        if isinstance(member, dict)
        else UNKNOWN_VALUE
    )


def _judge_account(account: object, others: Mapping[str, Any]) -> str | None:
    """Return the failure of an account id; None if the id is right or not known yet."""
    if is_unknown(account) or is_placeholder(account):
        return None
    violation = find_member_account_violation(account)
    if violation:
        return violation
    return (
        f"account {account} is already a member, and a collaboration can invite an account only once"
        if account in others
        else None
    )


def _judge_member(member: Any, key: str | int, failures: list[Failure]) -> Any:
    if is_unknown(member):
        return member
    if not isinstance(member, dict):
        return refuse_type(_NO_MEMBER, member, ("members", key), failures, _NO_MEMBER_IN_PROGRAM)
    if member.keys() >= set(_ACCOUNT_SPELLINGS):
        refuse("is declared in two spellings", ("members", key, "accountId"), failures)
    return judge(
        MEMBER,
        {name: part for name, part in member.items() if name not in _NOT_OF_THE_SHAPE},
        ("members", key),
        failures,
    )
