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
from cleanrooms import Aws
from declarations import ADS, BROKER, LEFT_OUT, PARTNER, declaration, member
from pulumi import automation

import cleanrooms_resource as cleanrooms
from cleanrooms_resource.testing import endpoint
from engine.driver import Deployment, deployment
from engine.programs import made_by_hand
from engine.pulumi_aws import deployed_by_pulumi_aws, taking_over
from engine.recordings import STATES, Life, Recording

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from engine.recordings import Program

SECRETS = ("s3cr3t-partner", "s3cr3t-broker", "s3cr3t-tag")


class Ads(cleanrooms.Collaboration):
    """A subclass that says nothing of its type."""


class NamedAds(cleanrooms.Collaboration, module="ads", name="Ads"):
    """A subclass with a type of its own."""


def deploy(stack: Deployment, aws: Aws, program: Program) -> None:
    """Deploy the program; it is given the id of what AWS has already."""
    stack.declare(partial(program, next(iter(aws.running.collaborations), "")))
    stack.up()


@dataclass(frozen=True)
class Story:
    """``program`` is what made the state last; ``lead`` leads a new stack to that state."""

    program: Program
    lead: Callable[[Deployment, Aws, Program], None] = deploy


def ads(opts: pulumi.ResourceOptions | None = None, **overrides: Any) -> Program:
    """A program of one collaboration."""
    return lambda _id: _made("ads", opts, **overrides)


def every_form(_id: str) -> None:
    """A program with every property, with as few as there can be, with no name, and with options that leave something in the state."""
    yes, no = {"is_responsible": True}, {"is_responsible": False}
    _made("ads")
    _made(
        "everything",
        description="What it is for",
        creator_ml_member_abilities={"custom_ml_member_abilities": ["CAN_RECEIVE_INFERENCE_OUTPUT"]},
        creator_payment_configuration={"query_compute": no, "job_compute": yes, "machine_learning": {"model_training": yes}},
        members=[
            member(BROKER, ml_member_abilities={"custom_ml_member_abilities": ["CAN_RECEIVE_MODEL_OUTPUT"]}),
            member(ADS, member_abilities=["CAN_RUN_JOB", "CAN_QUERY"], payment_configuration={"query_compute": yes}),
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
    _made("alone", members=LEFT_OUT, tags=LEFT_OUT, creator_member_abilities=["CAN_QUERY", "CAN_RECEIVE_RESULTS"])
    _made("unnamed", name=LEFT_OUT)
    _made("ignoring", pulumi.ResourceOptions(ignore_changes=["members", "tags"]))
    _made("with-a-secret-output", pulumi.ResourceOptions(additional_secret_outputs=["creator_account_id"]))


def with_secrets(_id: str) -> None:
    """A program with a secret in one member, and with members and tags that are secret whole."""
    partner, broker, tag = SECRETS
    _made("ads", members=[member(ADS, member_abilities=["CAN_QUERY"]), member(BROKER, display_name=pulumi.Output.secret(broker))])
    _made("whole", members=pulumi.Output.secret([member(ADS, display_name=partner)]), tags=pulumi.Output.secret({"team": tag}))


def subclasses(_id: str) -> None:
    """A program of subclasses."""
    Ads("ads", declaration())
    NamedAds("named", declaration())


def four(_id: str) -> None:
    """A program of four collaborations, to which much the same is done at AWS."""
    _made("ads")
    _made("described", description="What it is for")
    _made("bare", members=[], tags=LEFT_OUT, creator_member_abilities=["CAN_QUERY", "CAN_RECEIVE_RESULTS"])
    _made("no-member-added")


def update(stack: Deployment, aws: Aws, program: Program) -> None:
    """Partners act, and what can change in place does."""
    deploy(stack, aws, ads())
    (collaboration,) = aws.running.collaborations.values()
    collaboration.join(collaboration.creator)
    collaboration.join(ADS)
    collaboration.leave(BROKER)
    stack.refresh()
    deploy(stack, aws, program)


def adopt_or_get(stack: Deployment, aws: Aws, program: Program) -> None:
    """Somebody made it; the program adopts it, or reads it."""
    made_by_hand(aws)
    deploy(stack, aws, program)


def take_over(stack: Deployment, aws: Aws, program: Program) -> None:
    """Pulumi-aws deployed it; the program takes it over."""
    deployed_by_pulumi_aws(stack, aws)
    deploy(stack, aws, program)


def replace_in_part(stack: Deployment, aws: Aws, program: Program) -> None:
    """It is replaced, and the old one may not be deleted."""
    deploy(stack, aws, ads())
    aws.running.faults.deny("DeleteCollaboration")
    with pytest.raises(automation.CommandError, match="AccessDeniedException"):
        deploy(stack, aws, program)
    aws.running.faults.entries.clear()


def change_and_refresh(stack: Deployment, aws: Aws, program: Program) -> None:
    """Somebody describes each at AWS, and adds a member and a tag; the stack is refreshed."""
    deploy(stack, aws, program)
    client = aws.client("us-east-1")
    for name, resource in stack.state().items():
        id_, arn = resource["id"], resource["outputs"]["arn"]
        if name != "no-member-added":
            aws.running.collaborations[id_].add({"accountId": PARTNER, "displayName": "Partner", "memberAbilities": []})
        client.tag_resource(resourceArn=arn, tags={"added": "elsewhere"})
        client.update_collaboration(collaborationIdentifier=id_, description="Added elsewhere")
    stack.refresh()


STORIES = {
    "created": Story(every_form),
    "updated": Story(ads(name="Ads and more", description="Said later", tags={"team": "ads", "cost-centre": "7"}), update),
    "adopted": Story(lambda id_: _made("ads", pulumi.ResourceOptions(import_=id_)), adopt_or_get),
    "taken-over": Story(lambda _id: taking_over()(), take_over),
    "secret-members": Story(with_secrets),
    "got": Story(lambda id_: _got("ads", id_), adopt_or_get),
    "subclass": Story(subclasses),
    "pending-delete": Story(ads(query_log_status="DISABLED"), replace_in_part),
    "refreshed-after-changes": Story(four, change_and_refresh),
}


def _made(resource: str, opts: pulumi.ResourceOptions | None = None, /, **overrides: Any) -> None:
    cleanrooms.Collaboration(resource, declaration(**overrides), opts)


def _got(name: str, id_: str) -> None:
    cleanrooms.Collaboration.get(name, id_)


def main(names: list[str]) -> None:
    """Record the stories of these names, or all that have no file; a file that is there is never overwritten."""
    version = f"cleanrooms-resource {metadata.version('cleanrooms-resource')}"
    for name in names or [name for name in STORIES if not (STATES / f"{name}.json").exists()]:
        file = STATES / f"{name}.json"
        if file.exists():
            sys.exit(f"{file.name} is there; a recorded state is never recorded again. Give the new one another name.")
        story = STORIES[name]
        with _new() as (stack, aws):
            story.lead(stack, aws, story.program)
            recording = Recording.take(version, stack, aws)
        # Elsewhere: nothing of the recorded stack is there.
        with _new() as (stack, aws):
            life = Life.of(recording, story.program, stack, aws)
        file.write_text(replace(recording, life=life.to_record()).text())


@contextmanager
def _new() -> Iterator[tuple[Deployment, Aws]]:
    """A new stack at a new endpoint."""
    with endpoint() as running, tempfile.TemporaryDirectory() as folder:
        client = partial(boto3.client, "cleanrooms", endpoint_url=running.address, aws_access_key_id="x", aws_secret_access_key="y")
        yield deployment(Path(folder), running.settings), Aws(running, client)


if __name__ == "__main__":
    main(sys.argv[1:])
