"""The sentences that document a property, from the table and from the limits of botocore's model.

The docstrings of the Args classes, docs/properties.md and the plug-in's schema have the same sentences. Names and values stand in double backticks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from model_shapes import describe_parameter

from cleanrooms_resource.table import ChangeKind, Default, Option, Property

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

_REPLACEMENT: Final = "change replaces the collaboration"
_COST: Final = "every member must join again"


def describe_property(row: Property, spell: Callable[[str], str], form: str = "") -> str:
    """Return the documentation of a property: its description, its default, and the effect of a change.

    ``spell`` spells the names of options. ``form`` is a sentence that says which values the property may have.
    """
    absence = describe_absence(row)
    sentences = (
        row.description,
        form,
        f"Left out, {absence}." if absence else "",
        describe_change(row, spell),
    )
    return " ".join(filter(None, sentences))


def describe_absence(row: Property) -> str:
    """Return the clause that says what leaving a property out means; "" where the property is required."""
    if row.absence:
        return row.absence
    if row.default is Default.CHOSEN_BY_AWS:
        return "AWS chooses the value, which is never a change"
    if row.default is not None:
        return f"it is {_write_default(row.default)}"
    parameter = describe_parameter(row.name)
    return "" if parameter is None or parameter["required"] else "the collaboration has none"


def describe_change(row: Property, spell: Callable[[str], str]) -> str:
    """Return the sentence that says what a change of a property does. ``spell`` spells the names of options."""
    if row.in_place_from:
        return f"AWS changes ``{row.in_place_from}`` to ``SPARK`` in place; any other {_REPLACEMENT}: {_COST}."
    if row.in_place_options:
        options = " or ".join(f"``{spell(option)}``" for option in row.in_place_options)
        return f"A {_REPLACEMENT}, unless {options} allows the change in place. After a replacement, {_COST}."
    return (
        f"A {_REPLACEMENT}: {_COST}."
        if row.change_kind is ChangeKind.REPLACE
        else "AWS changes it in place."
    )


def describe_option(option: Option) -> str:
    """Return the documentation of an option: its description, its default, and the effect of a change."""
    return f"{option.description} Left out, it is {_write_default(option.default)}. A change of this option alone changes nothing at AWS."


def describe_value(parameter: Mapping[str, Any], retired: Collection[str] = ()) -> str:
    """Return the values that a parameter may have, as a phrase. ``parameter`` is as ``describe_parameter`` describes it.

    ``retired`` are the values that AWS takes for no new collaboration.
    """
    kind, limits = parameter["type"], parameter["limits"]
    if "enum" in limits:
        return _describe_enum(limits["enum"], retired)
    if kind == "string" and "max" in limits:
        minimum, maximum = limits.get("min", 0), limits["max"]
        unit = "digits" if parameter["pattern"] == r"\d+" else "characters"
        return f"a string of {maximum if minimum == maximum else f'{minimum} to {maximum}'} {unit}"
    if kind == "list":
        is_of_strings = parameter["item"]["type"] == "string"
        return (
            f"a set; each entry is {describe_value(parameter['item'])}"
            if is_of_strings
            else "a map keyed by account id, or a list"
        )
    if kind == "map":
        return f"a map of strings with at most {limits['max']} entries"
    return {"boolean": "``true`` or ``false``", "structure": "a map"}.get(kind, f"a {kind}")


def _describe_enum(values: Collection[str], retired: Collection[str]) -> str:
    offered = [f"``{value}``" for value in values if value not in retired]
    kept = [f"``{value}``" for value in values if value in retired]
    phrase = offered[0] if len(offered) == 1 else "one of " + ", ".join(offered)
    return (
        f"{phrase}, or {', '.join(kept)} where the collaboration already has it" if kept else phrase
    )


def _write_default(default: Any) -> str:
    if default in ("", [], {}):
        return "empty"
    return f"``{str(default).lower() if default is False else default}``"
