"""The part of `make generate` that serves readers: docs/properties.md, the README's table, and the docstrings of the arguments.

All of it comes from the table of properties, and the limits of values from botocore's model.
"""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING, Any

from generate_types import ARGUMENT
from model_shapes import describe_parameter
from property_docs import describe_absence, describe_option, describe_property, describe_value

from cleanrooms_resource.declaration.spelling import to_snake_case
from cleanrooms_resource.table import OPTIONS, TABLE, ChangeKind, Property

if TYPE_CHECKING:
    from collections.abc import Iterator

SOURCES = {
    ChangeKind.IN_PLACE: "[CreateCollaboration][create], [UpdateCollaboration][update]",
    ChangeKind.TAGS: "[CreateCollaboration][create], [TagResource][tag]",
    ChangeKind.REPLACE: "[CreateCollaboration][create]",
}
API_REFERENCE = "https://docs.aws.amazon.com/clean-rooms/latest/apireference/API_{}.html"
LINKS = {"create": "CreateCollaboration", "update": "UpdateCollaboration", "tag": "TagResource"}
INTRODUCTION = (
    "`make generate` writes this page from the table in `cleanrooms_resource/table.py` and the limits of botocore's model; do not edit it. "
    "Names are given as programs spell them, and as boto3 and the state do."
)
CHANGES = {
    ChangeKind.IN_PLACE: "changed in place (`UpdateCollaboration`)",
    ChangeKind.TAGS: "changed in place (`TagResource`, `UntagResource`)",
    ChangeKind.REPLACE: f"**{ChangeKind.REPLACE.value}**",
}
CONNECTION = (
    "Whose credentials act for this resource, in which accounts, and at which endpoints. Left out, the stack's ``aws:`` settings say so. A change of "
    "the connection alone changes nothing at AWS."
)
FORMS = {"members": "The value is a map keyed by account id, or a list."}
"""The values of an argument, where their type alone does not say enough."""
DOCSTRING_WIDTH = 145
PAGE_WIDTH = 100
README_TABLE = re.compile(
    r"(?<=<!-- `make generate` writes this table -->\n).*?(?=<!-- end of the table -->)", re.DOTALL
)


def render_page() -> str:
    """Return docs/properties.md."""
    lines = [
        "# Properties",
        "",
        INTRODUCTION,
    ]
    for row in TABLE.values():
        lines += ["", f"## `{to_snake_case(row.name)}`", "", *_render_section(row)]
    for option in OPTIONS.values():
        lines += [
            "",
            f"## `{to_snake_case(option.name)}`",
            "",
            describe_option(option),
            "",
            "- An option: AWS never gets it.",
        ]
    lines += [
        "",
        "## `connection`",
        "",
        CONNECTION,
        "",
        "- AWS never gets it. [credentials.md](credentials.md) has its parts.",
    ]
    text = "\n".join(line for paragraph in lines for line in _wrap(paragraph.replace("``", "`")))
    links = [f"[{label}]: {API_REFERENCE.format(operation)}" for label, operation in LINKS.items()]
    return "\n".join([text, "", *links]) + "\n"


def render_table() -> str:
    """Return the README's table: properties that change alike share a row."""
    rows: dict[str, list[str]] = {}
    for row in TABLE.values():
        rows.setdefault(_describe_change_briefly(row), []).append(f"`{to_snake_case(row.name)}`")
    lines = [f"| {', '.join(names)} | {change} |" for change, names in rows.items()]
    return "\n".join(["| property | what changing it does |", "|---|---|", *lines]) + "\n"


def write_table(readme: str) -> str:
    """Return README.md with its table."""
    return README_TABLE.sub(lambda _: render_table(), readme)


def write_docstrings(source: str) -> str:
    """Return the module of the Args classes with a docstring from the table after each argument of ``CollaborationArgs``."""
    start = source.index("class CollaborationArgs(")
    # The class is the last one of the module.
    return source[:start] + ARGUMENT.sub(_add_docstring, source[start:])


def describe_argument(row: Property) -> str:
    """Return the documentation of an argument."""
    return describe_property(row, to_snake_case, FORMS.get(row.name, ""))


def _add_docstring(argument: re.Match[str]) -> str:
    code = re.sub(r'\n    """.*', "", argument[0], flags=re.DOTALL).rstrip("\n")
    name = argument["wire"]
    text = (
        CONNECTION
        if name == "connection"
        else describe_argument(TABLE[name])
        if name in TABLE
        else describe_option(OPTIONS[name])
    )
    lines = textwrap.wrap(text, DOCSTRING_WIDTH - len('    """'))
    docstring = (
        f'    """{lines[0]}"""'
        if len(lines) == 1
        else "\n".join(['    """' + lines[0], *(f"    {line}" for line in lines[1:]), '    """'])
    )
    return f"{code}\n{docstring}\n"


def _describe_change_briefly(row: Property) -> str:
    if row.in_place_from:
        return f"`{row.in_place_from}` to `SPARK` in place; otherwise a replacement"
    if row.change_kind is not ChangeKind.REPLACE:
        return "changed in place"
    return "**a replacement**: a new collaboration with a new id is created, the old one is deleted, and every member must join again"


def _render_section(row: Property) -> Iterator[str]:
    parameter = describe_parameter(row.name)
    yield row.description
    yield ""
    yield f"- In the state: `{row.name}`."
    if parameter is not None:
        yield f"- Value: {describe_value(parameter, row.retired_values)}."
    yield f"- Changing it: {_describe_change(row)}."
    yield f"- Left out: {describe_absence(row) or 'the property is required'}."
    if parameter is not None:
        yield f"- Source: {SOURCES[row.change_kind]}."
        yield from _list_parts(parameter, 0)


def _describe_change(row: Property) -> str:
    if row.in_place_from:
        return f"from `{row.in_place_from}`, {CHANGES[row.change_kind]}; otherwise {CHANGES[ChangeKind.REPLACE]}"
    options = " or ".join(f"`{to_snake_case(option)}`" for option in row.in_place_options)
    return (
        f"{CHANGES[row.change_kind]}; in place where {options} allows it and AWS can do it"
        if options
        else CHANGES[row.change_kind]
    )


def _list_parts(parameter: dict[str, Any], depth: int) -> Iterator[str]:
    parts = parameter["parts"] or (parameter["item"] or {}).get("parts") or {}
    if parts and not depth:
        yield from ("", "Its parts:", "")
    for name, part in parts.items():
        yield f"{'  ' * depth}- `{to_snake_case(name)}`{'' if part['required'] else ' (may be left out)'}: {describe_value(part)}"
        yield from _list_parts(part, depth + 1)


def _wrap(paragraph: str) -> list[str]:
    indent = " " * (len(paragraph) - len(paragraph.lstrip(" -")))
    return textwrap.wrap(
        paragraph,
        PAGE_WIDTH,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    ) or [""]
