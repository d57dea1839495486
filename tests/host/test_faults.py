"""Every call of the lifecycle under every fault of the endpoint: nothing lost, nothing made twice, and a sentence that says what happened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from declarations import declaration

from cleanrooms_resource.errors import CollaborationError
from host.driver import HostStack
from host.in_this_process import start_host_in_this_process

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_account import Aws

    from cleanrooms_resource.testing.faults import Faults

BEFORE = declaration(tags={"old": "1", "team": "ads"})
AFTER = declaration(name="Other", tags={"new": "1", "team": "ads"})


@dataclass(frozen=True)
class FaultCase:
    """A fault of an operation, and the reason that the call fails with: a part of its sentence, or nothing where the call succeeds."""

    name: str
    inject: Callable[[Faults, str], None]
    reason: str = ""
    create: str | None = None
    delete: str | None = None

    def get_reason(self, operation: str) -> str:
        """Return the reason that the call of this operation fails with."""
        own = {"CreateCollaboration": self.create, "DeleteCollaboration": self.delete}.get(
            operation
        )
        return self.reason if own is None else own


FAULT_CASES = (
    FaultCase(
        "its answer is lost once", lambda faults, operation: faults.lose_answer(operation, times=1)
    ),
    FaultCase(
        "its answer is always lost",
        lambda faults, operation: faults.lose_answer(operation),
        "ConnectionClosedError",
        create="",
        delete="",
    ),
    # What a creation did that AWS answers so is not known: it is looked for, and never sent again.
    FaultCase(
        "AWS fails once",
        lambda faults, operation: faults.fail(operation, times=1),
        create="AWS's answer was lost (InternalServerException",
    ),
    FaultCase(
        "AWS always fails",
        lambda faults, operation: faults.fail(operation),
        "InternalServerException",
        create="AWS's answer was lost (InternalServerException",
    ),
    FaultCase(
        "AWS throttles once",
        lambda faults, operation: faults.refuse(operation, 429, "ThrottlingException", times=1),
    ),
    FaultCase(
        "AWS always throttles",
        lambda faults, operation: faults.refuse(operation, 429, "ThrottlingException"),
        "ThrottlingException",
    ),
    FaultCase(
        "it is denied", lambda faults, operation: faults.deny(operation), "AccessDeniedException"
    ),
    FaultCase(
        "the token has expired",
        lambda faults, operation: faults.refuse(operation, 403, "ExpiredTokenException"),
        "ExpiredTokenException",
    ),
    FaultCase(
        "a quota is reached",
        lambda faults, operation: faults.refuse(operation, 402, "ServiceQuotaExceededException"),
        "ServiceQuotaExceededException",
    ),
    FaultCase(
        "AWS finds it invalid",
        lambda faults, operation: faults.refuse(operation, 400, "ValidationException"),
        "ValidationException",
    ),
    FaultCase(
        "its answer is half a document",
        lambda faults, operation: faults.break_json(operation),
        "the answer has no",
        create="",
        delete="",
    ),
    FaultCase(
        "it takes longer than the time-out, once",
        lambda faults, operation: faults.delay(operation, 0.7, times=1),
    ),
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


pytestmark = pytest.mark.usefixtures("impatient", "empty_aws")


@pytest.fixture
def stack(config: dict[str, str]) -> HostStack:
    """A stack whose requests botocore sends twice at most."""
    return start_stack(config | {"aws:maxRetries": "1"})


def start_stack(settings: dict[str, str]) -> HostStack:
    return HostStack(start_host_in_this_process(settings))


def read_failure(call: Callable[[], object]) -> str:
    """Return the sentence of a call's failure; nothing if the call succeeds."""
    try:
        call()
    except CollaborationError as error:
        return str(error)
    return ""


@pytest.mark.parametrize("operation", CALLS)
@pytest.mark.parametrize("fault", FAULT_CASES, ids=lambda fault: fault.name)
def test_a_call_whose_operation_meets_a_fault_loses_nothing_and_doubles_nothing(
    stack: HostStack, empty_aws: Aws, operation: str, fault: FaultCase
) -> None:
    if CALLS[operation] != "create":
        stack.up(BEFORE)
    calls: dict[str, Callable[[], Any]] = {
        "create": lambda: stack.up(BEFORE),
        "read": stack.refresh,
        "update": lambda: stack.up(AFTER),
        "delete": stack.destroy,
    }
    before = stack.resource
    fault.inject(empty_aws.endpoint.faults, operation)
    expected = (
        ""
        if operation in WRITES_WITHOUT_ANSWER and fault.name == "its answer is half a document"
        else fault.get_reason(operation)
    )

    reason = read_failure(calls[CALLS[operation]])

    assert (expected in reason) if expected else (reason == "")
    if expected and CALLS[operation] != "create":
        assert stack.resource == before
    if expected and CALLS[operation] == "create":
        assert empty_aws.endpoint.collaborations == {}
    # The fault over, the same again: what is there is what is in the state, once.
    empty_aws.endpoint.faults.clear()
    if expected:
        calls[CALLS[operation]]()
    assert list(empty_aws.endpoint.collaborations) == ([stack.held.id] if stack.resource else [])


@pytest.mark.parametrize(
    "operation", ["GetCollaboration", "ListMembers", "ListTagsForResource", "DeleteCollaboration"]
)
@pytest.mark.parametrize(
    "inject",
    [
        lambda faults: faults.deny("ListCollaborations"),
        lambda faults: faults.fail("ListCollaborations"),
        lambda faults: faults.break_json("ListCollaborations"),
        lambda faults: faults.lose_answer("ListCollaborations"),
    ],
    ids=["denied", "failing", "half a page", "lost"],
)
def test_what_is_denied_and_cannot_be_listed_stays_in_the_state(
    stack: HostStack, empty_aws: Aws, operation: str, inject: Any
) -> None:
    stack.up(BEFORE)
    empty_aws.endpoint.faults.deny(operation)
    inject(empty_aws.endpoint.faults)

    reason = read_failure(stack.destroy if operation == "DeleteCollaboration" else stack.refresh)

    assert "Confirming that the collaboration is gone failed" in reason
    assert stack.held.id in empty_aws.endpoint.collaborations


def test_what_is_denied_while_nobody_says_who_asks_stays_in_the_state(
    empty_aws: Aws, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cleanrooms_resource.aws.connection._CONNECTIONS", {})
    stack = start_stack(empty_aws.endpoint.settings | {"aws:maxRetries": "0"})
    stack.up(BEFORE)
    empty_aws.endpoint.faults.deny("GetCollaboration")
    empty_aws.endpoint.faults.refuse("GetCallerIdentity", 403, "ExpiredToken")

    reason = read_failure(stack.refresh)

    assert "ExpiredToken" in reason
    assert "use the settings of the last `pulumi up`" in reason


def test_a_half_read_page_of_members_keeps_the_state(stack: HostStack, empty_aws: Aws) -> None:
    stack.up(BEFORE)
    before = stack.resource
    # The first page has one member, by the endpoint; the second one breaks.
    empty_aws.endpoint.faults.break_json("ListMembers", every=2)

    assert "memberSummaries" in read_failure(stack.refresh)
    assert stack.resource == before


NO_PROFILE = 'The aws: settings do not work (the profile "nobody" of aws:profile): The config profile (nobody) could not be found. `pulumi refresh` and'


@pytest.mark.parametrize("call", ["refresh", "destroy"])
@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        (
            {"aws:accessKey": "999988887777"},
            "act in account 999988887777, and account 111122223333 created the collaboration.",
        ),
        (
            {"aws:profile": "nobody"},
            NO_PROFILE,
        ),
        ({"aws:allowedAccountIds": '["999988887777"]'}, "is not in aws:allowedAccountIds"),
        ({"aws:endpoints": '[{"cleanrooms": "http://127.0.0.1:1"}]'}, "EndpointConnectionError"),
    ],
    ids=[
        "another account",
        "no such profile",
        "an account not allowed",
        "an endpoint that is down",
    ],
)
def test_settings_that_are_wrong_keep_the_state(
    stack: HostStack, empty_aws: Aws, settings: dict[str, str], sentence: str, call: str
) -> None:
    stack.up(BEFORE)
    before = stack.resource

    stack.host = start_host_in_this_process(
        empty_aws.endpoint.settings | {"aws:maxRetries": "0"} | settings
    )
    reason = read_failure(getattr(stack, call))

    assert sentence in reason
    assert stack.resource == before
    assert list(empty_aws.endpoint.collaborations) == [before.id if before else ""]


def test_a_changed_region_of_the_settings_finds_what_exists(
    stack: HostStack, empty_aws: Aws
) -> None:
    stack.up(BEFORE)

    stack.host = start_host_in_this_process(
        empty_aws.endpoint.settings | {"aws:region": "eu-west-1"}
    )
    assert stack.refresh() == "same"
    stack.destroy()

    assert empty_aws.endpoint.collaborations == {}


@pytest.mark.parametrize("call", ["refresh", "update", "destroy"])
def test_what_was_made_seconds_ago_and_does_not_show_yet_is_waited_for(
    stack: HostStack, empty_aws: Aws, call: str
) -> None:
    empty_aws.endpoint.faults.visibility_delay = 0.3
    stack.up(BEFORE)

    {"refresh": stack.refresh, "update": lambda: stack.up(AFTER), "destroy": stack.destroy}[call]()

    assert list(empty_aws.endpoint.collaborations) == ([] if call == "destroy" else [stack.held.id])


def test_a_lost_answer_that_is_never_found_is_an_error_and_never_a_second_creation(
    stack: HostStack, empty_aws: Aws
) -> None:
    empty_aws.endpoint.faults.visibility_delay = 60.0
    empty_aws.endpoint.faults.lose_answer("CreateCollaboration")

    reason = read_failure(lambda: stack.up(BEFORE))

    assert "AWS's answer was lost" in reason
    assert "aws cleanrooms list-collaborations --region us-east-1" in reason
    assert len(empty_aws.endpoint.collaborations) == 1


def test_an_update_of_what_is_gone_says_so(stack: HostStack, empty_aws: Aws) -> None:
    stack.up(BEFORE)
    _, collaboration = empty_aws.endpoint.collaborations.popitem()
    collaboration.create_time -= 60
    stack.held.outputs["createTime"] = "2026-01-01T00:00:00+00:00"

    assert "is gone. Run `pulumi refresh`" in read_failure(lambda: stack.up(AFTER))
