"""`make screenshots`: the pictures in docs/, recorded comments and a preview as a browser shows them.

The script needs Chromium (Debian: `apt-get install chromium`).
"""

from __future__ import annotations

import html
import re
import shutil
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path

import cmarkgfm
from cmarkgfm.cmark import Options

ROOT = Path(__file__).parent.parent
PICTURES = {
    "create": "create",
    "update": "update",
    "replace": "replacement",
    "remove-member": "removal",
    "protected": "error",
}
"""Recorded previews to the names of their pictures."""
PREVIEW = re.compile(r"(?s)```text\n(    \+-pulumi-python:.*?)```")
"""The preview of a replacement in docs/replacing.md."""
THEMES = {"": "light", "-dark": "dark"}
"""The ends of the pictures' names, and the themes."""
WIDTH = 920
# The style and the colours resemble GitHub's.
STYLE = """
body { font: 14px/1.5 "Liberation Sans", "DejaVu Sans", Arial, sans-serif; margin: 0; padding: 4px 20px 12px; }
body.light { color: #1f2328; background: #fff; --line: #d1d9e0; --code: #818b981f; --block: #f6f8fa; --add: #dafbe1; --added: #116329;
  --remove: #ffebe9; --removed: #82071e; --name: #8250df; --CAUTION: #cf222e; --WARNING: #9a6700; --NOTE: #0969da; }
body.dark { color: #f0f6fc; background: #0d1117; --line: #3d444d; --code: #656c7633; --block: #151b23; --add: #033a16; --added: #aff5b4;
  --remove: #67060c; --removed: #ffdcd7; --name: #d2a8ff; --CAUTION: #f85149; --WARNING: #d29922; --NOTE: #4493f8; }
h3 { font-size: 17.5px; margin: 12px 0; } p { margin: 10px 0; } details { margin: 10px 0; }
table { border-collapse: collapse; } th, td { border: 1px solid var(--line); padding: 6px 13px; text-align: left; }
code, pre { font: 12px/1.45 "Liberation Mono", "DejaVu Sans Mono", monospace; }
code { background: var(--code); padding: .2em .4em; border-radius: 6px; white-space: break-spaces; }
pre { background: var(--block); padding: 16px; border-radius: 6px; overflow: auto; margin: 12px 0; }
pre code { background: none; padding: 0; white-space: pre; }
.alert { border-left: 4px solid var(--colour); padding: 0 14px; } .alert b { color: var(--colour); font-weight: 600; }
.add { background: var(--add); color: var(--added); } .remove { background: var(--remove); color: var(--removed); }
.name { color: var(--name); font-weight: bold; }
.replace { color: var(--name); } .create { color: var(--added); } .update { color: var(--WARNING); }
"""
COLOURS = {"+": "add", "-": "remove", "@": "name"}
PREVIEW_COLOURS = {"+-": "replace", "+": "create", "~": "update"}
"""The signs of Pulumi's preview, the longer ones first, and their colours."""


def render_page(comment: str, theme: str) -> str:
    """Return the comment as an HTML page, with GitHub's alerts, which cmark-gfm does not know."""
    body = cmarkgfm.github_flavored_markdown_to_html(comment, options=Options.CMARK_OPT_UNSAFE)
    body = re.sub(
        r"(?s)<blockquote>\n<p>\[!(\w+)\](.*?)</blockquote>",
        lambda match: (
            f'<div class="alert" style="--colour: var(--{match[1]})"><p><b>{match[1].title()}</b></p><p>{match[2]}</div>'
        ),
        body,
    )
    body = re.sub(
        r'(?s)(?<=<pre lang="diff"><code>).*?(?=</code>)', lambda match: _colour(match[0]), body
    )
    return _render_body(body, theme)


def render_preview(theme: str) -> str:
    """Return the preview in docs/replacing.md as an HTML page, in colours that resemble Pulumi's."""
    (preview,) = PREVIEW.findall((ROOT / "docs" / "replacing.md").read_text())
    lines = []
    for line in html.escape(textwrap.dedent(preview)).splitlines():
        colour = next(
            (colour for sign, colour in PREVIEW_COLOURS.items() if line.lstrip().startswith(sign)),
            "",
        )
        lines.append(f'<span class="{colour}">{line}</span>')
    return _render_body("<pre>" + "\n".join(lines) + "</pre>", theme)


def _render_body(body: str, theme: str) -> str:
    script = "document.title = document.documentElement.offsetHeight"
    return f"<!doctype html><meta charset=utf-8><style>{STYLE}</style><body class={theme}>{body}<script>{script}</script>"


def _colour(lines: str) -> str:
    return "\n".join(
        f'<span class="{COLOURS.get(line[:1], "")}">{line}</span>' for line in lines.splitlines()
    )


def main() -> int:
    """Take a picture of each page at the page's full height; return the exit status."""
    chromium = (
        shutil.which("chromium")
        or shutil.which("chromium-browser")
        or shutil.which("google-chrome")
    )
    if chromium is None:
        print(
            "Chromium is not on PATH. On Debian, run `apt-get install chromium`.", file=sys.stderr
        )
        return 2
    # Chromium has no sandbox for root, which containers use.
    browser = [
        chromium,
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--hide-scrollbars",
        "--force-device-scale-factor=1",
    ]
    with tempfile.TemporaryDirectory() as folder:
        for suffix, theme in THEMES.items():
            comments = {
                name: (ROOT / "tests" / "previews" / f"{preview}.md").read_text()
                for preview, name in PICTURES.items()
            }
            pages = {
                f"comment-{name}": render_page(comment, theme) for name, comment in comments.items()
            }
            for name, page in {**pages, "preview": render_preview(theme)}.items():
                file = Path(folder) / f"{name}{suffix}.html"
                file.write_text(page)
                dump = [*browser, f"--window-size={WIDTH},600", "--dump-dom", file.as_uri()]
                height = re.search(
                    r"<title>(\d+)</title>",
                    subprocess.run(dump, check=True, capture_output=True, text=True).stdout,
                )
                size = f"--window-size={WIDTH},{height[1] if height else 600}"
                picture = ROOT / "docs" / f"{name}{suffix}.png"
                subprocess.run(
                    [*browser, size, f"--screenshot={picture}", file.as_uri()],
                    check=True,
                    capture_output=True,
                )
                print(picture.relative_to(ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main())
