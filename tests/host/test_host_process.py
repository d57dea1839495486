"""What only Pulumi's host process shows: the pickled provider, values on the wire, and errors."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import grpc
import pytest
from declarations import ADS, BROKER, declaration, member
from scenarios import SCENARIOS, Scenario

from host.driver import UNKNOWN, Host, HostStack, start_host

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from aws_account import Aws


@pytest.fixture(scope="module")
def host_process(aws: Aws) -> Iterator[Host]:
    with start_host(aws.endpoint.settings) as process:
        yield process


def read_answer(call: Callable[[], object]) -> str:
    """The whole answer of a call that fails: the engine draws every line of it."""
    with pytest.raises(grpc.RpcError) as failure:
        call()
    return str(failure.value.details())


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_a_change_means_what_the_table_says(host_process: Host, scenario: Scenario) -> None:
    stack = HostStack(host_process, scenario.ignore_changes)
    stack.up(scenario.before)
    stack.refresh()
    plan = stack.up(scenario.after)

    assert (plan.op, plan.reasons) == (scenario.op, scenario.reasons)
    assert stack.preview(scenario.after).op == "same"
    stack.destroy()


UNKNOWNS: dict[str, dict[str, Any]] = {
    "an account in the list": declaration(
        members=[
            member(ADS, member_abilities=["CAN_QUERY"]),
            member(BROKER) | {"account_id": UNKNOWN},
        ]
    ),
    "a whole member": declaration(members=[member(ADS, member_abilities=["CAN_QUERY"]), UNKNOWN]),
    "a display name": declaration(
        members=[member(ADS, member_abilities=["CAN_QUERY"]), member(BROKER, display_name=UNKNOWN)]
    ),
    "all members": declaration(members=UNKNOWN),
}


@pytest.mark.parametrize("program", UNKNOWNS.values(), ids=UNKNOWNS)
def test_what_is_not_known_yet_previews_as_a_creation_and_then_as_a_replacement(
    host_process: Host, program: dict[str, Any]
) -> None:
    stack = HostStack(host_process)
    assert stack.preview(program).op == "create"
    stack.up(declaration())
    plan = stack.preview(program)

    assert (plan.op, plan.reasons) == ("replace", ("members",))


def test_what_is_not_known_yet_in_an_in_place_property_previews_as_an_update(
    host_process: Host,
) -> None:
    stack = HostStack(host_process)
    stack.up(declaration())

    assert stack.preview(declaration(name=UNKNOWN)).op == "update"


def test_the_providers_import_path_in_users_state_never_moves(host_process: Host) -> None:
    # "cleanrooms_resource.provider.CollaborationProvider", as the first release pickled it.
    stored = (
        "gASVPQAAAAAAAACMHGNsZWFucm9vbXNfcmVzb3VyY2UucHJvdmlkZXKUjBVDb2xsYWJvcmF0aW9u"
        "UHJvdmlkZXKUk5QpgZQu"
    )

    inputs, failures = replace(host_process, provider=stored).check({}, declaration())

    assert (failures, inputs["name"]) == ([], "Ads measurement")


def test_an_error_of_this_package_is_its_sentence_alone(host_process: Host, empty_aws: Aws) -> None:
    empty_aws.endpoint.quotas["Collaborations per account"] = 0
    try:
        answer = read_answer(lambda: HostStack(host_process).up(declaration()))
    finally:
        del empty_aws.endpoint.quotas["Collaborations per account"]

    assert answer.startswith(
        'creating Clean Rooms collaboration "Ads measurement" in us-east-1: '
        "ServiceQuotaExceededException: "
    )
    assert 'quota "Collaborations per account" is 0' in answer
    assert "Request a higher quota in Service Quotas." in answer
    assert "\n" not in answer


def test_an_exception_that_nobody_foresaw_keeps_its_traceback(host_process: Host) -> None:
    answer = read_answer(lambda: host_process.update("id", {"__declared": []}, {}))

    assert answer.startswith("Traceback (most recent call last):\n")
    assert "in update\n" in answer
