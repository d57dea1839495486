"""The limits of values, from botocore's own model of Clean Rooms: lengths, patterns, enums."""

from __future__ import annotations

import gzip
import json
import re
from functools import cache
from typing import Any

from cleanrooms_resource.declaration.botocore_data import (
    explain_old_botocore,
    read_botocore_data,
    read_botocore_version,
)
from cleanrooms_resource.declaration.spelling import find_nearest

_BEYOND_BMP = re.compile(r"[\U00010000-\U0010ffff]")
_LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")

_EXAMPLE_ID = "a56c8d7f-c2dc-4706-8166-65492556865a"


def find_violation(shape: str, value: str) -> str | None:
    """Return the reason why a string is not allowed for this shape (a name in the model), and the requirement; None if the string is allowed."""
    limits = load_shapes()[shape]
    if not value.isascii() and _LONE_SURROGATE.search(value):
        return "must be valid Unicode text, and has a lone surrogate, which cannot be sent"
    minimum, maximum = limits.get("min", 0), limits.get("max")
    if "enum" in limits and value not in limits["enum"]:
        nearest = find_nearest(value, limits["enum"])
        hint = f'; did you mean "{nearest}"?' if nearest else ", and a newer version may know it"
        return f'must be one of {", ".join(limits["enum"])}; botocore {read_botocore_version()} does not know "{value}"{hint}'
    if maximum is not None and not minimum <= len(value) <= maximum:
        return f"must have {minimum} to {maximum} characters, and has {len(value)}"
    # The patterns are Java's: blank means ASCII blanks, and surrogates stand for characters beyond the BMP (emoji); a Python text has no surrogates.
    text = value if value.isascii() else _BEYOND_BMP.sub("x", value)
    if "pattern" in limits and not re.fullmatch(limits["pattern"], text, re.ASCII):
        if re.fullmatch(r"\s*", value, re.ASCII):
            return "must not be blank"
        forbidden = (
            "control characters"
            if "\\r" in limits["pattern"]
            else "control characters or line breaks"
        )
        return f"must not have {forbidden}"
    return None


def find_id_violation(value: object) -> str | None:
    """Return the reason why a value is not a collaboration's id, and the right id if the value contains it; None if the value is an id."""
    pattern = load_shapes()["CollaborationIdentifier"]["pattern"]
    if not isinstance(value, str):
        return f"must be a collaboration's id, a string, and is of type {type(value).__name__}"
    if re.fullmatch(pattern, value):
        return None
    inside = re.search(
        rf"(?:^|:collaboration/|/collaborations/)({pattern})(?:$|\W)", value.strip().lower()
    )
    if inside and value.strip().lower().startswith("arn:"):
        return f'must be the collaboration\'s id, "{inside[1]}", and is its ARN, "{value}"'
    if inside:
        return f'must be a collaboration\'s id, and is "{value}"; did you mean "{inside[1]}"?'
    return f'must be a collaboration\'s id, such as "{_EXAMPLE_ID}", and is "{value}"'


def find_account_violation(value: object) -> str | None:
    """Return the reason why a value is not an AWS account id; None if it is an account id."""
    if isinstance(value, str) and re.fullmatch(r"[0-9]{12}", value):
        return None
    # YAML turns an account id without quotes into a number, with an exponent or octal where it begins with 0.
    is_number = re.fullmatch(r"[0-9.]+(e\+?[0-9]+)?", str(value))
    return f"must be an AWS account id, a string of 12 digits{'; in YAML, quote it' if is_number else ''}"


def find_member_account_violation(value: object) -> str | None:
    """Return the reason why a value is not the account id of a member, which every member has; None if it is an account id."""
    return (
        "is required: the member's AWS account id, a string of 12 digits"
        if value is None
        else find_account_violation(value)
    )


def get_maximum(shape: str) -> int:
    """Return how many entries a list or map of this shape may hold."""
    return int(load_shapes()[shape]["max"])


def list_words() -> frozenset[str]:
    """Return the words of the API, such as CAN_QUERY."""
    return frozenset(word for shape in load_shapes().values() for word in shape.get("enum", ()))


class _Shapes(dict[str, Any]):
    """The shapes of the model by name."""

    def __missing__(self, name: str) -> Any:
        raise explain_old_botocore(f"its model of Clean Rooms has no {name}")


@cache
def load_shapes() -> dict[str, Any]:
    """Return the shapes of the model by name. A shape that it lacks is a ``DependencyError``."""
    model = gzip.decompress(read_botocore_data("cleanrooms", "2022-02-17", "service-2.json.gz"))
    return _Shapes(json.loads(model)["shapes"])
