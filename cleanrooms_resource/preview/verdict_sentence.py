"""The verdict as one plain sentence: what happens to how many, because of what, and whom it touches."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING

from cleanrooms_resource.declaration.spelling import to_snake_case
from cleanrooms_resource.preview.outcome import Outcome, PlannedResource
from cleanrooms_resource.preview.sentences import (
    describe_cause,
    describe_time,
    list_accounts,
    make_predicate,
)
from cleanrooms_resource.preview.untrusted_text import make_span
from cleanrooms_resource.preview.verdict import Severity, judge_severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cleanrooms_resource.preview.verdict import OtherLoss, Verdict

_MAX_REASONS, _MAX_LOSSES = 3, 10
_TOUCHING = (Outcome.UNKNOWN, Outcome.REPLACE, Outcome.DELETE, Outcome.MAY_REPLACE)
"""The outcomes after which no member has the collaboration as it is, or may not have it."""


def describe_verdict(verdict: Verdict) -> str:
    """Return the verdict in Markdown, with text from outside in code spans."""
    return " ".join(_list_sentences(verdict))


def _list_sentences(verdict: Verdict) -> Iterator[str]:
    if verdict.errors:
        number = len(verdict.errors)
        yield f"**This preview failed with {number} error{'s' if number > 1 else ''}**, and changes may be missing from it."
    elif verdict.gap:
        yield f"**This preview is incomplete**: {verdict.gap}. Changes may be missing from it."
    denied = [account for each in verdict.planned for account in each.members.denied]
    if denied:
        yield f"**`pulumi up` fails**, because a member denied the change request for {list_accounts(denied)}."
    if verdict.other_losses:
        number = len(verdict.other_losses)
        subject = "other Clean Rooms resource" + ("s are" if number > 1 else " is")
        yield f"**{number} {subject} deleted or replaced**: {_list_losses(verdict.other_losses)}."
    if verdict.planned:
        yield f"{join_clauses(list(_list_clauses(verdict.planned)))}."
        yield from _describe_touched(verdict)
    elif verdict.other_operations and not verdict.is_failed:
        # A collaboration of another provider may be among the resources that are lost.
        summary = "" if verdict.other_losses else "No collaboration changes. "
        yield f"{summary}Other resources: {count_operations(verdict)}."
    elif not verdict.is_failed:
        number = verdict.unchanged
        yield (
            f"Nothing changes: {number} resource{'s are' if number > 1 else ' is'} unchanged."
            if number
            else "Nothing changes."
        )


def count_operations(verdict: Verdict) -> str:
    """Return the operations on other resources, counted: ``1 to create, 2 to delete``."""
    return ", ".join(f"{count} to {op}" for op, count in verdict.other_operations)


def _list_clauses(planned: Sequence[PlannedResource]) -> Iterator[str]:
    """Return the clauses that count the outcomes, with the reasons of the costliest one."""
    worst = planned[0].outcome
    ordered = sorted(planned, key=lambda each: list(Outcome).index(each.outcome))
    groups = [
        (outcome, list(group)) for outcome, group in groupby(ordered, lambda each: each.outcome)
    ]
    for position, (outcome, resources) in enumerate(groups):
        number = len(resources)
        noun = f" collaboration{'s' if number > 1 else ''}" if position == 0 else ""
        clause = f"{number}{noun} {make_predicate(outcome, number)}"
        is_urgent = max(map(judge_severity, resources)) >= Severity.WARNING
        reasons = (
            _describe_reasons(resources, is_only_clause=len(groups) == 1)
            if outcome is worst
            else ""
        )
        yield f"{f'**{clause}**' if is_urgent else clause}{reasons}"


def _describe_reasons(planned: Sequence[PlannedResource], *, is_only_clause: bool) -> str:
    """Return the reasons of an outcome. They stand in parentheses where another clause follows, so that they are not taken for its reasons."""
    names = list(dict.fromkeys(to_snake_case(name) for each in planned for name in each.reasons))
    if names:
        more = len(names) - _MAX_REASONS
        spans = [make_span(name) for name in names[:_MAX_REASONS]]
        reasons = f"because of {join_clauses([*spans, *([f'{more} more'] if more > 0 else [])])}"
        return f", {reasons}" if is_only_clause else f" ({reasons})"
    causes = {describe_cause(each) for each in planned}
    if len(causes) > 1 or planned[0].outcome not in (*_TOUCHING, Outcome.RELEASE):
        return ""
    cause = causes.pop()
    if len(planned) > 1 and planned[0].outcome is not Outcome.UNKNOWN:
        cause = re.sub(r"\bit\b", "them", cause)
    return f" ({cause})"


def _describe_touched(verdict: Verdict) -> Iterator[str]:
    planned = verdict.planned
    touched = [each for each in planned if each.outcome in _TOUCHING]
    removed = [
        account for each in planned if not each.members.denied for account in each.members.removed
    ]
    if touched:
        again = (
            "loses access"
            if all(each.outcome is Outcome.DELETE for each in touched)
            else "must join again"
        )
        known = [each.joined for each in touched if each.joined.members is not None]
        joined, invited = (
            sum(len(each.members or ()) for each in known),
            sum(each.invited for each in known),
        )
        members = f"{invited} member{'s' if invited > 1 else ''}"
        if len(known) < len(touched):
            yield f"Who has joined is not known{' for all of them' if len(touched) > 1 else ''}: every member {again}."
        elif joined:
            verb = again if joined == 1 else again.replace("loses", "lose")
            yield _capitalize(
                f"{describe_time(known)}{joined} of {members} ha{'ve' if joined > 1 else 's'} joined and {verb}."
            )
        else:
            yield _capitalize(
                f"{describe_time(known)}{f'none of {members} has joined' if invited else 'no member is invited'}."
            )
    if removed:
        yield f"{list_accounts(removed)} cannot be invited again."
    is_denied = any(each.members.denied for each in planned)
    may_lose = any(each.outcome in _TOUCHING or each.members.may_remove for each in planned)
    loses_nobody = not (
        removed or is_denied or may_lose or verdict.is_failed or verdict.other_losses
    )
    if loses_nobody and any(
        each.outcome in (Outcome.UPDATE, Outcome.REMOVE_MEMBER) for each in planned
    ):
        yield "No member has to join again."


def describe_loss(loss: OtherLoss) -> str:
    participle = "deleted" if loss.is_deletion else "replaced"
    return f"{make_span(loss.name)} ({make_span(loss.type)}) is {participle}"


def _list_losses(losses: Sequence[OtherLoss]) -> str:
    named = [describe_loss(each) for each in losses[:_MAX_LOSSES]]
    more = len(losses) - _MAX_LOSSES
    return join_clauses([*named, *([f"{more} more"] if more > 0 else [])])


def _capitalize(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def join_clauses(clauses: list[str]) -> str:
    """Return clauses with commas and an `and` between them."""
    return f"{', '.join(clauses[:-1])} and {clauses[-1]}" if len(clauses) > 1 else clauses[0]
