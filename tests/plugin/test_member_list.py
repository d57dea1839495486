"""`memberList`: the same members as in the map, for account ids that are not known before the deployment."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from declarations import ADS, BROKER, PARTNER
from hypothesis import given
from hypothesis import strategies as st

from cleanrooms_resource.declaration.canonical_form import canonicalize
from cleanrooms_resource.plugin.member_list import merge_member_list, spell_position
from cleanrooms_resource.pulumi_sdk import UNKNOWN_VALUE, mark_secret, reveal_secrets
from plugin.driver import UNKNOWN, Plugin, PluginStack, hide, secret

if TYPE_CHECKING:
    from aws_account import Aws

DUPLICATE = "and a collaboration can invite an account only once"
ONE_OF_THE_TWO = "declare it in one of the two. Where ignoreChanges names members, declare no memberList, because members then has those of the state"


def entry(account: Any = ADS, **overrides: Any) -> dict[str, Any]:
    """Return a member of a list."""
    return {
        "accountId": account,
        "displayName": f"Member {str(account)[:4]}",
        "memberAbilities": [],
    } | overrides


def declare(member_list: Any, **overrides: Any) -> dict[str, Any]:
    """Return a declaration with a member list and no map."""
    base = {
        "name": "Ads",
        "creatorDisplayName": "RetailCo",
        "creatorMemberAbilities": ["CAN_QUERY"],
        "queryLogStatus": "ENABLED",
    }
    return base | {"memberList": member_list} | overrides


def as_map(*entries: dict[str, Any]) -> dict[str, Any]:
    """Return members as a map."""
    return {
        each["accountId"]: {name: value for name, value in each.items() if name != "accountId"}
        for each in entries
    }


def test_a_list_means_the_same_as_a_map(plugin: Plugin) -> None:
    members = as_map(entry(ADS), entry(BROKER))

    assert plugin.check(declare([entry(BROKER), entry(ADS)])) == plugin.check(
        declare(None, members=members)
    )


def test_a_list_and_a_map_are_merged(plugin: Plugin) -> None:
    checked, _ = plugin.check(declare([entry(BROKER)], members=as_map(entry(ADS))))

    assert checked["members"] == as_map(entry(ADS), entry(BROKER))
    assert "memberList" not in checked


def test_an_empty_list_is_no_members(plugin: Plugin) -> None:
    assert plugin.check(declare([])) == plugin.check(declare(None, members={}))


def test_a_checked_list_is_checked_again_as_it_is(plugin: Plugin) -> None:
    checked, _ = plugin.check(declare([entry(ADS), entry(BROKER)]))

    assert plugin.check(checked, checked) == (checked, [])


@given(st.permutations([ADS, BROKER, PARTNER]), st.integers(0, 3))
def test_the_order_of_a_list_and_what_of_it_is_in_the_map_mean_nothing(
    accounts: list[str], number: int
) -> None:
    merged, _, failures = merge_member_list(
        declare(
            [entry(each) for each in accounts[number:]],
            members=as_map(*map(entry, accounts[:number])),
        )
    )
    canonical = canonicalize(
        declare(None, members=as_map(entry(ADS), entry(BROKER), entry(PARTNER)))
    )

    assert failures == []
    assert canonicalize(merged) == canonical


@pytest.mark.parametrize(
    ("member_list", "members", "failures"),
    [
        (
            [entry(ADS), entry(BROKER), entry(ADS)],
            None,
            [f"memberList[2].accountId: memberList[0] already has account {ADS}, {DUPLICATE}"],
        ),
        (
            [entry(BROKER), entry(ADS)],
            as_map(entry(ADS)),
            [
                f"memberList[1].accountId: members already has account {ADS}, {DUPLICATE}; {ONE_OF_THE_TWO}"
            ],
        ),
        (
            [None],
            None,
            [
                "memberList[0].accountId: is required: the member's AWS account id, a string of 12 digits"
            ],
        ),
        (
            [{"displayName": "A"}],
            None,
            [
                "memberList[0].accountId: is required: the member's AWS account id, a string of 12 digits"
            ],
        ),
        (
            ["x"],
            None,
            ["memberList[0].accountId: must be an AWS account id, a string of 12 digits"],
        ),
        (
            [ADS],
            None,
            ["memberList[0]: must be a member: a map with displayName and memberAbilities"],
        ),
        (
            [222233334444],
            None,
            [
                "memberList[0].accountId: must be an AWS account id, a string of 12 digits; in YAML, quote it"
            ],
        ),
        (
            [entry("1")],
            None,
            [
                "memberList[0].accountId: must be an AWS account id, a string of 12 digits; in YAML, quote it"
            ],
        ),
        (
            [entry([])],
            None,
            ["memberList[0].accountId: must be an AWS account id, a string of 12 digits"],
        ),
        ("x", None, ["memberList: must be a list of members"]),
        ({ADS: {}}, None, ["memberList: must be a list of members"]),
        ([], "x", ["members: must be a map of members, keyed by account id"]),
    ],
)
def test_a_wrong_list_is_refused_at_its_place(
    plugin: Plugin, member_list: Any, members: Any, failures: list[str]
) -> None:
    reasons = plugin.check(declare(member_list, members=members))[1]

    assert [each for each in reasons if each in failures] == failures
    assert [
        each
        for each in reasons
        if "members" in each.partition(":")[0]
        and each not in failures
        and "list of members, or" not in each
    ] == []


def test_a_failure_within_a_member_stands_at_its_place_in_the_list(plugin: Plugin) -> None:
    reasons = plugin.check(
        declare(
            [entry(ADS), entry(BROKER, displayName=5)],
            members=as_map(entry(PARTNER, displayName=5)),
        )
    )[1]

    assert sorted(reasons) == [
        "memberList[1].displayName: must be a string",
        f'members["{PARTNER}"].displayName: must be a string',
    ]


def test_a_failure_of_a_member_whose_account_is_not_known_stands_at_its_place(
    plugin: Plugin,
) -> None:
    reasons = plugin.check(
        declare([entry(UNKNOWN), entry(UNKNOWN, displayName=5)], members=as_map(entry(PARTNER)))
    )[1]

    assert reasons == ["memberList[1].displayName: must be a string"]


def test_the_place_of_another_account_is_not_taken_for_its_own() -> None:
    assert spell_position(f'members["{BROKER}"].x: y', {ADS: 0}) == f'members["{BROKER}"].x: y'


def test_an_account_that_is_not_known_yet_has_a_placeholder(plugin: Plugin) -> None:
    checked, failures = plugin.check(declare([entry(ADS), entry(UNKNOWN)]))

    assert failures == []
    assert list(checked["members"]) == ["(known after apply 2)", ADS] or list(
        checked["members"]
    ) == [ADS, "(known after apply 2)"]


def test_members_whose_accounts_are_not_known_are_never_duplicates(plugin: Plugin) -> None:
    checked, failures = plugin.check(
        declare([entry(UNKNOWN), entry(UNKNOWN)], members=as_map(entry(ADS)))
    )

    assert (len(checked["members"]), failures) == (3, [])


def test_a_list_that_is_not_known_leaves_the_members_unknown(plugin: Plugin) -> None:
    checked, failures = plugin.check(declare(UNKNOWN, members=as_map(entry(ADS))))

    assert (checked["members"], failures) == (UNKNOWN, [])


def test_a_map_that_is_not_known_leaves_the_members_unknown(plugin: Plugin) -> None:
    checked, failures = plugin.check(declare([entry(ADS)], members=UNKNOWN))

    assert (checked["members"], failures) == (UNKNOWN, [])


def test_an_entry_that_is_not_known_leaves_the_others_known(plugin: Plugin) -> None:
    checked, failures = plugin.check(declare([entry(ADS), UNKNOWN]))

    assert failures == []
    assert checked["members"][ADS] == as_map(entry(ADS))[ADS]


def test_an_account_that_proves_equal_changes_nothing(plugin_stack: PluginStack) -> None:
    plugin_stack.up(declare([entry(ADS), entry(BROKER)]))
    before = plugin_stack.held
    preview = plugin_stack.check(declare([entry(UNKNOWN), entry(BROKER)]), before.inputs)
    plugin_stack.plugin.diff(before, preview)

    assert plugin_stack.up(declare([entry(ADS), entry(BROKER)])) == "same"


@pytest.mark.parametrize(
    "inputs",
    [
        declare(secret([entry(ADS, displayName="s3cr3t")])),
        declare([secret(entry(ADS, displayName="s3cr3t"))]),
        declare([entry(ADS, displayName=secret("s3cr3t"))]),
        declare([entry(BROKER)], members=secret(as_map(entry(ADS, displayName="s3cr3t")))),
        declare(
            [entry(BROKER)], members={ADS: secret(as_map(entry(ADS, displayName="s3cr3t"))[ADS])}
        ),
        declare([entry(ADS), secret(entry(UNKNOWN, displayName="s3cr3t"))]),
        declare(
            [entry(UNKNOWN), entry(UNKNOWN, displayName=secret("s3cr3t"))],
            members=as_map(entry(ADS)),
        ),
        declare(
            [entry(UNKNOWN, displayName=secret("s3cr3t")), entry(UNKNOWN)],
            members=as_map(entry(ADS)),
        ),
    ],
)
def test_a_secret_of_the_list_or_of_the_map_is_secret_in_the_members(
    plugin: Plugin, inputs: dict[str, Any]
) -> None:
    checked, failures = plugin.check(inputs)

    assert failures == []
    assert "s3cr3t" in str(reveal_secrets(checked))
    assert "s3cr3t" not in str(hide(checked))


def test_a_secret_in_one_member_leaves_the_other_members_plain(plugin: Plugin) -> None:
    checked, _ = plugin.check(declare([entry(ADS, displayName=secret("s3cr3t")), entry(BROKER)]))

    assert checked["members"][BROKER] == as_map(entry(BROKER))[BROKER]


@pytest.mark.parametrize(
    "inputs",
    [declare([entry(secret(ADS))]), declare([secret(entry(ADS))]), declare(secret([entry(ADS)]))],
)
def test_a_secret_account_is_in_no_plain_key(plugin: Plugin, inputs: dict[str, Any]) -> None:
    assert ADS not in str(hide(plugin.check(inputs)[0]))


def test_a_secret_account_is_in_no_plain_output(plugin_stack: PluginStack, empty_aws: Aws) -> None:
    plugin_stack.up(declare([entry(secret(ADS)), entry(BROKER)]))
    empty_aws.endpoint.collaborations[plugin_stack.held.id].leave(ADS)
    plugin_stack.refresh()
    plugin_stack.up(declare(secret([entry(BROKER)])))

    assert ADS in json.dumps(plugin_stack.held.outputs)
    assert ADS not in str(hide(plugin_stack.held.outputs))


def test_a_merge_marks_as_little_as_it_may() -> None:
    merged, _, _ = merge_member_list(
        declare([entry(ADS, displayName=mark_secret("x"))], members=as_map(entry(BROKER)))
    )

    assert merged["members"][ADS]["displayName"] == mark_secret("x")
    assert merged["members"][BROKER] == as_map(entry(BROKER))[BROKER]


def test_a_list_without_a_value_is_no_list() -> None:
    assert merge_member_list({"members": UNKNOWN_VALUE}) == ({"members": UNKNOWN_VALUE}, {}, [])
