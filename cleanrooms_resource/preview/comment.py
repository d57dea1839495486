"""The pull-request comment: a preview as Markdown, with the costliest changes first."""

from __future__ import annotations

import json
from itertools import accumulate
from typing import TYPE_CHECKING, Any, Final

from cleanrooms_resource.declaration.spelling import to_snake_case
from cleanrooms_resource.declaration.unknown_values import is_placeholder
from cleanrooms_resource.preview.outcome import SECRET, Outcome, PlannedCollaboration, list_planned_collaborations, sort_by_table
from cleanrooms_resource.preview.untrusted_text import MAX_NAME_LENGTH, make_cell, make_fence, make_marker, make_span, make_visible
from cleanrooms_resource.pulumi_sdk import UNKNOWN
from cleanrooms_resource.table import TABLE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cleanrooms_resource.preview.document import PreviewDocument
    from cleanrooms_resource.preview.members import MembersInPlace

LIMIT: Final = 65_536
"""The number of characters that GitHub accepts in a comment."""

# Each limit keeps a long text from pushing the rest out of the comment. AWS's longest text is a description of 255 characters.
_MAX_VALUE_LENGTH, _MAX_MESSAGE_LENGTH, _MAX_LINE_LENGTH = 1_000, 1_000, 100
_MAX_MESSAGES, _MAX_ACTIVE_MEMBERS = 10, 50


def render_comment(document: PreviewDocument, project: str = "", stack: str = "", link: str = "") -> str:
    """Return the comment.

    ``project`` and ``stack`` default to the names in the preview. ``link`` is the URL of the run; its characters are checked already. Equal previews
    give equal comments. A comment has at most ``LIMIT`` characters: lines of details are left out first, then rows, each from the bottom. The last
    line then says how many are left out.
    """
    own_project, own_stack = document.project_and_stack()
    project, stack = project or own_project, stack or own_stack
    planned, errors = list_planned_collaborations(document), document.errors()
    other_operations, unchanged = document.count_other_operations(), document.count_unchanged()
    place = f" in {make_span(project)} / {make_span(stack)}" if project or stack else ""
    heading = f"### Clean Rooms{place}: {_tally(planned, len(errors))}"
    if unchanged and not (planned or errors or other_operations):
        heading += f" ({unchanged} unchanged)"
    top = [f"<!-- cleanrooms-resource:{make_marker(project)}/{make_marker(stack)} -->", "", heading, *_render_messages(errors)]
    if planned:
        top += ["", "| collaboration | what happens | because of |", "| --- | --- | --- |"]
    footer = []
    if other_operations:
        footer.append(f"Other resources: {', '.join(f'{count} to {op}' for op, count in other_operations.items())}.")
    if unchanged and (planned or other_operations) and not errors:
        footer.append(f"{unchanged} unchanged.")
    if link:
        footer.append(f"[The run](<{link}>)")
    bottom = (["", " ".join(footer)] if footer else []) + _render_messages(document.warnings())
    return _fit(top, [_render_row(each) for each in planned], bottom, [line for each in planned for line in _render_details(each)])


def _tally(planned: list[PlannedCollaboration], errors: int) -> str:
    counts = [f"{count} {outcome.value}" for outcome in Outcome if (count := sum(each.outcome is outcome for each in planned))]
    failure = [f"the preview failed with {errors} error{'s' if errors > 1 else ''}"] if errors else []
    return "; ".join(failure + ([", ".join(counts)] if counts else [])) or "nothing changes"


# The rows


def _render_row(planned: PlannedCollaboration) -> str:
    reasons = [
        f"{make_cell(to_snake_case(name))}{' (changed outside Pulumi)' if name in planned.properties_changed_outside else ''}"
        for name in planned.reasons[: len(TABLE)]
    ]
    if not reasons and planned.outcome is Outcome.REPLACE:
        reasons = ["no property: the replacement was asked for, or another resource forces it"]
    return f"| {make_cell(planned.name)} | {_describe_outcome(planned)} | {', '.join(reasons)} |"


_COSTS = {
    Outcome.REPLACE: "**replaced by a new collaboration**: every member must join again",
    Outcome.MAY_REPLACE: (
        "**may be replaced by a new collaboration**, depending on values that are known only when the change is applied; "
        "if it is replaced, every member must join again"
    ),
    Outcome.DELETE: "**deleted**, for every member",
}


def _describe_outcome(planned: PlannedCollaboration) -> str:
    if planned.outcome in _COSTS:
        return f"{_COSTS[planned.outcome]}; {_describe_active_members(planned)}"
    if planned.outcome is Outcome.CREATE:
        return _describe_creation(planned)
    if planned.outcome is Outcome.ADOPT:
        return f"adopted: {make_cell(planned.id)} is compared with the declaration when the change is applied, and nothing changes at AWS"
    if planned.outcome is Outcome.RECORD:
        return "recorded in the state: AWS already has the declared values, and nothing changes at AWS"
    if planned.outcome is Outcome.TAKE_OVER:
        return f"taken over from pulumi-aws{' and changed in place' if planned.reasons else '; nothing changes at AWS'}"
    return "; ".join(_describe_update(planned.members, planned.reasons))


def _describe_update(members: MembersInPlace, reasons: tuple[str, ...]) -> Iterator[str]:
    if members.denied:
        yield f"**the update fails**: a member denied the change request for {_list_accounts(members.denied)}"
        return
    if members.cancels_request:
        yield "an open change request is cancelled"
    by_request = members.requested or (members.may_need_approval and not (members.removed or members.cancels_request))
    if by_request:
        accounts = _list_accounts(members.requested)
        subject = f" for {accounts}" if accounts else ""
        if members.may_need_approval:
            yield f"proposed in a change request{subject}: it waits until AWS or every other member approves it; **no member has to join again**"
        else:
            yield f"changed in place by a change request{subject}: **no member has to join again**"
    elif not members.cancels_request or reasons != ("members",):
        yield "changed in place"
    if members.removed:
        again = "these accounts" if len(members.removed) > 1 else "this account"
        yield f"**{_list_accounts(members.removed)} removed**, and AWS cannot invite {again} to this collaboration again"


def _list_accounts(accounts: tuple[str, ...]) -> str:
    more = f" and {len(accounts) - _MAX_ACTIVE_MEMBERS} more" if len(accounts) > _MAX_ACTIVE_MEMBERS else ""
    return ", ".join(make_cell(account) for account in accounts[:_MAX_ACTIVE_MEMBERS]) + more


def _describe_creation(planned: PlannedCollaboration) -> str:
    members = planned.after.get("members")
    count = len(members) if isinstance(members, dict) else 0
    description = "created again: it was deleted outside Pulumi" if planned.properties_changed_outside else "created"
    if not count:
        return description
    return f"{description}; {count} member{'s are' if count > 1 else ' is'} invited"


def _describe_active_members(planned: PlannedCollaboration) -> str:
    if not planned.active_members:
        return "no member was ACTIVE as of the last refresh"
    members = [f"{make_cell(name)} ({make_cell(account)})" if name else make_cell(account) for account, name in planned.active_members.items()]
    more = f" and {len(members) - _MAX_ACTIVE_MEMBERS} more" if len(members) > _MAX_ACTIVE_MEMBERS else ""
    return f"ACTIVE as of the last refresh: {', '.join(members[:_MAX_ACTIVE_MEMBERS])}{more}"


# The details: lines of a diff for each member or property that changes


def _render_details(planned: PlannedCollaboration) -> list[str]:
    """Return the lines of the collaboration's diff, with its name above them."""
    if planned.outcome is Outcome.ADOPT or (planned.outcome is Outcome.TAKE_OVER and not planned.reasons):
        return []
    names = sort_by_table(planned.before.keys() | planned.after.keys())
    lines = [line for name in names for line in _render_property(planned, name)]
    return [f"@@ {make_visible(planned.name, MAX_NAME_LENGTH)} @@", *lines] if lines else []


def _render_property(planned: PlannedCollaboration, name: str) -> Iterator[str]:
    old, new = planned.before.get(name), planned.after.get(name)
    if name in planned.secret_properties:
        yield from (f"- {to_snake_case(name)}: {_render_value(old, name)}", f"+ {to_snake_case(name)}: {_render_value(new, name)}")
    elif _has_data_keys(name) and isinstance(old, dict | None) and isinstance(new, dict | None):
        old, new = old or {}, new or {}
        for key in sorted(old.keys() | new.keys()):
            path = f"{name}[{key if is_placeholder(key) else json.dumps(key, ensure_ascii=False)}]"
            yield from _render_difference(path, old.get(key), new.get(key))
    else:
        yield from _render_difference(to_snake_case(name), old, new, name)


def _render_difference(path: str, old: Any, new: Any, name: str = "") -> Iterator[str]:
    if isinstance(old, dict) and isinstance(new, dict):
        for part in sorted(old.keys() | new.keys()):
            yield from _render_difference(f"{path}.{to_snake_case(part)}", old.get(part), new.get(part))
    elif old != new:
        for sign, value in (("-", old), ("+", new)):
            if value is not None:
                yield f"{sign} {make_visible(path, _MAX_VALUE_LENGTH)}: {_render_value(value, name)}"


def _render_value(value: Any, name: str = "") -> str:
    """Return a value as JSON in the spelling of programs. ``[secret]`` and ``(known after apply)`` stand for values that cannot be shown."""
    text = json.dumps(value if _has_data_keys(name) else _respell_keys(value), ensure_ascii=False, sort_keys=True)
    return make_visible(text.replace(f'"{SECRET}"', SECRET).replace(f'"{UNKNOWN}"', "(known after apply)"), _MAX_VALUE_LENGTH)


def _has_data_keys(name: str) -> bool:
    return name in TABLE and TABLE[name].keys_are_data


def _respell_keys(value: Any) -> Any:
    if isinstance(value, dict):
        return {to_snake_case(key): _respell_keys(part) for key, part in value.items()}
    return [_respell_keys(part) for part in value] if isinstance(value, list) else value


def _render_messages(messages: list[str]) -> list[str]:
    if not messages:
        return []
    text = "\n".join(make_visible(message, _MAX_MESSAGE_LENGTH, never_escape="\n") for message in messages[:_MAX_MESSAGES])
    # A fence does not wrap, so each sentence of a long line gets a line of its own.
    lines = [part for line in text.split("\n") for part in (line if len(line) <= _MAX_LINE_LENGTH else line.replace(". ", ".\n")).split("\n")]
    if len(messages) > _MAX_MESSAGES:
        lines.append(f"... and {len(messages) - _MAX_MESSAGES} more")
    return ["", f"{make_fence(lines)}text", *lines, make_fence(lines)]


# The limit


def _fit(top: list[str], rows: list[str], bottom: list[str], details: list[str]) -> str:
    fold = ["", "<details><summary>What changes</summary>", "", f"{make_fence(details)}diff"]
    unfold = [make_fence(details), "", "</details>"]
    room = LIMIT - sum(len(line) + 1 for line in (*top, *bottom, *fold, *unfold, *_describe_omission(len(rows), len(details))))
    kept_rows = _keep_first(rows, room)
    kept_details = _keep_first(details, room - sum(len(row) + 1 for row in rows))
    lines = [*top, *kept_rows, *bottom]
    if kept_details:
        lines += [*fold, *kept_details, *unfold]
    return "\n".join([*lines, *_describe_omission(len(rows) - len(kept_rows), len(details) - len(kept_details))]) + "\n"


def _keep_first(lines: list[str], room: int) -> list[str]:
    """Return the first lines, as many as fit into ``room`` characters."""
    sizes = accumulate(len(line) + 1 for line in lines)
    return lines[: sum(size <= room for size in sizes)]


def _describe_omission(rows: int, details: int) -> list[str]:
    omitted = ([f"{rows:,} rows"] if rows else []) + ([f"{details:,} lines of what changes"] if details else [])
    return ["", f"Left out: {' and '.join(omitted)}. A comment holds at most {LIMIT:,} characters."] if omitted else []
