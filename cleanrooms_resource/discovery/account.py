"""The reading of an account: every collaboration of its regions, side by side. No call writes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from cleanrooms_resource.aws.answers import explain_failures
from cleanrooms_resource.aws.calls import (
    get_caller_account,
    list_collaborations,
    read_collaboration_by_id,
)
from cleanrooms_resource.aws.connection import connect
from cleanrooms_resource.changes.existing_declaration import UndeclarableError, declare_existing
from cleanrooms_resource.changes.known_collaboration import DEPARTED
from cleanrooms_resource.discovery.inventory import (
    Departed,
    Inventory,
    OtherCollaboration,
    OwnCollaboration,
    name_resources,
)
from cleanrooms_resource.discovery.sentences import (
    ACTIONS_OF_READING,
    advise_on_failed_read,
    quote_name,
)
from cleanrooms_resource.errors import (
    AccessDeniedError,
    CollaborationError,
    ResourceNotFoundError,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from cleanrooms_resource.aws.connection import Connection
    from cleanrooms_resource.aws.settings import Settings
    from cleanrooms_resource.changes.live_collaboration import LiveCollaboration

# AWS allows about 5 requests per second and operation. More readers would only wait longer.
_READERS: Final = 8


@dataclass(frozen=True, slots=True)
class Selection:
    """The collaborations to write: those with one of these ids or names; every one if both are empty."""

    ids: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()

    def selects(self, summary: Mapping[str, Any]) -> bool:
        return (
            not (self.ids or self.names)
            or summary["id"] in self.ids
            or summary["name"] in self.names
        )

    def find_misses(self, summaries: Collection[Mapping[str, Any]]) -> list[str]:
        """Return how the user named each collaboration that no region lists."""
        ids, names = ({summary[key] for summary in summaries} for key in ("id", "name"))
        return [f"the ID {id_}" for id_ in sorted(self.ids - ids)] + [
            f"the name {quote_name(name)}" for name in sorted(self.names - names)
        ]


@dataclass(frozen=True, slots=True)
class _Entry:
    """A collaboration that ListCollaborations lists in a region, and what a read of it gave."""

    connection: Connection
    summary: Mapping[str, Any]
    live: LiveCollaboration | None = None
    error: CollaborationError | None = None

    @property
    def may_have_vanished(self) -> bool:
        """Whether the read failed as it fails for a collaboration that no longer exists."""
        lacks_tags = self.live is not None and self.live.tags is None
        return lacks_tags or isinstance(self.error, AccessDeniedError | ResourceNotFoundError)

    def describe(self) -> str:
        return f"collaboration {self.summary['id']} ({quote_name(self.summary['name'])}) in {self.connection.region}"


def read_account(
    settings: Settings,
    regions: tuple[str, ...],
    default_region: str | None,
    selection: Selection,
    report_progress: Callable[[int, int], None],
) -> Inventory:
    """Read every selected collaboration of the regions. A declaration leaves the region out where it is ``default_region``.

    ``report_progress`` gets the number of collaborations that were read, and how many there are.
    """
    inventory = Inventory(None)
    entries = [entry for region in regions for entry in _list_region(settings, region, inventory)]
    names = name_resources((entry.summary for entry in entries), inventory.account)
    if inventory.regions:
        misses = selection.find_misses([entry.summary for entry in entries])
        inventory.failures += [
            f"No collaboration with {miss} is listed in {', '.join(inventory.regions)}; check the region and the account."
            for miss in misses
        ]
    selected = [entry for entry in entries if selection.selects(entry.summary)]
    inventory.others += [
        _describe_other(entry, names, default_region)
        for entry in selected
        if entry.summary["creatorAccountId"] != inventory.account
    ]
    own = _read_entries(
        [entry for entry in selected if entry.summary["creatorAccountId"] == inventory.account],
        report_progress,
    )
    vanished = _find_vanished(own)
    for entry in own:
        if entry.summary["id"] in vanished:
            inventory.vanished.append(
                f"{_begin(entry.describe())} is not written: somebody deleted it while it was read."
            )
        elif entry.error is not None:
            reason = f"{entry.error.reason.rstrip('.')}{advise_on_failed_read(entry.error, ACTIONS_OF_READING)}"
            inventory.failures.append(
                f"{_begin(entry.describe())} is not written, because it cannot be read: {reason}."
            )
        elif entry.live is not None:
            _declare(entry, entry.live, names[entry.summary["id"]], inventory, default_region)
    return inventory


def _list_region(settings: Settings, region: str, inventory: Inventory) -> list[_Entry]:
    """Return the collaborations of a region. A failure is noted, and the other regions are still read."""
    try:
        connection = connect(settings, region)
        inventory.account = get_caller_account(connection)
        with explain_failures(f"listing the collaborations in {region}"):
            entries = [
                _Entry(connection, summary) for summary in list_collaborations(connection).summaries
            ]
    except CollaborationError as error:
        reason = f"{error.reason.rstrip('.')}{advise_on_failed_read(error, 'cleanrooms:ListCollaborations')}"
        inventory.failures.append(
            f"No collaboration in {region} is written, because the region cannot be read: {reason}."
        )
        return []
    inventory.regions.append(region)
    return entries


def _read_entries(
    entries: list[_Entry], report_progress: Callable[[int, int], None]
) -> list[_Entry]:
    results = []
    with ThreadPoolExecutor(_READERS) as pool:
        for entry in pool.map(_read_entry, entries):
            results.append(entry)
            report_progress(len(results), len(entries))
    return results


def _read_entry(entry: _Entry) -> _Entry:
    try:
        return replace(entry, live=read_collaboration_by_id(entry.connection, entry.summary["id"]))
    except CollaborationError as error:
        return replace(entry, error=error)


def _find_vanished(entries: list[_Entry]) -> set[str]:
    """Return the ids that AWS no longer lists. Clean Rooms denies what is missing and what is forbidden alike, so the listing decides."""
    doubtful = [entry for entry in entries if entry.may_have_vanished]
    vanished: set[str] = set()
    for connection in {id(entry.connection): entry.connection for entry in doubtful}.values():
        try:
            with explain_failures("listing the collaborations again"):
                listed = {summary["id"] for summary in list_collaborations(connection).summaries}
        except CollaborationError:
            continue
        vanished |= {
            entry.summary["id"] for entry in doubtful if entry.connection is connection
        } - listed
    return vanished


def _declare(
    entry: _Entry,
    live: LiveCollaboration,
    resource_name: str,
    inventory: Inventory,
    default_region: str | None,
) -> None:
    """Add a collaboration to the inventory, or the reason why no declaration equals it."""
    region = entry.connection.region
    try:
        existing = declare_existing(live, region)
    except UndeclarableError as error:
        inventory.failures.append(
            f"{_begin(entry.describe())} is not written, because no declaration of this version equals it: {error}."
        )
        return
    notes = []
    if not existing.has_payers:
        notes.append(
            "The payers are not declared, because a payer left or was removed. Decide who pays before you change the members."
        )
    if live.tags is None:
        notes.append("The tags are not declared, because they may not be read.")
        inventory.failures.append(
            f"The tags of {entry.describe()} are not written: AccessDeniedException; allow cleanrooms:ListTagsForResource."
        )
    declaration = {
        name: value
        for name, value in existing.properties.items()
        if (name, value) != ("region", default_region)
    }
    statuses, members = live.member_statuses(), live.list_properties(region)["members"]
    departed = {
        account: Departed(members[account]["displayName"], status)
        for account, status in statuses.items()
        if status in DEPARTED
    }
    inventory.own.append(
        OwnCollaboration(
            resource_name=resource_name,
            id=entry.summary["id"],
            region=region,
            declaration=declaration,
            creator_status=live.collaboration["memberStatus"],
            statuses={
                account: status for account, status in statuses.items() if account not in departed
            },
            departed=departed,
            notes=tuple(notes),
        )
    )


def _describe_other(
    entry: _Entry, names: Mapping[str, str], default_region: str | None
) -> OtherCollaboration:
    summary, region = entry.summary, entry.connection.region
    return OtherCollaboration(
        resource_name=names[summary["id"]],
        id=summary["id"],
        region=region,
        is_in_default_region=region == default_region,
        name=summary["name"],
        creator=summary["creatorAccountId"],
        creator_display_name=summary["creatorDisplayName"],
        status=summary["memberStatus"],
    )


def _begin(text: str) -> str:
    return text[0].upper() + text[1:]
