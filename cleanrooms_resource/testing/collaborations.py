"""The parts of a collaboration that moto does not keep, and its life outside Pulumi.

In that life, partners join and leave, and change requests add members. The answers follow recordings of AWS:

- A payment configuration has every leg. The engine, the regions and the metrics are always present; other unset fields are left out.
- The creator is not the first member, and abilities are in another order than in the request.
- An invited member has a membership ID, and the first page of a listing is short.
"""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cleanrooms_resource.testing import service_model
from cleanrooms_resource.testing.error_response import ErrorResponse

if TYPE_CHECKING:
    from collections.abc import Sequence

PAGE_SIZE = 50
"""The number of members or collaborations per page. The first page has only 1, because AWS may cut a page early."""


@dataclass
class CollaborationRecord:
    """A collaboration at the endpoint.

    ``parameters`` are those of CreateCollaboration, with every later change. ``statuses`` and ``memberships`` map accounts to the member's status and
    to the ID of its membership.
    """

    id: str
    arn: str
    creator: str
    region: str
    parameters: dict[str, Any]
    create_time: float = field(default_factory=time.time)
    update_time: float = field(default_factory=time.time)
    statuses: dict[str, str] = field(default_factory=dict)
    memberships: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.statuses = dict.fromkeys([self.creator, *(member["accountId"] for member in self.parameters["members"])], "INVITED")
        for member in self.parameters["members"][:1]:
            self.memberships[member["accountId"]] = str(uuid.uuid4())

    def fields_missing_in_moto(self, caller: str) -> dict[str, Any]:
        """Return the fields of a response that moto does not keep, as the calling account sees them."""
        parameters = self.parameters
        fields = {
            "analyticsEngine": parameters.get("analyticsEngine", "SPARK"),
            "isMetricsEnabled": parameters.get("isMetricsEnabled", False),
            "allowedResultRegions": parameters.get("allowedResultRegions") or [self.region],
            "jobLogStatus": parameters.get("jobLogStatus"),
            "autoApprovedChangeTypes": parameters.get("autoApprovedChangeRequestTypes") or None,
            "memberStatus": self.statuses[caller],
        }
        return {name: value for name, value in (fields | self._membership(caller)).items() if value is not None}

    def member_summaries(self) -> list[dict[str, Any]]:
        """Return the members as ListMembers summarises them, in an order of AWS's own."""
        parameters = self.parameters
        creator = {
            "accountId": self.creator,
            "displayName": parameters["creatorDisplayName"],
            "memberAbilities": parameters["creatorMemberAbilities"],
            "mlMemberAbilities": parameters.get("creatorMLMemberAbilities"),
            "paymentConfiguration": parameters.get("creatorPaymentConfiguration"),
        }
        first, *rest = [*parameters["members"], creator] if parameters["members"] else [creator]
        return [self._summarize(member) for member in (first, *reversed(rest))]

    def join(self, account: str) -> None:
        """Have the account create its membership.

        Raises:
            ValueError: the account is not invited. An account that left or was removed cannot join again.

        """
        self._require_invited_or_active(account)
        self.statuses[account] = "ACTIVE"
        self.memberships.setdefault(account, str(uuid.uuid4()))

    def leave(self, account: str) -> None:
        """Have the account delete its membership. The account stays among the members, and cannot join again.

        Raises:
            ValueError: the account is neither invited nor active.

        """
        self._require_invited_or_active(account)
        self.statuses[account] = "LEFT"

    def remove(self, account: str) -> None:
        """Have the creator remove the account (DeleteMember). The account stays among the members, and cannot join again.

        Raises:
            ValueError: the account is neither invited nor active.

        """
        self._require_invited_or_active(account)
        self.statuses[account] = "REMOVED"

    def add(self, member: dict[str, Any]) -> None:
        """Commit a change request that adds a member. ``member`` has the shape of an item of CreateCollaboration's ``members``.

        Raises:
            ValueError: AWS would not accept the member.

        """
        violations = service_model.find_violations("CreateCollaboration", {**self.parameters, "members": [member]})
        if violations:
            raise ValueError(f"A change request cannot add this member: {violations}")
        if member["accountId"] in self.statuses:
            raise ValueError(f"A change request cannot add this member: account {member['accountId']} is already a member, or was a member.")
        if "CAN_QUERY" in member["memberAbilities"]:
            raise ValueError("A change request cannot add this member: only CreateCollaboration can give CAN_QUERY to a member.")
        self.parameters["members"].append(member)
        self.statuses[member["accountId"]] = "INVITED"

    def _require_invited_or_active(self, account: str) -> None:
        status = self.statuses.get(account)
        if status is None:
            raise ValueError(f"Account {account} is not a member.")
        if status not in ("INVITED", "ACTIVE"):
            raise ValueError(f"Account {account} is {status}; it must be INVITED or ACTIVE.")

    def _summarize(self, member: dict[str, Any]) -> dict[str, Any]:
        account = member["accountId"]
        summary = {
            "accountId": account,
            "status": self.statuses[account],
            "displayName": member["displayName"],
            "abilities": list(reversed(member["memberAbilities"])),
            "mlAbilities": member.get("mlMemberAbilities"),
            "createTime": self.create_time,
            "updateTime": self.create_time,
            "paymentConfiguration": _complete_payment_configuration(member.get("paymentConfiguration") or {}),
        }
        return {name: value for name, value in (summary | self._membership(account)).items() if value is not None}

    def _membership(self, account: str) -> dict[str, str]:
        """Return the fields of a response that name the account's membership, if the account has one."""
        if account not in self.memberships:
            return {}
        id_ = self.memberships[account]
        return {"membershipId": id_, "membershipArn": f"arn:aws:cleanrooms:{self.region}:{account}:membership/{id_}"}


def cut_page(items: Sequence[Any], parameters: dict[str, Any]) -> tuple[Sequence[Any], dict[str, str]]:
    """Return a page of a listing, and the fields of the response that lead to the next page, if there is one.

    Raises:
        ErrorResponse: the request's token is not a token of this listing.

    """
    token = parameters.get("nextToken") or "0"
    if not token.isdecimal():
        raise ErrorResponse(400, "ValidationException", "nextToken: is not a token of this listing", reason="FIELD_VALIDATION_FAILED")
    start = int(token)
    end = start + (min(PAGE_SIZE, parameters.get("maxResults", PAGE_SIZE)) if start else 1)
    return items[start:end], {"nextToken": str(end)} if end < len(items) else {}


def _complete_payment_configuration(payment: dict[str, Any]) -> dict[str, Any]:
    """Return the payment configuration with every leg; an unset leg is false."""
    learning = payment.get("machineLearning", {})
    return {
        "queryCompute": payment.get("queryCompute", {"isResponsible": False}),
        "machineLearning": {
            leg: learning.get(leg, {"isResponsible": False}) for leg in ("modelTraining", "modelInference", "syntheticDataGeneration")
        },
        "jobCompute": payment.get("jobCompute", {"isResponsible": False}),
    }
