"""The table of properties: the change that AWS allows to each property of a collaboration that exists.

Check, diff, update and read follow the table. Sources: botocore's model of UpdateCollaboration (its members are all that changes in place),
TagResource and UntagResource. Every other parameter is set by CreateCollaboration
(https://docs.aws.amazon.com/clean-rooms/latest/apireference/API_CreateCollaboration.html). Where a program opts in, change requests and DeleteMember
change members as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping


class ChangeKind(Enum):
    """The change that AWS allows to a property of a collaboration that exists."""

    IN_PLACE = "UpdateCollaboration"
    TAGS = "TagResource, UntagResource"
    MEMBERS = "CreateCollaborationChangeRequest, DeleteMember"
    """The change of members in place, by the options below. No row has this kind by itself."""
    REPLACE = "a replacement: a new collaboration, which every member must join again"


class ChangeRequestMode(Enum):
    """The values of the option ``changeRequests``: when a change request changes members, in the place of a replacement."""

    NEVER = "NEVER"
    AUTO_APPROVED = "AUTO_APPROVED"
    PROPOSE = "PROPOSE"


class Default(Enum):
    """The meaning of an omitted property that no value expresses."""

    CHOSEN_BY_AWS = "AWS chooses the value, and any value is right"


@dataclass(frozen=True, slots=True)
class Property:
    """A row of the table. ``description`` is the documentation of the property.

    ``default`` is the meaning of an omitted property: AWS's documented default, or ``None`` where AWS documents none. ``in_place_from`` narrows a
    change in place to one old value. ``is_sparse``: in this property, false and empty parts mean the same as parts that are left out.
    ``response_name`` is the property's name in a response's ``collaboration``, if the two names differ. ``keys_are_data``: the keys of this map are
    account ids or tag keys, not property names. ``derived_outputs`` are the outputs that show this property's value under another name.
    ``in_place_options`` are the options by which a program allows a change in place, where AWS allows it. ``absence`` is the clause that says what
    leaving the property out means, where ``default`` does not say it. ``retired_values`` are the values that AWS takes for no new collaboration.
    """

    name: str
    description: str
    change_kind: ChangeKind
    default: Any = None
    in_place_from: str | None = None
    is_sparse: bool = False
    response_name: str = ""
    keys_are_data: bool = False
    derived_outputs: tuple[str, ...] = ()
    in_place_options: tuple[str, ...] = ()
    absence: str = ""
    retired_values: tuple[str, ...] = ()

    def reduce_to_meaning(self, value: Any) -> Any:
        """Return ``value`` without the parts that have no meaning. Two values mean the same to AWS if their reductions are equal."""
        value = self.default if value is None else value
        return _drop_empty_parts(value) if self.is_sparse else value

    def judge_change_from(self, old: Any) -> ChangeKind:
        """Return the change that AWS allows to this property if its value is ``old``."""
        return ChangeKind.REPLACE if self.in_place_from not in (None, old) else self.change_kind


TABLE: Final = {
    row.name: row
    for row in (
        Property(
            "name",
            "The name of the collaboration; names are not unique.",
            ChangeKind.IN_PLACE,
            absence="it is the resource's name in Pulumi",
        ),
        Property(
            "description", "A description of the collaboration.", ChangeKind.IN_PLACE, default=""
        ),
        Property(
            "analyticsEngine",
            "The engine that runs the collaboration's analyses.",
            ChangeKind.IN_PLACE,
            default=Default.CHOSEN_BY_AWS,
            # AWS takes a collaboration from CLEAN_ROOMS_SQL to SPARK and never back.
            in_place_from="CLEAN_ROOMS_SQL",
            # API_CreateCollaboration: no new collaboration has it after 2025-07-16; collaborations that have it keep it.
            retired_values=("CLEAN_ROOMS_SQL",),
        ),
        Property(
            "tags",
            "The tags of the collaboration.",
            ChangeKind.TAGS,
            default={},
            keys_are_data=True,
            derived_outputs=("tagsAll",),
        ),
        Property(
            "members",
            "The members that the collaboration invites; the creator is not one of them.",
            ChangeKind.REPLACE,
            default={},
            is_sparse=True,
            keys_are_data=True,
            derived_outputs=("memberStatuses", "openChangeRequests"),
            in_place_options=("changeRequests", "removeMembers"),
        ),
        Property(
            "creatorDisplayName",
            "The display name of the creator, the account that owns the collaboration.",
            ChangeKind.REPLACE,
        ),
        Property("creatorMemberAbilities", "The abilities of the creator.", ChangeKind.REPLACE),
        Property(
            "creatorMLMemberAbilities",
            "The machine learning output that the creator receives.",
            ChangeKind.REPLACE,
            default={},
            is_sparse=True,
        ),
        Property(
            "creatorPaymentConfiguration",
            "The costs that the creator pays.",
            ChangeKind.REPLACE,
            default={},
            is_sparse=True,
        ),
        Property(
            "dataEncryptionMetadata",
            "The settings of Cryptographic Computing for Clean Rooms.",
            ChangeKind.REPLACE,
        ),
        Property("queryLogStatus", "Whether the collaboration logs queries.", ChangeKind.REPLACE),
        Property(
            "jobLogStatus",
            "Whether the collaboration logs jobs.",
            ChangeKind.REPLACE,
            default="DISABLED",
        ),
        Property(
            "autoApprovedChangeRequestTypes",
            "The types of change requests that need no approval.",
            ChangeKind.REPLACE,
            default=[],
            response_name="autoApprovedChangeTypes",
            derived_outputs=("autoApprovedChangeTypes",),
            in_place_options=("changeRequests",),
        ),
        Property(
            "allowedResultRegions",
            "The regions in which results may be stored.",
            ChangeKind.REPLACE,
            default=Default.CHOSEN_BY_AWS,
        ),
        Property(
            "isMetricsEnabled",
            "Whether members can have CloudWatch metrics of their queries.",
            ChangeKind.REPLACE,
            default=False,
        ),
        # The region is not a parameter of the request: the request is sent to the region.
        Property(
            "region",
            "The region in which AWS creates the collaboration.",
            ChangeKind.REPLACE,
            default=Default.CHOSEN_BY_AWS,
            absence="it is the configured region",
        ),
    )
}


@dataclass(frozen=True, slots=True)
class Option:
    """An option of this package: a part of a declaration that AWS never gets. A changed option alone changes nothing."""

    name: str
    description: str
    default: Any


OPTIONS: Final = {
    option.name: option
    for option in (
        Option(
            "changeRequests",
            "Whether change requests change the members in place: ``NEVER``; ``AUTO_APPROVED``, where AWS approves every one of the changes "
            "by itself; or ``PROPOSE``, where other members have to approve some of them.",
            ChangeRequestMode.NEVER.value,
        ),
        Option(
            "removeMembers",
            "Whether a member that the program drops is removed from the collaboration (DeleteMember). AWS cannot invite a removed member again.",
            default=False,
        ),
    )
}


DERIVED_OUTPUTS: Final = {
    "tagsAll": "Every tag of the collaboration, without the tags that AWS itself sets.",
    "memberStatuses": "The invited accounts with INVITED, ACTIVE, LEFT or REMOVED, as of the last refresh.",
    "openChangeRequests": "The change requests of this resource that are PENDING, APPROVED or DENIED as of the last refresh.",
}
"""The outputs that neither a property nor a response's ``collaboration`` has under their names, each with its documentation."""

PROPERTIES_WITHOUT_RESPONSE: Final = frozenset(
    {
        "tags",
        "members",
        "creatorMemberAbilities",
        "creatorMLMemberAbilities",
        "creatorPaymentConfiguration",
        "autoApprovedChangeRequestTypes",
    }
)
"""The properties that no response's ``collaboration`` has under their names: only a declaration makes outputs of them."""


def without_options(declaration: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in declaration.items() if name in TABLE}


def get_option(declaration: Mapping[str, Any], name: str) -> Any:
    """Return the value of an option; its default where the option is left out or not known yet."""
    value, default = declaration.get(name), OPTIONS[name].default
    return value if type(value) is type(default) else default


def _drop_empty_parts(value: Any) -> Any:
    """Drop the parts that mean the same as leaving them out: false, an empty list, a map of only such parts."""
    if not isinstance(value, dict):
        return value
    reduced = {key: _drop_empty_parts(part) for key, part in value.items()}
    return {key: part for key, part in reduced.items() if part not in (False, [], {})}
