"""Clean Rooms: a function a call, in the shapes of boto3's client; what "gone" means; the lost answer. Every failure is one of ``errors``."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, TypeVar, cast

from tenacity import Retrying, retry_if_exception_type, wait_random_exponential

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
from cleanrooms_resource.waiting import WAITING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from contextlib import AbstractContextManager

    from cleanrooms_resource.credentials import Connection

T = TypeVar("T")


def request(declaration: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters of CreateCollaboration for a declaration in canonical form, all of it known."""
    members = [{"accountId": account, **member} for account, member in declaration.get("members", {}).items()]
    rest = {name: value for name, value in declaration.items() if name != "region"}
    return {**rest, "members": members}


def create(connection: Connection, declaration: Mapping[str, Any]) -> dict[str, Any]:
    """CreateCollaboration. Returns the response's ``collaboration``, or the one that GetCollaboration has where that response was lost.

    The request has no idempotency token. It is sent again only where AWS says that it did nothing: when AWS throttles it, for up to
    ``WAITING.throttled_creation`` seconds.

    Raises:
        CreationLostError: the answer was lost, and no such collaboration showed within ``WAITING.until_listed`` seconds.

    """
    first_sent = began = WAITING.now()
    try:
        for attempt in Retrying(
            retry=retry_if_exception_type(ThrottlingError),
            # tenacity's own stop_after_delay looks at the system's clock.
            stop=lambda _: WAITING.now() - first_sent >= WAITING.throttled_creation,
            wait=wait_random_exponential(multiplier=0.5, max=8),
            sleep=WAITING.sleep,
            reraise=True,
        ):
            with attempt, _explained("creating", declaration["name"], connection):
                began = WAITING.now()
                made = cast("dict[str, Any]", part(connection.creating.create_collaboration(**request(declaration)), "collaboration"))
                id_ = part(made, "id")
    except (AnswerLostError, InternalServerError) as error:
        reason = error.reason
    else:
        taken = _claim(id_, began)
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


def tag(connection: Connection, arn: str, name: str, tags: Mapping[str, str]) -> None:
    """TagResource."""
    with _explained("tagging", name, connection):
        connection.cleanrooms.tag_resource(resourceArn=arn, tags=tags)


def untag(connection: Connection, arn: str, name: str, keys: list[str]) -> None:
    """UntagResource."""
    with _explained("removing tags of", name, connection):
        connection.cleanrooms.untag_resource(resourceArn=arn, tagKeys=keys)


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
        asked, listed = _looked_up(connection, id_, outputs, denied)
        made = outputs.get("createTime")
        if made is None or asked - datetime.fromisoformat(made) >= timedelta(seconds=WAITING.until_readable if listed else WAITING.until_listed):
            break
        WAITING.sleep(WAITING.between_looks)
    if listed:
        still_there = f"It is still there: ListCollaborations lists it for {connection.credentials}."
        raise AccessDeniedError(f"{denied.said} {still_there}", advice=AccessDeniedError.advice)
    return False, None


def _looked_up(connection: Connection, id_: str, outputs: Mapping[str, Any], error: CollaborationError) -> tuple[datetime, bool]:
    """When AWS answered, and whether its maker finds the collaboration listed; raises if the maker is not who asks."""
    with explained(f"{error.said} Confirming that it is gone failed"):
        account = connection.account
        asked, listed = _listed(connection)
    maker = outputs["creatorAccountId"]
    if account != maker:
        raise AccessDeniedError(f"{error.said} The credentials ({connection.credentials}) act in account {account}; {maker} made it.", advice=LAST_UP)
    return asked, id_ in {summary["id"] for summary in listed}


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
    until = WAITING.now() + WAITING.until_listed
    looked = "no such collaboration showed"
    while WAITING.now() < until:
        try:
            candidates = _made_since(connection, declaration["name"], began)
        except CollaborationError as error:
            looked = f"looking for it failed: {error.reason}"
            if isinstance(error, AccessDeniedError | CredentialsError):
                break
            candidates = []
        for summary in candidates:
            try:
                found = read(connection, summary["id"], summary["arn"], summary["name"])
            except CollaborationError as error:
                # Listed already, it may not show in the other reads yet.
                looked = f"{summary['id']}, which may be it, cannot be read: {error.reason}"
                continue
            if not found.differences(declaration, connection.region) and _claim(summary["id"], began) is None:
                return dict(found.collaboration)
        WAITING.sleep(WAITING.between_looks)
    raise CreationLostError(
        f"{_doing('creating', declaration['name'], connection)}: its answer was lost ({reason}), and {looked}. It may be there all the same, and is "
        f"not made twice: look with `aws cleanrooms list-collaborations --region {connection.region}`, then adopt it with `import_`, or run "
        "`pulumi up` again if it is not there."
    )


def _made_since(connection: Connection, name: str, began: float) -> list[Mapping[str, Any]]:
    """Summaries of the collaborations of this name that this account has made since then and nobody has claimed, the first made first."""
    with _explained("looking for", name, connection):
        account = connection.account
        asking = WAITING.now()
        asked, listed = _listed(connection)
    # AWS's clock, never the local one; both of its times may be cut to whole seconds.
    since = asked - timedelta(seconds=asking - began + 1)
    ours = [each for each in listed if each["name"] == name and each["creatorAccountId"] == account and each["createTime"] >= since]
    return sorted((each for each in ours if each["id"] not in _CLAIMED), key=lambda summary: summary["createTime"])


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
