"""The comment after the merge: what a `pulumi up` did, whom to invite again, and what is left to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cleanrooms_resource.preview.applied import Application, AppliedResource, Result
from cleanrooms_resource.preview.comment import LIMIT, Section, fit_into_limit, render_alert, render_heading, render_messages
from cleanrooms_resource.preview.resource_types import Noun
from cleanrooms_resource.preview.sentences import describe_joined, list_accounts
from cleanrooms_resource.preview.untrusted_text import make_cell, make_span
from cleanrooms_resource.preview.verdict import Severity
from cleanrooms_resource.preview.verdict_sentence import join_clauses

if TYPE_CHECKING:
    from collections.abc import Iterator

_PREDICATES = {
    Result.FAILED: "could not be deployed",
    Result.LEFT_OVER: "still to be deleted",
    Result.REPLACED: "replaced",
    Result.DELETED: "deleted",
    Result.KEPT: "removed from the state and kept at AWS",
    Result.CREATED: "created",
    Result.ADOPTED: "adopted",
    Result.UPDATED: "changed in place",
}


def render_applied_comment(application: Application, *, link: str = "", commit: str = "", limit: int = LIMIT) -> str:
    """Return the comment. The arguments are those of ``render_comment``."""
    alert = Severity.CAUTION if application.is_failed else min(application.severity, Severity.WARNING)
    top = [render_heading("Clean Rooms after `pulumi up`", application.project, application.stack)]
    top += [*render_alert(alert, describe_application(application)), *render_messages(application.errors)]
    if application.resources:
        noun = Noun.COLLABORATION if all(each.type.noun is Noun.COLLABORATION for each in application.resources) else "resource"
        top += ["", f"| {noun} | what happened | what to do |", "| --- | --- | --- |"]
    footer = [f"Other resources: {', '.join(f'{count} {op}' for op, count in application.other_operations)}."] if application.other_operations else []
    footer += [f"{application.unchanged} unchanged."] if application.unchanged else []
    footer += ([f"Commit {make_span(commit)}."] if commit else []) + ([f"[The run](<{link}>)"] if link else [])
    section = Section(top, [_render_row(each) for each in application.resources])
    return fit_into_limit([section], ["", " ".join(footer)] if footer else [], limit)


def describe_application(application: Application) -> str:
    """Return what happened as one sentence."""
    clauses: list[str] = []
    kind = Noun.COLLABORATION if all(each.type.noun is Noun.COLLABORATION for each in application.resources) else "resource"
    for result in Result:
        number = sum(each.result is result for each in application.resources)
        if number:
            predicate = _PREDICATES[result]
            verb = "" if result is Result.FAILED else "are " if number > 1 else "is "
            noun = f" {kind}{'s' if number > 1 else ''}" if not clauses else ""
            clauses.append(f"{number}{noun} {verb}{predicate}")
    summary = f"{join_clauses(clauses)}." if clauses else "No collaboration changed."
    removed = [account for each in application.resources for account in each.removed]
    summary += f" {list_accounts(removed)} cannot be invited again." if removed else ""
    if not application.is_failed:
        return summary
    number = len(application.errors)
    failure = f"failed with {number} error{'s' if number > 1 else ''}" if number else "was cut off"
    return f"**This `pulumi up` {failure}**. {summary}"


def _render_row(applied: AppliedResource) -> str:
    more = [applied.type.noun.value] if applied.type.noun is not Noun.COLLABORATION else []
    more += [applied.type.provider] if applied.type.provider else []
    suffix = f" ({', '.join(more)})" if more else ""
    cells = (f"{make_span(applied.name)}{suffix}", describe_result(applied), "; ".join(list_tasks(applied)) or "nothing")
    return f"| {' | '.join(map(make_cell, cells))} |"


def describe_result(applied: AppliedResource) -> str:
    """Return what happened to a resource."""
    id_ = make_span(applied.id)
    match applied.result:
        case Result.REPLACED:
            kept = " and stays at AWS" if applied.is_old_kept else ""
            return f"**replaced**: the new {applied.type.noun} has the ID {id_}, the old one had {make_span(applied.old_id)}{kept}"
        case Result.FAILED:
            return _describe_failure(applied)
        case Result.LEFT_OVER:
            return f"**may still be at AWS**: the deletion of {id_} was cut off" if applied.is_cut_off else f"**still at AWS**: {id_} was not deleted"
        case Result.DELETED:
            return f"**deleted**: {id_}"
        case Result.KEPT:
            return f"removed from the state, and kept at AWS: {id_}"
        case _:
            return f"{_PREDICATES[applied.result]}: {id_}{_describe_removed(applied)}"


def _describe_failure(applied: AppliedResource) -> str:
    op = make_span(applied.op)
    if applied.is_cut_off:
        return f"**cut off**: AWS may have carried out the operation {op}"
    # An update makes several calls, and the first ones may have succeeded.
    state = "may be changed in part" if applied.op == "update" else "is unchanged"
    return f"**failed**: the operation {op} did not succeed{f'; {make_span(applied.id)} {state}' if applied.id else ''}"


def _describe_removed(applied: AppliedResource) -> str:
    if applied.removed:
        again = "these accounts" if len(applied.removed) > 1 else "this account"
        return f"; **{list_accounts(applied.removed)} removed**, and AWS cannot invite {again} to it again"
    return "; **members may be removed**, and the members are secret" if applied.may_have_removed else ""


def list_tasks(applied: AppliedResource) -> Iterator[str]:
    """Return what somebody has to do now."""
    if applied.members:
        again = " again" if applied.result is Result.REPLACED else ""
        members = ", ".join(f"{make_span(name)} ({make_span(account)})" if name else make_span(account) for account, name in applied.members.items())
        yield f"invite{again}: {members} (`cleanrooms-resource invitation {applied.id}`)" if _is_id(applied.id) else f"invite{again}: {members}"
    if applied.result is Result.REPLACED:
        had_joined = applied.joined.members
        if had_joined:
            yield f"had joined the old collaboration: {list_accounts(list(had_joined))}"
        elif had_joined is None:
            yield describe_joined(applied.joined)
    if applied.is_cut_off:
        more = "look for the collaboration at AWS, which a second `pulumi up` would create again; then " if "create" in applied.op else ""
        yield f"{more}run `pulumi refresh`, and then `pulumi up`"
    elif applied.result is Result.LEFT_OVER:
        yield "correct the error, and run `pulumi up` again"
    elif applied.result is Result.FAILED:
        yield "correct the error, run `pulumi refresh`, and then `pulumi up`"


def _is_id(text: str) -> bool:
    return text.replace("-", "").isalnum() and text.isascii()
