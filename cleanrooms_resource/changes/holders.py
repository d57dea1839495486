"""The holder of a collaboration: the resource of the stack that has it, as far as the calls of one process show.

Two resources of a stack can come to hold one collaboration. The program drops the resource ``a`` and declares ``b`` with ``import_`` of the same id,
and the first ``pulumi up`` is partial (``--target b``, or another resource fails). ``b`` then adopts the collaboration while ``a`` stays in the
state, and the next ``up`` deletes ``a``. That Delete must not delete the collaboration that ``b`` holds.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, Final

from cleanrooms_resource.hidden_keys import HOLDER

if TYPE_CHECKING:
    from collections.abc import Mapping


class Holders:
    """The collaborations that the resources of the program hold.

    Each resource has a name for itself in its inputs and outputs, which Check carries forward. A resource with a state of an older
    version has no name, and two such resources count as the same holder. Diff alone proves nothing: a refresh calls it for resources that the program
    has dropped. So a resource holds an id only where Check named the resource before Diff named the id.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._declared: set[str | None] = set()
        self._holders: dict[str, set[str | None]] = {}

    def note_check(self, inputs: Mapping[str, Any]) -> None:
        """Note a resource that the program declares."""
        with self._lock:
            self._declared.add(inputs.get(HOLDER))

    def note_diff(self, id_: str, outputs: Mapping[str, Any]) -> None:
        """Note the id of a resource in the state."""
        holder = outputs.get(HOLDER)
        with self._lock:
            if holder in self._declared:
                self._holders.setdefault(id_, set()).add(holder)

    def is_held_by_another(self, id_: str, outputs: Mapping[str, Any]) -> bool:
        """Whether another resource of the program holds the collaboration of a resource with these outputs."""
        holder = outputs.get(HOLDER)
        with self._lock:
            return bool(self._holders.get(id_, set()) - {holder})


def copy_hidden_keys(source: Mapping[str, Any], properties: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """Return the properties with the name that the resource has for itself, and other hidden keys, where ``source`` has them."""
    return {**properties, **{name: source[name] for name in (HOLDER, *names) if name in source}}


HOLDERS: Final = Holders()
"""The holders of this process."""
