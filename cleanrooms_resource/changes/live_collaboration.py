"""The live collaboration: the answers of AWS to a read, as outputs and as inputs of the resource.

AWS answers in other shapes than those of the request: payment configurations come back with every leg, abilities in any order, the creator
among the members, and fields under other names. Only declared properties are compared, so that values that AWS filled in never show as a change.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from cleanrooms_resource.changes.change_requests import is_made
from cleanrooms_resource.changes.diff import PropertyChange, diff_declarations
from cleanrooms_resource.changes.known_collaboration import DEPARTED
from cleanrooms_resource.changes.payments import keep_declared_legs
from cleanrooms_resource.hidden_keys import DECLARED_NAMES, LIVE_PROPERTIES, READ_AT
from cleanrooms_resource.pulumi_sdk import mark_secret
from cleanrooms_resource.table import TABLE, ChangeKind, Default, Property, without_options

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cleanrooms_resource.changes.change_requests import RequestedChange

_ML_ABILITIES = ("mlMemberAbilities", "customMLMemberAbilities")


@dataclass(frozen=True, slots=True)
class LiveCollaboration:
    """A collaboration as AWS has it: GetCollaboration's ``collaboration``, ListMembers' ``memberSummaries``, ListTagsForResource's ``tags``."""

    collaboration: Mapping[str, Any]
    members: list[Mapping[str, Any]]
    tags: Mapping[str, str] | None
    """The tags, or None where the caller may not read them."""

    def update_declaration(self, declaration: Mapping[str, Any], region: str) -> dict[str, Any]:
        return update_declaration(declaration, self.list_properties(region))

    def list_drift(self, declaration: Mapping[str, Any], region: str) -> dict[str, Any]:
        """Return the live values of properties that were never declared, that AWS changes in place, and that are not at their defaults."""
        live = self.list_properties(region)
        undeclared = (
            row
            for row in TABLE.values()
            if row.name not in declaration and row.change_kind is not ChangeKind.REPLACE
        )
        return {
            row.name: live[row.name]
            for row in undeclared
            if row.default is not Default.CHOSEN_BY_AWS
            and live.get(row.name, row.default) != row.default
        }

    def list_properties(self, region: str) -> dict[str, Any]:
        """Return every property of the table that AWS has, in canonical form; payment configurations with every leg."""
        properties = {
            name: self.collaboration.get(row.response_name or name) for name, row in TABLE.items()
        }
        properties |= {"region": region, "tags": self.list_own_tags()}
        own = {name: _to_json(value) for name, value in properties.items() if value is not None}
        return own | read_members(self.members, self.collaboration["creatorAccountId"])

    def list_differences(self, declaration: Mapping[str, Any], region: str) -> list[PropertyChange]:
        """Return the changes to a declaration in which an omitted property means its default. Members who have departed are not compared."""
        complete = {
            row.name: row.default
            for row in TABLE.values()
            if row.default is not Default.CHOSEN_BY_AWS
        } | dict(declaration)
        live = self.update_declaration(complete, region)
        members = complete["members"] or {}
        departed = {
            account for account, status in self.member_statuses().items() if status in DEPARTED
        }
        undeclared = {
            account: _reduce_member(member)
            for account, member in self.list_properties(region)["members"].items()
            if account not in members
        }
        live["members"] = {
            account: member
            for account, member in (live["members"] | undeclared).items()
            if account not in departed
        }
        complete["members"] = {
            account: member for account, member in members.items() if account not in departed
        }
        return diff_declarations(live, complete)

    def list_outputs_of_get(self, region: str) -> dict[str, Any]:
        """Return the whole collaboration as the outputs of a resource that this stack does not own."""
        properties = self.list_properties(region)
        properties["members"] = {
            account: _reduce_member(member) for account, member in properties["members"].items()
        }
        outputs = {
            **read_response(self.collaboration),
            "memberStatuses": self.member_statuses(),
            "tagsAll": self.list_own_tags(),
            **properties,
        }
        return (
            outputs
            if self.tags is not None
            else {name: value for name, value in outputs.items() if name not in ("tags", "tagsAll")}
        )

    def member_statuses(self) -> dict[str, str]:
        """Return the invited accounts with INVITED, ACTIVE, LEFT or REMOVED; the creator's status is the output ``memberStatus``."""
        return list_statuses(self.members, self.collaboration["creatorAccountId"])

    def list_own_tags(self) -> dict[str, str]:
        """Return the tags without those that AWS itself sets (``aws:``)."""
        return {
            key: value
            for key, value in sorted((self.tags or {}).items())
            if not key.startswith("aws:")
        }


@dataclass(frozen=True, slots=True)
class Reading:
    """Every property of the table as AWS has it, and the time of the read, as ISO 8601 in UTC."""

    properties: Mapping[str, Any]
    read_at: str

    def to_outputs(self) -> dict[str, Any]:
        """Return the hidden outputs that keep the reading."""
        return {
            LIVE_PROPERTIES: mark_secret(json.dumps(dict(self.properties))),
            READ_AT: self.read_at,
        }


def update_declaration(declaration: Mapping[str, Any], live: Mapping[str, Any]) -> dict[str, Any]:
    """Return the declared properties and members at their ``live`` values. A live value that means the same keeps the declared form."""
    updated = {
        name: _read_property(TABLE[name], declared, live.get(name))
        for name, declared in declaration.items()
    }
    return keep_declared_legs(
        {name: value for name, value in updated.items() if value is not None}, declaration, live
    )


def list_statuses(summaries: Iterable[Mapping[str, Any]], creator: str) -> dict[str, str]:
    """Return the status of each invited account, from ListMembers' ``memberSummaries``."""
    return {
        each["accountId"]: each["status"]
        for each in sorted(summaries, key=lambda each: str(each["accountId"]))
        if each["accountId"] != creator
    }


def read_members(summaries: Iterable[Mapping[str, Any]], creator: str) -> dict[str, Any]:
    """Return the properties that ListMembers' ``memberSummaries`` show, in canonical form; payment configurations with every leg."""
    properties: dict[str, Any] = {"members": {}}
    for summary in sorted(summaries, key=lambda each: str(each["accountId"])):
        if summary["accountId"] != creator:
            properties["members"][summary["accountId"]] = _rename_member_fields(summary)
            continue
        properties["creatorMemberAbilities"] = summary["abilities"]
        properties["creatorMLMemberAbilities"] = summary.get("mlAbilities")
        properties["creatorPaymentConfiguration"] = summary["paymentConfiguration"]
    return {name: _to_json(value) for name, value in properties.items() if value is not None}


def has_change(summaries: Iterable[Mapping[str, Any]], change: RequestedChange) -> bool:
    """Whether ListMembers' ``memberSummaries`` show the result of a change. They show no change of the collaboration itself."""
    summary = next((each for each in summaries if each["accountId"] == change.account), None)
    if summary is not None and summary["status"] in DEPARTED:
        # AWS changes nothing about a member who departed, so there is nothing to wait for.
        return True
    return is_made(None if summary is None else _rename_member_fields(summary), change)


def has_types(collaboration: Mapping[str, Any], change: RequestedChange) -> bool:
    """Whether GetCollaboration's ``collaboration`` shows the result of a change of the auto-approved types."""
    wanted = change.specification["specification"].get("collaboration")
    types = collaboration.get("autoApprovedChangeTypes") or ()
    return wanted is not None and set(types) == set(wanted["autoApprovedChangeTypes"])


def build_outputs(
    response: Mapping[str, Any],
    declaration: Mapping[str, Any],
    region: str,
    statuses: Mapping[str, str],
    tags: Mapping[str, str],
) -> dict[str, Any]:
    """Return the resource's outputs: the response's fields under AWS's names, the declared properties over them, and ``DECLARED_NAMES``."""
    declaration = without_options(declaration)
    return {
        **read_response(response),
        "region": region,
        "memberStatuses": dict(statuses),
        "tagsAll": dict(tags),
        **declaration,
        DECLARED_NAMES: sorted(declaration),
    }


def build_read_outputs(
    live: LiveCollaboration, declaration: Mapping[str, Any], region: str
) -> dict[str, Any]:
    outputs = build_outputs(
        live.collaboration, declaration, region, live.member_statuses(), live.list_own_tags()
    )
    return outputs | Reading(live.list_properties(region), get_current_time()).to_outputs()


def read_creation(
    response: Mapping[str, Any], declaration: Mapping[str, Any], region: str
) -> Reading:
    """Return the reading that a creation gives: the response's properties and the declaration. The payers that AWS chose are not in it."""
    fields = read_response(response)
    properties = {
        name: fields[row.response_name or name]
        for name, row in TABLE.items()
        if (row.response_name or name) in fields
    }
    return Reading(
        {**properties, "region": region, "members": {}, **declaration}, fields["createTime"]
    )


def get_current_time() -> str:
    """Return the time as ISO 8601 in UTC."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def read_response(collaboration: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a response's ``collaboration`` without ``id``; times as ISO 8601 in UTC, lists sorted."""
    return {
        name: _to_json(value)
        for name, value in collaboration.items()
        if name != "id" and value is not None
    }


def _rename_member_fields(summary: Mapping[str, Any]) -> dict[str, Any]:
    """Return a member summary under the names of the request."""
    member = {
        "displayName": summary["displayName"],
        "memberAbilities": summary["abilities"],
        "mlMemberAbilities": summary.get("mlAbilities"),
        "paymentConfiguration": summary.get("paymentConfiguration"),
    }
    return {name: value for name, value in member.items() if value is not None}


def _to_json(value: Any) -> Any:
    """Return the value as JSON has it. Every list of texts that Clean Rooms returns is a set, so it is sorted."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, dict):
        return {key: _to_json(part) for key, part in value.items()}
    if isinstance(value, list):
        return (
            sorted(set(value))
            if all(isinstance(item, str) for item in value)
            else [_to_json(item) for item in value]
        )
    return value


def _read_property(row: Property, declared: Any, live: Any) -> Any:
    """Return a declared property's live value, in the declared form where it means the same; None where AWS has no value."""
    if live is None and row.default is Default.CHOSEN_BY_AWS:
        return declared
    if row.name == "members":
        # A member that was never declared is not drift: only `memberStatuses` names such a member.
        return {
            account: _narrow(declared[account], member)
            for account, member in (live or {}).items()
            if account in declared
        }
    if row.is_sparse:
        return _narrow(declared, live)
    live = row.default if live is None else live
    return declared if row.reduce_to_meaning(declared) == row.reduce_to_meaning(live) else live


def _narrow(declared: Any, live: Any) -> Any:
    """Return ``live`` with no more payment legs than ``declared`` has.

    AWS makes the member who queries the payer of every cost that nobody was declared to pay. An undeclared leg is therefore never drift: as drift, it
    would make the next preview replace the collaboration over AWS's own default.
    """
    if isinstance(declared, dict):
        live = live or {}
        narrowed = {key: _narrow(part, live.get(key)) for key, part in declared.items()}
        granted = {key: live[key] for key in _ML_ABILITIES if live.get(key) and key not in declared}
        return narrowed | granted
    if live is None:
        return False if isinstance(declared, bool) else []
    return live


def _reduce_member(member: dict[str, Any]) -> dict[str, Any]:
    """Return a member that was never declared as a program would declare it."""
    reduced = {"memberAbilities": [], **TABLE["members"].reduce_to_meaning(member)}
    if "paymentConfiguration" in reduced:
        reduced["paymentConfiguration"].setdefault(
            "queryCompute", member["paymentConfiguration"]["queryCompute"]
        )
    return reduced
