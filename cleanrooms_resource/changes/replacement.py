"""The replacement of a collaboration, kept free of changes that the preview did not show.

The engine checks a replacement twice, in the same process. The second Check has no old inputs, and the program's own values instead of those that
``ignore_changes`` kept. The provider therefore answers it as the first Check. Create gets no old outputs, and creates the new
collaboration in the region that Diff saw. With ``--replace`` there is one Check without old inputs and no Diff, so that only the Delete shows that it
is a replacement.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, Final

from cleanrooms_resource.hidden_keys import HOLDER
from cleanrooms_resource.pulumi_sdk import reveal_secrets

if TYPE_CHECKING:
    from collections.abc import Mapping


class Replacements:
    """The Checks, regions and creators of resources that may be replaced, from the calls of one process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._first_checks: dict[str, dict[str, Any]] = {}
        self._notices: dict[str, str] = {}
        self._replaced: dict[str, dict[str, str]] = {}
        self._has_equal_inputs: dict[str, bool] = {}

    def note_first_check(
        self,
        program_inputs: Mapping[str, Any],
        checked_inputs: dict[str, Any],
        *,
        has_equal_inputs: bool,
    ) -> None:
        """Note the answer of a Check that had old inputs, and whether it equals them."""
        if HOLDER in program_inputs:
            with self._lock:
                self._first_checks[program_inputs[HOLDER]] = checked_inputs
                self._has_equal_inputs[program_inputs[HOLDER]] = has_equal_inputs

    def has_equal_inputs(self, checked_inputs: Mapping[str, Any]) -> bool:
        """Whether the first Check of a resource answered its old inputs. Diff does not get the old inputs."""
        with self._lock:
            return self._has_equal_inputs.get(str(checked_inputs.get(HOLDER)), False)

    def take_first_check(self, program_inputs: Mapping[str, Any]) -> dict[str, Any] | None:
        """Return and forget the answer of the first Check; None where this Check is not the second Check of a replacement."""
        if HOLDER not in program_inputs:
            return None
        holder = program_inputs[HOLDER]
        with self._lock:
            checked_inputs = self._first_checks.pop(holder, None)
            answer = None if checked_inputs is None else {HOLDER: holder, **checked_inputs}
            if answer is not None:
                # Diff has noted the replacement already, unless a `replacement_trigger` asks for it.
                self._replaced.setdefault(answer[HOLDER], {})
        return answer

    def note_diff(self, outputs: Mapping[str, Any], checked_inputs: Mapping[str, Any]) -> None:
        """Note a collaboration that may be replaced. The engine also replaces for reasons that Diff does not see (``replace_on_changes``)."""
        with self._lock:
            for holder, first_check in self._first_checks.items():
                name = first_check.get(HOLDER, holder)
                # A state of an older version names no holder. Equal declarations then take their collaborations in turn.
                is_same = (
                    checked_inputs[HOLDER] == name
                    if HOLDER in checked_inputs
                    else reveal_secrets(first_check) == checked_inputs
                )
                if is_same and name not in self._replaced:
                    self._replaced[name] = {
                        name: outputs[name]
                        for name in ("region", "creatorAccountId")
                        if name in outputs
                    }
                    return

    def take_replaced(self, inputs: Mapping[str, Any]) -> dict[str, str] | None:
        """Return and forget the region and the creator of the collaboration that a new one replaces, as far as they are known.

        None where the new collaboration replaces none.
        """
        holder = str(inputs.get(HOLDER))
        with self._lock:
            self._notices.pop(holder, None)
            return self._replaced.pop(holder, None)

    def keep_notice(self, inputs: Mapping[str, Any], notice: str) -> None:
        """Keep the notice of a creation, which a Delete of the same resource may show to be a replacement."""
        with self._lock:
            self._notices[str(inputs.get(HOLDER))] = notice

    def note_delete(self, outputs: Mapping[str, Any]) -> str | None:
        """Note the deletion of the old collaboration. Return the notice of the new one, where that is there already and its notice was kept."""
        if HOLDER not in outputs:
            return None
        holder = outputs[HOLDER]
        with self._lock:
            notice = self._notices.pop(holder, None)
            if notice is None:
                self._replaced.setdefault(holder, {})
        return notice


REPLACEMENTS: Final = Replacements()
"""The replacements of this process."""
