"""The diff: what differs in meaning between a declaration and what AWS has, as of the last refresh or creation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cleanrooms_resource.changes.known_collaboration import KnownCollaboration, read_known_collaboration
from cleanrooms_resource.changes.payments import find_changed_payments
from cleanrooms_resource.declaration.unknown_values import is_known
from cleanrooms_resource.errors import MemberDepartedError
from cleanrooms_resource.table import TABLE, ChangeKind, Default, Property

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class PropertyChange:
    """A property that differs in meaning; ``old`` and ``new`` are values in canonical form, the default where a value was left out."""

    name: str
    kind: ChangeKind
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class Diff:
    """The changes from what AWS has to a declaration, in the table's order.

    ``state_changes`` are properties that AWS already has as declared, while the state does not. An update then changes the state alone.
    """

    changes: list[PropertyChange]
    state_changes: list[str]

    def list_replacing_properties(self) -> list[str]:
        """Return the names of the properties that replace the collaboration."""
        return [change.name for change in self.changes if change.kind is ChangeKind.REPLACE]


def diff(known: KnownCollaboration, declaration: Mapping[str, Any]) -> Diff:
    """Compare what AWS has with a declaration, which is canonical and may hold values that are not known yet.

    Unknown values count as changed. A property that was never declared, and that only a replacement can change, is not compared.

    Raises:
        MemberDepartedError: the declaration has a member again whom an `up` dropped after the member had left or was removed.

    """
    result = Diff([], [])
    payments = _find_changed_payments(known, declaration)
    for row in TABLE.values():
        old, new = known.live.get(row.name, row.default), declaration.get(row.name, row.default)
        if not is_known(new):
            is_changed = True
        elif row.name == "members":
            is_changed = row.name in payments or _has_changed_members(known, new)
            old = known.declared.get(row.name, row.default)
        elif row.name == "creatorPaymentConfiguration":
            is_changed = row.name in payments
            old = known.declared.get(row.name, row.default)
        else:
            is_changed = _is_compared(row, known, is_declared=row.name in declaration) and row.reduce_to_meaning(old) != row.reduce_to_meaning(new)
        if is_changed:
            result.changes.append(PropertyChange(row.name, row.judge_change_from(old), old, new))
        elif _is_missing_in_state(row, known, declaration):
            result.state_changes.append(row.name)
    return result


def diff_from_outputs(outputs: Mapping[str, Any], declaration: Mapping[str, Any]) -> Diff:
    """Compare the outputs of a resource in the state with a declaration."""
    return diff(read_known_collaboration(outputs), declaration)


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
    return row.name in known.declared or (known.is_complete and row.change_kind is not ChangeKind.REPLACE)


def _has_changed_members(known: KnownCollaboration, wanted: Mapping[str, Any]) -> bool:
    """Whether AWS would have to add, change or remove a member; payments are compared elsewhere."""
    declared, live = known.declared.get("members") or {}, known.live.get("members") or {}
    is_changed = False
    for account, member in wanted.items():
        if account in live and known.has_departed(account):
            if account in known.dropped and account not in declared:
                raise MemberDepartedError(account, known.statuses[account])
        elif account not in live or _reduce_member(live[account]) != _reduce_member(member):
            is_changed = True
    for account in declared:
        if account not in wanted and account in live and not known.has_departed(account):
            is_changed = True
    return is_changed


def _find_changed_payments(known: KnownCollaboration, declaration: Mapping[str, Any]) -> set[str]:
    parts = ("members", "creatorPaymentConfiguration", "creatorMemberAbilities")
    wanted = {name: declaration[name] for name in parts if name in declaration}
    # A value that is not known yet replaces by itself.
    return find_changed_payments(known.declared, known.live, wanted) if is_known(wanted) else set()


def _is_missing_in_state(row: Property, known: KnownCollaboration, declaration: Mapping[str, Any]) -> bool:
    """Whether the state lacks a declared property that AWS has as declared, or still has a departed member that the declaration dropped."""
    if row.name not in declaration:
        return row.name == "members" and bool(known.declared.get(row.name))
    if row.name not in known.declared:
        return True
    before, now = known.declared[row.name], declaration[row.name]
    if row.name != "members":
        return row.is_sparse and row.reduce_to_meaning(before) != row.reduce_to_meaning(now)
    return before.keys() != now.keys() or any(
        not known.has_departed(account) and row.reduce_to_meaning(before[account]) != row.reduce_to_meaning(member) for account, member in now.items()
    )


def _reduce_member(member: Mapping[str, Any]) -> dict[str, Any]:
    reduced: dict[str, Any] = TABLE["members"].reduce_to_meaning({name: value for name, value in member.items() if name != "paymentConfiguration"})
    return reduced
