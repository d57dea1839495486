"""The recorded previews: tests/previews/NAME.json is a preview of the real engine, and NAME.md the comment on it.

`make comments` renders every comment again from its preview, without an engine. `git diff` then shows what changed.
"""

from __future__ import annotations

import sys
from pathlib import Path

from cleanrooms_resource.preview.applied import judge_events, parse_events
from cleanrooms_resource.preview.applied_comment import render_applied_comment
from cleanrooms_resource.preview.comment import render_comment
from cleanrooms_resource.preview.document import parse_preview
from cleanrooms_resource.preview.verdict import judge

PREVIEWS = Path(__file__).parent / "previews"
APPLIED = Path(__file__).parent / "applied"
NAMES = sorted(path.stem for path in PREVIEWS.glob("*.json"))


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
    (APPLIED / f"{name}.md").write_text(render_applied_comment(judge_events(parse_events((APPLIED / f"{name}.jsonl").read_text()))))


def main() -> int:
    """Write the comment on every recorded preview."""
    for name in NAMES:
        write_comment(name)
    for path in APPLIED.glob("*.jsonl"):
        write_applied_comment(path.stem)
    return 0


if __name__ == "__main__":
    sys.exit(main())
