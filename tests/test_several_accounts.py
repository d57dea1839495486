"""A program with pulumi-aws's resources of one account and a collaboration of another, under the SDK's mocks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pulumi
import pytest
from declarations import ADS, declaration, member

import cleanrooms_resource as cleanrooms
from cleanrooms_resource.testing import rehearse

if TYPE_CHECKING:
    from aws_account import Aws

CREATOR = "555566667777"


class Partnership(pulumi.ComponentResource):
    """A component that hands its aws provider down to both of its resources."""

    def __init__(self, aws: Any, provider: Any) -> None:
        super().__init__(
            "tests:index:Partnership",
            "partnership",
            opts=pulumi.ResourceOptions(providers=[provider]),
        )
        connection = cleanrooms.ConnectionArgs(
            assume_roles=[
                cleanrooms.ConnectionAssumeRoleArgs(role_arn=f"arn:aws:iam::{CREATOR}:role/ads")
            ]
        )
        members = [member(ADS, member_abilities=["CAN_QUERY"])]
        child = pulumi.ResourceOptions(parent=self)
        self.ads = cleanrooms.Collaboration(
            "ads", child, **declaration(members=members, connection=connection)
        )
        self.membership = aws.cleanrooms.Membership(
            "partner", collaboration_id=self.ads.id, query_log_status="ENABLED", opts=child
        )


def test_a_membership_of_a_second_account_joins_a_collaboration_of_the_first(
    empty_aws: Aws, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "999999999999")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "y")
    aws = pytest.importorskip("pulumi_aws", reason="the extra `aws` is not installed")

    def program() -> None:
        partnership = Partnership(
            aws, aws.Provider("partner", profile="adplatform", region="us-east-1")
        )
        pulumi.export("joined", partnership.membership.collaboration_id)

    rehearsal = rehearse(program, empty_aws.endpoint.settings)

    (collaboration,) = empty_aws.endpoint.collaborations.values()
    assert collaboration.creator == CREATOR
    assert rehearsal.exports["joined"] == rehearsal.collaborations["ads"].id == collaboration.id
