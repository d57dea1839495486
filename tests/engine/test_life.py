"""What the scenario table cannot say, on the real engine."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pulumi
import pytest
from declarations import ADS, BROKER, PARTNER, declaration, member
from pulumi import automation
from scenarios import REFUSALS

from engine.accounts import Account
from engine.doors import cleanrooms
from engine.driver import EngineStack, StepSummary, create_stack
from engine.programs import ads_program
from engine.shared_stack import declare_all, make_change

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_account import Aws

pytestmark = pytest.mark.engine
QUERIER = member(ADS, member_abilities=["CAN_QUERY"])
IGNORING: dict[str, Any] = {"ignore_changes": ["members"]}
ACTS = {"join": "ACTIVE", "leave": "LEFT", "remove": "REMOVED"}
EXPORTED = ("arn", "creator_account_id", "members", "member_statuses", "tags_all", "region")


def with_account(resource: str, account_id: str, nonce: str) -> Callable[[], None]:
    """A program whose second member's account is an Output: unknown at preview whenever the nonce is new."""

    def declare() -> None:
        account = Account(f"account-of-{resource}", account_id, nonce)
        members = [QUERIER, member(BROKER) | {"account_id": account.number}]
        ads_program(resource, members=members)()

    return declare


def export_outputs() -> None:
    ads = cleanrooms.Collaboration("outputs", declaration())
    for name in EXPORTED:
        pulumi.export(name, getattr(ads, name))


BEFORE = (
    with_account("proves-equal", BROKER, "1"),
    ads_program("proves-another"),
    ads_program("drift"),
    ads_program("member-of-aws"),
    ads_program("gone"),
    *(ads_program(act) for act in ACTS),
    ads_program("ignoring", opts=IGNORING),
    export_outputs,
)
AFTER = (
    with_account("proves-equal", BROKER, "2"),
    with_account("proves-another", PARTNER, "1"),
    ads_program("drift"),
    ads_program("member-of-aws", members=[*declaration()["members"], member(PARTNER)]),
    ads_program("gone"),
    *(ads_program(act) for act in ACTS),
    ads_program("ignoring", opts=IGNORING, members=[QUERIER], query_log_status="DISABLED"),
    export_outputs,
)


class LifeRun:
    """A stack's run, each stage once: what each said and did is kept for the tests."""

    def __init__(self, stack: EngineStack, aws: Aws) -> None:
        self.stack = stack
        stack.declare(declare_all(BEFORE))
        self.first_preview = stack.preview()
        stack.up()
        self.created = stack.state()
        self.outputs = stack.outputs()
        self._act(aws)
        self.refreshed = stack.refresh()
        self.state_after_refresh = stack.state()
        self.preview_after_refresh = stack.preview()
        self.change = make_change(stack, aws, AFTER)
        self.drifted_name = aws.collaborations()[self.created["drift"]["id"]]
        self.preview_after_up = stack.preview()
        stack.set_setting("region", "eu-west-1")
        self.in_another_region = stack.up(), stack.refresh()

    def _act(self, aws: Aws) -> None:
        """People change what the stack made, behind Pulumi's back."""
        client = aws.client("us-east-1")
        ids = {name: each["id"] for name, each in self.created.items()}
        client.update_collaboration(collaborationIdentifier=ids["drift"], name="Renamed")
        client.delete_collaboration(collaborationIdentifier=ids["gone"])
        aws.endpoint.collaborations[ids["member-of-aws"]].add(
            {"accountId": PARTNER, "displayName": "Member 4444", "memberAbilities": []}
        )
        for act in ACTS:
            getattr(aws.endpoint.collaborations[ids[act]], act)(BROKER)


@pytest.fixture(scope="module")
def run(aws: Aws, tmp_path_factory: pytest.TempPathFactory) -> LifeRun:
    return LifeRun(create_stack(tmp_path_factory.mktemp("life"), aws.endpoint.settings), aws)


def test_an_account_not_known_yet_previews_and_comes_up(run: LifeRun) -> None:
    assert run.first_preview["proves-equal"].op == "create"
    assert run.created["proves-equal"]["inputs"]["members"].keys() == {ADS, BROKER}


def test_an_account_not_known_yet_that_proves_equal_changes_nothing(run: LifeRun) -> None:
    step = run.change.get_step("proves-equal")

    assert (step.op, step.reasons) == ("replace", ("members",))
    assert run.change.list_writes("proves-equal") == []
    assert run.change.keeps_id("proves-equal")


def test_an_account_not_known_yet_that_proves_another_replaces(run: LifeRun) -> None:
    assert not run.change.keeps_id("proves-another")
    assert run.change.after["proves-another"]["inputs"]["members"].keys() == {ADS, PARTNER}


def test_a_refresh_finds_what_changed_behind_pulumis_back_and_nothing_else(run: LifeRun) -> None:
    # The resources "drift" and "gone".
    assert run.refreshed == {"update": 1, "delete": 1}
    assert run.preview_after_refresh.keys() == {"drift", "gone"}


def test_a_rename_behind_pulumis_back_differs_in_the_name_alone_and_up_puts_it_back(
    run: LifeRun,
) -> None:
    assert run.preview_after_refresh["drift"] == StepSummary("update", (), ("name",))
    assert run.drifted_name == "Ads measurement"


def test_declaring_a_member_that_aws_has_draws_that_member_and_writes_nothing(
    run: LifeRun,
) -> None:
    assert "member-of-aws" not in run.preview_after_refresh
    assert run.change.get_step("member-of-aws") == StepSummary(
        "update", (), (f"members.{PARTNER}",)
    )
    assert run.change.list_writes("member-of-aws") == []


@pytest.mark.parametrize("act", ACTS)
def test_what_a_partner_does_shows_in_outputs_and_nowhere_else(run: LifeRun, act: str) -> None:
    assert act not in run.preview_after_refresh
    assert run.state_after_refresh[act]["outputs"]["memberStatuses"][BROKER] == ACTS[act]


def test_what_is_gone_is_gone_after_a_refresh_and_made_again(run: LifeRun) -> None:
    assert "gone" not in run.state_after_refresh
    assert run.preview_after_refresh["gone"].op == "create"
    assert run.change.list_writes("gone") == ["CreateCollaboration"]


def test_a_changed_region_of_the_stack_moves_nothing_that_exists(run: LifeRun) -> None:
    assert run.in_another_region == ({}, {})


def test_ignore_changes_survives_a_replacement_for_another_reason(run: LifeRun) -> None:
    assert run.change.get_step("ignoring") == StepSummary(
        "replace", ("queryLogStatus",), ("queryLogStatus",)
    )
    assert run.change.after["ignoring"]["inputs"]["members"].keys() == {ADS, BROKER}


def test_after_the_changes_there_is_nothing_to_do(run: LifeRun) -> None:
    assert run.preview_after_up == {}


def test_outputs_reach_the_program(run: LifeRun) -> None:
    outputs = dict(run.outputs)

    assert outputs.pop("arn").endswith(f":collaboration/{run.created['outputs']['id']}")
    assert outputs == {
        "creator_account_id": "111122223333",
        "members": run.created["outputs"]["inputs"]["members"],
        "member_statuses": {ADS: "INVITED", BROKER: "INVITED"},
        "tags_all": {"team": "ads"},
        "region": "us-east-1",
    }


def declare_number_in_output() -> None:
    """A program whose mistake the constructor cannot see."""
    cleanrooms.Collaboration("ads", declaration(tags=pulumi.Output.from_input({"n": 1})))


@pytest.fixture(scope="module")
def stack(aws: Aws, tmp_path_factory: pytest.TempPathFactory) -> EngineStack:
    """A stack whose programs fail at the preview."""
    return create_stack(tmp_path_factory.mktemp("failing"), aws.endpoint.settings)


@pytest.mark.parametrize(
    ("program", "sentence"),
    [
        *(
            (partial(cleanrooms.Collaboration, "ads", declared), sentence)
            for declared, sentence in REFUSALS.values()
        ),
        (declare_number_in_output, 'tags["n"]: must be a string'),
    ],
    ids=[*REFUSALS, "in an Output, by check"],
)
def test_a_wrong_declaration_fails_the_preview_with_its_property(
    stack: EngineStack, program: Callable[[], None], sentence: str
) -> None:
    stack.declare(program)

    with pytest.raises(automation.CommandError) as failure:
        stack.preview_text()

    assert sentence in str(failure.value)


def declare_from_yaml() -> None:
    """A program whose collaborations are the stack's data."""
    for name, each in pulumi.Config().require_object("collaborations").items():
        cleanrooms.Collaboration(name, each)


def test_an_account_without_quotes_in_yaml_fails_the_preview_and_says_to_quote_it(
    stack: EngineStack,
) -> None:
    _write_members_as_yaml(stack, "{022233334444: {displayName: x, memberAbilities: []}}")
    stack.declare(declare_from_yaml)

    with pytest.raises(automation.CommandError, match="quote it"):
        stack.preview_text()


@pytest.mark.parametrize("account", ["022233334444", "222233334444", "012345678901"])
def test_an_account_id_without_quotes_in_a_yaml_list_fails_the_preview_and_says_to_quote_it(
    stack: EngineStack, account: str
) -> None:
    _write_members_as_yaml(
        stack, f"[{{accountId: {account}, displayName: x, memberAbilities: []}}]"
    )
    stack.declare(declare_from_yaml)

    with pytest.raises(automation.CommandError, match="quote it"):
        stack.preview_text()


def _write_members_as_yaml(stack: EngineStack, members: str) -> None:
    stack_file = Path(stack.pulumi_stack.workspace.work_dir) / "Pulumi.test.yaml"
    rest = "name: x, creatorDisplayName: x, creatorMemberAbilities: [], queryLogStatus: ENABLED"
    collaborations = f"  tests:collaborations: {{ads: {{{rest}, members: {members}}}}}"
    lines = [
        line for line in stack_file.read_text().splitlines() if "tests:collaborations" not in line
    ]
    lines.insert(lines.index("config:") + 1, collaborations)
    stack_file.write_text("\n".join(lines) + "\n")


def test_a_setting_of_who_that_is_not_supported_fails_the_preview(run: LifeRun) -> None:
    run.stack.set_setting("ec2MetadataServiceEndpoint", "http://127.0.0.1:1")
    run.stack.declare(ads_program())

    with pytest.raises(
        automation.CommandError,
        match="aws:ec2MetadataServiceEndpoint: this setting is not supported",
    ):
        run.stack.preview_text()
