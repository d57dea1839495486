"""The inventory as JSON, with a field for everything that the other forms write in comments."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cleanrooms_resource.discovery.inventory import (
        Inventory,
        OtherCollaboration,
        OwnCollaboration,
    )


def render_json(inventory: Inventory, *, is_imported: bool) -> str:
    """Return the document. ``is_imported`` says whether each collaboration has the field ``import``."""
    document = {
        "account": inventory.account,
        "regions": inventory.regions,
        "collaborations": [
            _describe_own(collaboration, is_imported=is_imported) for collaboration in inventory.own
        ],
        "otherCollaborations": [_describe_other(other) for other in inventory.others],
        "failures": inventory.failures,
    }
    return f"{json.dumps(document, indent=2)}\n"


def _describe_own(collaboration: OwnCollaboration, *, is_imported: bool) -> dict[str, Any]:
    departed = {
        account: {"displayName": member.display_name, "status": member.status}
        for account, member in collaboration.departed.items()
    }
    return {
        "resourceName": collaboration.resource_name,
        "id": collaboration.id,
        "region": collaboration.region,
        **({"import": collaboration.id} if is_imported else {}),
        "protect": True,
        "declaration": collaboration.declaration,
        "creatorStatus": collaboration.creator_status,
        "memberStatuses": collaboration.statuses,
        "departedMembers": departed,
        "notes": collaboration.notes,
    }


def _describe_other(other: OtherCollaboration) -> dict[str, Any]:
    return {
        "resourceName": other.resource_name,
        "id": other.id,
        "region": other.region,
        "name": other.name,
        "creatorAccountId": other.creator,
        "creatorDisplayName": other.creator_display_name,
        "memberStatus": other.status,
    }
