"""The canonical form of a connection: names as the state spells them, nothing null, lists in the program's order.

No reason quotes a value, because keys and tokens are secret.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from cleanrooms_resource.declaration.connection_shapes import PARTS
from cleanrooms_resource.declaration.failures import Failure
from cleanrooms_resource.declaration.spelling import to_camel_case, to_snake_case
from cleanrooms_resource.declaration.structure import judge
from cleanrooms_resource.declaration.unknown_values import is_known
from cleanrooms_resource.pulumi_sdk import mark_secret, reveal_secrets

if TYPE_CHECKING:
    from collections.abc import Iterator

IDENTITY_NAMES: Final = (
    "profile",
    "accessKey",
    "secretKey",
    "token",
    "sharedConfigFiles",
    "sharedCredentialsFiles",
    "assumeRoles",
    "assumeRoleWithWebIdentity",
)
"""The parts of a connection that say whose credentials act. They are one group: naming one of them drops the stack's."""
SECRET_NAMES: Final = frozenset({"accessKey", "secretKey", "token", "webIdentityToken"})
"""The parts of a connection that are always secret."""


def canonicalize_connection(value: Any) -> tuple[Any, list[Failure]]:
    """Return the canonical form of a connection, and every failure; paths begin with ``connection``. An empty connection is None.

    A connection that is not known yet is its own form. The canonical form of a canonical form is itself, in the engine's secret form too.
    """
    is_map = isinstance(value, Mapping)
    if value is None or not (is_map or is_known(value)):
        return value, []
    form, failures = _judge("connection", reveal_secrets(value))
    failures = failures or [
        Failure(("connection", *failure.path), failure.reason) for failure in _find_refusals(form)
    ]
    return (None, failures) if failures else (form or None, [])


def canonicalize_part(name: str, value: Any) -> tuple[Any, list[Failure]]:
    """Return the canonical form of a stack's setting that is a part of a connection, and every failure; paths begin with the setting's name."""
    form, failures = _judge(name, value)
    if not failures and name == "assumeRoleWithWebIdentity":
        failures = _judge_web_identity(form, in_program=False)
    return (None, failures) if failures else (form, [])


def names_identity(connection: Mapping[str, Any]) -> bool:
    """Whether a canonical connection says whose credentials act."""
    return any(name in connection for name in IDENTITY_NAMES)


def mark_keys(value: Any) -> Any:
    """Return a connection with its keys and tokens in the engine's secret form. A key that is not known yet stays as it is."""
    if isinstance(value, Mapping):
        return {
            name: mark_secret(part)
            if to_camel_case(str(name)) in SECRET_NAMES and isinstance(part, str)
            else mark_keys(part)
            for name, part in value.items()
        }
    return [mark_keys(part) for part in value] if isinstance(value, list) else value


def _judge(name: str, value: Any) -> tuple[Any, list[Failure]]:
    failures: list[Failure] = []
    form = judge(PARTS[name], value, (name,), failures)
    return (None, failures) if failures else (_drop_empty_parts(form), [])


def _drop_empty_parts(form: Any) -> Any:
    if isinstance(form, dict):
        parts = {name: _drop_empty_parts(part) for name, part in form.items()}
        return {name: part for name, part in parts.items() if part not in ([], {})}
    return [_drop_empty_parts(item) for item in form] if isinstance(form, list) else form


def _find_refusals(form: dict[str, Any]) -> Iterator[Failure]:
    """Yield the failures between the parts of a connection. A part that is not known yet counts as named."""
    if ("accessKey" in form) != ("secretKey" in form):
        missing, named = (
            ("secretKey", "access_key") if "accessKey" in form else ("accessKey", "secret_key")
        )
        yield Failure((missing,), f"is required beside {named}")
    if "token" in form and "accessKey" not in form:
        yield Failure(("token",), "needs access_key and secret_key beside it")
    sources = [
        name for name in ("profile", "accessKey", "assumeRoleWithWebIdentity") if name in form
    ]
    if len(sources) > 1:
        yield Failure(
            (sources[1],),
            f"must not stand beside {to_snake_case(sources[0])}: only one of them can act. Remove one of them",
        )
    for name in ("sharedConfigFiles", "sharedCredentialsFiles"):
        if name in form and "profile" not in form:
            yield Failure(
                (name,),
                'needs profile beside it, which says whose credentials of the file act, such as profile="default"',
            )
        if isinstance(form.get(name), list) and len(form[name]) > 1:
            yield Failure((name,), ONE_FILE)
    web_identity = form.get("assumeRoleWithWebIdentity")
    if isinstance(web_identity, dict):
        yield from _judge_web_identity(web_identity, in_program=True)


ONE_FILE: Final = "must name 1 file, because boto3 reads 1 file of each kind. Name the file that has the profile, or write the profiles into one file"


def _judge_web_identity(form: Mapping[str, Any], *, in_program: bool) -> list[Failure]:
    if ("webIdentityToken" in form) != ("webIdentityTokenFile" in form):
        return []
    names = ["webIdentityToken", "webIdentityTokenFile"]
    first, second = map(to_snake_case, names) if in_program else names
    return [Failure(("assumeRoleWithWebIdentity",), f"must have {first} or {second}, and not both")]
