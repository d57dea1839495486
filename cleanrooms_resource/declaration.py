"""The declaration: what a program says of a collaboration, in canonical form.

Keys are spelled as boto3 spells them, members are a map keyed by account id, what AWS treats as a set is sorted, nothing is null, and nothing is
here that the program did not declare. The state stores this form as the resource's inputs, so it is what every preview compares and draws.

Names and shapes are those of CreateCollaborationRequest in botocore's model of Clean Rooms (2022-02-17).
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from typing import Annotated, Any, TypeVar, cast

from pydantic import (
    AfterValidator,
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
from pydantic_core import PydanticCustomError

from cleanrooms_resource.model import violation
from cleanrooms_resource.rules import refusals
from cleanrooms_resource.spelling import Failure, Path, camel_case
from cleanrooms_resource.unknowns import Boxed, boxed, is_placeholder, placeholder


def canonical(given: Mapping[str, Any]) -> tuple[dict[str, Any], list[Failure]]:
    """Return the canonical form of ``given``, and everything that is wrong with it.

    Values that are not known yet are kept where they are and never judged; a member whose account is not known yet stands under a placeholder.
    Never raises; with failures, the form is ``{}``. Canonical of canonical is itself.
    """
    properties: dict[str, Any] = boxed(given)
    failures: list[Failure] = []
    given_as: dict[str, str | int] = {}
    if isinstance(given.get("members"), Mapping):
        failures += [Failure(("members", account), _NO_MEMBER) for account, member in given["members"].items() if member is None]
    if "members" in properties:
        properties["members"] = _keyed_by_account(properties["members"], failures, given_as)
    try:
        declared = Declaration.model_validate(properties)
    except ValidationError as error:
        failures += [_failure(details["loc"], details["type"], details["msg"], given_as) for details in error.errors()]
    if failures:
        return {}, failures
    form = cast("dict[str, Any]", _unboxed(declared))
    refused = [Failure(_as_given(failure.path, given_as), failure.reason) for failure in refusals(form)]
    return ({}, refused) if refused else (form, [])


# The model


def _skip_unknown(value: Any, handler: ValidatorFunctionWrapHandler) -> Any:
    return value if isinstance(value, Boxed) else handler(value)


T = TypeVar("T")
Known = Annotated[T, WrapValidator(_skip_unknown)]

Text = Known[StrictStr]
Flag = Known[StrictBool]


def _of_shape(shape: str) -> AfterValidator:
    """A string within the limits of a shape of the model."""

    def conforms(value: Any) -> Any:
        if isinstance(value, str) and (reason := violation(shape, value)):
            raise PydanticCustomError("limit", "{reason}", {"reason": reason})
        return value

    return AfterValidator(conforms)


Abilities = Known[list[Annotated[Text, _of_shape("MemberAbility")]]]


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", alias_generator=camel_case, validate_by_name=True, validate_by_alias=True)


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
    custom_ml_member_abilities: Known[list[Annotated[Text, _of_shape("CustomMLMemberAbility")]]]


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
    display_name: Annotated[Text, _of_shape("DisplayName")]
    member_abilities: Abilities
    ml_member_abilities: Known[_MLAbilities | None] = None
    payment_configuration: Known[_Payment | None] = None


class Declaration(_Shape):
    """A declaration with its members keyed by account; ``canonical`` is the way in and out."""

    name: Annotated[Text, _of_shape("CollaborationName")]
    creator_display_name: Annotated[Text, _of_shape("DisplayName")]
    creator_member_abilities: Abilities
    query_log_status: Annotated[Text, _of_shape("CollaborationQueryLogStatus")]
    members: Known[dict[str, Known[_Member]]] = {}
    description: Annotated[Text | None, _of_shape("CollaborationDescription")] = None
    creator_ml_member_abilities: Known[_MLAbilities | None] = None
    creator_payment_configuration: Known[_Payment | None] = None
    data_encryption_metadata: Known[_DataEncryption | None] = None
    job_log_status: Annotated[Text | None, _of_shape("CollaborationJobLogStatus")] = None
    analytics_engine: Annotated[Text | None, _of_shape("AnalyticsEngine")] = None
    auto_approved_change_request_types: Known[list[Annotated[Text, _of_shape("AutoApprovedChangeType")]]] | None = None
    allowed_result_regions: Known[list[Annotated[Text, _of_shape("SupportedS3Region")]]] | None = None
    is_metrics_enabled: Flag | None = None
    tags: Known[dict[Annotated[str, _of_shape("TagKey")], Annotated[Text, _of_shape("TagValue")]]] = {}
    region: Text | None = None


_SHAPES = (Declaration, _Member, _DataEncryption, _MLAbilities, _Payment, _MachineLearningPayment, _Responsible)
_NAMES = sorted({spelling for shape in _SHAPES for name in shape.model_fields for spelling in (name, camel_case(name))})


# Into the model, and out of it


def _keyed_by_account(members: Any, failures: list[Failure], given_as: dict[str, str | int]) -> Any:
    """The members as a map keyed by account; ``given_as`` gets the key or position that the program used for each."""
    if not isinstance(members, dict | list):
        return members
    listed = isinstance(members, list)
    entries: dict[Any, Any] = dict(enumerate(members)) if isinstance(members, list) else members
    keyed: dict[str, Any] = {}
    for key, given in entries.items():
        member, named = _taken_apart(given)
        account = named if listed else key
        if reason := _wrong_account(account, keyed):
            failures.append(Failure(("members", key, "accountId") if listed else ("members", key), reason))
        if isinstance(given, dict) and given.keys() >= {"accountId", "account_id"}:
            failures.append(Failure(("members", key, "accountId"), "is declared in two spellings"))
        if not listed and named not in (None, key) and not isinstance(named, Boxed):
            failures.append(Failure(("members", key, "accountId"), f'must be the member\'s key, "{key}", or left out'))
        place: str = placeholder(len(keyed) + 1) if reason or isinstance(account, Boxed) else account
        keyed[place] = member
        given_as[place] = key
    return keyed


def _taken_apart(given: Any) -> tuple[Any, Any]:
    """A member without its account, and the account that it names (boxed where nobody knows, or where this is no member at all)."""
    if not isinstance(given, dict):
        return given, Boxed(None)
    # pulumi-aws's members have a status too, which is AWS's to decide.
    member = {name: value for name, value in given.items() if name not in ("accountId", "account_id", "status")}
    return member, given.get("accountId", given.get("account_id"))


def _wrong_account(account: object, others: Mapping[str, Any]) -> str | None:
    if isinstance(account, Boxed) or is_placeholder(account):
        return None
    if account is None:
        return "is required: the member's AWS account id, a string of 12 digits"
    if not isinstance(account, str) or not re.fullmatch(r"[0-9]{12}", account):
        # What YAML makes of an account without quotes: an exponent, or another number where it begins with 0.
        spoilt = re.fullmatch(r"[0-9.]+(e\+?[0-9]+)?", str(account))
        return "must be an AWS account id, a string of 12 digits" + "; in YAML, quote it" * bool(spoilt)
    return f"{account} is a member already; an account is invited once" if account in others else None


def _unboxed(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return {camel_case(name): _unboxed(getattr(value, name)) for name in type(value).model_fields if name in value.model_fields_set}
    if isinstance(value, dict):
        return {key: _unboxed(inner) for key, inner in sorted(value.items())}
    if isinstance(value, list):
        return sorted({item for item in value if isinstance(item, str)}) + [item.value for item in value if isinstance(item, Boxed)]
    return value.value if isinstance(value, Boxed) else value


_NO_MEMBER = "must be a member: a map with displayName and memberAbilities"
_REASONS = {
    "missing": "is required",
    "string_type": "must be a string",
    "bool_type": "must be true or false",
    "list_type": "must be a list of strings",
    "dict_type": "must be a map",
    "model_type": "must be a map",
}


def _failure(location: tuple[str | int, ...], kind: str, message: str, given_as: Mapping[str, str | int]) -> Failure:
    """What pydantic says, in our words and under the key that the program used."""
    if not location:  # pydantic does not name a key with a lone surrogate
        return Failure(("?",), _unknown_name("?"))
    if location[0] in ("members", "tags"):
        location = location[:2] if location[2:] == ("[key]",) else location  # the key of a map itself
    path: Path = tuple(camel_case(part) if isinstance(part, str) and part in _NAMES else part for part in location)
    if path == ("members",):
        return Failure(path, "must be a list of members, or a map of them keyed by account id")
    if path[0] == "members":
        path = _as_given(path, given_as)
        if len(path) == len(("members", "account")):
            return Failure(path, _NO_MEMBER)
    return Failure(path, _unknown_name(str(location[-1])) if kind == "extra_forbidden" else _REASONS.get(kind, message))


def _as_given(path: Path, given_as: Mapping[str, str | int]) -> Path:
    """A path with the key or position that the program used for a member."""
    return ("members", given_as.get(str(path[1]), path[1]), *path[2:]) if path[0] == "members" and len(path) > 1 else path


def _unknown_name(name: str) -> str:
    if name in _NAMES:
        return "is no property here, or is declared in two spellings"
    near = difflib.get_close_matches(name, _NAMES, n=1)
    return f'is no property of a collaboration; did you mean "{near[0]}"?' if near else "is no property of a collaboration"
