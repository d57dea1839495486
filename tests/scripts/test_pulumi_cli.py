"""What `make up` says where there is no engine."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING, Any

import pulumi_cli
import pytest

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def _no_engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("ENGINE", raising=False)
    monkeypatch.setattr(pulumi_cli, "INSTALLATION", tmp_path / ".pulumi")


def fail_with(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    def run(*_: Any, **__: Any) -> None:
        raise error

    monkeypatch.setattr(subprocess, "run", run)


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (
            subprocess.CalledProcessError(1, ["x"], "", "Traceback\nURLError: no route to host.\n"),
            "The installer failed: URLError: no route to host. To install",
        ),
        (subprocess.CalledProcessError(7, ["x"]), "The installer failed: its exit status is 7."),
        (
            subprocess.TimeoutExpired(["x"], 30),
            "The installer failed: it did not end within 30 s; the connection to the internet",
        ),
    ],
    ids=["a message", "no message", "no end"],
)
def test_an_installer_that_fails_gives_its_reason(
    error: Exception,
    reason: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    fail_with(monkeypatch, error)

    assert pulumi_cli.find_pulumi() is None

    assert reason in capsys.readouterr().out


def test_the_download_is_announced_before_it_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fail_with(monkeypatch, KeyboardInterrupt())

    with pytest.raises(KeyboardInterrupt):
        pulumi_cli.find_pulumi()

    text = capsys.readouterr().out
    assert "downloads Pulumi's official installer from https://get.pulumi.com and runs it" in text
    assert f"puts the engine into {tmp_path / '.pulumi'}" in text
    assert "ENGINE=none" in text
