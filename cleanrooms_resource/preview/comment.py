"""The pull-request comment: the verdict on a preview as Markdown, the costliest changes first."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING, Final, NamedTuple

from cleanrooms_resource.declaration.spelling import to_snake_case
from cleanrooms_resource.preview.details import (
    MAX_INLINE_LINES,
    has_data_keys,
    list_details,
    render_inline,
)
from cleanrooms_resource.preview.sentences import describe_cause, describe_outcome
from cleanrooms_resource.preview.untrusted_text import (
    MAX_NAME_LENGTH,
    make_cell,
    make_fence,
    make_span,
    make_visible,
)
from cleanrooms_resource.preview.verdict import Severity, Verdict
from cleanrooms_resource.preview.verdict_sentence import count_operations, describe_verdict
from cleanrooms_resource.table import TABLE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cleanrooms_resource.preview.outcome import PlannedResource

LIMIT: Final = 65_536 - 300
"""GitHub accepts 65,536 characters. The action that posts the comment adds a line to it, by which it finds the comment again."""
SUMMARY_LIMIT: Final = 1_000_000
"""The number of characters that are written into a job's summary. GitHub accepts 1 MiB per step."""

# Each limit keeps a long text from pushing the rest out of the comment.
_MAX_MESSAGE_LENGTH, _MAX_LINE_LENGTH, _MAX_MESSAGES = 1_000, 100, 10
_MAX_OPEN_LINES = 15
"""A fold of at most so many lines is open."""

_ALERTS = {
    Severity.CHANGE: "NOTE",
    Severity.FAILURE: "CAUTION",
    Severity.WARNING: "WARNING",
    Severity.CAUTION: "CAUTION",
}


def render_comment(
    verdict: Verdict, *, link: str = "", commit: str = "", limit: int = LIMIT
) -> str:
    """Return the comment on the preview of a stack.

    ``link`` is the URL of the run; its characters are checked already. Equal previews and options give equal comments. A comment has at most
    ``limit`` characters: lines of details are left out first, then rows, each from the bottom. The last line then says how many are left out.
    """
    alert = (
        Severity.FAILURE
        if verdict.is_failed and verdict.severity < Severity.CAUTION
        else verdict.severity
    )
    top = [_render_heading(verdict), *_render_alert(alert, describe_verdict(verdict))]
    top += _render_messages(verdict.errors)
    if verdict.planned:
        top += ["", "| collaboration | what happens | because of |", "| --- | --- | --- |"]
    middle = [line for sentence in _describe_renames(verdict) for line in ("", sentence)]
    middle += [
        "",
        " ".join(_list_footer(verdict)),
        *_render_messages([*verdict.warnings, *verdict.notices]),
    ]
    origin = ([f"Commit {make_span(commit)}."] if commit else []) + (
        [f"[The run](<{link}>)"] if link else []
    )
    bottom = ["", " ".join(origin)] if origin else []
    rows = [_render_row(each) for each in verdict.planned]
    details = [line for each in verdict.planned for line in _render_details(each)]
    return _fit_into_limit(_Parts(top, rows, middle, details, bottom), limit)


def _render_heading(verdict: Verdict) -> str:
    has_names = verdict.project or verdict.stack
    place = f" in {make_span(verdict.project)} / {make_span(verdict.stack)}" if has_names else ""
    return f"### Clean Rooms{place}"


def _render_alert(severity: Severity, sentence: str) -> list[str]:
    """Return the sentence as an alert of GitHub in the severity's colour; as a paragraph where nothing changes."""
    return (
        ["", f"> [!{_ALERTS[severity]}]", f"> {sentence}"]
        if severity in _ALERTS
        else ["", sentence]
    )


def _render_messages(messages: Sequence[str]) -> list[str]:
    """Return messages in a fence that they cannot end."""
    if not messages:
        return []
    text = "\n".join(
        make_visible(message, _MAX_MESSAGE_LENGTH, never_escape="\n")
        for message in messages[:_MAX_MESSAGES]
    )
    # A fence does not wrap, so each sentence of a long line gets a line of its own.
    lines = [
        part
        for line in text.split("\n")
        for part in (line if len(line) <= _MAX_LINE_LENGTH else line.replace(". ", ".\n")).split(
            "\n"
        )
    ]
    if len(messages) > _MAX_MESSAGES:
        lines.append(f"... and {len(messages) - _MAX_MESSAGES} more")
    return ["", f"{make_fence(lines)}text", *lines, make_fence(lines)]


def _describe_renames(verdict: Verdict) -> Iterator[str]:
    """Return a sentence for each pair of a deletion and a creation that may be one collaboration."""
    for rename in verdict.renames:
        old, new = make_span(rename.old_name), make_span(rename.new_name)
        origin = " of pulumi-aws" if rename.is_from_pulumi_aws else ""
        novelties = ["name"] if rename.old_name != rename.new_name else []
        novelties += ["parent"] if rename.has_new_parent or not novelties else []
        yield (
            f"{old}{origin} is deleted and {new} is created. If both are the same collaboration and only the resource's "
            f"{' and '.join(novelties)} {'are' if len(novelties) > 1 else 'is'} new, add an alias with the old {' and '.join(novelties)} to the "
            f"options of {new} (`aliases=[pulumi.Alias({', '.join(f'{novelty}=...' for novelty in novelties)})]`). Nothing is then deleted."
        )


def _list_footer(verdict: Verdict) -> Iterator[str]:
    """Return the sentences on other resources, and on how fresh the state is."""
    if verdict.other_operations and (verdict.planned or verdict.is_failed):
        yield f"Other resources: {count_operations(verdict)}."
    if (
        verdict.unchanged
        and (verdict.planned or verdict.other_operations)
        and not verdict.is_failed
    ):
        yield f"{verdict.unchanged} unchanged."
    times = sorted(each.joined.read_at for each in verdict.planned if each.joined.read_at)
    if verdict.is_refreshed:
        yield "This preview refreshed the state."
    else:
        yield f"This preview did not refresh the state{f', which was read at {times[0]}' if times else ''}."
    if not verdict.shows_left_overs:
        yield "Deletions that an earlier run left undone are shown only with `--refresh` or `--show-replacement-steps`."


# The rows and the details


def _render_row(planned: PlannedResource) -> str:
    cells = (
        make_span(planned.name),
        describe_outcome(planned),
        "<br>".join(_list_reasons(planned)),
    )
    return f"| {' | '.join(map(make_cell, cells))} |"


def _list_reasons(planned: PlannedResource) -> list[str]:
    """Return the reasons of a change: the names of properties, and at most three lines on them."""
    names: list[str] = []
    lines: list[str] = []
    for name in planned.reasons[: len(TABLE)]:
        outside = " (changed outside Pulumi)" if name in planned.properties_changed_outside else ""
        inline = [make_span(line) for line in render_inline(planned, name)]
        if has_data_keys(name) or not inline or len(lines) >= MAX_INLINE_LINES:
            names.append(f"{make_span(to_snake_case(name))}{outside}")
        else:
            inline = [f"{line}{outside}" for line in inline]
        lines += inline
    more = [f"and {len(lines) - MAX_INLINE_LINES} more"] if len(lines) > MAX_INLINE_LINES else []
    reasons = [*([", ".join(names)] if names else []), *lines[:MAX_INLINE_LINES], *more]
    return reasons or [describe_cause(planned)]


def _render_details(planned: PlannedResource) -> list[str]:
    lines = list_details(planned)
    return [f"@@ {make_visible(planned.name, MAX_NAME_LENGTH)} @@", *lines] if lines else []


class _Parts(NamedTuple):
    """The lines of a comment from top to bottom."""

    top: list[str]
    rows: list[str]
    middle: list[str]
    details: list[str]
    bottom: list[str]


def _fit_into_limit(parts: _Parts, limit: int) -> str:
    """Return the comment without the details, and then without the rows, that do not fit."""
    top, rows, middle, details, bottom = parts
    omission = _describe_omission(len(rows), len(details), limit)
    fixed = [*top, *middle, *bottom, *_fold(details, is_open=True), *omission]
    room = limit - sum(len(line) + 1 for line in fixed)
    kept_rows = rows[: _count_first(rows, room)]
    kept_details = details[: _count_first(details, room - sum(len(row) + 1 for row in rows))]
    lines = [*top, *kept_rows, *middle]
    if kept_details:
        fold = _fold(kept_details, is_open=len(details) <= _MAX_OPEN_LINES)
        lines += [*fold[:4], *kept_details, *fold[4:]]
    omission = _describe_omission(
        len(rows) - len(kept_rows), len(details) - len(kept_details), limit
    )
    return "\n".join([*lines, *bottom, *omission]) + "\n"


def _fold(details: list[str], *, is_open: bool) -> list[str]:
    fence = make_fence(details)
    return [
        "",
        f"<details{' open' if is_open else ''}><summary>What changes</summary>",
        "",
        f"{fence}diff",
        fence,
        "",
        "</details>",
    ]


def _count_first(lines: list[str], room: int) -> int:
    """Return how many of the first lines fit into ``room`` characters."""
    return sum(size <= room for size in accumulate(len(line) + 1 for line in lines))


def _describe_omission(rows: int, details: int, limit: int) -> list[str]:
    omitted = ([f"{rows:,} rows"] if rows else []) + (
        [f"{details:,} lines of the diff"] if details else []
    )
    return (
        ["", f"Left out: {' and '.join(omitted)}. A comment holds at most {limit:,} characters."]
        if omitted
        else []
    )
