"""Recorded states: the stacks that a released version left in the field, kept as tests/states/NAME.json.

`python -m engine.states [NAME ...]` (in tests/, with the environment's Python and `pulumi` on PATH) records the stories that have no file yet.
The files of today record version 0.1.0, as it was released first. Later versions change the shape of the state, and must go on from these; so no file
is ever recorded again, and no story of a file ever changes. New states are added beside them.

``engine.recordings`` says what a file holds.
"""

from __future__ import annotations

import sys
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import pulumi
import pytest
from aws_account import Aws
from declarations import ADS, BROKER, LEFT_OUT, PARTNER, declaration, member
from pulumi import automation

import cleanrooms_resource as cleanrooms
from cleanrooms_resource.testing import endpoint
from engine.driver import EngineStack, create_stack
from engine.programs import ads_program, create_by_hand
from engine.pulumi_aws import deploy_with_pulumi_aws, takeover_program
from engine.recordings import STATE_FOLDER, Life, Recording

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from engine.recordings import Program

SECRETS = ("s3cr3t-partner", "s3cr3t-broker", "s3cr3t-tag")


class Ads(cleanrooms.Collaboration):
    """A subclass that says nothing of its type."""


class NamedAds(cleanrooms.Collaboration, module="ads", name="Ads"):
    """A subclass with a type of its own."""


def deploy(stack: EngineStack, aws: Aws, program: Program) -> None:
    """Deploy the program; it is given the id of what AWS has already."""
    stack.declare(partial(program, next(iter(aws.endpoint.collaborations), "")))
    stack.up()


@dataclass(frozen=True)
class StateStory:
    """``program`` is what made the state last; ``lead`` leads a new stack to that state."""

    program: Program
    lead: Callable[[EngineStack, Aws, Program], None] = deploy


def without_id(program: Callable[[], None]) -> Program:
    """Return the same program, which has no use for the id of the first collaboration at AWS."""
    return lambda _id: program()


def declare_every_form(_id: str) -> None:
    """A program with every property, with as few as there can be, with no name, and with options that leave something in the state."""
    yes, no = {"is_responsible": True}, {"is_responsible": False}
    _declare("ads")
    _declare(
        "everything",
        description="What it is for",
        creator_ml_member_abilities={
            "custom_ml_member_abilities": ["CAN_RECEIVE_INFERENCE_OUTPUT"]
        },
        creator_payment_configuration={
            "query_compute": no,
            "job_compute": yes,
            "machine_learning": {"model_training": yes},
        },
        members=[
            member(
                BROKER,
                ml_member_abilities={"custom_ml_member_abilities": ["CAN_RECEIVE_MODEL_OUTPUT"]},
            ),
            member(
                ADS,
                member_abilities=["CAN_RUN_JOB", "CAN_QUERY"],
                payment_configuration={"query_compute": yes},
            ),
        ],
        data_encryption_metadata={
            "allow_cleartext": True,
            "allow_duplicates": True,
            "allow_joins_on_columns_with_different_names": True,
            "preserve_nulls": False,
        },
        job_log_status="ENABLED",
        analytics_engine="SPARK",
        auto_approved_change_request_types=["GRANT_RECEIVE_RESULTS_ABILITY", "ADD_MEMBER"],
        allowed_result_regions=["us-east-1", "eu-west-1"],
        is_metrics_enabled=True,
        region="eu-west-1",
    )
    _declare(
        "alone",
        members=LEFT_OUT,
        tags=LEFT_OUT,
        creator_member_abilities=["CAN_QUERY", "CAN_RECEIVE_RESULTS"],
    )
    _declare("unnamed", name=LEFT_OUT)
    _declare("ignoring", pulumi.ResourceOptions(ignore_changes=["members", "tags"]))
    _declare(
        "with-a-secret-output",
        pulumi.ResourceOptions(additional_secret_outputs=["creator_account_id"]),
    )


def declare_secrets(_id: str) -> None:
    """A program with a secret in one member, and with members and tags that are secret whole."""
    partner, broker, tag = SECRETS
    _declare(
        "ads",
        members=[
            member(ADS, member_abilities=["CAN_QUERY"]),
            member(BROKER, display_name=pulumi.Output.secret(broker)),
        ],
    )
    _declare(
        "whole",
        members=pulumi.Output.secret([member(ADS, display_name=partner)]),
        tags=pulumi.Output.secret({"team": tag}),
    )


def declare_subclasses(_id: str) -> None:
    """A program of subclasses."""
    Ads("ads", declaration())
    NamedAds("named", declaration())


def declare_four(_id: str) -> None:
    """A program of four collaborations, to which much the same is done at AWS."""
    _declare("ads")
    _declare("described", description="What it is for")
    _declare(
        "bare",
        members=[],
        tags=LEFT_OUT,
        creator_member_abilities=["CAN_QUERY", "CAN_RECEIVE_RESULTS"],
    )
    _declare("no-member-added")


def update(stack: EngineStack, aws: Aws, program: Program) -> None:
    """Partners act, and what can change in place does."""
    deploy(stack, aws, without_id(ads_program()))
    (collaboration,) = aws.endpoint.collaborations.values()
    collaboration.join(collaboration.creator)
    collaboration.join(ADS)
    collaboration.leave(BROKER)
    stack.refresh()
    deploy(stack, aws, program)


def adopt_or_get(stack: EngineStack, aws: Aws, program: Program) -> None:
    """Somebody made it; the program adopts it, or reads it."""
    create_by_hand(aws)
    deploy(stack, aws, program)


def take_over(stack: EngineStack, aws: Aws, program: Program) -> None:
    """Pulumi-aws deployed it; the program takes it over."""
    deploy_with_pulumi_aws(stack, aws)
    deploy(stack, aws, program)


def replace_in_part(stack: EngineStack, aws: Aws, program: Program) -> None:
    """It is replaced, and the old one may not be deleted."""
    deploy(stack, aws, without_id(ads_program()))
    aws.endpoint.faults.deny("DeleteCollaboration")
    with pytest.raises(automation.CommandError, match="AccessDeniedException"):
        deploy(stack, aws, program)
    aws.endpoint.faults.entries.clear()


def change_and_refresh(stack: EngineStack, aws: Aws, program: Program) -> None:
    """Somebody describes each at AWS, and adds a member and a tag; the stack is refreshed."""
    deploy(stack, aws, program)
    client = aws.client("us-east-1")
    for name, resource in stack.state().items():
        id_, arn = resource["id"], resource["outputs"]["arn"]
        if name != "no-member-added":
            aws.endpoint.collaborations[id_].add(
                {"accountId": PARTNER, "displayName": "Partner", "memberAbilities": []}
            )
        client.tag_resource(resourceArn=arn, tags={"added": "elsewhere"})
        client.update_collaboration(collaborationIdentifier=id_, description="Added elsewhere")
    stack.refresh()


STATE_STORIES = {
    "created": StateStory(declare_every_form),
    "updated": StateStory(
        without_id(
            ads_program(
                name="Ads and more",
                description="Said later",
                tags={"team": "ads", "cost-centre": "7"},
            )
        ),
        update,
    ),
    "adopted": StateStory(
        lambda id_: _declare("ads", pulumi.ResourceOptions(import_=id_)), adopt_or_get
    ),
    "taken-over": StateStory(without_id(takeover_program()), take_over),
    "secret-members": StateStory(declare_secrets),
    "got": StateStory(lambda id_: _get("ads", id_), adopt_or_get),
    "subclass": StateStory(declare_subclasses),
    "pending-delete": StateStory(
        without_id(ads_program(query_log_status="DISABLED")), replace_in_part
    ),
    "refreshed-after-changes": StateStory(declare_four, change_and_refresh),
}


def _declare(
    resource: str, opts: pulumi.ResourceOptions | None = None, /, **overrides: Any
) -> None:
    cleanrooms.Collaboration(resource, declaration(**overrides), opts)


def _get(name: str, id_: str) -> None:
    cleanrooms.Collaboration.get(name, id_)


def main(names: list[str]) -> None:
    """Record the stories of these names, or all that have no file; a file that is there is never overwritten."""
    version = f"cleanrooms-resource {metadata.version('cleanrooms-resource')}"
    for name in names or [
        name for name in STATE_STORIES if not (STATE_FOLDER / f"{name}.json").exists()
    ]:
        file = STATE_FOLDER / f"{name}.json"
        if file.exists():
            sys.exit(
                f"{file.name} is there; a recorded state is never recorded again. Give the new one another name."
            )
        story = STATE_STORIES[name]
        with _start_stack() as (stack, aws):
            story.lead(stack, aws, story.program)
            recording = Recording.take(version, stack, aws)
        # Elsewhere: nothing of the recorded stack is there.
        with _start_stack() as (stack, aws):
            life = Life.run(recording, story.program, stack, aws)
        file.write_text(replace(recording, life=life.to_record()).to_text())


@contextmanager
def _start_stack() -> Iterator[tuple[EngineStack, Aws]]:
    """A new stack at a new endpoint."""
    with endpoint() as running, tempfile.TemporaryDirectory() as folder:
        client = partial(
            boto3.client,
            "cleanrooms",
            endpoint_url=running.address,
            aws_access_key_id="x",
            aws_secret_access_key="y",
        )
        yield create_stack(Path(folder), running.settings), Aws(running, client)


if __name__ == "__main__":
    main(sys.argv[1:])
