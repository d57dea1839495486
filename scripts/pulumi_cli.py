"""The engine to use: the `pulumi` on PATH, else the official one in a git-ignored folder of the checkout."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
INSTALLED = ROOT / ".pulumi"
PATIENCE = 30
"""Seconds that the official installer has: where there is no way out it may never answer."""


def find() -> str | None:
    """The path of `pulumi`; None where there is none and none can be installed, or where ENGINE=none asks for none."""
    if os.environ.get("ENGINE") == "none":
        return None
    return shutil.which("pulumi") or shutil.which(str(INSTALLED / "bin" / "pulumi")) or _install()


def _install() -> str | None:
    code = f"from pulumi.automation import PulumiCommand; PulumiCommand.install(root={str(INSTALLED)!r})"
    print("No `pulumi` on PATH: trying the official installer.", flush=True)
    try:
        subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, timeout=PATIENCE)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        shutil.rmtree(INSTALLED, ignore_errors=True)
        return None
    return shutil.which(str(INSTALLED / "bin" / "pulumi"))
