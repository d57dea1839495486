"""The marks: which properties of a collaboration are not secret, so that an error may quote their values; and which ``ignore_changes`` names.

Only the constructor knows them. It sends them to every Check as a hidden input, which Check does not keep: the engine would draw a changed one. They
are remembered for the calls of the same process, and kept in the outputs for a refresh or a destroy, which do not run the program.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, Final

from cleanrooms_resource.declaration.unknown_values import is_placeholder
from cleanrooms_resource.hidden_keys import HOLDER, IGNORED_MEMBERS, IGNORED_NAMES, PLAIN_NAMES
from cleanrooms_resource.pulumi_sdk import mark_secret
from cleanrooms_resource.table import TABLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Marks:
    """The marks that the Checks of one process have seen, by the resources' names for themselves."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._plain_names: dict[str, frozenset[str]] = {}
        self._ignored_names: dict[str, frozenset[str]] = {}
        self._ignored: dict[str, frozenset[str]] = {}

    def note_check(self, program_inputs: Mapping[str, Any]) -> None:
        # `ignore_changes=["*"]` puts the old inputs in the place of all new ones, and Check kept no marks in them.
        if HOLDER in program_inputs:
            with self._lock:
                self._ignored[program_inputs[HOLDER]] = read_ignored(program_inputs)
        if HOLDER in program_inputs and PLAIN_NAMES in program_inputs:
            with self._lock:
                self._plain_names[program_inputs[HOLDER]] = read_plain_names(program_inputs)
                self._ignored_names[program_inputs[HOLDER]] = frozenset(
                    program_inputs.get(IGNORED_NAMES) or ()
                )

    def find_ignored(self, checked_inputs: Mapping[str, Any]) -> frozenset[str]:
        """Return the properties, and the accounts of members, that ``ignore_changes`` names; nothing without a Check, as in a refresh."""
        if IGNORED_NAMES in checked_inputs:
            return read_ignored(checked_inputs)
        with self._lock:
            return self._ignored.get(str(checked_inputs.get(HOLDER)), frozenset())

    def find(
        self, checked_inputs: Mapping[str, Any], outputs: Mapping[str, Any] | None = None
    ) -> frozenset[str]:
        """Return the properties that are marked; none for a resource whose state is older than its name for itself.

        A property under ``ignore_changes`` keeps its old value, and so the mark that the old ``outputs`` have for it.
        """
        holder = str(checked_inputs.get(HOLDER))
        with self._lock:
            ignored = self._ignored_names.get(holder, frozenset())
            return (self._plain_names.get(holder, frozenset()) - ignored) | (
                ignored & read_plain_names(outputs or {})
            )

    def is_newly_secret(
        self, outputs: Mapping[str, Any], checked_inputs: Mapping[str, Any]
    ) -> bool:
        """Whether the outputs mark a property that the program has made secret since."""
        # After a refresh the engine calls Diff without a Check.
        with self._lock:
            is_checked = str(checked_inputs.get(HOLDER)) in self._plain_names
        return is_checked and bool(read_plain_names(outputs) - self.find(checked_inputs, outputs))


def read_ignored(inputs: Mapping[str, Any]) -> frozenset[str]:
    """Return the properties that ``ignore_changes`` names in a program's inputs, and the accounts of single members in the place of ``members``."""
    if PLAIN_NAMES not in inputs and IGNORED_NAMES not in inputs:
        return frozenset(TABLE)
    names, accounts = set(inputs.get(IGNORED_NAMES) or ()), inputs.get(IGNORED_MEMBERS)
    if "*" in names:
        return frozenset(TABLE)
    return frozenset(names - {"members"} | set(accounts) if accounts else names)


def read_plain_names(properties: Mapping[str, Any]) -> frozenset[str]:
    """Return the properties that are marked in inputs or outputs; none in a state of an older version."""
    names = properties.get(PLAIN_NAMES) or ()
    # Earlier states hold a list and not a text.
    return frozenset(names.split(",") if isinstance(names, str) else names)


def hide_moved_members(program_inputs: Mapping[str, Any], members: Any) -> Any:
    """Return checked members, as secrets where the program sent them under another key.

    The engine hides a part of Check's answer only where the program's input has a secret under the
    same key. A member whose account is an Output was sent under a placeholder.
    """
    sent = program_inputs.get("members")
    if not (isinstance(sent, dict) and isinstance(members, dict)):
        return members
    is_keyed_by_account = all(map(str.isdecimal, sent))
    if is_keyed_by_account or "members" in read_plain_names(program_inputs):
        return members
    return {
        account: member if account in sent and not is_placeholder(account) else mark_secret(member)
        for account, member in members.items()
    }


def write_plain_names(names: Iterable[str]) -> str:
    return ",".join(sorted(names))


MARKS: Final = Marks()
"""The marks of this process."""
