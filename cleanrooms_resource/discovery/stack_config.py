"""The inventory as a stack's configuration, which the program in ``stacks/`` reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cleanrooms_resource.discovery.literals import quote_in_double
from cleanrooms_resource.discovery.python_program import sort_properties
from cleanrooms_resource.discovery.sentences import describe_creator, describe_other, introduce, list_departed
from cleanrooms_resource.discovery.yaml_source import render_comments, render_map

if TYPE_CHECKING:
    from cleanrooms_resource.discovery.inventory import Inventory, OwnCollaboration

_HEAD: Final = "config:\n  cleanrooms:collaborations:"
_INDENT: Final = "  "
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
    lines = [*render_comments(introduce(inventory), 0), _HEAD if inventory.own else f"{_HEAD} {{}}"]
    for collaboration in inventory.own:
        lines += _render_collaboration(collaboration, is_imported=is_imported)
    for other in inventory.others:
        lines += render_comments(describe_other(other), 0)
    for failure in inventory.failures:
        lines += render_comments([f"Not complete: {failure}"], 0)
    return "".join(f"{line}\n" for line in lines)


def _render_collaboration(collaboration: OwnCollaboration, *, is_imported: bool) -> list[str]:
    declaration = dict(collaboration.declaration)
    members, departed = declaration.pop("members", {}), list_departed(collaboration)
    options = {"import": collaboration.id} if is_imported else {}
    lines = [*render_comments(describe_creator(collaboration), 2), f"{_INDENT * 2}{quote_in_double(collaboration.resource_name)}:"]
    lines += render_map({**options, "protect": True, **{name: declaration[name] for name in sort_properties(declaration)}}, 3)
    lines += [f"{_INDENT * 3}members:"] if members else []
    for account, member in members.items():
        lines += render_comments([f"Status: {collaboration.statuses[account]}."], 4)
        lines += [f"{_INDENT * 4}{quote_in_double(account)}:", *render_map(member, 5)]
    return lines + render_comments(departed, 4 if members else 3)
