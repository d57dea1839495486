"""The comment as plain text, for a terminal and for tools that show no Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cleanrooms_resource.preview.applied_comment import describe_application, describe_result, list_tasks
from cleanrooms_resource.preview.comment import describe_renames, describe_resource, list_footer, list_reasons
from cleanrooms_resource.preview.details import list_details
from cleanrooms_resource.preview.sentences import describe_outcome
from cleanrooms_resource.preview.untrusted_text import MAX_NAME_LENGTH, make_plain, make_visible
from cleanrooms_resource.preview.verdict_sentence import describe_verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cleanrooms_resource.preview.applied import Application
    from cleanrooms_resource.preview.verdict import Severity, Verdict

_MAX_MESSAGE_LENGTH = 10_000


def render_plain(verdicts: Sequence[Verdict], *, link: str = "", commit: str = "") -> str:
    """Return the verdicts on previews as plain text, without a limit."""
    ordered = sorted(verdicts, key=lambda each: -each.severity)
    lines = [line for verdict in ordered for line in (*_render_verdict(verdict), "")]
    return "\n".join([*lines, *_render_origin(link, commit)]).rstrip("\n") + "\n"


def render_applied_plain(application: Application, *, link: str = "", commit: str = "") -> str:
    """Return what a `pulumi up` did as plain text."""
    lines = [
        _render_heading("Clean Rooms after `pulumi up`", application.project, application.stack),
        _render_verdict_line(application.severity, describe_application(application)),
        *_render_messages(application.errors),
    ]
    for applied in application.resources:
        lines += ["", f"{make_visible(applied.name, MAX_NAME_LENGTH)}: {make_plain(describe_result(applied))}"]
        lines += [f"  {make_plain(task)}" for task in list_tasks(applied)]
    return "\n".join([*lines, "", *_render_origin(link, commit)]).rstrip("\n") + "\n"


def _render_heading(title: str, project: str, stack: str) -> str:
    names = [make_visible(name, MAX_NAME_LENGTH) for name in (project, stack) if name]
    place = " / ".join(names)
    return f"{make_plain(title)}{f' in {place}' if place else ''}"


def _render_verdict_line(severity: Severity, sentence: str) -> str:
    return f"{severity.name}: {make_plain(sentence)}"


def _render_verdict(verdict: Verdict) -> Iterator[str]:
    yield _render_heading("Clean Rooms", verdict.project, verdict.stack)
    yield _render_verdict_line(verdict.severity, describe_verdict(verdict))
    yield from _render_messages(verdict.errors)
    for planned in verdict.planned:
        yield ""
        yield f"{make_plain(describe_resource(planned))}: {make_plain(describe_outcome(planned))}"
        reasons = list_reasons(planned)
        yield f"  because of: {make_plain(reasons[0])}"
        yield from (f"    {make_plain(reason)}" for reason in reasons[1:])
        details = list_details(planned)
        if details:
            yield "  what changes:"
            yield from (f"    {line}" for line in details)
    yield ""
    yield from (make_plain(sentence) for sentence in describe_renames(verdict))
    yield make_plain(" ".join(list_footer(verdict)))
    yield from _render_messages((*verdict.warnings, *verdict.notices))


def _render_messages(messages: Sequence[str]) -> list[str]:
    lines = [line for message in messages for line in make_visible(message, _MAX_MESSAGE_LENGTH, never_escape="\n").split("\n")]
    return ["", *(f"  {line}" for line in lines)] if lines else []


def _render_origin(link: str, commit: str) -> list[str]:
    return ([f"Commit {make_visible(commit, MAX_NAME_LENGTH)}."] if commit else []) + ([f"The run: {link}"] if link else [])
