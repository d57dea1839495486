"""The verdict on a preview: what it does to the collaborations of a stack, and how urgent that is. Sentences are in ``verdict_sentence``."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Final

from cleanrooms_resource.hidden_keys import IMPORT_ID, TOKEN
from cleanrooms_resource.preview.document import NO_STATE, PARTS_OF_REPLACEMENT
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
    """A collaboration or a membership is replaced or deleted, or the worst has to be assumed."""


_SEVERITIES: Final = {
    **dict.fromkeys((Outcome.UNKNOWN, Outcome.REPLACE, Outcome.DELETE), Severity.CAUTION),
    **dict.fromkeys((Outcome.MAY_REPLACE, Outcome.REMOVE_MEMBER, Outcome.RELEASE, Outcome.UNPROTECT), Severity.WARNING),
}

KINDS: Final = ("replace", "may-replace", "delete", "remove-member", "create", "adopt", "take-over", "update")
"""The kinds of changes that ``--fail-on`` takes."""

_KINDS: Final = {
    Outcome.UNKNOWN: KINDS,
    Outcome.REPLACE: ("replace", "may-replace"),
    Outcome.REMOVE_MEMBER: ("remove-member", "update"),
    **{outcome: (outcome.value,) for outcome in Outcome if outcome.value in KINDS and outcome.value not in ("replace", "remove-member")},
}


def list_kinds(planned: PlannedResource) -> frozenset[str]:
    """Return the kinds of ``--fail-on`` that a change is."""
    more = set()
    if planned.is_from_pulumi_aws and planned.type.is_ours and planned.op == "update":
        more = {"take-over"} | ({"update"} if planned.reasons else set())
    return frozenset((*_KINDS.get(planned.outcome, ()), *more))


def judge_severity(planned: PlannedResource) -> Severity:
    """Return how much a change costs."""
    severity = _SEVERITIES.get(planned.outcome, Severity.CHANGE)
    return max(severity, Severity.WARNING) if planned.loses_protect or planned.members.denied else severity


@dataclass(frozen=True, slots=True)
class Verdict:
    """The verdict on the preview of a stack.

    ``planned`` are the changes, the costliest first. ``gap`` is the clause that says what the preview lacks. ``other_operations`` counts the
    operations on other resources. ``renames`` are pairs of a deletion and a creation that look like the same collaboration.
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
    is_refreshed: bool = False
    shows_left_overs: bool = False
    """Whether the preview would show a collaboration that an earlier run replaced and did not delete."""
    renames: tuple[tuple[PlannedResource, PlannedResource], ...] = ()

    @property
    def is_failed(self) -> bool:
        """Whether the preview failed or is incomplete."""
        return bool(self.errors or self.gap)

    @property
    def severity(self) -> Severity:
        """The severity of the costliest change. A preview that failed is at least a ``FAILURE``."""
        least = Severity.FAILURE if self.is_failed else Severity.CHANGE if self.other_operations else Severity.NOTHING
        return max((least, *map(judge_severity, self.planned)))

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of ``--fail-on`` in this preview."""
        return frozenset(kind for planned in self.planned for kind in list_kinds(planned))


def judge(document: PreviewDocument, project: str = "", stack: str = "") -> Verdict:
    """Return the verdict on a preview. ``project`` and ``stack`` default to the names in the preview."""
    own_project, own_stack = document.project_and_stack()
    planned = tuple(list_planned(document))
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
        is_refreshed=any(step.op == "refresh" for step in document.steps),
        shows_left_overs=any(step.op in ("refresh", *PARTS_OF_REPLACEMENT) for step in document.steps),
        renames=tuple(_find_renames(planned)),
    )


def list_planned(document: PreviewDocument) -> list[PlannedResource]:
    """Return the collaborations and memberships that change, the costliest outcomes first. Equal outcomes are in the order of names."""
    steps = document.own_steps()
    changing = [step for step in steps if step.op not in ("refresh", "same") and not _is_left_over(step, steps)]
    planned: dict[tuple[str, str, str], PlannedResource] = {}
    for step in steps:
        is_left_over = _is_left_over(step, steps)
        if step.op == "refresh" and (_has_deletion(step, steps) if is_left_over else any(_is_same_resource(step, other) for other in changing)):
            continue
        type_ = step.resource_type
        # The engine writes what an earlier run left over in a refresh, in a deletion, or in both.
        changing_step = step.model_copy(update={"op": "delete", "new": NO_STATE}) if is_left_over else step
        keeper = find_keeper(step, steps) if changing_step.op == "delete" else ""
        resource = type_ and plan(changing_step, type_, _find_state_before_refresh(step, steps), keeper, is_left_over=is_left_over)
        if resource:
            key = (step.urn, resource.id, "left over" if is_left_over else resource.outcome.value)
            planned[key] = max(planned.get(key, resource), resource, key=judge_severity)
    order = list(Outcome)
    return sorted(planned.values(), key=lambda each: (-judge_severity(each), order.index(each.outcome), each.name, each.id, each.type.provider))


def _is_left_over(step: PreviewStep, steps: Iterable[PreviewStep]) -> bool:
    """Whether an earlier run replaced the collaboration of this step and did not delete it.

    The engine writes such a deletion only with --show-replacement-steps, and its refresh with --refresh.
    """
    is_deletion = step.op == "delete-replaced" or (step.op == "refresh" and step.new.is_pending_delete)
    # The ID alone tells them apart: an alias gives the replacement another URN than the deletion.
    return is_deletion and not any(each.op == "replace" and each.old.id == step.old.id for each in steps)


def _has_deletion(step: PreviewStep, steps: Iterable[PreviewStep]) -> bool:
    """Whether what an earlier run left over also has a deletion, whose state is newer than that of its refresh."""
    return any(each.op == "delete-replaced" and each.old.id == step.old.id for each in steps)


def _is_same_resource(step: PreviewStep, other: PreviewStep) -> bool:
    """Whether both steps are on one resource. An alias gives a resource another URN, and a creation has no ID yet."""
    return step.urn == other.urn or (bool(step.old.id) and step.old.id == other.old.id)


def _find_state_before_refresh(step: PreviewStep, steps: Iterable[PreviewStep]) -> ResourceState | None:
    """Return the state before the refresh in this preview; None where the step's own state is not refreshed."""
    if step.op == "refresh":
        # The engine writes the state before the refresh into both states of this step.
        return None
    refreshes = [each for each in steps if each.op == "refresh" and _is_same_resource(each, step)]
    ordered = sorted(refreshes, key=lambda each: (each.old.id != step.old.id, each.urn != step.urn))
    states = [each.old for each in ordered if each.old.id == step.old.id or not (step.old.id or each.old.is_pending_delete)]
    return states[0] if states else None


def find_keeper(step: PreviewStep, steps: Iterable[PreviewStep]) -> str:
    """Return the name of the resource for whose sake the provider does not delete a collaboration: it adopts the collaboration, or holds it.

    The provider knows only the resources of its own process, and tells two resources that hold one collaboration apart by their tokens.
    """
    if adopter := find_adopter(step, steps):
        return adopter
    token = step.old.outputs.get(TOKEN)
    for other in steps:
        other_token = other.old.outputs.get(TOKEN)
        # A resource that --target leaves out has a step `same` as well, and the provider never hears of that resource.
        is_holder = other.op in ("refresh", "update") and other.old.id == step.old.id and not other.old.is_pending_delete
        stays = not any(each.urn == other.urn and each.op not in ("refresh", "same", "update") for each in steps)
        is_known = _has_same_provider(step, other) and other.urn != step.urn
        if is_known and is_holder and stays and token and other_token and token != other_token:
            return other.resource_name
    return ""


def _may_have_alias(creation: PlannedResource, deletion: PlannedResource) -> bool:
    """Whether an alias with the old name makes the new resource the owner of the old one's state: a resource of ours also takes pulumi-aws's over."""
    old, new = deletion.type, creation.type
    return old.noun is new.noun and (old.provider == new.provider or (new.is_ours and old.provider == "pulumi-aws"))


def find_adopter(step: PreviewStep, steps: Iterable[PreviewStep]) -> str:
    """Return the name of the new resource that adopts the collaboration of a deletion."""
    for other in steps:
        if _has_same_provider(step, other) and other.op == "create" and other.new.inputs.get(IMPORT_ID) == step.old.id:
            return other.resource_name
    return ""


def _has_same_provider(step: PreviewStep, other: PreviewStep) -> bool:
    """Whether both are resources of ours in one process, and the collaboration exists."""
    is_ours = step.resource_type is not None and step.resource_type.is_ours
    return is_ours and bool(step.old.id) and (other.resource_type, other.provider) == (step.resource_type, step.provider)


def _find_renames(planned: Iterable[PlannedResource]) -> list[tuple[PlannedResource, PlannedResource]]:
    """Return the pairs of a deletion and a creation that may be one collaboration whose resource has another name now."""
    deletions = [each for each in planned if each.outcome is Outcome.DELETE and not each.is_left_over]
    creations = [each for each in planned if each.outcome is Outcome.CREATE and each.op == "create"]
    is_only_pair = len(deletions) == len(creations) == 1
    return [
        (deletion, creation)
        for deletion in deletions
        for creation in creations
        if _may_have_alias(creation, deletion)
        and (is_only_pair or deletion.before.get("name", deletion.name) == creation.after.get("name", creation.name))
    ][:10]
