"""The recorded previews: tests/previews/NAME.json is a preview of the real engine, and NAME.md the comment on it.

tests/previews/forms/replace.json is the comment on the preview `replace` as JSON.

`make comments` renders everything again from the previews, without an engine. `git diff` then shows what changed.
"""

from __future__ import annotations

import sys
from pathlib import Path

from cleanrooms_resource.preview.comment import render_comment
from cleanrooms_resource.preview.document import parse_preview
from cleanrooms_resource.preview.report import render_report
from cleanrooms_resource.preview.verdict import judge

PREVIEWS = Path(__file__).parent / "previews"
JSON_FORM = PREVIEWS / "forms" / "replace.json"
NAMES = sorted(path.stem for path in PREVIEWS.glob("*.json"))


def read_preview(name: str) -> str:
    """Return the JSON of a recorded preview."""
    return (PREVIEWS / f"{name}.json").read_text()


def read_comment(name: str) -> str:
    """Return the comment on a recorded preview."""
    return (PREVIEWS / f"{name}.md").read_text()


def write_comment(name: str) -> None:
    """Render the comment on a recorded preview and write it beside the preview."""
    (PREVIEWS / f"{name}.md").write_text(render_comment(judge(parse_preview(read_preview(name)))))


def render_json_form() -> str:
    """Return the text of ``JSON_FORM``."""
    return render_report(judge(parse_preview(read_preview("replace"))))


def main() -> int:
    """Write the comment on every recorded preview."""
    for name in NAMES:
        write_comment(name)
    JSON_FORM.write_text(render_json_form())
    return 0


if __name__ == "__main__":
    sys.exit(main())
