"""The collaborations of this project, as code and as data in the stack's YAML."""

import pulumi

import cleanrooms_resource as cleanrooms

config = pulumi.Config()

collaborations = {
    # As code, the arguments are typed, and can be outputs of other resources.
    "ads": cleanrooms.Collaboration(
        "ads",
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
                    query_compute=cleanrooms.CollaborationQueryComputePaymentConfigArgs(is_responsible=True),
                ),
            ),
        ],
        tags={"team": "ads"},
    )
}
# As data, `cleanrooms:collaborations` maps the name of a resource to its declaration. A pull request on YAML can then add a member. Beside the
# properties, `import` is the ID of a collaboration to adopt, and `protect: true` has Pulumi refuse to delete the collaboration.
for name, entry in (config.get_object("collaborations") or {}).items():
    declaration = {key: value for key, value in entry.items() if key not in ("import", "protect")}
    options = pulumi.ResourceOptions(import_=entry.get("import"), protect=entry.get("protect"))
    collaborations[name] = cleanrooms.Collaboration(name, declaration, options)

# `cleanrooms-resource invitation` reads these from `pulumi stack output --json`.
for name, collaboration in collaborations.items():
    pulumi.export(
        name,
        {
            "id": collaboration.id,
            "arn": collaboration.arn,
            "region": collaboration.region,
            "name": collaboration.name,
            "creatorAccountId": collaboration.creator_account_id,
            "creatorDisplayName": collaboration.creator_display_name,
            "creatorMemberAbilities": collaboration.creator_member_abilities,
            "creatorPaymentConfiguration": collaboration.creator_payment_configuration,
            "queryLogStatus": collaboration.query_log_status,
            "members": collaboration.members,
            "memberStatuses": collaboration.member_statuses,
        },
    )
