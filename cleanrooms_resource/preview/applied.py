"""The events that `pulumi up --yes --skip-preview --json` prints, one per line: what happened to each collaboration.

The engine defines an event as ``EngineEvent`` in pulumi/pulumi, sdk/go/common/apitype.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final

from pydantic import BaseModel, Field, ValidationError

from cleanrooms_resource.preview import messages
from cleanrooms_resource.preview.document import PARTS_OF_REPLACEMENT, PreviewStep, ResourceState
from cleanrooms_resource.preview.joined import Joined, read_joined
from cleanrooms_resource.preview.json_text import cut_deep_nesting
from cleanrooms_resource.preview.messages import Diagnostic  # noqa: TC001 - pydantic reads the annotation
from cleanrooms_resource.preview.verdict import Severity, find_keeper

if TYPE_CHECKING:
    from cleanrooms_resource.preview.resource_types import ResourceType

_NO_STATE: Final = ResourceState()


class _Metadata(BaseModel):
    op: str
    urn: str
    provider: str = ""
    old: ResourceState | None = None
    new: ResourceState | None = None

    def to_step(self) -> PreviewStep:
        states = {"oldState": self.old or _NO_STATE, "newState": self.new or _NO_STATE}
        return PreviewStep.model_validate({"op": self.op, "urn": self.urn, "provider": self.provider, **states})


class _ResourceEvent(BaseModel):
    metadata: _Metadata


class _Summary(BaseModel):
    changes: dict[str, int] = Field({}, alias="resourceChanges")
    result: str = ""
    is_preview: bool = Field(default=False, alias="isPreview")


class _Event(BaseModel):
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
        return Severity.CHANGE if self.resources or self.other_operations else Severity.NOTHING


def parse_events(text: str) -> list[_Event]:
    """Read the events. A preview before them and every other line are left out.

    Raises:
        ValueError: the text has no event of a `pulumi up`.

    """
    events = []
    for line in text.splitlines():
        if line.startswith("{") and line.endswith("}"):
            try:
                events.append(_Event.model_validate_json(cut_deep_nesting(line)))
            except ValidationError:
                continue
    events = [event for event in events if event.model_fields_set]
    if not events or any(event.summary and event.summary.is_preview for event in events):
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
    resources = [_judge(step, step.resource_type, unfinished, succeeded) for step in succeeded if step.resource_type]
    resources += [_judge_unfinished(step, step.resource_type, succeeded) for step in unfinished if step.resource_type]
    others = Counter(step.op for step in succeeded if not step.resource_type and step.op not in ("same", "refresh", "read", *PARTS_OF_REPLACEMENT))
    return Application(
        project=project or rest.partition("::")[0],
        stack=stack or own_stack,
        resources=tuple(sorted((each for each in resources if each), key=lambda each: (list(Result).index(each.result), each.name, each.id))),
        errors=tuple(messages.list_errors(diagnostics)),
        other_operations=tuple(sorted(others.items())),
        unchanged=max(0, (summary.changes.get("same", 0) if summary else 0) - 1),
        is_whole=summary is not None and summary.result in ("", "succeeded") and not unfinished,
    )


def _judge(step: PreviewStep, type_: ResourceType, unfinished: list[PreviewStep], succeeded: list[PreviewStep]) -> AppliedResource | None:
    match step.op:
        case "create" | "import":
            is_adopted = step.op == "import" or "__import" in step.new.inputs
            return _describe(step, type_, Result.ADOPTED if is_adopted else Result.CREATED, step.new)
        case "update":
            return _describe(step, type_, Result.UPDATED, step.new)
        case "create-replacement":
            return _describe(step, type_, Result.REPLACED, step.new)
        case "delete":
            is_kept = step.old.retain_on_delete or find_keeper(step, succeeded)
            return _describe(step, type_, Result.KEPT if is_kept else Result.DELETED, step.old)
        case "delete-replaced" if not any(each.op == "create-replacement" and each.old.id == step.old.id for each in (*succeeded, *unfinished)):
            # An earlier run replaced it.
            return _describe(step, type_, Result.KEPT if step.old.retain_on_delete else Result.DELETED, step.old)
        case _:
            return None


def _judge_unfinished(step: PreviewStep, type_: ResourceType, succeeded: list[PreviewStep]) -> AppliedResource | None:
    if step.op in ("same", "refresh", "read", "replace", "discard", "discard-replaced"):
        return None
    if step.op in ("delete", "delete-replaced"):
        return _describe(step, type_, Result.LEFT_OVER, step.old)
    is_deleted_first = any(each.op == "delete-replaced" and each.urn == step.urn for each in succeeded)
    return _describe(step, type_, Result.FAILED, _NO_STATE if is_deleted_first else step.old)


def _describe(step: PreviewStep, type_: ResourceType, result: Result, state: ResourceState) -> AppliedResource:
    members = step.new.inputs.get("members") if result in (Result.CREATED, Result.REPLACED) else None
    return AppliedResource(
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


def _get_name(member: object) -> str:
    return str(member.get("displayName", "")) if isinstance(member, dict) else ""
