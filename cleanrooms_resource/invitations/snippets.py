"""Ready to paste: how a member joins with the AWS CLI, CloudFormation, Pulumi and Terraform.

A snippet holds IDs, regions and words of the API, and no name, because names are text from outside.
"""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING, Any, Final

import yaml

from cleanrooms_resource.declaration.spelling import to_snake_case
from cleanrooms_resource.discovery.python_source import Call, render_statement

if TYPE_CHECKING:
    from cleanrooms_resource.invitations.invitation import Invitation

BUCKET: Final = "example-bucket"
ROLE: Final = "example-role"
"""What the member replaces by its own bucket and role."""


def make_snippets(invitation: Invitation) -> dict[str, str | None]:
    """Return the snippets by language; None where the language's provider cannot accept a cost that the member pays."""
    is_limited = set(invitation.payment or ()) > {"queryCompute"}
    return {
        "cli": make_cli(invitation),
        "cloudFormation": make_cloudformation(invitation),
        "pulumi": None if is_limited else make_pulumi(invitation),
        "terraform": None if is_limited else make_terraform(invitation),
    }


def make_parameters(invitation: Invitation) -> dict[str, Any]:
    parameters: dict[str, Any] = {
        "collaborationIdentifier": invitation.id,
        "queryLogStatus": invitation.query_log_status,
    }
    if invitation.needs_result_place:
        role = f"arn:aws:iam::{invitation.account}:role/{ROLE}"
        place = {"s3": {"resultFormat": "CSV", "bucket": BUCKET}}
        parameters["defaultResultConfiguration"] = {"outputConfiguration": place, "roleArn": role}
    if invitation.payment:
        parameters["paymentConfiguration"] = invitation.payment
    return parameters


def make_cli(invitation: Invitation) -> str:
    lines = [f"aws cleanrooms create-membership --region {shlex.quote(invitation.region)}"]
    for name, value in make_parameters(invitation).items():
        option = _spell(name).replace("_", "-")
        lines.append(
            f"    --{option} {shlex.quote(value if isinstance(value, str) else json.dumps(value))}"
        )
    return " \\\n".join(lines) + "\n"


def make_cloudformation(invitation: Invitation) -> str:
    membership = {
        "Type": "AWS::CleanRooms::Membership",
        "Properties": _capitalize(make_parameters(invitation)),
    }
    template = {"AWSTemplateFormatVersion": "2010-09-09", "Resources": {"Membership": membership}}
    return yaml.safe_dump(template, sort_keys=False)


def make_pulumi(invitation: Invitation) -> str:
    arguments = {
        name: value
        for name, value in make_parameters(invitation).items()
        if name != "collaborationIdentifier"
    }
    typed = {
        _spell(name): _make_call(value, f"Membership{name[0].upper()}{name[1:]}")
        for name, value in arguments.items()
    }
    keywords = {"collaboration_id": invitation.id, **typed, "region": invitation.region}
    membership = render_statement(Call("aws.cleanrooms.Membership", ("membership",), keywords))
    return f"import pulumi_aws as aws\n\n{membership}\n"


def make_terraform(invitation: Invitation) -> str:
    arguments = {
        "collaboration_id": invitation.id,
        **_list_arguments(invitation),
        "region": invitation.region,
    }
    return f'resource "aws_cleanrooms_membership" "membership" {{\n{_render_hcl(arguments, 1)}}}\n'


def _list_arguments(invitation: Invitation) -> dict[str, Any]:
    """Return the parameters but the ID, in snake_case."""
    return {
        name: value
        for name, value in _respell(make_parameters(invitation)).items()
        if name != "collaboration_identifier"
    }


def _spell(name: str) -> str:
    return name if name == "s3" else to_snake_case(name)


def _make_call(value: Any, class_name: str) -> Any:
    """Return a map as a call of pulumi-aws's class for it, whose name is the path of the map."""
    if not isinstance(value, dict):
        return value
    parts = {
        _spell(name): _make_call(part, f"{class_name}{name[0].upper()}{name[1:]}")
        for name, part in value.items()
    }
    return Call(f"aws.cleanrooms.{class_name}Args", (), parts)


def _respell(value: Any) -> Any:
    return (
        {_spell(name): _respell(part) for name, part in value.items()}
        if isinstance(value, dict)
        else value
    )


def _capitalize(value: Any) -> Any:
    return (
        {name[0].upper() + name[1:]: _capitalize(part) for name, part in value.items()}
        if isinstance(value, dict)
        else value
    )


def _render_hcl(arguments: dict[str, Any], indent: int) -> str:
    """Return arguments in the form of `terraform fmt`, then nested blocks for maps.

    No text needs an escape of HCL: each is an ID, a region or a word of the API.
    """
    prefix = "  " * indent
    attributes = {name: value for name, value in arguments.items() if not isinstance(value, dict)}
    width = max(map(len, attributes), default=0)
    parts = (
        [
            "".join(
                f"{prefix}{name.ljust(width)} = {json.dumps(value)}\n"
                for name, value in attributes.items()
            )
        ]
        if attributes
        else []
    )
    blocks = {name: value for name, value in arguments.items() if isinstance(value, dict)}
    parts += [
        f"{prefix}{name} {{\n{_render_hcl(block, indent + 1)}{prefix}}}\n"
        for name, block in blocks.items()
    ]
    return "\n".join(parts)
