"""Clean Rooms' service model as botocore ships it: which operation a request is, and whether its input is what AWS takes."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import TYPE_CHECKING, Any

import botocore.session
from werkzeug.routing import Map, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from werkzeug.wrappers import Request

_BEYOND_BMP = re.compile(r"[\U00010000-\U0010ffff]")


def operation(request: Request) -> tuple[str, dict[str, Any]]:
    """The operation of a request and its input: URI, query string and body, as the model lays them out.

    Raises:
        werkzeug.exceptions.HTTPException: there is no such operation.
        ValueError: the body or a number in the query string cannot be read.

    """
    name, values = _routes().bind("localhost").match(request.path, request.method)
    members = _service().operation_model(name).input_shape.members
    sent: dict[str, Any] = dict(values)
    for member, shape in members.items():
        if shape.serialization.get("location") == "querystring" and member in request.args:
            texts = request.args.getlist(shape.serialization["name"])
            sent[member] = texts if shape.type_name == "list" else int(texts[0]) if shape.type_name == "integer" else texts[0]
    body = json.loads(request.get_data() or b"{}")
    if not isinstance(body, dict):
        raise ValueError("the body is no object")  # noqa: TRY004 a text that cannot be read, as json.loads says it
    return name, sent | {member: value for member, value in body.items() if member in members}


def violations(name: str, sent: dict[str, Any]) -> list[tuple[str, str]]:
    """What AWS refuses in the input of an operation: field paths to messages. Required members, lengths, patterns and enums, all from the model."""
    return list(_violations(_service().operation_model(name).input_shape, sent, ""))


@cache
def regions() -> frozenset[str]:
    """The regions that have Clean Rooms, as botocore's endpoint data has it."""
    return frozenset(botocore.session.get_session().get_available_regions("cleanrooms"))


@cache
def _service() -> Any:
    return botocore.session.get_session().get_service_model("cleanrooms")


@cache
def _routes() -> Map:
    # An ARN is one value with slashes in it; nothing else is.
    rules = []
    for name in _service().operation_names:
        http = _service().operation_model(name).http
        uri = re.sub(r"\{(\w+)\}", lambda part: f"<{'path:' * part[1].endswith('Arn')}{part[1]}>", http["requestUri"])
        rules.append(Rule(uri, methods=[http["method"]], endpoint=name))
    return Map(rules)


def _violations(shape: Any, value: Any, path: str) -> Iterator[tuple[str, str]]:
    if not isinstance(value, _JSON[shape.type_name]):
        yield path, f"must be a {shape.type_name}"
    elif shape.type_name in _INSIDE:
        yield from _INSIDE[shape.type_name](shape, value, path)


def _in_structure(shape: Any, value: dict[str, Any], path: str) -> Iterator[tuple[str, str]]:
    for name, inner in shape.members.items():
        where = f"{path}.{name}" if path else name
        if value.get(name) is not None:
            yield from _violations(inner, value[name], where)
        elif name in shape.required_members:
            yield where, "must not be null"


def _in_list(shape: Any, value: list[Any], path: str) -> Iterator[tuple[str, str]]:
    yield from _size(shape, value, path)
    for index, item in enumerate(value):
        yield from _violations(shape.member, item, f"{path}[{index}]")


def _in_map(shape: Any, value: dict[str, Any], path: str) -> Iterator[tuple[str, str]]:
    yield from _size(shape, value, path)
    for key, item in value.items():
        yield from _violations(shape.key, key, path)
        yield from _violations(shape.value, item, f"{path}.{key}")


def _in_string(shape: Any, value: str, path: str) -> Iterator[tuple[str, str]]:
    yield from _size(shape, value, path)
    if shape.enum and value not in shape.enum:
        yield path, f"must satisfy enum value set: [{', '.join(shape.enum)}]"
    pattern = shape.metadata.get("pattern")
    # The patterns are Java's, where surrogates stand for what is beyond the BMP; Python has no surrogates in a text.
    if pattern and not re.fullmatch(pattern, _BEYOND_BMP.sub("x", value), re.ASCII):
        yield path, f"must satisfy regular expression pattern: {pattern}"


def _in_integer(shape: Any, value: int, path: str) -> Iterator[tuple[str, str]]:
    if not shape.metadata.get("min", value) <= value <= shape.metadata.get("max", value):
        yield path, f"must be between {shape.metadata.get('min')} and {shape.metadata.get('max')}"


def _size(shape: Any, value: Any, path: str) -> Iterator[tuple[str, str]]:
    if len(value) < shape.metadata.get("min", 0):
        yield path, f"must have length greater than or equal to {shape.metadata['min']}"
    if len(value) > shape.metadata.get("max", len(value)):
        yield path, f"must have length less than or equal to {shape.metadata['max']}"


_JSON: dict[str, Any] = {"structure": dict, "list": list, "map": dict, "string": str, "boolean": bool, "integer": int}
_INSIDE: dict[str, Any] = {"structure": _in_structure, "list": _in_list, "map": _in_map, "string": _in_string, "integer": _in_integer}
