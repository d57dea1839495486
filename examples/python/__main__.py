"""An AWS Clean Rooms collaboration, through the plug-in."""

import pulumi
import pulumi_cleanrooms as cleanrooms

ads = cleanrooms.Collaboration(
    "ads",
    name="Ads measurement",
    description="Reach of the autumn campaign",
    creator_display_name="RetailCo",
    creator_member_abilities=[cleanrooms.MemberAbility.CAN_RECEIVE_RESULTS],
    query_log_status=cleanrooms.QueryLogStatus.ENABLED,
    members={
        "222233334444": cleanrooms.MemberArgs(
            display_name="AdPlatform",
            member_abilities=[cleanrooms.MemberAbility.CAN_QUERY],
        ),
        "333344445555": cleanrooms.MemberArgs(
            display_name="Broker",
            member_abilities=[],
        ),
    },
    tags={"team": "ads"},
)
pulumi.export("id", ads.id)
