"""`make docs`: docs/properties.md, from the table of properties and the limits of botocore's model."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cleanrooms_resource.declaration.limits import describe_parameter
from cleanrooms_resource.declaration.spelling import to_snake_case
from cleanrooms_resource.table import TABLE, ChangeKind, Default, Property

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = Path(__file__).parent.parent / "docs" / "properties.md"
CREATE = "[CreateCollaboration](https://docs.aws.amazon.com/clean-rooms/latest/apireference/API_CreateCollaboration.html)"
SOURCES = {
    ChangeKind.IN_PLACE: f"{CREATE}, [UpdateCollaboration](https://docs.aws.amazon.com/clean-rooms/latest/apireference/API_UpdateCollaboration.html)",
    ChangeKind.TAGS: f"{CREATE}, [TagResource](https://docs.aws.amazon.com/clean-rooms/latest/apireference/API_TagResource.html)",
    ChangeKind.REPLACE: CREATE,
}
CHANGES = {
    ChangeKind.IN_PLACE: "changed in place (`UpdateCollaboration`)",
    ChangeKind.TAGS: "changed in place (`TagResource`, `UntagResource`)",
    ChangeKind.REPLACE: f"**{ChangeKind.REPLACE.value}**",
}


def page() -> str:
    """The page as Markdown."""
    lines = [
        "# Properties",
        "",
        "Made by `make docs` from the table in `cleanrooms_resource/properties.py` and the limits of botocore's model; do not edit it.",
        "Names are given as programs spell them, and as boto3 and the state do.",
    ]
    for row in TABLE.values():
        lines += ["", f"## `{to_snake_case(row.name)}`", "", *_section(row)]
    return "\n".join(lines) + "\n"


def _section(row: Property) -> Iterator[str]:
    shape = describe_parameter(row.name)
    yield f"{row.description}"
    yield ""
    yield f"- In the state: `{row.name}`."
    if shape is not None:
        yield f"- Value: {_value(shape)}."
    yield f"- Changing it: {_change(row)}."
    yield f"- Left out: {_left_out(row, required=shape is not None and shape['required'])}."
    if shape is not None:
        yield f"- Source: {SOURCES[row.change_kind]}."
        yield from _parts(shape, 0)


def _change(row: Property) -> str:
    if row.in_place_from:
        return f"from `{row.in_place_from}`, {CHANGES[row.change_kind]}; otherwise {CHANGES[ChangeKind.REPLACE]}"
    return CHANGES[row.change_kind]


def _left_out(row: Property, *, required: bool) -> str:
    if row.default is Default.CHOSEN_BY_AWS:
        return "whatever it is, which is never a change"
    if row.default is None:
        return "it is required" if required else "there is none"
    return (
        "the same as empty" if row.default in ("", [], {}) else f"the same as `{str(row.default).lower() if row.default is False else row.default}`"
    )


def _value(shape: dict[str, Any]) -> str:
    kind, limits = shape["type"], shape["limits"]
    if "enum" in limits:
        return "one of " + ", ".join(f"`{value}`" for value in limits["enum"])
    if kind == "string" and "max" in limits:
        return f"a string of {limits.get('min', 0)} to {limits['max']} characters"
    if kind == "list":
        return f"a set; each {_value(shape['item'])}" if shape["item"]["type"] == "string" else "members"
    if kind == "map":
        return f"a map of strings, {limits['max']} at most"
    return {"boolean": "`true` or `false`", "structure": "a map"}.get(kind, f"a {kind}")


def _parts(shape: dict[str, Any], depth: int) -> Iterator[str]:
    parts = shape["parts"] or (shape["item"] or {}).get("parts") or {}
    if parts and not depth:
        yield from ("", "Its parts:", "")
    for name, part in parts.items():
        yield f"{'  ' * depth}- `{to_snake_case(name)}`{'' if part['required'] else ' (may be left out)'}: {_value(part)}"
        yield from _parts(part, depth + 1)


if __name__ == "__main__":
    PAGE.write_text(page())
    sys.exit(0)
