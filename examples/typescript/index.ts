// An AWS Clean Rooms collaboration, through the plug-in.
import * as cleanrooms from "@pulumi/cleanrooms";

const ads = new cleanrooms.Collaboration("ads", {
    name: "Ads measurement",
    description: "Reach of the autumn campaign",
    creatorDisplayName: "RetailCo",
    creatorMemberAbilities: [cleanrooms.MemberAbility.CanReceiveResults],
    queryLogStatus: cleanrooms.QueryLogStatus.Enabled,
    members: {
        "222233334444": {
            displayName: "AdPlatform",
            memberAbilities: [cleanrooms.MemberAbility.CanQuery],
        },
        "333344445555": {
            displayName: "Broker",
            memberAbilities: [],
        },
    },
    tags: { team: "ads" },
});

export const id = ads.id;
