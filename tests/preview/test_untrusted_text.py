"""Text from outside stays in its place in the comment, whatever the text is."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import cmarkgfm
import pytest
from cmarkgfm.cmark import Options
from hypothesis import assume, given
from preview_documents import TEXTS, old_state, preview, render, step


def with_texts(a: str, b: str, c: str) -> str:
    """Return a preview with these texts in every place where a text may come from outside."""
    members = {
        a: {"displayName": b, "memberAbilities": [c]},
        "222233334444": {"displayName": c, "memberAbilities": []},
    }
    before = {"name": a, "description": b, "members": members, "tags": {b: c}, "queryLogStatus": c}
    after = {
        "name": c,
        "description": a,
        "members": {b: {"displayName": a}},
        "tags": {c: a, a: b},
        "queryLogStatus": a + b,
        b: {c: a},
    }
    statuses = dict.fromkeys(members, "ACTIVE")
    return preview(
        step(
            "replace",
            a,
            old_state(before, statuses),
            {"inputs": after},
            replaceReasons=["members", b],
        ),
        step("update", b, old_state(before), {"inputs": after}),
        step("create", c, None, {"inputs": after}),
        step("create", a + b, None, {"inputs": {**after, "__import": c}}),
        step("delete", b + c, old_state(before, statuses)),
        {"op": a, "urn": f"urn:pulumi:{a}::{b}::{c}::x", "newState": {"type": b}},
        messages=(a, f"error: {b}\n{c}"),
    )


class CommentAsHtml(HTMLParser):
    """A comment as HTML: its elements with their attributes, and the text outside code."""

    def __init__(self, comment: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, tuple[tuple[str, str | None], ...]]] = []
        self.text_outside_code = ""
        self.code_depth = 0
        self.feed(
            cmarkgfm.github_flavored_markdown_to_html(comment, options=Options.CMARK_OPT_UNSAFE)
        )

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, tuple(attrs)))
        self.code_depth += tag == "code"

    def handle_endtag(self, tag: str) -> None:
        self.code_depth -= tag == "code"

    def handle_data(self, data: str) -> None:
        self.text_outside_code += "" if self.code_depth else data

    def handle_comment(self, data: str) -> None:
        self.text_outside_code += data


ELEMENTS_OF_COMMENTS = {
    "h3",
    "blockquote",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "strong",
    "code",
    "p",
    "pre",
    "details",
    "summary",
    "br",
}


@given(TEXTS, TEXTS, TEXTS, TEXTS, TEXTS)
def test_no_element_link_image_mention_reference_or_marker_of_an_action_comes_from_an_input(
    a: str, b: str, c: str, project: str, stack: str
) -> None:
    # Two resources of one name are one resource.
    assume(len({a, b, c, a + b, b + c}) == 5)
    comment = render(with_texts(a, b, c), project, stack)
    html = CommentAsHtml(comment)
    tags = [tag for tag, _ in html.elements]

    assert set(tags) <= ELEMENTS_OF_COMMENTS
    assert {attributes for _, attributes in html.elements} <= {
        (),
        (("lang", "diff"),),
        (("lang", "text"),),
        (("open", None),),
    }
    assert [tags.count(tag) for tag in ("h3", "table", "tr", "td", "details", "summary")] == [
        1,
        1,
        6,
        15,
        1,
        1,
    ]
    assert not re.search(r"@\w|#\d", html.text_outside_code)
    assert "<!--" not in comment


@given(TEXTS)
def test_no_invisible_character_and_no_change_of_direction_is_left(text: str) -> None:
    comment = render(with_texts(text, text, text))

    assert not re.search(
        "[\u202a-\u202e\u2066-\u2069\u200b\u200e\u200f\ufeff\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\xa0]",
        comment,
    )


@pytest.mark.parametrize("marks", ["```", "`````", "~~~"])
def test_a_message_cannot_close_its_fence(marks: str) -> None:
    html = CommentAsHtml(render(preview(messages=(f"{marks}\n# @out\n",))))

    assert [tag for tag, _ in html.elements if tag in ("pre", "h1")] == ["pre"]
    assert "@out" not in html.text_outside_code


def test_a_long_text_is_cut_and_ends_with_dots() -> None:
    comment = render(
        preview(step("create", "x" * 200, None, {"inputs": {"description": "y" * 2000}}))
    )

    assert f"| `{'x' * 100}...` |" in comment
    assert f"{'y' * 999}...\n" in comment


def test_emoji_are_shown_as_they_are() -> None:
    assert f"`{'🤝' * 100}`" in render(preview(step("create", "🤝" * 100, None, {"inputs": {}})))


def test_a_pipe_in_a_name_stays_in_its_cell_and_is_shown_as_a_pipe() -> None:
    html = cmarkgfm.github_flavored_markdown_to_html(
        render(preview(step("create", "| a | b |", None, {"inputs": {}})))
    )

    assert "<td><code>| a | b |</code></td>" in html


@pytest.mark.parametrize(
    "character",
    [
        "\u200b",
        "\u200d",
        "\u3164",
        "\u115f",
        "\uffa0",
        "\ufe0f",
        "\U000e0101",
        "\u2800",
        "\u034f",
        "\u180e",
    ],
)
def test_a_character_without_ink_is_written_out(character: str) -> None:
    assert f"`AdPlat\\u{{{ord(character):x}}}form`" in render(
        preview(step("create", f"AdPlat{character}form", None, {"inputs": {}}))
    )


@pytest.mark.parametrize("emoji", ["👩‍💻", "❤️", "👩🏽‍🚀", "🏳️‍🌈"])
def test_joiners_and_selectors_within_emoji_stay(emoji: str) -> None:
    assert f"`{emoji} Ads`" in render(preview(step("create", f"{emoji} Ads", None, {"inputs": {}})))


def test_a_tab_is_legible() -> None:
    assert r"`a\tb`" in render(preview(step("create", "a\tb", None, {"inputs": {}})))
