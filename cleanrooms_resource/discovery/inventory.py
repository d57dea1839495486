"""The inventory: the collaborations of an account, and everything that could not be read."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from itertools import chain, count
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_MAX_NAME_LENGTH: Final = 60
_ID_PREFIX: Final = 8


@dataclass(frozen=True, slots=True)
class Departed:
    """A member who left or was removed. AWS invites no account to a collaboration twice, so no declaration names this member."""

    display_name: str
    status: str


@dataclass(frozen=True, slots=True)
class OwnCollaboration:
    """A collaboration that the account made. ``declaration`` is in canonical form, without what equals a default.

    ``statuses`` are those of the declared members. ``notes`` are sentences about what the declaration leaves out.
    """

    resource_name: str
    id: str
    region: str
    declaration: Mapping[str, Any]
    creator_status: str
    statuses: Mapping[str, str]
    departed: Mapping[str, Departed]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OtherCollaboration:
    """A collaboration that another account made, and of which the account is a member."""

    resource_name: str
    id: str
    region: str
    is_in_default_region: bool
    name: str
    creator: str
    creator_display_name: str
    status: str


@dataclass(slots=True)
class Inventory:
    """Every collaboration that was read. ``failures`` are sentences about what could not be read, and ``vanished`` about what no longer exists."""

    account: str | None
    regions: list[str] = field(default_factory=list)
    """The regions whose collaborations AWS listed."""
    own: list[OwnCollaboration] = field(default_factory=list)
    others: list[OtherCollaboration] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    vanished: list[str] = field(default_factory=list)


def name_resources(summaries: Iterable[Mapping[str, Any]], account: str | None) -> dict[str, str]:
    """Return a legal name of a resource for each id, from the names of the collaborations.

    Of several collaborations with one name, the oldest has the plain name, and the others add the beginning of their ids. A new collaboration thus
    renames no resource.
    """
    names: dict[str, str] = {}
    for summary in sorted(
        summaries,
        key=lambda each: (each["creatorAccountId"] != account, each["createTime"], each["id"]),
    ):
        plain, id_ = _make_plain_name(summary["name"]), summary["id"]
        candidates = chain(
            (plain, f"{plain}-{id_[:_ID_PREFIX]}", f"{plain}-{id_}"),
            (f"{plain}-{id_}-{number}" for number in count(2)),
        )
        names[id_] = next(name for name in candidates if name not in names.values())
    return names


def _make_plain_name(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return (
        re.sub("[^a-z0-9]+", "-", letters).strip("-")[:_MAX_NAME_LENGTH].rstrip("-")
        or "collaboration"
    )
