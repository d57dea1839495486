"""The plug-in's one pass on the engine: one stack, in which each promise has its own resource.

The dynamic resource has the tests of the lifecycle. Here the plug-in translates each kind of call
once: creations whose answers are lost, every scenario, drift, a collaboration that is gone, members
that change in place, a takeover, an import, and secrets in all of these.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pulumi
import pytest
from declarations import ADS, BROKER, PARTNER, member
from pulumi import automation
from scenarios import SCENARIOS, Scenario

from cleanrooms_resource.changes.takeover import PLUGIN_TYPE
from engine.accounts import Account
from engine.doors import PLUGIN_DOOR
from engine.driver import EngineStack, StepSummary, create_stack
from engine.in_place import (
    LEARNER,
    NEW,
    QUERIER,
    SECOND,
    in_place_program,
    record_operations,
    removing_program,
)
from engine.programs import ads_program, create_by_hand
from engine.pulumi_aws import add_state_of_pulumi_aws, takeover_program
from engine.shared_stack import declare_all, make_change
from engine.test_scenarios import scenario_program
from engine.test_secrets import (
    NAME,
    SECRET_PATTERN,
    declare_secrets,
    read_all_files,
    set_secret_settings,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_account import Aws

    from engine.doors import Door

pytestmark = [pytest.mark.engine, pytest.mark.slowest, PLUGIN_DOOR]
REPLACED: dict[str, Any] = {"query_log_status": "DISABLED"}
IMPORTED = {name: f"imp0rted-{name}" for name in ("description", "display_name", "tag")}
"""What AWS has before the import, and the program calls secret. Pulumi prints what it imports."""
IGNORING: dict[str, Any] = {"ignore_changes": ["members"]}


def with_unknown_account(nonce: str) -> Callable[[], None]:
    """A program whose second member's account is unknown at preview whenever the nonce is new."""

    def declare() -> None:
        account = Account("account", BROKER, nonce)
        members = [QUERIER, {**SECOND, "account_id": account.number}]
        ads_program("unknown-account", members=members)()

    return declare


def with_secrets(name: str) -> Callable[[], None]:
    return lambda: declare_secrets("secret", name=pulumi.Output.secret(name))


def importing(id_: str) -> Callable[[], None]:
    """A program that imports a collaboration and says which of its values are secret."""

    def declare() -> None:
        opts = {"import_": id_}
        members = [member(ADS, display_name=pulumi.Output.secret(IMPORTED["display_name"]))]
        description = pulumi.Output.secret(IMPORTED["description"])
        tags = pulumi.Output.secret({"team": IMPORTED["tag"]})
        ads_program("imported", opts=opts, description=description, members=members, tags=tags)()

    return declare


def list_programs_before(existing_id: str) -> list[Callable[[], None]]:
    return [
        scenario_program(SCENARIOS, lambda scenario: scenario.before),
        ads_program("drift"),
        ads_program("gone"),
        ads_program("joined"),
        ads_program("ignoring", opts=IGNORING),
        with_unknown_account("1"),
        in_place_program(resource="auto-approved"),
        in_place_program(resource="proposed", mode="PROPOSE"),
        removing_program(NEW, resource="removing"),
        with_secrets(NAME),
        importing(existing_id),
    ]


def list_programs_after(existing_id: str) -> list[Callable[[], None]]:
    return [
        scenario_program(SCENARIOS, lambda scenario: scenario.after),
        ads_program("drift"),
        ads_program("gone"),
        ads_program("joined"),
        ads_program("ignoring", opts=IGNORING, members=[QUERIER], **REPLACED),
        with_unknown_account("2"),
        in_place_program(NEW, resource="auto-approved"),
        in_place_program(LEARNER, resource="proposed", mode="PROPOSE"),
        removing_program(resource="removing"),
        with_secrets(f"{NAME}-other"),
        importing(existing_id),
        takeover_program("taken-over"),
    ]


class PluginPass:
    """A stack's run, each stage once: what each said and did is kept for the tests."""

    def __init__(self, stack: EngineStack, aws: Aws) -> None:
        aws.endpoint.collaborations.clear()
        self.existing_id = create_by_hand(
            aws,
            description=IMPORTED["description"],
            members=[member(ADS, display_name=IMPORTED["display_name"])],
            tags={"team": IMPORTED["tag"]},
        )
        self._create(stack, aws)
        self._refresh(stack, aws)
        self._change(stack, aws)
        self._fail(stack, aws)
        self.files = self.created_files + read_all_files(stack)
        stack.destroy()
        self.remaining_ids = set(aws.endpoint.collaborations)

    def _create(self, stack: EngineStack, aws: Aws) -> None:
        aws.endpoint.faults.lose_answer("CreateCollaboration", every=2)
        stack.declare(declare_all(list_programs_before(self.existing_id)))
        self.printed = stack.preview_text()
        self.printed += stack.pulumi_stack.up(diff=True, log_verbosity=1).stdout
        aws.endpoint.faults.clear()
        self.created = stack.state()
        self.created_files = read_all_files(stack)
        self.ids_at_aws = sorted(aws.endpoint.collaborations)
        self.second_preview = stack.preview()

    def _refresh(self, stack: EngineStack, aws: Aws) -> None:
        client = aws.client("us-east-1")
        drift, gone, joined = (self.created[name]["id"] for name in ("drift", "gone", "joined"))
        client.update_collaboration(collaborationIdentifier=drift, name="Renamed")
        client.delete_collaboration(collaborationIdentifier=gone)
        aws.endpoint.collaborations[joined].join(BROKER)
        self.refreshed = stack.refresh()
        self.statuses_of_joined = stack.state()["joined"]["outputs"]["memberStatuses"]

    def _change(self, stack: EngineStack, aws: Aws) -> None:
        self.taken_over_id = add_state_of_pulumi_aws(stack, aws, "taken-over")["taken-over"]
        programs = list_programs_after(self.existing_id)
        stack.declare(declare_all(programs))
        self.text = stack.preview_text_and_notices()
        self.change = make_change(stack, aws, programs)
        self.records = {
            name: aws.endpoint.collaborations[each["id"]]
            for name, each in self.change.after.items()
        }
        self.preview_after_up = stack.preview()
        # One that is gone, and was made just now, would be looked for again.
        with record_operations(aws) as operations:
            refreshed = stack.pulumi_stack.refresh(diff=True)
        self.refresh_calls = Counter(operations)
        self.refresh_after_up = {
            op: number
            for op, number in (refreshed.summary.resource_changes or {}).items()
            if op != "same"
        }
        self.printed += self.text + self.change.printed + refreshed.stdout
        self.preview_after_refresh = stack.preview()

    def _fail(self, stack: EngineStack, aws: Aws) -> None:
        """Every call for the secrets is denied."""
        stack.declare(with_secrets(f"{NAME}-new"))
        self.errors = []
        urn = self.change.after["secret"]["urn"]
        for operation in ("GetCollaboration", "UpdateCollaboration", "DeleteCollaboration"):
            aws.endpoint.faults.deny(operation)
        run = stack.pulumi_stack
        for act in (run.refresh, run.up, run.destroy):
            with pytest.raises(automation.CommandError) as error:
                act(target=[urn])
            self.errors.append(str(error.value))
        aws.endpoint.faults.clear()


@pytest.fixture(scope="module")
def run(aws: Aws, tmp_path_factory: pytest.TempPathFactory, door: Door) -> PluginPass:  # noqa: ARG001 - the plug-in's
    stack = create_stack(tmp_path_factory.mktemp("plug-in"), aws.endpoint.settings)
    set_secret_settings(stack)
    return PluginPass(stack, aws)


def test_creations_of_which_every_second_loses_its_answer_are_each_made_once(
    run: PluginPass,
) -> None:
    assert sorted(each["id"] for each in run.created.values()) == run.ids_at_aws
    assert len(run.created) == len(SCENARIOS) + 10
    assert {each["type"] for each in run.created.values()} == {PLUGIN_TYPE}


def test_the_same_program_again_has_nothing_to_do(run: PluginPass) -> None:
    assert run.second_preview == {}


def test_a_refresh_reads_each_collaboration_once_and_asks_once_who_acts(run: PluginPass) -> None:
    number = len(run.change.after)

    assert run.refresh_calls["GetCollaboration"] == number
    assert run.refresh_calls["GetCallerIdentity"] <= 1


def test_a_refresh_finds_what_drifted_and_what_is_gone_and_nothing_else(run: PluginPass) -> None:
    assert run.refreshed == {"update": 1, "delete": 1}
    assert run.statuses_of_joined == {ADS: "INVITED", BROKER: "ACTIVE"}


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_a_preview_says_what_the_table_says(run: PluginPass, scenario: Scenario) -> None:
    step = run.change.get_step(scenario.name)

    assert (step.op, step.reasons) == (scenario.op, scenario.reasons)
    assert scenario.detailed is None or step.detailed == tuple(sorted(scenario.detailed))
    assert run.change.keeps_id(scenario.name) == (scenario.op != "replace")


@pytest.mark.parametrize(
    ("name", "step", "writes"),
    [
        ("drift", StepSummary("update", (), ("name",)), ["UpdateCollaboration"]),
        ("gone", StepSummary("create", (), ()), ["CreateCollaboration"]),
        ("joined", StepSummary("same", (), ()), []),
        (
            "ignoring",
            StepSummary("replace", ("queryLogStatus",), ("queryLogStatus",)),
            ["CreateCollaboration", "DeleteCollaboration"],
        ),
        ("auto-approved", StepSummary("update", (), (f"members.{PARTNER}",)), []),
        ("proposed", StepSummary("update", (), (f"members.{PARTNER}",)), []),
        ("removing", StepSummary("update", (), (f"members.{PARTNER}",)), []),
        ("imported", StepSummary("same", (), ()), []),
    ],
)
def test_a_change_is_previewed_and_written_as_what_it_is(
    run: PluginPass, name: str, step: StepSummary, writes: list[str]
) -> None:
    assert run.change.get_step(name) == step
    assert run.change.list_writes(name) == writes


def test_what_drifted_is_put_back(run: PluginPass) -> None:
    assert run.records["drift"].parameters["name"] == "Ads measurement"


def test_ignore_changes_survives_a_replacement_for_another_reason(run: PluginPass) -> None:
    assert run.change.after["ignoring"]["inputs"]["members"].keys() == {ADS, BROKER}
    assert not run.change.keeps_id("ignoring")


def test_an_up_that_replaced_says_who_must_join_again_and_how(run: PluginPass) -> None:
    id_ = run.change.after["ignoring"]["id"]

    assert (
        f"Clean Rooms collaboration {id_}: this new collaboration replaces the old one. "
        f"{ADS}, {BROKER} must join again: "
        f"`cleanrooms-resource invitation {id_} --region us-east-1` writes the invitations."
    ) in run.change.printed


def test_an_account_not_known_yet_that_proves_equal_changes_nothing(run: PluginPass) -> None:
    step = run.change.get_step("unknown-account")

    assert (step.op, step.reasons) == ("replace", ("members",))
    assert run.change.keeps_id("unknown-account")
    assert run.change.list_writes("unknown-account") == []


@pytest.mark.parametrize(
    ("name", "status", "requests"),
    [
        ("auto-approved", "INVITED", ["COMMITTED"]),
        ("proposed", None, ["PENDING"]),
        ("removing", "REMOVED", []),
    ],
)
def test_a_member_changes_in_place(
    run: PluginPass, name: str, status: str | None, requests: list[str]
) -> None:
    assert run.change.keeps_id(name)
    assert run.records[name].statuses.get(PARTNER) == status
    assert [each.status for each in run.records[name].change_requests.values()] == requests


def test_the_state_of_pulumi_aws_is_taken_over_with_no_write(run: PluginPass) -> None:
    after = run.change.after["taken-over"]

    assert run.change.get_step("taken-over").op == "update"
    assert (after["id"], after["type"]) == (run.taken_over_id, PLUGIN_TYPE)
    assert not [each for each in run.change.all_writes if run.taken_over_id in each.path]


def test_after_the_changes_there_is_nothing_to_do_and_a_refresh_finds_nothing(
    run: PluginPass,
) -> None:
    assert (run.preview_after_up, run.refresh_after_up, run.preview_after_refresh) == ({}, {}, {})


def test_no_secret_is_kept_or_printed_in_a_life_of_a_stack(run: PluginPass) -> None:
    assert set(SECRET_PATTERN.findall(run.printed)) == set()
    assert set(SECRET_PATTERN.findall(run.files)) == set()
    assert [each for each in IMPORTED.values() if each in run.files] == []
    assert run.existing_id in run.created_files
    assert run.change.after["secret"]["id"] in run.files


def test_no_secret_is_in_an_error(run: PluginPass) -> None:
    assert all("AccessDeniedException" in each for each in run.errors)
    assert set(SECRET_PATTERN.findall("".join(run.errors))) == set()


@pytest.mark.parametrize("name", ["secret", "imported"])
def test_what_is_derived_from_a_secret_input_is_secret(run: PluginPass, name: str) -> None:
    secret = "1b47061264138c4ac30d75fd1eb44270"
    outputs = run.change.after[name]["outputs"]

    assert all(
        secret in str(outputs[name])
        for name in ("memberStatuses", "tagsAll", "members", "tags", "description")
    )
    assert secret not in str(outputs["creatorDisplayName"])
    assert secret not in str(run.change.after["drift"]["outputs"]["tagsAll"])


def test_destroy_leaves_nothing_at_the_endpoint(run: PluginPass) -> None:
    assert run.remaining_ids == set()
