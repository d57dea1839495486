"""The limits of values, from botocore's own model of Clean Rooms: lengths, patterns, enums.

The model is read as the data file it is. Importing botocore for it would make every program and every check wait for what they do not use.
"""

from __future__ import annotations

import gzip
import json
import re
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

_BEYOND_BMP = re.compile(r"[\U00010000-\U0010ffff]")
_LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")


def violation(shape: str, value: str) -> str | None:
    """What is wrong with a string of this shape (its name in the model), and what would be right; None if nothing is."""
    limits = _shapes()[shape]
    if _LONE_SURROGATE.search(value):
        return "must be text: a lone surrogate cannot be sent"
    least, most = limits.get("min", 0), limits.get("max")
    if "enum" in limits and value not in limits["enum"]:
        return f'must be one of {", ".join(limits["enum"])}; "{value}" is refused by botocore {version("botocore")}, a newer one may know it'
    if most is not None and not least <= len(value) <= most:
        return f"must have {least} to {most} characters, and has {len(value)}"
    # The patterns are Java's: blank means ASCII blanks, and surrogates stand for what is beyond the BMP (emoji); Python has none in a text.
    if "pattern" in limits and not re.fullmatch(limits["pattern"], _BEYOND_BMP.sub("x", value), re.ASCII):
        forbidden = "control characters" if "\\r" in limits["pattern"] else "control characters or line breaks"
        return "must not be blank" if re.fullmatch(r"\s*", value, re.ASCII) else f"must not have {forbidden}"
    return None


def most(shape: str) -> int:
    """How many a list or map of this shape may hold."""
    return int(_shapes()[shape]["max"])


def parameter(name: str) -> dict[str, Any] | None:
    """A parameter of CreateCollaboration, for the documentation; None if there is none of that name.

    ``type``, ``limits`` (min, max, enum), ``required``, ``parts`` (of a structure, by name) and ``item`` (of a list) in the same form.
    """
    request = _shapes()["CreateCollaborationInput"]
    return _described(request["members"][name]["shape"], required=name in request["required"]) if name in request["members"] else None


def _described(shape: str, *, required: bool) -> dict[str, Any]:
    limits = _shapes()[shape]
    return {
        "type": limits["type"],
        "limits": {key: limits[key] for key in ("min", "max", "enum") if key in limits},
        "required": required,
        "parts": {name: _described(part["shape"], required=name in limits.get("required", ())) for name, part in limits.get("members", {}).items()},
        "item": _described(limits["member"]["shape"], required=True) if "member" in limits else None,
    }


@cache
def _shapes() -> dict[str, Any]:
    spec = find_spec("botocore")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("botocore is not installed; boto3 brings it")
    file = Path(spec.origin).parent / "data" / "cleanrooms" / "2022-02-17" / "service-2.json.gz"
    shapes: dict[str, Any] = json.loads(gzip.decompress(file.read_bytes()))["shapes"]
    return shapes
