"""A program that a type checker accepts: every way to write a declaration."""

import pulumi

import cleanrooms_resource as cleanrooms

account = pulumi.Output.from_input("333344445555")

by_keywords = cleanrooms.Collaboration(
    "by-keywords",
    name="Ads measurement",
    creator_display_name="RetailCo",
    creator_member_abilities=["CAN_RECEIVE_RESULTS"],
    query_log_status="ENABLED",
    members=[
        cleanrooms.CollaborationMemberArgs(
            account_id="222233334444",
            display_name="AdPlatform",
            member_abilities=["CAN_QUERY"],
            payment_configuration=cleanrooms.CollaborationPaymentConfigurationArgs(
                query_compute=cleanrooms.CollaborationQueryComputePaymentConfigArgs(
                    is_responsible=True
                ),
                machine_learning={"model_training": {"is_responsible": False}},
            ),
        ),
        {"account_id": account, "display_name": "Broker", "member_abilities": []},
    ],
    data_encryption_metadata=cleanrooms.CollaborationDataEncryptionMetadataArgs(
        allow_cleartext=True,
        allow_duplicates=True,
        allow_joins_on_columns_with_different_names=True,
        preserve_nulls=False,
    ),
    tags={"team": "ads"},
    connection=cleanrooms.ConnectionArgs(
        profile="ads",
        assume_roles=[
            cleanrooms.ConnectionAssumeRoleArgs(
                role_arn=pulumi.Output.format("arn:aws:iam::{0}:role/ads", account)
            )
        ],
    ),
    opts=pulumi.ResourceOptions(protect=True),
)
by_args = cleanrooms.Collaboration(
    "by-args",
    cleanrooms.CollaborationArgs(
        creator_display_name="RetailCo", creator_member_abilities=[], query_log_status="ENABLED"
    ),
    pulumi.ResourceOptions(depends_on=[by_keywords]),
)
by_map = cleanrooms.Collaboration(
    "by-map",
    pulumi.ResourceOptions(),
    creator_display_name="RetailCo",
    creator_member_abilities=[],
    query_log_status="ENABLED",
    members={"222233334444": {"displayName": "AdPlatform", "memberAbilities": []}},
)
arn: pulumi.Output[str] = by_keywords.arn
statuses: pulumi.Output[dict[str, str]] = by_keywords.member_statuses
