"""The sentences of the comments that every written form of an inventory has, and the advice where something cannot be read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cleanrooms_resource.errors import (
    AccessDeniedError,
    CredentialsError,
    ResourceNotFoundError,
    ThrottlingError,
    UnreachableError,
)
from cleanrooms_resource.preview.untrusted_text import MAX_NAME_LENGTH, make_visible

if TYPE_CHECKING:
    from cleanrooms_resource.discovery.inventory import (
        Inventory,
        OtherCollaboration,
        OwnCollaboration,
    )
    from cleanrooms_resource.errors import CollaborationError

ACTIONS_OF_READING: Final = "cleanrooms:GetCollaboration and cleanrooms:ListMembers"


def quote_name(name: str) -> str:
    """Return a name in quotes, on one line, with invisible characters as escapes."""
    return f'"{make_visible(name, MAX_NAME_LENGTH)}"'


def advise_on_failed_read(error: CollaborationError, actions: str) -> str:
    """Return what to do about an error of a read, as the end of its sentence; ``actions`` are the IAM actions of the read."""
    if isinstance(error, AccessDeniedError | ResourceNotFoundError):
        return f"; allow {actions}"
    if isinstance(error, CredentialsError):
        return "; set credentials that work in this region"
    if isinstance(error, UnreachableError):
        return "; check the network and the address"
    return "; run the command again" if isinstance(error, ThrottlingError) else ""


def introduce(inventory: Inventory) -> list[str]:
    """Return what was read, and with which result."""
    place = f"account {inventory.account} in {', '.join(inventory.regions)}"
    if not inventory.own:
        return [f"There is no collaboration of {place} to declare."]
    count = "1 collaboration" if len(inventory.own) == 1 else f"{len(inventory.own)} collaborations"
    return [f"{count} of {place}."]


def describe_creator(collaboration: OwnCollaboration) -> list[str]:
    """Return the creator's own status, and what the declaration leaves out."""
    return [f"The creator is {collaboration.creator_status}.", *collaboration.notes]


def list_departed(collaboration: OwnCollaboration) -> list[str]:
    """Return a sentence for each member who left or was removed."""
    return [
        f"{account} ({quote_name(member.display_name)}) has the status {member.status} and is not declared, because AWS invites no account twice."
        for account, member in collaboration.departed.items()
    ]


def describe_other(other: OtherCollaboration) -> list[str]:
    """Return who made a collaboration of another account, and the expression that reads it.

    The expression holds no untrusted text.
    """
    maker = f"Account {other.creator} ({quote_name(other.creator_display_name)})"
    status = f"where this account has the status {other.status}"
    region = "" if other.is_in_default_region else f', region="{other.region}"'
    get = f'cleanrooms.Collaboration.get("{other.resource_name}", "{other.id}"{region})'
    return [
        f"{maker} made {quote_name(other.name)} in {other.region}, {status}.",
        f"Read it with: {get}",
    ]
