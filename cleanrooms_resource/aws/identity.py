"""The identity: whose credentials act. A stack's settings name one, or a resource's connection does, and never both in part."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cleanrooms_resource.declaration.connection_shapes import read_duration
from cleanrooms_resource.declaration.spelling import to_snake_case

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Role:
    """A role to assume. ``parameters`` are the other parameters of the call, as JSON: a text makes the identity hashable."""

    arn: str
    parameters: str = field(default="{}", repr=False)


@dataclass(frozen=True, slots=True)
class WebIdentity:
    """A role to assume with a token of an OIDC provider; either the token, or the file that holds it."""

    role: Role
    token: str | None = field(default=None, repr=False)
    token_file: str | None = None


@dataclass(frozen=True, slots=True)
class Identity:
    """Where credentials come from, and the roles that they assume one after another. Without any part, boto3's own chain decides."""

    profile: str | None = None
    access_key: str | None = field(default=None, repr=False)
    secret_key: str | None = field(default=None, repr=False)
    token: str | None = field(default=None, repr=False)
    config_file: str | None = None
    credentials_file: str | None = None
    roles: tuple[Role, ...] = ()
    web_identity: WebIdentity | None = None
    is_of_connection: bool = False
    """Whether a resource's connection names this identity, and not the stack's settings."""

    def describe(self) -> str:
        """Name the credentials for an error, never with their secret part."""
        source = self._describe_source()
        if not self.roles:
            return source
        return f"the role {self.roles[-1].arn} of {self.spell('assumeRoles')}, assumed by {source}"

    def spell(self, name: str) -> str:
        """Return a part of the identity as the user wrote it: ``aws:accessKey`` or ``connection.access_key``."""
        return f"connection.{to_snake_case(name)}" if self.is_of_connection else f"aws:{name}"

    def _describe_source(self) -> str:
        if self.access_key:
            return f"the access key {self.access_key[:4]}... of {self.spell('accessKey')}"
        if self.web_identity:
            return f"the role {self.web_identity.role.arn} of {self.spell('assumeRoleWithWebIdentity')}"
        return f'the profile "{self.profile}" of {self.spell("profile")}' if self.profile else "boto3's default credentials"


def read_identity(form: Mapping[str, Any], *, is_of_connection: bool = False) -> Identity:
    """Return the identity of a canonical connection, or of the stack's settings in the same form."""
    web_identity = form.get("assumeRoleWithWebIdentity")
    return Identity(
        profile=form.get("profile"),
        access_key=form.get("accessKey"),
        secret_key=form.get("secretKey"),
        token=form.get("token"),
        config_file=next(iter(form.get("sharedConfigFiles", ())), None),
        credentials_file=next(iter(form.get("sharedCredentialsFiles", ())), None),
        roles=tuple(_read_role(role) for role in form.get("assumeRoles", ())),
        web_identity=None
        if web_identity is None
        else WebIdentity(_read_role(web_identity), web_identity.get("webIdentityToken"), web_identity.get("webIdentityTokenFile")),
        is_of_connection=is_of_connection,
    )


def _read_role(form: Mapping[str, Any]) -> Role:
    """Return a role with the parameters of AssumeRole under boto3's names."""
    duration = form.get("duration")
    parameters = {
        "ExternalId": form.get("externalId"),
        "RoleSessionName": form.get("sessionName"),
        "DurationSeconds": None if duration is None else read_duration(duration),
        "Policy": form.get("policy"),
        "PolicyArns": [{"arn": arn} for arn in form.get("policyArns", ())],
        "Tags": [{"Key": key, "Value": value} for key, value in form.get("tags", {}).items()],
        "TransitiveTagKeys": form.get("transitiveTagKeys"),
        "SourceIdentity": form.get("sourceIdentity"),
    }
    return Role(form["roleArn"], json.dumps({name: value for name, value in parameters.items() if value}))
