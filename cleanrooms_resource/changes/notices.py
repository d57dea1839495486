"""The notices of a preview, beside the properties that change. Pulumi shows each notice as a line on the stack, at preview and again at `up`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cleanrooms_resource.changes.payments import read_legs
from cleanrooms_resource.declaration.rules import COSTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cleanrooms_resource.changes.known_collaboration import KnownCollaboration


def list_notices(known: KnownCollaboration, declaration: Mapping[str, Any], *, is_replacement: bool) -> list[str]:
    """Return the notices for a declaration of a collaboration that exists."""
    members = declaration.get("members")
    members = members if isinstance(members, dict) else {}
    return [
        *_describe_undeclared_members(known, members, is_replacement=is_replacement),
        *_describe_departed_members(known, members, is_replacement=is_replacement),
        *_describe_unread_payers(known, declaration),
    ]


def _describe_undeclared_members(known: KnownCollaboration, members: Mapping[str, Any], *, is_replacement: bool) -> Iterator[str]:
    for account in known.list_undeclared_members():
        if account not in members:
            consequence = " The new collaboration does not invite this member." if is_replacement else ""
            yield (
                f'members["{account}"]: AWS has this member, and the program does not declare the member.{consequence} '
                "To declare the member, run `pulumi refresh` and add it to `members` as AWS has it."
            )
    if not known.is_of_older_version:
        return
    for account in known.declared.get("members") or {}:
        if account not in members and not known.has_departed(account):
            yield (
                f'members["{account}"]: the program does not declare this member, and the state does not show whether it ever did: '
                "version 0.1.0 recorded every member of a refresh. To keep the member, declare it."
            )


def _describe_departed_members(known: KnownCollaboration, members: Mapping[str, Any], *, is_replacement: bool) -> Iterator[str]:
    for account in members if is_replacement else ():
        if known.has_departed(account):
            yield f'members["{account}"]: the member has the status {known.statuses[account]}, and the new collaboration invites it again.'


def _describe_unread_payers(known: KnownCollaboration, declaration: Mapping[str, Any]) -> Iterator[str]:
    for cost in COSTS:
        newly_declared = any(read_legs(declaration, cost).values()) and not any(read_legs(known.declared, cost).values())
        is_read = any(leg is not None for leg in read_legs(known.live, cost).values())
        if newly_declared and not is_read:
            yield (
                f"The payer of {'.'.join(cost)} was never declared, and no refresh has read the payer from AWS. The preview assumes AWS's default, "
                "the member who has CAN_QUERY. Run `pulumi refresh` to read the payer."
            )
