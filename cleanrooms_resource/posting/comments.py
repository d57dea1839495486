"""The text of a comment that is to be posted: its marker, its severity, what failed, and the host's limit.

The first line is a marker, ``<!-- cleanrooms-resource:PROJECT/STACK severity=N -->``, by which the next run finds the comment. Several stacks stand
in the order of the alphabet, with `+` between them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cleanrooms_resource.preview.untrusted_text import make_marker, make_span

if TYPE_CHECKING:
    from collections.abc import Iterator

_SEVERITY = re.compile(r"<!-- cleanrooms-resource\S* severity=([0-9]{1,6}) -->")

_VERDICTS = ("### ", "> ")


@dataclass(frozen=True)
class Comment:
    """A comment. ``identity`` is the part of the marker that stays the same from run to run; ``text`` has no marker."""

    identity: str
    severity: int
    text: str

    @property
    def body(self) -> str:
        """The comment with its marker, as the host keeps it."""
        return f"{self.identity} severity={self.severity} -->\n\n{self.text.strip()}\n"


def make_identity(stacks: list[str], kind: str = "") -> str:
    """Return what the marker of a comment on these stacks begins with. Each stack is a project, a slash, and the stack's name."""
    names = {f"{make_marker(project)}/{make_marker(stack)}" for project, _, stack in (each.partition("/") for each in stacks)}
    return f"<!-- cleanrooms-resource{kind}:{'+'.join(sorted(names))}"


def read_comment(rendered: str, identity: str) -> Comment:
    """Return a comment that ``cleanrooms-resource comment`` printed, under this identity in the place of its own first line."""
    first, _, rest = rendered.partition("\n")
    is_marker = first.startswith("<!-- cleanrooms-resource")
    return Comment(identity, read_severity(first), rest if is_marker else rendered)


def read_severity(body: str) -> int:
    """Return the severity in the marker of a comment; 0 where the marker has none."""
    match = _SEVERITY.match(body)
    return int(match[1]) if match else 0


def has_identity(body: str, identity: str) -> bool:
    """Whether the comment is on the same stacks."""
    return body.startswith(f"{identity} ")


def add_failures(comment: Comment, stacks: list[str], link: str, commit: str) -> Comment:
    """Return the comment with the stacks that have no preview above everything else, so that no earlier preview is taken for theirs."""
    names = ", ".join(make_span(stack) for stack in stacks)
    subject, verb = ("previews", "have") if len(stacks) > 1 else ("preview", "has")
    at_commit = f" at commit {make_span(commit)}" if commit else ""
    log = f"[The log of the run](<{link}>)" if link else "The log of the run"
    lines = [
        "> [!CAUTION]",
        f"> **This preview failed.** The {subject} of {names} {verb} no result{at_commit}, so the changes are not known. {log} says why.",
    ]
    return replace(comment, text="\n".join([*lines, "", comment.text.strip()]))


def fit(comment: Comment, limit: int, link: str) -> Comment:
    """Return the comment, or its verdicts and a notice where the host would refuse the comment for its length in characters."""
    length = len(comment.body)
    if length <= limit:
        return comment
    run = f"[the run](<{link}>)" if link else "the run"
    notice = f"The comment has {length:,} characters, and a comment holds at most {limit:,}. The summary of {run} has the full text."
    short = replace(comment, text="\n".join([*_list_verdicts(comment.text), "", notice]))
    return short if len(short.body) <= limit else replace(comment, text=notice)


def _list_verdicts(text: str) -> Iterator[str]:
    """Return the lines of headings and alerts. A fence holds text from outside, which may look like them."""
    fence = ""
    for line in text.split("\n"):
        if fence:
            fence = "" if line == fence else fence
        elif line.startswith("```"):
            fence = line[: len(line) - len(line.lstrip("`"))]
        elif line.startswith(_VERDICTS):
            yield from ("", line) if line.startswith((_VERDICTS[0], "> [!")) else (line,)
