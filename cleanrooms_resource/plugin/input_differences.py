"""The comparison of old and new inputs for the engine, where its own would draw a hidden input."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulumi.runtime.proto import provider_pb2

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence


def compare_inputs(
    olds: Mapping[str, Any], news: Mapping[str, Any], replaces: Sequence[str]
) -> provider_pb2.DiffResponse:
    """Return the answer of Diff with the properties and the members that differ."""
    detailed = dict(_compare(olds, news, ""))
    kinds = provider_pb2.DiffResponse
    return kinds(
        changes=kinds.DIFF_SOME if detailed else kinds.DIFF_NONE,
        replaces=replaces,
        detailedDiff=detailed,
        hasDetailedDiff=bool(detailed),
    )


def _compare(
    old: Mapping[str, Any], new: Mapping[str, Any], path: str
) -> Iterator[tuple[str, provider_pb2.PropertyDiff]]:
    for key in sorted({*old, *new}):
        place = f'{path}["{key}"]' if path else key
        before, after = old.get(key), new.get(key)
        if before == after:
            continue
        if isinstance(before, dict) and isinstance(after, dict):
            yield from _compare(before, after, place)
            continue
        kinds = provider_pb2.PropertyDiff
        kind = kinds.ADD if before is None else kinds.DELETE if after is None else kinds.UPDATE
        yield place, kinds(kind=kind, inputDiff=True)
