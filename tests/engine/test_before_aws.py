"""What a user types wrong, on the real engine: refused before AWS is called, or told with what AWS has."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pulumi
import pytest
from declarations import declaration
from pulumi import automation

import cleanrooms_resource as cleanrooms
from cleanrooms_resource.hidden_keys import PLAIN_NAMES
from engine.driver import Deployment, deployment
from engine.programs import made_by_hand, one, writes

if TYPE_CHECKING:
    from pathlib import Path

    from cleanrooms import Aws

pytestmark = pytest.mark.engine
UNKNOWN_ID = "11111111-2222-3333-4444-555555555555"
ARN = f"arn:aws:cleanrooms:us-east-1:111122223333:collaboration/{UNKNOWN_ID}"


def fail_preview(stack: Deployment) -> str:
    with pytest.raises(automation.CommandError) as failure:
        stack.preview_text()
    return str(failure.value)


def fail_up(stack: Deployment) -> str:
    with pytest.raises(automation.CommandError) as failure:
        stack.stack.up(suppress_progress=True)
    return str(failure.value)


def get(id_: pulumi.Input[str]) -> None:
    cleanrooms.Collaboration.get("ads", id_)


def without(config: dict[str, str], *names: str) -> dict[str, str]:
    return {name: value for name, value in config.items() if name not in names}


def test_the_preview_of_a_creation_without_any_region_fails(tmp_path: Path, config: dict[str, str]) -> None:
    stack = deployment(tmp_path, without(config, "aws:region"))
    stack.declare(one())

    assert "has a problem: region: no region is set. Run `pulumi config set aws:region REGION`" in fail_preview(stack)


def test_the_preview_of_a_creation_in_a_misspelt_region_fails(tmp_path: Path, config: dict[str, str]) -> None:
    stack = deployment(tmp_path, without(config, "aws:endpoints") | {"aws:region": "eu-wset-1"})
    stack.declare(one())

    message = fail_preview(stack)

    assert 'has a problem: aws:region: "eu-wset-1" is not a region of Clean Rooms' in message
    assert 'did you mean "eu-west-1"?' in message


def test_a_collaboration_that_exists_is_previewed_and_changed_without_any_region(stack: Deployment) -> None:
    stack.declare(one())
    stack.up()
    stack.stack.workspace.remove_config("test", "aws:region")
    stack.declare(one(description="New"))

    assert stack.preview()["ads"].op == "update"
    assert stack.up() == {"update": 1}


def test_an_import_of_an_arn_is_refused_with_the_id(stack: Deployment) -> None:
    stack.declare(one(opts={"import_": ARN}))

    message = fail_preview(stack)

    assert f'import_: must be the collaboration\'s id, "{UNKNOWN_ID}", and is its ARN' in message
    assert "Traceback" not in message


def test_a_get_of_an_output_that_is_no_id_fails(stack: Deployment) -> None:
    stack.declare(lambda: get(pulumi.Output.from_input(ARN)))

    assert f'id: must be the collaboration\'s id, "{UNKNOWN_ID}", and is its ARN' in fail_preview(stack)


@pytest.mark.parametrize("way", ["import_", "get"])
def test_an_unknown_id_is_missing_or_not_the_callers(stack: Deployment, way: str) -> None:
    stack.declare(one(opts={"import_": UNKNOWN_ID}) if way == "import_" else lambda: get(UNKNOWN_ID))

    assert "Either the collaboration does not exist in us-east-1, or account 111122223333 may not read it." in fail_up(stack)


def test_an_adoption_lists_both_values_of_what_is_not_secret(stack: Deployment, aws: Aws) -> None:
    existing = made_by_hand(aws, description="l1ve-description")

    def declare() -> None:
        secret = pulumi.Output.secret("s3cr3t-description")
        cleanrooms.Collaboration("ads", declaration(name="Other", tags={"team": "x"}, description=secret), pulumi.ResourceOptions(import_=existing))

    stack.declare(declare)

    with writes(aws) as written:
        message = fail_up(stack)

    assert 'name: AWS has "Ads measurement", and the program declares "Other"' in message
    assert 'tags["team"]: AWS has "ads", and the program declares "x"' in message
    assert "description: AWS has another value than the program declares" in message
    assert "s3cr3t" not in message
    assert "l1ve" not in message
    assert written == []


def test_the_marks_of_an_adoption_are_not_kept_or_drawn(stack: Deployment, aws: Aws) -> None:
    stack.declare(one(opts={"import_": made_by_hand(aws)}))
    drawn = stack.preview_text()
    stack.up()
    stack.declare(one(opts={"import_": stack.state()["ads"]["id"]}, description="New"))
    drawn += stack.preview_text()

    assert PLAIN_NAMES not in drawn
    state = stack.state()["ads"]
    assert PLAIN_NAMES not in state["inputs"] | state["outputs"]
