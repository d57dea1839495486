"""The inventory as a stack's configuration, which the program in ``stacks/`` reads.

Every string stands in double quotes, because YAML 1.1 and YAML 1.2 read plain scalars such as ``1e3`` differently, and account ids are digits.
"""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any, Final

from cleanrooms_resource.declaration.limits import list_words
from cleanrooms_resource.discovery.literals import quote_in_double
from cleanrooms_resource.discovery.python_program import sort_properties
from cleanrooms_resource.discovery.sentences import describe_creator, describe_other, introduce, list_departed
from cleanrooms_resource.preview.untrusted_text import make_visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cleanrooms_resource.discovery.inventory import Inventory, OwnCollaboration

_HEAD: Final = "config:\n  cleanrooms:collaborations:"
_INDENT: Final = "  "
_MAX_COMMENT_LENGTH: Final = 2000
_CIPHERTEXT_KEY: Final = "secure"


def leave_out_unwritable(inventory: Inventory) -> None:
    """Move the collaborations that a stack's configuration cannot hold from the inventory's own to its failures."""
    for collaboration in list(inventory.own):
        if collaboration.declaration.get("tags", {}).keys() == {_CIPHERTEXT_KEY}:
            inventory.own.remove(collaboration)
            inventory.failures.append(
                f"Collaboration {collaboration.id} in {collaboration.region} is not written, because Pulumi reads a map whose only key is "
                f'"{_CIPHERTEXT_KEY}", as its tags are, as ciphertext; write this collaboration with --format python.'
            )


def render_stack_config(inventory: Inventory, *, is_imported: bool) -> str:
    """Return the configuration. ``is_imported`` says whether the program adopts the collaborations, by their ids."""
    lines = [*_comment(introduce(inventory), 0), _HEAD if inventory.own else f"{_HEAD} {{}}"]
    for collaboration in inventory.own:
        lines += _render_collaboration(collaboration, is_imported=is_imported)
    for other in inventory.others:
        lines += _comment(describe_other(other), 0)
    for failure in inventory.failures:
        lines += _comment([f"Not complete: {failure}"], 0)
    return "".join(f"{line}\n" for line in lines)


def _render_collaboration(collaboration: OwnCollaboration, *, is_imported: bool) -> list[str]:
    declaration = dict(collaboration.declaration)
    members, departed = declaration.pop("members", {}), list_departed(collaboration)
    options = {"import": collaboration.id} if is_imported else {}
    lines = [*_comment(describe_creator(collaboration), 2), f"{_INDENT * 2}{quote_in_double(collaboration.resource_name)}:"]
    lines += _render_map({**options, "protect": True, **{name: declaration[name] for name in sort_properties(declaration)}}, 3)
    lines += [f"{_INDENT * 3}members:"] if members else []
    for account, member in members.items():
        lines += _comment([f"Status: {collaboration.statuses[account]}."], 4)
        lines += [f"{_INDENT * 4}{quote_in_double(account)}:", *_render_map(member, 5)]
    return lines + _comment(departed, 4 if members else 3)


def _render_map(properties: Mapping[str, Any], indent: int, *, keys_are_data: bool = False) -> list[str]:
    lines = []
    for name, value in properties.items():
        key = f"{_INDENT * indent}{quote_in_double(name) if keys_are_data else name}:"
        if isinstance(value, dict) and value:
            lines += [key, *_render_map(value, indent + 1, keys_are_data=name == "tags")]
        else:
            lines.append(f"{key} {_render_value(value)}")
    return lines


def _render_value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return f"[{', '.join(map(_render_value, value))}]"
    return value if value in list_words() else quote_in_double(value)


def _comment(sentences: Iterable[str], indent: int) -> list[str]:
    prefix = f"{_INDENT * indent}# "
    return [
        line
        for sentence in sentences
        for line in textwrap.wrap(make_visible(sentence, _MAX_COMMENT_LENGTH), 150, initial_indent=prefix, subsequent_indent=prefix)
    ]
