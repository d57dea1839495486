"""The outcome of a preview for each collaboration, and the properties that are the reason.

The engine decides what is replaced. This module judges the rest from the inputs and the table of properties, so that nothing depends on the engine's
own diff.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, Final

from cleanrooms_resource.changes.diff import diff_declarations
from cleanrooms_resource.changes.takeover import PULUMI_AWS_TYPE, is_from_pulumi_aws
from cleanrooms_resource.declaration.canonical_form import canonicalize
from cleanrooms_resource.declaration.unknown_values import is_placeholder
from cleanrooms_resource.hidden_keys import IMPORT_ID
from cleanrooms_resource.preview.members import MembersInPlace, find_members_in_place
from cleanrooms_resource.pulumi_sdk import SIGNATURE_KEY, UNKNOWN
from cleanrooms_resource.table import TABLE, ChangeKind, Default, Property

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cleanrooms_resource.preview.document import PreviewDocument, PreviewStep, ResourceState

SECRET: Final = "[secret]"  # noqa: S105 - a mark, not a password
"""The engine's text for a secret. Sometimes the engine writes a map with ``SIGNATURE_KEY`` instead."""


class Outcome(Enum):
    """What happens to a collaboration, the costliest outcome first. The value is the outcome's name in the heading of the comment."""

    REPLACE = "to replace"
    MAY_REPLACE = "may be replaced"
    DELETE = "to delete"
    CREATE = "to create"
    ADOPT = "to adopt"
    TAKE_OVER = "to take over from pulumi-aws"
    UPDATE = "to change in place"
    RECORD = "to record in the state"


@dataclass(frozen=True, slots=True)
class PlannedCollaboration:
    """A collaboration that a preview changes.

    ``before`` and ``after`` are declarations; they are ``{}`` where the collaboration does not exist. ``reasons`` are properties in boto3's spelling.
    ``properties_changed_outside`` were changed outside Pulumi, as a preview with ``--refresh`` sees them; if the collaboration itself is gone, all of
    them are. ``secret_properties`` differ, but their values are not shown. ``active_members`` maps the accounts that had joined, as of the last
    refresh, to their display names. ``members`` are those that change without a replacement. ``id`` is the collaboration's ID, or the ID to adopt.
    """

    name: str
    outcome: Outcome
    reasons: tuple[str, ...]
    properties_changed_outside: frozenset[str]
    secret_properties: frozenset[str]
    active_members: dict[str, str]
    members: MembersInPlace
    id: str
    before: dict[str, Any]
    after: dict[str, Any]


def list_planned_collaborations(document: PreviewDocument) -> list[PlannedCollaboration]:
    """Return the collaborations that change, the costliest outcomes first. Equal outcomes are in the order of names."""
    before_refresh = document.states_before_refresh()
    planned = [_plan(step, before_refresh.get(step.urn)) for step in document.collaboration_steps()]
    return sorted(planned, key=lambda each: (list(Outcome).index(each.outcome), each.name, each.id))


def sort_by_table(names: Iterable[str]) -> list[str]:
    """Return names of properties in the table's order. Names that the table does not have come last."""
    rows = [*TABLE]
    return sorted(names, key=lambda name: (rows.index(name) if name in TABLE else len(rows), name))


def _plan(step: PreviewStep, before_refresh: ResourceState | None) -> PlannedCollaboration:
    before, after = _read_declaration(step.old), _read_declaration(step.new)
    if step.op == "update":
        # AWS's choice stands if the new declaration leaves such a property out. The old inputs may have it, because pulumi-aws fills the region in.
        before = {
            name: value for name, value in before.items() if name in after or name not in TABLE or TABLE[name].default is not Default.CHOSEN_BY_AWS
        }
    changes = {change.name: change for change in diff_declarations(before, after)}
    # The engine writes every secret as the same text, so only the engine knows whether two secrets differ.
    secret_properties = frozenset(name for name in step.diff_reasons if SECRET in str(after.get(name)) and before.get(name) == after.get(name))
    reasons: Iterable[str] = ()
    if step.op == "replace":
        # The engine's reason is `id` if --replace asks for the replacement.
        reasons = [name for name in step.replace_reasons if name != "id"]
    elif step.op == "update":
        reasons = changes.keys() | secret_properties
    members = MembersInPlace()
    if step.op == "update":
        outputs = {name: _mask_secrets(step.old.outputs.get(name)) for name in ("memberStatuses", "openChangeRequests")}
        members = find_members_in_place(before, after, *outputs.values())
    in_place = members.properties | {name for name in reasons if _is_changed_in_place(name)}
    is_recorded = step.op == "update" and not _is_state_of_pulumi_aws(step.old) and not in_place
    if is_recorded:
        # AWS changes these properties only by a replacement. An update therefore means that AWS has what is declared already.
        reasons = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)} | secret_properties
    elif step.op == "update":
        reasons = in_place
    may_prove_equal = bool(step.replace_reasons) and all(
        name in changes and _may_prove_equal(TABLE[name], changes[name].old, after.get(name)) for name in step.replace_reasons
    )
    return PlannedCollaboration(
        name=step.resource_name,
        outcome=Outcome.RECORD if is_recorded else _judge_outcome(step, may_prove_equal=may_prove_equal),
        reasons=tuple(sort_by_table(reasons)),
        properties_changed_outside=frozenset(
            name for name in TABLE if before_refresh and before_refresh.inputs.get(name) != step.old.inputs.get(name)
        ),
        secret_properties=secret_properties,
        active_members=_find_active_members(step.old),
        members=members,
        id=str(step.new.inputs.get(IMPORT_ID) or step.old.id or step.new.id),
        before=before,
        after=after,
    )


def _judge_outcome(step: PreviewStep, *, may_prove_equal: bool) -> Outcome:
    match step.op:
        case "replace":
            return Outcome.MAY_REPLACE if may_prove_equal else Outcome.REPLACE
        case "delete":
            return Outcome.DELETE
        case "create" | "import":
            return Outcome.ADOPT if step.op == "import" or step.new.inputs.get(IMPORT_ID) else Outcome.CREATE
        case _:
            return Outcome.TAKE_OVER if _is_state_of_pulumi_aws(step.old) else Outcome.UPDATE


def _is_changed_in_place(name: str) -> bool:
    """Whether AWS changes the property without a replacement; a property that this version does not know may be such a property."""
    return name != "connection" and (name not in TABLE or TABLE[name].change_kind is not ChangeKind.REPLACE)


def _is_state_of_pulumi_aws(state: ResourceState) -> bool:
    return state.type == PULUMI_AWS_TYPE or is_from_pulumi_aws(state.outputs)


def _read_declaration(state: ResourceState) -> dict[str, Any]:
    """Return the inputs of a state without hidden keys. Inputs of pulumi-aws are returned in our shape."""
    inputs = {name: _mask_secrets(value) for name, value in state.inputs.items() if not name.startswith("__")}
    if "tagsAll" in inputs and not _is_state_of_pulumi_aws(state):
        inputs["tags"] = inputs.pop("tagsAll")  # The default tags of the stack are among them.
    if not _is_state_of_pulumi_aws(state):
        return inputs
    return canonicalize({name: value for name, value in inputs.items() if name in TABLE})[0] or inputs


def _mask_secrets(value: Any) -> Any:
    """Return the value without hidden keys, and with ``SECRET`` for each secret."""
    if isinstance(value, dict):
        return SECRET if SIGNATURE_KEY in value else {key: _mask_secrets(part) for key, part in value.items() if not key.startswith("__")}
    return [_mask_secrets(part) for part in value] if isinstance(value, list) else value


def _find_active_members(state: ResourceState) -> dict[str, str]:
    """Return the display names of the active members by account, from our outputs or from pulumi-aws's."""
    members, statuses = _mask_secrets(state.outputs.get("members")), _mask_secrets(state.outputs.get("memberStatuses"))
    if isinstance(members, list):
        members = {str(member.get("accountId")): member for member in members if isinstance(member, dict)}
        statuses = {account: member.get("status") for account, member in members.items()}
    members = members if isinstance(members, dict) else {}
    active = sorted(account for account, status in statuses.items() if status == "ACTIVE") if isinstance(statuses, dict) else []
    return {account: str(members[account].get("displayName", "")) if isinstance(members.get(account), dict) else "" for account in active}


def _may_prove_equal(row: Property, old: Any, new: Any) -> bool:
    """Whether ``new`` has an unknown value, and may mean the same as ``old`` once that value is known."""
    return _has_unknown_value(new) and _may_equal(row.reduce_to_meaning(old), row.reduce_to_meaning(new), is_members=row.name == "members")


def _has_unknown_value(value: Any) -> bool:
    if isinstance(value, dict):
        return any(is_placeholder(key) or _has_unknown_value(part) for key, part in value.items())
    return any(map(_has_unknown_value, value)) if isinstance(value, list) else value == UNKNOWN


def _may_equal(old: Any, new: Any, *, is_members: bool = False) -> bool:
    """Whether two values may be equal. A part that is left out equals an empty part, but a member that is left out does not equal an empty member."""
    if new == UNKNOWN:
        return True
    if isinstance(old, dict) and isinstance(new, dict):
        parts_without_key = [part for key, part in new.items() if is_placeholder(key)]
        parts_with_key = {key: part for key, part in new.items() if not is_placeholder(key)}
        candidates = [part for key, part in old.items() if key not in new]
        return (
            all(_may_equal(old.get(key, None if is_members else {}), part) for key, part in parts_with_key.items())
            and len(candidates) == len(parts_without_key)
            and all(any(_may_equal(candidate, part) for candidate in candidates) for part in parts_without_key)
        )
    if isinstance(old, list) and isinstance(new, list) and UNKNOWN in new:
        return all(item in old for item in new if item != UNKNOWN)
    return bool(old == new)
