"""A stack whose members change in place: the program that opts in, and the calls that reach the endpoint."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from declarations import ADS, BROKER, PARTNER, declaration, member

from host.driver import HostStack
from host.in_this_process import start_host_in_this_process

if TYPE_CHECKING:
    from aws_account import Aws

    from cleanrooms_resource.testing.change_requests import Approval
    from cleanrooms_resource.testing.collaborations import CollaborationRecord
    from host.driver import Plan

AUTO_APPROVED = ["ADD_MEMBER", "GRANT_RECEIVE_RESULTS_ABILITY", "REVOKE_RECEIVE_RESULTS_ABILITY"]
QUERIER = member(ADS, member_abilities=["CAN_QUERY"])


def program(
    *members: dict[str, Any], mode: str = "AUTO_APPROVED", **overrides: Any
) -> dict[str, Any]:
    """A program that opts in to change requests, with the querier, the broker and more members."""
    base = {
        "members": [QUERIER, member(BROKER), *members],
        "auto_approved_change_request_types": AUTO_APPROVED,
    }
    return {**declaration(**{**base, **overrides}), "changeRequests": mode}


LEARNER = member(
    PARTNER, ml_member_abilities={"custom_ml_member_abilities": ["CAN_RECEIVE_MODEL_OUTPUT"]}
)
"""A new member that no change request adds without approval."""


def proposing(*members: dict[str, Any], **overrides: Any) -> dict[str, Any]:
    """The same program with changes that other members have to approve."""
    return program(*members, mode="PROPOSE", **overrides)


class InPlaceStack:
    """A stack of one collaboration, in the engine's steps; every command has a process of its own."""

    def __init__(self, aws: Aws) -> None:
        self.aws = aws
        self.stack = HostStack(start_host_in_this_process(aws.endpoint.settings))
        self.operations: list[str] = []
        self.aws.endpoint.faults.add(
            "*", lambda environ: self.operations.append(_name_operation(environ))
        )

    def preview(self, wanted: dict[str, Any]) -> Plan:
        self._start_process()
        return self.stack.preview(wanted)

    def up(self, wanted: dict[str, Any]) -> Plan:
        self._start_process()
        return self.stack.up(wanted)

    def refresh(self) -> str:
        self._start_process()
        return self.stack.refresh()

    @property
    def outputs(self) -> dict[str, Any]:
        return self.stack.held.outputs

    @property
    def record(self) -> CollaborationRecord:
        return self.aws.endpoint.collaborations[self.stack.held.id]

    def list_writes(self) -> list[str]:
        """Return the requests since the last look that change something at AWS."""
        writes = [
            each for each in self.operations if not each.startswith("GET") and each != "POST "
        ]
        self.operations.clear()
        return writes

    def list_statuses(self) -> list[str]:
        """Return the statuses of the collaboration's change requests, the oldest first."""
        return [request.status for request in self.record.change_requests.values()]

    def vote(self, approval: Approval) -> None:
        """Have every member approve the change request that waits, or have the first of them deny it."""
        (request,) = (
            each for each in self.record.change_requests.values() if each.status == "PENDING"
        )
        voters = sorted(account for account, each in request.approvals.items() if each == "PENDING")
        for account in voters if approval == "APPROVED" else voters[:1]:
            request.decide(account, approval)

    def _start_process(self) -> None:
        self.stack.host = start_host_in_this_process(self.aws.endpoint.settings)


def start_proposing(aws: Aws) -> InPlaceStack:
    """Return a stack whose program proposes changes, without the calls of its creation."""
    stack = InPlaceStack(aws)
    stack.up(proposing())
    stack.list_writes()
    return stack


def _name_operation(environ: dict[str, Any]) -> str:
    path = [
        part
        for part in environ["PATH_INFO"].split("/")
        if part and not (len(part) == 36 or part.isdecimal())
    ]
    return f"{environ['REQUEST_METHOD']} {'/'.join(path)}"
