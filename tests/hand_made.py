"""Collaborations that somebody made without Pulumi, with the past that a console leaves; and the verb ``discover`` that reads them."""

from __future__ import annotations

import runpy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st
from moto.cleanrooms.models import cleanrooms_backends
from random_requests import REQUEST, make_strategy, requests

from cleanrooms_resource.__main__ import main
from cleanrooms_resource.testing.callers import ACCOUNT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from aws_account import Aws

    from cleanrooms_resource.testing.collaborations import CollaborationRecord

_STATUSES = ("INVITED", "ACTIVE", "LEFT", "REMOVED")
_payments = st.none() | make_strategy(REQUEST.members["creatorPaymentConfiguration"])


@dataclass(frozen=True)
class Past:
    """How a collaboration was made, and what happened to it: statuses and payments (None: as made), the creator's first."""

    request: dict[str, Any]
    statuses: list[str]
    payments: list[dict[str, Any] | None]
    has_sql_engine: bool
    has_tag_of_aws: bool


pasts = st.builds(
    Past,
    requests.filter(
        lambda request: ACCOUNT not in {member["accountId"] for member in request["members"]}
    ),
    st.lists(st.sampled_from(_STATUSES), min_size=5, max_size=5),
    st.lists(_payments, min_size=5, max_size=5),
    st.booleans(),
    st.booleans(),
)


def make_by_hand(aws: Aws, past: Past) -> str:
    """Create the collaboration with boto3, let its past happen at the endpoint, and return its id."""
    answer = aws.client("us-east-1").create_collaboration(**past.request)["collaboration"]
    record = aws.endpoint.collaborations[answer["id"]]
    for (account, place), status, payment in zip(
        _list_payers(record), past.statuses, past.payments, strict=False
    ):
        record.statuses[account] = status if account != record.creator else "ACTIVE"
        if payment is not None:
            # AWS's own choice of payers fits no rule of a request.
            name = (
                "creatorPaymentConfiguration"
                if account == record.creator
                else "paymentConfiguration"
            )
            place[name] = payment
    if past.has_sql_engine:
        # Only collaborations of earlier years have this engine.
        record.parameters["analyticsEngine"] = "CLEAN_ROOMS_SQL"
    if past.has_tag_of_aws:
        cleanrooms_backends[record.creator][record.region].tag_resource(
            record.arn, {"aws:cloudformation:stack-name": "x"}
        )
    return record.id


def discover(aws: Aws, file: Path, *arguments: str) -> int:
    """Have the verb write a file; return the exit status."""
    return main(
        ["discover", "--endpoint-url", aws.endpoint.address, "--output", str(file), *arguments]
    )


def run_program(file: Path) -> None:
    """Run what the verb wrote."""
    runpy.run_path(str(file))


def _list_payers(record: CollaborationRecord) -> Iterator[tuple[str, dict[str, Any]]]:
    yield record.creator, record.parameters
    for member in record.parameters["members"]:
        yield member["accountId"], member
