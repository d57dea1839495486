"""Whose credentials act: the identity that the stack's settings or a resource's connection name, never both in part, and its credentials.

They come from botocore's own chain, its fetchers of assumed roles, and its credentials that renew themselves.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cleanrooms_resource.aws.clients import make_client
from cleanrooms_resource.aws.profiles import advise_on_mfa, explain_mfa, list_role_profiles
from cleanrooms_resource.declaration.connection_shapes import read_duration
from cleanrooms_resource.declaration.spelling import to_snake_case
from cleanrooms_resource.errors import CredentialsError, SettingsError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cleanrooms_resource.aws.settings import Settings


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
    is_of_command_line: bool = False
    """Whether the arguments of `cleanrooms-resource` name it."""

    def describe(self) -> str:
        """Name the credentials for an error, never with their secret part."""
        source = self._describe_source()
        if not self.roles:
            return source
        return f"the role {self.roles[-1].arn} of {self.spell('assumeRoles')}, assumed by {source}"

    def spell(self, name: str) -> str:
        """Return a part of the identity as the user wrote it, such as ``aws:accessKey``."""
        if self.is_of_command_line:
            return {"assumeRoles": "--role"}.get(name, f"--{name}")
        return f"connection.{to_snake_case(name)}" if self.is_of_connection else f"aws:{name}"

    def _describe_source(self) -> str:
        if self.access_key:
            return f"the access key {self.access_key[:4]}... of {self.spell('accessKey')}"
        if self.web_identity:
            return f"the role {self.web_identity.role.arn} of {self.spell('assumeRoleWithWebIdentity')}"
        return (
            f'the profile "{self.profile}" of {self.spell("profile")}'
            if self.profile
            else "boto3's default credentials"
        )


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
        else WebIdentity(
            _read_role(web_identity),
            web_identity.get("webIdentityToken"),
            web_identity.get("webIdentityTokenFile"),
        ),
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
    return Role(
        form["roleArn"], json.dumps({name: value for name, value in parameters.items() if value})
    )


def make_session(settings: Settings, region: str) -> Any:
    """Return a botocore session that acts as the settings' identity. No role is assumed before the first call.

    Raises:
        SettingsError: the identity cannot act.
        CredentialsError: no credentials are found to assume a role with.

    """
    from botocore.credentials import CredentialResolver
    from botocore.session import get_session

    identity = settings.identity
    session = get_session()
    for variable, value in (
        ("profile", identity.profile),
        ("config_file", identity.config_file),
        ("credentials_file", identity.credentials_file),
    ):
        if value:
            session.set_config_variable(variable, value)
    session.set_config_variable("region", region)
    for name, file in (
        ("sharedConfigFiles", identity.config_file),
        ("sharedCredentialsFiles", identity.credentials_file),
    ):
        # botocore goes on without a file that does not exist, and other credentials would act.
        if file and not Path(file).expanduser().is_file():
            raise SettingsError(
                f"{identity.spell(name)}: the file {file} does not exist.",
                advice="Correct the path.",
            )
    if identity.profile:
        session.get_scoped_config()  # It raises where the profile does not exist.
    credentials = _find_source(session, settings, region)
    for role in identity.roles:
        if credentials is None:
            raise CredentialsError(
                f"assuming the role {role.arn} of {identity.spell('assumeRoles')}: boto3 finds no credentials to assume the role with.",
                advice=(
                    f"Name them with {identity.spell('profile')} or {identity.spell('accessKey')}, or set them in the environment."
                    f"{' The credentials of the stack do not act for a connection that names an identity.' if identity.is_of_connection else ''}"
                ),
            )
        credentials = _assume(_make_sts_creator(session, settings, region), credentials, role)
    session.register_component(
        "credential_provider", CredentialResolver([_KnownCredentials(credentials)])
    )
    return session


class _KnownCredentials:
    """A provider of botocore's chain that has the credentials already."""

    METHOD = CANONICAL_NAME = "cleanrooms-resource"

    def __init__(self, credentials: Any) -> None:
        self.credentials = credentials

    def load(self) -> Any:
        """Return the credentials; None where there are none, which botocore reports at the first call."""
        return self.credentials


def _find_source(session: Any, settings: Settings, region: str) -> Any:
    """Return the credentials that act, or that assume the first role; None where boto3 finds none."""
    from botocore.credentials import Credentials

    identity = settings.identity
    if identity.access_key:
        return Credentials(
            identity.access_key, identity.secret_key, identity.token, method="explicit"
        )
    if identity.web_identity:
        return _assume_with_web_identity(session, settings, region, identity.web_identity)
    chain = session.get_component("credential_provider")
    for method in ("assume-role", "assume-role-with-web-identity"):
        # The roles of a profile and of the environment are assumed at the settings' address of STS, through their proxies.
        # botocore offers no public way; a test against a proxy shows that it works.
        chain.get_provider(method)._client_creator = _make_sts_creator(session, settings, region)  # noqa: SLF001
    credentials = chain.load_credentials()
    _refuse_mfa(session, credentials, identity)
    return credentials


def _assume(create_client: Callable[..., Any], source: Any, role: Role) -> Any:
    from botocore.credentials import AssumeRoleCredentialFetcher, DeferredRefreshableCredentials

    fetcher = AssumeRoleCredentialFetcher(
        create_client, source, role.arn, extra_args=json.loads(role.parameters)
    )
    return DeferredRefreshableCredentials(fetcher.fetch_credentials, "assume-role")


def _assume_with_web_identity(
    session: Any, settings: Settings, region: str, web_identity: WebIdentity
) -> Any:
    from botocore.credentials import (
        AssumeRoleWithWebIdentityCredentialFetcher,
        DeferredRefreshableCredentials,
    )

    fetcher = AssumeRoleWithWebIdentityCredentialFetcher(
        _make_sts_creator(session, settings, region),
        partial(_read_token, web_identity, settings.identity.spell("assumeRoleWithWebIdentity")),
        web_identity.role.arn,
        extra_args=json.loads(web_identity.role.parameters),
    )
    return DeferredRefreshableCredentials(
        fetcher.fetch_credentials, "assume-role-with-web-identity"
    )


def _read_token(web_identity: WebIdentity, setting: str) -> str:
    """Return the token. The file is read again for each renewal, because the platform renews the token in it."""
    if web_identity.token:
        return web_identity.token
    try:
        return Path(str(web_identity.token_file)).expanduser().read_text().strip()
    except (OSError, UnicodeDecodeError) as error:
        raise OSError(
            f"{setting}: the token file {web_identity.token_file} cannot be read ({type(error).__name__})"
        ) from None


def _make_sts_creator(session: Any, settings: Settings, region: str) -> Callable[..., Any]:
    """Return a function that makes STS clients as botocore's fetchers ask for them."""

    def create(service: str, **arguments: Any) -> Any:
        keys = {
            name: arguments[name]
            for name in ("aws_access_key_id", "aws_secret_access_key", "aws_session_token")
            if name in arguments
        }
        return make_client(
            session,
            service,
            settings.sts_region or region,
            settings,
            config=arguments.get("config"),
            **keys,
        )

    return create


def _refuse_mfa(session: Any, credentials: Any, identity: Identity) -> None:
    """Refuse a profile with a role that needs an MFA code: botocore would ask for the code where nobody can type it, and wait for ever."""
    # Keys of the environment act before the profile does, and its role is never assumed.
    if credentials is None or credentials.method != "assume-role":
        return
    profiles = session.full_config.get("profiles", {})
    first = session.get_config_variable("profile") or "default"
    for name in list_role_profiles(first, profiles):
        if "mfa_serial" in profiles.get(name, {}):
            raise SettingsError(explain_mfa(name), advice=advise_on_mfa(identity, first))
