"""The live collaboration: what reads return, as outputs and as inputs of the resource.

AWS answers in other shapes than it is asked: payments come back with every leg, abilities in any order, the creator among the members, fields under
other names. Only what the program declared is compared, so that what AWS filled in never shows as a change.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from cleanrooms_resource.properties import DECLARED, TABLE, Absent, Changed, Property, changes

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Live:
    """A collaboration as AWS has it: GetCollaboration's ``collaboration``, ListMembers' ``memberSummaries``, ListTagsForResource's ``tags``."""

    collaboration: Mapping[str, Any]
    members: list[Mapping[str, Any]]
    tags: Mapping[str, str] | None
    """None where they may not be read."""

    def declared(self, before: Mapping[str, Any], region: str) -> dict[str, Any]:
        """The properties named in ``before``, at their live values, in canonical form; a value that means the same keeps its form in ``before``."""
        now = {"region": region} | self._properties()
        return {name: value for name, old in before.items() if (value := _seen(TABLE[name], old, now.get(name))) is not None}

    def differences(self, declaration: Mapping[str, Any], region: str) -> list[Changed]:
        """What is other than declared, where leaving a property out means its default; ``old`` is what is there."""
        whole = {row.name: row.default for row in TABLE.values() if row.default is not Absent.AWS_CHOOSES} | dict(declaration)
        found = self.declared(whole, region)
        return changes({**found, DECLARED: sorted(whole)}, whole)

    def everything(self, region: str) -> dict[str, Any]:
        """All that was read, as the outputs of a resource that nobody declared here."""
        found = self._properties()
        found["members"] = {account: _minimal(member) for account, member in found["members"].items()}
        shown = outputs(self.collaboration, found, region, self.statuses(), self.own_tags())
        hidden = {DECLARED} if self.tags is not None else {DECLARED, "tags", "tagsAll"}
        return {name: value for name, value in shown.items() if name not in hidden}

    def statuses(self) -> dict[str, str]:
        """The members' accounts to INVITED, ACTIVE, LEFT or REMOVED; the creator's own is the output ``memberStatus``."""
        return {member["accountId"]: member["status"] for member in self._invited()}

    def own_tags(self) -> dict[str, str]:
        """The tags but those AWS sets itself (``aws:``)."""
        return {key: value for key, value in sorted((self.tags or {}).items()) if not key.startswith("aws:")}

    def _invited(self) -> list[Mapping[str, Any]]:
        creator = self.collaboration["creatorAccountId"]
        return sorted((member for member in self.members if member["accountId"] != creator), key=lambda member: str(member["accountId"]))

    def _properties(self) -> dict[str, Any]:
        found = {name: self.collaboration.get(row.response or name) for name, row in TABLE.items()}
        found |= {"members": {member["accountId"]: _member(member) for member in self._invited()}, "tags": self.own_tags()}
        creator = self.collaboration["creatorAccountId"]
        for member in self.members:
            if member["accountId"] == creator:
                found["creatorMemberAbilities"] = member["abilities"]
                found["creatorMLMemberAbilities"] = member.get("mlAbilities")
                found["creatorPaymentConfiguration"] = member["paymentConfiguration"]
        return {name: _plain(value) for name, value in found.items() if value is not None}


def outputs(
    collaboration: Mapping[str, Any], declaration: Mapping[str, Any], region: str, statuses: Mapping[str, str], tags: Mapping[str, str]
) -> dict[str, Any]:
    """The resource's outputs: the response's fields under AWS's names, overlaid by the declared properties; and which those are."""
    return {
        **response_fields(collaboration),
        "region": region,
        "memberStatuses": dict(statuses),
        "tagsAll": dict(tags),
        **declaration,
        DECLARED: sorted(declaration),
    }


def response_fields(collaboration: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a response's ``collaboration`` (but ``id``, which is the resource's), times as ISO 8601 in UTC, lists sorted."""
    return {name: _plain(value) for name, value in collaboration.items() if name != "id" and value is not None}


def _member(summary: Mapping[str, Any]) -> dict[str, Any]:
    """A member summary in the names of the request."""
    member = {
        "displayName": summary["displayName"],
        "memberAbilities": summary["abilities"],
        "mlMemberAbilities": summary.get("mlAbilities"),
        "paymentConfiguration": summary.get("paymentConfiguration"),
    }
    return {name: value for name, value in member.items() if value is not None}


def _plain(value: Any) -> Any:
    """JSON values; every list that Clean Rooms returns is a set, so it is sorted."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return sorted(value) if all(isinstance(item, str) for item in value) else [_plain(item) for item in value]
    return value


def _seen(row: Property, old: Any, now: Any) -> Any:
    """One declared property as it is live, in the form it was declared in where it means the same; None for not there."""
    if now is None and row.default is Absent.AWS_CHOOSES:
        return old
    if row.name == "members":
        return {account: _narrowed(old[account], member) if account in old else _minimal(member) for account, member in (now or {}).items()}
    if row.sparse:
        return _narrowed(old, now)
    now = row.default if now is None else now
    return old if row.means(old) == row.means(now) else now


def _narrowed(old: Any, now: Any) -> Any:
    """``now``, with no more payment legs than ``old`` has.

    AWS makes the member who queries the payer of what nobody was declared to pay. A leg that was not declared is therefore never drift: taken for it,
    the next preview would replace the collaboration over AWS's own default.
    """
    if isinstance(old, dict):
        now = now or {}
        narrowed = {key: _narrowed(inner, now.get(key)) for key, inner in old.items()}
        granted = {key: now[key] for key in _ABILITIES if now.get(key) and key not in old}
        return narrowed | granted
    if now is None:
        return False if isinstance(old, bool) else []
    return now


_ABILITIES = ("mlMemberAbilities", "customMLMemberAbilities")


def _minimal(member: dict[str, Any]) -> dict[str, Any]:
    """A member that was never declared, as somebody would declare it."""
    meaning = {"memberAbilities": [], **TABLE["members"].means(member)}
    if "paymentConfiguration" in meaning:
        meaning["paymentConfiguration"].setdefault("queryCompute", member["paymentConfiguration"]["queryCompute"])
    return meaning
