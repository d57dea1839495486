"""Collaborations whose creator is alone: programs that declare them, and what AWS has of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from declarations import declaration
from engine.programs import ads_program

from account.run import wait_until
from cleanrooms_resource.aws.calls import build_request
from cleanrooms_resource.declaration.canonical_form import canonicalize

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.driver import EngineStack

    from account.run import Account

ALONE: dict[str, Any] = {
    "members": [],
    "creator_member_abilities": ["CAN_QUERY", "CAN_RECEIVE_RESULTS"],
}


def program(
    name: str, *, opts: dict[str, Any] | None = None, **overrides: Any
) -> Callable[[], None]:
    """Return a program of one collaboration, "ads", whose creator is alone."""
    return ads_program(opts=opts, **{**ALONE, "name": name, **overrides})


def deploy(stack: EngineStack, account: Account, declare: Callable[[], None]) -> str:
    """Deploy a program of one collaboration, wait until AWS shows the collaboration, and return its ID."""
    stack.declare(declare)
    stack.up()
    id_ = str(stack.state()["ads"]["id"])
    assert wait_until(lambda: id_ in account.list_ids() and bool(read(account, id_)))
    return id_


def create_by_hand(account: Account, name: str, **overrides: Any) -> str:
    """Create the collaboration of ``program`` without Pulumi, wait until AWS shows it, and return its ID."""
    request = build_request(canonicalize(declaration(**{**ALONE, "name": name, **overrides}))[0])
    id_ = str(account.client.create_collaboration(**request)["collaboration"]["id"])
    assert wait_until(lambda: id_ in account.list_ids() and bool(read(account, id_)))
    return id_


def read(account: Account, id_: str) -> dict[str, Any]:
    """Return what AWS answers for the collaboration, with its tags."""
    collaboration: dict[str, Any] = account.client.get_collaboration(collaborationIdentifier=id_)[
        "collaboration"
    ]
    return collaboration | {
        "tags": account.client.list_tags_for_resource(resourceArn=collaboration["arn"])["tags"]
    }
