"""The site that `make site` builds: strict, with every page in its navigation, and without a request to another host."""

from __future__ import annotations

import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import build_site
import pytest
import yaml

ROOT = Path(__file__).parent.parent
REQUESTING = {"img": "src", "link": "href", "script": "src", "source": "srcset", "iframe": "src"}
"""The elements for which a browser sends a request, and the attribute with the address."""


class _Requests(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.addresses += [value or "" for name, value in attrs if REQUESTING.get(tag) == name]


@pytest.fixture(scope="module")
def site() -> Path:
    """The site, built from nothing."""
    command = [sys.executable, str(ROOT / "scripts" / "build_site.py")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return ROOT / "build" / "site"


def list_pages(nav: Any) -> list[str]:
    """Return the pages of a navigation, in its order."""
    if isinstance(nav, str):
        return [nav]
    return [
        page
        for part in (nav.values() if isinstance(nav, dict) else nav)
        for page in list_pages(part)
    ]


def test_every_page_is_in_the_navigation() -> None:
    # The slugs of the headings are a function of Python, which a safe loader does not load.
    nav = yaml.safe_load(
        re.split(r"^markdown_extensions:", (ROOT / "mkdocs.yml").read_text(), flags=re.MULTILINE)[0]
    )["nav"]

    assert sorted(list_pages(nav)) == sorted(
        [*build_site.Site().pages.values(), *build_site.render_reference()]
    )


def test_the_strict_build_makes_every_page(site: Path) -> None:
    assert [
        page
        for page in build_site.Site().pages.values()
        if not (site / page).with_suffix(".html").exists()
    ] == []


def test_a_page_asks_no_other_host_for_anything(site: Path) -> None:
    requests = _Requests()
    for page in site.rglob("*.html"):
        requests.feed(page.read_text())

    assert requests.addresses
    assert [address for address in requests.addresses if re.match(r"(https?:)?//", address)] == []


def test_the_reference_has_the_docstring_of_an_argument(site: Path) -> None:
    assert "is_responsible" in (site / "api-arguments.html").read_text()


def test_the_code_in_a_numbered_list_is_a_part_of_its_item() -> None:
    assert build_site.indent_numbered_lists(
        "1. Type:\n\n   ```sh\n   pulumi up\n   ```\n\nAfter.\n"
    ) == ("1. Type:\n\n    ```sh\n    pulumi up\n    ```\n\nAfter.\n")


def test_a_nested_list_stays_nested(site: Path) -> None:
    properties = (site / "properties.html").read_text()

    assert re.search(
        r"<code>model_training</code>[^<]*<ul>\s*<li><code>is_responsible</code>", properties
    )


def test_a_link_to_what_does_not_exist_fails_the_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build_site, "ROOT", tmp_path)
    monkeypatch.setattr(build_site, "SOURCE", tmp_path / "build")
    (tmp_path / "README.md").write_text("[missing](docs/missing.md)")

    with pytest.raises(
        FileNotFoundError, match=r"README.md links to docs/missing.md, which does not exist"
    ):
        build_site.Site().write()
