"""The Markdown that people read: no line too long, and no page that contradicts itself."""

from __future__ import annotations

import re
from pathlib import Path

import generate_docs
import pytest
from declarations import declaration
from model_shapes import describe_parameter

from cleanrooms_resource.declaration.canonical_form import canonicalize
from cleanrooms_resource.declaration.spelling import to_snake_case
from cleanrooms_resource.table import TABLE

ROOT = Path(__file__).parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
SECTIONS = dict(
    re.findall(
        r"^## `(\w+)`\n(.*?)(?=^## |\Z)", generate_docs.render_page(), re.DOTALL | re.MULTILINE
    )
)
LINES = {
    name: dict(re.findall(r"^- ([\w ]+): (.*?)$(?!\n  )", text.replace("\n  ", " "), re.MULTILINE))
    for name, text in SECTIONS.items()
}
"""The lines of each property, such as `Value` and `Left out`, by their first words."""

ENUM_VALUES = [
    (name, value)
    for name in TABLE
    for value in (describe_parameter(name) or {"limits": {}})["limits"].get("enum", ())
]


def is_breakable(line: str) -> bool:
    """Whether Markdown allows a line break: a row of a table and the definition of a link are one line each."""
    return not re.match(r"\||\[[^\]]+\]: \S+$", line)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_a_line_of_a_page_has_at_most_100_characters(page: Path) -> None:
    assert [
        line for line in page.read_text().splitlines() if len(line) > 100 and is_breakable(line)
    ] == []


def test_a_length_of_one_number_is_no_range() -> None:
    assert not re.search(r"\b(\d+) to \1\b", generate_docs.render_page())


def test_an_account_id_is_a_string_of_digits() -> None:
    assert "`account_id`: a string of 12 digits" in SECTIONS["members"]


@pytest.mark.parametrize("name", TABLE)
def test_a_property_is_required_only_where_a_declaration_without_it_is_refused(name: str) -> None:
    _, failures = canonicalize(
        {key: value for key, value in declaration().items() if key != to_snake_case(name)},
        is_new=True,
    )
    # The constructor names a collaboration after its resource before it checks the declaration.
    is_required = name != "name" and any(failure.path == (name,) for failure in failures)

    assert ("required" in SECTIONS[to_snake_case(name)]) == is_required


@pytest.mark.parametrize(("name", "value"), ENUM_VALUES)
def test_a_value_is_offered_for_a_new_collaboration_only_where_aws_takes_it(
    name: str, value: str
) -> None:
    _, failures = canonicalize(declaration(**{to_snake_case(name): value}), is_new=True)

    offered, _, kept = LINES[to_snake_case(name)]["Value"].partition(", or ")
    assert f"`{value}`" in (kept if failures else offered)
    assert not failures or "where the collaboration already has it" in kept


def test_a_link_to_a_file_leads_to_a_file_that_exists() -> None:
    links = [
        (page, link)
        for page in PAGES
        for link in re.findall(r"\]\(([^)#:\s]+)(?:#[\w-]*)?\)", page.read_text())
    ]

    assert [
        f"{page.name}: {link}" for page, link in links if not (page.parent / link).exists()
    ] == []
