"""What moto does not keep of a collaboration, and its life outside Pulumi: partners who join and leave, members added by change requests.

Answers are as recorded from AWS: payments with every leg, engine, regions and metrics filled in, what is unset left out, the creator not first
among the members, abilities in another order than they were sent, a membership id on an invited member, pages cut early.
"""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cleanrooms_resource.testing import service_model

if TYPE_CHECKING:
    from collections.abc import Sequence

PAGE = 50
"""Members or collaborations a page; the first page has one alone, since AWS may cut a page early."""


class Refused(Exception):  # noqa: N818 an answer, not an error of ours
    """An error that AWS answers: the HTTP status, the exception's name in the model, its message and further fields."""

    def __init__(self, status: int, code: str, message: str, **fields: Any) -> None:
        super().__init__(message)
        self.status, self.code, self.body = status, code, {"message": message, **fields}


@dataclass
class Collaboration:
    """A collaboration: ``sent`` is the request of its creation, with what has changed since; ``statuses`` and ``memberships`` are by account."""

    id: str
    arn: str
    creator: str
    region: str
    sent: dict[str, Any]
    made: float = field(default_factory=time.time)
    updated: float = field(default_factory=time.time)
    statuses: dict[str, str] = field(default_factory=dict)
    memberships: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.statuses = dict.fromkeys([self.creator, *(member["accountId"] for member in self.sent["members"])], "INVITED")
        for member in self.sent["members"][:1]:
            self.memberships[member["accountId"]] = str(uuid.uuid4())

    def filled_in(self, caller: str) -> dict[str, Any]:
        """The fields of a response that moto does not keep, as the caller sees them."""
        sent = self.sent
        found = {
            "analyticsEngine": sent.get("analyticsEngine", "SPARK"),
            "isMetricsEnabled": sent.get("isMetricsEnabled", False),
            "allowedResultRegions": sent.get("allowedResultRegions") or [self.region],
            "jobLogStatus": sent.get("jobLogStatus"),
            "autoApprovedChangeTypes": sent.get("autoApprovedChangeRequestTypes") or None,
            "memberStatus": self.statuses[caller],
        }
        return {name: value for name, value in (found | self._membership(caller)).items() if value is not None}

    def members(self) -> list[dict[str, Any]]:
        """The members as ListMembers summarises them, in an order of AWS's own."""
        sent = self.sent
        creator = {
            "accountId": self.creator,
            "displayName": sent["creatorDisplayName"],
            "memberAbilities": sent["creatorMemberAbilities"],
            "mlMemberAbilities": sent.get("creatorMLMemberAbilities"),
            "paymentConfiguration": sent.get("creatorPaymentConfiguration"),
        }
        first, *rest = [*sent["members"], creator] if sent["members"] else [creator]
        return [self._summary(member) for member in (first, *reversed(rest))]

    def join(self, account: str) -> None:
        """The account creates its membership; ValueError if it is not invited (who left or was removed cannot rejoin)."""
        self._only(account, "INVITED", "ACTIVE")
        self.statuses[account] = "ACTIVE"
        self.memberships.setdefault(account, str(uuid.uuid4()))

    def leave(self, account: str) -> None:
        """The account deletes its membership; it stays among the members, and cannot join again. ValueError if it is not active or invited."""
        self._only(account, "INVITED", "ACTIVE")
        self.statuses[account] = "LEFT"

    def remove(self, account: str) -> None:
        """The creator removes the account (DeleteMember); it stays among the members. ValueError if it is not a member."""
        self._only(account, "INVITED", "ACTIVE")
        self.statuses[account] = "REMOVED"

    def add(self, member: dict[str, Any]) -> None:
        """A change request that adds a member (as in CreateCollaboration's ``members``) is committed.

        ValueError if AWS would not take it.
        """
        wrong = service_model.violations("CreateCollaboration", {**self.sent, "members": [member]})
        if wrong or member["accountId"] in self.statuses or "CAN_QUERY" in member["memberAbilities"]:
            raise ValueError(f"not a member that a change request can add: {wrong or member}")
        self.sent["members"].append(member)
        self.statuses[member["accountId"]] = "INVITED"

    def _only(self, account: str, *statuses: str) -> None:
        if self.statuses.get(account) not in statuses:
            raise ValueError(f"account {account} is {self.statuses.get(account, 'no member')}, not {' or '.join(statuses)}")

    def _summary(self, member: dict[str, Any]) -> dict[str, Any]:
        account = member["accountId"]
        summary = {
            "accountId": account,
            "status": self.statuses[account],
            "displayName": member["displayName"],
            "abilities": list(reversed(member["memberAbilities"])),
            "mlAbilities": member.get("mlMemberAbilities"),
            "createTime": self.made,
            "updateTime": self.made,
            "paymentConfiguration": _expanded(member.get("paymentConfiguration") or {}),
        }
        return {name: value for name, value in (summary | self._membership(account)).items() if value is not None}

    def _membership(self, account: str) -> dict[str, str]:
        if account not in self.memberships:
            return {}
        id_ = self.memberships[account]
        return {"membershipId": id_, "membershipArn": f"arn:aws:cleanrooms:{self.region}:{account}:membership/{id_}"}


def page(items: Sequence[Any], sent: dict[str, Any]) -> tuple[Sequence[Any], dict[str, str]]:
    """One page of a listing, and the token of the next one if there is more."""
    token = sent.get("nextToken") or "0"
    if not token.isdecimal():
        raise Refused(400, "ValidationException", "nextToken: is not one of this listing", reason="FIELD_VALIDATION_FAILED")
    start = int(token)
    end = start + (min(PAGE, sent.get("maxResults", PAGE)) if start else 1)
    return items[start:end], {"nextToken": str(end)} if end < len(items) else {}


def _expanded(payment: dict[str, Any]) -> dict[str, Any]:
    """Every leg, unset ones false."""
    learning = payment.get("machineLearning", {})
    return {
        "queryCompute": payment.get("queryCompute", {"isResponsible": False}),
        "machineLearning": {
            leg: learning.get(leg, {"isResponsible": False}) for leg in ("modelTraining", "modelInference", "syntheticDataGeneration")
        },
        "jobCompute": payment.get("jobCompute", {"isResponsible": False}),
    }
