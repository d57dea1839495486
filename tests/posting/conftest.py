"""A host of each kind, and the verb in a job of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from posting.stand_ins import ANSWERS, Host, describe_job, serve

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(params=sorted(ANSWERS))
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def host(kind: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Host]:
    """A host, whose job this process is."""
    for name in ("GITHUB_ACTIONS", "GITLAB_CI", "TF_BUILD"):
        monkeypatch.delenv(name, raising=False)
    with serve(kind) as each:
        for name, value in describe_job(kind, each).items():
            monkeypatch.setenv(name, value)
        yield each
