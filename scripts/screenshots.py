"""`make screenshots`: docs/comment-*.png, recorded comments as a browser shows them. This needs Chromium (Debian: `apt-get install chromium`)."""

from __future__ import annotations

import itertools
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import cmarkgfm
from cmarkgfm.cmark import Options

ROOT = Path(__file__).parent.parent
PICTURES = {"create": "create", "update": "update", "replace": "replacement", "remove-member": "removal", "protected": "error"}
"""Recorded previews to the names of their pictures."""
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
"""
COLOURS = {"+": "add", "-": "remove", "@": "name"}


def render_page(comment: str, theme: str) -> str:
    """Return the comment as an HTML page, with GitHub's alerts, which cmark-gfm does not know."""
    body = cmarkgfm.github_flavored_markdown_to_html(comment, options=Options.CMARK_OPT_UNSAFE)
    body = re.sub(
        r"(?s)<blockquote>\n<p>\[!(\w+)\](.*?)</blockquote>",
        lambda match: f'<div class="alert" style="--colour: var(--{match[1]})"><p><b>{match[1].title()}</b></p><p>{match[2]}</div>',
        body,
    )
    body = re.sub(r'(?s)(?<=<pre lang="diff"><code>).*?(?=</code>)', lambda match: _colour(match[0]), body)
    script = "document.title = document.documentElement.offsetHeight"
    return f"<!doctype html><meta charset=utf-8><style>{STYLE}</style><body class={theme}>{body}<script>{script}</script>"


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
        for (preview, name), (suffix, theme) in itertools.product(PICTURES.items(), THEMES.items()):
            html = Path(folder) / f"{name}{suffix}.html"
            html.write_text(render_page((ROOT / "tests" / "previews" / f"{preview}.md").read_text(), theme))
            process = subprocess.run(
                [*browser, f"--window-size={WIDTH},600", "--dump-dom", html.as_uri()], check=True, capture_output=True, text=True
            )
            height = re.search(r"<title>(\d+)</title>", process.stdout)
            size = f"--window-size={WIDTH},{height[1] if height else 600}"
            picture = ROOT / "docs" / f"comment-{name}{suffix}.png"
            subprocess.run([*browser, size, f"--screenshot={picture}", html.as_uri()], check=True, capture_output=True)
            print(picture.relative_to(ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main())
