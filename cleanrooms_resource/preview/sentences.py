"""The sentences on a change: what happens, because of what, and whom it touches. Text from outside stands in code spans."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cleanrooms_resource.preview.members import list_accounts_of_request
from cleanrooms_resource.preview.outcome import Outcome, PlannedResource
from cleanrooms_resource.preview.untrusted_text import make_span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cleanrooms_resource.preview.joined import Joined
    from cleanrooms_resource.preview.members import MembersInPlace

_MAX_ACCOUNTS = 50
"""A limit that keeps a long list from pushing the rest out of the comment."""

_PARTICIPLES: Final = {
    Outcome.UNKNOWN: "changed in a way that this version does not know",
    Outcome.REPLACE: "replaced by a new collaboration",
    Outcome.DELETE: "deleted",
    Outcome.MAY_REPLACE: "replaced by a new collaboration",
    Outcome.REMOVE_MEMBER: "changed in place, which removes members",
    Outcome.RELEASE: "removed from the state and kept at AWS",
    Outcome.UNPROTECT: "no longer protected",
    Outcome.CREATE: "created",
    Outcome.ADOPT: "adopted",
    Outcome.TAKE_OVER: "taken over from pulumi-aws",
    Outcome.UPDATE: "changed in place",
    Outcome.RECORD: "recorded in the state",
    Outcome.WAIT: "unchanged, with an open change request",
}


def make_predicate(outcome: Outcome, number: int = 1) -> str:
    """Return the predicate of a sentence on so many resources: ``is replaced by a new collaboration``."""
    verb = "may be" if outcome is Outcome.MAY_REPLACE else "are" if number > 1 else "is"
    participle = _PARTICIPLES[outcome]
    if number > 1:
        participle = participle.replace("a new collaboration", "new collaborations")
    return f"{verb} {participle}"


def describe_outcome(planned: PlannedResource) -> str:
    description = "; ".join(_describe(planned))
    if not planned.loses_protect or planned.outcome is Outcome.UNPROTECT:
        return description
    effect = (
        ", which therefore does not stop the replacement"
        if planned.outcome in (Outcome.REPLACE, Outcome.MAY_REPLACE)
        else ""
    )
    return f"{description}; this change also **removes `protect`**{effect}"


def describe_cause(planned: PlannedResource) -> str:
    """Return the reason of a change that no property explains."""
    if planned.outcome is Outcome.UNKNOWN:
        return f"the operation {make_span(planned.op)}"
    if planned.is_left_over:
        return "an earlier run replaced it and did not delete it"
    if planned.outcome is Outcome.CREATE and planned.properties_changed_outside:
        return "it was deleted outside Pulumi"
    if planned.is_read and planned.outcome in _CAUSES_OF_READS:
        return _CAUSES_OF_READS[planned.outcome]
    return _CAUSES.get(planned.outcome, "no property at AWS")


_NO_PROPERTY = "no property: the command, an option or another resource asks for the replacement"
_CAUSES: Final = {
    Outcome.REPLACE: _NO_PROPERTY,
    Outcome.MAY_REPLACE: _NO_PROPERTY,
    Outcome.DELETE: "the program no longer declares it",
    Outcome.RELEASE: "the program no longer declares it",
    Outcome.CREATE: "the program declares it",
    Outcome.ADOPT: "the option `import`",
    Outcome.TAKE_OVER: "its state is from pulumi-aws",
    Outcome.UNPROTECT: "the removed option `protect`",
    Outcome.WAIT: "an open change request",
}
_CAUSES_OF_READS: Final = {
    Outcome.RELEASE: "the program now only reads it",
    Outcome.CREATE: "the program declares what it only read before",
}


def _describe(planned: PlannedResource) -> Iterator[str]:
    match planned.outcome:
        case Outcome.UNKNOWN | Outcome.REPLACE | Outcome.MAY_REPLACE | Outcome.DELETE:
            yield from _describe_loss(planned)
        case Outcome.RELEASE:
            yield from _describe_release(planned)
        case Outcome.CREATE:
            yield _describe_creation(planned)
        case Outcome.ADOPT:
            yield from _describe_adoption(planned)
        case Outcome.WAIT:
            yield f"unchanged; {describe_time([planned.joined])}{describe_requests(planned.joined)}"
        case Outcome.TAKE_OVER if not planned.reasons:
            yield "taken over from pulumi-aws; nothing changes at AWS"
        case Outcome.UPDATE | Outcome.REMOVE_MEMBER | Outcome.TAKE_OVER:
            yield from _describe_update(planned)
        case _:
            yield _DESCRIPTIONS[planned.outcome]


_DESCRIPTIONS: Final = {
    Outcome.RECORD: "recorded in the state: AWS already has the declared values, and nothing changes at AWS",
    Outcome.UNPROTECT: "**no longer protected**: a later `pulumi up` may replace or delete it",
}


def _describe_loss(planned: PlannedResource) -> Iterator[str]:
    predicate = make_predicate(planned.outcome).removeprefix("is ")
    if planned.outcome is Outcome.UNKNOWN:
        yield f"**{predicate}**: assume that it is replaced or deleted"
    elif planned.outcome is Outcome.DELETE:
        yield f"**{predicate}**: every member loses access"
    else:
        old = (
            ", beside the old one, which leaves the state and stays at AWS"
            if planned.is_kept
            else ""
        )
        unknown = ", depending on values that only `pulumi up` knows"
        doubt, condition = (
            ("", "") if planned.outcome is Outcome.REPLACE else (unknown, "if it is replaced, ")
        )
        yield f"**{predicate}**{old}{doubt}: {condition}every member must join again"
    if planned.rival:
        yield (
            f"{make_span(planned.rival)} adopts it, but the deletion still happens: to keep it, "
            "first take this resource out of the state, with `pulumi state delete`"
        )
    yield describe_joined(planned.joined)


def _describe_adoption(planned: PlannedResource) -> Iterator[str]:
    subject = make_span(planned.id) if planned.id else "the collaboration"
    if planned.rival:
        yield (
            f"**adopted, and deleted by the same `pulumi up`**: {make_span(planned.rival)}, "
            f"which the program drops or replaces, deletes {subject}"
        )
    else:
        yield (
            f"adopted: `pulumi up` compares {subject} with the declaration, "
            "and changes nothing at AWS"
        )


def _describe_release(planned: PlannedResource) -> Iterator[str]:
    if planned.keeper:
        yield f"removed from the state, and kept at AWS because {make_span(planned.keeper)} manages the same collaboration"
    elif planned.is_read:
        yield "**removed from the stack**, and kept at AWS: no later `pulumi up` changes it"
    else:
        yield "**removed from the state**, and kept at AWS because of `retain_on_delete`: no stack manages it any more"
        yield describe_joined(planned.joined)


def _describe_update(planned: PlannedResource) -> Iterator[str]:
    if planned.is_from_pulumi_aws:
        yield "taken over from pulumi-aws"
    yield from _describe_members_in_place(planned.members, planned.reasons)
    if planned.joined.open_requests and not planned.members.denied:
        yield describe_requests(planned.joined)


def _describe_members_in_place(members: MembersInPlace, reasons: tuple[str, ...]) -> Iterator[str]:
    if members.denied:
        yield f"**the update fails**: a member denied the change request for {list_accounts(members.denied)}"
        return
    if members.cancels_request:
        yield "an open change request is cancelled"
    by_request = members.requested or (
        members.may_need_approval and not (members.removed or members.cancels_request)
    )
    if by_request:
        accounts = list_accounts(members.requested)
        subject = f" for {accounts}" if accounts else ""
        if members.may_need_approval:
            yield f"proposed in a change request{subject}: it waits until AWS or every other member approves it; **no member has to join again**"
        else:
            yield f"changed in place by a change request{subject}: **no member has to join again**"
    elif not members.cancels_request or reasons != ("members",):
        yield "changed in place"
    if members.removed:
        again = "these accounts" if len(members.removed) > 1 else "this account"
        yield f"the change **removes {list_accounts(members.removed)}**, and AWS cannot invite {again} to this collaboration again"
    elif members.may_remove:
        yield "**members may be removed**: the members are secret, and AWS cannot invite a removed account to this collaboration again"


def _describe_creation(planned: PlannedResource) -> str:
    members = planned.after.get("members")
    count = len(members) if isinstance(members, dict) else 0
    description = (
        "created again: it was deleted outside Pulumi"
        if planned.properties_changed_outside
        else "created"
    )
    if planned.is_read:
        description += ", beside the collaboration that the program only read"
    if not count:
        return description
    return f"{description}; {count} member{'s are' if count > 1 else ' is'} invited"


def describe_joined(joined: Joined) -> str:
    """Return who has joined, as far as the state knows."""
    if joined.members is None:
        why = (
            "the members are secret" if joined.is_secret else "the state has no statuses of members"
        )
        return f"who has joined is not known, because {why}"
    creator = {
        True: "the creator has joined too",
        False: "the creator has not joined",
        None: "whether the creator has joined is not known",
    }
    return f"{describe_time([joined])}{_count_members(joined.members, joined.invited)}; {creator[joined.creator]}"


def describe_time(joined: Sequence[Joined]) -> str:
    """Return the words before a clause on who has joined, as of when the states know it; nothing where this preview refreshed all of them."""
    times = sorted(each.read_at for each in joined if not each.is_refreshed)
    return f"as of {times[0] or 'the last refresh or creation'}, " if times else ""


def _count_members(members: dict[str, str], invited: int) -> str:
    if not invited:
        return "no member is invited"
    count = f"{len(members) or 'none'} of {invited} member{'s' if invited > 1 else ''} ha{'ve' if len(members) > 1 else 's'} joined"
    names = [
        f"{make_span(name)} ({make_span(account)})" if name else make_span(account)
        for account, name in members.items()
    ]
    return f"{count}: {_shorten(names)}" if names else count


def describe_requests(joined: Joined) -> str:
    accounts = {
        account for request in joined.open_requests for account in list_accounts_of_request(request)
    }
    statuses = sorted({str(request.get("status", "")) for request in joined.open_requests})
    subject = f" for {list_accounts(sorted(accounts))}" if accounts else ""
    number = len(joined.open_requests)
    return f"{number} change request{'s are' if number > 1 else ' is'} open{subject}: {', '.join(map(make_span, statuses))}"


def list_accounts(accounts: Sequence[str]) -> str:
    return _shorten([make_span(account) for account in accounts])


def _shorten(spans: list[str]) -> str:
    more = f" and {len(spans) - _MAX_ACCOUNTS} more" if len(spans) > _MAX_ACCOUNTS else ""
    return ", ".join(spans[:_MAX_ACCOUNTS]) + more
