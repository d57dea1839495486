"""The shapes of a connection, as pydantic models: whose credentials act, in which accounts, and at which endpoints.

The stack's settings ``aws:assumeRoles`` and ``aws:assumeRoleWithWebIdentity`` have the shapes of a connection's parts. A value that is not known yet
passes every shape, in its box.
"""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, Final

from pydantic import AfterValidator, WrapValidator
from pydantic_core import PydanticCustomError

from cleanrooms_resource.declaration.limits import find_account_violation
from cleanrooms_resource.declaration.shapes import Known, Shape, Text
from cleanrooms_resource.declaration.unknown_values import Boxed

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic import ValidatorFunctionWrapHandler

_UNITS: Final = {"h": Decimal(3600), "m": Decimal(60), "s": Decimal(1), "ms": Decimal("1e-3"), "us": Decimal("1e-6"), "µs": Decimal("1e-6")}
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


def _require(is_right: Callable[[str], bool], requirement: str) -> AfterValidator:
    """Require a string that ``is_right``. The requirement quotes no value: a value may be secret."""

    def refuse(value: Any) -> Any:
        if isinstance(value, str) and not is_right(value):
            raise PydanticCustomError("requirement", "{reason}", {"reason": requirement})
        return value

    return AfterValidator(refuse)


def _require_account(value: Any, _: ValidatorFunctionWrapHandler) -> Any:
    reason = None if isinstance(value, Boxed) else find_account_violation(value)
    if reason:
        raise PydanticCustomError("requirement", "{reason}", {"reason": reason})
    return value


Name = Annotated[Text, _require(bool, "must not be empty")]
Account = Annotated[Any, WrapValidator(_require_account)]
Address = Annotated[Text, _require(lambda text: bool(re.match(r"https?://[^/]", text)), 'must be a URL such as "https://cleanrooms.example.com"')]
Duration = Annotated[Text, _require(_is_duration, 'must be a duration from 15 minutes to 12 hours, such as "1h" or "45m"')]
Policy = Annotated[Text, _require(_is_json_map, "must be an IAM policy, as JSON text")]
RoleArn = Annotated[
    Text,
    _require(
        lambda text: bool(re.fullmatch(r"arn:[\w-]+:iam::[0-9]{12}:role/.+", text)),
        'must be the ARN of an IAM role, such as "arn:aws:iam::111122223333:role/pulumi"',
    ),
]


class AssumedRole(Shape):
    """A role to assume, with the parameters of AssumeRole."""

    role_arn: RoleArn
    external_id: Name | None = None
    session_name: Name | None = None
    duration: Duration | None = None
    policy: Policy | None = None
    policy_arns: Known[list[Name]] | None = None
    tags: Known[dict[str, Text]] | None = None
    transitive_tag_keys: Known[list[Name]] | None = None
    source_identity: Name | None = None


class WebIdentityRole(Shape):
    """A role to assume with a token of an OIDC provider, with the parameters of AssumeRoleWithWebIdentity."""

    role_arn: RoleArn
    session_name: Name | None = None
    duration: Duration | None = None
    policy: Policy | None = None
    policy_arns: Known[list[Name]] | None = None
    web_identity_token: Name | None = None
    web_identity_token_file: Name | None = None


class Endpoints(Shape):
    """The addresses of the services that a connection calls."""

    cleanrooms: Address | None = None
    sts: Address | None = None


class ConnectionShape(Shape):
    """A connection."""

    profile: Name | None = None
    access_key: Name | None = None
    secret_key: Name | None = None
    token: Name | None = None
    shared_config_files: Known[list[Name]] | None = None
    shared_credentials_files: Known[list[Name]] | None = None
    assume_roles: Known[list[Known[AssumedRole]]] | None = None
    assume_role_with_web_identity: Known[WebIdentityRole] | None = None
    allowed_account_ids: Known[list[Account]] | None = None
    forbidden_account_ids: Known[list[Account]] | None = None
    endpoints: Known[Endpoints] | None = None


PARTS: Final[dict[str, type[Shape]]] = {"assumeRoles": AssumedRole, "assumeRoleWithWebIdentity": WebIdentityRole, "endpoints": Endpoints}
"""The parts of a connection that have names of their own."""
