"""The part of `make generate` that serves editors: the docstrings of nested arguments, the ArgsDict types, and the enums.

The types come from the Args classes in cleanrooms_resource/inputs.py and connection_args.py, the values and the documentation from botocore's model.
"""

from __future__ import annotations

import re
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

from model_shapes import describe_parts
from schema_types import build_types, describe

from cleanrooms_resource.declaration.spelling import to_snake_case
from cleanrooms_resource.table import OPTIONS, TABLE

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE = Path(__file__).parent.parent / "cleanrooms_resource"
ARGUMENT = re.compile(
    r'^    (?P<name>\w+): (?P<type>[^=]*?) = (?:\(\s*)?pulumi\.property\(\s*"(?P<wire>\w+)"[^)]*\)(?:\n    \))?\n(?P<docstring>    """.*?"""\n)?',
    re.MULTILINE | re.DOTALL,
)
ARGS_CLASS = re.compile(r"^class (\w+)\(Args\):\n", re.MULTILINE)
KEYWORDS = re.compile(r"(?<=They are:\n\n).*?(?=\n\n        Raises:)", re.DOTALL)
SHAPES = {"CollaborationMemberArgs": "MemberSpecification"}
"""The shapes of botocore's model that have other names than their Args classes."""
OWN_PARTS = {
    "allowClearText": "pulumi-aws's spelling of ``allow_cleartext``.",
    "status": "Ignored, because AWS sets the status. The output ``member_statuses`` has it.",
}
"""The arguments that pulumi-aws has, and AWS does not."""
WIDTH = 145


def describe_nested_argument(args_class: str, name: str) -> str:
    """Return the documentation of an argument of a nested Args class; ``name`` is in boto3's spelling."""
    shape = SHAPES.get(
        args_class,
        args_class.removeprefix("Collaboration").removesuffix("Args").replace("Ml", "ML"),
    )
    return (
        OWN_PARTS[name]
        if name in OWN_PARTS
        else _to_docstring(describe(describe_parts(shape)[name]))
    )


def write_nested_docstrings(source: str) -> str:
    """Return the module of the Args classes with a docstring after each argument of a nested class."""
    head, *pieces = ARGS_CLASS.split(source)
    texts = [head]
    for args_class, body in zip(pieces[::2], pieces[1::2], strict=True):
        is_nested = args_class != "CollaborationArgs"
        texts += [
            f"class {args_class}(Args):\n",
            ARGUMENT.sub(lambda each, name=args_class: _add(name, each), body)
            if is_nested
            else body,
        ]
    return "".join(texts)


def write_keywords(source: str) -> str:
    """Return the module of the resource with the arguments in the docstring of its constructor."""
    rows = {row.name: row.description for row in TABLE.values()} | {
        option.name: option.description for option in OPTIONS.values()
    }
    rows["connection"] = (
        "Whose credentials act for this resource, in which accounts, and at which endpoints."
    )
    lines = [
        _wrap(f"- ``{to_snake_case(name)}``: {text}", " " * 16, "  ") for name, text in rows.items()
    ]
    return KEYWORDS.sub(lambda _: "\n".join(lines), source)


def render_args_dicts(*sources: str) -> str:
    """Return the module of the ArgsDict types, from the modules of the Args classes."""
    body = "\n\n\n".join(text for source in sources for text in _list_classes(source))
    types = " ".join(each["type"] for source in sources for each in ARGUMENT.finditer(source))
    inputs = _list_names(r"Collaboration\w*Args|Members", types)
    connection = _list_names(r"Connection\w*Args|Texts?", types)
    enums = _list_names(r"\w+Name", types)
    return _format(
        f'''"""The dicts that a program may write in the place of Args classes, for type checkers and editors. `make generate` writes this module."""

from collections.abc import Mapping, Sequence
from typing import NotRequired, TypedDict

import pulumi

from cleanrooms_resource.args import ArgsOrDict
from cleanrooms_resource.connection_args import {", ".join(connection)}
from cleanrooms_resource.enums import {", ".join(enums)}
from cleanrooms_resource.inputs import {", ".join(inputs)}


{body}
'''
    )


def render_enums() -> str:
    """Return the module of the enums. They have the names of the plug-in's schema, from which Pulumi generates the enums of other languages."""
    parts = [
        '"""The values that a program may write, as enums and as literal types. `make generate` writes this module from botocore\'s model."""\n'
    ]
    parts.append("from enum import StrEnum\nfrom typing import Literal\n")
    for token, each in build_types().items():
        if "enum" in each:
            name, values = token.rpartition(":")[2], each["enum"]
            literal = ", ".join(repr(value["value"]) for value in values)
            parts.append(
                f'\n{name}Name = Literal[{literal}]\n"""A value of ``{name}``, as a string."""\n'
            )
            members = "".join(
                f"    {_name_member(value['value'])} = {value['value']!r}\n{_quote(_to_docstring(value['description']))}\n"
                for value in values
            )
            parts.append(
                f'\nclass {name}(StrEnum):\n    """{each["description"]}"""\n\n{members}\n'
            )
    # ruff wants one empty line between the imports and an assignment.
    return _format("\n".join(parts)).replace("import Literal\n\n\n", "import Literal\n\n")


def _list_names(pattern: str, types: str) -> list[str]:
    return sorted(set(re.findall(rf"\b(?:{pattern})\b", types)))


def _list_classes(source: str) -> Iterator[str]:
    _, *pieces = ARGS_CLASS.split(source)
    for args_class, body in zip(pieces[::2], pieces[1::2], strict=True):
        arguments = "".join(map(_write_key, ARGUMENT.finditer(body)))
        yield f'class {args_class}Dict(TypedDict):\n    """``{args_class}`` as a dict."""\n\n{arguments}'.rstrip()


def _write_key(argument: re.Match[str]) -> str:
    is_required = "default=None" not in argument[0].partition('"""')[0]
    key = argument["type"] if is_required else f"NotRequired[{argument['type']}]"
    return f"    {argument['name']}: {key}\n{argument['docstring'] or ''}"


def _add(args_class: str, argument: re.Match[str]) -> str:
    code = argument[0].removesuffix(argument["docstring"] or "")
    return f"{code}{_quote(describe_nested_argument(args_class, argument['wire']))}\n"


def _to_docstring(markdown: str) -> str:
    return markdown.replace("`", "``")


def _quote(text: str) -> str:
    """Return a docstring of an attribute."""
    one_line = f'    """{text}"""'
    return one_line if len(one_line) <= WIDTH else _wrap('"""' + text, " " * 4, "") + '\n    """'


def _wrap(text: str, indent: str, hanging: str) -> str:
    return textwrap.fill(
        text,
        WIDTH,
        initial_indent=indent,
        subsequent_indent=indent + hanging,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _name_member(value: str) -> str:
    return value.replace("-", "_").upper()


def _format(source: str) -> str:
    """Return the source as the project formats it."""
    command = [
        sys.executable,
        "-m",
        "ruff",
        "format",
        "--quiet",
        "--stdin-filename",
        str(PACKAGE / "generated.py"),
        "-",
    ]
    formatted: str = subprocess.run(
        command, input=source, capture_output=True, check=True, text=True
    ).stdout
    return formatted
