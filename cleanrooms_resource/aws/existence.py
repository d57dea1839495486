"""The check whether a collaboration of the state still exists at AWS. A collaboration that no longer exists is gone."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from cleanrooms_resource.aws.answers import explain_failures
from cleanrooms_resource.aws.calls import describe_collaboration, list_collaborations
from cleanrooms_resource.aws.waiting import WAITING, sleep
from cleanrooms_resource.changes.marks import read_plain_names
from cleanrooms_resource.errors import (
    SETTINGS_OF_LAST_UP,
    AccessDeniedError,
    CollaborationError,
    CollaborationGone,
    ResourceNotFoundError,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cleanrooms_resource.aws.connection import Connection

T = TypeVar("T")


def call_existing(
    connection: Connection, id_: str, outputs: Mapping[str, Any], call: Callable[[], T]
) -> T:
    """Return the result of ``call`` for a collaboration in the state.

    Clean Rooms answers AccessDeniedException both for a collaboration that is missing and for one that the caller may not see. The collaboration is
    therefore gone only if the caller is the creator *and* ListCollaborations does not list it *and* it is old enough to be listed. The
    provider waits for a collaboration that was created seconds ago.

    Raises:
        CollaborationGone: the collaboration is gone.
        RunCancelledError: the run was cancelled during the wait.
        CollaborationError: the error of ``call``, if it is not certain that the collaboration is gone.

    """
    while True:
        try:
            return call()
        except (AccessDeniedError, ResourceNotFoundError) as error:
            denial = error
        answered, is_listed = _look_up(connection, id_, outputs, denial)
        created = outputs.get("createTime")
        patience = timedelta(seconds=WAITING.until_readable if is_listed else WAITING.until_listed)
        if created is None or answered - datetime.fromisoformat(created) >= patience:
            break
        cancelled = f"{denial.what_happened} The run was cancelled while the provider waited for AWS to show the collaboration."
        sleep(WAITING.between_looks, f"{cancelled} This request changed nothing.")
    if is_listed:
        raise AccessDeniedError(
            f"{denial.what_happened} The collaboration still exists: ListCollaborations lists it for {connection.credentials}."
        )
    name = get_plain_name(outputs)
    raise CollaborationGone(
        f"{describe_collaboration(name, id_)}{'' if name is None else f' ({id_})'} is gone."
    )


def get_plain_name(outputs: Mapping[str, Any]) -> str | None:
    """Return the name of a collaboration in the state; None where it is not marked, and so may be secret."""
    return outputs["name"] if "name" in read_plain_names(outputs) else None


def _look_up(
    connection: Connection, id_: str, outputs: Mapping[str, Any], denial: CollaborationError
) -> tuple[datetime, bool]:
    """Return when AWS answered, and whether ListCollaborations lists the collaboration for its creator.

    Raises:
        AccessDeniedError: the caller is another account.
        CollaborationError: GetCallerIdentity or ListCollaborations fails.

    """
    with explain_failures(
        f"{denial.what_happened} Confirming that the collaboration is gone failed"
    ):
        account = connection.account
        listing = list_collaborations(connection)
    creator = outputs["creatorAccountId"]
    if account != creator:
        raise AccessDeniedError(
            f"{denial.what_happened} The credentials ({connection.credentials}) act in account {account}, "
            f"and account {creator} created the collaboration.",
            advice=SETTINGS_OF_LAST_UP,
        )
    return listing.clocks[0].date, id_ in {summary["id"] for summary in listing.summaries}
