"""The check whether a collaboration of the state still exists at AWS. A collaboration that no longer exists is gone."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from cleanrooms_resource.aws.answers import explain_failures
from cleanrooms_resource.aws.calls import describe_collaboration, get_caller_account, list_collaborations
from cleanrooms_resource.aws.waiting import WAITING
from cleanrooms_resource.changes.marks import read_plain_names
from cleanrooms_resource.errors import (
    SETTINGS_OF_LAST_UP,
    AccessDeniedError,
    CollaborationError,
    CollaborationGone,
    ResourceNotFoundError,
    SettingsError,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cleanrooms_resource.aws.connection import Connection

T = TypeVar("T")


def call_existing(connection: Connection, id_: str, outputs: Mapping[str, Any], call: Callable[[], T]) -> T:
    """Return the result of ``call`` for a collaboration in the state.

    Clean Rooms answers AccessDeniedException both for a collaboration that is missing and for one that the caller may not see. The collaboration is
    therefore gone only if the caller is the creator *and* ListCollaborations does not list it *and* it is old enough to be listed. The
    provider waits for a collaboration that was created seconds ago.

    Raises:
        CollaborationGone: the collaboration is gone.
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
        WAITING.sleep(WAITING.between_looks)
    if is_listed:
        raise AccessDeniedError(f"{denial.what_happened} The collaboration still exists: ListCollaborations lists it for {connection.credentials}.")
    name = get_plain_name(outputs)
    raise CollaborationGone(f"{describe_collaboration(name, id_)}{'' if name is None else f' ({id_})'} is gone.")


def refuse_other_creator(connection: Connection, creator: str | None) -> None:
    """Refuse to create a collaboration in the place of one that another account created. None stands for a collaboration that replaces none.

    Raises:
        SettingsError: the caller is another account.
        CollaborationError: GetCallerIdentity fails.

    """
    if creator is None:
        return
    caller = get_caller_account(connection)
    if caller != creator:
        raise SettingsError(
            f"The replacement was not made: account {creator} created the collaboration, and the credentials ({connection.credentials}) "
            f"act in account {caller}.",
            advice=f"Run `pulumi up` with credentials of account {creator}.",
        )


def get_plain_name(outputs: Mapping[str, Any]) -> str | None:
    """Return the name of a collaboration in the state; None where it is not marked, and so may be secret."""
    return outputs["name"] if "name" in read_plain_names(outputs) else None


def _look_up(connection: Connection, id_: str, outputs: Mapping[str, Any], denial: CollaborationError) -> tuple[datetime, bool]:
    """Return when AWS answered, and whether ListCollaborations lists the collaboration for its creator.

    Raises:
        AccessDeniedError: the caller is another account.
        CollaborationError: GetCallerIdentity or ListCollaborations fails.

    """
    with explain_failures(f"{denial.what_happened} Confirming that the collaboration is gone failed"):
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
