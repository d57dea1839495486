"""The floor: a dynamic resource with the inputs and the outputs of a collaboration, whose provider does nothing.

The outputs are declared as Pulumi documents it: an annotation of the class, and a property that is None.
"""

from typing import Any
from uuid import uuid4

import pulumi
from pulumi.dynamic import (
    CheckResult,
    CreateResult,
    DiffResult,
    ReadResult,
    Resource,
    ResourceProvider,
    UpdateResult,
)

from benchmarks.declarations import make_outputs


class FloorProvider(ResourceProvider):
    """Every method hands back what it is given, in the shapes of a collaboration."""

    # As the provider of the collaboration: a provider that is kept secret costs the engine more.
    serialize_as_secret_always = False

    def check(self, _olds: dict[str, Any], news: dict[str, Any]) -> CheckResult:
        """Return the inputs."""
        return CheckResult(news, [])

    def diff(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> DiffResult:
        """Leave the comparison to the engine."""
        return DiffResult()

    def create(self, props: dict[str, Any]) -> CreateResult:
        """Return a new id, and the outputs."""
        return CreateResult(str(uuid4()), make_outputs(props))

    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        """Return the outputs of the state."""
        return ReadResult(id_, props)

    def update(self, _id: str, _olds: dict[str, Any], news: dict[str, Any]) -> UpdateResult:
        """Return the outputs."""
        return UpdateResult(make_outputs(news))

    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        """Do nothing."""


class Floor(Resource, module="benchmarks", name="Floor"):
    """The outputs of a collaboration; a test compares them with the real ones."""

    name: pulumi.Output[str]
    arn: pulumi.Output[str]
    description: pulumi.Output[str | None]
    creatorAccountId: pulumi.Output[str]
    creatorDisplayName: pulumi.Output[str]
    createTime: pulumi.Output[str]
    updateTime: pulumi.Output[str]
    memberStatus: pulumi.Output[str]
    membershipId: pulumi.Output[str | None]
    membershipArn: pulumi.Output[str | None]
    dataEncryptionMetadata: pulumi.Output[dict[str, bool] | None]
    queryLogStatus: pulumi.Output[str]
    jobLogStatus: pulumi.Output[str | None]
    analyticsEngine: pulumi.Output[str | None]
    autoApprovedChangeTypes: pulumi.Output[list[str] | None]
    allowedResultRegions: pulumi.Output[list[str] | None]
    isMetricsEnabled: pulumi.Output[bool | None]
    members: pulumi.Output[Any]
    creatorMemberAbilities: pulumi.Output[list[str]]
    creatorMLMemberAbilities: pulumi.Output[dict[str, Any] | None]
    creatorPaymentConfiguration: pulumi.Output[dict[str, Any] | None]
    autoApprovedChangeRequestTypes: pulumi.Output[list[str] | None]
    tags: pulumi.Output[dict[str, str] | None]
    tagsAll: pulumi.Output[dict[str, str]]
    memberStatuses: pulumi.Output[dict[str, str]]
    region: pulumi.Output[str]
    openChangeRequests: pulumi.Output[list[dict[str, Any]] | None]

    def __init__(self, resource_name: str, inputs: dict[str, Any]) -> None:
        """Declare the resource."""
        super().__init__(
            FloorProvider(), resource_name, {**dict.fromkeys(Floor.__annotations__), **inputs}
        )
