"""A stack that pulumi-aws deployed, and the program that takes it over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from declarations import ADS, BROKER, LEFT_OUT
from pulumi import automation

from cleanrooms_resource.changes.takeover import PULUMI_AWS_TYPE
from engine.programs import ads_program, create_by_hand

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_account import Aws

    from engine.driver import EngineStack

NAME = "ads-1a2b3c4"
"""A name that Pulumi made up."""
ENCRYPTION = {
    "allow_clear_text": True,
    "allow_duplicates": True,
    "allow_joins_on_columns_with_different_names": True,
    "preserve_nulls": False,
}


def takeover_program(
    resource: str = "ads", *, opts: dict[str, Any] | None = None, **overrides: Any
) -> Callable[[], None]:
    """The program that had pulumi-aws, with its import replaced; it names no name."""
    return ads_program(
        resource,
        opts=opts,
        **{"name": LEFT_OUT, "data_encryption_metadata": ENCRYPTION} | overrides,
    )


def deploy_with_pulumi_aws(stack: EngineStack, aws: Aws) -> str:
    """Give a new stack pulumi-aws's state of a collaboration; return the collaboration's id."""
    stack.declare(lambda: None)
    stack.up()
    return add_state_of_pulumi_aws(stack, aws, "ads")["ads"]


def add_state_of_pulumi_aws(stack: EngineStack, aws: Aws, *resources: str) -> dict[str, str]:
    """Add pulumi-aws's state of a collaboration for each resource; return the ids."""
    ids = {
        resource: create_by_hand(aws, name=NAME, data_encryption_metadata=ENCRYPTION)
        for resource in resources
    }
    state = stack.pulumi_stack.export_stack()
    deployed = dict(state.deployment or {})
    urn = "urn:pulumi:test::tests::pulumi:providers:aws::default_7_51_1"
    provider = {
        "urn": urn,
        "custom": True,
        "id": "5b0f2a1c-0000-4000-8000-000000000000",
        "type": "pulumi:providers:aws",
    }
    settings = {"region": "us-east-1", "version": "7.51.1"}
    parent = deployed["resources"][0]["urn"]
    deployed["resources"] += [
        provider | {"inputs": settings, "outputs": settings},
        *(
            _as_pulumi_aws_writes_it(id_)
            | {
                "urn": f"urn:pulumi:test::tests::{PULUMI_AWS_TYPE}::{resource}",
                "parent": parent,
                "provider": f"{urn}::{provider['id']}",
            }
            for resource, id_ in ids.items()
        ),
    ]
    stack.pulumi_stack.import_stack(
        automation.Deployment(version=state.version, deployment=deployed)
    )
    return ids


def _as_pulumi_aws_writes_it(id_: str) -> dict[str, Any]:
    """The resource in a state of pulumi-aws 7."""
    encryption = {
        "allowClearText": True,
        "allowDuplicates": True,
        "allowJoinsOnColumnsWithDifferentNames": True,
        "preserveNulls": False,
    }
    members = [
        {"accountId": ADS, "displayName": "Member 2222", "memberAbilities": ["CAN_QUERY"]},
        {"accountId": BROKER, "displayName": "Member 3333", "memberAbilities": []},
    ]
    inputs = {
        "__defaults": ["name"],
        "creatorDisplayName": "RetailCo",
        "creatorMemberAbilities": ["CAN_RECEIVE_RESULTS"],
        "dataEncryptionMetadata": {"__defaults": [], **encryption},
        "members": [{"__defaults": [], **each} for each in members],
        "name": NAME,
        "queryLogStatus": "ENABLED",
        "region": "us-east-1",
        "tags": {"__defaults": [], "team": "ads"},
        "tagsAll": {"team": "ads"},
    }
    outputs = {
        "analyticsEngine": "SPARK",
        "arn": f"arn:aws:cleanrooms:us-east-1:111122223333:collaboration/{id_}",
        "createTime": "2026-11-01 12:00:00 +0000 UTC",
        "creatorDisplayName": "RetailCo",
        "creatorMemberAbilities": ["CAN_RECEIVE_RESULTS"],
        "dataEncryptionMetadata": encryption,
        "description": "",
        "id": id_,
        "members": [{**each, "status": "INVITED"} for each in members],
        "name": NAME,
        "queryLogStatus": "ENABLED",
        "region": "us-east-1",
        "tags": {"team": "ads"},
        "tagsAll": {"team": "ads"},
        "updateTime": "2026-11-01 12:00:00 +0000 UTC",
    }
    return {
        "custom": True,
        "id": id_,
        "type": PULUMI_AWS_TYPE,
        "inputs": inputs,
        "outputs": outputs,
    }
