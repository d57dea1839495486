"""The diff: what differs in meaning between a declaration and what AWS has, as of the last refresh or creation."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from cleanrooms_resource.changes.change_requests import judge_requests
from cleanrooms_resource.changes.known_collaboration import (
    KnownCollaboration,
    read_known_collaboration,
)
from cleanrooms_resource.changes.member_changes import (
    PROPERTIES_OF_MEMBERS,
    find_member_changes,
    leave_waiting_changes,
    plan_in_place,
)
from cleanrooms_resource.changes.payments import find_changed_payments
from cleanrooms_resource.declaration.unknown_values import is_known
from cleanrooms_resource.pulumi_sdk import reveal_secrets
from cleanrooms_resource.table import (
    TABLE,
    ChangeKind,
    ChangeRequestMode,
    Default,
    Property,
    get_option,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from cleanrooms_resource.changes.change_requests import Judgement
    from cleanrooms_resource.changes.member_changes import InPlaceChanges


@dataclass(frozen=True, slots=True)
class PropertyChange:
    """A property that differs in meaning; ``old`` and ``new`` are values in canonical form, the default where a value was left out."""

    name: str
    kind: ChangeKind
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class MembersInPlace:
    """The changes of members without a replacement, and the judgement on the change requests of the state.

    ``auto_approved_types`` are the change types that the collaboration auto-approves. ``leaves_requests``: the program asks for no change requests,
    so those of the state are left alone. ``is_in_requests``: the change requests of the state make every change.
    """

    plan: InPlaceChanges
    judgement: Judgement
    auto_approved_types: frozenset[str]
    leaves_requests: bool = False
    is_in_requests: bool = False


@dataclass(frozen=True, slots=True)
class Diff:
    """The changes from what AWS has to a declaration, in the table's order.

    ``state_changes`` are properties that AWS already has as declared, while the state does not, and ``members`` where only change requests of the
    state are settled. An update then writes no property at AWS.
    """

    changes: list[PropertyChange]
    state_changes: list[str]
    members: MembersInPlace | None = None
    """The changes of members without a replacement, where the declaration asks for this way."""

    def changes_requests(self) -> bool:
        """Whether an update submits, commits, cancels or forgets a change request."""
        return self.members is not None and not (
            self.members.leaves_requests or self.members.judgement.needs_nothing
        )

    def list_replacing_properties(self) -> list[str]:
        return [change.name for change in self.changes if change.kind is ChangeKind.REPLACE]


def diff(
    known: KnownCollaboration, declaration: Mapping[str, Any], ignored: Collection[str]
) -> Diff:
    """Compare what AWS has with a declaration, which is canonical and may hold values that are not known yet.

    ``ignored`` are the properties and the accounts of members that ``ignore_changes`` names. Unknown values count as changed. A property that was never declared, and that only a replacement can change, is not compared.

    Raises:
        MemberDepartedError: the declaration has a member again whom an `up` dropped after the member had left or was removed.

    """
    result = Diff([], [])
    payments = _find_changed_payments(known, declaration)
    for row in TABLE.values():
        old, new = known.live.get(row.name, row.default), declaration.get(row.name, row.default)
        is_declared = row.name in declaration
        if row.name == "tags" and "tagsAll" in declaration:
            old, new, is_declared = known.tags_all, reveal_secrets(declaration["tagsAll"]), True
        if not is_known(new):
            is_changed = True
        elif row.name == "members":
            is_changed = row.name in payments or bool(find_member_changes(known, new))
            old = known.declared.get(row.name, row.default)
        elif row.name == "creatorPaymentConfiguration":
            is_changed = row.name in payments
            old = known.declared.get(row.name, row.default)
        else:
            is_changed = _is_compared(
                row, known, is_declared=is_declared
            ) and row.reduce_to_meaning(old) != row.reduce_to_meaning(new)
        if is_changed:
            result.changes.append(PropertyChange(row.name, row.judge_change_from(old), old, new))
        elif _is_missing_in_state(row, known, declaration):
            result.state_changes.append(row.name)
    return _change_in_place(result, known, declaration, ignored)


def _change_in_place(
    result: Diff,
    known: KnownCollaboration,
    declaration: Mapping[str, Any],
    ignored: Collection[str],
) -> Diff:
    """Return the diff with the changes of members that need no replacement, where the declaration asks for this way and nothing else replaces."""
    if not is_known([declaration.get(name) for name in PROPERTIES_OF_MEMBERS]):
        return result
    replacing = result.list_replacing_properties()
    members = _plan_members(known, declaration, replacing, ignored)
    if members is None or members.plan.obstacles:
        return replace(result, members=members)
    plan = members.plan
    needs_nothing = (
        members.leaves_requests or members.judgement.needs_nothing
    ) and not plan.removals
    changes = [
        replace(change, kind=ChangeKind.MEMBERS) if change.name in replacing else change
        for change in result.changes
    ]
    changes = [
        change for change in changes if not (needs_nothing and change.kind is ChangeKind.MEMBERS)
    ]
    state_changes = list(result.state_changes)
    if (
        replacing
        and needs_nothing
        and _is_missing_in_state(
            TABLE["members"], known, leave_waiting_changes(known, declaration, plan.requests)
        )
    ):
        state_changes.append("members")
    if not (replacing or needs_nothing):
        state_changes.append("members")
    return Diff(changes, state_changes, members)


def _plan_members(
    known: KnownCollaboration,
    declaration: Mapping[str, Any],
    replacing: Collection[str],
    ignored: Collection[str],
) -> MembersInPlace | None:
    """Return the changes of members without a replacement; None where the declaration does not ask for any."""
    leaves_requests = get_option(declaration, "changeRequests") == ChangeRequestMode.NEVER.value
    types = known.auto_approved_types
    if replacing and known.requests:
        # Where every change is in an open change request of the state, another option neither replaces the collaboration nor submits anything.
        plan = plan_in_place(
            known,
            {
                **declaration,
                "changeRequests": ChangeRequestMode.PROPOSE.value,
                "removeMembers": False,
            },
            replacing,
        )
        judgement = judge_requests(known.requests, () if plan is None else plan.requests, ignored)
        if plan and not (
            plan.obstacles or judgement.uncovered or judgement.denied or judgement.obsolete
        ):
            return MembersInPlace(
                plan, judgement, types, leaves_requests=leaves_requests, is_in_requests=True
            )
    plan = plan_in_place(known, declaration, replacing)
    if plan is None:
        return None
    judgement = judge_requests(() if leaves_requests else known.requests, plan.requests, ignored)
    return MembersInPlace(plan, judgement, types, leaves_requests=leaves_requests)


def diff_from_outputs(
    outputs: Mapping[str, Any], declaration: Mapping[str, Any], ignored: Collection[str]
) -> Diff:
    """Compare the outputs of a resource in the state with a declaration. ``ignored`` is as for ``diff``."""
    return diff(read_known_collaboration(outputs), declaration, ignored)


def diff_declarations(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[PropertyChange]:
    """Return the properties that differ in meaning between two declarations, whatever AWS has."""
    changes = []
    for row in TABLE.values():
        if row.name not in new and (row.name not in old or row.default is Default.CHOSEN_BY_AWS):
            continue
        before, after = old.get(row.name, row.default), new.get(row.name, row.default)
        if not is_known(after) or row.reduce_to_meaning(before) != row.reduce_to_meaning(after):
            changes.append(PropertyChange(row.name, row.judge_change_from(before), before, after))
    return changes


def _is_compared(row: Property, known: KnownCollaboration, *, is_declared: bool) -> bool:
    if is_declared:
        return True
    if row.default is Default.CHOSEN_BY_AWS:
        return False
    # A property that was never declared, and that AWS changes in place, is drift; without a full reading nobody knows AWS's value.
    return row.name in known.declared or (
        known.is_complete and row.change_kind is not ChangeKind.REPLACE
    )


def _find_changed_payments(known: KnownCollaboration, declaration: Mapping[str, Any]) -> set[str]:
    parts = ("members", "creatorPaymentConfiguration", "creatorMemberAbilities")
    wanted = {name: declaration[name] for name in parts if name in declaration}
    # A value that is not known yet replaces by itself.
    return find_changed_payments(known.declared, known.live, wanted) if is_known(wanted) else set()


def _is_missing_in_state(
    row: Property, known: KnownCollaboration, declaration: Mapping[str, Any]
) -> bool:
    """Whether the state lacks a declared property that AWS has as declared, or still has a departed member that the declaration dropped."""
    if row.name not in declaration:
        return row.name == "members" and bool(known.declared.get(row.name))
    if row.name not in known.declared:
        return True
    before, now = known.declared[row.name], declaration[row.name]
    if row.name != "members":
        return row.is_sparse and row.reduce_to_meaning(before) != row.reduce_to_meaning(now)
    return before.keys() != now.keys() or any(
        not known.has_departed(account)
        and row.reduce_to_meaning(before[account]) != row.reduce_to_meaning(member)
        for account, member in now.items()
    )
