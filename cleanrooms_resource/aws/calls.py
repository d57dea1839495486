"""The calls of Clean Rooms: 1 function per call, in the shapes of boto3's client. Every failure is one of this package's errors."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final, Literal

from cleanrooms_resource.aws.answers import (
    explain_failures,
    get_change_request_field,
    get_change_request_summaries,
    get_collaboration_field,
    get_collaboration_summaries,
    get_field,
    get_member_summaries,
)
from cleanrooms_resource.aws.waiting import read_clock
from cleanrooms_resource.changes.change_requests import ChangeRequest, read_answer
from cleanrooms_resource.changes.live_collaboration import LiveCollaboration
from cleanrooms_resource.errors import (
    AccessDeniedError,
    AnswerLostError,
    BrokenAnswerError,
    CollaborationError,
    ConflictError,
    InternalServerError,
    ResourceNotFoundError,
    UnreachableError,
)
from cleanrooms_resource.table import TABLE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from cleanrooms_resource.aws.connection import Connection
    from cleanrooms_resource.aws.waiting import ClockReading
    from cleanrooms_resource.changes.change_requests import RequestedChange


def build_request(declaration: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters of CreateCollaboration for a declaration in canonical form with every value known."""
    members = [
        {"accountId": account, **member}
        for account, member in declaration.get("members", {}).items()
    ]
    return {
        name: value for name, value in declaration.items() if name in TABLE and name != "region"
    } | {"members": members}


def send_creation(
    connection: Connection, declaration: Mapping[str, Any], name: str | None
) -> dict[str, Any]:
    """Call CreateCollaboration once. Return the response's ``collaboration``."""
    with explain_call("creating", name, connection):
        response = connection.cleanrooms_without_retries.create_collaboration(
            **build_request(declaration)
        )
        return get_collaboration_field(response)


def read_collaboration(
    connection: Connection, id_: str, arn: str, name: str | None
) -> LiveCollaboration:
    """Call GetCollaboration, ListMembers (every page) and ListTagsForResource, side by side."""
    client = connection.cleanrooms
    with explain_call("reading", name, connection, id_), ThreadPoolExecutor(2) as pool:
        members = pool.submit(list_all_members, client, id_)
        tags = pool.submit(client.list_tags_for_resource, resourceArn=arn)
        collaboration = get_collaboration_field(
            client.get_collaboration(collaborationIdentifier=id_)
        )
        _require_creator(collaboration, members.result())
        return LiveCollaboration(collaboration, members.result(), get_field(tags.result(), "tags"))


def read_collaboration_by_id(connection: Connection, id_: str) -> LiveCollaboration:
    """Call GetCollaboration, ListMembers and ListTagsForResource with only the id. The tags are None if the caller may not read them."""
    try:
        with explain_call("reading", None, connection, id_):
            collaboration = get_collaboration_field(
                connection.cleanrooms.get_collaboration(collaborationIdentifier=id_)
            )
    except (AccessDeniedError, ResourceNotFoundError) as denial:
        raise _explain_denial(denial, connection) from None
    with explain_call("reading", None, connection, id_):
        members = list_all_members(connection.cleanrooms, id_)
        _require_creator(collaboration, members)
    try:
        with explain_call("reading the tags of", None, connection, id_):
            tags = get_field(
                connection.cleanrooms.list_tags_for_resource(resourceArn=collaboration["arn"]),
                "tags",
            )
    except AccessDeniedError:
        tags = None
    return LiveCollaboration(collaboration, members, tags)


@dataclass(frozen=True, slots=True)
class Listing:
    """The answer of ListCollaborations: the summaries of every page, and a reading of AWS's clock per page. There is at least 1 reading."""

    summaries: list[Mapping[str, Any]]
    clocks: list[ClockReading]


def list_collaborations(connection: Connection) -> Listing:
    """Call ListCollaborations for every page."""
    listing = Listing([], [])
    for page in list_pages("ListCollaborations", connection.cleanrooms.list_collaborations):
        clock = read_clock(page)
        if clock is None:
            raise BrokenAnswerError("the answer has no date")
        listing.clocks.append(clock)
        listing.summaries.extend(get_collaboration_summaries(page))
    return listing


def get_collaboration(connection: Connection, id_: str, name: str | None) -> dict[str, Any]:
    """Call GetCollaboration. Return the response's ``collaboration``."""
    with explain_call("reading", name, connection, id_):
        response = connection.cleanrooms.get_collaboration(collaborationIdentifier=id_)
        return get_collaboration_field(response)


def get_caller_account(connection: Connection) -> str:
    """Call GetCallerIdentity, once per connection. Return the account."""
    with explain_failures(
        f"asking in {connection.region} which account the credentials ({connection.credentials}) act in"
    ):
        return connection.account


def update_collaboration(
    connection: Connection, id_: str, name: str | None, fields: Mapping[str, Any]
) -> dict[str, Any]:
    """Call UpdateCollaboration with the changed fields. Return the response's ``collaboration``."""
    with explain_call("updating", name, connection, id_):
        response = connection.cleanrooms.update_collaboration(collaborationIdentifier=id_, **fields)
        return get_collaboration_field(response)


def tag_collaboration(
    connection: Connection, arn: str, name: str | None, tags: Mapping[str, str]
) -> None:
    with explain_call("tagging", name, connection, _get_id(arn)):
        connection.cleanrooms.tag_resource(resourceArn=arn, tags=tags)


def untag_collaboration(
    connection: Connection, arn: str, name: str | None, keys: list[str]
) -> None:
    with explain_call("removing tags of", name, connection, _get_id(arn)):
        connection.cleanrooms.untag_resource(resourceArn=arn, tagKeys=keys)


def delete_collaboration(connection: Connection, id_: str, name: str | None) -> None:
    with explain_call("deleting", name, connection, id_):
        connection.cleanrooms.delete_collaboration(collaborationIdentifier=id_)


def list_members(connection: Connection, id_: str, name: str | None) -> list[Mapping[str, Any]]:
    """Call ListMembers for every page. Return the member summaries, the creator's among them."""
    with explain_call("listing the members of", name, connection, id_):
        return list_all_members(connection.cleanrooms, id_)


def list_change_requests(connection: Connection, id_: str, name: str | None) -> list[ChangeRequest]:
    """Call ListCollaborationChangeRequests for every page. Return the change requests, settled ones too, the oldest first."""
    call = connection.cleanrooms.list_collaboration_change_requests
    with explain_call("listing the change requests of", name, connection, id_):
        pages = list_pages("ListCollaborationChangeRequests", call, collaborationIdentifier=id_)
        summaries = [summary for page in pages for summary in get_change_request_summaries(page)]
        # AWS does not promise an order.
        return [read_answer(summary) for summary in sorted(summaries, key=itemgetter("createTime"))]


def get_change_request(
    connection: Connection, id_: str, name: str | None, request_id: str
) -> ChangeRequest:
    with explain_call(f"reading change request {request_id} of", name, connection, id_):
        answer = connection.cleanrooms.get_collaboration_change_request(
            collaborationIdentifier=id_, changeRequestIdentifier=request_id
        )
        return read_answer(get_change_request_field(answer))


def submit_change_request(
    connection: Connection, id_: str, name: str | None, changes: Iterable[RequestedChange]
) -> ChangeRequest:
    """Call CreateCollaborationChangeRequest once: like CreateCollaboration it has no idempotency token."""
    parameters = [each.specification for each in changes]
    action = "submitting a change request for"
    with _name_open_request(), explain_call(action, name, connection, id_):
        answer = connection.cleanrooms_without_retries.create_collaboration_change_request(
            collaborationIdentifier=id_, changes=parameters
        )
        return read_answer(get_change_request_field(answer))


def settle_change_request(
    connection: Connection,
    id_: str,
    name: str | None,
    request_id: str,
    action: Literal["COMMIT", "CANCEL"],
) -> ChangeRequest:
    """Call UpdateCollaborationChangeRequest with an action of the creator."""
    verb = {"COMMIT": "committing", "CANCEL": "cancelling"}[action]
    description = f"{verb} change request {request_id} of"
    with _name_open_request(), explain_call(description, name, connection, id_):
        answer = connection.cleanrooms.update_collaboration_change_request(
            collaborationIdentifier=id_, changeRequestIdentifier=request_id, action=action
        )
        return read_answer(get_change_request_field(answer))


def delete_member(connection: Connection, id_: str, name: str | None, account: str) -> None:
    """Call DeleteMember. The member becomes REMOVED."""
    action = f"removing member {account} from"
    with _name_open_request(), explain_call(action, name, connection, id_):
        connection.cleanrooms.delete_member(collaborationIdentifier=id_, accountId=account)


def describe_call(
    action: str, name: str | None, connection: Connection, id_: str | None = None
) -> str:
    """Return the beginning of an error's sentence, with the collaboration's name or, where that is None, with its id."""
    return f"{action} {describe_collaboration(name, id_)} in {connection.region}"


def describe_collaboration(name: str | None, id_: str | None) -> str:
    """Return how an error names a collaboration: by its name, or by its id where the name may be secret. A new one has no id yet."""
    if name is not None:
        return f'Clean Rooms collaboration "{name}"'
    return "a Clean Rooms collaboration" if id_ is None else f"Clean Rooms collaboration {id_}"


@contextmanager
def explain_call(
    action: str, name: str | None, connection: Connection, id_: str | None = None
) -> Iterator[None]:
    """Turn every failure of boto3 into an error that begins with ``describe_call``.

    Raises:
        CollaborationError: boto3 raised an exception. The error names a proxy that may be at fault.

    """
    try:
        with explain_failures(describe_call(action, name, connection, id_)):
            yield
    except CollaborationError as error:
        is_of_aws = type(error) is not CollaborationError
        if not connection.proxy or (is_of_aws and not isinstance(error, _FAILURES_OF_PROXIES)):
            raise
        exceptions = "aws:noProxy" if connection.proxy.startswith("aws:") else "NO_PROXY"
        advice = (
            f"The request goes through the proxy of {connection.proxy}; "
            f"for an address without a proxy, add its host to {exceptions}."
        )
        raise error.rephrase(error.what_happened, advice=f"{advice} {error.advice}") from None


_FAILURES_OF_PROXIES: Final = (UnreachableError, AnswerLostError, InternalServerError)
_OPEN_REQUEST: Final = (
    "The collaboration has changed since the last refresh, or a change request is open for the "
    "same member (`aws cleanrooms list-collaboration-change-requests`). Run `pulumi refresh`, then "
    "`pulumi up` again."
)


@contextmanager
def _name_open_request() -> Iterator[None]:
    """Say in a ConflictException that a change request may be open for the member.

    Raises:
        ConflictError: the error with this advice.

    """
    try:
        yield
    except ConflictError as error:
        raise error.rephrase(error.what_happened, advice=_OPEN_REQUEST) from None


def _get_id(arn: str) -> str:
    return arn.rpartition("/")[2]


def list_all_members(client: Any, id_: str) -> list[Mapping[str, Any]]:
    """Call ListMembers for every page. Failures are boto3's own."""
    pages = list_pages("ListMembers", client.list_members, collaborationIdentifier=id_)
    return [member for page in pages for member in get_member_summaries(page)]


def list_pages(
    operation: str, call: Callable[..., Mapping[str, Any]], **parameters: str
) -> Iterator[Mapping[str, Any]]:
    """Yield every page of a listing as it arrives. boto3's own paginator notices a repeated token only where it repeats the token before it.

    Raises:
        BrokenAnswerError: AWS repeats a page token.

    """
    tokens: set[str] = set()
    page = call(**parameters)
    yield page
    while token := page.get("nextToken"):
        if token in tokens:
            raise BrokenAnswerError(
                f"{operation} answers with the same page token twice, so the listing never ends"
            )
        tokens.add(token)
        page = call(**parameters, nextToken=token)
        yield page


def _require_creator(collaboration: Mapping[str, Any], members: list[Mapping[str, Any]]) -> None:
    """Refuse a list of members that lacks the creator. Such a list is incomplete, and other missing members would look removed.

    Raises:
        BrokenAnswerError: the list lacks the creator.

    """
    creator = collaboration["creatorAccountId"]
    if creator not in {member["accountId"] for member in members}:
        raise BrokenAnswerError(
            f"ListMembers does not list {creator}, the creator of the collaboration"
        )


def _explain_denial(denial: CollaborationError, connection: Connection) -> CollaborationError:
    """Return the denial with both of its possible causes: Clean Rooms denies a missing collaboration and another account's collaboration alike."""
    try:
        caller = f"account {get_caller_account(connection)}"
    except CollaborationError:
        # The caller's account is only a help to the user; the denial is the error.
        caller = "the caller"
    return denial.rephrase(
        f"{denial.what_happened} Either the collaboration does not exist in {connection.region}, or {caller} may not read it.",
        advice=f"Check the id, the region and the credentials ({connection.credentials}).",
    )
