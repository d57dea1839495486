"""Every call of the lifecycle under every fault of the endpoint: nothing lost, nothing made twice, and a sentence that says what happened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import grpc
import pytest
from declarations import ADS, declaration

from host.driver import Host, Stack, host

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cleanrooms import Aws

    from cleanrooms_resource.testing.faults import Faults

BEFORE = declaration(tags={"old": "1", "team": "ads"})
AFTER = declaration(name="Other", tags={"new": "1", "team": "ads"})


@dataclass(frozen=True)
class Fault:
    """What is done to an operation, and what the call says of it: nothing where it succeeds, else the beginning of its reason."""

    name: str
    do: Callable[[Faults, str], None]
    says: str = ""
    create: str | None = None
    delete: str | None = None

    def expected(self, operation: str) -> str:
        """What the call that this operation belongs to says."""
        own = {"CreateCollaboration": self.create, "DeleteCollaboration": self.delete}.get(operation)
        return self.says if own is None else own


FAULTS = (
    Fault("its answer is lost once", lambda faults, operation: faults.lose_answer(operation, times=1)),
    Fault("its answer is always lost", lambda faults, operation: faults.lose_answer(operation), "ConnectionClosedError", create="", delete=""),
    # What a creation did that AWS answers so is not known: it is looked for, and never sent again.
    Fault("AWS fails once", lambda faults, operation: faults.fail(operation, times=1), create="its answer was lost (InternalServerException"),
    Fault(
        "AWS always fails",
        lambda faults, operation: faults.fail(operation),
        "InternalServerException",
        create="its answer was lost (InternalServerException",
    ),
    Fault("AWS throttles once", lambda faults, operation: faults.refuse(operation, 429, "ThrottlingException", times=1)),
    Fault("AWS always throttles", lambda faults, operation: faults.refuse(operation, 429, "ThrottlingException"), "ThrottlingException"),
    Fault("it is denied", lambda faults, operation: faults.deny(operation), "AccessDeniedException"),
    Fault("the token has expired", lambda faults, operation: faults.refuse(operation, 403, "ExpiredTokenException"), "ExpiredTokenException"),
    Fault(
        "a quota is reached",
        lambda faults, operation: faults.refuse(operation, 402, "ServiceQuotaExceededException"),
        "ServiceQuotaExceededException",
    ),
    Fault("AWS finds it invalid", lambda faults, operation: faults.refuse(operation, 400, "ValidationException"), "ValidationException"),
    Fault("its answer is half a document", lambda faults, operation: faults.break_json(operation), "the answer has no", create="", delete=""),
    Fault("it takes longer than the time-out, once", lambda faults, operation: faults.delay(operation, 1.5, times=1)),
)
WRITES_WITHOUT_ANSWER = ("TagResource", "UntagResource")
CALLS = {
    "CreateCollaboration": "create",
    "GetCollaboration": "read",
    "ListMembers": "read",
    "ListTagsForResource": "read",
    "UpdateCollaboration": "update",
    "TagResource": "update",
    "UntagResource": "update",
    "DeleteCollaboration": "delete",
}


@pytest.fixture(scope="module")
def running(aws: Aws) -> Iterator[Host]:
    with host(aws.running.settings | {"aws:maxRetries": "1"}, impatient=True) as process:
        yield process


def said(call: Callable[[], object]) -> str:
    """What a call fails with: the exception's line, which is the last; nothing if it succeeds."""
    try:
        call()
    except grpc.RpcError as error:
        return str(error.details()).strip().splitlines()[-1]
    return ""


@pytest.mark.parametrize("operation", CALLS)
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_call_whose_operation_meets_a_fault_loses_nothing_and_doubles_nothing(running: Host, clean: Aws, operation: str, fault: Fault) -> None:
    stack = Stack(running)
    if CALLS[operation] != "create":
        stack.up(BEFORE)
    calls: dict[str, Callable[[], Any]] = {
        "create": lambda: stack.up(BEFORE),
        "read": stack.refresh,
        "update": lambda: stack.up(AFTER),
        "delete": stack.destroy,
    }
    kept = stack.resource
    fault.do(clean.running.faults, operation)
    expected = "" if operation in WRITES_WITHOUT_ANSWER and fault.name == "its answer is half a document" else fault.expected(operation)

    reason = said(calls[CALLS[operation]])

    assert (expected in reason) if expected else (reason == "")
    if expected and CALLS[operation] != "create":
        assert stack.resource == kept
    if expected and CALLS[operation] == "create":
        assert clean.running.collaborations == {}
    # The fault over, the same again: what is there is what is in the state, once.
    clean.running.faults.clear()
    if expected:
        calls[CALLS[operation]]()
    assert list(clean.running.collaborations) == ([stack.resource.id] if stack.resource else [])


@pytest.mark.parametrize("operation", ["GetCollaboration", "ListMembers", "ListTagsForResource", "DeleteCollaboration"])
@pytest.mark.parametrize(
    ("other", "fault"),
    [
        ("ListCollaborations", lambda faults: faults.deny("ListCollaborations")),
        ("ListCollaborations", lambda faults: faults.fail("ListCollaborations")),
        ("ListCollaborations", lambda faults: faults.break_json("ListCollaborations")),
        ("ListCollaborations", lambda faults: faults.lose_answer("ListCollaborations")),
    ],
    ids=["denied", "failing", "half a page", "lost"],
)
def test_what_is_denied_and_cannot_be_listed_stays_in_the_state(running: Host, clean: Aws, operation: str, other: str, fault: Any) -> None:
    stack = Stack(running)
    stack.up(BEFORE)
    clean.running.faults.deny(operation)
    fault(clean.running.faults)

    reason = said(stack.destroy if operation == "DeleteCollaboration" else stack.refresh)

    assert "Confirming that it is gone failed" in reason, other
    assert stack.resource is not None
    assert stack.resource.id in clean.running.collaborations


def test_what_is_denied_while_nobody_says_who_asks_stays_in_the_state(aws: Aws, clean: Aws) -> None:
    with host(aws.running.settings | {"aws:maxRetries": "0"}) as fresh:
        stack = Stack(fresh)
        stack.up(BEFORE)
        clean.running.faults.deny("GetCollaboration")
        clean.running.faults.refuse("GetCallerIdentity", 403, "ExpiredToken")

        reason = said(stack.refresh)

    assert "ExpiredToken" in reason
    assert "use the settings of the last `pulumi up`" in reason
    assert stack.resource is not None


def test_a_half_read_page_of_members_keeps_the_state(running: Host, clean: Aws) -> None:
    stack = Stack(running)
    stack.up(BEFORE)
    kept = stack.resource
    # The first page has one member, by the endpoint; the second one breaks.
    clean.running.faults.break_json("ListMembers", every=2)

    assert "memberSummaries" in said(stack.refresh)
    assert stack.resource == kept


@pytest.mark.parametrize("call", ["refresh", "destroy"])
@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"aws:accessKey": "999988887777"}, "act in account 999988887777; 111122223333 made it"),
        ({"aws:profile": "nobody"}, "the aws: settings do not work"),
        ({"aws:allowedAccountIds": '["999988887777"]'}, "is not in aws:allowedAccountIds"),
        ({"aws:endpoints": '[{"cleanrooms": "http://127.0.0.1:1"}]'}, "EndpointConnectionError"),
    ],
    ids=["another account", "no such profile", "an account not allowed", "an endpoint that is down"],
)
def test_settings_that_are_wrong_keep_the_state(running: Host, clean: Aws, settings: dict[str, str], sentence: str, call: str) -> None:
    stack = Stack(running)
    stack.up(BEFORE)
    kept = stack.resource

    with host(clean.running.settings | {"aws:maxRetries": "0"} | settings) as wrong:
        stack.host = wrong
        reason = said(getattr(stack, call))

    assert sentence in reason
    assert stack.resource == kept
    assert list(clean.running.collaborations) == [kept.id if kept else ""]


def test_a_changed_region_of_the_settings_finds_what_exists(running: Host, clean: Aws) -> None:
    stack = Stack(running)
    stack.up(BEFORE)

    with host(clean.running.settings | {"aws:region": "eu-west-1"}) as elsewhere:
        stack.host = elsewhere
        assert stack.refresh() == "same"
        stack.destroy()

    assert clean.running.collaborations == {}


@pytest.mark.parametrize("call", ["refresh", "update", "destroy"])
def test_what_was_made_seconds_ago_and_does_not_show_yet_is_waited_for(running: Host, clean: Aws, call: str) -> None:
    clean.running.faults.visibility_delay = 1.0
    stack = Stack(running)
    stack.up(BEFORE)

    {"refresh": stack.refresh, "update": lambda: stack.up(AFTER), "destroy": stack.destroy}[call]()

    assert list(clean.running.collaborations) == ([] if call == "destroy" else [stack.resource.id if stack.resource else ""])


def test_a_lost_answer_whose_collaboration_does_not_show_yet_is_waited_for(running: Host, clean: Aws) -> None:
    clean.running.faults.visibility_delay = 1.0
    clean.running.faults.lose_answer("CreateCollaboration")
    stack = Stack(running)

    stack.up(BEFORE)

    assert list(clean.running.collaborations) == [stack.resource.id if stack.resource else ""]


def test_a_lost_answer_that_is_never_found_is_an_error_and_never_a_second_creation(running: Host, clean: Aws) -> None:
    clean.running.faults.visibility_delay = 60.0
    clean.running.faults.lose_answer("CreateCollaboration")

    reason = said(lambda: Stack(running).up(BEFORE))

    assert "its answer was lost" in reason
    assert "aws cleanrooms list-collaborations --region us-east-1" in reason
    assert len(clean.running.collaborations) == 1


def test_a_lost_answer_is_not_taken_for_an_older_equal_one_nor_for_another_accounts(running: Host, clean: Aws) -> None:
    older = Stack(running)
    older.up(BEFORE)
    next(iter(clean.running.collaborations.values())).create_time -= 30
    clean.running.faults.lose_answer("CreateCollaboration")
    stack = Stack(running)
    stack.up(BEFORE)

    assert {each.resource.id for each in (older, stack) if each.resource} == set(clean.running.collaborations)
    assert len(clean.running.collaborations) == 2


def test_a_lost_answer_is_not_taken_for_one_of_the_same_name_with_other_members(running: Host, clean: Aws) -> None:
    clean.running.faults.lose_answer("CreateCollaboration", every=2)
    one, other = Stack(running), Stack(running)
    one.up(declaration(members=[]))
    other.up(declaration(members=[{"account_id": ADS, "display_name": "x", "member_abilities": []}]))

    assert one.resource is not None
    assert other.resource is not None
    records = clean.running.collaborations
    assert records[other.resource.id].parameters["members"] != records[one.resource.id].parameters["members"]


def test_an_update_of_what_is_gone_says_so(running: Host, clean: Aws) -> None:
    stack = Stack(running)
    stack.up(BEFORE)
    made = clean.running.collaborations.popitem()[1]
    made.create_time -= 60
    assert stack.resource is not None
    stack.resource.outputs["createTime"] = "2026-01-01T00:00:00+00:00"

    assert "is gone. Run `pulumi refresh`" in said(lambda: stack.up(AFTER))
