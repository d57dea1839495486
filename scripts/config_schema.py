"""The schema of the provider's configuration: the variables that a stack sets, which are also an explicit provider's inputs, and their types."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cleanrooms_resource.declaration.connection_form import SECRET_NAMES
from cleanrooms_resource.declaration.connection_shapes import (
    ASSUMED_ROLE,
    ENDPOINTS,
    WEB_IDENTITY_ROLE,
)

if TYPE_CHECKING:
    from cleanrooms_resource.declaration.structure import Structure

_STRING: Final = {"type": "string"}
_BOOLEAN: Final = {"type": "boolean"}
_STRINGS: Final = {"type": "array", "items": _STRING}
_STRING_MAP: Final = {"type": "object", "additionalProperties": _STRING}


def _refer(name: str) -> dict[str, Any]:
    return {"$ref": f"#/types/cleanrooms:index:{name}"}


_VARIABLES: Final[dict[str, tuple[dict[str, Any], str]]] = {
    "accessKey": (
        _STRING,
        "The access key that acts, in the place of a profile. `secretKey` stands beside it.",
    ),
    "allowedAccountIds": (
        _STRINGS,
        "The accounts in which the credentials may act. In any other account, nothing is sent to Clean Rooms.",
    ),
    "assumeRoleWithWebIdentity": (
        _refer("AssumeRoleWithWebIdentity"),
        "A role to assume with the token of an OIDC provider, before `assumeRoles`.",
    ),
    "assumeRoles": (
        {"type": "array", "items": _refer("AssumeRole")},
        "The roles to assume, one after another; the last one acts.",
    ),
    "customCaBundle": (_STRING, "The file with the certificates by which servers are trusted."),
    "defaultTags": (
        _refer("DefaultTags"),
        'Tags that every collaboration gets: `{"tags": {"team": "ads"}}`.',
    ),
    "endpoints": (
        {"type": "array", "items": _refer("Endpoints")},
        "The addresses of `cleanrooms` and `sts`.",
    ),
    "forbiddenAccountIds": (_STRINGS, "The accounts in which the credentials must not act."),
    "httpProxy": (_STRING, "The proxy for addresses with http."),
    "httpsProxy": (_STRING, "The proxy for addresses with https."),
    "ignoreTags": (
        _refer("IgnoreTags"),
        'Tags that are left as AWS has them: `{"keys": [...], "keyPrefixes": [...]}`.',
    ),
    "insecure": (_BOOLEAN, "`true` trusts any server."),
    "maxRetries": (
        {"type": "integer"},
        "How often boto3 repeats a call: 9 times, where nothing is set.",
    ),
    "noProxy": (_STRING, "The hosts that are called without a proxy, separated by commas."),
    "profile": (_STRING, "The profile whose credentials act."),
    "region": (
        _STRING,
        "The region of a new collaboration; a collaboration that exists stays in its region.",
    ),
    "retryMode": (
        _STRING,
        "How boto3 repeats calls: `standard`, where nothing is set, or `adaptive`.",
    ),
    "secretKey": (_STRING, "The secret key of `accessKey`."),
    "sharedConfigFiles": (_STRINGS, "The config file with the profiles, as a list with one file."),
    "sharedCredentialsFiles": (
        _STRINGS,
        "The credentials file with the profiles, as a list with one file.",
    ),
    "skipRegionValidation": (
        _BOOLEAN,
        "`true` accepts a region that botocore's endpoint data does not list for Clean Rooms.",
    ),
    "stsRegion": (_STRING, "The region of STS, where it is not `region`."),
    "token": (_STRING, "The session token of `accessKey`."),
    "useDualstackEndpoint": (_BOOLEAN, "`true` calls AWS's dual-stack endpoints."),
    "useFipsEndpoint": (_BOOLEAN, "`true` calls AWS's FIPS endpoints."),
}
_PARTS: Final[dict[str, tuple[dict[str, Any], str]]] = {
    "roleArn": (_STRING, "The ARN of the role."),
    "externalId": (_STRING, "The external id that the role's trust policy asks for."),
    "sessionName": (_STRING, "The name of the session, as CloudTrail shows it."),
    "duration": (
        _STRING,
        "How long the credentials last, from `15m` to `12h`; they are renewed during the run.",
    ),
    "policy": (_STRING, "An IAM policy, as JSON text, that limits what the role allows."),
    "policyArns": (_STRINGS, "The ARNs of IAM policies that limit what the role allows."),
    "tags": (_STRING_MAP, "The tags of the session."),
    "transitiveTagKeys": (_STRINGS, "The keys of the tags that the next role's session has too."),
    "sourceIdentity": (_STRING, "The source identity of the session."),
    "webIdentityToken": (
        _STRING,
        "The token of the OIDC provider. Write it or `webIdentityTokenFile`.",
    ),
    "webIdentityTokenFile": (
        _STRING,
        "The file with the token of the OIDC provider. It is read again for each renewal.",
    ),
    "cleanrooms": (_STRING, "The address of Clean Rooms."),
    "sts": (_STRING, "The address of STS."),
}
"""The parts of the types that are generated from the shapes."""


def build_config_variables() -> dict[str, Any]:
    """Return the variables for ``config.variables``, which are ``provider.inputProperties`` too."""
    return _describe(_VARIABLES)


def build_config_types() -> dict[str, Any]:
    """Return the types that the variables refer to, for the schema's ``types``."""
    return {
        "cleanrooms:index:AssumeRole": _build_type(ASSUMED_ROLE, "A role to assume."),
        "cleanrooms:index:AssumeRoleWithWebIdentity": _build_type(
            WEB_IDENTITY_ROLE, "A role to assume with a token of an OIDC provider."
        ),
        "cleanrooms:index:Endpoints": _build_type(
            ENDPOINTS, "The addresses of the services that the provider calls."
        ),
        "cleanrooms:index:DefaultTags": {
            "type": "object",
            "description": "The tags that every collaboration gets.",
            "properties": {
                "tags": {
                    **_STRING_MAP,
                    "description": "Keys to values. A collaboration's own tag of the same key stands before it.",
                }
            },
        },
        "cleanrooms:index:IgnoreTags": {
            "type": "object",
            "description": "The tags that are left as AWS has them.",
            "properties": {
                "keys": {**_STRINGS, "description": "The keys of these tags."},
                "keyPrefixes": {
                    **_STRINGS,
                    "description": "The beginnings of the keys of these tags.",
                },
            },
        },
    }


def _build_type(structure: Structure, description: str) -> dict[str, Any]:
    required = sorted(name for name, part in structure.parts.items() if part.is_required)
    properties = _describe({name: _PARTS[name] for name in structure.parts})
    return {"type": "object", "description": description, "properties": properties} | (
        {"required": required} if required else {}
    )


def _describe(rows: dict[str, tuple[dict[str, Any], str]]) -> dict[str, Any]:
    return {
        name: {**shape, "description": description}
        | ({"secret": True} if name in SECRET_NAMES else {})
        for name, (shape, description) in rows.items()
    }
