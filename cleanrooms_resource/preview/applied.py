"""The events that `pulumi up --yes --skip-preview --json` prints, one per line: what happened to each collaboration.

The engine defines an event as ``EngineEvent`` in pulumi/pulumi, sdk/go/common/apitype.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING, Final

from pydantic import BaseModel, Field, ValidationError

from cleanrooms_resource.changes.holders import describe_kept
from cleanrooms_resource.preview import messages
from cleanrooms_resource.preview.declarations import mask_secrets
from cleanrooms_resource.preview.document import PARTS_OF_REPLACEMENT, PreviewStep, ResourceState
from cleanrooms_resource.preview.joined import Joined, read_joined
from cleanrooms_resource.preview.json_text import cut_deep_nesting
from cleanrooms_resource.preview.members import may_remove_members
from cleanrooms_resource.preview.messages import Diagnostic  # noqa: TC001 - pydantic reads the annotation
from cleanrooms_resource.preview.verdict import Severity, find_adopter

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cleanrooms_resource.preview.resource_types import ResourceType

_NO_STATE: Final = ResourceState()


class _Metadata(BaseModel):
    op: str
    urn: str
    provider: str = ""
    old: ResourceState | None = None
    new: ResourceState | None = None
    diffs: list[str] | None = None

    def to_step(self) -> PreviewStep:
        states = {"oldState": self.old or _NO_STATE, "newState": self.new or _NO_STATE}
        return PreviewStep.model_validate({"op": self.op, "urn": self.urn, "provider": self.provider, "diffReasons": self.diffs or [], **states})


class _ResourceEvent(BaseModel):
    metadata: _Metadata


class _Summary(BaseModel):
    changes: dict[str, int] = Field({}, alias="resourceChanges")
    result: str = ""
    is_preview: bool = Field(default=False, alias="isPreview")


class _Event(BaseModel):
    is_unreadable: bool = False
    """The line is cut off, or it has a form that this version does not know. It may have been any event."""
    started: _ResourceEvent | None = Field(None, alias="resourcePreEvent")
    succeeded: _ResourceEvent | None = Field(None, alias="resOutputsEvent")
    failed: _ResourceEvent | None = Field(None, alias="resOpFailedEvent")
    diagnostic: Diagnostic | None = Field(None, alias="diagnosticEvent")
    summary: _Summary | None = Field(None, alias="summaryEvent")


class Result(Enum):
    """The result for a collaboration or a membership, the most urgent first. The value is the result's name in JSON."""

    FAILED = "failed"
    LEFT_OVER = "left-over"
    """The deletion failed or was not tried, and the resource is still at AWS."""
    REPLACED = "replaced"
    DELETED = "deleted"
    KEPT = "kept"
    """The state no longer has it, and it stays at AWS."""
    CREATED = "created"
    ADOPTED = "adopted"
    UPDATED = "updated"


@dataclass(frozen=True, slots=True)
class AppliedResource:
    """The result for a resource. ``id`` is the ID at AWS now, ``old_id`` the ID before a replacement, and ``joined`` who had joined before.

    ``members`` are the accounts to invite, with their display names. ``is_old_kept``: the replaced collaboration stays at AWS.
    ``removed`` are the accounts that an update removed, and ``may_have_removed``: the members are secret, and the update may have removed some.
    """

    name: str
    type: ResourceType
    op: str
    result: Result
    id: str
    old_id: str
    members: dict[str, str]
    joined: Joined
    is_old_kept: bool = False
    is_cut_off: bool = False
    """The engine did not come to the end of the operation, and AWS may have carried it out."""
    removed: tuple[str, ...] = ()
    may_have_removed: bool = False


@dataclass(frozen=True, slots=True)
class Application:
    """The results of a `pulumi up` for a stack. ``is_whole``: the events were not cut off."""

    project: str
    stack: str
    resources: tuple[AppliedResource, ...]
    errors: tuple[str, ...]
    other_operations: tuple[tuple[str, int], ...]
    unchanged: int
    is_whole: bool

    @property
    def is_failed(self) -> bool:
        """Whether the `pulumi up` failed or was cut off."""
        return bool(self.errors) or not self.is_whole

    @property
    def severity(self) -> Severity:
        """How urgent the comment is."""
        urgent = (Result.FAILED, Result.LEFT_OVER, Result.REPLACED, Result.DELETED)
        if any(each.result in urgent for each in self.resources):
            return Severity.CAUTION
        if self.is_failed:
            return Severity.FAILURE
        if any(each.removed or each.may_have_removed for each in self.resources):
            return Severity.WARNING
        return Severity.CHANGE if self.resources or self.other_operations else Severity.NOTHING


def parse_events(text: str) -> list[_Event]:
    """Read the events. A preview before them and every other line are left out.

    Raises:
        ValueError: the text has no event of a `pulumi up`.

    """
    events = []
    # A value may have other characters that end a line in Unicode, such as U+0085.
    for line in text.split("\n"):
        # A document before the events begins with a bracket that stands alone.
        if line.startswith("{") and line.strip() not in ("{", "{}"):
            try:
                events.append(_Event.model_validate_json(cut_deep_nesting(line)))
            except ValidationError:
                events.append(_Event(is_unreadable=True))
    events = [event for event in events if event.model_fields_set]
    if all(event.is_unreadable for event in events) or any(event.summary and event.summary.is_preview for event in events):
        raise ValueError("The text has no event of `pulumi up --yes --skip-preview --json`.")
    return events


def judge_events(events: list[_Event], project: str = "", stack: str = "") -> Application:
    """Return what happened. ``project`` and ``stack`` default to the names in the events."""
    started = [event.started.metadata.to_step() for event in events if event.started]
    succeeded = [event.succeeded.metadata.to_step() for event in events if event.succeeded]
    failed = [event.failed.metadata.to_step() for event in events if event.failed]
    urns = [step.urn for step in (*started, *succeeded, *failed)]
    own_stack, _, rest = (urns[0] if urns else "").removeprefix("urn:pulumi:").partition("::")
    summary = next((event.summary for event in events if event.summary), None)
    diagnostics = [event.diagnostic for event in events if event.diagnostic]
    done = {(step.urn, step.op, step.old.id) for step in succeeded}
    unfinished = [step for step in started if (step.urn, step.op, step.old.id) not in done]
    resources = [_judge(step, step.resource_type, unfinished, succeeded, diagnostics) for step in succeeded if step.resource_type]
    resources += [
        _describe(step, step.resource_type, Result.LEFT_OVER, step.old) for step in _list_undeleted(started, succeeded) if step.resource_type
    ]
    ended = {(step.urn, step.op, step.old.id) for step in failed}
    resources += [
        _judge_unfinished(step, step.resource_type, succeeded, is_cut_off=(step.urn, step.op, step.old.id) not in ended)
        for step in unfinished
        if step.resource_type
    ]
    others = Counter(step.op for step in succeeded if not step.resource_type and step.op not in ("same", "refresh", "read", *PARTS_OF_REPLACEMENT))
    return Application(
        project=project or rest.partition("::")[0],
        stack=stack or own_stack,
        resources=tuple(sorted((each for each in resources if each), key=lambda each: (list(Result).index(each.result), each.name, each.id))),
        errors=tuple(messages.list_errors(diagnostics)),
        other_operations=tuple(sorted(others.items())),
        unchanged=max(0, (summary.changes.get("same", 0) if summary else 0) - 1),
        is_whole=summary is not None and summary.result in ("", "succeeded") and not unfinished and not any(event.is_unreadable for event in events),
    )


def _list_undeleted(started: list[PreviewStep], succeeded: list[PreviewStep]) -> list[PreviewStep]:
    """Return the replacements whose old resource is not deleted, because the engine stopped before that deletion."""
    deleted = {(step.op, step.old.id) for step in started}
    return [
        step
        for step in succeeded
        if step.op == "create-replacement"
        and step.old.is_pending_delete
        and not step.old.external
        and not step.old.retain_on_delete
        and ("delete-replaced", step.old.id) not in deleted
    ]


def _judge(
    step: PreviewStep, type_: ResourceType, unfinished: list[PreviewStep], succeeded: list[PreviewStep], diagnostics: list[Diagnostic]
) -> AppliedResource | None:
    result = _find_result(step, unfinished, succeeded, diagnostics)
    return _describe(step, type_, result, step.old if result in (Result.DELETED, Result.KEPT) else step.new) if result else None


def _find_result(step: PreviewStep, unfinished: list[PreviewStep], succeeded: list[PreviewStep], diagnostics: list[Diagnostic]) -> Result | None:
    match step.op:
        case "create" | "import":
            return Result.ADOPTED if step.op == "import" or "__import" in step.new.inputs else Result.CREATED
        case "update":
            return Result.UPDATED
        case "create-replacement":
            # What the program only read stays as it is.
            return Result.CREATED if step.old.external else Result.REPLACED
        case "read":
            return Result.KEPT if step.old.id and not step.old.external else None
        case "delete" | "delete-replaced" if not _is_part_of_replacement(step, (*succeeded, *unfinished)):
            return Result.KEPT if _is_kept(step, succeeded, diagnostics) else Result.DELETED
        case _:
            return None


def _is_part_of_replacement(step: PreviewStep, steps: Iterable[PreviewStep]) -> bool:
    """Whether this run also makes the new resource. It does not where an earlier run replaced the old one."""
    return step.op == "delete-replaced" and any(each.op == "create-replacement" and each.old.id == step.old.id for each in steps)


def _is_kept(step: PreviewStep, succeeded: list[PreviewStep], diagnostics: list[Diagnostic]) -> bool:
    """Whether a deletion that succeeded has deleted nothing at AWS. The provider says so where another resource holds the collaboration."""
    notice = describe_kept(step.old.id)
    return step.old.retain_on_delete or bool(find_adopter(step, succeeded)) or any(notice in each.message for each in diagnostics)


def _judge_unfinished(step: PreviewStep, type_: ResourceType, succeeded: list[PreviewStep], *, is_cut_off: bool) -> AppliedResource | None:
    if step.op in ("same", "refresh", "read", "replace", "discard", "discard-replaced"):
        return None
    if step.op in ("delete", "delete-replaced"):
        return replace(_describe(step, type_, Result.LEFT_OVER, step.old), is_cut_off=is_cut_off)
    is_deleted_first = any(each.op == "delete-replaced" and each.urn == step.urn for each in succeeded)
    return replace(_describe(step, type_, Result.FAILED, _NO_STATE if is_deleted_first else step.old), is_cut_off=is_cut_off)


def _describe(step: PreviewStep, type_: ResourceType, result: Result, state: ResourceState) -> AppliedResource:
    members = step.new.inputs.get("members") if result in (Result.CREATED, Result.REPLACED) else None
    applied = AppliedResource(
        name=step.resource_name,
        type=type_,
        op=step.op,
        result=result,
        id=state.id,
        old_id=step.old.id if result is Result.REPLACED else "",
        members={account: _get_name(member) for account, member in members.items()} if isinstance(members, dict) else {},
        joined=read_joined(step.old, is_refreshed=False),
        is_old_kept=step.old.retain_on_delete,
    )
    return _add_removed(applied, step) if result is Result.UPDATED and type_.is_ours else applied


def _add_removed(applied: AppliedResource, step: PreviewStep) -> AppliedResource:
    before, after = (mask_secrets(state.outputs.get("memberStatuses")) for state in (step.old, step.new))
    if isinstance(before, dict) and isinstance(after, dict):
        removed = (account for account, status in after.items() if status == "REMOVED" and before.get(account) != status)
        return replace(applied, removed=tuple(sorted(removed)))
    removes = may_remove_members(mask_secrets(step.new.inputs))
    return replace(applied, may_have_removed=removes and "members" in step.diff_reasons)


def _get_name(member: object) -> str:
    return str(member.get("displayName", "")) if isinstance(member, dict) else ""
