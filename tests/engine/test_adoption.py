"""``import_`` and ``get``, on the real engine: what exists stays alive, whatever the program says."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

import pulumi
import pytest
from declarations import ADS, BROKER, PARTNER, declaration, member
from pulumi import automation

from cleanrooms_resource.preview.comment import render_comment
from cleanrooms_resource.preview.document import parse_preview
from cleanrooms_resource.preview.verdict import judge
from engine.doors import cleanrooms
from engine.driver import EngineStack, create_stack
from engine.programs import ads_program, create_by_hand, take_snapshot

if TYPE_CHECKING:
    from aws_account import Aws


pytestmark = pytest.mark.engine


@pytest.fixture
def existing_id(aws: Aws) -> str:
    """The id of a collaboration that somebody made by hand, equal to the factory's declaration."""
    return create_by_hand(aws)


def run_failing_up(stack: EngineStack, **options: Any) -> str:
    """What a failing up says."""
    with pytest.raises(automation.CommandError) as error:
        stack.pulumi_stack.up(suppress_progress=True, **options)
    return str(error.value)


class AdoptionRun:
    """A stack that adopts, each stage once: what each said is kept for the tests."""

    def __init__(self, stack: EngineStack, aws: Aws) -> None:
        names = ("adopted", "import-taken-out", "drift", "got")
        self.ids = {name: create_by_hand(aws) for name in names}
        before = take_snapshot(aws)
        stack.declare(self._declare)
        self.previewed = stack.preview()
        self.applied = stack.up()
        self.outputs = stack.outputs()
        self.adopted_ids = {name: each["id"] for name, each in stack.state().items()}
        self.writes = set(before) ^ set(take_snapshot(aws))
        self.afterwards = stack.preview(), stack.refresh(), stack.preview()
        stack.declare(lambda: self._declare(taken_out=True))
        self.taken_out = stack.preview(), stack.up()
        self.names_after_drift = [
            self._drift(stack, aws, name, run_program=run_program)
            for name, run_program in (("Renamed", False), ("Renamed again", True))
        ]
        stack.destroy()
        self.remaining_ids = aws.collaborations().keys() & set(self.ids.values())

    def _declare(self, *, taken_out: bool = False) -> None:
        for name in ("adopted", "import-taken-out", "drift"):
            id_ = None if taken_out and name == "import-taken-out" else self.ids[name]
            ads_program(name, opts={"import_": id_})()
        got = cleanrooms.Collaboration.get("got", self.ids["got"])
        for name in ("name", "members", "tags", "analytics_engine", "creator_account_id"):
            pulumi.export(name, getattr(got, name))

    def _drift(self, stack: EngineStack, aws: Aws, name: str, *, run_program: bool) -> str:
        """Rename a collaboration behind Pulumi's back; return its name in the state after a refresh."""
        aws.client("us-east-1").update_collaboration(
            collaborationIdentifier=self.ids["drift"], name=name
        )
        stack.pulumi_stack.refresh(suppress_progress=True, run_program=run_program)
        return str(stack.state()["drift"]["inputs"]["name"])


@pytest.fixture(scope="module")
def run(aws: Aws, tmp_path_factory: pytest.TempPathFactory) -> AdoptionRun:
    stack = create_stack(tmp_path_factory.mktemp("adoption"), aws.endpoint.settings)
    return AdoptionRun(stack, aws)


def test_import_adopts_with_no_write(run: AdoptionRun) -> None:
    assert run.previewed["adopted"].op == "create"
    assert run.applied["create"] == 4
    assert run.adopted_ids == run.ids
    assert run.writes == set()


def test_after_an_adoption_there_is_nothing_to_do_but_to_read(run: AdoptionRun) -> None:
    first, refreshed, second = run.afterwards

    assert {name: step.op for name, step in first.items()} == {"got": "read"}
    assert refreshed == {}
    assert {name: step.op for name, step in second.items()} == {"got": "read"}


def test_taking_import_out_again_changes_nothing(run: AdoptionRun) -> None:
    previewed, applied = run.taken_out

    assert "import-taken-out" not in previewed
    assert applied == {}


def test_a_refresh_shows_drift_though_import_is_still_there(run: AdoptionRun) -> None:
    assert run.names_after_drift == ["Renamed", "Renamed again"]


def test_get_reads_one_that_the_stack_does_not_own(run: AdoptionRun) -> None:
    assert run.outputs["name"] == "Ads measurement"
    assert run.outputs["members"].keys() == {ADS, BROKER}
    assert run.outputs["tags"] == {"team": "ads"}
    assert run.outputs["creator_account_id"] == "111122223333"


def test_destroy_deletes_what_was_adopted_and_leaves_what_was_read(run: AdoptionRun) -> None:
    assert run.remaining_ids == {run.ids["got"]}


def test_what_differs_from_what_exists_is_listed_and_nothing_is_changed(
    stack: EngineStack, aws: Aws, existing_id: str
) -> None:
    before = take_snapshot(aws)
    stack.declare(
        ads_program(
            opts={"import_": existing_id},
            name="Other",
            tags={"team": "x", "more": "y"},
            members=[member(ADS, member_abilities=["CAN_QUERY"])],
        )
    )

    message = run_failing_up(stack)

    assert (
        f"import_: {existing_id} differs from the declaration, and nothing was changed: " in message
    )
    for difference in (
        'name: AWS has "Ads measurement", and the program declares "Other"',
        'tags["team"]: AWS has "ads", and the program declares "x"',
        'tags["more"]: the program declares "y", and AWS has no value',
        f'members["{BROKER}"]',
    ):
        assert difference in message
    assert take_snapshot(aws) == before
    assert "ads" not in stack.state()


@pytest.mark.xfail(strict=True, reason="the comment of an adoption does not read what AWS has")
def test_the_comment_lists_what_an_adoption_would_be_refused_for(
    stack: EngineStack, existing_id: str
) -> None:
    stack.declare(ads_program(opts={"import_": existing_id}, name="Other"))

    comment = render_comment(judge(parse_preview(stack.preview_json())))

    assert "Ads measurement" in comment


@pytest.mark.xfail(strict=True, reason="an output without a value is unknown in later previews")
def test_an_output_that_has_no_value_and_is_exported_is_no_change(stack: EngineStack) -> None:
    def declare() -> None:
        ads = cleanrooms.Collaboration("ads", declaration())
        for name in ("description", "membership_id", "analytics_engine"):
            pulumi.export(name, getattr(ads, name))

    stack.declare(declare)
    stack.up()

    assert "[unknown]" not in stack.preview_text()


def test_import_of_a_missing_one_fails(stack: EngineStack) -> None:
    stack.declare(ads_program(opts={"import_": "11111111-2222-3333-4444-555555555555"}))

    assert "AccessDeniedException" in run_failing_up(stack)


def force_replacement(stack: EngineStack, aws: Aws, way: str, opts: dict[str, Any]) -> None:
    """Run an `up` that would replace the adopted collaboration."""
    options: dict[str, Any] = {}
    program = ads_program(opts=opts)
    if way == "--replace":
        options["replace"] = [stack.state()["ads"]["urn"]]
    elif way == "replace_on_changes":
        program = ads_program(opts=opts | {"replace_on_changes": ["name"]}, name="Other")
    elif way == "another property":
        program = ads_program(opts=opts, query_log_status="DISABLED")
    else:
        aws.endpoint.collaborations[opts["import_"]].add(
            {"accountId": PARTNER, "displayName": "Member 4444", "memberAbilities": []}
        )
        program = ads_program(opts=opts, members=[*declaration()["members"], member(PARTNER)])
    stack.declare(program)
    with contextlib.suppress(automation.CommandError):
        stack.pulumi_stack.up(suppress_progress=True, **options)


@pytest.mark.parametrize("first", ["create", "delete"])
def test_an_adopted_one_is_alive_whatever_forces_a_replacement(
    stack: EngineStack, aws: Aws, existing_id: str, first: str
) -> None:
    opts: dict[str, Any] = {"import_": existing_id, "delete_before_replace": first == "delete"}
    stack.declare(ads_program(opts=opts))
    stack.up()
    for way in (
        "--replace",
        "replace_on_changes",
        "another property",
        "a member added outside and then declared",
    ):
        force_replacement(stack, aws, way, opts)

        assert existing_id in aws.collaborations(), way
        assert stack.state()["ads"]["id"] == existing_id, way
        # The program is put right: nothing happens to it then, either.
        stack.declare(ads_program())
        if way == "a member added outside and then declared":
            stack.declare(ads_program(members=[*declaration()["members"], member(PARTNER)]))
            stack.refresh()
        stack.up()
        assert existing_id in aws.collaborations(), way


def test_a_preview_refuses_to_replace_an_adopted_one_with_pulumis_own_sentence(
    stack: EngineStack, existing_id: str
) -> None:
    stack.declare(ads_program(opts={"import_": existing_id}))
    stack.up()
    stack.declare(ads_program(opts={"import_": existing_id}, query_log_status="DISABLED"))

    with pytest.raises(
        automation.CommandError,
        match="previously-imported resources that still specify an ID may not be replaced",
    ):
        stack.preview_text()


def test_two_adopters_of_one_id_are_refused(stack: EngineStack, aws: Aws, existing_id: str) -> None:
    def declare() -> None:
        for name in ("one", "two"):
            cleanrooms.Collaboration(
                name, declaration(), pulumi.ResourceOptions(import_=existing_id)
            )

    stack.declare(declare)

    assert "only one resource can declare a collaboration" in run_failing_up(stack)
    assert [each["id"] for each in stack.state().values()] == [existing_id]
    assert existing_id in aws.collaborations()


def test_another_id_on_a_resource_in_the_state_is_refused(
    stack: EngineStack, existing_id: str
) -> None:
    stack.declare(ads_program())
    stack.up()
    stack.declare(ads_program(opts={"import_": existing_id}))

    assert f"cannot become {existing_id}" in run_failing_up(stack)


@pytest.mark.parametrize("first", ["ads", "again"])
def test_a_preview_refuses_an_import_of_what_the_stack_has(
    stack: EngineStack, aws: Aws, first: str
) -> None:
    stack.declare(ads_program())
    stack.up()
    own_id = stack.state()["ads"]["id"]

    def declare() -> None:
        for name in sorted(("ads", "again"), key=lambda each: each != first):
            cleanrooms.Collaboration(
                name,
                declaration(),
                pulumi.ResourceOptions(import_=own_id if name == "again" else None),
            )

    stack.declare(declare)

    with pytest.raises(
        automation.CommandError, match=r"this stack's state already has|another resource imports"
    ):
        stack.preview_text()
    assert own_id in aws.collaborations()


def test_a_renamed_resource_may_adopt_what_the_old_one_had_and_destroy_deletes_it(
    stack: EngineStack, aws: Aws, existing_id: str
) -> None:
    stack.declare(ads_program(opts={"import_": existing_id}))
    stack.up()
    stack.declare(ads_program("renamed", opts={"import_": existing_id}))
    stack.up()

    assert stack.state().keys() == {"renamed"}
    assert existing_id in aws.collaborations()
    stack.pulumi_stack.destroy(suppress_progress=True, run_program=True)
    assert existing_id not in aws.collaborations()


def test_a_refresh_refuses_an_import_of_what_a_dropped_resource_has_and_tells_the_way_that_keeps_it(
    stack: EngineStack, existing_id: str
) -> None:
    stack.declare(ads_program(opts={"import_": existing_id}))
    stack.up()
    stack.declare(ads_program("renamed", opts={"import_": existing_id}))

    message = run_failing_up(stack, refresh=True)
    stack.up()

    assert f"this stack's state already has {existing_id}." in message
    assert "if none has it, run `pulumi up` without --refresh" in message
    assert {name: each["id"] for name, each in stack.state().items()} == {"renamed": existing_id}


def test_get_of_a_missing_one_fails(stack: EngineStack) -> None:
    def declare() -> None:
        cleanrooms.Collaboration.get("ads", "11111111-2222-3333-4444-555555555555")

    stack.declare(declare)

    assert "AccessDeniedException" in run_failing_up(stack)


@pytest.mark.parametrize(
    ("name", "operations", "stays"),
    [("ads", {"read": 1}, True), ("partners", {"delete": 1}, False)],
)
def test_get_in_the_place_of_a_managed_one_keeps_it_only_under_its_name(
    stack: EngineStack, aws: Aws, name: str, operations: dict[str, int], *, stays: bool
) -> None:
    stack.declare(ads_program())
    stack.up()
    managed_id = stack.state()["ads"]["id"]
    stack.declare(lambda: cleanrooms.Collaboration.get(name, managed_id))

    assert stack.up() == operations
    assert (managed_id in aws.collaborations()) is stays
