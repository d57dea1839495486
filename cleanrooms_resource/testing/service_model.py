"""The service model of Clean Rooms, as botocore ships it: the operation of a request, and whether the model allows its parameters."""

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

_BEYOND_FFFF = re.compile(r"[\U00010000-\U0010ffff]")


def parse_request(request: Request) -> tuple[str, dict[str, Any]]:
    """Return the operation of a request, and its parameters from the URI, the query string and the body.

    Raises:
        werkzeug.exceptions.HTTPException: the operation does not exist.
        ValueError: the body or a number in the query string cannot be read.

    """
    name, values = _routes().bind("localhost").match(request.path, request.method)
    members = _service().operation_model(name).input_shape.members
    parameters: dict[str, Any] = dict(values)
    for member, shape in members.items():
        if shape.serialization.get("location") == "querystring" and member in request.args:
            texts = request.args.getlist(shape.serialization["name"])
            parameters[member] = (
                texts
                if shape.type_name == "list"
                else int(texts[0])
                if shape.type_name == "integer"
                else texts[0]
            )
    body = json.loads(request.get_data() or b"{}")
    if not isinstance(body, dict):
        raise ValueError("The body is not a JSON object.")  # noqa: TRY004 - json.loads raises the same for text that is not JSON
    return name, parameters | {member: value for member, value in body.items() if member in members}


def find_violations(operation: str, parameters: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the path and the message of each parameter that the model does not allow.

    The model has the required members, the types, the lengths, the patterns and the enums.
    """
    return list(_check_value(_service().operation_model(operation).input_shape, parameters, ""))


@cache
def regions() -> frozenset[str]:
    """Return the regions that have Clean Rooms, from botocore's endpoint data."""
    return frozenset(botocore.session.get_session().get_available_regions("cleanrooms"))


@cache
def _service() -> Any:
    return botocore.session.get_session().get_service_model("cleanrooms")


@cache
def _routes() -> Map:
    rules = []
    for name in _service().operation_names:
        http = _service().operation_model(name).http
        # Only ARNs have slashes in them.
        uri = re.sub(
            r"\{(\w+)\}",
            lambda match: f"<path:{match[1]}>" if match[1].endswith("Arn") else f"<{match[1]}>",
            http["requestUri"],
        )
        rules.append(Rule(uri, methods=[http["method"]], endpoint=name))
    return Map(rules)


def _check_value(shape: Any, value: Any, path: str) -> Iterator[tuple[str, str]]:
    if not isinstance(value, _PYTHON_TYPES[shape.type_name]):
        yield path, f"must be a {shape.type_name}"
    elif shape.type_name in _CHECKS:
        yield from _CHECKS[shape.type_name](shape, value, path)


def _check_structure(shape: Any, value: dict[str, Any], path: str) -> Iterator[tuple[str, str]]:
    for name, member_shape in shape.members.items():
        member_path = f"{path}.{name}" if path else name
        if value.get(name) is not None:
            yield from _check_value(member_shape, value[name], member_path)
        elif name in shape.required_members:
            yield member_path, "must not be null"


def _check_list(shape: Any, value: list[Any], path: str) -> Iterator[tuple[str, str]]:
    yield from _check_size(shape, value, path)
    for index, item in enumerate(value):
        yield from _check_value(shape.member, item, f"{path}[{index}]")


def _check_map(shape: Any, value: dict[str, Any], path: str) -> Iterator[tuple[str, str]]:
    yield from _check_size(shape, value, path)
    for key, item in value.items():
        yield from _check_value(shape.key, key, path)
        yield from _check_value(shape.value, item, f"{path}.{key}")


def _check_string(shape: Any, value: str, path: str) -> Iterator[tuple[str, str]]:
    yield from _check_size(shape, value, path)
    if shape.enum and value not in shape.enum:
        yield path, f"must satisfy enum value set: [{', '.join(shape.enum)}]"
    pattern = shape.metadata.get("pattern")
    # The patterns are Java's: they allow a character beyond U+FFFF only as a pair of surrogates, which no Python text has.
    if pattern and not re.fullmatch(pattern, _BEYOND_FFFF.sub("x", value), re.ASCII):
        yield path, f"must satisfy regular expression pattern: {pattern}"


def _check_integer(shape: Any, value: int, path: str) -> Iterator[tuple[str, str]]:
    if not shape.metadata.get("min", value) <= value <= shape.metadata.get("max", value):
        yield path, f"must be between {shape.metadata.get('min')} and {shape.metadata.get('max')}"


def _check_size(shape: Any, value: Any, path: str) -> Iterator[tuple[str, str]]:
    if len(value) < shape.metadata.get("min", 0):
        yield path, f"must have length greater than or equal to {shape.metadata['min']}"
    if len(value) > shape.metadata.get("max", len(value)):
        yield path, f"must have length less than or equal to {shape.metadata['max']}"


_PYTHON_TYPES: dict[str, Any] = {
    "structure": dict,
    "list": list,
    "map": dict,
    "string": str,
    "boolean": bool,
    "integer": int,
}
_CHECKS: dict[str, Any] = {
    "structure": _check_structure,
    "list": _check_list,
    "map": _check_map,
    "string": _check_string,
    "integer": _check_integer,
}
