"""Properties in the messages of the protocol: nothing is lost on the way, and above all no mark of a secret."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st

from cleanrooms_resource.declaration.unknown_values import make_placeholder
from cleanrooms_resource.plugin.messages import (
    copy_marks,
    has_secret,
    read_properties,
    reveal,
    write_properties,
)
from cleanrooms_resource.pulumi_sdk import UNKNOWN, UNKNOWN_VALUE, mark_secret, reveal_secrets
from plugin.driver import hide

if TYPE_CHECKING:
    from collections.abc import Callable

keys = st.text(alphabet="abcXY_12", min_size=1, max_size=4)
leaves = (
    st.none()
    | st.booleans()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5)
)
plain_values = st.recursive(
    leaves,
    lambda parts: st.lists(parts, max_size=3) | st.dictionaries(keys, parts, max_size=3),
    max_leaves=12,
)
values = st.recursive(
    leaves | st.just(UNKNOWN_VALUE),
    lambda parts: (
        st.lists(parts, max_size=3)
        | st.dictionaries(keys, parts, max_size=3)
        | parts.map(mark_secret)
    ),
    max_leaves=12,
)
SECRET_TEXTS = st.sampled_from([f"s3cr3t-{number}" for number in range(5)])


@st.composite
def values_with_marks(draw: st.DrawFn) -> tuple[Any, Any]:
    """A value with secret texts in it, and the same value with each of them in a secret, somewhere at or above the text."""
    value = draw(
        st.recursive(
            leaves | SECRET_TEXTS,
            lambda parts: st.lists(parts, max_size=3) | st.dictionaries(keys, parts, max_size=3),
        )
    )

    def mark(part: Any, *, is_hidden: bool) -> Any:
        if is_hidden:
            return part
        if "s3cr3t" in str(part) and (not isinstance(part, dict | list) or draw(st.booleans())):
            return mark_secret(part)
        if isinstance(part, dict):
            return {key: mark(each, is_hidden=False) for key, each in part.items()}
        return [mark(each, is_hidden=False) for each in part] if isinstance(part, list) else part

    return value, mark(value, is_hidden=False)


def rearrange(draw: Callable[[Any], Any], value: Any) -> Any:
    """Return a value as the lifecycle might: lists sorted, keys renamed, maps as lists and lists as maps, parts in a map or a list of their own."""
    if isinstance(value, dict):
        parts = {
            f"{key}{draw(st.sampled_from(['', '', '', '_']))}": rearrange(draw, part)
            for key, part in value.items()
        }
        return draw(st.sampled_from([parts, parts, parts, list(parts.values())]))
    if isinstance(value, list):
        entries = sorted((rearrange(draw, part) for part in value), key=str)
        return draw(
            st.sampled_from(
                [
                    entries,
                    entries,
                    entries,
                    {str(number): part for number, part in enumerate(entries)},
                ]
            )
        )
    return draw(st.sampled_from([value, value, value, [value], {"x": value}]))


@given(st.dictionaries(keys, values, max_size=4))
def test_properties_are_read_as_they_were_written(properties: dict[str, Any]) -> None:
    written = {name: value for name, value in properties.items() if value is not None}

    assert read_properties(write_properties(properties)) == written


def test_a_property_that_is_null_is_left_out() -> None:
    assert read_properties(write_properties({"a": None, "b": {"c": None}})) == {"b": {"c": None}}


def test_an_unknown_value_is_the_engines_text_on_the_wire_at_every_depth() -> None:
    message = write_properties({"a": [{"b": UNKNOWN_VALUE}], "c": mark_secret(UNKNOWN_VALUE)})

    assert message["a"][0]["b"] == UNKNOWN  # type: ignore[index]
    assert message["c"]["value"] == UNKNOWN  # type: ignore[index]


def test_a_secret_is_found_at_every_depth() -> None:
    assert has_secret({"a": [{"b": mark_secret("x")}]})
    assert not has_secret({"a": [{"b": "x"}]})


def test_reveal_leaves_no_mark() -> None:
    assert reveal({"a": [mark_secret({"b": mark_secret("x")})]}) == {"a": [{"b": "x"}]}


@given(values_with_marks())
def test_the_same_value_is_as_secret_as_before(value_and_marked: tuple[Any, Any]) -> None:
    value, marked = value_and_marked
    copied = copy_marks(value, marked)

    assert reveal_secrets(copied) == value
    assert "s3cr3t" not in str(hide(copied))


@given(values_with_marks(), st.data())
def test_no_secret_is_shown_where_the_lifecycle_rearranged_the_value(
    value_and_marked: tuple[Any, Any], data: st.DataObject
) -> None:
    value, marked = value_and_marked
    rearranged = rearrange(data.draw, value)
    copied = copy_marks(rearranged, marked)

    assert reveal_secrets(copied) == rearranged
    assert "s3cr3t" not in str(hide(copied))


@given(plain_values, plain_values)
def test_a_value_without_a_mark_stays_plain(value: Any, marked: Any) -> None:
    assert copy_marks(value, marked) == value


def test_a_placeholder_says_nothing_of_its_member() -> None:
    """Canonical form numbers the members whose accounts are not known yet in an order of its own."""
    first, second = make_placeholder(1), make_placeholder(2)

    assert copy_marks(
        {first: "x", second: "y"}, {first: mark_secret("y"), second: "x"}
    ) == mark_secret({first: "x", second: "y"})


def test_a_map_is_no_more_secret_than_its_parts() -> None:
    assert copy_marks({"a": "1", "b": "2"}, {"a": mark_secret("0"), "b": "2"}) == {
        "a": mark_secret("1"),
        "b": "2",
    }


def test_a_value_that_is_marked_already_is_marked_once() -> None:
    assert copy_marks(mark_secret("x"), mark_secret("y")) == mark_secret("x")
