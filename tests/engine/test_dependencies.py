"""The replacement of what a collaboration depends on, on the real engine. With delete_before_replace, the engine asks about the dependents first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pulumi
import pytest
from declarations import ADS, BROKER, PARTNER, declaration, member

from engine.accounts import Account, ReplacedAccount
from engine.doors import cleanrooms
from engine.programs import create_by_hand, record_writes

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_account import Aws

    from engine.driver import EngineStack


pytestmark = pytest.mark.engine
QUERIER = member(ADS, member_abilities=["CAN_QUERY"])


def members_of(account: Account | ReplacedAccount) -> list[dict[str, Any]]:
    """The querier, and a member whose account id is the other resource's."""
    return [QUERIER, member(account.number, display_name="Broker")]


def dependents(
    nonce: str,
    *names: str,
    account_id: str = BROKER,
    adopted: dict[str, str] | None = None,
    after: pulumi.Resource | None = None,
) -> Callable[[], None]:
    """A program of these collaborations, which depend on an account; ``adopted`` has the id that a collaboration imports."""

    def declare() -> None:
        account = ReplacedAccount(
            "account", account_id, nonce, pulumi.ResourceOptions(depends_on=after)
        )
        for name in names:
            options = pulumi.ResourceOptions(import_=(adopted or {}).get(name))
            cleanrooms.Collaboration(name, declaration(members=members_of(account)), options)

    return declare


def test_a_dependency_that_is_replaced_and_proves_equal_leaves_new_adopted_and_held_collaborations_alone(
    stack: EngineStack, aws: Aws
) -> None:
    id_ = create_by_hand(aws, members=[QUERIER, member(BROKER, display_name="Broker")])
    stack.declare(dependents("1", "new", "dropped", "adopted", adopted={"adopted": id_}))
    stack.up()
    before = {name: each["id"] for name, each in stack.state().items()}
    holder = f"urn:pulumi:test::tests::{stack.state()['new']['type']}::holder"
    stack.declare(
        dependents(
            "1", "new", "holder", "adopted", adopted={"adopted": id_, "holder": before["dropped"]}
        )
    )
    stack.pulumi_stack.up(target=[holder])
    stack.declare(dependents("2", "new", "holder", "adopted", adopted={"adopted": id_}))

    with record_writes(aws) as writes:
        stack.up()

    assert writes == []
    assert {name: each["id"] for name, each in stack.state().items()} == {
        "new": before["new"],
        "holder": before["dropped"],
        "adopted": id_,
    }
    assert set(before.values()) <= aws.collaborations().keys()


def test_a_dependency_that_is_replaced_and_proves_different_replaces_the_collaboration_create_first(
    stack: EngineStack, aws: Aws
) -> None:
    stack.declare(dependents("1", "ads"))
    stack.up()
    stack.declare(dependents("2", "ads", account_id=PARTNER))

    with record_writes(aws) as writes:
        stack.up()

    assert writes == ["CreateCollaboration", "DeleteCollaboration"]
    assert stack.state()["ads"]["inputs"]["members"].keys() == {ADS, PARTNER}


def test_import_may_stay_where_a_member_that_is_not_known_yet_proves_equal(
    stack: EngineStack, aws: Aws
) -> None:
    id_ = create_by_hand(aws, members=[QUERIER, member(BROKER, display_name="Broker")])

    def declare(nonce: str) -> None:
        cleanrooms.Collaboration(
            "ads",
            declaration(members=members_of(Account("account", BROKER, nonce))),
            pulumi.ResourceOptions(import_=id_),
        )

    stack.declare(lambda: declare("1"))
    stack.up()
    stack.declare(lambda: declare("2"))

    assert stack.preview()["ads"].op == "replace"
    assert stack.up() == {"update": 1}
    assert stack.state()["ads"]["id"] == id_


def test_a_renamed_dependent_is_left_alone_though_a_new_resource_has_its_former_name(
    stack: EngineStack,
) -> None:
    stack.declare(dependents("1", "former"))
    stack.up()
    before = stack.state()["former"]
    stack.pulumi_stack._run_pulumi_cmd_sync(["state", "rename", before["urn"], "renamed", "--yes"])

    def declare() -> None:
        dependents("2", "renamed", after=cleanrooms.Collaboration("former", declaration()))()

    stack.declare(declare)
    stack.up()

    assert stack.state()["renamed"]["id"] == before["id"]
