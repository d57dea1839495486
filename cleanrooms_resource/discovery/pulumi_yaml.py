"""The inventory as a Pulumi program in YAML, for the plug-in: the whole file ``Pulumi.yaml``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from cleanrooms_resource.discovery.literals import quote_in_double
from cleanrooms_resource.discovery.python_program import sort_properties
from cleanrooms_resource.discovery.sentences import describe_creator, describe_maker, introduce, list_departed
from cleanrooms_resource.discovery.yaml_source import render_comments, render_map

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cleanrooms_resource.discovery.inventory import Inventory, OtherCollaboration, OwnCollaboration

_PACKAGE: Final = (
    "`cleanrooms-resource discover` wrote this program. `pulumi package add` with the directory of the plug-in, or with its git address, adds the "
    "plug-in to this file."
)
_HEAD: Final = ("name: collaborations", "runtime: yaml")
_TYPE: Final = "cleanrooms:Collaboration"
_INDENT: Final = "  "
_FUNCTION: Final = "fn::"
_MERGE: Final = "<<"
_RESERVED_NAME: Final = "pulumi"
"""The name that no resource of a program in YAML can have as its key."""


def leave_out_unwritable(inventory: Inventory) -> None:
    """Move the collaborations that a program in YAML cannot hold from the inventory's own to its failures."""
    for collaboration in list(inventory.own):
        reason = _find_obstacle(collaboration.declaration)
        if reason:
            inventory.own.remove(collaboration)
            inventory.failures.append(
                f"Collaboration {collaboration.id} in {collaboration.region} is not written, because {reason}. Import it into a program of another "
                "language with `pulumi import`, or write it for the dynamic resource with --format python."
            )


def _find_obstacle(declaration: Mapping[str, Any]) -> str | None:
    """Return why Pulumi's YAML cannot hold the declaration, even in quotes; None if it can. No other text can begin with a line break."""
    tags = declaration.get("tags", {})
    if _MERGE in tags:
        return f'Pulumi reads the key "{_MERGE}" of its tags as a merge of two maps'
    if len(tags) == 1 and next(iter(tags)).lower().startswith(_FUNCTION):
        return f'Pulumi reads a map whose only key begins with "{_FUNCTION}", as its tags do, as the call of a function'
    if any(text.startswith(("\n", "\r")) for text in (declaration.get("description", ""), *tags, *tags.values())):
        return "`pulumi package add` removes the line breaks at the beginning of a text of Pulumi.yaml"
    return None


def render_pulumi_yaml(inventory: Inventory, *, is_imported: bool) -> str:
    """Return the program. ``is_imported`` says whether the program imports the collaborations, by their ids."""
    lines = [*render_comments([_PACKAGE, *introduce(inventory)], 0), *_HEAD, "resources:" if inventory.own else "resources: {}"]
    for collaboration in inventory.own:
        lines += _render_collaboration(collaboration, is_imported=is_imported)
    for other in inventory.others:
        lines += render_comments([*describe_maker(other), _explain_get(other)], 0)
    for failure in inventory.failures:
        lines += render_comments([f"Not complete: {failure}"], 0)
    return "".join(f"{line}\n" for line in lines)


def _render_collaboration(collaboration: OwnCollaboration, *, is_imported: bool) -> list[str]:
    declaration = dict(collaboration.declaration)
    members, departed = declaration.pop("members", {}), list_departed(collaboration)
    name = collaboration.resource_name
    is_reserved = name == _RESERVED_NAME
    lines = [*render_comments(describe_creator(collaboration), 1), f"{_INDENT}{_quote(f'{name}-collaboration' if is_reserved else name)}:"]
    lines += [f"{_INDENT * 2}type: {_TYPE}", *([f"{_INDENT * 2}name: {_quote(name)}"] if is_reserved else []), f"{_INDENT * 2}properties:"]
    lines += render_map({name: declaration[name] for name in sort_properties(declaration)}, 3, _quote)
    lines += [f"{_INDENT * 3}members:"] if members else []
    for account, member in members.items():
        lines += render_comments([f"Status: {collaboration.statuses[account]}."], 4)
        lines += [f"{_INDENT * 4}{_quote(account)}:", *render_map(member, 5, _quote)]
    lines += render_comments(departed, 4 if members else 3)
    options: dict[str, Any] = {"import": collaboration.id} if is_imported else {}
    return [*lines, f"{_INDENT * 2}options:", *render_map({**options, "protect": True}, 3, _quote)]


def _explain_get(other: OtherCollaboration) -> str:
    region = "" if other.is_in_default_region else f', state: {{region: "{other.region}"}}'
    return f'Read it with the resource {other.resource_name}: {{type: {_TYPE}, get: {{id: "{other.id}"{region}}}}}'


def _quote(text: str) -> str:
    """Return a string of Pulumi's YAML, which reads ``$$`` as a dollar and ``${`` as the beginning of an interpolation."""
    return quote_in_double(re.sub(r"\$(?=[${])", "$$", text))
