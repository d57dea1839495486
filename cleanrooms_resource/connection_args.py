"""The Args classes of a connection. Every value may be an Output. docs/credentials.md explains them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pulumi

from cleanrooms_resource.args import Args, ArgsOrDict, args_class
from cleanrooms_resource.declaration.connection_form import SECRET_NAMES
from cleanrooms_resource.declaration.spelling import to_camel_case

if TYPE_CHECKING:
    from cleanrooms_resource.args_dicts import (
        ConnectionAssumeRoleArgsDict,
        ConnectionAssumeRoleWithWebIdentityArgsDict,
    )
else:
    # Type checkers alone need these types. The SDK evaluates the annotations of an Args class that is inside an Output.
    ConnectionAssumeRoleArgsDict = Mapping[str, Any]
    ConnectionAssumeRoleWithWebIdentityArgsDict = Mapping[str, Any]

Text = pulumi.Input[str] | None
Texts = pulumi.Input[Sequence[pulumi.Input[str]]] | None


@args_class
class ConnectionAssumeRoleArgs(Args):
    """A role to assume, with the parameters of AssumeRole. ``duration`` is a text such as ``1h``."""

    role_arn: pulumi.Input[str] = pulumi.property("roleArn")
    """The ARN of the role, such as ``arn:aws:iam::111122223333:role/pulumi``."""
    external_id: Text = pulumi.property("externalId", default=None)
    """The external ID that the role's trust policy asks for."""
    session_name: Text = pulumi.property("sessionName", default=None)
    """The name of the session, which CloudTrail shows."""
    duration: Text = pulumi.property("duration", default=None)
    """The time until the credentials expire: a text such as ``1h``, from 15 minutes to 12 hours."""
    policy: Text = pulumi.property("policy", default=None)
    """An IAM policy, as JSON text, that narrows the permissions of the role."""
    policy_arns: Texts = pulumi.property("policyArns", default=None)
    """The ARNs of IAM policies that narrow the permissions of the role."""
    tags: pulumi.Input[Mapping[str, pulumi.Input[str]]] | None = pulumi.property(
        "tags", default=None
    )
    """The tags of the session."""
    transitive_tag_keys: Texts = pulumi.property("transitiveTagKeys", default=None)
    """The keys of those tags that the roles after this one inherit."""
    source_identity: Text = pulumi.property("sourceIdentity", default=None)
    """The source identity of the session, which CloudTrail shows for every role after this one."""


@args_class
class ConnectionAssumeRoleWithWebIdentityArgs(Args):
    """A role to assume with a token of an OIDC provider: either the token, or the file that holds it."""

    role_arn: pulumi.Input[str] = pulumi.property("roleArn")
    """The ARN of the role, such as ``arn:aws:iam::111122223333:role/pulumi``."""
    session_name: Text = pulumi.property("sessionName", default=None)
    """The name of the session, which CloudTrail shows."""
    duration: Text = pulumi.property("duration", default=None)
    """The time until the credentials expire: a text such as ``1h``, from 15 minutes to 12 hours."""
    policy: Text = pulumi.property("policy", default=None)
    """An IAM policy, as JSON text, that narrows the permissions of the role."""
    policy_arns: Texts = pulumi.property("policyArns", default=None)
    """The ARNs of IAM policies that narrow the permissions of the role."""
    web_identity_token: Text = pulumi.property("webIdentityToken", default=None)
    """The token of the OIDC provider. The state keeps it as a secret."""
    web_identity_token_file: Text = pulumi.property("webIdentityTokenFile", default=None)
    """The file that holds the token. It is read again for each renewal."""


@args_class
class ConnectionArgs(Args):
    """Whose credentials act for one resource, in which accounts, and at which endpoints.

    The parts that name an identity (``profile``, keys, files, roles, web identity) are one group: naming one of them drops all of the stack's.
    Keys and tokens are always secret, in the state too.
    """

    profile: Text = pulumi.property("profile", default=None)
    """The profile whose credentials act, or assume the first role."""
    access_key: Text = pulumi.property("accessKey", default=None)
    """The access key ID, in the place of a profile. The state keeps it as a secret."""
    secret_key: Text = pulumi.property("secretKey", default=None)
    """The secret access key. The state keeps it as a secret."""
    token: Text = pulumi.property("token", default=None)
    """The session token of temporary keys. The state keeps it as a secret."""
    shared_config_files: Texts = pulumi.property("sharedConfigFiles", default=None)
    """The configuration file that has the profile, as a list of one file."""
    shared_credentials_files: Texts = pulumi.property("sharedCredentialsFiles", default=None)
    """The credentials file that has the profile, as a list of one file."""
    assume_roles: (
        pulumi.Input[Sequence[ArgsOrDict[ConnectionAssumeRoleArgs, ConnectionAssumeRoleArgsDict]]]
        | None
    ) = pulumi.property("assumeRoles", default=None)
    """The roles to assume, one after another; the last one acts."""
    assume_role_with_web_identity: (
        ArgsOrDict[
            ConnectionAssumeRoleWithWebIdentityArgs, ConnectionAssumeRoleWithWebIdentityArgsDict
        ]
        | None
    ) = pulumi.property("assumeRoleWithWebIdentity", default=None)
    """The role to assume with a token of an OIDC provider."""
    allowed_account_ids: Texts = pulumi.property("allowedAccountIds", default=None)
    """The accounts in which the credentials may act."""
    forbidden_account_ids: Texts = pulumi.property("forbiddenAccountIds", default=None)
    """The accounts in which the credentials must not act; the accounts that the stack forbids stay forbidden."""
    endpoints: pulumi.Input[Mapping[str, pulumi.Input[str]]] | None = pulumi.property(
        "endpoints", default=None
    )
    """The addresses of ``cleanrooms`` and ``sts``. An address that is left out is the stack's."""


def keep_keys_secret(connection: Any) -> Any:
    """Return a connection with its keys and tokens as secret Outputs. A connection that is an Output as a whole is secret as a whole."""
    if isinstance(connection, Mapping):
        return {
            name: pulumi.Output.secret(part)
            if to_camel_case(str(name)) in SECRET_NAMES
            else keep_keys_secret(part)
            for name, part in connection.items()
        }
    if isinstance(connection, list):
        return [keep_keys_secret(part) for part in connection]
    return pulumi.Output.secret(connection) if isinstance(connection, pulumi.Output) else connection
