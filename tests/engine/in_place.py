"""Programs whose members change in place, the requests that they leave at the endpoint, and a host that is killed."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import psutil
import pulumi
from declarations import ADS, BROKER, PARTNER, member

from cleanrooms_resource.testing.error_response import ErrorResponse
from engine.programs import ads_program

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from aws_account import Aws

    from cleanrooms_resource.testing.collaborations import CollaborationRecord

QUERIER, SECOND, NEW = member(ADS, member_abilities=["CAN_QUERY"]), member(BROKER), member(PARTNER)
LEARNER = member(
    PARTNER, ml_member_abilities={"custom_ml_member_abilities": ["CAN_RECEIVE_MODEL_OUTPUT"]}
)
"""A new member whose machine learning output needs the approval of the other members."""


def in_place_program(
    *members: dict[str, Any],
    mode: pulumi.Input[str] = "AUTO_APPROVED",
    opts: dict[str, Any] | None = None,
    **overrides: Any,
) -> Callable[[], None]:
    """Return a program that opts in to change requests, with the querier, a second member and more members."""
    base = {
        "members": [QUERIER, SECOND, *members],
        "auto_approved_change_request_types": ["ADD_MEMBER"],
        "change_requests": mode,
    }
    return ads_program(opts=opts, **{**base, **overrides})


def removing_program(
    *members: dict[str, Any], opts: dict[str, Any] | None = None, **overrides: Any
) -> Callable[[], None]:
    """Return a program that removes the members that it drops; it opts in to no change request."""
    return ads_program(
        opts=opts, **{"members": [QUERIER, SECOND, *members], "remove_members": True, **overrides}
    )


def get_record(aws: Aws) -> CollaborationRecord:
    """Return the only collaboration at the endpoint."""
    (record,) = aws.endpoint.collaborations.values()
    return record


def list_request_statuses(aws: Aws) -> list[str]:
    """Return the status of each change request, the oldest first."""
    return [request.status for request in get_record(aws).change_requests.values()]


def vote(aws: Aws, approval: str, *accounts: str) -> None:
    """Have accounts approve or deny the change request that is pending."""
    (pending,) = (
        request.id
        for request in get_record(aws).change_requests.values()
        if request.status == "PENDING"
    )
    for account in accounts:
        getattr(get_record(aws), approval)(pending, account)


@contextmanager
def record_operations(aws: Aws, *, of_sts: bool = True) -> Iterator[list[str]]:
    """Record every operation that reaches the endpoint while the context lasts, those of STS too unless the caller leaves them out."""
    operations: list[str] = []
    before = list(aws.endpoint.faults.entries)

    def make_recorder(operation: str) -> Callable[[dict[str, Any]], None]:
        return lambda _environ: operations.append(operation)

    for operation in (
        *aws.client("us-east-1").meta.service_model.operation_names,
        *(["GetCallerIdentity"] if of_sts else []),
    ):
        aws.endpoint.faults.add(operation, make_recorder(operation))
    try:
        yield operations
    finally:
        aws.endpoint.faults.entries[:] = before


def kill_host(when: str) -> Callable[[dict[str, Any]], None]:
    """Kill the host processes that this test's engine started; before the effect, there is none then."""

    def do(_environ: dict[str, Any]) -> None:
        for process in psutil.Process(os.getpid()).children(recursive=True):
            if any(
                name in part
                for part in process.cmdline()
                for name in ("pulumi.dynamic", "pulumi/dynamic", "cleanrooms_resource.plugin")
            ):
                process.kill()
        if when == "before":
            raise ErrorResponse(500, "InternalServerException", "Nobody hears this")

    return do
