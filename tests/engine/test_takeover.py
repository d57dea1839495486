"""The takeover of pulumi-aws's state, on the real engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from declarations import ADS, BROKER, LEFT_OUT, declaration
from pulumi import automation

from cleanrooms_resource import service
from cleanrooms_resource.declaration import canonical
from engine.programs import comment_and_kept, one, written

if TYPE_CHECKING:
    from collections.abc import Callable

    from cleanrooms import Aws

    from engine.driver import Deployment

pytestmark = pytest.mark.engine


def as_pulumi_aws_writes_it(id_: str, **overrides: Any) -> dict[str, Any]:
    """The resource in a state of pulumi-aws 7."""
    encryption = {"allowClearText": True, "allowDuplicates": True, "allowJoinsOnColumnsWithDifferentNames": True, "preserveNulls": False}
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
        "name": "ads-1a2b3c4",
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
        "name": "ads-1a2b3c4",
        "queryLogStatus": "ENABLED",
        "region": "us-east-1",
        "tags": {"team": "ads"},
        "tagsAll": {"team": "ads"},
        "updateTime": "2026-11-01 12:00:00 +0000 UTC",
    }
    return {"custom": True, "id": id_, "type": "aws:cleanrooms/collaboration:Collaboration", "inputs": inputs, "outputs": outputs, **overrides}


ENCRYPTION = {"allow_clear_text": True, "allow_duplicates": True, "allow_joins_on_columns_with_different_names": True, "preserve_nulls": False}


@pytest.fixture
def taken(stack: Deployment, aws: Aws) -> str:
    """The id of a collaboration in a stack that pulumi-aws deployed, with a name that Pulumi made up."""
    request = service.request(canonical(declaration(name="ads-1a2b3c4", data_encryption_metadata=ENCRYPTION))[0])
    id_ = str(aws.client("us-east-1").create_collaboration(**request)["collaboration"]["id"])
    stack.declare(lambda: None)
    stack.up()
    state = stack.stack.export_stack()
    deployed = dict(state.deployment or {})
    urn = "urn:pulumi:test::tests::pulumi:providers:aws::default_7_51_1"
    provider = {"urn": urn, "custom": True, "id": "5b0f2a1c-0000-4000-8000-000000000000", "type": "pulumi:providers:aws"}
    settings = {"region": "us-east-1", "version": "7.51.1"}
    collaboration = {"urn": "urn:pulumi:test::tests::aws:cleanrooms/collaboration:Collaboration::ads", **as_pulumi_aws_writes_it(id_)}
    parent = deployed["resources"][0]["urn"]
    deployed["resources"] += [
        provider | {"inputs": settings, "outputs": settings},
        collaboration | {"parent": parent, "provider": f"{urn}::{provider['id']}"},
    ]
    stack.stack.import_stack(automation.Deployment(version=state.version, deployment=deployed))
    return id_


def taking_over(**overrides: Any) -> Callable[[], None]:
    """The program that had pulumi-aws, with its import replaced; it names no name."""
    return one(**{"name": LEFT_OUT, "data_encryption_metadata": ENCRYPTION} | overrides)


def test_the_state_of_pulumi_aws_is_taken_over_with_no_write(stack: Deployment, aws: Aws, taken: str) -> None:
    before = written(aws)
    stack.declare(taking_over())

    previewed = stack.preview()
    applied = stack.up()

    assert previewed["ads"].op == "update"
    assert applied.get("update") == 1
    assert written(aws) == before
    assert stack.state()["ads"]["id"] == taken
    assert stack.state()["ads"]["type"] == "pulumi-python:dynamic/cleanrooms:Collaboration"


def test_after_a_takeover_there_is_nothing_to_do_and_refresh_and_destroy_work(stack: Deployment, aws: Aws, taken: str) -> None:
    stack.declare(taking_over())
    stack.up()

    assert stack.preview() == {}
    assert stack.refresh() == {}
    assert stack.preview() == {}
    assert stack.state()["ads"]["outputs"]["memberStatuses"] == {ADS: "INVITED", BROKER: "INVITED"}
    stack.destroy()
    assert taken not in aws.collaborations()


def test_a_change_along_with_a_takeover_is_made(stack: Deployment, aws: Aws, taken: str) -> None:
    stack.declare(taking_over(name="Ads measurement", tags={"team": "other"}))
    stack.up()

    assert aws.collaborations()[taken] == "Ads measurement"
    assert stack.state()["ads"]["outputs"]["tagsAll"] == {"team": "other"}
    assert stack.preview() == {}


@pytest.mark.parametrize(("kept", "overrides"), [("takeover", {}), ("takeover-and-change", {"name": "Ads measurement", "tags": {"team": "other"}})])
@pytest.mark.usefixtures("taken")
def test_the_comment_of_a_takeover_is_the_one_kept(stack: Deployment, kept: str, overrides: dict[str, Any]) -> None:
    stack.declare(taking_over(**overrides))

    now, before = comment_and_kept(stack, kept)

    assert now == before
