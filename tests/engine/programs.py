"""Programs of one collaboration, and what became of it at AWS and in the comment."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pulumi
from declarations import declaration

import cleanrooms_resource as cleanrooms
from cleanrooms_resource.comment import render
from cleanrooms_resource.preview import parse
from engine.previews import KEPT

if TYPE_CHECKING:
    from collections.abc import Callable

    from cleanrooms import Aws

    from engine.driver import Deployment

UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def one(resource: str = "ads", *, opts: dict[str, Any] | None = None, **overrides: Any) -> Callable[[], None]:
    """A program of one collaboration."""

    def declare() -> None:
        cleanrooms.Collaboration(resource, declaration(**overrides), pulumi.ResourceOptions(**(opts or {})))

    return declare


def written(aws: Aws) -> list[tuple[str, str, float]]:
    """What every write at AWS would change."""
    return [(id_, str(each.sent), each.updated) for id_, each in aws.running.collaborations.items()]


def comment_and_kept(stack: Deployment, kept: str) -> list[str]:
    """What the comment says of the preview now, and what is kept; the ids differ."""
    return [UUID.sub("ID", comment) for comment in (render(parse(stack.preview_json())), (KEPT / f"{kept}.md").read_text())]
