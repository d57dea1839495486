"""The types of the plug-in's schema: objects and enums of botocore's model, with the model's own documentation.

A shape is described as ``model_shapes.describe_parameter`` describes it. A type has its shape's name in the model, with the exceptions below.
"""

from __future__ import annotations

import html
import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from enum_values import describe_enum, describe_enum_value
from model_shapes import describe_parameter, describe_parts, describe_shape
from property_docs import describe_value

from cleanrooms_resource.declaration.shapes import PROPERTY_NAMES
from cleanrooms_resource.table import TABLE, ChangeRequestMode

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

_NAMES: Final = {
    "MemberSpecification": "MemberListEntry",
    "CollaborationQueryLogStatus": "QueryLogStatus",
    "CollaborationJobLogStatus": "JobLogStatus",
    "CollaborationChangeRequest": "ChangeRequest",
}
"""The shapes whose types have other names. ``Collaboration`` is the resource, and the account id of a ``Member`` is its key."""
_PRIMITIVES: Final = {
    "boolean": "boolean",
    "integer": "integer",
    "long": "integer",
    "float": "number",
    "double": "number",
}
"""botocore's types that are not strings in JSON."""
_CHANGE_REQUEST_PARTS: Final = ("id", "status", "changes", "approvals")

MEMBER: Final = {"$ref": "#/types/cleanrooms:index:Member"}
CHANGE_REQUEST: Final = {"$ref": "#/types/cleanrooms:index:ChangeRequest"}


def build_types() -> dict[str, Any]:
    """Return the types of the inputs and outputs, by token."""
    shapes = {
        each["shape"]: each
        for each in _list_shapes([_describe_change_request(), *_list_parameters()])
        if _is_type(each)
    }
    types = {
        name: _build_enum(name, each["limits"]["enum"])
        if "enum" in each["limits"]
        else _build_object(each)
        for name, each in shapes.items()
    }
    entry = shapes["MemberSpecification"]
    types["Member"] = _build_object(
        {
            **entry,
            "parts": {name: part for name, part in entry["parts"].items() if name != "accountId"},
        }
    )
    types["ChangeRequestMode"] = _build_enum(
        "ChangeRequestMode", [mode.value for mode in ChangeRequestMode]
    )
    return dict(sorted((get_token(name), each) for name, each in types.items()))


def get_token(shape: str) -> str:
    """Return the token of a type."""
    return f"cleanrooms:index:{_NAMES.get(shape, shape).replace('ML', 'Ml')}"


def refer_to(parameter: Mapping[str, Any]) -> dict[str, Any]:
    """Return the type of a parameter, as a reference where it is an object or an enum."""
    if parameter["type"] == "structure":
        return {"$ref": f"#/types/{get_token(parameter['shape'])}"}
    if _is_type(parameter):
        return refer_to_enum(parameter["shape"])
    if parameter["type"] == "list":
        return {"type": "array", "items": refer_to(parameter["item"])}
    if parameter["type"] == "map":
        return {"type": "object", "additionalProperties": refer_to(parameter["item"])}
    return {"type": _PRIMITIVES.get(parameter["type"], "string")}


def refer_to_enum(name: str) -> dict[str, Any]:
    """Return the type of a value of an enum, which may be any string.

    The Python SDK fails on an output that its enum does not know, and the Go SDK takes no plain strings where an enum is required. AWS adds values,
    and Check refuses the unknown ones.
    """
    return {"type": "string", "oneOf": [{"type": "string"}, {"$ref": f"#/types/{get_token(name)}"}]}


def describe_form(parameter: Mapping[str, Any] | None, retired: Collection[str] = ()) -> str:
    """Return the sentence that says which values a parameter may have; "" where its type says so.

    ``retired`` are the values that AWS takes for no new collaboration.
    """
    if parameter is None or (parameter["item"] or {}).get("parts"):
        return ""
    if parameter["type"] == "timestamp":
        return "The value is a time as ISO 8601 in UTC."
    return (
        f"The value is {describe_value(parameter, retired)}."
        if parameter["type"] in ("list", "map") or parameter["limits"]
        else ""
    )


def describe(parameter: Mapping[str, Any]) -> str:
    """Return AWS's documentation of a parameter as Markdown, with the values that the parameter may have."""
    return to_markdown(
        " ".join(filter(None, (_strip_html(parameter["documentation"]), describe_form(parameter))))
    )


def to_markdown(text: str) -> str:
    """Return a sentence of ``property_docs``, which has double backticks, as Markdown."""
    return text.replace("``", "`")


def _describe_change_request() -> dict[str, Any]:
    """Describe an entry of the output ``openChangeRequests``, as ``ChangeRequest.to_output`` returns it."""
    request, vote = (
        describe_shape("CollaborationChangeRequest"),
        describe_parts("ApprovalStatusDetails")["status"],
    )
    parts = {name: request["parts"][name] for name in _CHANGE_REQUEST_PARTS}
    parts["approvals"] = {
        **parts["approvals"],
        "required": True,
        "documentation": vote["documentation"],
        "item": vote,
    }
    return {**request, "parts": parts}


def _list_shapes(parameters: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    for parameter in parameters:
        yield parameter
        yield from _list_shapes(
            [*parameter["parts"].values(), *([parameter["item"]] if parameter["item"] else [])]
        )


def _list_parameters() -> list[dict[str, Any]]:
    """Describe the parameters of the table."""
    return [
        _keep_declarable_parts(parameter)
        for parameter in map(describe_parameter, TABLE)
        if parameter is not None
    ]


def _keep_declarable_parts(parameter: Mapping[str, Any]) -> dict[str, Any]:
    """Drop the parts that a newer botocore knows and that Check refuses."""
    parts = {
        name: _keep_declarable_parts(part)
        for name, part in parameter["parts"].items()
        if name in PROPERTY_NAMES or name == "accountId"
    }
    return {
        **parameter,
        "parts": parts,
        "item": _keep_declarable_parts(parameter["item"]) if parameter["item"] else None,
    }


@cache
def _list_input_enums() -> frozenset[str]:
    return frozenset(
        each["shape"] for each in _list_shapes(_list_parameters()) if "enum" in each["limits"]
    )


def _is_type(parameter: Mapping[str, Any]) -> bool:
    """Whether the shape has a type of its own. A value that only AWS writes is a string: no program needs its names."""
    return parameter["type"] == "structure" or parameter["shape"] in _list_input_enums()


def _build_object(structure: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "description": _strip_html(describe_shape(structure["shape"])["documentation"]),
        "properties": {
            name: {**refer_to(part), "description": describe(part)}
            for name, part in structure["parts"].items()
        },
        "required": [name for name, part in structure["parts"].items() if part["required"]],
    }


def _build_enum(name: str, values: Iterable[str]) -> dict[str, Any]:
    return {
        "type": "string",
        "description": describe_enum(name),
        "enum": [
            {
                "name": _name_value(value),
                "value": value,
                "description": describe_enum_value(name, value),
            }
            for value in values
        ],
    }


def _name_value(value: str) -> str:
    # Without this name, CAN_QUERY is `CA_N_QUERY` in the generated Python SDK.
    return "".join(word.capitalize() for word in re.split("[-_]", value))


def _strip_html(documentation: str) -> str:
    """Return AWS's documentation without its markup, as one paragraph."""
    text = re.sub(r"</?code>", "`", documentation)
    text = html.unescape(re.sub(r"<[^>]*>", " ", text))
    return " ".join(unicodedata.normalize("NFKC", text).split())
