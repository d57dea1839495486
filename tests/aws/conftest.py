from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from aws_account import Aws


@pytest.fixture
def where(aws: Aws, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The settings that lead to the endpoint, and no identity, in a new process."""
    monkeypatch.setattr("cleanrooms_resource.aws.connection._CONNECTIONS", {})
    aws.endpoint.requests.clear()
    return {
        name: value
        for name, value in aws.endpoint.settings.items()
        if name in ("aws:region", "aws:endpoints")
    }
