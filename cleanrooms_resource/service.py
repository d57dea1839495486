"""Clean Rooms: a function a call, in the shapes of boto3's client; what "gone" means; the lost answer. Every failure is one of ``errors``."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, TypeVar, cast

from tenacity import Retrying, retry_if_exception_type, stop_after_delay, wait_random_exponential

from cleanrooms_resource.errors import (
    LAST_UP,
    AccessDeniedError,
    AnswerLostError,
    CollaborationError,
    CreationLostError,
    CredentialsError,
    InternalServerError,
    ResourceNotFoundError,
    ThrottlingError,
    explained,
    part,
)
from cleanrooms_resource.live import Live

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from contextlib import AbstractContextManager

    from cleanrooms_resource.credentials import Connection

T = TypeVar("T")

THROTTLED_FOR = 300.0
"""Seconds for which a creation that AWS throttles is tried again."""
SHOWS_WITHIN = 60.0
"""Seconds after which a new collaboration shows in reads; AWS's own CloudFormation handler waits as long."""
LOOK_EVERY = 2.0
"""Seconds between two looks for what does not show yet."""


def request(declaration: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters of CreateCollaboration for a declaration in canonical form, all of it known."""
    members = [{"accountId": account, **member} for account, member in declaration.get("members", {}).items()]
    rest = {name: value for name, value in declaration.items() if name != "region"}
    return {**rest, "members": members}


def create(connection: Connection, declaration: Mapping[str, Any]) -> dict[str, Any]:
    """CreateCollaboration. Returns the response's ``collaboration``, or the one that GetCollaboration has where that response was lost.

    The request is sent again only where AWS says that it did nothing (throttling, for up to ``THROTTLED_FOR`` seconds): it has no idempotency token.

    Raises:
        CreationLostError: the answer was lost, and no such collaboration showed within ``SHOWS_WITHIN`` seconds.

    """
    began = time.monotonic()
    try:
        for attempt in Retrying(
            retry=retry_if_exception_type(ThrottlingError),
            stop=stop_after_delay(THROTTLED_FOR),
            wait=wait_random_exponential(multiplier=0.5, max=8),
            reraise=True,
        ):
            with attempt, _explained("creating", declaration["name"], connection):
                began = time.monotonic()
                made = cast("dict[str, Any]", part(connection.creating.create_collaboration(**request(declaration)), "collaboration"))
    except (AnswerLostError, InternalServerError) as error:
        reason = error.reason
    else:
        taken = _claim(made["id"], began)
        if taken is None:
            return made
        began, reason = taken, "it was taken for that of an equal one"
    # Out of the except block: the engine would draw both errors, and their tracebacks.
    return _found_again(connection, declaration, began, reason)


def read(connection: Connection, id_: str, arn: str, name: str) -> Live:
    """GetCollaboration, ListMembers (all its pages) and ListTagsForResource, side by side."""
    client = connection.cleanrooms
    with _explained("reading", name, connection), ThreadPoolExecutor(3) as pool:
        collaboration = pool.submit(client.get_collaboration, collaborationIdentifier=id_)
        members = pool.submit(_members, client, id_)
        tags = pool.submit(client.list_tags_for_resource, resourceArn=arn)
        return Live(part(collaboration.result(), "collaboration"), members.result(), part(tags.result(), "tags"))


def get(connection: Connection, id_: str) -> Live:
    """As ``read``, by the id alone; where the tags may not be read, there are none."""
    with _explained("reading", id_, connection):
        collaboration = part(connection.cleanrooms.get_collaboration(collaborationIdentifier=id_), "collaboration")
        members = _members(connection.cleanrooms, id_)
    try:
        with _explained("reading the tags of", collaboration["name"], connection):
            tags = part(connection.cleanrooms.list_tags_for_resource(resourceArn=collaboration["arn"]), "tags")
    except AccessDeniedError:
        tags = None
    return Live(collaboration, members, tags)


def caller(connection: Connection) -> str:
    """The account that the credentials act in."""
    with explained(f"asking who acts in {connection.region}"):
        return connection.account


def update(connection: Connection, id_: str, name: str, changed: Mapping[str, Any]) -> dict[str, Any]:
    """UpdateCollaboration with the changed fields alone. Returns the response's ``collaboration``."""
    with _explained("updating", name, connection):
        answer = connection.cleanrooms.update_collaboration(collaborationIdentifier=id_, **changed)
        return cast("dict[str, Any]", part(answer, "collaboration"))


def retag(connection: Connection, arn: str, name: str, old: Mapping[str, str], new: Mapping[str, str]) -> None:
    """TagResource with what is new or changed, then UntagResource with the keys that are no more; neither where there is nothing to say."""
    changed = {key: value for key, value in new.items() if old.get(key) != value}
    removed = sorted(old.keys() - new.keys())
    with _explained("tagging", name, connection):
        if changed:
            connection.cleanrooms.tag_resource(resourceArn=arn, tags=changed)
        if removed:
            connection.cleanrooms.untag_resource(resourceArn=arn, tagKeys=removed)


def delete(connection: Connection, id_: str, name: str) -> None:
    """DeleteCollaboration."""
    with _explained("deleting", name, connection):
        connection.cleanrooms.delete_collaboration(collaborationIdentifier=id_)


def unless_gone(connection: Connection, id_: str, outputs: Mapping[str, Any], call: Callable[[], T]) -> tuple[bool, T | None]:
    """Whether the collaboration is there, and what ``call`` returns if it is.

    Clean Rooms answers AccessDeniedException for what is missing and for what is denied. So it is gone only where the caller is the account that
    made it *and* ListCollaborations does not list it *and* it is old enough to show; one made seconds ago is waited for.

    Raises:
        CollaborationError: ``call``'s own, wherever that is not certain.

    """
    while True:
        try:
            return True, call()
        except (AccessDeniedError, ResourceNotFoundError) as error:
            denied = error
        asked = _not_listed(connection, id_, outputs, denied)
        made = outputs.get("createTime")
        if made is None or asked - datetime.fromisoformat(made) >= timedelta(seconds=SHOWS_WITHIN):
            return False, None
        time.sleep(LOOK_EVERY)


def _not_listed(connection: Connection, id_: str, outputs: Mapping[str, Any], error: CollaborationError) -> datetime:
    """When AWS said that its maker does not find the collaboration listed; raises if it is, or if the maker was not who asked."""
    with explained(f"{error.said} Confirming that it is gone failed"):
        account = connection.account
        asked, listed = _listed(connection)
    maker = outputs["creatorAccountId"]
    if account != maker:
        raise AccessDeniedError(f"{error.said} The credentials ({connection.credentials}) act in account {account}; {maker} made it.", advice=LAST_UP)
    if id_ in {summary["id"] for summary in listed}:
        still_there = f"It is still there: ListCollaborations lists it for {connection.credentials}."
        raise AccessDeniedError(f"{error.said} {still_there}", advice=AccessDeniedError.advice)
    return asked


# The lost answer

_CLAIMED: dict[str, float] = {}
_LOCK = threading.Lock()


def _claim(id_: str, began: float) -> float | None:
    """Take a collaboration for one creation, which began then (monotonic); None, or when the creation began that has it already."""
    with _LOCK:
        if id_ in _CLAIMED:
            return _CLAIMED[id_]
        _CLAIMED[id_] = began
        return None


def _found_again(connection: Connection, declaration: Mapping[str, Any], began: float, reason: str) -> dict[str, Any]:
    """The collaboration that a creation made whose answer was lost: equal, made since then by this account, and nobody else's answer."""
    looked = "no such collaboration showed"
    while time.monotonic() - began < SHOWS_WITHIN:
        try:
            for found in _made_since(connection, declaration, began):
                if not found.differences(declaration, connection.region) and _claim(found.collaboration["id"], began) is None:
                    return dict(found.collaboration)
        except (AccessDeniedError, CredentialsError) as error:
            looked = f"looking for it failed: {error.reason}"
            break
        except CollaborationError as error:
            looked = f"looking for it failed: {error.reason}"
        time.sleep(LOOK_EVERY)
    raise CreationLostError(
        f"{_doing('creating', declaration['name'], connection)}: its answer was lost ({reason}), and {looked}. It may be there all the same, and is "
        f"not made twice: look with `aws cleanrooms list-collaborations --region {connection.region}`, then adopt it with `import_`, or run "
        "`pulumi up` again if it is not there."
    )


def _made_since(connection: Connection, declaration: Mapping[str, Any], began: float) -> Iterator[Live]:
    """Collaborations of this name that this account has made since then, the first made first."""
    what = _doing("looking for", declaration["name"], connection)
    with explained(what):
        account = connection.account
        asked, listed = _listed(connection)
    # AWS's clock, never the local one; both of its times may be cut to whole seconds.
    since = asked - timedelta(seconds=time.monotonic() - began + 1)
    for summary in sorted(listed, key=lambda summary: summary["createTime"]):
        ours = summary["name"] == declaration["name"] and summary["creatorAccountId"] == account
        if ours and summary["createTime"] >= since and summary["id"] not in _CLAIMED:
            # Listed already, it may not be there for the other reads yet.
            with suppress(AccessDeniedError, ResourceNotFoundError):
                yield read(connection, summary["id"], summary["arn"], summary["name"])


def _listed(connection: Connection) -> tuple[datetime, list[Mapping[str, Any]]]:
    """When AWS answered, and every page of ListCollaborations."""
    pages = list(connection.cleanrooms.get_paginator("list_collaborations").paginate())
    asked = parsedate_to_datetime(part(pages[0]["ResponseMetadata"]["HTTPHeaders"], "date"))
    return asked, [summary for page in pages for summary in part(page, "collaborationList")]


def _members(client: Any, id_: str) -> list[Mapping[str, Any]]:
    pages = client.get_paginator("list_members").paginate(collaborationIdentifier=id_)
    return [member for page in pages for member in part(page, "memberSummaries")]


def _doing(doing: str, name: str, connection: Connection) -> str:
    return f'{doing} Clean Rooms collaboration "{name}" in {connection.region}'


def _explained(doing: str, name: str, connection: Connection) -> AbstractContextManager[None]:
    return explained(_doing(doing, name, connection))
