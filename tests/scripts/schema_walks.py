"""A schema, botocore's model and values, walked alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generate_schema import build_schema

if TYPE_CHECKING:
    from collections.abc import Iterator

SCHEMA = build_schema()
RESOURCE = SCHEMA["resources"]["cleanrooms:index:Collaboration"]
_PRIMITIVES = {"string": str, "boolean": bool}

Place = tuple[str, ...]


def resolve(specification: dict[str, Any]) -> dict[str, Any]:
    """The type that a specification refers to; the enum where the value may be any string."""
    if "oneOf" in specification:
        string, enum = specification["oneOf"]
        assert (specification["type"], string) == ("string", {"type": "string"})
        return resolve(enum)
    if "$ref" not in specification:
        return specification
    type_: dict[str, Any] = SCHEMA["types"][specification["$ref"].removeprefix("#/types/")]
    return type_


def list_parts(
    specification: dict[str, Any], place: Place = ()
) -> Iterator[tuple[Place, str, bool]]:
    """Every part of a type, with its kind, and whether it is required; of an enum, every value."""
    type_ = resolve(specification)
    if "enum" in type_:
        yield from ((place, value["value"], True) for value in type_["enum"])
    elif "properties" in type_:
        for name, part in type_["properties"].items():
            yield (*place, name), _kind(part), name in type_["required"]
            yield from list_parts(part, (*place, name))
    elif inner := type_.get("items") or type_.get("additionalProperties"):
        yield (*place, "[]"), _kind(inner), True
        yield from list_parts(inner, (*place, "[]"))


def _kind(specification: dict[str, Any]) -> str:
    return str(resolve(specification)["type"])


def list_shapes(shape: Any, place: Place = ()) -> Iterator[tuple[Place, str, bool]]:
    """The same of a shape of botocore's model."""
    if getattr(shape, "enum", []):
        yield from ((place, value, True) for value in shape.enum)
    elif shape.type_name == "structure":
        for name, part in shape.members.items():
            yield (*place, name), _shape_kind(part), name in shape.required_members
            yield from list_shapes(part, (*place, name))
    elif shape.type_name in ("list", "map"):
        inner = shape.member if shape.type_name == "list" else shape.value
        yield (*place, "[]"), _shape_kind(inner), True
        yield from list_shapes(inner, (*place, "[]"))


def _shape_kind(shape: Any) -> str:
    return str(
        {"structure": "object", "map": "object", "list": "array", "timestamp": "string"}.get(
            shape.type_name, shape.type_name
        )
    )


def find_misfits(value: Any, specification: dict[str, Any], place: str = "") -> list[str]:
    """The places at which a value has not the type that the schema says."""
    type_ = resolve(specification)
    if "enum" in type_:
        return [] if value in [each["value"] for each in type_["enum"]] else [place]
    if "properties" in type_:
        wrong = [
            f"{place}.{name}"
            for name in {*value} - {*type_["properties"]} | {*type_["required"]} - {*value}
        ]
        parts = [
            (part, type_["properties"][name], f"{place}.{name}")
            for name, part in value.items()
            if name in type_["properties"]
        ]
        return wrong + [misfit for part in parts for misfit in find_misfits(*part)]
    if type_["type"] == "array":
        return (
            [
                misfit
                for part in value
                for misfit in find_misfits(part, type_["items"], f"{place}[]")
            ]
            if isinstance(value, list)
            else [place]
        )
    if type_["type"] == "object":
        return [
            misfit
            for key, part in value.items()
            for misfit in find_misfits(part, type_["additionalProperties"], f"{place}[{key}]")
        ]
    return [] if isinstance(value, _PRIMITIVES[type_["type"]]) else [place]


def list_descriptions(node: Any, place: str = "#") -> Iterator[tuple[str, str]]:
    """Every place of the schema that a generator documents, with its description; "" where it has none."""
    if "enum" in node:
        yield from (
            (f"{place}.{each['value']}", each.get("description", "")) for each in node["enum"]
        )
    for key in ("properties", "inputProperties"):
        for name, part in node.get(key, {}).items():
            yield f"{place}.{name}", part.get("description", "")
    yield place, node.get("description", "")
    for key in ("stateInputs", "listInputs"):
        if key in node:
            yield from list_descriptions(node[key], f"{place}.{key}")


def list_keys(node: Any) -> Iterator[str]:
    """Every key of the schema's own, at every depth."""
    if isinstance(node, dict):
        for key, part in node.items():
            yield key
            yield from list_keys(part)
    if isinstance(node, list):
        for part in node:
            yield from list_keys(part)
