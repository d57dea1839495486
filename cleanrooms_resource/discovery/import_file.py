"""The inventory as the JSON file that ``pulumi import --file`` takes, for the plug-in."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from cleanrooms_resource.changes.takeover import PLUGIN_TYPE

if TYPE_CHECKING:
    from cleanrooms_resource.discovery.inventory import Inventory, OwnCollaboration

_RESERVED_NAMES: Final = {"null", "pulumi"}
"""The names of resources at which Pulumi fails when it writes or reads the program: ``null`` in every language, ``pulumi`` in YAML."""


def render_import_file(inventory: Inventory) -> str:
    """Return the file, which names each collaboration and its id.

    The collaborations of every region but one move from the inventory's own to its failures.
    """
    _leave_out_other_regions(inventory)
    resources = [_describe(collaboration) for collaboration in inventory.own]
    return f"{json.dumps({'resources': resources}, indent=2)}\n"


def _leave_out_other_regions(inventory: Inventory) -> None:
    """Move what is in another region to the failures: `pulumi import` reads in one region."""
    regions = [each.region for each in inventory.own if "region" not in each.declaration] + [
        each.region for each in inventory.own
    ]
    for collaboration in list(inventory.own):
        if collaboration.region != regions[0]:
            inventory.own.remove(collaboration)
            inventory.failures.append(
                f"Collaboration {collaboration.id} in {collaboration.region} is not written, because `pulumi import` reads in one region. Run the "
                f"command again with --region {collaboration.region}, and import that file where `cleanrooms:region` is {collaboration.region}."
            )


def _describe(collaboration: OwnCollaboration) -> dict[str, str]:
    name = collaboration.resource_name
    return {
        "type": PLUGIN_TYPE,
        "name": f"{name}-collaboration" if name in _RESERVED_NAMES else name,
        "id": collaboration.id,
    }
