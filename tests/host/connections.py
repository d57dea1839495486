"""Programs with a connection, and the operations that arrive of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from declarations import declaration

if TYPE_CHECKING:
    from aws_account import Aws

CREATOR, OTHER = "555566667777", "666677778888"
ROLE, OTHER_ROLE = f"arn:aws:iam::{CREATOR}:role/ads", f"arn:aws:iam::{OTHER}:role/ads"
KEYS = {"access_key": CREATOR, "secret_key": "s3cr3t"}
BY_ROLE = {"assume_roles": [{"role_arn": ROLE}]}


def program(connection: dict[str, Any] | None, **overrides: Any) -> dict[str, dict[str, Any]]:
    return {
        "ads": declaration(**overrides) | ({} if connection is None else {"connection": connection})
    }


def operations(aws: Aws, service: str = "cleanrooms") -> list[tuple[str, str]]:
    """The operations that arrived, each with the account that acted; then forget them."""
    seen = [
        (each.operation, each.caller.account)
        for each in aws.endpoint.requests
        if each.service == service
    ]
    aws.endpoint.requests.clear()
    return seen
