"""The change requests of a collaboration, and how they match the changes that a declaration wants."""

from __future__ import annotations

from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final

from cleanrooms_resource.declaration.rules import COSTS, get_responsibility

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime

OPEN: Final = ("PENDING", "APPROVED")
"""The statuses of change requests that can still take effect."""


@dataclass(frozen=True, slots=True)
class RequestedChange:
    """A change that a change request can make. ``account`` is None where the collaboration itself changes.

    ``types`` are the change types that AWS is expected to make of it. ``specification`` is a ``ChangeInput`` of botocore's model.
    """

    account: str | None
    types: frozenset[str]
    specification: Mapping[str, Any]

    def describe(self) -> str:
        """Return what the change does, for a sentence: ``adds member 222233334444``."""
        return _describe(self.specification, self.types)


@dataclass(frozen=True, slots=True)
class ChangeRequest:
    """A change request as AWS has it.

    ``changes`` are botocore's ``Change`` structures. ``approvals`` maps accounts to PENDING, APPROVED or DENIED.
    """

    id: str
    status: str
    changes: tuple[Mapping[str, Any], ...]
    approvals: Mapping[str, str]
    is_auto_approved: bool = False
    created: datetime | None = None
    updated: datetime | None = None

    def match(self, wanted: Iterable[RequestedChange]) -> list[RequestedChange]:
        """Return the wanted changes that this request makes."""
        return [
            each
            for each in wanted
            if any(_is_same(change, each.specification) for change in self.changes)
        ]

    def is_wanted(self, wanted: Sequence[RequestedChange]) -> bool:
        """Whether every change of this request is wanted."""
        return all(
            any(_is_same(change, each.specification) for each in wanted) for change in self.changes
        )

    def concerns(self, account: str | None) -> bool:
        """Whether this request changes the member; the collaboration itself, where the account is None."""
        return any(
            (change["specification"].get("member") or {}).get("accountId") == account
            for change in self.changes
        )

    def is_ignored(self, ignored: Collection[str]) -> bool:
        """Whether ``ignore_changes`` names what this request changes. ``ignored`` are names of properties, and accounts of members."""
        specifications = [change["specification"] for change in self.changes]
        return any(
            not {"members", specification["member"]["accountId"]}.isdisjoint(ignored)
            if "member" in specification
            else "autoApprovedChangeRequestTypes" in ignored
            for specification in specifications
        )

    def list_accounts(self, vote: str) -> list[str]:
        """Return the accounts that have voted so; PENDING stands for those that have not voted."""
        return sorted(account for account, each in self.approvals.items() if each == vote)

    def describe(self) -> str:
        """Return what the request does, for a sentence: ``adds member 222233334444 and changes member 333344445555``."""
        return " and ".join(_describe(change, change.get("types", ())) for change in self.changes)

    def list_types(self) -> list[str]:
        """Return the change types that AWS made of the request's changes."""
        return sorted({each for change in self.changes for each in change.get("types", ())})

    def to_output(self) -> dict[str, Any]:
        """Return the request as an entry of the output ``openChangeRequests``."""
        return {
            "id": self.id,
            "status": self.status,
            "changes": [dict(each) for each in self.changes],
            "approvals": dict(self.approvals),
        }


def read_answer(answer: Mapping[str, Any]) -> ChangeRequest:
    """Return the change request of an answer: a ``CollaborationChangeRequest`` of botocore's model, or its summary."""
    approvals = {
        account: details["status"] for account, details in (answer.get("approvals") or {}).items()
    }
    return ChangeRequest(
        answer["id"],
        answer["status"],
        tuple(answer["changes"]),
        approvals,
        answer["isAutoApproved"],
        answer["createTime"],
        answer["updateTime"],
    )


def read_outputs(outputs: Mapping[str, Any]) -> tuple[ChangeRequest, ...]:
    entries = outputs.get("openChangeRequests") or ()
    return tuple(
        ChangeRequest(each["id"], each["status"], tuple(each["changes"]), each["approvals"])
        for each in entries
    )


def list_open_requests(requests: Iterable[ChangeRequest]) -> dict[str, Any]:
    """Return the output that lists the change requests; nothing where there is none."""
    entries = [request.to_output() for request in requests]
    return {"openChangeRequests": entries} if entries else {}


def add_waiting_changes(
    declaration: Mapping[str, Any], requests: Iterable[ChangeRequest]
) -> dict[str, Any]:
    """Return the declared properties with the changes that wait for approval, as the program declares them.

    As inputs after a refresh they keep a waiting change from showing again.
    """
    result = {**declaration}
    for request in requests:
        for change in request.changes if request.status == "PENDING" else ():
            specification = change["specification"]
            if "collaboration" in specification:
                result["autoApprovedChangeRequestTypes"] = sorted(
                    specification["collaboration"].get("autoApprovedChangeTypes") or ()
                )
                continue
            parts = {
                name: part
                for name, part in specification["member"].items()
                if name != "accountId" and part is not None
            }
            parts["memberAbilities"] = sorted(parts["memberAbilities"])
            members = result.get("members") or {}
            account = specification["member"]["accountId"]
            result["members"] = dict(
                sorted({**members, account: {**members.get(account, {}), **parts}}.items())
            )
    return result


@dataclass(frozen=True, slots=True)
class Judgement:
    """The change requests of the state, judged by the changes that a declaration wants.

    ``waiting`` wait for approval, ``approved`` can be committed, ``denied`` have a change that is still wanted, and ``obsolete`` are no longer
    wanted. ``ignored`` are left alone, because ``ignore_changes`` names what they change. ``uncovered`` are wanted changes that no request makes.
    """

    waiting: tuple[ChangeRequest, ...]
    approved: tuple[ChangeRequest, ...]
    denied: tuple[ChangeRequest, ...]
    obsolete: tuple[ChangeRequest, ...]
    uncovered: tuple[RequestedChange, ...]
    ignored: tuple[ChangeRequest, ...] = ()

    @property
    def needs_nothing(self) -> bool:
        """Whether an update has nothing to do for the members now."""
        return not (self.approved or self.denied or self.obsolete or self.uncovered)


def judge_requests(
    requests: Sequence[ChangeRequest],
    wanted: Sequence[RequestedChange],
    ignored: Collection[str],
) -> Judgement:
    left_alone = [request for request in requests if request.is_ignored(ignored)]
    asked = [change for request in left_alone for change in request.match(wanted)]
    requests = [request for request in requests if request not in left_alone]
    wanted = [change for change in wanted if change not in asked]
    kept = [request for request in requests if request.status in OPEN and request.is_wanted(wanted)]
    denied = list_denied_requests(requests, wanted)
    covered = [change for request in (*kept, *denied) for change in request.match(wanted)]
    return Judgement(
        waiting=tuple(request for request in kept if request.status == "PENDING"),
        approved=tuple(request for request in kept if request.status == "APPROVED"),
        denied=tuple(denied),
        obsolete=tuple(
            request
            for request in requests
            # A denied request whose changes are asked for again leaves the state with the next update.
            if request not in kept and not (request.status == "DENIED" and request.match(wanted))
        ),
        uncovered=tuple(change for change in wanted if change not in covered),
        ignored=tuple(left_alone),
    )


def list_denied_requests(
    requests: Sequence[ChangeRequest], wanted: Sequence[RequestedChange]
) -> list[ChangeRequest]:
    """Return the requests that members denied, and whose changes are wanted and in no open request."""
    asked_again = [
        change
        for request in requests
        if request.status in OPEN and request.is_wanted(wanted)
        for change in request.match(wanted)
    ]
    missing = [change for change in wanted if change not in asked_again]
    return [
        request for request in requests if request.status == "DENIED" and request.match(missing)
    ]


def is_made(member: Mapping[str, Any] | None, change: RequestedChange) -> bool:
    """Whether a member, in the form of the request, is as the change makes it. None stands for a member that AWS does not have."""
    wanted = change.specification["specification"].get("member")
    return (
        member is not None
        and wanted is not None
        and _has_parts({"accountId": change.account, **member}, wanted)
    )


def is_committed_last(requests: Iterable[ChangeRequest], change: RequestedChange) -> bool:
    """Whether the request that AWS committed last for the change's member makes the change."""
    committed = [
        request
        for request in requests
        if request.status == "COMMITTED" and request.updated and request.concerns(change.account)
    ]
    last = max(committed, key=attrgetter("updated"), default=None)
    return last is not None and bool(last.match([change]))


def _describe(change: Mapping[str, Any], types: Collection[str]) -> str:
    member = change["specification"].get("member")
    if member is None:
        return "changes the types of change requests that need no approval"
    return f"{'adds' if 'ADD_MEMBER' in types else 'changes'} member {member['accountId']}"


def _is_same(change: Mapping[str, Any], specification: Mapping[str, Any]) -> bool:
    """Whether a change of a request is the change of a ``ChangeInput``. An answer may write out parts that the request left out."""
    made, wanted = change["specification"], specification["specification"]
    if "collaboration" in wanted:
        return "collaboration" in made and set(
            made["collaboration"].get("autoApprovedChangeTypes") or ()
        ) == set(wanted["collaboration"]["autoApprovedChangeTypes"])
    if "member" not in made or made["member"]["accountId"] != wanted["member"]["accountId"]:
        return False
    return _has_parts(made["member"], wanted["member"])


def _has_parts(made: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    names = {member["displayName"] for member in (made, wanted) if member.get("displayName")}
    return (
        len(names) <= 1
        and set(made["memberAbilities"]) == set(wanted["memberAbilities"])
        and (
            "mlMemberAbilities" not in wanted
            or list_learning_abilities(made) == list_learning_abilities(wanted)
        )
        and (
            "paymentConfiguration" not in wanted
            or _list_paid_costs(made) == _list_paid_costs(wanted)
        )
    )


def list_learning_abilities(member: Mapping[str, Any]) -> set[str]:
    """Return the machine learning output that a member, in the form of the request, receives."""
    return set((member.get("mlMemberAbilities") or {}).get("customMLMemberAbilities") or ())


def _list_paid_costs(member: Mapping[str, Any]) -> set[tuple[str, ...]]:
    return {cost for cost in COSTS if get_responsibility(member.get("paymentConfiguration"), cost)}
