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
from cleanrooms_resource.testing.change_requests import NotAskedError
from cleanrooms_resource.testing.change_types import merge_member

if TYPE_CHECKING:
    from cleanrooms_resource.testing.change_requests import Approval, ChangeRequestRecord


@dataclass
class CollaborationRecord:
    """A collaboration at the endpoint.

    ``parameters`` are those of CreateCollaboration, with every later change. ``statuses`` and ``memberships`` map accounts to the member's status and
    to the ID of its membership. ``earlier_members`` has the members before each committed change and each removal, with the time of the change.
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
    change_requests: dict[str, ChangeRequestRecord] = field(default_factory=dict)
    """The change requests by ID."""
    join_times: dict[str, float] = field(default_factory=dict)
    earlier_members: list[tuple[float, list[dict[str, Any]]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.statuses = dict.fromkeys(
            [self.creator, *(member["accountId"] for member in self.parameters["members"])],
            "INVITED",
        )
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
        return {
            name: value
            for name, value in (fields | self._membership(caller)).items()
            if value is not None
        }

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

    def member_summaries_before(self, delay: float) -> list[dict[str, Any]]:
        """Return the members as they were before the committed changes and the removals of the last ``delay`` seconds."""
        oldest = time.time() - delay
        return next(
            (summaries for change_time, summaries in self.earlier_members if change_time > oldest),
            self.member_summaries(),
        )

    def find_member(self, account: str) -> dict[str, Any] | None:
        """Return the item of ``members`` for the account, if it is, or was, a member and not the creator."""
        return next(
            (member for member in self.parameters["members"] if member["accountId"] == account),
            None,
        )

    def list_partners(self) -> list[str]:
        """Return the accounts, without the creator, that are invited or active."""
        return [
            account
            for account, status in self.statuses.items()
            if account != self.creator and status in ("INVITED", "ACTIVE")
        ]

    def join(self, account: str) -> None:
        """Have the account create its membership.

        Raises:
            ValueError: the account is not invited. An account that left or was removed cannot join again.

        """
        self._require_invited_or_active(account)
        self.statuses[account] = "ACTIVE"
        self.join_times.setdefault(account, time.time())
        self.memberships.setdefault(account, str(uuid.uuid4()))

    def leave(self, account: str) -> None:
        """Have the account delete its membership. The account stays among the members, and cannot join again.

        Raises:
            ValueError: the account is neither invited nor active.

        """
        self._require_invited_or_active(account)
        self._end(account, "LEFT")

    def remove(self, account: str) -> None:
        """Have the creator remove the account (DeleteMember). The account stays among the members, and cannot join again.

        Raises:
            ValueError: the account is neither invited nor active.

        """
        self._require_invited_or_active(account)
        self._save_members()
        self._end(account, "REMOVED")

    def add(self, member: dict[str, Any]) -> None:
        """Commit a change request that adds a member. ``member`` has the shape of an item of CreateCollaboration's ``members``.

        Raises:
            ValueError: AWS would not accept the member.

        """
        violations = service_model.find_violations(
            "CreateCollaboration", {**self.parameters, "members": [member]}
        )
        if violations:
            raise ValueError(f"A change request cannot add this member: {violations}")
        if member["accountId"] in self.statuses:
            raise ValueError(
                f"A change request cannot add this member: account {member['accountId']} is already a member, or was a member."
            )
        if "CAN_QUERY" in member["memberAbilities"]:
            raise ValueError(
                "A change request cannot add this member: only CreateCollaboration can give CAN_QUERY to a member."
            )
        self._save_members()
        self._apply({"member": member})

    def approve(self, request_id: str, account: str) -> None:
        """Have the account approve a change request.

        Raises:
            ValueError: the request does not exist, is not open, or does not ask the account.

        """
        self._decide(request_id, account, "APPROVED")

    def deny(self, request_id: str, account: str) -> None:
        """Have the account deny a change request.

        Raises:
            ValueError: the request does not exist, is not open, or does not ask the account.

        """
        self._decide(request_id, account, "DENIED")

    def commit(self, request: ChangeRequestRecord) -> None:
        """Commit an approved change request: its changes take effect, and a new member is invited.

        Raises:
            ValueError: the request is not approved.

        """
        request.require_approved()
        self._save_members()
        for change in request.changes:
            self._apply(change["specification"])
        request.set_status("COMMITTED")

    def _decide(self, request_id: str, account: str, approval: Approval) -> None:
        if request_id not in self.change_requests:
            raise ValueError(f"Collaboration {self.id} has no change request {request_id}.")
        request = self.change_requests[request_id]
        request.require_open()
        if account == self.creator:
            raise NotAskedError(
                f"Account {account} created the collaboration; its change requests do not ask it for approval."
            )
        request.decide(account, approval)

    def _apply(self, specification: dict[str, Any]) -> None:
        if "collaboration" in specification:
            self.parameters["autoApprovedChangeRequestTypes"] = specification["collaboration"][
                "autoApprovedChangeTypes"
            ]
            return
        account = specification["member"]["accountId"]
        members = {member["accountId"]: member for member in self.parameters["members"]}
        members[account] = merge_member(members.get(account), specification["member"])
        self.parameters["members"] = list(members.values())
        self.statuses.setdefault(account, "INVITED")

    def _end(self, account: str, status: str) -> None:
        """Set the status of an account that leaves, and have no change request wait for the account."""
        self.statuses[account] = status
        for request in self.change_requests.values():
            request.withdraw_question(account)

    def _save_members(self) -> None:
        self.earlier_members.append((time.time(), self.member_summaries()))

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
            "paymentConfiguration": _complete_payment_configuration(
                member.get("paymentConfiguration") or {}
            ),
        }
        return {
            name: value
            for name, value in (summary | self._membership(account)).items()
            if value is not None
        }

    def _membership(self, account: str) -> dict[str, str]:
        """Return the fields of a response that name the account's membership, if the account has one."""
        if account not in self.memberships:
            return {}
        id_ = self.memberships[account]
        return {
            "membershipId": id_,
            "membershipArn": f"arn:aws:cleanrooms:{self.region}:{account}:membership/{id_}",
        }


def _complete_payment_configuration(payment: dict[str, Any]) -> dict[str, Any]:
    """Return the payment configuration with every leg; an unset leg is false."""
    learning = payment.get("machineLearning", {})
    return {
        "queryCompute": payment.get("queryCompute", {"isResponsible": False}),
        "machineLearning": {
            leg: learning.get(leg, {"isResponsible": False})
            for leg in ("modelTraining", "modelInference", "syntheticDataGeneration")
        },
        "jobCompute": payment.get("jobCompute", {"isResponsible": False}),
    }
