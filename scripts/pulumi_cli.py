"""The engine: the `pulumi` on PATH, or else one that the official installer puts into .pulumi/, which git ignores."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
INSTALLATION = ROOT / ".pulumi"
TIMEOUT = 30
"""The seconds that the official installer gets. Without a connection to the internet it may never return."""


def find_pulumi() -> str | None:
    """Return the path of `pulumi`, or None if there is none and the installer fails, or if ENGINE=none is set."""
    if os.environ.get("ENGINE") == "none":
        return None
    return (
        shutil.which("pulumi") or shutil.which(str(INSTALLATION / "bin" / "pulumi")) or _install()
    )


def _install() -> str | None:
    code = f"from pulumi.automation import PulumiCommand; PulumiCommand.install(root={str(INSTALLATION)!r})"
    print("`pulumi` is not on PATH. Running the official installer.", flush=True)
    try:
        subprocess.run(
            [sys.executable, "-c", code], check=True, capture_output=True, timeout=TIMEOUT
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        shutil.rmtree(INSTALLATION, ignore_errors=True)
        return None
    return shutil.which(str(INSTALLATION / "bin" / "pulumi"))
