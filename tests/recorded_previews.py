"""The recorded previews: tests/previews/NAME.json is a preview of the real engine, and NAME.md the comment on it.

tests/previews/forms has what `comment` prints otherwise: one comment on two stacks, plain text, and JSON.

`make comments` renders everything again from the previews, without an engine. `git diff` then shows what changed.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from cleanrooms_resource.preview.applied import judge_events, parse_events
from cleanrooms_resource.preview.applied_comment import render_applied_comment
from cleanrooms_resource.preview.comment import render_comment
from cleanrooms_resource.preview.document import parse_preview
from cleanrooms_resource.preview.plain import render_applied_plain, render_plain
from cleanrooms_resource.preview.report import render_applied_report, render_report
from cleanrooms_resource.preview.verdict import judge

if TYPE_CHECKING:
    from collections.abc import Callable

    from cleanrooms_resource.preview.applied import Application
    from cleanrooms_resource.preview.verdict import Verdict

PREVIEWS = Path(__file__).parent / "previews"
APPLIED = Path(__file__).parent / "applied"
NAMES = sorted(path.stem for path in PREVIEWS.glob("*.json"))


def judge_preview(name: str, stack: str = "") -> Verdict:
    """Return the verdict on a recorded preview."""
    return judge(parse_preview(read_preview(name)), "ads", stack)


def judge_up(name: str) -> Application:
    """Return what happened in a recorded `pulumi up`."""
    return judge_events(parse_events((APPLIED / f"{name}.jsonl").read_text()))


FORMS: dict[str, Callable[[], str]] = {
    "two-stacks.md": lambda: render_comment([judge_preview("update", "test"), judge_preview("replace", "production")]),
    "replace.txt": lambda: render_plain([judge_preview("replace")]),
    "replace.json": lambda: render_report([judge_preview("replace")]),
    "replaced.txt": lambda: render_applied_plain(judge_up("replace")),
    "replaced.json": lambda: render_applied_report(judge_up("replace")),
}
"""The files of tests/previews/forms, and what renders them."""


def read_preview(name: str) -> str:
    """Return the JSON of a recorded preview."""
    return (PREVIEWS / f"{name}.json").read_text()


def read_comment(name: str) -> str:
    """Return the comment on a recorded preview."""
    return (PREVIEWS / f"{name}.md").read_text()


def write_comment(name: str) -> None:
    """Render the comment on a recorded preview and write it beside the preview."""
    (PREVIEWS / f"{name}.md").write_text(render_comment([judge(parse_preview(read_preview(name)))]))


def write_applied_comment(name: str) -> None:
    """Render the comment on recorded events and write it beside them."""
    (APPLIED / f"{name}.md").write_text(render_applied_comment(judge_up(name)))


def main() -> int:
    """Write the comment on every recorded preview."""
    for name in NAMES:
        write_comment(name)
    for path in APPLIED.glob("*.jsonl"):
        write_applied_comment(path.stem)
    for name, render in FORMS.items():
        (PREVIEWS / "forms" / name).write_text(render())
    return 0


if __name__ == "__main__":
    sys.exit(main())
