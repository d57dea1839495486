"""The account that created a collaboration, and the account that acts: where they differ, nothing may be written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cleanrooms_resource.aws.calls import get_caller_account
from cleanrooms_resource.errors import SettingsError

if TYPE_CHECKING:
    from cleanrooms_resource.aws.connection import Connection


def refuse_other_account(
    connection: Connection, creator: str, *, beginning: str, advice: str
) -> None:
    """Refuse a connection that acts in another account than the one that created the collaboration.

    ``beginning`` is how the error's sentence begins; ``{caller}`` in ``advice`` stands for the account that acts. A connection asks AWS for its
    account once.

    Raises:
        SettingsError: the connection acts in another account.
        CollaborationError: GetCallerIdentity fails.

    """
    caller = get_caller_account(connection)
    if caller != creator:
        raise SettingsError(
            f"{beginning}: account {creator} created the collaboration, and the credentials ({connection.credentials}) act in account {caller}. "
            "Nothing was changed.",
            advice=advice.replace("{caller}", caller),
        )


def refuse_other_replacement(connection: Connection, creator: str | None) -> None:
    """Refuse to create a collaboration in the place of one that another account created. None stands for a collaboration that replaces none.

    Raises:
        SettingsError: the caller is another account.
        CollaborationError: GetCallerIdentity fails.

    """
    if creator is not None:
        advice = f"Run `pulumi up` with credentials of account {creator}."
        refuse_other_account(
            connection, creator, beginning="The replacement was not made", advice=advice
        )


def refuse_other_connection(connection: Connection, creator: str) -> None:
    """Refuse a changed ``connection`` that acts in another account than the one that created the collaboration.

    Raises:
        SettingsError: the connection acts in another account.
        CollaborationError: GetCallerIdentity fails.

    """
    advice = f"Write a `connection` that acts in account {creator}. For a collaboration of account {{caller}}, declare another resource."
    refuse_other_account(connection, creator, beginning="connection", advice=advice)
