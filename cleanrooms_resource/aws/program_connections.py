"""The connection of a resource: from the program to the state, and from the state to AWS."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from cleanrooms_resource.aws.connection import Connection, connect
from cleanrooms_resource.aws.settings import Settings, apply_connection
from cleanrooms_resource.declaration.connection_form import canonicalize_connection, mark_keys
from cleanrooms_resource.declaration.unknown_values import is_known
from cleanrooms_resource.errors import (
    CONNECTION_OF_STATE,
    SET_CREDENTIALS,
    SETTINGS_OF_LAST_UP,
    CredentialsError,
    LoginError,
    SettingsError,
)
from cleanrooms_resource.hidden_keys import CONNECTION, HOLDER
from cleanrooms_resource.pulumi_sdk import mark_secret, reveal_secrets

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class ProgramConnections:
    """The connections that the Checks of one process have seen, by the resources' names for themselves."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._connections: dict[str, Any] = {}
        self._by_id: dict[str, Any] = {}

    def note_check(self, checked_inputs: Mapping[str, Any]) -> None:
        if HOLDER in checked_inputs:
            with self._lock:
                self._connections[checked_inputs[HOLDER]] = (
                    reveal_secrets(checked_inputs.get("connection")) or {}
                )

    def note_diff(self, id_: str, checked_inputs: Mapping[str, Any]) -> None:
        """Note the connection of a resource by its id: a state may have no name, or a former one."""
        with self._lock:
            self._by_id[id_] = reveal_secrets(checked_inputs.get("connection")) or {}

    def find_changed(self, id_: str, outputs: Mapping[str, Any]) -> dict[str, Any] | None:
        """Return the program's connection of a resource in the state; None where the program has the state's connection, or was not run.

        An empty connection stands for the stack's settings.
        """
        with self._lock:
            connection = self._by_id.get(id_, self._connections.get(str(outputs.get(HOLDER))))
        return (
            connection
            if isinstance(connection, dict)
            and is_known(connection)
            and connection != read_connection(outputs)
            else None
        )


PROGRAM_CONNECTIONS: Final = ProgramConnections()
"""The connections of this process."""


def read_connection(properties: Mapping[str, Any]) -> dict[str, Any]:
    """Return the canonical connection in a resource's inputs or outputs; empty where there is none.

    Raises:
        SettingsError: the connection is wrong. Only `get` has a connection that no Check has seen.

    """
    form, failures = canonicalize_connection(
        reveal_secrets(properties.get(CONNECTION) or properties.get("connection"))
    )
    if failures:
        raise SettingsError(
            f"{'; '.join(failure.to_sentence(in_program=True) for failure in failures)}."
        )
    return dict(form or {})


def build_outputs(connection: Mapping[str, Any]) -> dict[str, Any]:
    """Return the hidden output that keeps a connection."""
    return {CONNECTION: mark_secret(dict(connection))} if connection else {}


def build_inputs(connection: Mapping[str, Any]) -> dict[str, Any]:
    return {"connection": mark_keys(connection)} if connection else {}


def connect_with(
    settings: Settings, connection: Mapping[str, Any], region: str | None
) -> Connection:
    """Return the connection to AWS for a resource, where its own connection stands before the stack's settings."""
    return connect(apply_connection(settings, connection), region)


@contextmanager
def explain_state(connection: Mapping[str, Any]) -> Iterator[None]:
    """Add to an error of the credentials where they come from: Read and Delete act as the last `pulumi up` said, and not as the program says.

    Raises:
        CollaborationError: the error with this advice.

    """
    try:
        yield
    except SettingsError as error:
        raise error.rephrase(
            error.what_happened, advice=CONNECTION_OF_STATE if connection else SETTINGS_OF_LAST_UP
        ) from None
    except LoginError:
        raise
    except CredentialsError as error:
        raise error.rephrase(
            error.what_happened,
            advice=CONNECTION_OF_STATE if connection else error.advice,
        ) from None


@contextmanager
def explain_program(connection: Mapping[str, Any]) -> Iterator[None]:
    """Say in an error of the credentials whose they are. The state's settings do not act here.

    Raises:
        CollaborationError: the error with this advice.

    """
    try:
        yield
    except LoginError:
        raise
    except CredentialsError as error:
        if error.advice != CredentialsError.advice:
            raise
        advice = (
            "Correct `connection` in the program: its keys, its profile or its roles do not work."
            if connection
            else SET_CREDENTIALS
        )
        raise error.rephrase(error.what_happened, advice=advice) from None
