"""The lines of a diff for each member or property that changes, and the few lines that stand beside a reason."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from cleanrooms_resource.declaration.spelling import to_snake_case
from cleanrooms_resource.declaration.unknown_values import is_placeholder
from cleanrooms_resource.preview.declarations import SECRET, sort_by_table
from cleanrooms_resource.preview.outcome import Outcome, PlannedResource
from cleanrooms_resource.preview.untrusted_text import make_visible
from cleanrooms_resource.pulumi_sdk import UNKNOWN
from cleanrooms_resource.table import TABLE

if TYPE_CHECKING:
    from collections.abc import Iterator

# Each limit keeps a long text from pushing the rest out of the comment. AWS's longest text is a description of 255 characters.
_MAX_VALUE_LENGTH: Final = 1_000
_MAX_INLINE_LENGTH: Final = 60
MAX_INLINE_LINES: Final = 3

_WITHOUT_DETAILS = {Outcome.ADOPT, Outcome.RELEASE, Outcome.UNPROTECT, Outcome.WAIT}


def list_details(planned: PlannedResource) -> list[str]:
    if planned.outcome in _WITHOUT_DETAILS or (
        planned.outcome is Outcome.TAKE_OVER and not planned.reasons
    ):
        return []
    names = sort_by_table(planned.before.keys() | planned.after.keys())
    return [line for name in names for line in _render_property(planned, name)]


def render_inline(planned: PlannedResource, name: str) -> Iterator[str]:
    """Return a line for each change of a property: ``+ 444455556666 "Partner"``."""
    old, new = planned.before.get(name), planned.after.get(name)
    if name in planned.secret_properties:
        yield f"{to_snake_case(name)}: {SECRET}"
    elif has_data_keys(name) and isinstance(old, dict | None) and isinstance(new, dict | None):
        old, new = old or {}, new or {}
        for key in sorted(old.keys() | new.keys()):
            if old.get(key) != new.get(key):
                sign = "+" if key not in old else "-" if key not in new else "~"
                label = "(known after apply)" if is_placeholder(key) else key
                yield f"{sign} {label} {_shorten(_name_entry(new.get(key, old.get(key))))}"
    elif name in planned.before.keys() | planned.after.keys():
        yield f"{to_snake_case(name)}: {_shorten(_render_value(old, name))} -> {_shorten(_render_value(new, name))}"


def _name_entry(entry: Any) -> str:
    """Return a member's display name, or a tag's value."""
    value = entry.get("displayName", "") if isinstance(entry, dict) else entry
    return _render_value(value)


def _shorten(text: str) -> str:
    return text if len(text) <= _MAX_INLINE_LENGTH else f"{text[:_MAX_INLINE_LENGTH]}..."


def _render_property(planned: PlannedResource, name: str) -> Iterator[str]:
    old, new = planned.before.get(name), planned.after.get(name)
    if name in planned.secret_properties:
        yield from (
            f"- {to_snake_case(name)}: {_render_value(old, name)}",
            f"+ {to_snake_case(name)}: {_render_value(new, name)}",
        )
    elif has_data_keys(name) and isinstance(old, dict | None) and isinstance(new, dict | None):
        old, new = old or {}, new or {}
        for key in sorted(old.keys() | new.keys()):
            path = f"{name}[{key if is_placeholder(key) else json.dumps(key, ensure_ascii=False)}]"
            yield from _render_difference(path, old.get(key), new.get(key))
    else:
        yield from _render_difference(to_snake_case(name), old, new, name)


def _render_difference(path: str, old: Any, new: Any, name: str = "") -> Iterator[str]:
    if isinstance(old, dict) and isinstance(new, dict):
        for part in sorted(old.keys() | new.keys()):
            yield from _render_difference(
                f"{path}.{to_snake_case(part)}", old.get(part), new.get(part)
            )
    elif old != new:
        for sign, value in (("-", old), ("+", new)):
            if value is not None:
                yield f"{sign} {make_visible(path, _MAX_VALUE_LENGTH)}: {_render_value(value, name)}"


def _render_value(value: Any, name: str = "") -> str:
    """Return a value as JSON in the spelling of programs. ``[secret]`` and ``(known after apply)`` stand for values that cannot be shown."""
    if value is None:
        return "not set"
    text = json.dumps(
        value if has_data_keys(name) else _respell_keys(value), ensure_ascii=False, sort_keys=True
    )
    return make_visible(
        text.replace(f'"{SECRET}"', SECRET).replace(f'"{UNKNOWN}"', "(known after apply)"),
        _MAX_VALUE_LENGTH,
    )


def has_data_keys(name: str) -> bool:
    return name in TABLE and TABLE[name].keys_are_data


def _respell_keys(value: Any) -> Any:
    if isinstance(value, dict):
        return {to_snake_case(key): _respell_keys(part) for key, part in value.items()}
    return [_respell_keys(part) for part in value] if isinstance(value, list) else value
