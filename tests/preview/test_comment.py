"""The pull-request comment: what it says of real previews, and that nothing from outside gets out of its place."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import cmarkgfm
import pytest
from cmarkgfm.cmark import Options
from engine.previews import STORIES
from hypothesis import given
from hypothesis import strategies as st
from previewed import old_state, preview, step

from cleanrooms_resource.preview.comment import LIMIT, render_comment
from cleanrooms_resource.preview.document import parse_preview
from cleanrooms_resource.preview.outcome import Outcome, list_planned_collaborations

KEPT = Path(__file__).parent.parent / "previews"
OF_ADOPTIONS = {"import", "takeover", "takeover-and-change"}
"""Made anew in tests/engine/test_adoption.py and test_takeover.py."""

HOSTILE = [
    "@org/team",
    "#1 and @me",
    "<img src=x onerror=alert(1)>",
    "| a | b |",
    "`",
    "``` \n```\n# out",
    "\\`",
    "\\|",
    "](https://x.example)",
    "![x](https://x.example/x.png)",
    "https://x.example www.x.example me@x.example",
    "--> <b>",
    "</details>",
    "@@ -1 +1 @@",
    "\u202egnp.exe",
    "\u2066x\u2069",
    "\x1b[31mred",
    "line\r\nbreak\u2028and\x0bmore",
    "&lt;b&gt;",
    "$x$ ~~y~~ **z** _w_",
    "🤝" * 100,
    " ",
    "",
]
text = st.sampled_from(HOSTILE) | st.text(st.characters(codec="utf-8"), max_size=200)


# Real previews


@pytest.mark.parametrize("kept", sorted(KEPT.glob("*.json")), ids=lambda kept: kept.stem)
def test_the_comment_of_a_preview_is_the_one_beside_it(kept: Path) -> None:
    assert render_comment(parse_preview(kept.read_text())) == kept.with_suffix(".md").read_text()


def test_every_kept_preview_is_made_anew_on_the_engine() -> None:
    assert {kept.stem for kept in KEPT.glob("*.json")} == STORIES.keys() | OF_ADOPTIONS


def test_every_kind_of_change_has_a_kept_preview() -> None:
    outcomes = {each.outcome for kept in KEPT.glob("*.json") for each in list_planned_collaborations(parse_preview(kept.read_text()))}

    assert outcomes == set(Outcome)


@pytest.mark.parametrize("kept", ["replace-by-each-property", "three-hundred", "failed-check"])
def test_the_order_of_the_engines_steps_and_diagnostics_does_not_matter(kept: str) -> None:
    preview = json.loads((KEPT / f"{kept}.json").read_text())
    for entries in (preview["steps"], preview.get("diagnostics", [])):
        entries.reverse()

    assert render_comment(parse_preview(json.dumps(preview))) == (KEPT / f"{kept}.md").read_text()


# Any texts


def with_texts(a: str, b: str, c: str) -> str:
    """Every place of a preview where a text may come from outside."""
    members = {a: {"displayName": b, "memberAbilities": [c]}, "222233334444": {"displayName": c, "memberAbilities": []}}
    before = {"name": a, "description": b, "members": members, "tags": {b: c}, "queryLogStatus": c}
    after = {"name": c, "description": a, "members": {b: {"displayName": a}}, "tags": {c: a, a: b}, "queryLogStatus": a + b, b: {c: a}}
    joined = dict.fromkeys(members, "ACTIVE")
    return preview(
        step("replace", a, old_state(before, joined), {"inputs": after}, replaceReasons=["members", b]),
        step("update", b, old_state(before), {"inputs": after}),
        step("create", c, None, {"inputs": after}),
        step("create", a + b, None, {"inputs": {**after, "__import": c}}),
        step("delete", b + c, old_state(before, joined)),
        {"op": a, "urn": f"urn:pulumi:{a}::{b}::{c}::x", "newState": {"type": b}},
        messages=(a, f"error: {b}\n{c}"),
    )


class Page(HTMLParser):
    """What a comment is as HTML: its elements with their attributes, and the text outside code."""

    def __init__(self, comment: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, tuple[tuple[str, str | None], ...]]] = []
        self.outside = ""
        self.code = 0
        self.feed(cmarkgfm.github_flavored_markdown_to_html(comment, options=Options.CMARK_OPT_UNSAFE))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, tuple(attrs)))
        self.code += tag == "code"

    def handle_endtag(self, tag: str) -> None:
        self.code -= tag == "code"

    def handle_data(self, data: str) -> None:
        self.outside += "" if self.code else data

    def handle_comment(self, data: str) -> None:
        self.outside += data


OURS = {"h3", "table", "thead", "tbody", "tr", "th", "td", "strong", "code", "p", "pre", "details", "summary"}


@given(text, text, text, text, text)
def test_no_element_link_or_image_comes_from_an_input(a: str, b: str, c: str, project: str, stack: str) -> None:
    page = Page(render_comment(parse_preview(with_texts(a, b, c)), project, stack))
    tags = [tag for tag, _ in page.elements]

    assert set(tags) <= OURS
    assert {attributes for _, attributes in page.elements} <= {(), (("lang", "diff"),), (("lang", "text"),), (("class", "language-diff"),)}
    assert [tags.count(tag) for tag in ("h3", "table", "tr", "td", "details", "summary")] == [1, 1, 6, 15, 1, 1]


@given(text, text, text, text, text)
def test_outside_code_no_input_mentions_or_refers_to_anything(a: str, b: str, c: str, project: str, stack: str) -> None:
    page = Page(render_comment(parse_preview(with_texts(a, b, c)), project, stack))

    assert not re.search(r"@\w|#\d", page.outside)


@given(text, text, text, text, text)
def test_the_comment_begins_with_one_marker_that_names_cannot_close(a: str, b: str, c: str, project: str, stack: str) -> None:
    marker, rest = render_comment(parse_preview(with_texts(a, b, c)), project, stack).split("\n", 1)

    assert re.fullmatch(r"<!-- cleanrooms-resource:[^/>]*/[^/>]* -->", marker)
    assert "--" not in marker[4:-3]
    assert "<!--" not in re.sub(r"(?s)```+(text|diff)\n.*?\n```+|`[^`]*`", "", rest)


@given(text, text)
def test_other_names_make_another_marker(one: str, other: str) -> None:
    markers = {render_comment(parse_preview(preview()), name[:100], "x").split("\n")[0] for name in {one, other} if name}

    assert len(markers) == len({name[:100] for name in {one, other} if name})


@given(text)
def test_nothing_invisible_and_no_other_reading_direction_is_left(any_text: str) -> None:
    comment = render_comment(parse_preview(with_texts(any_text, any_text, any_text)))

    assert not re.search("[\u202a-\u202e\u2066-\u2069\u200b\u200e\u200f\ufeff\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\xa0]", comment)


@pytest.mark.parametrize("marks", ["```", "`````", "~~~"])
def test_a_message_cannot_close_its_fence(marks: str) -> None:
    page = Page(render_comment(parse_preview(preview(messages=(f"{marks}\n# @out\n",)))))

    assert [tag for tag, _ in page.elements if tag in ("pre", "h1")] == ["pre"]
    assert "@out" not in page.outside


def test_a_text_that_is_cut_says_so() -> None:
    comment = render_comment(parse_preview(preview(step("create", "x" * 200, None, {"inputs": {"description": "y" * 2000}}))))

    assert f"| `{'x' * 100}...` |" in comment
    assert f"{'y' * 999}...\n" in comment


def test_emoji_are_shown_as_they_are() -> None:
    assert f"`{'🤝' * 100}`" in render_comment(parse_preview(preview(step("create", "🤝" * 100, None, {"inputs": {}}))))


def test_a_pipe_in_a_name_stays_in_its_cell_and_reads_as_it_is() -> None:
    page = cmarkgfm.github_flavored_markdown_to_html(render_comment(parse_preview(preview(step("create", "| a | b |", None, {"inputs": {}})))))

    assert "<td><code>| a | b |</code></td>" in page


# The limit


sizes = st.integers(0, 100)


@given(st.lists(st.tuples(sizes, text), max_size=12), st.lists(text, max_size=12), text)
def test_a_comment_is_never_longer_than_github_takes_and_never_loses_its_top(
    collaborations: list[tuple[int, str]], messages: list[str], name: str
) -> None:
    steps = []
    for number, (size, value) in enumerate(collaborations):
        members = {f"{account:012}": {"displayName": value, "memberAbilities": []} for account in range(size)}
        steps.append(step("delete", f"{number}{name}", old_state({"members": members}, dict.fromkeys(members, "ACTIVE"))))
    made = parse_preview(preview(*steps, messages=(*messages, *(message * 50 for message in messages))))

    comment = render_comment(made, name * 100, name * 100)

    assert len(comment) <= LIMIT
    assert comment.split("\n")[2].startswith("### Clean Rooms")
    assert comment.count("```") % 2 == 0
    assert len(steps) == 0 or f"{len(steps)} to delete" in comment.split("\n")[2]


def many(number: int) -> str:
    """A comment of so many collaborations, each with a member who had joined."""
    declared = {"name": "x" * 100, "members": {"222233334444": {"displayName": "y" * 100, "memberAbilities": []}}}
    return render_comment(
        parse_preview(preview(*(step("delete", f"{each:04}", old_state(declared, {"222233334444": "ACTIVE"})) for each in range(number))))
    )


def test_details_are_dropped_before_rows_from_the_bottom_and_the_last_line_says_how_many() -> None:
    comment = many(200)
    kept = comment.count("\n@@") + comment.count("\n- ")

    assert comment.count("\n| `") == 200
    assert comment.endswith(f"\nLeft out: {200 * 3 - kept} lines of what changes. A comment holds 65,536 characters at most.\n")


def test_rows_are_dropped_last_and_counted() -> None:
    comment = many(1000)
    kept = comment.count("\n| `")

    assert "1000 to delete" in comment
    assert 200 < kept < 1000
    assert comment.endswith(f"\nLeft out: {1000 - kept} rows and 3,000 lines of what changes. A comment holds 65,536 characters at most.\n")


def test_what_fits_is_not_called_left_out() -> None:
    assert "Left out" not in many(100)


# What is shown


def test_no_part_of_a_secret_is_drawn() -> None:
    secret = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "v1:abc", "plaintext": "hunter2"}
    old = {"description": secret, "members": {"1": {"displayName": secret, "memberAbilities": []}}}

    comment = render_comment(parse_preview(preview(step("delete", "ads", old_state(old, {"1": "ACTIVE"})))))

    assert "[secret]" in comment
    assert not re.search("hunter2|v1:abc|1b47061264138c4ac30d75fd1eb44270|4dabf18193072939515e22adb298388d", comment)


def test_hidden_inputs_are_not_drawn() -> None:
    comment = render_comment(
        parse_preview(preview(step("create", "ads", None, {"inputs": {"name": "x", "__provider": "gASV", "__ignoreChanges": ["members"]}})))
    )

    assert not re.search("gASV|__", comment)


def test_a_property_this_version_does_not_know_is_named_and_drawn() -> None:
    comment = render_comment(parse_preview(preview(step("replace", "ads", old_state({"new": 1}), {"inputs": {"new": 2}}, replaceReasons=["new"]))))

    assert "| `new` |" in comment
    assert "- new: 1\n+ new: 2" in comment


def test_warnings_are_shown_below_the_table_and_are_no_errors() -> None:
    comment = render_comment(
        parse_preview(preview(step("create", "ads", None, {"inputs": {}}), messages=("warning: somebody should pay\n",), severity="warning"))
    )

    assert comment.index("| `ads` |") < comment.index("somebody should pay")
    assert "failed" not in comment


def test_more_errors_than_can_be_shown_are_counted() -> None:
    comment = render_comment(parse_preview(preview(messages=tuple(f"error: number {number:02}" for number in range(30)))))

    assert "number 09\n... and 20 more\n```" in comment
    assert "with 30 errors" in comment


def test_rendering_imports_none_of_awss_libraries() -> None:
    code = f"""
import sys
from cleanrooms_resource.preview.comment import render_comment
from cleanrooms_resource.preview.document import parse_preview
for kept in ("replace", "takeover"):
    render_comment(parse_preview(open({str(KEPT)!r} + f"/{{kept}}.json").read()))
print(sorted(name for name in ("boto3", "botocore", "pulumi_aws", "moto") if name in sys.modules))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
