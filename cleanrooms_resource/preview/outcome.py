"""The outcome of a preview for each collaboration, and the properties that are the reason.

The engine decides what is replaced. This module judges the rest from the inputs and the table of properties, so that nothing depends on the engine's
own diff.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import Enum
from typing import TYPE_CHECKING, Any, Final

from cleanrooms_resource.changes.diff import diff_declarations
from cleanrooms_resource.hidden_keys import IMPORT_ID
from cleanrooms_resource.preview.declarations import (
    SECRET,
    is_state_of_pulumi_aws,
    mask_secrets,
    may_prove_equal,
    read_declaration,
    sort_by_table,
)
from cleanrooms_resource.preview.document import (
    NO_STATE,
    OPERATIONS_WITHOUT_CHANGE,
    PARTS_OF_REPLACEMENT,
)
from cleanrooms_resource.preview.joined import Joined, read_joined
from cleanrooms_resource.preview.members import NO_MEMBERS, MembersInPlace, find_members_in_place
from cleanrooms_resource.table import TABLE, ChangeKind, Default

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cleanrooms_resource.preview.document import PreviewStep, ResourceState


class Outcome(Enum):
    """The outcome for a collaboration, the costliest first. The value is the outcome's name in JSON."""

    UNKNOWN = "unknown"
    REPLACE = "replace"
    DELETE = "delete"
    MAY_REPLACE = "may-replace"
    REMOVE_MEMBER = "remove-member"
    RELEASE = "release"
    """The state no longer has it, and it stays at AWS."""
    UNPROTECT = "unprotect"
    CREATE = "create"
    ADOPT = "adopt"
    TAKE_OVER = "take-over"
    UPDATE = "update"
    RECORD = "record"
    """The state changes, and nothing changes at AWS."""
    WAIT = "wait"
    """Nothing changes, and a change request is open."""


@dataclass(frozen=True, slots=True)
class PlannedResource:
    """A collaboration that a preview changes.

    ``before`` and ``after`` are declarations; they are ``{}`` where the resource does not exist. ``reasons`` are properties in boto3's spelling.
    ``properties_changed_outside`` were changed outside Pulumi, as a preview with ``--refresh`` sees them; if the resource itself is gone, all of
    them are. ``secret_properties`` differ, but their values are not shown. ``members`` are those that change without a replacement. ``id`` is the
    ID at AWS, or the ID to adopt. ``keeper`` is the other resource that manages the collaboration, which therefore stays. ``is_kept``: the old one
    stays at AWS. ``is_left_over``: an earlier run replaced it and did not delete it. ``loses_protect``: this change removes ``protect``.
    """

    name: str
    op: str
    outcome: Outcome
    joined: Joined
    reasons: tuple[str, ...] = ()
    properties_changed_outside: frozenset[str] = frozenset()
    secret_properties: frozenset[str] = frozenset()
    members: MembersInPlace = NO_MEMBERS
    id: str = ""
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)
    keeper: str = ""
    rival: str = ""
    """The resource of another provider that adopts what this one deletes, or the reverse."""
    is_kept: bool = False
    is_left_over: bool = False
    is_from_pulumi_aws: bool = False
    is_read: bool = False
    """The program only reads the resource, before this change or after it."""
    loses_protect: bool = False
    parent_types: str = ""
    """The types of the resource's parents, as the URN has them."""


def plan(
    step: PreviewStep, before_refresh: ResourceState | None, keeper: str, *, is_left_over: bool
) -> PlannedResource | None:
    """Return what a step does; None for a step that changes nothing. ``keeper`` is the other resource that holds the same collaboration."""
    resource = PlannedResource(
        name=step.resource_name,
        parent_types=step.parent_types,
        op=step.op,
        outcome=Outcome.UNKNOWN,
        joined=read_joined(step.old, is_refreshed=before_refresh is not None),
        id=str(step.new.inputs.get(IMPORT_ID) or step.new.import_id or step.old.id or step.new.id),
        keeper=keeper,
        is_kept=bool(keeper) or step.old.retain_on_delete,
        is_left_over=is_left_over,
        is_from_pulumi_aws=is_state_of_pulumi_aws(step.old),
        is_read=step.old.external or step.new.external,
        loses_protect=step.old.protect
        and step.new is not NO_STATE
        and not step.new.protect
        and not step.old.external,
    )
    outcome = _judge(step)
    if outcome is None:
        return _plan_unchanged(step, resource)
    resource = _compare(step, resource, outcome, before_refresh)
    return (
        replace(resource, outcome=Outcome.RELEASE)
        if resource.outcome is Outcome.DELETE and resource.is_kept
        else resource
    )


def _judge(step: PreviewStep) -> Outcome | None:
    """Return the outcome as the engine's operation alone tells it; None where nothing changes. The worst is assumed of an unknown operation."""
    if step.op == "update" and step.old.type != step.new.type and is_state_of_pulumi_aws(step.old):
        return Outcome.TAKE_OVER
    if step.op == "read":
        return Outcome.RELEASE if step.old.id and not step.old.external else None
    outcome = _OUTCOMES.get(step.op, Outcome.UNKNOWN)
    if outcome is Outcome.REPLACE and step.old.external:
        outcome = Outcome.CREATE  # The collaboration that the program only read stays as it is.
    return (
        Outcome.ADOPT if outcome is Outcome.CREATE and step.new.inputs.get(IMPORT_ID) else outcome
    )


_OUTCOMES: Final = {
    "create": Outcome.CREATE,
    "delete": Outcome.DELETE,
    "import": Outcome.ADOPT,
    "update": Outcome.UPDATE,
    **dict.fromkeys(("replace", "import-replacement", "read-replacement"), Outcome.REPLACE),
    **dict.fromkeys(OPERATIONS_WITHOUT_CHANGE | PARTS_OF_REPLACEMENT, None),
}


def _plan_unchanged(step: PreviewStep, resource: PlannedResource) -> PlannedResource | None:
    if step.op == "same" and resource.loses_protect:
        return replace(resource, outcome=Outcome.UNPROTECT)
    # The engine writes the state before the refresh into both states of a refresh.
    joined = read_joined(step.new if step.new is not NO_STATE else step.old, is_refreshed=False)
    is_waiting = (
        step.op in ("same", "refresh")
        and joined.open_requests
        and step.new is not NO_STATE
        and not step.new.is_pending_delete
    )
    return replace(resource, outcome=Outcome.WAIT, joined=joined) if is_waiting else None


def _compare(
    step: PreviewStep,
    resource: PlannedResource,
    outcome: Outcome,
    before_refresh: ResourceState | None,
) -> PlannedResource:
    """Return the resource with its outcome, as a comparison of the declarations tells it."""
    # The program did not declare the collaboration that it only read.
    before, after = (
        {} if step.old.external else read_declaration(step.old),
        read_declaration(step.new),
    )
    if step.op == "update":
        # AWS's choice stands if the new declaration leaves such a property out. The old inputs may have it, because pulumi-aws fills the region in.
        before = {
            name: value
            for name, value in before.items()
            if name in after
            or name not in TABLE
            or TABLE[name].default is not Default.CHOSEN_BY_AWS
        }
    changes = {change.name: change for change in diff_declarations(before, after)}
    # The engine writes every secret as the same text, so only the engine knows whether two secrets differ.
    secret_properties = frozenset(
        name
        for name in step.diff_reasons
        if SECRET in str(after.get(name)) and before.get(name) == after.get(name)
    )
    reasons: Iterable[str] = ()
    members = NO_MEMBERS
    if step.op == "replace":
        # The engine's reason is `id` if --replace asks for the replacement.
        reasons = [name for name in step.replace_reasons if name != "id"]
    elif step.op == "update":
        outputs = {
            name: mask_secrets(step.old.outputs.get(name))
            for name in ("memberStatuses", "openChangeRequests")
        }
        has_secret_members = "members" in step.diff_reasons and any(
            SECRET in str(each.get("members")) for each in (before, after)
        )
        members = find_members_in_place(
            before, after, *outputs.values(), is_secret=has_secret_members
        )
        reasons = members.properties | {
            name for name in changes.keys() | secret_properties if _is_changed_in_place(name)
        }
        if outcome is Outcome.UPDATE and not reasons:
            # AWS changes these properties only by a replacement. An update therefore means that AWS has what is declared already.
            outcome = Outcome.RECORD
            reasons = {
                name for name in before.keys() | after.keys() if before.get(name) != after.get(name)
            } | secret_properties
        if (members.removed or members.may_remove) and not members.denied:
            outcome = Outcome.REMOVE_MEMBER
    if (
        outcome is Outcome.REPLACE
        and step.replace_reasons
        and all(
            name in changes and may_prove_equal(TABLE[name], changes[name].old, after.get(name))
            for name in step.replace_reasons
        )
    ):
        outcome = Outcome.MAY_REPLACE
    return replace(
        resource,
        outcome=outcome,
        reasons=tuple(sort_by_table(reasons)),
        properties_changed_outside=frozenset(
            name
            for name in TABLE
            if before_refresh
            and not step.old.external
            and before_refresh.inputs.get(name) != step.old.inputs.get(name)
        ),
        secret_properties=secret_properties,
        members=members,
        before=before,
        after=after,
    )


def _is_changed_in_place(name: str) -> bool:
    """Whether AWS changes the property without a replacement; a property that this version does not know may be such a property."""
    return name != "connection" and (
        name not in TABLE or TABLE[name].change_kind is not ChangeKind.REPLACE
    )
