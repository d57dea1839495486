"""The callers of the endpoint: which account an access key acts in, and the roles that were assumed."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from cleanrooms_resource.testing.error_response import ErrorResponse

ACCOUNT = "111122223333"
"""The account of an access key that says nothing else."""

_CREDENTIAL_SCOPE = re.compile(r"Credential=([^/]+)/[^/]+/([^/]+)/([^/]+)/")


@dataclass(frozen=True, slots=True)
class Caller:
    """Whose request it is: the access key, its account, and the role and session name if the key came from STS."""

    access_key: str
    account: str
    role: str = ""
    session_name: str = ""


@dataclass(frozen=True, slots=True)
class RecordedRequest:
    """A request that arrived: its caller, the service and region that it is signed for, the host it was sent to, its operation and its path.

    ``token`` is the session token of the credentials. ``parameters`` are those of STS; a request of Clean Rooms has its own in its body.
    """

    caller: Caller
    service: str
    region: str
    host: str
    operation: str
    path: str
    token: str
    parameters: dict[str, str]


@dataclass
class Callers:
    """The access keys that STS gave out."""

    assumed: dict[str, Caller] = field(default_factory=dict)
    refused_roles: set[str] = field(default_factory=set)
    """The ARNs of roles that nobody may assume. Every other role can be assumed, and its keys act in the account of its ARN."""

    def find(self, access_key: str) -> Caller:
        """Return the caller of an access key. A key of 12 digits acts in the account of that ID."""
        if access_key in self.assumed:
            return self.assumed[access_key]
        return Caller(access_key, access_key if re.fullmatch(r"\d{12}", access_key) else ACCOUNT)

    def refuse_role(self, operation: str, role: str) -> None:
        """Refuse a role that nobody may assume."""
        if role in self.refused_roles:
            raise ErrorResponse(
                403,
                "AccessDenied",
                f"User is not authorized to perform: sts:{operation} on resource: {role}",
            )

    def note_answer(self, parameters: dict[str, str], body: str) -> None:
        """Note the access key in an answer of AssumeRole or AssumeRoleWithWebIdentity."""
        key = re.search("<AccessKeyId>(.+?)</AccessKeyId>", body)
        if key is not None:
            role = parameters["RoleArn"]
            self.assumed[key[1]] = Caller(
                key[1], role.split(":")[4], role, parameters.get("RoleSessionName", "")
            )


def parse_credential_scope(environ: dict[str, Any]) -> tuple[str, str, str]:
    """Return the access key, the region and the service that the request is signed for."""
    scope = _CREDENTIAL_SCOPE.search(environ.get("HTTP_AUTHORIZATION", ""))
    return (scope[1], scope[2], scope[3]) if scope else ("", "", "")
