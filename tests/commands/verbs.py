"""The verbs of the command line, run in this process at the endpoint."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cleanrooms_resource.__main__ import main

if TYPE_CHECKING:
    import pytest

    from cleanrooms_resource.testing import Endpoint


def discover(running: Endpoint, *arguments: str) -> int:
    return main(["discover", "--endpoint-url", running.address, *arguments])


def read_failure(capsys: pytest.CaptureFixture[str], *, has_output: bool = False) -> str:
    """Return the only line on standard error."""
    captured = capsys.readouterr()
    assert has_output or captured.out == ""
    assert captured.err.startswith("cleanrooms-resource: ")
    assert captured.err.count("\n") == 1, captured.err
    return captured.err
