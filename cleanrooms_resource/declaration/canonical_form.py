"""The canonical form of a declaration.

Keys are spelled as boto3 spells them, members are a map keyed by account id, lists that AWS treats as sets are sorted, nothing is null, and the form
holds only values that the program declared. The state stores this form as the resource's inputs, so every preview compares and draws it.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from pulumi.output import UNKNOWN
from pydantic import BaseModel, ValidationError

from cleanrooms_resource.declaration.connection_form import canonicalize_connection
from cleanrooms_resource.declaration.failures import Failure
from cleanrooms_resource.declaration.limits import find_account_violation
from cleanrooms_resource.declaration.rules import find_refusals, find_refusals_of_new
from cleanrooms_resource.declaration.shapes import PROPERTY_NAMES, Declaration
from cleanrooms_resource.declaration.spelling import Path, to_camel_case
from cleanrooms_resource.declaration.unknown_values import Boxed, box_unknown_values, is_placeholder, make_placeholder

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

_NO_MEMBER = "must be a member: a map with displayName and memberAbilities"
_REASONS = {
    "missing": "is required",
    "string_type": "must be a string",
    "bool_type": "must be true or false",
    "list_type": "must be a list of strings",
    "dict_type": "must be a map",
    "model_type": "must be a map",
}
"""pydantic's types of errors, each with the requirement on the value."""


def canonicalize(properties: Mapping[str, Any], *, is_new: bool = False) -> tuple[dict[str, Any], list[Failure]]:
    """Return the canonical form of a declaration, and every failure of the declaration.

    Values that are not known yet stay in their places and are never judged; a member whose account is not known yet stands under a placeholder. The
    rules between properties judge the well-formed values beside an ill-formed one. If there are failures, the form is ``{}``. ``is_new`` adds the
    failures of a collaboration that does not exist yet. The function never raises. The canonical form of a canonical form is itself.
    """
    connection, failures = canonicalize_connection(properties.get("connection"))
    boxed: dict[str, Any] = box_unknown_values({name: value for name, value in properties.items() if name != "connection"})
    if isinstance(properties.get("members"), Mapping):
        failures += [Failure(("members", account), _NO_MEMBER) for account, member in properties["members"].items() if member is None]
    members = _key_by_account(boxed["members"]) if isinstance(boxed.get("members"), dict | list) else KeyedMembers({}, {}, [])
    failures += members.failures
    if isinstance(boxed.get("members"), dict | list):
        boxed["members"] = members.by_account
    declaration, errors = _validate(boxed)
    failures += [_explain(details["loc"], details["type"], details["msg"], members.program_keys) for details in errors]
    form = {} if declaration is None else cast("dict[str, Any]", _unbox(declaration))
    form |= {} if connection is None else {"connection": connection}
    refusals = find_refusals(form) + (find_refusals_of_new(form) if is_new else [])
    failures += [Failure(_use_program_key(failure.path, members.program_keys), failure.reason) for failure in refusals]
    return ({}, failures) if failures else (form, [])


_NOT_JUDGED = Boxed(UNKNOWN)
"""The substitute for an ill-formed value: the rules between properties judge no value that is not known."""


def _validate(boxed: dict[str, Any]) -> tuple[Declaration | None, list[ErrorDetails]]:
    """Return the declaration, or None if too little is left, and pydantic's errors. Ill-formed values are replaced in ``boxed``."""
    try:
        return Declaration.model_validate(boxed), []
    except ValidationError as error:
        errors = error.errors()
    remaining = errors
    # A value that cannot be replaced alone goes with its whole property.
    for is_whole_property in (False, True):
        for details in remaining:
            location = details["loc"][:1] if is_whole_property else details["loc"]
            _replace_ill_formed_value(boxed, location, is_key=_is_key(details["loc"]) or details["type"] == "extra_forbidden")
        try:
            return Declaration.model_validate(boxed), errors
        except ValidationError as error:
            remaining = error.errors()
    return None, errors


def _replace_ill_formed_value(boxed: dict[str, Any], location: tuple[str | int, ...], *, is_key: bool) -> None:
    """Replace a value by ``_NOT_JUDGED``, or drop the entry whose key is wrong. If pydantic does not name the place, do nothing."""
    if _is_key(location):
        location = location[:-1]
    container: Any = boxed
    for part in location[:-1]:
        key = _find_key(container, part)
        if key is None:
            return
        container = container[key]
    if not location or not isinstance(container, dict | list):
        return
    key = _find_key(container, location[-1])
    if is_key and isinstance(container, dict):
        container.pop(key, None)
    elif isinstance(container, dict):
        container[location[-1] if key is None else key] = _NOT_JUDGED
    elif key is not None:
        container[key] = _NOT_JUDGED


def _find_key(container: Any, part: str | int) -> Any:
    """Return the key or the position that pydantic names ``part``; None where the container has none."""
    if isinstance(container, dict):
        return part if part in container else next((key for key in container if key is not None and str(key) == str(part)), None)
    return part if isinstance(container, list) and isinstance(part, int) and part < len(container) else None


def _is_key(location: tuple[str | int, ...]) -> bool:
    """Whether pydantic's location is that of a key of ``members`` or ``tags``, and not of its value."""
    return location[:1] in (("members",), ("tags",)) and location[2:] == ("[key]",)


@dataclass(frozen=True, slots=True)
class KeyedMembers:
    """The members keyed by account (or placeholder), the key or position that the program used for each, and the failures of the account ids."""

    by_account: dict[str, Any]
    program_keys: dict[str, str | int]
    failures: list[Failure]


def _key_by_account(members: dict[Any, Any] | list[Any]) -> KeyedMembers:
    keyed = KeyedMembers({}, {}, [])
    is_list = isinstance(members, list)
    entries: dict[Any, Any] = dict(enumerate(members)) if isinstance(members, list) else members
    for key, entry in entries.items():
        member, named_account = _split_account(entry)
        # The account under a placeholder is known by now, or still unknown.
        account = named_account if is_list or (is_placeholder(key) and named_account is not None) else key
        reason = _judge_account(account, keyed.by_account)
        if reason:
            keyed.failures.append(Failure(("members", key, "accountId") if is_list else ("members", key), reason))
        if isinstance(entry, dict) and entry.keys() >= {"accountId", "account_id"}:
            keyed.failures.append(Failure(("members", key, "accountId"), "is declared in two spellings"))
        if not is_list and not is_placeholder(key) and named_account not in (None, key) and not isinstance(named_account, Boxed):
            keyed.failures.append(Failure(("members", key, "accountId"), f'must be the member\'s key, "{key}", or left out'))
        is_placed = reason is None and not isinstance(account, Boxed)
        place: str = account if is_placed else make_placeholder(len(keyed.by_account) + 1)
        keyed.by_account[place] = member
        keyed.program_keys[place] = key
    return keyed


def _split_account(entry: Any) -> tuple[Any, Any]:
    """Return a member without its account, and the account that it names (boxed if it is not known, or if the entry is not a member)."""
    if not isinstance(entry, dict):
        return entry, Boxed(None)
    # A member of pulumi-aws also has a status, which AWS decides.
    member = {name: value for name, value in entry.items() if name not in ("accountId", "account_id", "status")}
    return member, entry.get("accountId", entry.get("account_id"))


def _judge_account(account: object, others: Mapping[str, Any]) -> str | None:
    """Return the failure of an account id; None if the id is right or not known yet."""
    if isinstance(account, Boxed) or is_placeholder(account):
        return None
    if account is None:
        return "is required: the member's AWS account id, a string of 12 digits"
    violation = find_account_violation(account)
    if violation:
        return violation
    return f"account {account} is already a member, and a collaboration can invite an account only once" if account in others else None


def _unbox(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return {to_camel_case(name): _unbox(getattr(value, name)) for name in type(value).model_fields if name in value.model_fields_set}
    if isinstance(value, dict):
        return {key: _unbox(part) for key, part in sorted(value.items())}
    if isinstance(value, list):
        return sorted({item for item in value if isinstance(item, str)}) + [item.value for item in value if isinstance(item, Boxed)]
    return value.value if isinstance(value, Boxed) else value


def _explain(location: tuple[str | int, ...], error_type: str, message: str, program_keys: Mapping[str, str | int]) -> Failure:
    """Return an error of pydantic in our words, under the key that the program used."""
    if not location:  # pydantic does not name a key with a lone surrogate
        return Failure(("?",), _explain_unknown_name("?"))
    location = location[:-1] if _is_key(location) else location
    path: Path = tuple(to_camel_case(part) if isinstance(part, str) and part in PROPERTY_NAMES else part for part in location)
    if path == ("members",):
        return Failure(path, "must be a list of members, or a map of members keyed by account id")
    if path[0] == "members":
        path = _use_program_key(path, program_keys)
        if len(path) == len(("members", "account")):
            return Failure(path, _NO_MEMBER)
    if error_type == "extra_forbidden":
        return Failure(path, _explain_unknown_name(str(location[-1])))
    return Failure(path, _REASONS.get(error_type, message))


def _use_program_key(path: Path, program_keys: Mapping[str, str | int]) -> Path:
    """Return a path with the key or position that the program used for a member."""
    if path[0] != "members" or len(path) == 1:
        return path
    return ("members", program_keys.get(str(path[1]), path[1]), *path[2:])


def _explain_unknown_name(name: str) -> str:
    if name in PROPERTY_NAMES:
        return "is not a property at this place, or is declared in two spellings"
    nearest = difflib.get_close_matches(name, [*PROPERTY_NAMES, "connection"], n=1)
    hint = f'; did you mean "{nearest[0]}"?' if nearest else ""
    return f"is not a property of a collaboration{hint}"
