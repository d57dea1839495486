"""The calls that change members: change requests and DeleteMember. 1 function per call, as in ``calls``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from cleanrooms_resource.aws.answers import get_change_request_field, get_change_request_summaries
from cleanrooms_resource.aws.calls import explain_call, list_all_members, list_pages
from cleanrooms_resource.changes.change_requests import ChangeRequest, read_answer

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cleanrooms_resource.aws.connection import Connection
    from cleanrooms_resource.changes.change_requests import RequestedChange


def list_members(connection: Connection, id_: str, name: str | None) -> list[Mapping[str, Any]]:
    """Call ListMembers for every page. Return the member summaries, the creator's among them."""
    with explain_call("listing the members of", name, connection, id_):
        return list_all_members(connection.cleanrooms, id_)


def list_change_requests(connection: Connection, id_: str, name: str | None) -> list[ChangeRequest]:
    """Call ListCollaborationChangeRequests for every page. Return the change requests, settled ones too, the oldest first."""
    call = connection.cleanrooms.list_collaboration_change_requests
    with explain_call("listing the change requests of", name, connection, id_):
        pages = list_pages("ListCollaborationChangeRequests", call, collaborationIdentifier=id_)
        return [read_answer(summary) for page in pages for summary in get_change_request_summaries(page)]


def get_change_request(connection: Connection, id_: str, name: str | None, request_id: str) -> ChangeRequest:
    with explain_call(f"reading change request {request_id} of", name, connection, id_):
        answer = connection.cleanrooms.get_collaboration_change_request(collaborationIdentifier=id_, changeRequestIdentifier=request_id)
        return read_answer(get_change_request_field(answer))


def submit_change_request(connection: Connection, id_: str, name: str | None, changes: Iterable[RequestedChange]) -> ChangeRequest:
    """Call CreateCollaborationChangeRequest once: like CreateCollaboration it has no idempotency token."""
    parameters = [each.specification for each in changes]
    with explain_call("submitting a change request for", name, connection, id_):
        answer = connection.cleanrooms_without_retries.create_collaboration_change_request(collaborationIdentifier=id_, changes=parameters)
        return read_answer(get_change_request_field(answer))


def settle_change_request(connection: Connection, id_: str, name: str | None, request_id: str, action: Literal["COMMIT", "CANCEL"]) -> ChangeRequest:
    """Call UpdateCollaborationChangeRequest with an action of the creator."""
    verb = {"COMMIT": "committing", "CANCEL": "cancelling"}[action]
    with explain_call(f"{verb} change request {request_id} of", name, connection, id_):
        answer = connection.cleanrooms.update_collaboration_change_request(
            collaborationIdentifier=id_, changeRequestIdentifier=request_id, action=action
        )
        return read_answer(get_change_request_field(answer))


def delete_member(connection: Connection, id_: str, name: str | None, account: str) -> None:
    """Call DeleteMember. The member becomes REMOVED."""
    with explain_call(f"removing member {account} from", name, connection, id_):
        connection.cleanrooms.delete_member(collaborationIdentifier=id_, accountId=account)
