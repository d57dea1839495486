"""Adoption, which is what ``import_`` does here, and the guards around it.

``ResourceOptions(import_=...)`` fails for every dynamic resource (pulumi/pulumi#16175), so the constructor hands the id on as a hidden input, and
Create adopts it. Done naively, a replacement with ``import_`` still in the program adopts the same id again, and the engine then deletes it.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from cleanrooms_resource.errors import AdoptionError
from cleanrooms_resource.properties import TABLE
from cleanrooms_resource.spelling import Failure, Path

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from cleanrooms_resource.properties import Changed

IMPORT: Final = "__import"
"""The hidden input that has the id of ``import_``."""

# Pulumi's own sentence for its own resources.
_NOT_REPLACED = "previously-imported resources that still specify an ID may not be replaced; please remove the `import_` option from your program"
_REMOVE = "Remove that `import_`."


class Adoptions:
    """What one host process has heard of ids: the engine tells no call all that it would have to know."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._managed: set[str] = set()
        self._asked: set[str] = set()
        self._new: set[str] = set()
        self._adopted: set[str] = set()

    def check(self, olds: Mapping[str, Any], news: Mapping[str, Any]) -> list[str]:
        """Hear of what Check is given; the reasons to refuse it."""
        with self._lock:
            if IMPORT in olds:
                self._managed.add(olds[IMPORT])
            if IMPORT not in news:
                return []
            id_ = news[IMPORT]
            self._asked.add(id_)
            if not olds:
                self._new.add(id_)
            return [f"import_: {id_} is in this stack's state already; {_NOT_REPLACED}"] if not olds and id_ in self._managed else []

    def diff(self, id_: str, news: Mapping[str, Any], *, replaces: bool) -> None:
        """Hear of a resource in the state.

        Raises:
            AdoptionError: the program imports another id into it, or still imports what would be replaced.

        """
        wanted = news.get(IMPORT)
        with self._lock:
            self._managed.add(id_)
            if id_ in self._adopted:
                advice = "Drop that one from the state with `pulumi state delete`: removed from the program, it would be deleted."
                raise AdoptionError(f"{id_} has just been adopted by another resource of this stack.", advice=advice)
            if id_ in self._new:
                raise AdoptionError(f"import_: another resource imports {id_}, which is this one's.", advice=_REMOVE)
            # After a refresh the engine asks what differs from the old inputs, and nobody wants to replace anything.
            replaced = replaces and wanted in self._asked
        if wanted not in (None, id_):
            raise AdoptionError(f"import_: this resource is {id_} in the state, and cannot become {wanted}.", advice=_REMOVE)
        if replaced:
            raise AdoptionError(f"import_: {_NOT_REPLACED}.")

    @contextmanager
    def adopting(self, id_: str) -> Iterator[None]:
        """Take an id for one resource, unless the context fails.

        Raises:
            AdoptionError: another resource has it.

        """
        with self._lock:
            if id_ in self._managed | self._adopted:
                raise AdoptionError(f"import_: {id_} is another resource of this stack already; a collaboration is declared once.", advice=_REMOVE)
            self._adopted.add(id_)
        try:
            yield
        except BaseException:
            with self._lock:
                self._adopted.discard(id_)
            raise

    def deletes(self, id_: str) -> bool:
        """Whether a delete of this id means the collaboration; of one adopted in this process it means the other half of a replacement.

        Raises:
            AdoptionError: it is the first half of one, with ``delete_before_replace``.

        """
        with self._lock:
            if id_ in self._new and id_ not in self._adopted:
                raise AdoptionError(f"import_: {_NOT_REPLACED}.")
            return id_ not in self._adopted


ADOPTIONS: Final = Adoptions()
"""This process's. The host has a provider for every pickled form of it, and two Pythons may pickle it differently."""


def differences(changed: Iterable[Changed]) -> str:
    """Where a collaboration is other than declared; never the values, which may be secrets."""
    return "; ".join(failure.sentence(in_program=True) for each in changed for failure in _differences((each.name,), each.old, each.new))


_NOTHING: Final[tuple[Any, ...]] = (None, False, "", [], {})


def _differences(path: Path, old: Any, new: Any) -> Iterator[Failure]:
    means = TABLE[str(path[0])].means
    if means(old) == means(new) or (old in _NOTHING and new in _NOTHING):
        return
    if isinstance(old, dict) and isinstance(new, dict) and (path[0] in ("members", "tags") or len(path) > 1):
        for key in sorted(old.keys() | new.keys()):
            yield from _differences((*path, key), old.get(key), new.get(key))
    elif old in _NOTHING:
        yield Failure(path, "is declared, and is not there")
    else:
        yield Failure(path, "is there, and is not declared" if new in _NOTHING else "is declared otherwise")
