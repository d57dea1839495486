"""The shapes of a connection: whose credentials act, in which accounts, and at which endpoints.

The stack's settings ``aws:assumeRoles`` and ``aws:assumeRoleWithWebIdentity`` have the shapes of a connection's parts.
"""

from __future__ import annotations

import difflib
import json
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from cleanrooms_resource.declaration.limits import find_account_violation
from cleanrooms_resource.declaration.spelling import to_snake_case
from cleanrooms_resource.declaration.structure import (
    ListOf,
    MapOf,
    Structure,
    Text,
    list_parts,
    refuse,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cleanrooms_resource.declaration.failures import Failure
    from cleanrooms_resource.declaration.spelling import Path
    from cleanrooms_resource.declaration.structure import Shape

_UNITS: Final = {
    "h": Decimal(3600),
    "m": Decimal(60),
    "s": Decimal(1),
    "ms": Decimal("1e-3"),
    "us": Decimal("1e-6"),
    "µs": Decimal("1e-6"),
}
_PART_OF_DURATION: Final = re.compile(r"(\d+(?:\.\d+)?)(h|ms|m|s|us|µs)")
_SHORTEST_SESSION: Final = 15 * 60
_LONGEST_SESSION: Final = 12 * 60 * 60


def read_duration(text: str) -> int | None:
    """Return the seconds of a duration such as ``1h30m``; None if the text is not a duration."""
    parts = _PART_OF_DURATION.findall(text)
    if not parts or "".join(number + unit for number, unit in parts) != text:
        return None
    return int(sum(Decimal(number) * _UNITS[unit] for number, unit in parts))


def _is_duration(text: str) -> bool:
    seconds = read_duration(text)
    return seconds is not None and _SHORTEST_SESSION <= seconds <= _LONGEST_SESSION


def _is_json_map(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except ValueError:
        return False


def _require(is_right: Callable[[str], bool], requirement: str) -> Text:
    """Return the shape of a string that ``is_right``. The requirement quotes no value: a value may be secret."""
    return Text(lambda text: None if is_right(text) else requirement)


class _Account:
    def judge(self, value: Any, path: Path, failures: list[Failure]) -> Any:
        reason = find_account_violation(value)
        return refuse(reason, path, failures) if reason else value


def _structure(
    noun: str, args_class: str, required: Mapping[str, Shape], optional: Mapping[str, Shape]
) -> Structure:
    def explain_unknown_name(name: str) -> str:
        nearest = difflib.get_close_matches(name, structure.names, n=1)
        hint = (
            f'did you mean "{nearest[0]}"?'
            if nearest
            else f"the names are {', '.join(sorted(map(to_snake_case, structure.parts)))}"
        )
        return f"is not a part of {noun}; {hint}"

    structure = Structure(list_parts(required, optional), explain_unknown_name, args_class)
    return structure


_NAME: Final = _require(bool, "must not be empty")
_NAMES: Final = ListOf(_NAME)
_ADDRESS: Final = _require(
    lambda text: bool(re.match(r"https?://[^/]", text)),
    'must be a URL such as "https://cleanrooms.example.com"',
)
_SESSION: Final[Mapping[str, Shape]] = {
    "sessionName": _NAME,
    "duration": _require(
        _is_duration, 'must be a duration from 15 minutes to 12 hours, such as "1h" or "45m"'
    ),
    "policy": _require(_is_json_map, "must be an IAM policy, as JSON text"),
    "policyArns": _NAMES,
}
_ROLE_ARN: Final = _require(
    lambda text: bool(re.fullmatch(r"arn:[\w-]+:iam::[0-9]{12}:role/.+", text)),
    'must be the ARN of an IAM role, such as "arn:aws:iam::111122223333:role/pulumi"',
)

ASSUMED_ROLE: Final = _structure(
    "assumeRoles",
    "ConnectionAssumeRoleArgs",
    {"roleArn": _ROLE_ARN},
    {
        "externalId": _NAME,
        **_SESSION,
        "tags": MapOf(Text(), Text()),
        "transitiveTagKeys": _NAMES,
        "sourceIdentity": _NAME,
    },
)
"""A role to assume, with the parameters of AssumeRole."""

WEB_IDENTITY_ROLE: Final = _structure(
    "assumeRoleWithWebIdentity",
    "ConnectionAssumeRoleWithWebIdentityArgs",
    {"roleArn": _ROLE_ARN},
    {**_SESSION, "webIdentityToken": _NAME, "webIdentityTokenFile": _NAME},
)
"""A role to assume with a token of an OIDC provider, with the parameters of AssumeRoleWithWebIdentity."""

ENDPOINTS: Final = _structure("endpoints", "", {}, {"cleanrooms": _ADDRESS, "sts": _ADDRESS})
"""The addresses of the services that a connection calls."""

CONNECTION: Final = _structure(
    "a connection",
    "ConnectionArgs",
    {},
    {
        "profile": _NAME,
        "accessKey": _NAME,
        "secretKey": _NAME,
        "token": _NAME,
        "sharedConfigFiles": _NAMES,
        "sharedCredentialsFiles": _NAMES,
        "assumeRoles": ListOf(ASSUMED_ROLE),
        "assumeRoleWithWebIdentity": WEB_IDENTITY_ROLE,
        "allowedAccountIds": ListOf(_Account()),
        "forbiddenAccountIds": ListOf(_Account()),
        "endpoints": ENDPOINTS,
    },
)
"""A connection."""

PARTS: Final[dict[str, Shape]] = {
    "connection": CONNECTION,
    "assumeRoles": ListOf(ASSUMED_ROLE),
    "assumeRoleWithWebIdentity": WEB_IDENTITY_ROLE,
}
"""A connection, and its parts that the stack's settings have too."""
