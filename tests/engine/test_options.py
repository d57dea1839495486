"""Pulumi's resource options do for a collaboration what Pulumi documents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pulumi
import pytest
from declarations import ADS, BROKER, declaration, member
from pulumi import automation

from engine.accounts import Account
from engine.doors import cleanrooms
from engine.driver import EngineStack, StepSummary, create_stack
from engine.programs import ads_program, record_writes
from engine.shared_stack import Change, declare_all, make_change

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_account import Aws

pytestmark = pytest.mark.engine
REPLACED: dict[str, Any] = {"query_log_status": "DISABLED"}
DELETE_FIRST = {"delete_before_replace": True}
RETAINED = {"retain_on_delete": True}
PROTECTED = {"protect": True}
ONE_MEMBER = {
    "one-member": f'members["{ADS}"]',
    "one-part-of-a-member": f'members["{ADS}"].displayName',
}
"""Resources, and what each ignores of its members."""


def ignore_one_member(resource: str, path: str, display_name: str) -> Callable[[], None]:
    """Return a program that ignores one member, while the account of the other is an Output."""

    def declare() -> None:
        account = Account(f"account-of-{resource}", BROKER, "1")
        members = [
            member(ADS, member_abilities=["CAN_QUERY"], display_name=display_name),
            member(account.number),
        ]
        opts = pulumi.ResourceOptions(ignore_changes=[path])
        cleanrooms.Collaboration(resource, declaration(members=members), opts)

    return declare


def ignore_in_a_transformation(
    args: pulumi.ResourceTransformationArgs,
) -> pulumi.ResourceTransformationResult:
    ignoring = pulumi.ResourceOptions(ignore_changes=["query_log_status"])
    return pulumi.ResourceTransformationResult(
        args.props, pulumi.ResourceOptions.merge(args.opts, ignoring)
    )


def declare_in_component(**overrides: Any) -> Callable[[], None]:
    """Return a program of a collaboration in a component whose transformation adds an option."""

    def declare() -> None:
        opts = pulumi.ResourceOptions(transformations=[ignore_in_a_transformation])
        component = pulumi.ComponentResource("tests:index:Component", "component", {}, opts)
        ads_program("transformed", opts={"parent": component}, **overrides)()

    return declare


def declare_nothing() -> None:
    """A program that declares nothing."""


def replaced(
    resource: str, before: dict[str, Any], after: dict[str, Any]
) -> tuple[Callable[[], None], Callable[[], None]]:
    """Return the programs of a collaboration before and after its replacement, with their options."""
    return ads_program(resource, opts=before), ads_program(resource, opts=after, **REPLACED)


def changed(
    resource: str, opts: dict[str, Any], **overrides: Any
) -> tuple[Callable[[], None], Callable[[], None]]:
    """Return the programs of a collaboration that changes together with its options."""
    return ads_program(resource), ads_program(resource, opts=opts, **overrides)


PROGRAMS = (
    replaced("create-first", {}, {}),
    replaced("delete-first", DELETE_FIRST, DELETE_FIRST),
    replaced("delete-first-now", {}, DELETE_FIRST),
    replaced("retained", RETAINED, RETAINED),
    replaced("retained-too-late", {}, RETAINED),
    replaced("protected-now", {}, PROTECTED),
    replaced("unprotected-now", PROTECTED, {}),
    changed("ignored-now", {"ignore_changes": ["query_log_status"]}, **REPLACED),
    (
        ads_program("protected", opts=PROTECTED),
        ads_program("protected", opts=PROTECTED, name="Other"),
    ),
    (ads_program("dropped"), declare_nothing),
    (ads_program("dropped-and-retained", opts=RETAINED), declare_nothing),
    (
        ads_program("former-name"),
        ads_program("renamed", opts={"aliases": [pulumi.Alias(name="former-name")]}),
    ),
    changed("replaced-for-name", {"replace_on_changes": ["name"]}, name="Other"),
    changed("replaced-for-tags", {"replace_on_changes": ["tags"]}, tags={}),
    changed("secret-output", {"additional_secret_outputs": ["member_statuses"]}),
    changed("everything", {"ignore_changes": ["*"]}, name="Other", members=[], **REPLACED),
    changed("one-tag", {"ignore_changes": ["tags.team"]}, tags={"team": "other", "more": "x"}),
    (declare_in_component(), declare_in_component(**REPLACED)),
    *(
        tuple(ignore_one_member(resource, path, display_name) for display_name in ("Old", "New"))
        for resource, path in ONE_MEMBER.items()
    ),
)


@dataclass(frozen=True)
class OptionsRun:
    """A stack with the programs above, before and after the change."""

    stack: EngineStack
    change: Change
    ids_at_aws: frozenset[str]
    """The collaborations that AWS had after the change."""


@pytest.fixture(scope="module")
def run(aws: Aws, tmp_path_factory: pytest.TempPathFactory) -> OptionsRun:
    stack = create_stack(tmp_path_factory.mktemp("options"), aws.endpoint.settings)
    before, after = zip(*PROGRAMS, strict=True)
    for opts in (PROTECTED, {}):
        stack.declare(declare_all([*before, ads_program("unprotected-before", opts=opts)]))
        stack.up()
    after = (*after, ads_program("unprotected-before", **REPLACED))
    return OptionsRun(stack, make_change(stack, aws, after), frozenset(aws.collaborations()))


@pytest.mark.parametrize(
    ("name", "order"),
    [
        ("create-first", ["CreateCollaboration", "DeleteCollaboration"]),
        ("delete-first", ["DeleteCollaboration", "CreateCollaboration"]),
    ],
)
def test_a_replacement_is_made_before_or_after_the_old_one_is_deleted(
    run: OptionsRun, name: str, order: list[str]
) -> None:
    assert run.change.list_writes(name) == order


def test_delete_before_replace_acts_in_the_change_that_adds_it(run: OptionsRun) -> None:
    writes = run.change.list_writes("delete-first-now")

    assert writes == ["DeleteCollaboration", "CreateCollaboration"]


@pytest.mark.parametrize(
    ("name", "is_deployed_before"), [("retained", True), ("retained-too-late", False)]
)
def test_retain_on_delete_keeps_the_old_collaboration_of_a_replacement_only_where_it_was_deployed_before(
    run: OptionsRun,
    name: str,
    is_deployed_before: bool,  # noqa: FBT001
) -> None:
    assert not run.change.keeps_id(name)
    assert (run.change.before[name]["id"] in run.ids_at_aws) == is_deployed_before


def test_ignore_changes_acts_in_the_change_that_adds_it(run: OptionsRun) -> None:
    assert run.change.list_writes("ignored-now") == []


def test_protect_stops_a_replacement_at_the_preview(run: OptionsRun, aws: Aws) -> None:
    run.stack.declare(ads_program("protected", opts=PROTECTED, name="Other", **REPLACED))

    with (
        record_writes(aws) as writes,
        pytest.raises(automation.CommandError, match="protect"),
    ):
        run.stack.pulumi_stack.up(target=[run.change.after["protected"]["urn"]])

    assert writes == []


def test_protect_that_the_change_itself_adds_stops_no_replacement(run: OptionsRun) -> None:
    writes = run.change.list_writes("protected-now")

    assert writes == ["CreateCollaboration", "DeleteCollaboration"]


@pytest.mark.parametrize(
    "name",
    ["unprotected-now", "unprotected-before"],
    ids=["together with the change", "before the change"],
)
def test_protect_taken_out_lets_a_replacement_pass(run: OptionsRun, name: str) -> None:
    assert not run.change.keeps_id(name)


def test_protect_lets_a_change_in_place_pass(run: OptionsRun) -> None:
    assert run.change.get_step("protected").op == "update"
    assert run.change.list_writes("protected") == ["UpdateCollaboration"]


@pytest.mark.parametrize(
    ("name", "is_left"),
    [("dropped-and-retained", True), ("dropped", False)],
    ids=["before the removal", "not before the removal"],
)
def test_retain_on_delete_keeps_what_was_deployed_with_it(
    run: OptionsRun,
    name: str,
    is_left: bool,  # noqa: FBT001
) -> None:
    assert name not in run.change.after
    assert (run.change.before[name]["id"] in run.ids_at_aws) == is_left


def test_an_alias_renames_the_resource_and_touches_nothing(run: OptionsRun) -> None:
    id_ = run.change.before["former-name"]["id"]

    assert run.change.list_writes("former-name") == []
    assert "former-name" not in run.change.after
    assert run.change.after["renamed"]["id"] == id_


@pytest.mark.parametrize(
    ("name", "reason"), [("replaced-for-name", "name"), ("replaced-for-tags", "tags.team")]
)
def test_replace_on_changes_replaces_for_what_would_change_in_place(
    run: OptionsRun, name: str, reason: str
) -> None:
    step = run.change.get_step(name)

    assert step.op == "replace"
    assert step.detailed == (reason,)


def test_additional_secret_outputs_may_be_spelled_as_in_programs(run: OptionsRun) -> None:
    # Pulumi's mark of a secret.
    assert (
        "4dabf18193072939515e22adb298388d"
        in run.change.after["secret-output"]["outputs"]["memberStatuses"]
    )


def test_ignoring_everything_is_nothing_to_do(run: OptionsRun) -> None:
    assert "everything" not in run.change.previewed


def test_one_ignored_tag_leaves_the_others(run: OptionsRun) -> None:
    assert run.change.get_step("one-tag") == StepSummary("update", (), ("tags.more",))


@pytest.mark.parametrize("resource", ONE_MEMBER)
def test_one_ignored_member_works_where_other_accounts_are_outputs(
    run: OptionsRun, resource: str
) -> None:
    assert resource not in run.change.previewed
    assert run.change.after[resource]["inputs"]["members"].keys() == {ADS, BROKER}


def test_a_transformation_adds_an_option_in_the_programs_spelling(run: OptionsRun) -> None:
    assert "transformed" not in run.change.previewed


@pytest.mark.parametrize("path", ["members[0]", "creator_name"])
def test_a_path_that_pulumi_would_ignore_in_silence_fails_the_preview(
    run: OptionsRun, path: str
) -> None:
    run.stack.declare(ads_program(opts={"ignore_changes": [path]}))

    with pytest.raises(automation.CommandError, match="ignore_changes: "):
        run.stack.preview_text()
