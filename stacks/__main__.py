"""The collaborations of this project, as code and as data in the stack's YAML."""

import json
from typing import Any

import pulumi

import cleanrooms_resource as cleanrooms

config = pulumi.Config("cleanrooms")

# A collaboration can also stand here as code, where its arguments are typed, and can be outputs of
# other resources: {"ads": cleanrooms.Collaboration("ads", name="Ads measurement", ...)}
collaborations: dict[str, cleanrooms.Collaboration] = {}


def read_map(name: str, content: str) -> dict[str, Any]:
    """Return a setting of the stack, which must be a map; an empty one if the setting is left out."""
    try:
        value = config.get_object(name, default={})
    except pulumi.ConfigTypeError:
        value = config.get(name)
    return require_map(value, f"cleanrooms:{name}", content)


def require_map(value: Any, setting: str, content: str) -> dict[str, Any]:
    """Return the value of a setting, which must be a map. Pulumi prints a RunError without a traceback."""
    if isinstance(value, dict):
        return value
    kind = "is empty" if value in (None, "") else f"is of type {type(value).__name__}"
    raise pulumi.RunError(
        f"{setting} must be a map {content}, and {kind}. Correct it in Pulumi.{pulumi.get_stack()}.yaml."
    )


def keep_secret(name: str, part: Any) -> Any:
    """Return a part of a setting, its strings as secrets if the stack's file has any secret there.

    Pulumi does not say which string is secret. An account ID names a member, so it stays plain.
    """
    is_secret = pulumi.runtime.is_config_secret(f"cleanrooms:{name}")
    return hide(part, ("accountId", "account_id")) if is_secret else part


def hide(part: Any, plain: tuple[str, ...]) -> Any:
    """Return the part with its strings as secrets, but for those under the keys in ``plain``."""
    if isinstance(part, dict):
        return {
            key: value
            if key in plain and isinstance(value, str)
            else hide(value, () if key == "tags" else plain)
            for key, value in part.items()
        }
    if isinstance(part, list):
        return [hide(value, plain) for value in part]
    return pulumi.Output.secret(part) if isinstance(part, str) else part


# As data, `cleanrooms:collaborations` maps the name of a resource to its declaration. A pull request on YAML can then add a member. Beside the
# properties, `import` is the ID of a collaboration to adopt, and with `protect: true`, Pulumi refuses to replace or delete the collaboration.
entries = read_map("collaborations", "of declarations by resource name")
for name, entry in entries.items():
    if name in collaborations:
        raise pulumi.RunError(
            f"cleanrooms:collaborations.{name}: the code of this program already declares {name}. Choose another name."
        )
    if not name:
        raise pulumi.RunError(
            "cleanrooms:collaborations has an entry without a name. Write the name of the resource before the colon."
        )
    declaration = dict(require_map(entry, f"cleanrooms:collaborations.{name}", "of properties"))
    for option in ("import", "protect"):
        if option in declaration and declaration[option] is None:
            raise pulumi.RunError(
                f"cleanrooms:collaborations.{name}.{option} is empty. Write a value, or remove the line."
            )
    options = pulumi.ResourceOptions(
        import_=declaration.pop("import", None), protect=declaration.pop("protect", None)
    )
    collaborations[name] = cleanrooms.Collaboration(
        name, keep_secret("collaborations", declaration), options
    )


def create_membership(name: str, entry: dict[str, Any]) -> None:
    """Join the creator to its own collaboration, with a bucket for the results of other members' queries if the entry has a result format.

    Everything depends on the collaboration's ``id`` alone: the preview of a change in place knows no other output.
    """
    if name not in collaborations:
        others = f"such collaboration, only {', '.join(collaborations)}"
        raise pulumi.RunError(
            f"cleanrooms:memberships.{name}: this program declares no {others if collaborations else 'collaboration'}. Correct the name."
        )
    if (
        not {"queryLogStatus"}
        <= entry.keys()
        <= {"queryLogStatus", "resultFormat", "paymentConfiguration"}
    ):
        requirement = "must have queryLogStatus, and may have resultFormat and paymentConfiguration"
        raise pulumi.RunError(
            f"cleanrooms:memberships.{name} {requirement}; it has {', '.join(entry) or 'nothing'}."
        )
    for key in ("queryLogStatus", "resultFormat"):
        if key in entry and not isinstance(entry[key], str):
            raise pulumi.RunError(
                f"cleanrooms:memberships.{name}.{key} must be a string, and is of type {type(entry[key]).__name__}."
            )
    if "paymentConfiguration" in entry:
        require_map(
            entry["paymentConfiguration"],
            f"cleanrooms:memberships.{name}.paymentConfiguration",
            "such as {queryCompute: {isResponsible: true}}",
        )
    from cleanrooms_resource import Membership  # noqa: PLC0415 - it needs pulumi-aws

    entry = keep_secret("memberships", entry)
    place, policies = (
        create_place_for_results(name, entry["resultFormat"])
        if "resultFormat" in entry
        else (None, [])
    )
    Membership(
        name,
        collaboration_id=collaborations[name].id,
        query_log_status=entry["queryLogStatus"],
        default_result_configuration=place,
        payment_configuration=entry.get("paymentConfiguration"),
        opts=pulumi.ResourceOptions(depends_on=policies),
    )


def create_place_for_results(
    name: str, result_format: pulumi.Input[str]
) -> tuple[Any, list[pulumi.Resource]]:
    """Create a bucket, and the role with which Clean Rooms writes into it; return the place, and the policy that the role needs to work."""
    import pulumi_aws as aws  # noqa: PLC0415 - a stack without memberships needs no pulumi-aws

    bucket = aws.s3.Bucket(f"{name}-results")
    # AWS's example also names the membership's ID, which does not exist before the role. The role can write to this one bucket alone.
    service = {
        "Effect": "Allow",
        "Principal": {"Service": "cleanrooms.amazonaws.com"},
        "Action": "sts:AssumeRole",
    }
    role = aws.iam.Role(
        f"{name}-results",
        assume_role_policy=json.dumps({"Version": "2012-10-17", "Statement": [service]}),
    )
    read_statement = {
        "Effect": "Allow",
        "Action": ["s3:GetBucketLocation", "s3:ListBucket"],
        "Resource": bucket.arn,
    }
    write_statement = {
        "Effect": "Allow",
        "Action": "s3:PutObject",
        "Resource": pulumi.Output.concat(bucket.arn, "/*"),
    }
    document = pulumi.Output.json_dumps(
        {"Version": "2012-10-17", "Statement": [read_statement, write_statement]}
    )
    policy = aws.iam.RolePolicy(f"{name}-results", role=role.name, policy=document)
    place = aws.cleanrooms.MembershipDefaultResultConfigurationArgs(
        role_arn=role.arn,
        output_configuration=aws.cleanrooms.MembershipDefaultResultConfigurationOutputConfigurationArgs(
            s3=aws.cleanrooms.MembershipDefaultResultConfigurationOutputConfigurationS3Args(
                bucket=bucket.bucket, result_format=result_format
            ),
        ),
    )
    return place, [policy]


# The creator's own memberships, by the name of the collaboration. They need pulumi-aws.
for name, entry in read_map("memberships", "of memberships by resource name").items():
    create_membership(
        name,
        require_map(entry, f"cleanrooms:memberships.{name}", "such as {queryLogStatus: ENABLED}"),
    )

# `cleanrooms-resource invitation` reads these from `pulumi stack output --json`.
for name, collaboration in collaborations.items():
    outputs = {
        "id": collaboration.id,
        "arn": collaboration.arn,
        "region": collaboration.region,
        "name": collaboration.name,
        "creatorAccountId": collaboration.creator_account_id,
        "creatorDisplayName": collaboration.creator_display_name,
        "creatorMemberAbilities": collaboration.creator_member_abilities,
        "queryLogStatus": collaboration.query_log_status,
        "members": collaboration.members,
        "memberStatuses": collaboration.member_statuses,
    }
    # Pulumi draws an output that has no value as unknown, in every preview.
    if {"creatorPaymentConfiguration", "creator_payment_configuration"} & entries.get(
        name, {}
    ).keys():
        outputs["creatorPaymentConfiguration"] = collaboration.creator_payment_configuration
    pulumi.export(name, outputs)
