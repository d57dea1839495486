"""Clean Rooms: a function a call, in the shapes of boto3's client, and what "gone" means. Every failure is one of ``errors``."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

from cleanrooms_resource.errors import BY_CODE, AccessDeniedError, CollaborationError, CredentialsError, ResourceNotFoundError, ValidationError
from cleanrooms_resource.live import Live

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cleanrooms_resource.credentials import Connection


def request(declaration: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters of CreateCollaboration for a declaration in canonical form, all of it known."""
    members = [{"accountId": account, **member} for account, member in declaration.get("members", {}).items()]
    rest = {name: value for name, value in declaration.items() if name != "region"}
    return {**rest, "members": members}


def create(connection: Connection, declaration: Mapping[str, Any]) -> dict[str, Any]:
    """CreateCollaboration, sent once. Returns the response's ``collaboration``."""
    with _explained("creating", declaration["name"], connection):
        return cast("dict[str, Any]", connection.creating.create_collaboration(**request(declaration))["collaboration"])


def read(connection: Connection, id_: str, arn: str, name: str) -> Live:
    """GetCollaboration, ListMembers (all its pages) and ListTagsForResource, side by side."""
    client = connection.cleanrooms
    with _explained("reading", name, connection), ThreadPoolExecutor(3) as pool:
        collaboration = pool.submit(client.get_collaboration, collaborationIdentifier=id_)
        members = pool.submit(_members, client, id_)
        tags = pool.submit(client.list_tags_for_resource, resourceArn=arn)
        return Live(collaboration.result()["collaboration"], members.result(), tags.result()["tags"])


def update(connection: Connection, id_: str, name: str, changed: Mapping[str, Any]) -> dict[str, Any]:
    """UpdateCollaboration with the changed fields alone. Returns the response's ``collaboration``."""
    with _explained("updating", name, connection):
        return cast("dict[str, Any]", connection.cleanrooms.update_collaboration(collaborationIdentifier=id_, **changed)["collaboration"])


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


def settle_gone(connection: Connection, id_: str, name: str, creator: str, error: CollaborationError) -> None:
    """Return if the collaboration is gone; raise what is the matter otherwise.

    Clean Rooms answers AccessDeniedException for what is missing and for what is denied. So it is gone only where the caller is the account that
    made it *and* ListCollaborations does not list it.
    """
    if not isinstance(error, AccessDeniedError | ResourceNotFoundError):
        raise error
    with _explained(f"confirming after an error that it is gone ({error}), looking for", name, connection):
        account = connection.account
        listed = any(
            collaboration["id"] == id_
            for page in connection.cleanrooms.get_paginator("list_collaborations").paginate()
            for collaboration in page["collaborationList"]
        )
    if account != creator:
        raise AccessDeniedError(f"{error} The credentials ({connection.credentials}) act in account {account}; account {creator} made it.")
    if listed:
        raise AccessDeniedError(f"{error} It is still there: ListCollaborations lists it for {connection.credentials}.")


def _members(client: Any, id_: str) -> list[Mapping[str, Any]]:
    pages = client.get_paginator("list_members").paginate(collaborationIdentifier=id_)
    return [member for page in pages for member in page["memberSummaries"]]


@contextmanager
def _explained(doing: str, name: str, connection: Connection) -> Iterator[None]:
    """Every failure of boto3 as one of ours, in the one shape."""
    from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError, ParamValidationError

    what = f'{doing} Clean Rooms collaboration "{name}" in {connection.region}'
    try:
        yield
    except ClientError as error:
        code, message = error.response["Error"].get("Code", "unknown"), error.response["Error"].get("Message", "no message")
        kind = BY_CODE.get(code, CollaborationError)
        raise kind(f"{what}: {code}: {message.rstrip('.')}. {kind.advice}") from None
    except BotoCoreError as error:
        # botocore writes some of its own on several lines.
        reason = " ".join(str(error).split()).rstrip(".")
        kind = {ParamValidationError: ValidationError, NoCredentialsError: CredentialsError}.get(type(error), CollaborationError)
        raise kind(f"{what}: {type(error).__name__}: {reason}. {kind.advice}") from None
