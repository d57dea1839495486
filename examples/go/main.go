// An AWS Clean Rooms collaboration, through the plug-in.
package main

import (
	"example.com/pulumi-cleanrooms/sdk/go/cleanrooms"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		ads, err := cleanrooms.NewCollaboration(ctx, "ads", &cleanrooms.CollaborationArgs{
			Name:                   pulumi.String("Ads measurement"),
			Description:            pulumi.String("Reach of the autumn campaign"),
			CreatorDisplayName:     pulumi.String("RetailCo"),
			CreatorMemberAbilities: pulumi.StringArray{cleanrooms.MemberAbilityCanReceiveResults},
			QueryLogStatus:         cleanrooms.QueryLogStatusEnabled,
			Members: cleanrooms.MemberMap{
				"222233334444": cleanrooms.MemberArgs{
					DisplayName:     pulumi.String("AdPlatform"),
					MemberAbilities: pulumi.StringArray{cleanrooms.MemberAbilityCanQuery},
				},
				"333344445555": cleanrooms.MemberArgs{
					DisplayName:     pulumi.String("Broker"),
					MemberAbilities: pulumi.StringArray{},
				},
			},
			Tags: pulumi.StringMap{"team": pulumi.String("ads")},
		})
		if err != nil {
			return err
		}
		ctx.Export("id", ads.ID())
		return nil
	})
}
