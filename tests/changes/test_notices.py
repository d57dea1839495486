"""What a preview says beside the properties that change."""

from __future__ import annotations

from typing import Any

from declarations import ADS, BROKER, PARTNER, declaration, member, responsible

from cleanrooms_resource.changes.diff import Diff, PropertyChange
from cleanrooms_resource.changes.known_collaboration import KnownCollaboration
from cleanrooms_resource.changes.notices import describe_replacement, list_notices
from cleanrooms_resource.declaration.canonical_form import canonicalize
from cleanrooms_resource.table import ChangeKind


def known(
    *,
    is_of_older_version: bool = False,
    statuses: dict[str, str] | None = None,
    more: Any = None,
    **overrides: Any,
) -> KnownCollaboration:
    """Return a collaboration in the state; ``more`` are members that AWS has and nobody declared."""
    declared = canonicalize(declaration(**overrides))[0]
    live = {**declared, "members": declared["members"] | (more or {})}
    return KnownCollaboration(
        declared,
        live,
        is_complete=True,
        statuses=statuses or {},
        dropped=frozenset(),
        is_of_older_version=is_of_older_version,
    )


def notices(
    collaboration: KnownCollaboration, *, is_replacement: bool = False, **overrides: Any
) -> list[str]:
    replacing = [PropertyChange("queryLogStatus", ChangeKind.REPLACE, "ENABLED", "DISABLED")]
    return list_notices(
        collaboration,
        canonicalize(declaration(**overrides))[0],
        Diff(replacing if is_replacement else [], []),
    )


UNDECLARED = {PARTNER: {"displayName": "Partner", "memberAbilities": []}}


def test_the_same_declaration_has_no_notice() -> None:
    assert notices(known()) == []


def test_an_undeclared_member_is_named_with_how_to_declare_it() -> None:
    (notice,) = notices(known(more=UNDECLARED))

    assert notice.startswith(
        f'members["{PARTNER}"]: AWS has this member, and the program does not declare the member.'
    )
    assert "run `pulumi refresh` and add it to `members`" in notice


def test_a_replacement_says_that_it_does_not_invite_an_undeclared_member() -> None:
    assert (
        "The new collaboration does not invite this member."
        in notices(known(more=UNDECLARED), is_replacement=True)[0]
    )


def test_an_undeclared_member_who_has_departed_is_not_named() -> None:
    assert notices(known(more=UNDECLARED, statuses={PARTNER: "LEFT"})) == []


def test_a_replacement_says_that_it_invites_a_departed_member_again() -> None:
    (notice,) = notices(known(statuses={BROKER: "REMOVED"}), is_replacement=True)

    assert (
        notice
        == f'members["{BROKER}"]: the member has the status REMOVED, and the new collaboration invites it again.'
    )


def test_a_member_dropped_from_a_state_of_an_older_version_may_never_have_been_declared() -> None:
    (notice,) = notices(
        known(is_of_older_version=True), members=[member(ADS, member_abilities=["CAN_QUERY"])]
    )

    assert notice.startswith(
        f'members["{BROKER}"]: the program does not declare this member, and the state does not show whether it ever did'
    )


def test_a_new_payer_of_a_cost_that_no_refresh_has_read_asks_for_a_refresh() -> None:
    (notice,) = notices(known(), creator_payment_configuration=responsible(queryCompute=True))

    assert "Run `pulumi refresh` to read the payer." in notice


def test_a_new_payer_of_a_cost_that_a_refresh_has_read_has_no_notice() -> None:
    read = known()
    read.live["members"][ADS]["paymentConfiguration"] = {"queryCompute": {"isResponsible": False}}

    assert notices(read, creator_payment_configuration=responsible(queryCompute=True)) == []


def test_a_collaboration_without_members_that_replaces_another_asks_nobody_to_join_again() -> None:
    assert (
        describe_replacement("1", "us-east-1", [])
        == "Clean Rooms collaboration 1: this new collaboration replaces the old one."
    )
