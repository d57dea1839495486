"""What a user types wrong, on the real engine: refused before AWS is called, or told with what AWS has."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pulumi
import pytest
from declarations import declaration
from pulumi import automation

import cleanrooms_resource as cleanrooms
from cleanrooms_resource.hidden_keys import PLAIN_NAMES
from engine.driver import EngineStack, create_stack
from engine.programs import ads_program, create_by_hand, record_writes
from engine.shared_stack import declare_all, make_change

if TYPE_CHECKING:
    from pathlib import Path

    from aws_account import Aws

pytestmark = pytest.mark.engine
UNKNOWN_ID = "11111111-2222-3333-4444-555555555555"
ARN = f"arn:aws:cleanrooms:us-east-1:111122223333:collaboration/{UNKNOWN_ID}"


def fail_preview(stack: EngineStack) -> str:
    with pytest.raises(automation.CommandError) as failure:
        stack.preview_text()
    return str(failure.value)


def fail_up(stack: EngineStack) -> str:
    with pytest.raises(automation.CommandError) as failure:
        stack.pulumi_stack.up(suppress_progress=True)
    return str(failure.value)


def get(id_: pulumi.Input[str]) -> None:
    cleanrooms.Collaboration.get("ads", id_)


def without(config: dict[str, str], *names: str) -> dict[str, str]:
    return {name: value for name, value in config.items() if name not in names}


def test_the_preview_of_a_creation_without_any_region_fails(
    tmp_path: Path, config: dict[str, str]
) -> None:
    stack = create_stack(tmp_path, without(config, "aws:region"))
    stack.declare(ads_program())

    assert (
        "has a problem: region: no region is set. Run `pulumi config set aws:region REGION`"
        in fail_preview(stack)
    )


def test_the_preview_of_a_creation_in_a_misspelt_region_fails(
    tmp_path: Path, config: dict[str, str]
) -> None:
    stack = create_stack(tmp_path, without(config, "aws:endpoints") | {"aws:region": "eu-wset-1"})
    stack.declare(ads_program())

    message = fail_preview(stack)

    assert 'has a problem: aws:region: "eu-wset-1" is not a region of Clean Rooms' in message
    assert 'did you mean "eu-west-1"?' in message


class RegionRun:
    """A stack whose region is no longer set when its collaborations change."""

    def __init__(self, stack: EngineStack, aws: Aws) -> None:
        first = {name: {"delete_before_replace": name == "delete"} for name in ("create", "delete")}
        created = [ads_program(name, opts=opts) for name, opts in first.items()]
        stack.declare(declare_all([ads_program("changed"), ads_program("asked"), *created]))
        stack.up()
        stack.pulumi_stack.workspace.remove_config("test", "aws:region")
        replaced = [
            ads_program(name, opts=opts, query_log_status="DISABLED")
            for name, opts in first.items()
        ]
        changed = ads_program("changed", description="New")
        self.change = make_change(stack, aws, [changed, ads_program("asked"), *replaced])
        self.ids_at_aws = aws.collaborations().keys()
        urn = self.change.after["asked"]["urn"]
        with pytest.raises(automation.CommandError) as error:
            stack.pulumi_stack.up(suppress_progress=True, replace=[urn])
        self.error = str(error.value)
        self.id_after_error = stack.state()["asked"]["id"]


@pytest.fixture(scope="module")
def run(aws: Aws, tmp_path_factory: pytest.TempPathFactory) -> RegionRun:
    return RegionRun(create_stack(tmp_path_factory.mktemp("region"), aws.endpoint.settings), aws)


def test_a_collaboration_that_exists_is_previewed_and_changed_without_any_region(
    run: RegionRun,
) -> None:
    assert run.change.get_step("changed").op == "update"
    assert run.change.list_writes("changed") == ["UpdateCollaboration"]


@pytest.mark.parametrize("first", ["create", "delete"])
def test_a_collaboration_that_exists_is_replaced_in_its_region_whatever_the_settings_say_now(
    run: RegionRun, first: str
) -> None:
    state = run.change.after[first]

    assert run.change.get_step(first).op == "replace"
    assert not run.change.keeps_id(first)
    assert state["outputs"]["region"] == "us-east-1"
    assert state["id"] in run.ids_at_aws


def test_a_replacement_that_is_asked_for_needs_a_region_that_is_set(run: RegionRun) -> None:
    """The engine then asks for a new collaboration without a word of the old one.

    No provider can know its region.
    """
    assert "region: no region is set" in run.error
    assert run.id_after_error == run.change.after["asked"]["id"]


@pytest.fixture(scope="module")
def stack(aws: Aws, tmp_path_factory: pytest.TempPathFactory) -> EngineStack:
    """A stack whose programs fail."""
    return create_stack(tmp_path_factory.mktemp("failing"), aws.endpoint.settings)


def test_an_import_of_an_arn_is_refused_with_the_id(stack: EngineStack) -> None:
    stack.declare(ads_program(opts={"import_": ARN}))

    message = fail_preview(stack)

    assert f'import_: must be the collaboration\'s id, "{UNKNOWN_ID}", and is its ARN' in message
    assert "Traceback" not in message


def test_a_get_of_an_output_that_is_no_id_fails(stack: EngineStack) -> None:
    stack.declare(lambda: get(pulumi.Output.from_input(ARN)))

    assert f'id: must be the collaboration\'s id, "{UNKNOWN_ID}", and is its ARN' in fail_preview(
        stack
    )


@pytest.mark.parametrize("way", ["import_", "get"])
def test_an_unknown_id_is_missing_or_not_the_callers(stack: EngineStack, way: str) -> None:
    stack.declare(
        ads_program(opts={"import_": UNKNOWN_ID}) if way == "import_" else lambda: get(UNKNOWN_ID)
    )

    assert (
        "Either the collaboration does not exist in us-east-1, or account 111122223333 may not read it."
        in fail_up(stack)
    )


def test_an_adoption_lists_both_values_of_what_is_not_secret(stack: EngineStack, aws: Aws) -> None:
    existing = create_by_hand(aws, description="l1ve-description")

    def declare() -> None:
        secret = pulumi.Output.secret("s3cr3t-description")
        cleanrooms.Collaboration(
            "ads",
            declaration(name="Other", tags={"team": "x"}, description=secret),
            pulumi.ResourceOptions(import_=existing),
        )

    stack.declare(declare)

    with record_writes(aws) as written:
        message = fail_up(stack)

    assert 'name: AWS has "Ads measurement", and the program declares "Other"' in message
    assert 'tags["team"]: AWS has "ads", and the program declares "x"' in message
    assert "description: AWS has another value than the program declares" in message
    assert "s3cr3t" not in message
    assert "l1ve" not in message
    assert written == []


def test_the_marks_are_kept_in_the_outputs_and_never_drawn(stack: EngineStack, aws: Aws) -> None:
    stack.declare(ads_program("marks", opts={"import_": create_by_hand(aws)}))
    drawn = stack.preview_text()
    stack.up()
    stack.declare(
        ads_program("marks", opts={"import_": stack.state()["marks"]["id"]}, description="New")
    )
    drawn += stack.preview_text()

    assert PLAIN_NAMES not in drawn
    state = stack.state()["marks"]
    assert PLAIN_NAMES not in state["inputs"]
    assert "name" in state["outputs"][PLAIN_NAMES].split(",")
