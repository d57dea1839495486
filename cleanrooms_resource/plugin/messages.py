"""Properties in the messages of Pulumi's provider protocol: values, secrets, and values that are not known yet.

The plug-in accepts secrets (``acceptSecrets``): the engine marks each secret in what it sends, and stores as secret what an answer marks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from google.protobuf import struct_pb2

from cleanrooms_resource.declaration.unknown_values import is_placeholder
from cleanrooms_resource.pulumi_sdk import (
    UNKNOWN,
    UNKNOWN_VALUE,
    Unknown,
    is_secret,
    mark_secret,
    reveal_secrets,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["copy_marks", "has_secret", "read_properties", "reveal", "write_properties"]


def read_properties(message: struct_pb2.Struct) -> dict[str, Any]:
    """Return the properties of a message: secrets marked, unknown values as ``Unknown``, and without those that are null."""
    properties = {name: _read(value) for name, value in message.fields.items()}
    return {name: value for name, value in properties.items() if value is not None}


def write_properties(properties: Mapping[str, Any]) -> struct_pb2.Struct:
    """Return properties as a message; an ``Unknown`` becomes the engine's text for it."""
    message = struct_pb2.Struct()
    message.update({name: _write(value) for name, value in properties.items()})
    return message


def reveal(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {name: reveal_secrets(value) for name, value in properties.items()}


def has_secret(value: Any) -> bool:
    if is_secret(value):
        return True
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return any(map(has_secret, parts))


def copy_marks(value: Any, marked: Any) -> Any:
    """Return a value with the secrets of another one marked. In another shape, the whole is marked."""
    if is_secret(value):
        return value
    if is_secret(marked) or (has_secret(marked) and type(value) is not type(marked)):
        return mark_secret(value)
    if isinstance(value, dict) and isinstance(marked, dict):
        # A placeholder is a number in the order of the members, which canonical form changes.
        lost = any(
            has_secret(part)
            for key, part in marked.items()
            if key not in value or is_placeholder(key)
        )
        copied = {key: copy_marks(part, marked.get(key)) for key, part in value.items()}
        return mark_secret(reveal_secrets(value)) if lost else copied
    if isinstance(value, list) and has_secret(marked):
        # Canonical form sorts lists, so a position says nothing.
        return mark_secret(reveal_secrets(value))
    return value


def _read(value: struct_pb2.Value) -> Any:
    # protobuf's json_format refuses the infinity that YAML reads from `.inf`.
    kind = value.WhichOneof("kind")
    if kind == "struct_value":
        return {key: _read(part) for key, part in value.struct_value.fields.items()}
    if kind == "list_value":
        return [_read(part) for part in value.list_value.values]
    if kind is None or kind == "null_value":
        return None
    return UNKNOWN_VALUE if value.string_value == UNKNOWN else getattr(value, kind)


def _write(value: Any) -> Any:
    if isinstance(value, Unknown):
        return UNKNOWN
    if isinstance(value, dict):
        return {key: _write(part) for key, part in value.items()}
    return [_write(part) for part in value] if isinstance(value, list | tuple) else value
