"""The deletion of a collaboration, with the connection in the state or with the program's."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from cleanrooms_resource.aws import calls
from cleanrooms_resource.aws.creators import refuse_other_connection
from cleanrooms_resource.aws.existence import call_existing, get_plain_name
from cleanrooms_resource.aws.program_connections import connect_with, explain_state, read_connection
from cleanrooms_resource.errors import (
    AccessDeniedError,
    CollaborationGone,
    CredentialsError,
    SettingsError,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cleanrooms_resource.aws.connection import Connection
    from cleanrooms_resource.aws.program_connections import ProgramConnections
    from cleanrooms_resource.aws.settings import Settings


def delete(
    settings: Settings, connections: ProgramConnections, id_: str, outputs: Mapping[str, Any]
) -> None:
    """Call DeleteCollaboration. Deleting a collaboration that is gone succeeds.

    A replacement deletes with the connection in the state, whose keys may have expired since. Where they have, the program's connection acts in its
    place, in the same account.

    Raises:
        CollaborationError: the call failed, or no credentials work.

    """
    state_connection, program_connection = (
        read_connection(outputs),
        connections.find_changed(id_, outputs),
    )
    try:
        with explain_state(state_connection):
            _delete(connect_with(settings, state_connection, outputs.get("region")), id_, outputs)
    except (AccessDeniedError, CredentialsError, SettingsError):
        if program_connection is None:
            raise
    else:
        return
    # The second attempt is outside the except block: the engine would draw both errors, and their tracebacks.
    connection = connect_with(settings, program_connection, outputs.get("region"))
    refuse_other_connection(connection, outputs["creatorAccountId"])
    _delete(connection, id_, outputs)


def _delete(connection: Connection, id_: str, outputs: Mapping[str, Any]) -> None:
    with suppress(CollaborationGone):
        call_existing(
            connection,
            id_,
            outputs,
            lambda: calls.delete_collaboration(connection, id_, get_plain_name(outputs)),
        )
