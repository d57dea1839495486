"""The Args classes of a connection. Every value may be an Output. docs/credentials.md explains them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi

from cleanrooms_resource.args import Args, ArgsOrDict, args_class
from cleanrooms_resource.declaration.connection_form import SECRET_NAMES
from cleanrooms_resource.declaration.spelling import to_camel_case

Text = pulumi.Input[str] | None
Texts = pulumi.Input[Sequence[pulumi.Input[str]]] | None


@args_class
class ConnectionAssumeRoleArgs(Args):
    """A role to assume, with the parameters of AssumeRole. ``duration`` is a text such as ``1h``."""

    role_arn: pulumi.Input[str] = pulumi.property("roleArn")
    external_id: Text = pulumi.property("externalId", default=None)
    session_name: Text = pulumi.property("sessionName", default=None)
    duration: Text = pulumi.property("duration", default=None)
    policy: Text = pulumi.property("policy", default=None)
    policy_arns: Texts = pulumi.property("policyArns", default=None)
    tags: pulumi.Input[Mapping[str, pulumi.Input[str]]] | None = pulumi.property("tags", default=None)
    transitive_tag_keys: Texts = pulumi.property("transitiveTagKeys", default=None)
    source_identity: Text = pulumi.property("sourceIdentity", default=None)


@args_class
class ConnectionAssumeRoleWithWebIdentityArgs(Args):
    """A role to assume with a token of an OIDC provider: either the token, or the file that holds it."""

    role_arn: pulumi.Input[str] = pulumi.property("roleArn")
    session_name: Text = pulumi.property("sessionName", default=None)
    duration: Text = pulumi.property("duration", default=None)
    policy: Text = pulumi.property("policy", default=None)
    policy_arns: Texts = pulumi.property("policyArns", default=None)
    web_identity_token: Text = pulumi.property("webIdentityToken", default=None)
    web_identity_token_file: Text = pulumi.property("webIdentityTokenFile", default=None)


@args_class
class ConnectionArgs(Args):
    """Whose credentials act for one resource, in which accounts, and at which endpoints.

    The parts that name an identity (``profile``, keys, files, roles, web identity) are one group: naming one of them drops all of the stack's.
    Keys and tokens are always secret, in the state too.
    """

    profile: Text = pulumi.property("profile", default=None)
    access_key: Text = pulumi.property("accessKey", default=None)
    secret_key: Text = pulumi.property("secretKey", default=None)
    token: Text = pulumi.property("token", default=None)
    shared_config_files: Texts = pulumi.property("sharedConfigFiles", default=None)
    shared_credentials_files: Texts = pulumi.property("sharedCredentialsFiles", default=None)
    assume_roles: pulumi.Input[Sequence[ArgsOrDict[ConnectionAssumeRoleArgs]]] | None = pulumi.property("assumeRoles", default=None)
    """The roles to assume, one after another; the last one acts."""
    assume_role_with_web_identity: ArgsOrDict[ConnectionAssumeRoleWithWebIdentityArgs] | None = pulumi.property(
        "assumeRoleWithWebIdentity", default=None
    )
    allowed_account_ids: Texts = pulumi.property("allowedAccountIds", default=None)
    forbidden_account_ids: Texts = pulumi.property("forbiddenAccountIds", default=None)
    """The accounts in which the credentials must not act; the accounts that the stack forbids stay forbidden."""
    endpoints: pulumi.Input[Mapping[str, pulumi.Input[str]]] | None = pulumi.property("endpoints", default=None)
    """The addresses of ``cleanrooms`` and ``sts``. An address that is left out is the stack's."""


def keep_keys_secret(connection: Any) -> Any:
    """Return a connection with its keys and tokens as secret Outputs. A connection that is an Output as a whole is secret as a whole."""
    if isinstance(connection, Mapping):
        return {
            name: pulumi.Output.secret(part) if to_camel_case(str(name)) in SECRET_NAMES else keep_keys_secret(part)
            for name, part in connection.items()
        }
    if isinstance(connection, list):
        return [keep_keys_secret(part) for part in connection]
    return pulumi.Output.secret(connection) if isinstance(connection, pulumi.Output) else connection
