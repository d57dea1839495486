"""The update of a collaboration in place: change requests first, then UpdateCollaboration and the tags, DeleteMember last."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from cleanrooms_resource.aws import calls
from cleanrooms_resource.aws.existence import call_existing, get_plain_name
from cleanrooms_resource.aws.member_updates import MemberUpdate
from cleanrooms_resource.aws.waiting import Progress
from cleanrooms_resource.changes.change_requests import read_outputs
from cleanrooms_resource.changes.diff import diff_from_outputs
from cleanrooms_resource.changes.known_collaboration import DEPARTED, read_known_collaboration
from cleanrooms_resource.changes.live_collaboration import (
    Reading,
    build_outputs,
    has_change,
    list_statuses,
    read_members,
    read_response,
    update_declaration,
)
from cleanrooms_resource.changes.member_changes import leave_waiting_changes
from cleanrooms_resource.hidden_keys import READ_AT, without_hidden_keys
from cleanrooms_resource.table import (
    PROPERTIES_WITHOUT_RESPONSE,
    ChangeKind,
    ChangeRequestMode,
    get_option,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from cleanrooms_resource.aws.connection import Connection
    from cleanrooms_resource.changes.change_requests import ChangeRequest
    from cleanrooms_resource.changes.diff import MembersInPlace, PropertyChange
    from cleanrooms_resource.changes.member_changes import InPlaceChanges


def update(
    connection: Connection,
    id_: str,
    outputs: Mapping[str, Any],
    declaration: Mapping[str, Any],
    ignored: Collection[str],
) -> dict[str, Any]:
    """Change the collaboration with these outputs to the declaration. Return the new outputs.

    ``ignored`` are the properties and the accounts of members that ``ignore_changes`` names.

    Raises:
        CollaborationError: a call failed. The error says which steps of the update took effect before it.

    """
    difference = diff_from_outputs(outputs, declaration, ignored)
    changes, members = difference.changes, difference.members
    progress = Progress()
    member_update = MemberUpdate(connection, id_, outputs, progress)
    waiting = _request_changes(member_update, members, declaration) if members else None
    fields = {change.name: change.new for change in changes if change.kind is ChangeKind.IN_PLACE}
    # A changed property is in the response or in the declaration, or is gone. So is one that only the old declaration made an output.
    outdated = {change.name for change in changes} | (
        PROPERTIES_WITHOUT_RESPONSE - declaration.keys()
    )
    response = {
        name: value for name, value in without_hidden_keys(outputs).items() if name not in outdated
    }
    if fields:
        with progress.make_step(f"changed {' and '.join(fields)}"):
            updated = call_existing(
                connection,
                id_,
                outputs,
                lambda: calls.update_collaboration(
                    connection, id_, get_plain_name(outputs), fields
                ),
            )
        response |= read_response(updated)
    for change in changes:
        if change.kind is ChangeKind.TAGS:
            _update_tags(connection, id_, outputs, change, progress)
    if members and members.plan.removals:
        member_update.remove(members.plan.removals)
    result = (
        None
        if members is None or waiting is None
        else _wait_for_result(member_update, members.plan, waiting, declaration)
    )
    return _build_outputs(outputs, response, declaration, changes, result)


@dataclass(frozen=True, slots=True)
class MemberResult:
    """The members after an update: the properties that it changed as AWS has them and as the outputs declare them, and the members' statuses.

    ``waiting`` are the change requests that wait for approval. The outputs declare nothing that AWS does not have.
    """

    live: Mapping[str, Any]
    declared: Mapping[str, Any]
    statuses: Mapping[str, str]
    waiting: Sequence[ChangeRequest]


def _request_changes(
    member_update: MemberUpdate, members: MembersInPlace, declaration: Mapping[str, Any]
) -> list[ChangeRequest] | None:
    """Return the change requests that wait for approval, or that the program leaves alone; None where the update changes no member."""
    proposes = (
        members.is_in_requests
        or get_option(declaration, "changeRequests") == ChangeRequestMode.PROPOSE.value
    )
    if members.leaves_requests or (
        members.judgement.needs_nothing and not members.judgement.waiting
    ):
        return (
            list(read_outputs(member_update.outputs))
            if members.plan.removals or members.is_in_requests
            else None
        )
    ignored = members.judgement.ignored
    asked = [change for request in ignored for change in request.match(members.plan.requests)]
    waiting = member_update.request(
        [change for change in members.plan.requests if change not in asked],
        members.auto_approved_types,
        left_alone={request.id for request in ignored},
        proposes=proposes,
    )
    return [*waiting, *ignored]


def _wait_for_result(
    member_update: MemberUpdate,
    plan: InPlaceChanges,
    waiting: Sequence[ChangeRequest],
    declaration: Mapping[str, Any],
) -> MemberResult:
    open_changes = [change for request in waiting for change in request.match(plan.requests)]
    made = [change for change in plan.requests if change not in open_changes]

    def is_shown(summaries: list[Mapping[str, Any]]) -> bool:
        present = {each["accountId"] for each in summaries if each["status"] not in DEPARTED}
        return present.isdisjoint(plan.removals) and all(
            has_change(summaries, change) for change in made if change.account
        )

    summaries = member_update.wait_for_members(is_shown)
    creator = member_update.outputs["creatorAccountId"]
    live = read_members(summaries, creator)
    known = read_known_collaboration(member_update.outputs)
    types = "autoApprovedChangeRequestTypes"
    live[types] = (
        declaration.get(types, [])
        if any(change.account is None for change in made)
        else known.live.get(types, [])
    )
    before = leave_waiting_changes(known, declaration, open_changes)
    declared = {name: before[name] for name in (*live, types) if name in before}
    return MemberResult(
        live, update_declaration(declared, live), list_statuses(summaries, creator), waiting
    )


def _build_outputs(
    outputs: Mapping[str, Any],
    response: dict[str, Any],
    declaration: Mapping[str, Any],
    changes: list[PropertyChange],
    result: MemberResult | None,
) -> dict[str, Any]:
    """Return the outputs after an update: the known values of AWS, with the values that the update changed."""
    known = read_known_collaboration(outputs)
    tags = outputs.get("tagsAll", {})
    for change in changes:
        if change.kind is ChangeKind.TAGS:
            tags = {key: value for key, value in tags.items() if key not in change.old} | change.new
    live = {
        **known.live,
        **{change.name: change.new for change in changes if change.kind is not ChangeKind.MEMBERS},
    }
    if result is not None:
        known = replace(known, statuses=result.statuses)
        live |= result.live
        declaration = {**declaration, **result.declared}
        response = {
            **response,
            "autoApprovedChangeTypes": live["autoApprovedChangeRequestTypes"] or None,
        }
        response["openChangeRequests"] = [request.to_output() for request in result.waiting] or None
    known = known.drop_departed_members(declaration)
    updated = (
        build_outputs(response, declaration, outputs["region"], known.statuses, tags)
        | known.build_hidden_outputs()
    )
    if not known.is_complete:
        # Only a refresh completes a state of an older version, or of pulumi-aws.
        return updated
    return updated | Reading(live, outputs[READ_AT]).to_outputs()


def _update_tags(
    connection: Connection,
    id_: str,
    outputs: Mapping[str, Any],
    change: PropertyChange,
    progress: Progress,
) -> None:
    """Call TagResource with the new and changed tags, then UntagResource with the removed keys. A call without tags or keys is not sent."""
    arn, name = outputs["arn"], get_plain_name(outputs)
    changed = {key: value for key, value in change.new.items() if change.old.get(key) != value}
    removed = sorted(change.old.keys() - change.new.keys())
    if changed:
        with progress.make_step("set tags"):
            call_existing(
                connection,
                id_,
                outputs,
                lambda: calls.tag_collaboration(connection, arn, name, changed),
            )
    if removed:
        with progress.make_step("removed tags"):
            call_existing(
                connection,
                id_,
                outputs,
                lambda: calls.untag_collaboration(connection, arn, name, removed),
            )
