"""The shapes of botocore's model of Clean Rooms, as the generators read them."""

from __future__ import annotations

from typing import Any

from cleanrooms_resource.declaration import limits


def describe_parameter(name: str) -> dict[str, Any] | None:
    """Return a parameter of CreateCollaboration for the documentation; None if CreateCollaboration has no parameter of that name.

    The description has ``shape`` (its name in the model), ``type``, ``limits`` (min, max, enum), ``pattern`` ("" where the model has none),
    ``required``, ``documentation`` (AWS's, as HTML; "" where the model has none), and in the same form ``parts`` (of a structure, by name) and
    ``item`` (of a list or map).
    """
    return describe_parts("CreateCollaborationInput").get(name)


def describe_parts(shape: str) -> dict[str, dict[str, Any]]:
    """Return the members of a structure of the model by name, each as ``describe_parameter`` describes it."""
    structure = limits.load_shapes()[shape]
    return {
        name: _describe_shape(
            part["shape"],
            required=name in structure.get("required", ()),
            documentation=part.get("documentation"),
        )
        for name, part in structure.get("members", {}).items()
    }


def describe_shape(shape: str) -> dict[str, Any]:
    """Return a shape of the model, as ``describe_parameter`` describes it, with the documentation of the shape itself."""
    return _describe_shape(shape, required=True)


def _describe_shape(
    shape: str, *, required: bool, documentation: str | None = None
) -> dict[str, Any]:
    model = limits.load_shapes()[shape]
    item = model.get("member") or model.get("value")
    return {
        "shape": shape,
        "type": model["type"],
        "limits": {key: model[key] for key in ("min", "max", "enum") if key in model},
        "pattern": model.get("pattern", ""),
        "required": required,
        "documentation": documentation or model.get("documentation", ""),
        "parts": describe_parts(shape),
        "item": _describe_shape(item["shape"], required=True) if item else None,
    }
