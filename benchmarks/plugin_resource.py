"""A resource of a plug-in, with the outputs of a collaboration. It is the same for both plug-ins, so that only the plug-ins differ."""

from typing import Any

import pulumi

OUTPUTS = (
    "name",
    "arn",
    "description",
    "creatorAccountId",
    "creatorDisplayName",
    "createTime",
    "updateTime",
    "memberStatus",
    "membershipId",
    "membershipArn",
    "dataEncryptionMetadata",
    "queryLogStatus",
    "jobLogStatus",
    "analyticsEngine",
    "autoApprovedChangeTypes",
    "allowedResultRegions",
    "isMetricsEnabled",
    "members",
    "creatorMemberAbilities",
    "creatorMLMemberAbilities",
    "creatorPaymentConfiguration",
    "autoApprovedChangeRequestTypes",
    "tags",
    "tagsAll",
    "memberStatuses",
    "region",
    "openChangeRequests",
)


class PluginResource(pulumi.CustomResource):
    """A resource of either plug-in."""

    def __init__(self, type_: str, resource_name: str, inputs: dict[str, Any]) -> None:
        """Declare the resource."""
        super().__init__(type_, resource_name, {**dict.fromkeys(OUTPUTS), **inputs})
