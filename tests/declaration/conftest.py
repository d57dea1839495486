from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module", autouse=True)
def _in_a_region() -> Iterator[None]:
    """Check refuses a creation without a region; these tests are about the declaration."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setenv("AWS_REGION", "us-east-1")
        yield
