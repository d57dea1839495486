"""The record of a run in an account: a file that names each collaboration that the run created, and each that it deleted.

The record is also a guard. While it is attached to boto3, no process of the run deletes another collaboration or invites another account.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_FILE, _MEMBERS = "ACCOUNT_RECORD", "ACCOUNT_MEMBERS"


class GuardError(Exception):
    """A request of the run that the record does not allow. The request is not sent."""


@dataclass(frozen=True)
class Record:
    """The file has a line per event, `created ARN` or `deleted ARN`. ``members`` are the accounts that the run may invite."""

    file: Path
    members: tuple[str, ...] = ()

    @classmethod
    def from_variables(cls, variables: Mapping[str, str]) -> Record:
        """Return the record of the process that started this one."""
        return cls(Path(variables[_FILE]), tuple(variables[_MEMBERS].split()))

    def to_variables(self) -> dict[str, str]:
        """Return the variables from which another process makes the same record."""
        return {_FILE: str(self.file), _MEMBERS: " ".join(self.members)}

    def list_remaining(self) -> list[str]:
        """Return the ARNs of the collaborations that were created and not deleted."""
        events = (
            [line.split() for line in self.file.read_text().splitlines()]
            if self.file.exists()
            else []
        )
        deleted = {arn for event, arn in events if event == "deleted"}
        return [arn for event, arn in events if event == "created" and arn not in deleted]

    def attach(self, register: Callable[[str, Callable[..., None]], object]) -> None:
        """Have boto3 write the record and ask the guard; ``register`` is that of a client's or a session's events."""
        register("before-parameter-build.cleanrooms.CreateCollaboration", self._check_members)
        register(
            "before-parameter-build.cleanrooms.CreateCollaborationChangeRequest",
            self._check_changes,
        )
        register("before-parameter-build.cleanrooms.DeleteCollaboration", self._check_deletion)
        register("after-call.cleanrooms.CreateCollaboration", self._note_creation)
        register("after-call.cleanrooms.DeleteCollaboration", self._note_deletion)

    def _check_members(self, params: dict[str, Any], **_: Any) -> None:
        self._check_accounts(member["accountId"] for member in params.get("members", ()))

    def _check_changes(self, params: dict[str, Any], **_: Any) -> None:
        self._check_accounts(
            change["specification"]["member"]["accountId"]
            for change in params["changes"]
            if "member" in change["specification"]
        )

    def _check_accounts(self, accounts: Any) -> None:
        for account in accounts:
            if account not in self.members:
                raise GuardError(
                    f"This run must not invite account {account}, which MEMBERS does not name."
                )

    def _check_deletion(self, params: dict[str, Any], context: dict[str, Any], **_: Any) -> None:
        id_ = params["collaborationIdentifier"]
        arns = [arn for arn in self.list_remaining() if arn.endswith(f"/{id_}")]
        if not arns:
            raise GuardError(
                f"This run must not delete collaboration {id_}, which it did not create."
            )
        context["deleted_arn"] = arns[0]

    def _note_creation(self, parsed: dict[str, Any], **_: Any) -> None:
        if "collaboration" in parsed:
            self._append(f"created {parsed['collaboration']['arn']}")

    def _note_deletion(self, http_response: Any, context: dict[str, Any], **_: Any) -> None:
        if http_response.status_code < 300:
            self._append(f"deleted {context['deleted_arn']}")

    def _append(self, line: str) -> None:
        """Append the line at once and in one piece: several processes write, and any of them may be killed."""
        file = os.open(self.file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(file, f"{line}\n".encode())
            os.fsync(file)
        finally:
            os.close(file)
