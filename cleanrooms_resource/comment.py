"""The pull-request comment: a preview as Markdown, what it costs first.

Names and values come from outside. They stand in code spans and fences alone, where GitHub makes neither mentions nor references nor links, and
nothing in them can end the span or the fence they stand in.
"""

from __future__ import annotations

import json
import re
import unicodedata
from itertools import accumulate
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from cleanrooms_resource.preview import SECRET, UNKNOWN, Change, Kind, Preview, in_order
from cleanrooms_resource.properties import TABLE
from cleanrooms_resource.spelling import snake_case
from cleanrooms_resource.unknowns import is_placeholder

if TYPE_CHECKING:
    from collections.abc import Iterator

LIMIT: Final = 65_536
"""Characters that GitHub takes in a comment."""

# So that no name, value or message pushes the rest out. The longest text that AWS takes is a description of 255 characters.
_NAME, _VALUE, _MESSAGE, _MESSAGES, _ACTIVE, _LINE = 100, 1_000, 1_000, 10, 50, 100
_DATA = ("members", "tags")
"""Properties whose keys are data and never re-spelled."""

_INVISIBLE = {"Cc", "Cf", "Co", "Cs", "Zl", "Zp", "Zs"}
"""Unicode's categories of what is not seen, or changes how the rest is seen."""


def render(preview: Preview, project: str = "", stack: str = "", link: str = "") -> str:
    """Return the comment; ``project`` and ``stack`` are the preview's own where left out, ``link`` (a URL, already checked) leads to the run.

    Equal previews give equal comments. At most ``LIMIT`` characters: details go first, from the bottom, then rows, and a line says how many.
    """
    project, stack = (given or own for given, own in zip((project, stack), preview.names(), strict=True))
    changes, errors, others = preview.collaborations(), preview.errors(), preview.others()
    where = f" in {_span(project)} / {_span(stack)}" * bool(project or stack)
    heading = f"### Clean Rooms{where}: {_tally(changes, len(errors))}"
    if not (changes or errors or others):
        heading += f" ({preview.unchanged()} unchanged)" * bool(preview.unchanged())
    top = [f"<!-- cleanrooms-resource:{_safe(project)}/{_safe(stack)} -->", "", heading, *_messages(errors)]
    if changes:
        top += ["", "| collaboration | what happens | because of |", "| --- | --- | --- |"]
    bottom = []
    if others:
        bottom.append(f"Other resources: {', '.join(f'{count} to {op}' for op, count in others.items())}.")
    if preview.unchanged() and (changes or others) and not errors:
        bottom.append(f"{preview.unchanged()} unchanged.")
    if link:
        bottom.append(f"[The run](<{link}>)")
    end = ["", " ".join(bottom)] * bool(bottom) + _messages(preview.warnings())
    return _fitted(top, [_row(change) for change in changes], end, [line for change in changes for line in _details(change)])


def _tally(changes: list[Change], errors: int) -> str:
    counted = [f"{count} {kind.value}" for kind in Kind if (count := sum(change.kind is kind for change in changes))]
    failed = [f"the preview failed with {errors} error{'s' * (errors > 1)}"] * bool(errors)
    return "; ".join(failed + [", ".join(counted)] * bool(counted)) or "nothing changes"


# The rows


def _row(change: Change) -> str:
    because = [_cell(snake_case(name)) + " (changed outside Pulumi)" * (name in change.outside) for name in change.because[: len(TABLE)]]
    if not because and change.kind is Kind.REPLACE:
        because = ["no property: asked for, or forced by another resource"]
    return f"| {_cell(change.name)} | {_what_happens(change)} | {', '.join(because)} |"


_COSTS = {
    Kind.REPLACE: "**replaced by a new collaboration**: every member must join again",
    Kind.MAY_REPLACE: "**may replace: known only when applied**; if it does, every member must join again",
    Kind.DELETE: "**deleted**, for every member",
}


def _what_happens(change: Change) -> str:
    if change.kind in _COSTS:
        return f"{_COSTS[change.kind]}; {_active(change)}"
    if change.kind is Kind.CREATE:
        given = change.after.get("members")
        members = len(given) if isinstance(given, dict) else 0
        invites = f"; {members} member{'s are' if members > 1 else ' is'} invited" * bool(members)
        return "created" + " again: it was deleted outside Pulumi" * bool(change.outside) + invites
    if change.kind is Kind.ADOPT:
        return f"adopts {_cell(change.id)}: compared when applied, nothing is written at AWS"
    if change.kind is Kind.TAKE_OVER:
        return "takes over from pulumi-aws, " + ("changed in place" if change.because else "nothing is written at AWS")
    return "changed in place"


def _active(change: Change) -> str:
    joined = [f"{_cell(name)} ({_cell(account)})" if name else _cell(account) for account, name in change.active.items()]
    more = f" and {len(joined) - _ACTIVE} more" * (len(joined) > _ACTIVE)
    return f"ACTIVE as of the last refresh: {', '.join(joined[:_ACTIVE])}{more}" if joined else "none was ACTIVE as of the last refresh"


# The details: one line a member or property


def _details(change: Change) -> list[str]:
    """The lines of a diff, under the collaboration's name."""
    if change.kind is Kind.ADOPT or (change.kind is Kind.TAKE_OVER and not change.because):
        return []
    lines = [line for name in in_order(change.before.keys() | change.after.keys()) for line in _property(change, name)]
    return [f"@@ {_shown(change.name, _NAME)} @@", *lines] * bool(lines)


def _property(change: Change, name: str) -> Iterator[str]:
    old, new = change.before.get(name), change.after.get(name)
    if name in change.secret:
        yield from (f"- {snake_case(name)}: {_value(old, name)}", f"+ {snake_case(name)}: {_value(new, name)}")
    elif name in _DATA and isinstance(old, dict | None) and isinstance(new, dict | None):
        old, new = old or {}, new or {}
        for key in sorted(old.keys() | new.keys()):
            path = f"{name}[{key if is_placeholder(key) else json.dumps(key, ensure_ascii=False)}]"
            yield from _differing(path, old.get(key), new.get(key))
    else:
        yield from _differing(snake_case(name), old, new, name)


def _differing(path: str, old: Any, new: Any, name: str = "") -> Iterator[str]:
    if isinstance(old, dict) and isinstance(new, dict):
        for part in sorted(old.keys() | new.keys()):
            yield from _differing(f"{path}.{snake_case(part)}", old.get(part), new.get(part))
    elif old != new:
        for sign, value in (("-", old), ("+", new)):
            if value is not None:
                yield f"{sign} {_shown(path, _VALUE)}: {_value(value, name)}"


def _value(value: Any, name: str = "") -> str:
    """A value as JSON with programs' spelling; what is secret or not known yet says so."""
    drawn = json.dumps(value if name in _DATA else _spelled(value), ensure_ascii=False, sort_keys=True)
    return _shown(drawn.replace(f'"{SECRET}"', SECRET).replace(f'"{UNKNOWN}"', "(known after apply)"), _VALUE)


def _spelled(value: Any) -> Any:
    if isinstance(value, dict):
        return {snake_case(key): _spelled(inner) for key, inner in value.items()}
    return [_spelled(inner) for inner in value] if isinstance(value, list) else value


# What comes from outside


def _shown(text: str, most: int, also: str = "", keep: str = "") -> str:
    """Text with what is invisible, or turns the direction of reading, written out (emoji keep their joiners); cut where it is too long."""
    shown = text[: most + 1]
    if not shown.isprintable() or any(each in shown for each in also):
        shown = "".join(_written_out(each) if each in also or (each not in keep and _is_invisible(each)) else each for each in shown)
    return shown if len(shown) <= most else shown[:most] + "..."


def _is_invisible(each: str) -> bool:
    return each not in " \u200d" and unicodedata.category(each) in _INVISIBLE


def _written_out(each: str) -> str:
    return f"\\u{{{ord(each):x}}}"


def _span(text: str) -> str:
    """A code span that its text cannot end."""
    return f"`{_shown(text, _NAME, also='`') or ' '}`"


def _cell(text: str) -> str:
    """A code span that cannot end the cell of a table that it stands in either."""
    # Renderers differ in what they make of a backslash before the one that escapes.
    return _span(text).replace("|", _written_out("|") if "\\" in text else r"\|")


def _marks(lines: list[str]) -> str:
    """The marks of a fence that these lines cannot end."""
    return "`" * max(3, 1 + max((len(run) for line in lines for run in re.findall("`+", line)), default=0))


def _messages(messages: list[str]) -> list[str]:
    told = "\n".join(_shown(message, _MESSAGE, keep="\n") for message in messages[:_MESSAGES])
    # A fence does not wrap: of a long line, each sentence is a line.
    lines = [part for line in told.split("\n") for part in (line if len(line) <= _LINE else line.replace(". ", ".\n")).split("\n")] * bool(told)
    lines += [f"... and {len(messages) - _MESSAGES} more"] * (len(messages) > _MESSAGES)
    return ["", f"{_marks(lines)}text", *lines, _marks(lines)] if lines else []


def _safe(name: str) -> str:
    """A name for the hidden marker: no ``--`` and no ``>``, and no two names alike."""
    return quote(name[:_NAME], safe="", errors="replace").replace("--", "-%2D")


# The limit


def _fitted(top: list[str], rows: list[str], end: list[str], details: list[str]) -> str:
    fold = ["", "<details><summary>What changes</summary>", "", f"{_marks(details)}diff"]
    unfold = [_marks(details), "", "</details>"]
    room = LIMIT - sum(len(line) + 1 for line in (*top, *end, *fold, *unfold, *_left_out(len(rows), len(details))))
    kept_rows = _kept(rows, room)
    kept_details = _kept(details, room - sum(len(row) + 1 for row in rows))
    lines = [*top, *kept_rows, *end]
    if kept_details:
        lines += [*fold, *kept_details, *unfold]
    return "\n".join([*lines, *_left_out(len(rows) - len(kept_rows), len(details) - len(kept_details))]) + "\n"


def _kept(lines: list[str], room: int) -> list[str]:
    """As many lines from the top as there is room for."""
    sizes = accumulate(len(line) + 1 for line in lines)
    return lines[: sum(size <= room for size in sizes)]


def _left_out(rows: int, details: int) -> list[str]:
    told = " and ".join([f"{rows:,} rows"] * bool(rows) + [f"{details:,} lines of what changes"] * bool(details))
    return ["", f"Left out: {told}. A comment holds {LIMIT:,} characters at most."] if told else []
