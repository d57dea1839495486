"""The holder of a collaboration: the resource of the stack that has it, as far as the calls of one process show.

Two resources of a stack can come to hold one collaboration. The program drops the resource ``a`` and declares ``b`` with ``import_`` of the same id,
and the first ``pulumi up`` is partial (``--target b``, or another resource fails). ``b`` then adopts the collaboration while ``a`` stays in the
state, and the next ``up`` deletes ``a``. That Delete must not delete the collaboration that ``b`` holds.
"""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from cleanrooms_resource.hidden_keys import HOLDER, TOKEN, without_hidden_keys
from cleanrooms_resource.pulumi_sdk import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Mapping


class Holders:
    """The collaborations that the resources of the program hold.

    Each resource has a token of its own in its outputs. A resource with a state of an older version has none, and two such resources count as the
    same holder. Diff alone proves nothing: a refresh calls it for resources that the program has dropped. So a resource holds an id only where
    Check named the resource before Diff named the id.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._checked: dict[str | None, list[str]] = {}
        self._holders: dict[str, set[str | None]] = {}

    def note_check(self, inputs: Mapping[str, Any]) -> None:
        with self._lock:
            self._checked.setdefault(inputs.get(HOLDER), []).append(_write(inputs))

    def is_checked(self, inputs: Mapping[str, Any]) -> bool:
        """Whether Check answered these inputs in this process. The name alone proves nothing: a renamed resource may still have its former name."""
        with self._lock:
            return _write(inputs) in self._checked.get(inputs.get(HOLDER), ())

    def note_diff(self, id_: str, outputs: Mapping[str, Any], inputs: Mapping[str, Any]) -> bool:
        """Note the id of a resource in the state. Return whether another resource of the program holds the same collaboration."""
        with self._lock:
            if inputs.get(HOLDER) not in self._checked:
                return False
            holders = self._holders.setdefault(id_, set())
            holders.add(outputs.get(TOKEN))
            return len(holders) > 1

    def is_held_by_another(self, id_: str, outputs: Mapping[str, Any]) -> bool:
        """Whether another resource of the program holds the collaboration of a resource with these outputs."""
        with self._lock:
            return bool(self._holders.get(id_, set()) - {outputs.get(TOKEN)})


def describe_kept(id_: str) -> str:
    """Return the message in the place of a deletion, by which the comment after `pulumi up` knows that the collaboration stays."""
    return f"{id_} is not deleted: another resource of this stack holds the collaboration."


def make_token() -> dict[str, str]:
    """Return the hidden output that tells a new resource from every other."""
    return {TOKEN: uuid4().hex}


def _write(inputs: Mapping[str, Any]) -> str:
    # An unknown value is an object without equality.
    return json.dumps(without_hidden_keys(inputs), sort_keys=True, default=lambda _: UNKNOWN)


def copy_hidden_keys(
    source: Mapping[str, Any], properties: Mapping[str, Any], *names: str
) -> dict[str, Any]:
    """Return the properties with the name that the resource has for itself, and other hidden keys, where ``source`` has them."""
    return {**properties, **{name: source[name] for name in (HOLDER, *names) if name in source}}


HOLDERS: Final = Holders()
"""The holders of this process."""
