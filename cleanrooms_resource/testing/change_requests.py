"""A change request of a collaboration: its status and the members' approvals.

AWS documents the statuses, but not every step between them. Where AWS does not document a step, the docstring says so.
"""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass, field
from typing import Any, Literal

OPEN_STATUSES = ("PENDING", "APPROVED")
"""The statuses in which a request can be cancelled, approved and denied."""

Approval = Literal["APPROVED", "DENIED"]
"""A member's answer to a change request."""


class NotAskedError(ValueError):
    """The account is not one of those that the change request asks for approval."""


@dataclass
class ChangeRequestRecord:
    """A change request at the endpoint. ``approvals`` maps accounts to PENDING, APPROVED or DENIED.

    Each of ``changes`` has ``specificationType``, ``specification`` and ``types``. An auto-approved request asks nobody.
    """

    changes: list[dict[str, Any]]
    is_auto_approved: bool
    approvals: dict[str, str] = field(default_factory=dict)
    status: str = "PENDING"
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    create_time: float = field(default_factory=time.time)
    update_time: float = field(default_factory=time.time)

    def __post_init__(self) -> None:
        self._count_approvals()

    @property
    def is_open(self) -> bool:
        """Whether the request still waits for approvals or for its commit."""
        return self.status in OPEN_STATUSES

    def accounts(self) -> list[str]:
        return [
            change["specification"]["member"]["accountId"]
            for change in self.changes
            if change["specificationType"] == "MEMBER"
        ]

    def describe(self, collaboration_id: str) -> dict[str, Any]:
        """Return the request as Clean Rooms answers it."""
        description = {
            "id": self.id,
            "collaborationId": collaboration_id,
            "createTime": self.create_time,
            "updateTime": self.update_time,
            "status": self.status,
            "isAutoApproved": self.is_auto_approved,
            "changes": self.changes,
            "approvals": {
                account: {"status": approval} for account, approval in self.approvals.items()
            },
        }
        return {name: value for name, value in description.items() if name != "approvals" or value}

    def decide(self, account: str, approval: Approval) -> None:
        """Record a member's approval or denial. The last approval approves the request, and the first denial denies it.

        A member can change its answer while the request is open. AWS does not document that.

        Raises:
            NotAskedError: the request does not ask the account.
            ValueError: the request is not open.

        """
        self.require_open()
        if account not in self.approvals:
            raise NotAskedError(
                f"Change request {self.id} does not ask account {account} for approval."
            )
        self.approvals[account] = approval
        self._count_approvals()

    def withdraw_question(self, account: str) -> None:
        """Ask the account, which leaves the collaboration, no longer. AWS does not document that."""
        if self.is_open and self.approvals.get(account) == "PENDING":
            del self.approvals[account]
            self._count_approvals()

    def cancel(self) -> None:
        """Cancel the request.

        Raises:
            ValueError: the request is not open.

        """
        self.require_open()
        self.set_status("CANCELLED")

    def require_open(self) -> None:
        if not self.is_open:
            raise ValueError(
                f"Change request {self.id} is {self.status}; it must be PENDING or APPROVED."
            )

    def require_approved(self) -> None:
        if self.status != "APPROVED":
            raise ValueError(f"Change request {self.id} is {self.status}; it must be APPROVED.")

    def set_status(self, status: str) -> None:
        self.status, self.update_time = status, time.time()

    def _count_approvals(self) -> None:
        approvals = self.approvals.values()
        self.set_status(
            "DENIED"
            if "DENIED" in approvals
            else "PENDING"
            if "PENDING" in approvals
            else "APPROVED"
        )
