"""Changes of members that other members approve, on the real engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pulumi
import pytest
from declarations import ADS, BROKER, PARTNER
from pulumi import automation

from engine.accounts import Account
from engine.driver import EngineStack, StepSummary, create_stack
from engine.in_place import (
    LEARNER,
    NEW,
    get_record,
    in_place_program,
    list_request_statuses,
    record_operations,
    vote,
)
from engine.shared_stack import declare_all, make_change

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aws_account import Aws

pytestmark = pytest.mark.engine
ADDITION = {"ads": StepSummary("update", (), (f"members.{PARTNER}",))}


def proposing(*members: dict[str, Any], **overrides: Any) -> Callable[[], None]:
    return in_place_program(*members, **{"mode": "PROPOSE", **overrides})


@pytest.fixture
def proposed(stack: EngineStack, empty_aws: Aws) -> EngineStack:
    """A stack whose last update submitted a change request that adds a member."""
    stack.declare(proposing())
    stack.up()
    stack.declare(proposing(LEARNER))
    assert stack.up() == {"update": 1}
    assert list_request_statuses(empty_aws) == ["PENDING"]
    return stack


def test_a_proposal_waits_unchanged_with_a_warning_and_takes_effect_after_its_approval(
    proposed: EngineStack, empty_aws: Aws
) -> None:
    id_ = get_record(empty_aws).id
    text = proposed.preview_text_and_notices()
    with record_operations(empty_aws) as operations:
        waiting = proposed.up()
    vote(empty_aws, "approve", ADS, BROKER)
    proposed.refresh()
    approved, applied, refreshed = proposed.preview(), proposed.up(), proposed.refresh()

    assert f"which adds member {PARTNER}, waits for {ADS}, {BROKER} as of the last refresh" in text
    assert (waiting, operations) == ({}, [])
    assert (approved, applied, refreshed) == (ADDITION, {"update": 1}, {})
    assert (get_record(empty_aws).id, list_request_statuses(empty_aws)) == (id_, ["COMMITTED"])
    assert get_record(empty_aws).statuses[PARTNER] == "INVITED"


def test_a_denied_proposal_fails_the_update_until_the_program_drops_it(
    proposed: EngineStack, empty_aws: Aws
) -> None:
    vote(empty_aws, "deny", BROKER)
    proposed.refresh()

    with pytest.raises(
        automation.CommandError,
        match=rf"{BROKER} denied change request .*, which adds member {PARTNER}",
    ):
        proposed.up()
    proposed.declare(proposing())
    proposed.up()

    assert proposed.up() == {}
    assert list_request_statuses(empty_aws) == ["DENIED"]


def test_a_proposal_that_somebody_superseded_is_named_and_left_alone(
    proposed: EngineStack, empty_aws: Aws
) -> None:
    record, client = get_record(empty_aws), empty_aws.client("us-east-1")
    (own,) = record.change_requests
    client.update_collaboration_change_request(
        collaborationIdentifier=record.id, changeRequestIdentifier=own, action="CANCEL"
    )
    specification = {
        "accountId": PARTNER,
        "displayName": "Other",
        "memberAbilities": ["CAN_RECEIVE_RESULTS"],
    }
    # With a second change that needs approval, the request stays open.
    types = {
        "specificationType": "COLLABORATION",
        "specification": {"collaboration": {"autoApprovedChangeTypes": []}},
    }
    changes = [{"specificationType": "MEMBER", "specification": {"member": specification}}, types]
    other = client.create_collaboration_change_request(
        collaborationIdentifier=record.id, changes=changes
    )["collaborationChangeRequest"]["id"]
    proposed.refresh()

    with pytest.raises(automation.CommandError) as failure:
        proposed.up()

    assert (
        f"change request {other} is PENDING, and this resource did not submit it. The provider leaves it alone."
        in str(failure.value)
    )
    assert "ConflictException" in str(failure.value)
    assert list_request_statuses(empty_aws) == ["CANCELLED", "PENDING"]


def test_never_leaves_an_open_proposal_alone_and_says_so(
    proposed: EngineStack, empty_aws: Aws
) -> None:
    (request,) = get_record(empty_aws).change_requests
    proposed.declare(proposing(mode="NEVER"))

    text = proposed.preview_text_and_notices()

    assert (
        f"change request {request}, which adds member {PARTNER}, is PENDING as of the last refresh. This program leaves the change request alone."
        in text
    )
    assert proposed.preview() == {}


class UnknownRun:
    """A stack whose members, or whose option, are known only when they are applied."""

    def __init__(self, stack: EngineStack, aws: Aws) -> None:
        names = ("unknown-account", "unknown-option")
        before = [in_place_program(resource=name) for name in names]
        stack.declare(declare_all([*before, proposing(resource="secret")]))
        stack.up()
        self.change = make_change(stack, aws, [self._declare])
        stack.refresh()
        self.exported = stack.export()
        self.records = {
            name: aws.endpoint.collaborations[each["id"]]
            for name, each in self.change.after.items()
        }

    def _declare(self) -> None:
        account = Account("account", PARTNER, "1").number
        in_place_program({**NEW, "account_id": account}, resource="unknown-account")()
        mode = Account("mode", "AUTO_APPROVED", "1").number
        in_place_program(NEW, resource="unknown-option", mode=mode)()
        learner = {**LEARNER, "display_name": pulumi.Output.secret("s3cr3t-display")}
        proposing(learner, resource="secret")()


@pytest.fixture(scope="module")
def run(aws: Aws, tmp_path_factory: pytest.TempPathFactory) -> UnknownRun:
    return UnknownRun(create_stack(tmp_path_factory.mktemp("unknown"), aws.endpoint.settings), aws)


def test_an_account_that_is_not_known_yet_previews_as_a_replacement_and_is_invited_in_place(
    run: UnknownRun,
) -> None:
    assert run.change.get_step("unknown-account").op == "replace"
    assert run.change.keeps_id("unknown-account")
    assert run.records["unknown-account"].statuses[PARTNER] == "INVITED"


def test_an_option_that_is_not_known_yet_counts_as_never_until_it_is_known(
    run: UnknownRun,
) -> None:
    assert run.change.get_step("unknown-option").op == "replace"
    assert run.change.keeps_id("unknown-option")
    assert run.records["unknown-option"].statuses[PARTNER] == "INVITED"


def test_no_secret_of_a_proposed_member_is_in_the_state(run: UnknownRun) -> None:
    requests = run.records["secret"].change_requests.values()

    assert [request.status for request in requests] == ["PENDING"]
    assert "s3cr3t-display" not in run.exported


def test_a_plan_with_a_new_member_a_new_name_and_a_refresh_is_kept_to(
    stack: EngineStack, empty_aws: Aws, tmp_path: Path
) -> None:
    stack.declare(in_place_program())
    stack.up()
    id_ = get_record(empty_aws).id
    stack.declare(
        in_place_program(NEW, resource="renamed", opts={"aliases": [pulumi.Alias(name="ads")]})
    )
    plan = str(tmp_path / "plan.json")
    stack.pulumi_stack.preview(plan=plan, refresh=True)

    stack.pulumi_stack.up(plan=plan, refresh=True)

    assert (get_record(empty_aws).id, get_record(empty_aws).statuses[PARTNER]) == (id_, "INVITED")
