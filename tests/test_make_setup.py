"""`make setup` where it cannot work."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FLOOR = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"][
    "requires-python"
].removeprefix(">=")

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="no `make` on PATH")


def test_an_old_python_is_one_sentence_and_leaves_no_environment(tmp_path: Path) -> None:
    for name in ("Makefile", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, tmp_path)
    old = tmp_path / "python3.10"
    old.write_text(
        f'#!/bin/sh\nexec {sys.executable} -c "import sys; sys.version_info = (3, 10, 12)\n$2"\n'
    )
    old.chmod(0o755)

    setup = subprocess.run(
        ["make", "setup", f"PYTHON={old}"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    sentence, makes_own = setup.stderr.splitlines()
    assert (
        sentence
        == f"{old} is Python 3.10, and this project needs Python {FLOOR} or newer. Name another one: make setup PYTHON=python3.12"
    )
    assert re.match(r"make.*: \*\*\* ", makes_own)
    assert not (tmp_path / ".venv").exists()


def test_a_copied_checkout_makes_an_environment_of_its_own(tmp_path: Path) -> None:
    original, copied = tmp_path / "original", tmp_path / "copied"
    (original / ".venv").mkdir(parents=True)
    for name in ("Makefile", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, original)
    (original / ".venv" / ".installed").write_text(f"{original}\n")
    shutil.copytree(original, copied)

    plans = [
        subprocess.run(
            ["make", "--dry-run", "setup"], cwd=folder, capture_output=True, text=True, check=True
        ).stdout
        for folder in (original, copied)
    ]

    assert "venv --clear .venv" not in plans[0]
    assert "venv --clear .venv" in plans[1]
    assert "/pip install" not in plans[1]
