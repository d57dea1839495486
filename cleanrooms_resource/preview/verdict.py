"""The verdict on a preview: what it does to the collaborations of a stack, and how urgent that is. Sentences are in ``verdict_sentence``."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum
from typing import TYPE_CHECKING, Final

from cleanrooms_resource.changes.takeover import PULUMI_AWS_TYPE
from cleanrooms_resource.hidden_keys import TOKEN
from cleanrooms_resource.preview.document import (
    NO_STATE,
    OPERATIONS_WITHOUT_CHANGE,
    PARTS_OF_REPLACEMENT,
)
from cleanrooms_resource.preview.outcome import Outcome, PlannedResource, plan

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cleanrooms_resource.preview.document import PreviewDocument, PreviewStep, ResourceState


class Severity(IntEnum):
    """The urgency of a verdict. The number is part of the JSON report."""

    NOTHING = 0
    """Nothing changes."""
    CHANGE = 1
    """A change after which no member has to join again, and that removes no member."""
    FAILURE = 2
    """The preview failed or is incomplete, so nothing is known for certain."""
    WARNING = 3
    """A collaboration may be replaced, a member is removed, or a collaboration loses its protection or its stack."""
    CAUTION = 4
    """A resource of Clean Rooms is replaced or deleted, or the worst has to be assumed."""


_SEVERITIES: Final = {
    **dict.fromkeys((Outcome.UNKNOWN, Outcome.REPLACE, Outcome.DELETE), Severity.CAUTION),
    **dict.fromkeys(
        (Outcome.MAY_REPLACE, Outcome.REMOVE_MEMBER, Outcome.RELEASE, Outcome.UNPROTECT),
        Severity.WARNING,
    ),
}

KINDS: Final = (
    "replace",
    "may-replace",
    "delete",
    "remove-member",
    "create",
    "adopt",
    "take-over",
    "update",
)
"""The kinds of changes that ``--fail-on`` takes."""

_KINDS: Final = {
    Outcome.UNKNOWN: KINDS,
    Outcome.REPLACE: ("replace", "may-replace"),
    Outcome.REMOVE_MEMBER: ("remove-member", "update"),
    **{
        outcome: (outcome.value,)
        for outcome in Outcome
        if outcome.value in KINDS and outcome.value not in ("replace", "remove-member")
    },
}


def list_kinds(planned: PlannedResource) -> frozenset[str]:
    """Return the kinds of ``--fail-on`` that a change is."""
    more = set()
    if planned.is_from_pulumi_aws and planned.op == "update":
        more = {"take-over"} | ({"update"} if planned.reasons else set())
    return frozenset((*_KINDS.get(planned.outcome, ()), *more))


def judge_severity(planned: PlannedResource) -> Severity:
    """Return how much a change costs."""
    severity = _SEVERITIES.get(planned.outcome, Severity.CHANGE)
    return (
        max(severity, Severity.WARNING)
        if planned.loses_protect or planned.members.denied
        else severity
    )


@dataclass(frozen=True, slots=True)
class OtherLoss:
    """The deletion or the replacement of a resource of Clean Rooms that is no collaboration of this package."""

    name: str
    type: str
    is_deletion: bool


@dataclass(frozen=True, slots=True)
class Rename:
    """A deletion and a creation that may be one collaboration whose resource has another name or parent now."""

    old_name: str
    new_name: str
    is_from_pulumi_aws: bool
    has_new_parent: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """The verdict on the preview of a stack.

    ``planned`` are the changes, the costliest first. ``gap`` is the clause that says what the preview lacks. ``other_operations`` counts the
    operations on other resources, and ``other_losses`` are those that lose a resource of Clean Rooms.
    """

    project: str
    stack: str
    planned: tuple[PlannedResource, ...] = ()
    errors: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    gap: str = ""
    unchanged: int = 0
    other_operations: tuple[tuple[str, int], ...] = ()
    other_losses: tuple[OtherLoss, ...] = ()
    is_refreshed: bool = False
    shows_left_overs: bool = False
    """Whether the preview would show a collaboration that an earlier run replaced and did not delete."""
    renames: tuple[Rename, ...] = ()

    @property
    def is_failed(self) -> bool:
        """Whether the preview failed or is incomplete."""
        return bool(self.errors or self.gap)

    @property
    def severity(self) -> Severity:
        """The severity of the costliest change. A preview that failed is at least a ``FAILURE``."""
        least = (
            Severity.FAILURE
            if self.is_failed
            else Severity.CHANGE
            if self.other_operations
            else Severity.NOTHING
        )
        if self.other_losses:
            return Severity.CAUTION
        return max((least, *map(judge_severity, self.planned)))

    @property
    def kinds(self) -> frozenset[str]:
        kinds = {kind for planned in self.planned for kind in list_kinds(planned)}
        for loss in self.other_losses:
            kinds.update(_KINDS[Outcome.DELETE if loss.is_deletion else Outcome.REPLACE])
        return frozenset(kinds)


def judge(document: PreviewDocument, project: str = "", stack: str = "") -> Verdict:
    """Return the verdict on a preview. ``project`` and ``stack`` default to the names in the preview."""
    own_project, own_stack = document.project_and_stack()
    planned = tuple(_list_planned(document))
    return Verdict(
        project=project or own_project,
        stack=stack or own_stack,
        planned=planned,
        errors=tuple(document.errors()),
        warnings=tuple(document.warnings()),
        notices=tuple(document.notices()),
        gap=document.find_gap(),
        unchanged=document.count_unchanged(),
        other_operations=tuple(document.count_other_operations().items()),
        other_losses=tuple(_list_other_losses(document)),
        is_refreshed=any(step.op == "refresh" for step in document.steps),
        shows_left_overs=any(
            step.op in ("refresh", *PARTS_OF_REPLACEMENT) for step in document.steps
        ),
        renames=tuple(_find_renames(planned, document)),
    )


def _list_planned(document: PreviewDocument) -> list[PlannedResource]:
    """Return the collaborations that change, the costliest outcomes first. Equal outcomes are in the order of names."""
    all_steps = document.sort_steps()
    steps = [step for step in all_steps if step.process]
    changing = [
        step
        for step in steps
        if step.op not in ("refresh", "same") and not _is_left_over(step, steps)
    ]
    planned: dict[tuple[str, str, str], PlannedResource] = {}
    for step in steps:
        is_left_over = _is_left_over(step, steps)
        if step.op == "refresh" and (
            _has_deletion(step, steps)
            if is_left_over
            else any(_is_same_resource(step, other) for other in changing)
        ):
            continue
        # The engine writes what an earlier run left over in a refresh, in a deletion, or in both.
        changing_step = (
            step.model_copy(update={"op": "delete", "new": NO_STATE}) if is_left_over else step
        )
        keeper = _find_keeper(step, steps) if changing_step.op == "delete" else ""
        # A takeover refreshes the state under its old type.
        before_refresh = _find_state_before_refresh(step, all_steps)
        resource = plan(changing_step, before_refresh, keeper, is_left_over=is_left_over)
        if resource:
            resource = replace(resource, rival=_find_rival(changing_step, steps))
            key = (step.urn, resource.id, "left over" if is_left_over else resource.outcome.value)
            planned[key] = max(planned.get(key, resource), resource, key=judge_severity)
    order = list(Outcome)
    return sorted(
        planned.values(),
        key=lambda each: (-judge_severity(each), order.index(each.outcome), each.name, each.id),
    )


def _list_other_losses(document: PreviewDocument) -> list[OtherLoss]:
    """Return the deletions and replacements of other resources of Clean Rooms. The worst is assumed of an unknown operation."""
    steps = [step for step in document.sort_steps() if step.is_other_clean_rooms]
    losses: dict[tuple[str, str], OtherLoss] = {}
    for step in steps:
        is_deletion = step.op == "delete" or _is_left_over(step, steps)
        is_kept = step.old.external or (is_deletion and step.old.retain_on_delete)
        if (is_deletion or step.op not in _OPERATIONS_WITHOUT_LOSS) and not is_kept:
            losses[step.urn, step.old.id] = OtherLoss(step.resource_name, step.type, is_deletion)
    return list(losses.values())


_OPERATIONS_WITHOUT_LOSS: Final = {
    "create",
    "update",
    "import",
    *OPERATIONS_WITHOUT_CHANGE,
    *PARTS_OF_REPLACEMENT,
}


def _is_left_over(step: PreviewStep, steps: Iterable[PreviewStep]) -> bool:
    """Whether an earlier run replaced the collaboration of this step and did not delete it.

    The engine writes such a deletion only with --show-replacement-steps, and its refresh with --refresh.
    """
    is_deletion = step.op == "delete-replaced" or (
        step.op == "refresh" and step.new.is_pending_delete
    )
    # The ID alone tells them apart: an alias gives the replacement another URN than the deletion.
    return is_deletion and not any(
        each.op == "replace" and each.old.id == step.old.id for each in steps
    )


def _has_deletion(step: PreviewStep, steps: Iterable[PreviewStep]) -> bool:
    """Whether what an earlier run left over also has a deletion, whose state is newer than that of its refresh."""
    return any(each.op == "delete-replaced" and each.old.id == step.old.id for each in steps)


def _is_same_resource(step: PreviewStep, other: PreviewStep) -> bool:
    """Whether both steps are on one resource. An alias gives a resource another URN, and a creation has no ID yet."""
    return step.urn == other.urn or (bool(step.old.id) and step.old.id == other.old.id)


def _find_state_before_refresh(
    step: PreviewStep, steps: Iterable[PreviewStep]
) -> ResourceState | None:
    """Return the state before the refresh in this preview; None where the step's own state is not refreshed."""
    if step.op == "refresh":
        # The engine writes the state before the refresh into both states of this step.
        return None
    refreshes = [each for each in steps if each.op == "refresh" and _is_same_resource(each, step)]
    ordered = sorted(refreshes, key=lambda each: (each.old.id != step.old.id, each.urn != step.urn))
    states = [
        each.old
        for each in ordered
        if each.old.id == step.old.id or not (step.old.id or each.old.is_pending_delete)
    ]
    return states[0] if states else None


def _find_keeper(step: PreviewStep, steps: Iterable[PreviewStep]) -> str:
    """Return the name of the resource for whose sake the provider does not delete a collaboration: it adopts the collaboration, or holds it.

    The provider knows only the resources of its own process, and tells two resources that hold one collaboration apart by their tokens.
    """
    if adopter := _find_adopter(step, steps):
        return adopter
    for other in steps:
        if _holds_too(other, step) and _stays(other, steps):
            return other.resource_name
    return ""


def _holds_too(other: PreviewStep, step: PreviewStep) -> bool:
    """Whether another resource holds the collaboration of a step.

    A resource that --target leaves out has a step `same` as well, and the provider never hears of
    that resource.
    """
    if other.op not in ("refresh", "update") or other.old.id != step.old.id:
        return False
    token, other_token = step.old.outputs.get(TOKEN), other.old.outputs.get(TOKEN)
    return (
        bool(token and other_token and token != other_token)
        and other.urn != step.urn
        and not other.old.is_pending_delete
        and _has_same_provider(step, other)
    )


def _stays(step: PreviewStep, steps: Iterable[PreviewStep]) -> bool:
    """Whether the resource of a step has no step that replaces or deletes it."""
    return not any(
        each.urn == step.urn and each.op not in ("refresh", "same", "update") for each in steps
    )


def _find_adopter(step: PreviewStep, steps: Iterable[PreviewStep]) -> str:
    """Return the name of the new resource that adopts the collaboration of a deletion."""
    for other in steps:
        if (
            _has_same_provider(step, other)
            and other.op == "create"
            and other.adopted_id == step.old.id
        ):
            return other.resource_name
    return ""


def _find_rival(step: PreviewStep, steps: Iterable[PreviewStep]) -> str:
    """Return the name of the resource that adopts what this step deletes, or deletes what it adopts.

    The engine runs the providers of the two in two processes, and neither hears of the other.
    """
    for other in steps:
        deletion, adoption = (other, step) if step.adopted_id else (step, other)
        if (
            deletion.op in ("delete", "replace")
            and deletion.old.id
            and deletion.old.id == adoption.adopted_id
            and not deletion.old.retain_on_delete
            and not _has_same_provider(deletion, adoption)
        ):
            return other.resource_name
    return ""


def _has_same_provider(step: PreviewStep, other: PreviewStep) -> bool:
    """Whether the provider of both runs in one process, and the collaboration exists."""
    return bool(step.old.id) and (other.process, other.provider) == (step.process, step.provider)


def _find_renames(planned: Iterable[PlannedResource], document: PreviewDocument) -> list[Rename]:
    """Return the deletions and creations that may be one collaboration. An alias also takes over a state of pulumi-aws."""
    deletions = [
        (each.name, each.before.get("name", each.name), each.parent_types, False)
        for each in planned
        if each.outcome is Outcome.DELETE and not each.is_left_over
    ]
    deletions += [
        (
            step.resource_name,
            step.old.inputs.get("name", step.resource_name),
            step.parent_types,
            True,
        )
        for step in document.sort_steps()
        if step.type == PULUMI_AWS_TYPE and step.op == "delete" and not step.old.retain_on_delete
    ]
    creations = [each for each in planned if each.outcome is Outcome.CREATE and each.op == "create"]
    is_only_pair = len(deletions) == len(creations) == 1
    return [
        Rename(name, creation.name, is_from_pulumi_aws, creation.parent_types != parent_types)
        for name, declared_name, parent_types, is_from_pulumi_aws in deletions
        for creation in creations
        if is_only_pair or declared_name == creation.after.get("name", creation.name)
    ][:10]
