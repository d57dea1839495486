"""The collaborations of this project."""

import pulumi

import cleanrooms_resource as cleanrooms

config = pulumi.Config()

members: list[cleanrooms.CollaborationMemberArgs] = [
    cleanrooms.CollaborationMemberArgs(
        account_id="222233334444",
        display_name="AdPlatform",
        member_abilities=["CAN_QUERY"],
        payment_configuration=cleanrooms.CollaborationPaymentConfigurationArgs(
            query_compute=cleanrooms.CollaborationQueryComputePaymentConfigArgs(is_responsible=True),
        ),
    ),
]
if partner := config.get("partner"):
    members.append(cleanrooms.CollaborationMemberArgs(account_id=partner, display_name="Partner", member_abilities=[]))

ads = cleanrooms.Collaboration(
    "ads",
    name="Ads measurement",
    creator_display_name="RetailCo",
    creator_member_abilities=["CAN_RECEIVE_RESULTS"],
    query_log_status="ENABLED",
    members=members,
    tags={"team": "ads"},
)
pulumi.export("id", ads.id)
pulumi.export("arn", ads.arn)
