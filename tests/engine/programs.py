"""Programs of one collaboration, and what became of it at AWS and in the comment."""

from __future__ import annotations

import re
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

import pulumi
from declarations import declaration
from recorded_previews import read_comment

import cleanrooms_resource as cleanrooms
from cleanrooms_resource.aws import calls
from cleanrooms_resource.declaration.canonical_form import canonicalize
from cleanrooms_resource.preview.comment import render_comment
from cleanrooms_resource.preview.document import parse_preview

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cleanrooms import Aws

    from engine.driver import Deployment

UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def one(resource: str = "ads", *, opts: dict[str, Any] | None = None, **overrides: Any) -> Callable[[], None]:
    """A program of one collaboration."""

    def declare() -> None:
        cleanrooms.Collaboration(resource, declaration(**overrides), pulumi.ResourceOptions(**(opts or {})))

    return declare


def made_by_hand(aws: Aws, **overrides: Any) -> str:
    """The id of a collaboration that somebody made at AWS, equal to the factory's declaration."""
    made = aws.client("us-east-1").create_collaboration(**calls.build_request(canonicalize(declaration(**overrides))[0]))
    return str(made["collaboration"]["id"])


def written(aws: Aws) -> list[tuple[str, str, float]]:
    """What every write at AWS would change."""
    return [(id_, str(each.parameters), each.update_time) for id_, each in aws.running.collaborations.items()]


@contextmanager
def writes(aws: Aws) -> Iterator[list[str]]:
    """The operations that write, in the order in which they reach AWS while the context lasts."""
    operations: list[str] = []
    faults = aws.running.faults.entries
    before = list(faults)
    for operation in ("CreateCollaboration", "UpdateCollaboration", "DeleteCollaboration", "TagResource", "UntagResource"):
        aws.running.faults.add(operation, partial(_append, operations, operation))
    try:
        yield operations
    finally:
        faults[:] = before


def _append(operations: list[str], operation: str, _environ: dict[str, Any]) -> None:
    operations.append(operation)


def comment_and_kept(stack: Deployment, kept: str) -> list[str]:
    """What the comment says of the preview now, and what is kept; the ids differ."""
    return [UUID.sub("ID", comment) for comment in (render_comment(parse_preview(stack.preview_json())), read_comment(kept))]
