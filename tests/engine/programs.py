"""Programs of one collaboration, collaborations that somebody made by hand, and the writes that reach AWS."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pulumi
from declarations import declaration

from cleanrooms_resource.aws import calls
from cleanrooms_resource.declaration.canonical_form import canonicalize
from engine.doors import cleanrooms

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from aws_account import Aws

WRITING_OPERATIONS = (
    "CreateCollaboration",
    "UpdateCollaboration",
    "DeleteCollaboration",
    "TagResource",
    "UntagResource",
)


def ads_program(
    resource: str = "ads", *, opts: dict[str, Any] | None = None, **overrides: Any
) -> Callable[[], None]:
    """Return a program of one collaboration; ``opts`` are the arguments of its ``ResourceOptions``."""

    def declare() -> None:
        cleanrooms.Collaboration(
            resource, declaration(**overrides), pulumi.ResourceOptions(**(opts or {}))
        )

    return declare


def create_by_hand(aws: Aws, **overrides: Any) -> str:
    """Create a collaboration at AWS, as somebody would without Pulumi, equal to the factory's declaration; return its id."""
    response = aws.client("us-east-1").create_collaboration(
        **calls.build_request(canonicalize(declaration(**overrides))[0])
    )
    return str(response["collaboration"]["id"])


def take_snapshot(aws: Aws) -> list[tuple[str, str, float]]:
    """Return everything at AWS that a write would change."""
    return [
        (id_, str(each.parameters), each.update_time)
        for id_, each in aws.endpoint.collaborations.items()
    ]


@contextmanager
def record_writes(aws: Aws) -> Iterator[list[str]]:
    """Record the operations that write, in the order in which they reach AWS while the context lasts."""
    operations: list[str] = []
    faults = aws.endpoint.faults.entries
    before = list(faults)

    def make_recorder(operation: str) -> Callable[[dict[str, Any]], None]:
        return lambda _environ: operations.append(operation)

    for operation in WRITING_OPERATIONS:
        aws.endpoint.faults.add(operation, make_recorder(operation))
    try:
        yield operations
    finally:
        faults[:] = before
