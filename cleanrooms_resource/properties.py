"""The table of properties, and the changes between two declarations.

A row says what AWS lets us do with a property once the collaboration exists. The table decides; check, diff, update and read obey it.
Sources: botocore's model of UpdateCollaboration (its members are all that changes in place), TagResource and UntagResource; the rest of
CreateCollaboration can only be set when a collaboration is made (https://docs.aws.amazon.com/clean-rooms/latest/apireference/API_CreateCollaboration.html).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, Final

from cleanrooms_resource.unknowns import is_known

if TYPE_CHECKING:
    from collections.abc import Mapping

DECLARED: Final = "__declared"
"""The output that names what was declared; Read and Diff are given old outputs, never old inputs."""

IGNORED: Final = "__ignoreChanges"
"""The hidden input that names what ``ignore_changes`` covers of the properties that replace; Check and Diff are not told otherwise."""

NAMED: Final = "__name"
"""The hidden input that has the resource's name where the program gives the collaboration none."""


class Change(Enum):
    """What a changed property means for a collaboration that exists."""

    IN_PLACE = "UpdateCollaboration"
    TAGS = "TagResource, UntagResource"
    REPLACE = "a replacement: a new collaboration, which every member must join again"


class Absent(Enum):
    """What leaving an optional property out means where that is not a value."""

    AWS_CHOOSES = "AWS decides, and whatever it decides is right"


@dataclass(frozen=True, slots=True)
class Property:
    """A row of the table: ``about`` says what the property is.

    ``default`` is what leaving the property out means (AWS's documented default, ``None`` where there is none). ``in_place_from`` narrows an in-place
    change to one old value. ``sparse``: inside this property, what is left out means false or empty. ``response`` is its name in the response's
    ``collaboration``, where it has another one.
    """

    name: str
    about: str
    change: Change
    default: Any = None
    in_place_from: str | None = None
    sparse: bool = False
    response: str = ""

    def means(self, value: Any) -> Any:
        """``value`` reduced to its meaning: two values are the same to AWS when these are equal."""
        value = self.default if value is None else value
        return _without_defaults(value) if self.sparse else value

    def kind(self, old: Any) -> Change:
        """What changing the property away from ``old`` means."""
        return Change.REPLACE if self.in_place_from not in (None, old) else self.change


TABLE: Final = {
    row.name: row
    for row in (
        Property("name", "What the collaboration is called; names are not unique. Left out, it is the resource's name.", Change.IN_PLACE),
        Property("description", "What it is for.", Change.IN_PLACE, default=""),
        # AWS takes a collaboration from CLEAN_ROOMS_SQL to SPARK and never back.
        Property("analyticsEngine", "What runs its analyses.", Change.IN_PLACE, default=Absent.AWS_CHOOSES, in_place_from="CLEAN_ROOMS_SQL"),
        Property("tags", "Its tags.", Change.TAGS, default={}),
        Property(
            "members", "Who is invited, the creator not among them: a map keyed by account id, or a list.", Change.REPLACE, default={}, sparse=True
        ),
        Property("creatorDisplayName", "What the account that makes it is called in it.", Change.REPLACE),
        Property("creatorMemberAbilities", "What the creator may do.", Change.REPLACE),
        Property("creatorMLMemberAbilities", "Which machine learning output the creator receives.", Change.REPLACE, default={}, sparse=True),
        Property("creatorPaymentConfiguration", "What the creator pays for.", Change.REPLACE, default={}, sparse=True),
        Property("dataEncryptionMetadata", "The settings of Cryptographic Computing for Clean Rooms.", Change.REPLACE),
        Property("queryLogStatus", "Whether queries are logged.", Change.REPLACE),
        Property("jobLogStatus", "Whether jobs are logged.", Change.REPLACE, default="DISABLED"),
        Property(
            "autoApprovedChangeRequestTypes",
            "Which change requests need no approval.",
            Change.REPLACE,
            default=[],
            response="autoApprovedChangeTypes",
        ),
        Property("allowedResultRegions", "The regions in which results may be stored.", Change.REPLACE, default=Absent.AWS_CHOOSES),
        Property("isMetricsEnabled", "Whether members can have CloudWatch metrics of their queries.", Change.REPLACE, default=False),
        # No parameter of the request, but where it is sent.
        Property("region", "Where the collaboration is made. Left out, where the stack's settings say.", Change.REPLACE, default=Absent.AWS_CHOOSES),
    )
}


@dataclass(frozen=True, slots=True)
class Changed:
    """A property that differs in meaning; ``old`` and ``new`` are values in canonical form, the default where one was left out."""

    name: str
    kind: Change
    old: Any
    new: Any


def declared(outputs: Mapping[str, Any]) -> dict[str, Any]:
    """The declaration that these outputs were made from, at the values last seen."""
    return {name: outputs[name] for name in outputs.get(DECLARED, ()) if name in outputs}


def changes(outputs: Mapping[str, Any], declaration: Mapping[str, Any]) -> list[Changed]:
    """What differs in meaning between a collaboration (its outputs) and a declaration (canonical, perhaps not all known), in the table's order.

    A property that neither the old declaration nor the new one names is not compared: AWS filled it in. What is not known yet counts as changed.
    """
    before = declared(outputs)
    found = []
    for row in TABLE.values():
        old = outputs.get(row.name, outputs.get(row.response or row.name, row.default))
        if row.name in declaration:
            new = declaration[row.name]
        elif row.name in before and row.default is not Absent.AWS_CHOOSES:
            new = row.default
        else:
            continue
        if not is_known(new) or row.means(old) != row.means(new):
            found.append(Changed(row.name, row.kind(old), old, new))
    return found


def _without_defaults(value: Any) -> Any:
    """Drop what says no more than leaving it out: false, an empty list, a map of nothing but those."""
    if not isinstance(value, dict):
        return value
    reduced = {key: _without_defaults(inner) for key, inner in value.items()}
    return {key: inner for key, inner in reduced.items() if inner not in (False, [], {})}
