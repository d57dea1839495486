"""The engine's log: what the lifecycle says becomes a diagnostic of its resource, and no secret is in it."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest
from declarations import ADS, declaration, member
from pulumi.runtime.proto import provider_pb2

from cleanrooms_resource.plugin.engine_log import INFO, WARNING, EngineLog
from cleanrooms_resource.pulumi_sdk import print_on_stack
from plugin.driver import PluginStack, make_urn, pack, run_plugin, secret, spell
from plugin.engine_log_server import Engine, run_engine

if TYPE_CHECKING:
    from aws_account import Aws

PROGRAM = spell(declaration())


def test_a_message_is_a_diagnostic_of_its_resource() -> None:
    engine = Engine()
    with run_engine(engine) as address:
        EngineLog(address).write(make_urn(), "set aws:region", WARNING)

    (message,) = engine.messages
    assert (message.urn, message.severity, message.message) == (
        make_urn(),
        WARNING,
        "set cleanrooms:region",
    )


def test_what_the_lifecycle_prints_is_a_message() -> None:
    engine = Engine()
    with run_engine(engine) as address, EngineLog(address).collect(make_urn("b")):
        print_on_stack("a notice")

    assert [(each.urn, each.severity, each.message) for each in engine.messages] == [
        (make_urn("b"), INFO, "a notice")
    ]


def test_an_engine_that_answers_nothing_does_not_hold_a_call(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("cleanrooms_resource.plugin.engine_log._TIMEOUT", 0.1)
    with run_engine(Engine(stuck=True)) as address:
        writing = threading.Thread(
            target=EngineLog(address).write, args=[make_urn(), "x"], daemon=True
        )
        writing.start()
        writing.join(20)

        assert not writing.is_alive()


def test_without_an_engine_a_message_is_lost() -> None:
    EngineLog("").write(make_urn(), "x")


def test_no_notice_of_a_change_quotes_a_secret(empty_aws: Aws) -> None:
    engine = Engine()
    learner = {
        "memberAbilities": [],
        "mlMemberAbilities": {"customMLMemberAbilities": ["CAN_RECEIVE_MODEL_OUTPUT"]},
        "displayName": secret("s3cr3t"),
    }
    program = PROGRAM | {
        "description": secret("s3cr3t"),
        "changeRequests": "PROPOSE",
        "removeMembers": True,
    }
    with (
        run_engine(engine) as address,
        run_plugin(empty_aws.endpoint.settings, engine=address) as plugin,
    ):
        stack = PluginStack(plugin)
        stack.up(program)
        changes: list[dict[str, Any]] = [
            program["members"] | {"444455556666": learner},
            program["members"],
            {},
        ]
        for members in changes:
            stack.up(program | {"members": members, "name": secret("s3cr3t-name")})
        stack.up(program | {"queryLogStatus": "DISABLED"})

    assert len(engine.messages) >= 3
    assert "s3cr3t" not in str(engine.messages)


def test_a_replacement_is_told_in_an_up_alone_and_names_no_member_but_by_account(
    empty_aws: Aws,
) -> None:
    engine = Engine()
    members = {ADS: {"memberAbilities": ["CAN_QUERY"], "displayName": secret("s3cr3t")}}
    with (
        run_engine(engine) as address,
        run_plugin(empty_aws.endpoint.settings, engine=address) as plugin,
    ):
        stack = PluginStack(plugin)
        stack.up(PROGRAM | {"members": members})
        assert engine.messages == []
        stack.up(PROGRAM | {"members": members, "queryLogStatus": "DISABLED"})
        id_ = stack.held.id

    (message,) = engine.messages
    assert (message.urn, message.severity) == (stack.urn, INFO)
    assert message.message == (
        f"Clean Rooms collaboration {id_}: this new collaboration replaces the old one. {ADS} must join again: "
        f"`cleanrooms-resource invitation {id_} --region us-east-1` writes the invitations."
    )


def test_a_warning_of_check_reaches_the_engine_and_quotes_no_secret(empty_aws: Aws) -> None:
    engine = Engine()
    members = [
        member(ADS, display_name="x", member_abilities=["CAN_RUN_JOB"]),
        member("333344445555", member_abilities=["CAN_QUERY"]),
    ]
    program = spell(declaration(members=members))
    hidden = {
        account: {
            **each,
            "displayName": secret("s3cr3t"),
            "memberAbilities": secret(each["memberAbilities"]),
        }
        for account, each in program["members"].items()
    }
    with (
        run_engine(engine) as address,
        run_plugin(empty_aws.endpoint.settings, engine=address) as running,
    ):
        request = provider_pb2.CheckRequest(
            urn=make_urn(), news=pack(program | {"members": hidden})
        )
        assert list(running.stub.Check(request).failures) == []

    assert [each.severity for each in engine.messages] == [WARNING]
    assert engine.messages[0].message.startswith(
        f'members["{ADS}"].memberAbilities: CAN_RUN_JOB belongs to the member who has CAN_QUERY'
    )
    assert "s3cr3t" not in engine.messages[0].message
