from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from host.in_this_process import run_in_this_process
from host.whole_stack import WholeStack

if TYPE_CHECKING:
    from aws_account import Aws


@pytest.fixture
def connected_stack(empty_aws: Aws, monkeypatch: pytest.MonkeyPatch) -> WholeStack:
    """A stack of programs with connections, in a new process."""
    monkeypatch.setattr("cleanrooms_resource.aws.connection._CONNECTIONS", {})
    empty_aws.endpoint.requests.clear()
    # The keys of the environment assume the roles of a connection, because a connection drops the stack's own.
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "999999999999")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "y")
    return WholeStack(run_in_this_process, empty_aws.endpoint.settings)
