"""The option ``import`` of Pulumi with the plug-in: the engine imports, and the plug-in keeps alive what another resource of the program holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pulumi
import pytest
from declarations import declaration
from pulumi import automation

from engine.doors import PLUGIN_DOOR, cleanrooms
from engine.driver import StepSummary
from engine.in_place import record_operations
from engine.programs import WRITING_OPERATIONS, ads_program, create_by_hand, record_writes

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_account import Aws

    from engine.driver import EngineStack

pytestmark = [pytest.mark.engine, PLUGIN_DOOR]


@pytest.fixture
def existing_id(empty_aws: Aws) -> str:
    """The id of a collaboration that somebody made by hand, equal to the factory's declaration."""
    return create_by_hand(empty_aws)


def importing(*names: str, id_: str) -> Callable[[], None]:
    """A program whose resources of these names import one collaboration."""

    def declare() -> None:
        for name in names:
            cleanrooms.Collaboration(name, declaration(), pulumi.ResourceOptions(import_=id_))

    return declare


def list_ids(stack: EngineStack) -> dict[str, str]:
    return {name: each["id"] for name, each in stack.state().items()}


def test_import_makes_no_call_that_writes_and_the_next_preview_has_nothing_to_do(
    stack: EngineStack, empty_aws: Aws, existing_id: str
) -> None:
    stack.declare(importing("ads", id_=existing_id))

    previewed = stack.preview()
    with record_operations(empty_aws) as operations:
        applied = stack.up()

    assert previewed == {"ads": StepSummary("import", (), ())}
    assert applied == {"create": 1, "import": 1}
    assert not set(operations) & set(WRITING_OPERATIONS)
    assert list_ids(stack) == {"ads": existing_id}
    assert (stack.preview(), stack.refresh()) == ({}, {})


def test_a_difference_that_changes_in_place_is_drawn_and_the_up_imports_and_changes(
    stack: EngineStack, empty_aws: Aws, existing_id: str
) -> None:
    stack.declare(ads_program(opts={"import_": existing_id}, name="Other"))

    text = stack.preview_text()
    with record_writes(empty_aws) as writes:
        stack.up()

    assert '~ name: "Ads measurement" => "Other"' in text
    assert writes == ["UpdateCollaboration"]
    assert list_ids(stack) == {"ads": existing_id}
    assert empty_aws.collaborations() == {existing_id: "Other"}


@pytest.mark.parametrize("is_in_state", [False, True], ids=["with the import", "after the import"])
def test_a_difference_that_replaces_is_refused_while_import_is_there(
    stack: EngineStack,
    empty_aws: Aws,
    existing_id: str,
    is_in_state: bool,  # noqa: FBT001
) -> None:
    if is_in_state:
        stack.declare(importing("ads", id_=existing_id))
        stack.up()
    stack.declare(ads_program(opts={"import_": existing_id}, query_log_status="DISABLED"))

    text = stack.pulumi_stack.preview().stdout
    with (
        record_writes(empty_aws) as writes,
        pytest.raises(
            automation.CommandError, match="previously-imported resources that still specify an ID"
        ),
    ):
        stack.up()

    assert "previously-imported resources that still specify an ID may not be replaced" in text
    assert writes == []
    # The program is put right: nothing happens to the collaboration then, either.
    stack.declare(ads_program())
    stack.up()
    assert list_ids(stack) == {"ads": existing_id}
    assert empty_aws.endpoint.collaborations.keys() == {existing_id}


def test_two_resources_that_import_one_collaboration_are_named_and_dropping_one_deletes_nothing(
    stack: EngineStack, empty_aws: Aws, existing_id: str
) -> None:
    stack.declare(importing("one", "two", id_=existing_id))
    previewed = stack.pulumi_stack.preview().stdout
    stack.up()
    stack.declare(ads_program("two"))
    stack.up()

    assert (
        f"Clean Rooms collaboration {existing_id}: two resources of this program hold it. Remove one of them from the program."
        in previewed
    )
    assert list_ids(stack) == {"two": existing_id}
    assert empty_aws.endpoint.collaborations.keys() == {existing_id}


@pytest.mark.parametrize("refresh", [False, True], ids=["up", "up --refresh"])
def test_a_dropped_resource_leaves_what_another_imports_in_the_same_up(
    stack: EngineStack,
    empty_aws: Aws,
    refresh: bool,  # noqa: FBT001
) -> None:
    stack.declare(ads_program())
    stack.up()
    ids = list_ids(stack)
    stack.declare(importing("other", id_=ids["ads"]))

    stack.pulumi_stack.up(refresh=refresh)

    assert list_ids(stack) == {"other": ids["ads"]}
    assert empty_aws.endpoint.collaborations.keys() == {ids["ads"]}


def test_another_id_is_drawn_as_a_replacement_that_imports_and_deletes_what_the_resource_had(
    stack: EngineStack, empty_aws: Aws, existing_id: str
) -> None:
    stack.declare(ads_program())
    stack.up()
    stack.declare(importing("ads", id_=existing_id))

    previewed = stack.preview()
    stack.up()

    assert previewed["ads"].op == "replace"
    assert list_ids(stack) == {"ads": existing_id}
    assert empty_aws.endpoint.collaborations.keys() == {existing_id}


def test_an_import_of_a_missing_collaboration_fails_the_preview(
    stack: EngineStack, empty_aws: Aws
) -> None:
    stack.declare(importing("ads", id_="11111111-2222-3333-4444-555555555555"))

    with pytest.raises(
        automation.CommandError,
        match="the collaboration does not exist in us-east-1, or account 111122223333 may not read it",
    ):
        stack.preview()

    assert not empty_aws.endpoint.collaborations
