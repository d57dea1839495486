"""`get` of a collaboration that the stack does not own, through the plug-in, on the real engine."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest
from pulumi import automation
from requests_of_boto3 import CREATOR, STRANGER, client, request

from engine.doors import PLUGIN_DOOR, PluginCollaboration
from engine.programs import take_snapshot

if TYPE_CHECKING:
    from aws_account import Aws

    from engine.driver import EngineStack

pytestmark = [pytest.mark.engine, PLUGIN_DOOR]


@pytest.fixture
def id_(empty_aws: Aws) -> str:
    """The id of a collaboration of another account, of which the caller is a member."""
    members = [{"accountId": CREATOR, "displayName": "RetailCo", "memberAbilities": ["CAN_QUERY"]}]
    return str(
        client(empty_aws.endpoint, STRANGER).create_collaboration(
            **request(name="theirs", members=members)
        )["collaboration"]["id"]
    )


def read_theirs(id_: str) -> None:
    PluginCollaboration.get("theirs", id_)


def test_get_reads_a_collaboration_of_another_account_and_never_writes(
    stack: EngineStack, empty_aws: Aws, id_: str
) -> None:
    before = take_snapshot(empty_aws)
    stack.declare(partial(read_theirs, id_))

    stack.up()
    state = stack.state()["theirs"]

    assert (state["external"], state["outputs"]["creatorAccountId"], state["outputs"]["name"]) == (
        True,
        STRANGER,
        "theirs",
    )
    assert stack.preview()["theirs"].op == "read"
    stack.destroy()
    assert take_snapshot(empty_aws) == before


def test_a_refresh_of_what_get_reads_brings_its_new_name(
    stack: EngineStack, empty_aws: Aws, id_: str
) -> None:
    stack.declare(partial(read_theirs, id_))
    stack.up()
    client(empty_aws.endpoint, STRANGER).update_collaboration(
        collaborationIdentifier=id_, name="renamed"
    )

    stack.refresh()

    assert stack.state()["theirs"]["outputs"]["name"] == "renamed"


def test_get_of_a_collaboration_that_is_gone_is_an_error(
    stack: EngineStack, empty_aws: Aws, id_: str
) -> None:
    stack.declare(partial(read_theirs, id_))
    stack.up()
    client(empty_aws.endpoint, STRANGER).delete_collaboration(collaborationIdentifier=id_)

    with pytest.raises(automation.CommandError, match=id_):
        stack.up()
