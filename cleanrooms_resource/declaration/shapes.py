"""The shapes of a declaration.

Names and shapes are those of CreateCollaborationRequest in botocore's model of Clean Rooms (2022-02-17).
"""

from __future__ import annotations

import difflib
from functools import partial
from typing import TYPE_CHECKING, Final

from cleanrooms_resource.declaration.limits import find_violation
from cleanrooms_resource.declaration.spelling import find_nearest
from cleanrooms_resource.declaration.structure import (
    Flag,
    MapOf,
    Part,
    SetOf,
    Structure,
    Text,
    list_parts,
)
from cleanrooms_resource.table import ChangeRequestMode

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cleanrooms_resource.declaration.structure import Shape


def _limit(shape: str) -> Text:
    """Return the shape of a string within the limits of a shape of botocore's model."""
    return Text(partial(find_violation, shape))


def _find_wrong_mode(text: str) -> str | None:
    modes = [mode.value for mode in ChangeRequestMode]
    if text in modes:
        return None
    nearest = find_nearest(text, modes)
    hint = f'; did you mean "{nearest}"?' if nearest else ""
    return f"must be one of {', '.join(modes)}{hint}"


def _explain_unknown_name(name: str) -> str:
    if name in PROPERTY_NAMES:
        return "is not a property at this place"
    nearest = difflib.get_close_matches(name, [*PROPERTY_NAMES, "connection"], n=1)
    hint = f'; did you mean "{nearest[0]}"?' if nearest else ""
    return f"is not a property of a collaboration{hint}"


def _structure(
    noun: str, required: Mapping[str, Shape], optional: Mapping[str, Shape], **spelled: Part
) -> Structure:
    return Structure(
        list_parts(required, optional) | spelled, _explain_unknown_name, f"Collaboration{noun}Args"
    )


_ABILITIES: Final = SetOf(_limit("MemberAbility"))


def _responsibility(cost: str) -> Structure:
    return _structure(f"{cost}PaymentConfig", {"isResponsible": Flag()}, {})


_ML_PAYMENT: Final = _structure(
    "MlPaymentConfig",
    {},
    {
        "modelTraining": _responsibility("ModelTraining"),
        "modelInference": _responsibility("ModelInference"),
        "syntheticDataGeneration": _responsibility("SyntheticDataGeneration"),
    },
)
_PAYMENT: Final = _structure(
    "PaymentConfiguration",
    {"queryCompute": _responsibility("QueryCompute")},
    {"machineLearning": _ML_PAYMENT, "jobCompute": _responsibility("JobCompute")},
)
_ML_ABILITIES: Final = _structure(
    "MlMemberAbilities", {"customMLMemberAbilities": SetOf(_limit("CustomMLMemberAbility"))}, {}
)
_DATA_ENCRYPTION: Final = _structure(
    "DataEncryptionMetadata",
    dict.fromkeys(
        ("allowDuplicates", "allowJoinsOnColumnsWithDifferentNames", "preserveNulls"), Flag()
    ),
    {},
    # pulumi-aws has another spelling of this name.
    allowCleartext=Part(
        Flag(), is_required=True, other_spellings=("allowClearText", "allow_clear_text")
    ),
)

MEMBER: Final = _structure(
    "Member",
    {"displayName": _limit("DisplayName"), "memberAbilities": _ABILITIES},
    {"mlMemberAbilities": _ML_ABILITIES, "paymentConfiguration": _PAYMENT},
)
"""A member without its account id, which is its key."""

DECLARATION: Final = _structure(
    "",
    {
        "name": _limit("CollaborationName"),
        "creatorDisplayName": _limit("DisplayName"),
        "creatorMemberAbilities": _ABILITIES,
        "queryLogStatus": _limit("CollaborationQueryLogStatus"),
    },
    {
        "description": _limit("CollaborationDescription"),
        "creatorMLMemberAbilities": _ML_ABILITIES,
        "creatorPaymentConfiguration": _PAYMENT,
        "dataEncryptionMetadata": _DATA_ENCRYPTION,
        "jobLogStatus": _limit("CollaborationJobLogStatus"),
        "analyticsEngine": _limit("AnalyticsEngine"),
        "autoApprovedChangeRequestTypes": SetOf(_limit("AutoApprovedChangeType")),
        "allowedResultRegions": SetOf(_limit("SupportedS3Region")),
        "isMetricsEnabled": Flag(),
        "tags": MapOf(_limit("TagKey"), _limit("TagValue")),
        "region": Text(),
        "changeRequests": Text(_find_wrong_mode),
        "removeMembers": Flag(),
    },
)
"""A declaration without its members and its connection."""

_STRUCTURES: Final = (
    DECLARATION,
    MEMBER,
    _DATA_ENCRYPTION,
    _ML_ABILITIES,
    _PAYMENT,
    _ML_PAYMENT,
    _responsibility("QueryCompute"),
)
PROPERTY_NAMES: Final = frozenset(
    {"members", *(spelling for structure in _STRUCTURES for spelling in structure.names)}
)
"""Every property name of a declaration and of its parts, in every spelling."""
