"""The notices of a preview, beside the properties that change, and the notice after a replacement.

Pulumi shows each notice of a preview as a line on the stack, at preview and again at `up`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cleanrooms_resource.changes.change_requests import OPEN
from cleanrooms_resource.changes.payments import read_legs
from cleanrooms_resource.declaration.rules import COSTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from cleanrooms_resource.changes.change_requests import Judgement
    from cleanrooms_resource.changes.diff import Diff
    from cleanrooms_resource.changes.known_collaboration import KnownCollaboration


def list_notices(
    known: KnownCollaboration, declaration: Mapping[str, Any], difference: Diff
) -> list[str]:
    is_replacement = bool(difference.list_replacing_properties())
    members = declaration.get("members")
    members = members if isinstance(members, dict) else {}
    return [
        *_describe_undeclared_members(known, members, is_replacement=is_replacement),
        *_describe_departed_members(known, members, is_replacement=is_replacement),
        *_describe_unread_payers(known, declaration),
        *_describe_changes_in_place(known, difference, is_replacement=is_replacement),
    ]


def describe_replacement(id_: str, region: str, accounts: Iterable[str]) -> str:
    """Return what is left to do once a new collaboration has replaced another. ``accounts`` are its members."""
    members = ", ".join(sorted(accounts))
    notice = f"Clean Rooms collaboration {id_}: this new collaboration replaces the old one."
    if not members:
        return notice
    command = f"cleanrooms-resource invitation {id_} --region {region}"
    return f"{notice} {members} must join again: `{command}` writes the invitations."


def _describe_undeclared_members(
    known: KnownCollaboration, members: Mapping[str, Any], *, is_replacement: bool
) -> Iterator[str]:
    for account in known.list_undeclared_members():
        if account not in members:
            consequence = (
                " The new collaboration does not invite this member." if is_replacement else ""
            )
            yield (
                f'members["{account}"]: AWS has this member, and the program does not declare the member.{consequence} '
                "To declare the member, run `pulumi refresh` and add it to `members` as AWS has it."
            )
    if not known.is_of_older_version:
        return
    for account in known.declared.get("members") or {}:
        if account not in members and not known.has_departed(account):
            yield (
                f'members["{account}"]: the program does not declare this member, and the state does not show whether it ever did. '
                "Without the member, the collaboration is replaced. To avoid the replacement, add the member to `members`."
            )


def _describe_departed_members(
    known: KnownCollaboration, members: Mapping[str, Any], *, is_replacement: bool
) -> Iterator[str]:
    for account in members if is_replacement else ():
        if known.has_departed(account):
            yield f'members["{account}"]: the member has the status {known.statuses[account]}, and the new collaboration invites it again.'


def _describe_unread_payers(
    known: KnownCollaboration, declaration: Mapping[str, Any]
) -> Iterator[str]:
    for cost in COSTS:
        newly_declared = any(read_legs(declaration, cost).values()) and not any(
            read_legs(known.declared, cost).values()
        )
        is_read = any(leg is not None for leg in read_legs(known.live, cost).values())
        if newly_declared and not is_read:
            yield (
                f"The payer of {'.'.join(cost)} was never declared, and no refresh has read the payer from AWS. The preview assumes AWS's default, "
                "the member who has CAN_QUERY. Run `pulumi refresh` to read the payer."
            )


def _describe_changes_in_place(
    known: KnownCollaboration, difference: Diff, *, is_replacement: bool
) -> Iterator[str]:
    members = difference.members
    if members is not None and is_replacement:
        reasons = "; ".join(members.plan.obstacles)
        yield f"the change replaces the collaboration, and every member must join again. No change in place is possible: {reasons}."
    if members is None or is_replacement or members.leaves_requests:
        fate = (
            "The replacement deletes the collaboration of this change request."
            if is_replacement
            else "This program leaves the change request alone."
        )
        for request in known.requests:
            yield f"change request {request.id}, which {request.describe()}, is {request.status} as of the last refresh. {fate}"
    if members is None or is_replacement:
        return
    for change in members.judgement.uncovered:
        needs_vote = sorted(change.types - members.auto_approved_types)
        if needs_vote:
            yield (
                f"`pulumi up` submits a change request that {change.describe()}. The change request waits until every other member approves, "
                f"because the collaboration does not auto-approve {' and '.join(needs_vote)}. No member has to join again."
            )
        else:
            yield f"`pulumi up` submits a change request that {change.describe()}, and AWS auto-approves it. No member has to join again."
    for account in members.plan.removals:
        yield (
            f"`pulumi up` removes member {account} (DeleteMember). AWS cannot invite the account to this collaboration again. "
            "No other member has to join again."
        )
    if not members.leaves_requests:
        yield from _describe_requests(members.judgement)


def _describe_requests(judgement: Judgement) -> Iterator[str]:
    for request in judgement.waiting:
        voters = ", ".join(request.list_accounts("PENDING")) or "nobody's vote"
        yield (
            f"change request {request.id}, which {request.describe()}, waits for {voters} as of the last refresh. "
            "Run `pulumi refresh` to read its status."
        )
    for request in judgement.approved:
        yield f"change request {request.id}, which {request.describe()}, is approved, and `pulumi up` commits it. No member has to join again."
    for request in judgement.denied:
        yield (
            f"{' and '.join(request.list_accounts('DENIED')) or 'a member'} denied change request {request.id}, which "
            f"{request.describe()}, so `pulumi up` fails. Take the change out of the program."
        )
    for request in judgement.ignored:
        yield (
            f"change request {request.id}, which {request.describe()}, is {request.status} as of the last refresh. "
            "The program ignores what this request changes, so the provider leaves it alone."
        )
    for request in judgement.obsolete:
        action = (
            f"cancels change request {request.id}"
            if request.status in OPEN
            else f"drops change request {request.id} from the state"
        )
        yield f"`pulumi up` {action}, which is {request.status}, because the program does not declare every change of it."
