"""The inventory as a stack's configuration, which the program in ``stacks/`` reads."""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING, Any, Final

import yaml

from cleanrooms_resource.discovery.python_program import sort_properties
from cleanrooms_resource.discovery.python_source import render_comment
from cleanrooms_resource.discovery.sentences import (
    describe_creator,
    describe_other,
    introduce,
    list_departed,
)

if TYPE_CHECKING:
    from cleanrooms_resource.discovery.inventory import Inventory, OwnCollaboration

_HEAD: Final = "config:\n  cleanrooms:collaborations:"
_CIPHERTEXT_KEY: Final = "secure"
_WORD: Final = re.compile("[A-Za-z_]{2,}")


class _Dumper(yaml.SafeDumper):
    """Quotes what is not a word: Pulumi reads plain scalars such as ``1e3`` as numbers."""


def _represent_text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = None if _WORD.fullmatch(text) else '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style)


_Dumper.add_representer(str, _represent_text)


def render_stack_config(inventory: Inventory, *, is_imported: bool) -> str:
    """Return the configuration. ``is_imported`` says whether the program adopts the collaborations.

    What a configuration cannot hold moves from the inventory's own to its failures.
    """
    _leave_out_unwritable(inventory)
    parts = [*map(render_comment, introduce(inventory)), _HEAD, "\n" if inventory.own else " {}\n"]
    parts += [_render_collaboration(each, is_imported=is_imported) for each in inventory.own]
    parts += [render_comment(text) for other in inventory.others for text in describe_other(other)]
    parts += [render_comment(f"Not complete: {failure}") for failure in inventory.failures]
    return "".join(parts)


def _leave_out_unwritable(inventory: Inventory) -> None:
    for collaboration in list(inventory.own):
        if collaboration.declaration.get("tags", {}).keys() == {_CIPHERTEXT_KEY}:
            inventory.own.remove(collaboration)
            inventory.failures.append(
                f"Collaboration {collaboration.id} in {collaboration.region} is not written, "
                f'because Pulumi reads a map whose only key is "{_CIPHERTEXT_KEY}", as its tags '
                "are, as ciphertext; write this collaboration with --format python."
            )


def _render_collaboration(collaboration: OwnCollaboration, *, is_imported: bool) -> str:
    statuses = [f"{account} is {status}." for account, status in collaboration.statuses.items()]
    sentences = [*describe_creator(collaboration), *statuses, *list_departed(collaboration)]
    declaration = collaboration.declaration
    entry = {
        **({"import": collaboration.id} if is_imported else {}),
        "protect": True,
        **{name: declaration[name] for name in sort_properties(declaration)},
    }
    source = textwrap.indent(_dump({collaboration.resource_name: entry}), " " * 4)
    return "".join(render_comment(sentence, 1) for sentence in sentences) + source


def _dump(value: dict[str, Any]) -> str:
    """Return YAML, in which characters that are not visible stand as escapes."""
    text = yaml.dump(value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=10**6)
    return "".join(
        each if each.isprintable() or each == "\n" else f"\\U{ord(each):08x}" for each in text
    )
