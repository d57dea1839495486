"""Calls of Clean Rooms with a stack's settings, and what arrives of them at the endpoint."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from cleanrooms_resource.aws.answers import explain_failures
from cleanrooms_resource.aws.calls import list_collaborations
from cleanrooms_resource.aws.connection import connect
from cleanrooms_resource.aws.settings import read_settings

if TYPE_CHECKING:
    from aws_account import Aws

    from cleanrooms_resource.testing.callers import RecordedRequest

KEYS = {"aws:accessKey": "222233334444", "aws:secretKey": "y"}
"""Keys that act in the account 222233334444."""


def call(settings: dict[str, Any], region: str | None = None) -> None:
    """List the collaborations with these settings; structured settings are given as values."""
    connection = connect(
        read_settings(
            {
                name: value if isinstance(value, str) else json.dumps(value)
                for name, value in settings.items()
            }
        ),
        region,
    )
    with explain_failures("listing collaborations"):
        list_collaborations(connection)


def arrived(aws: Aws) -> RecordedRequest:
    """The last request of Clean Rooms."""
    return [each for each in aws.endpoint.requests if each.service == "cleanrooms"][-1]
