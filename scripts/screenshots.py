"""`make screenshots`: docs/comment-*.png, recorded comments as a browser shows them. This needs Chromium (Debian: `apt-get install chromium`)."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import cmarkgfm
from cmarkgfm.cmark import Options

ROOT = Path(__file__).parent.parent
PICTURES = {"create": "create", "update": "update", "replace": "replacement", "protected": "error"}
"""Recorded previews to the names of their pictures."""
WIDTH = 920
# The style resembles GitHub's. GitHub folds the details; the pictures show them.
STYLE = """
body { font: 14px/1.5 "Liberation Sans", "DejaVu Sans", Arial, sans-serif; color: #1f2328; margin: 0; padding: 4px 20px 12px; }
h3 { font-size: 17.5px; margin: 12px 0; } p { margin: 10px 0; } details { margin: 10px 0; }
table { border-collapse: collapse; } th, td { border: 1px solid #d1d9e0; padding: 6px 13px; text-align: left; }
code, pre { font: 12px/1.45 "Liberation Mono", "DejaVu Sans Mono", monospace; }
code { background: #818b981f; padding: .2em .4em; border-radius: 6px; white-space: break-spaces; }
pre { background: #f6f8fa; padding: 16px; border-radius: 6px; overflow: auto; margin: 12px 0; }
pre code { background: none; padding: 0; white-space: pre; }
.add { background: #dafbe1; color: #116329; } .remove { background: #ffebe9; color: #82071e; } .name { color: #8250df; font-weight: bold; }
"""
COLOURS = {"+": "add", "-": "remove", "@": "name"}


def render_page(comment: str) -> str:
    """Return the comment as an HTML page."""
    body = cmarkgfm.github_flavored_markdown_to_html(comment, options=Options.CMARK_OPT_UNSAFE).replace("<details>", "<details open>")
    body = re.sub(r'(?s)(?<=<pre lang="diff"><code>).*?(?=</code>)', lambda match: _colour(match[0]), body)
    return f"<!doctype html><meta charset=utf-8><style>{STYLE}</style>{body}<script>document.title = document.documentElement.offsetHeight</script>"


def _colour(lines: str) -> str:
    return "\n".join(f'<span class="{COLOURS.get(line[:1], "")}">{line}</span>' for line in lines.splitlines())


def main() -> int:
    """Take a picture of each page at the page's full height; return the exit status."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        print("Chromium is not on PATH. On Debian, run `apt-get install chromium`.", file=sys.stderr)
        return 2
    # Chromium has no sandbox for root, which containers use.
    browser = [chromium, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--force-device-scale-factor=1"]
    with tempfile.TemporaryDirectory() as folder:
        for preview, name in PICTURES.items():
            html = Path(folder) / f"{name}.html"
            html.write_text(render_page((ROOT / "tests" / "previews" / f"{preview}.md").read_text()))
            process = subprocess.run(
                [*browser, f"--window-size={WIDTH},600", "--dump-dom", html.as_uri()], check=True, capture_output=True, text=True
            )
            height = re.search(r"<title>(\d+)</title>", process.stdout)
            size = f"--window-size={WIDTH},{height[1] if height else 600}"
            picture = ROOT / "docs" / f"comment-{name}.png"
            subprocess.run([*browser, size, f"--screenshot={picture}", html.as_uri()], check=True, capture_output=True)
            print(picture.relative_to(ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main())
