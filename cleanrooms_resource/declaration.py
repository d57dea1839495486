"""The declaration: what a program says of a collaboration, in canonical form.

Keys are spelled as boto3 spells them, members are a map keyed by account id, what AWS treats as a set is sorted, nothing is null, and nothing is
here that the program did not declare. The state stores this form as the resource's inputs, so it is what every preview compares and draws.

Names and shapes are those of CreateCollaborationRequest in botocore's model of Clean Rooms (2022-02-17).
"""

from __future__ import annotations

import difflib
import inspect
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar, cast

import pulumi
from pulumi.output import Unknown
from pydantic import (
    AliasChoices,
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    StrictStr,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)
from pydantic.alias_generators import to_camel

Path = tuple[str | int, ...]
"""Where a value stands: property names, keys of maps, positions in lists."""


@dataclass(frozen=True, slots=True)
class Failure:
    """One thing that is wrong with a declaration. ``path`` is in boto3's spelling; ``reason`` says what would be right."""

    path: Path
    reason: str

    def sentence(self, *, snake_case: bool = False) -> str:
        """``members["222233334444"].displayName: is required``, or with the program's own spelling of the names."""
        return f"{_spell(self.path, snake_case=snake_case)}: {self.reason}"

    def within(self, path: str) -> bool:
        """Whether this is about the property at ``path`` (boto3's spelling) or about a part of it."""
        spelled = _spell(self.path, snake_case=False)
        return path == "*" or spelled == path or spelled.startswith((f"{path}.", f"{path}["))


def canonical(given: Mapping[str, Any]) -> tuple[dict[str, Any], list[Failure]]:
    """Return the canonical form of ``given``, and everything that is wrong with it.

    Values that are not known yet (Outputs in the program, Unknowns in the provider) are kept where they are and never judged. A member whose account
    is not known yet stands under a placeholder. Never raises; with failures, the form is ``{}``. Canonical of canonical is itself.
    """
    properties: dict[str, Any] = _hide(given)
    failures: list[Failure] = []
    given_as: dict[str, str | int] = {}
    if "members" in properties:
        properties["members"] = _keyed_by_account(properties["members"], failures, given_as)
    try:
        declared = _Declaration.model_validate(properties)
    except ValidationError as error:
        failures += [_failure(details["loc"], details["type"], details["msg"], given_as) for details in error.errors()]
    if failures:
        return {}, failures
    return cast("dict[str, Any]", _shown(declared)), []


def camel_case(name: str) -> str:
    """``creator_account_id`` to ``creatorAccountId``, with ML as boto3 writes it."""
    return to_camel(name).replace("Ml", "ML")


def wire_name(name: str) -> str:
    """``creator_ml_member_abilities`` to ``creatorMLMemberAbilities``: boto3's spelling of a snake_case name; others are returned as they are."""
    return _WIRE_NAMES.get(name, name)


def wire_path(path: str) -> str:
    """A property path, as in ``ignore_changes``, in boto3's spelling. Account ids and tag keys in it are data and stay."""
    segments = re.findall(r'\["(?:[^"\\]|\\.)*"\]|\[[^\]]*\]|\.?[^.\[]+', path)
    if segments and segments[0] == "tags":
        return path
    return "".join(_respelt(segment) for segment in segments)


def is_placeholder(account: str) -> bool:
    """Whether this key of the members map stands for an account that is not known yet."""
    return account.startswith(_PLACEHOLDER)


def is_known(value: object) -> bool:
    """Whether nothing in ``value`` is left open until the deployment."""
    if isinstance(value, Mapping):
        return all(not is_placeholder(str(key)) and is_known(inner) for key, inner in value.items())
    if isinstance(value, list | tuple):
        return all(map(is_known, value))
    return not _is_open(value)


# --- The model -------------------------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Open:
    """A value not known yet, boxed: pydantic would ask an Output for attributes, and an Output has every attribute."""

    value: object


def _skip_open(value: Any, handler: ValidatorFunctionWrapHandler) -> Any:
    return value if isinstance(value, _Open) else handler(value)


T = TypeVar("T")
Known = Annotated[T, WrapValidator(_skip_open)]

Text = Known[StrictStr]
Flag = Known[StrictBool]
StringSet = Known[list[Known[StrictStr]]]


class _Shape(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
        alias_generator=camel_case,
        validate_by_name=True,
        validate_by_alias=True,
    )


class _Responsible(_Shape):
    is_responsible: Flag


class _MachineLearningPayment(_Shape):
    model_training: Known[_Responsible | None] = None
    model_inference: Known[_Responsible | None] = None
    synthetic_data_generation: Known[_Responsible | None] = None


class _Payment(_Shape):
    query_compute: Known[_Responsible]
    machine_learning: Known[_MachineLearningPayment | None] = None
    job_compute: Known[_Responsible | None] = None


class _MLAbilities(_Shape):
    custom_ml_member_abilities: StringSet


class _DataEncryption(_Shape):
    # pulumi-aws spells the first one its own way.
    allow_cleartext: Annotated[
        Flag,
        Field(validation_alias=AliasChoices("allowCleartext", "allowClearText", "allow_clear_text"), serialization_alias="allowCleartext"),
    ]
    allow_duplicates: Flag
    allow_joins_on_columns_with_different_names: Flag
    preserve_nulls: Flag


class _Member(_Shape):
    display_name: Text
    member_abilities: StringSet
    ml_member_abilities: Known[_MLAbilities | None] = None
    payment_configuration: Known[_Payment | None] = None


class _Declaration(_Shape):
    name: Text
    creator_display_name: Text
    creator_member_abilities: StringSet
    query_log_status: Text
    members: Known[dict[str, Known[_Member]]] = {}
    description: Text | None = None
    creator_ml_member_abilities: Known[_MLAbilities | None] = None
    creator_payment_configuration: Known[_Payment | None] = None
    data_encryption_metadata: Known[_DataEncryption | None] = None
    job_log_status: Text | None = None
    analytics_engine: Text | None = None
    auto_approved_change_request_types: StringSet | None = None
    allowed_result_regions: StringSet | None = None
    is_metrics_enabled: Flag | None = None
    tags: Known[dict[str, Text]] = {}
    region: Text | None = None


_SHAPES = (_Declaration, _Member, _DataEncryption, _MLAbilities, _Payment, _MachineLearningPayment, _Responsible)
_WIRE_NAMES = {"account_id": "accountId"} | {
    name: str(field.serialization_alias) for shape in _SHAPES for name, field in shape.model_fields.items()
}
_SNAKE_NAMES = {wire: name for name, wire in _WIRE_NAMES.items()}
_MAPS = ("members", "tags")
_PLACEHOLDER = "(known after apply"


# --- Into the model ----------------------------------------------------------------------------------------------------------------------------------


def _is_open(value: object) -> bool:
    return isinstance(value, Unknown | pulumi.Output) or inspect.isawaitable(value)


def _hide(value: Any) -> Any:
    """Box what is not known, drop what is null."""
    if _is_open(value):
        return _Open(value)
    if isinstance(value, Mapping):
        return {key: _hide(inner) for key, inner in value.items() if inner is not None}
    if isinstance(value, list | tuple):
        return [_hide(inner) for inner in value]
    return value


def _keyed_by_account(members: Any, failures: list[Failure], given_as: dict[str, str | int]) -> Any:
    """The members as a map keyed by account; ``given_as`` gets the key or position that the program used for each."""
    if isinstance(members, Mapping):
        given = [(("members", key), key, member) for key, member in members.items()]
    elif isinstance(members, list):
        given = [(("members", index), None, member) for index, member in enumerate(members)]
    else:
        return members
    keyed: dict[str, Any] = {}
    for path, key, member in given:
        account = key
        if isinstance(member, dict):
            inner = member.get("accountId", member.get("account_id", _Open(None) if key else None))
            # pulumi-aws's members have a status, which AWS decides.
            member = {name: value for name, value in member.items() if name not in ("accountId", "account_id", "status")}
            if key is None:
                account = inner
            elif not isinstance(inner, _Open) and inner != key:
                failures.append(Failure((*path, "accountId"), f'must be the member\'s key, "{key}", or left out'))
        elif isinstance(member, _Open) and key is None:
            account = member
        reason = None if isinstance(member, _Open) and key is None else _wrong_account(account, keyed)
        if reason and (isinstance(member, dict) or key is not None):
            failures.append(Failure(path if key is not None else (*path, "accountId"), reason))
        if reason or isinstance(account, _Open):
            account = f"{_PLACEHOLDER} {len(keyed) + 1})"
        keyed[account] = member
        given_as[account] = path[1]
    return keyed


def _wrong_account(account: object, others: Mapping[str, Any]) -> str | None:
    if isinstance(account, _Open) or (isinstance(account, str) and is_placeholder(account)):
        return None
    if account is None:
        return "is required: the member's AWS account id, a string of 12 digits"
    if isinstance(account, int | float):
        return "must be a string of 12 digits, in quotes: a number loses its leading zeros"
    if not isinstance(account, str) or not re.fullmatch(r"[0-9]{12}", account):
        return "must be an AWS account id, a string of 12 digits"
    if account in others:
        return f"{account} is a member already; an account is invited once"
    return None


# --- Out of the model --------------------------------------------------------------------------------------------------------------------------------


def _shown(value: Any) -> Any:
    if isinstance(value, BaseModel):
        fields = type(value).model_fields
        return {_WIRE_NAMES[name]: _shown(getattr(value, name)) for name in fields if name in value.model_fields_set}
    if isinstance(value, dict):
        return {key: _shown(inner) for key, inner in sorted(value.items())}
    if isinstance(value, list):
        return sorted({item for item in value if isinstance(item, str)}) + [item.value for item in value if isinstance(item, _Open)]
    return value.value if isinstance(value, _Open) else value


_REASONS = {
    "missing": "is required",
    "string_type": "must be a string",
    "bool_type": "must be true or false",
    "list_type": "must be a list of strings",
    "dict_type": "must be a map",
    "model_type": "must be a map",
}


def _failure(location: tuple[str | int, ...], kind: str, message: str, given_as: Mapping[str, str | int]) -> Failure:
    path: Path = tuple(wire_name(part) if isinstance(part, str) else part for part in location)
    if path[:1] == ("members",) and len(path) > 1:
        path = ("members", given_as.get(str(path[1]), path[1]), *path[2:])
        if path == ("members",) + path[1:2] and kind in ("model_type", "dict_type"):
            return Failure(path, "must be a member: a map with displayName and memberAbilities")
    if path == ("members",):
        return Failure(path, "must be a list of members, or a map of them keyed by account id")
    if kind == "extra_forbidden":
        return Failure(path, _unknown_name(str(location[-1])))
    return Failure(path, _REASONS.get(kind, message))


def _unknown_name(name: str) -> str:
    if name in _WIRE_NAMES or name in _SNAKE_NAMES:
        return "is no property here, or is declared in two spellings"
    near = difflib.get_close_matches(name, [*_SNAKE_NAMES, *_WIRE_NAMES], n=1)
    return f'is no property of a collaboration; did you mean "{near[0]}"?' if near else "is no property of a collaboration"


def _spell(path: Path, *, snake_case: bool) -> str:
    sentence = ""
    for before, part in zip(("", *path), path, strict=False):
        if isinstance(part, int):
            sentence += f"[{part}]"
        elif before in _MAPS:
            sentence += f'["{part}"]'
        else:
            name = _SNAKE_NAMES.get(part, part) if snake_case else part
            sentence += f".{name}" if sentence else name
    return sentence


def _respelt(segment: str) -> str:
    if segment.startswith("["):
        return segment
    dot = "." if segment.startswith(".") else ""
    return dot + wire_name(segment.removeprefix("."))
