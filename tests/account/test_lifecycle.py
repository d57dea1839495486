"""The lifecycle of a collaboration whose creator is alone, on the engine: at the endpoint in `make test`, at AWS in `make test-aws`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError
from engine.doors import cleanrooms
from engine.driver import UNCHANGED, StepSummary

from account.collaborations import create_by_hand, deploy, program, read
from account.run import wait_until

if TYPE_CHECKING:
    from engine.driver import EngineStack

    from account.run import Account

pytestmark = pytest.mark.engine


def test_a_new_collaboration_leaves_nothing_to_do(
    stack: EngineStack, account: Account, name: str
) -> None:
    deploy(stack, account, program(name))

    assert (stack.preview(), stack.refresh(), stack.preview()) == ({}, {}, {})


def test_name_description_and_tags_change_in_place(
    stack: EngineStack, account: Account, name: str
) -> None:
    id_ = deploy(stack, account, program(name))
    stack.declare(program(f"{name} renamed", description="New", tags={"team": "other"}))

    previewed = stack.preview()
    stack.up()

    assert previewed == {"ads": StepSummary("update", (), ("description", "name", "tags.team"))}
    wanted = {"id": id_, "name": f"{name} renamed", "description": "New", "tags": {"team": "other"}}
    assert wait_until(lambda: wanted.items() <= read(account, id_).items())
    assert stack.refresh() == {}


def test_a_change_outside_pulumi_shows_after_a_refresh_and_up_undoes_it(
    stack: EngineStack, account: Account, name: str
) -> None:
    id_ = deploy(stack, account, program(name))
    account.client.update_collaboration(collaborationIdentifier=id_, name=f"{name} renamed")
    account.client.tag_resource(resourceArn=read(account, id_)["arn"], tags={"other": "x"})
    assert wait_until(
        lambda: (
            read(account, id_)["name"] == f"{name} renamed"
            and "other" in read(account, id_)["tags"]
        )
    )

    refreshed, previewed = stack.refresh(), stack.preview()
    stack.up()

    assert (refreshed, previewed) == (
        {"update": 1},
        {"ads": StepSummary("update", (), ("name", "tags.other"))},
    )
    assert wait_until(
        lambda: {"name": name, "tags": {"team": "ads"}}.items() <= read(account, id_).items()
    )


def test_import_adopts_a_collaboration_without_a_write(
    stack: EngineStack, account: Account, name: str
) -> None:
    id_ = create_by_hand(account, name)
    before = read(account, id_)
    stack.declare(program(name, opts={"import_": id_}))
    stack.up()
    stack.declare(program(name))

    assert (stack.state()["ads"]["id"], stack.preview()) == (id_, {})
    assert read(account, id_) == before


def test_get_reads_a_collaboration_and_destroy_leaves_it(
    stack: EngineStack, account: Account, name: str
) -> None:
    id_ = create_by_hand(account, name)
    before = read(account, id_)
    stack.declare(lambda: cleanrooms.Collaboration.get("ads", id_))
    stack.up()
    outputs = stack.state()["ads"]["outputs"]
    stack.destroy()

    assert (outputs["name"], outputs["creatorAccountId"]) == (name, account.number)
    assert read(account, id_) == before


def test_a_replacement_creates_a_collaboration_and_deletes_the_old_one(
    stack: EngineStack, account: Account, name: str
) -> None:
    old_id = deploy(stack, account, program(name))
    stack.declare(program(name, query_log_status="DISABLED"))

    previewed = stack.preview()
    new_id = deploy(stack, account, program(name, query_log_status="DISABLED"))

    assert previewed == {"ads": StepSummary("replace", ("queryLogStatus",), ("queryLogStatus",))}
    assert read(account, new_id)["queryLogStatus"] == "DISABLED"
    assert wait_until(lambda: account.list_ids() & {old_id, new_id} == {new_id})


def test_the_analytics_engine_that_aws_chose_can_be_declared_without_a_write(
    stack: EngineStack, account: Account, name: str
) -> None:
    id_ = deploy(stack, account, program(name))
    before = read(account, id_)
    stack.declare(program(name, analytics_engine="SPARK"))

    previewed = stack.preview()
    stack.up()

    assert previewed.get("ads", UNCHANGED).op == "update"
    assert (before["analyticsEngine"], read(account, id_)) == ("SPARK", before)


def test_the_record_names_what_the_engine_creates_until_the_engine_deletes_it(
    stack: EngineStack, account: Account, name: str
) -> None:
    arn = read(account, deploy(stack, account, program(name)))["arn"]
    created = account.record.list_remaining()
    stack.destroy()

    assert (created, account.record.list_remaining()) == ([arn], [])


def test_destroy_deletes_the_collaboration_and_aws_then_denies_its_reads(
    stack: EngineStack, account: Account, name: str
) -> None:
    id_ = deploy(stack, account, program(name))

    stack.destroy()

    assert wait_until(lambda: id_ not in account.list_ids())
    with pytest.raises(ClientError, match="AccessDeniedException"):
        read(account, id_)


def test_a_collaboration_that_was_deleted_outside_pulumi_leaves_the_state(
    stack: EngineStack, account: Account, name: str
) -> None:
    id_ = deploy(stack, account, program(name))
    account.client.delete_collaboration(collaborationIdentifier=id_)
    assert wait_until(lambda: id_ not in account.list_ids())

    assert stack.refresh() == {"delete": 1}
    assert stack.preview()["ads"].op == "create"
