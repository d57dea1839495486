"""Adoption, which is what ``import_`` does here, and the guards around it.

``ResourceOptions(import_=...)`` fails for every dynamic resource (pulumi/pulumi#16175), so the constructor sends the id as a hidden input, and
Create adopts the collaboration. Without the guards, a replacement with ``import_`` still in the program would adopt the same id again, and the engine
would then delete it.
"""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from cleanrooms_resource.changes.marks import read_plain_names
from cleanrooms_resource.declaration.failures import Failure
from cleanrooms_resource.declaration.spelling import to_snake_case
from cleanrooms_resource.errors import AdoptionError
from cleanrooms_resource.hidden_keys import IMPORT_ID
from cleanrooms_resource.table import TABLE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from cleanrooms_resource.changes.diff import PropertyChange
    from cleanrooms_resource.declaration.spelling import Path

# This is Pulumi's own sentence for resources that it imports itself.
_NOT_REPLACED = "previously-imported resources that still specify an ID may not be replaced; please remove the `import_` option from your program"
_REMOVE = "Remove that `import_` from the program."


class AdoptionGuards:
    """The ids that the calls of one process have named, by purpose. No single call has everything that a guard needs to know."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._managed: set[str] = set()
        self._imported: set[str] = set()
        self._imported_by_new_resources: set[str] = set()
        self._adopted: set[str] = set()
        self._plain_names: dict[str, frozenset[str]] = {}

    def note_check(
        self, old_inputs: Mapping[str, Any], new_inputs: Mapping[str, Any], *, is_replacement: bool
    ) -> list[str]:
        """Note the ids of a Check; return the reasons to refuse it. ``is_replacement`` says that it is the second Check of a replacement."""
        with self._lock:
            if IMPORT_ID in old_inputs:
                self._managed.add(old_inputs[IMPORT_ID])
            if IMPORT_ID not in new_inputs:
                return []
            id_ = new_inputs[IMPORT_ID]
            self._imported.add(id_)
            plain_names = read_plain_names(new_inputs)
            # Where two resources import one id, a property that is secret in either of them is secret.
            self._plain_names[id_] = self._plain_names.get(id_, plain_names) & plain_names
            if old_inputs:
                return []
            self._imported_by_new_resources.add(id_)
            if id_ not in self._managed:
                return []
            return [
                f"import_: this stack's state already has {id_}; {_NOT_REPLACED}"
                if is_replacement
                else _describe_managed(id_)
            ]

    def note_diff(
        self, id_: str, new_inputs: Mapping[str, Any], *, replacing_properties: Sequence[str]
    ) -> None:
        """Note the id of a resource in the state. ``replacing_properties`` are those whose change certainly replaces the collaboration.

        Raises:
            AdoptionError: the program imports another id into the resource, or still imports a collaboration that would be replaced.

        """
        wanted = new_inputs.get(IMPORT_ID)
        with self._lock:
            self._managed.add(id_)
            if id_ in self._adopted:
                raise AdoptionError(
                    f"Another resource of this stack has just adopted {id_}.",
                    advice=(
                        "Remove that resource from the state with `pulumi state delete`. "
                        "Do not only remove the resource from the program: `pulumi up` would then delete the collaboration."
                    ),
                )
            if id_ in self._imported_by_new_resources:
                raise AdoptionError(
                    f"import_: another resource imports {id_}, and this resource already has that id in the state.",
                    advice=_REMOVE,
                )
            # After a refresh the engine calls Diff with the old inputs, where no program wants to replace anything.
            is_refused = replacing_properties and wanted in self._imported
        if wanted not in (None, id_):
            raise AdoptionError(
                f"import_: this resource has the id {id_} in the state, and cannot become {wanted}.",
                advice=_REMOVE,
            )
        if is_refused:
            reasons = ", ".join(map(to_snake_case, replacing_properties))
            raise AdoptionError(
                f"import_: {_NOT_REPLACED}.",
                advice=f"The collaboration would be replaced because of {reasons}.",
            )

    @contextmanager
    def reserve(self, id_: str) -> Iterator[None]:
        """Reserve an id for one resource, unless the context fails.

        Raises:
            AdoptionError: another resource has the id.

        """
        with self._lock:
            if id_ in self._managed | self._adopted:
                raise AdoptionError(
                    f"import_: another resource of this stack already has {id_}, and only one resource can declare a collaboration.",
                    advice=_REMOVE,
                )
            self._adopted.add(id_)
        try:
            yield
        except BaseException:
            with self._lock:
                self._adopted.discard(id_)
            raise

    def find_plain_names(self, id_: str) -> frozenset[str]:
        """Return the properties whose values may be shown, of the collaboration that is imported by this id."""
        with self._lock:
            return self._plain_names.get(id_, frozenset())

    def should_delete(self, id_: str) -> bool:
        """Whether a Delete of this id should delete the collaboration.

        For an id that this process adopted, the Delete is only the second half of a replacement.

        Raises:
            AdoptionError: a resource that the program dropped has the id, and the resource that imports the id has not adopted it.

        """
        with self._lock:
            if id_ in self._imported_by_new_resources and id_ not in self._adopted:
                raise AdoptionError(
                    f"{id_} is not deleted: the program imports this collaboration, and this run has not adopted it.",
                    advice="Keep `import_` in the program, correct the other errors, and run `pulumi up` again.",
                )
            return id_ not in self._adopted


def _describe_managed(id_: str) -> str:
    # A refresh names what the program has dropped. Without `import_`, that resource would be deleted, and the collaboration with it.
    return (
        f"import_: this stack's state already has {id_}. If another resource of the program has it, remove `import_`; "
        "if none has it, run `pulumi up` without --refresh"
    )


ADOPTION_GUARDS: Final = AdoptionGuards()
"""The guards of this process. The host has a provider for every pickled form of it, and two versions of Python may pickle it differently."""


def describe_changes(
    changes: Iterable[PropertyChange], declaration: Collection[str], plain_names: Collection[str]
) -> str:
    """Describe how a collaboration differs from its declaration. Only ``plain_names`` show their values; other properties may be secrets.

    ``declaration`` has the names of the declared properties: the other properties are wanted at their defaults.
    """
    failures: list[Failure] = []
    for change in changes:
        is_plain = change.name in plain_names
        if change.name in declaration or change.new in _EMPTY:
            failures += _compare((change.name,), change.old, change.new, is_plain=is_plain)
        else:
            live = _quote(change.old) if is_plain else "another value"
            failures.append(
                Failure(
                    (change.name,),
                    f"AWS has {live}, and the program leaves the property out, which means {_quote(change.new)}",
                )
            )
    return "; ".join(failure.to_sentence(in_program=True) for failure in failures)


_EMPTY: Final[tuple[Any, ...]] = (None, False, "", [], {})


def _compare(path: Path, live: Any, declared: Any, *, is_plain: bool) -> Iterator[Failure]:
    row = TABLE[str(path[0])]
    if row.reduce_to_meaning(live) == row.reduce_to_meaning(declared) or (
        live in _EMPTY and declared in _EMPTY
    ):
        return
    if (
        isinstance(live, dict)
        and isinstance(declared, dict)
        and (row.keys_are_data or len(path) > 1)
    ):
        for key in sorted(live.keys() | declared.keys()):
            if path == ("tags",) and not is_plain and live.get(key) != declared.get(key):
                # The key of a secret tag is secret too.
                yield Failure(path, "AWS has other tags than the program declares")
                return
            yield from _compare((*path, key), live.get(key), declared.get(key), is_plain=is_plain)
    elif live in _EMPTY:
        yield Failure(
            path,
            f"the program declares {_quote(declared) if is_plain else 'a value'}, and AWS has no value",
        )
    elif declared in _EMPTY:
        yield Failure(
            path,
            f"AWS has {_quote(live) if is_plain else 'a value'}, and the program declares no value",
        )
    elif is_plain:
        yield Failure(path, f"AWS has {_quote(live)}, and the program declares {_quote(declared)}")
    else:
        yield Failure(path, "AWS has another value than the program declares")


def _quote(value: Any) -> str:
    # In JSON a value is one line, whatever characters it holds.
    return json.dumps(value, ensure_ascii=False)
