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
    print(
        "`pulumi` is not on PATH. This command downloads Pulumi's official installer from "
        f"https://get.pulumi.com and runs it. It puts the engine into {INSTALLATION}, and changes "
        "nothing else. To go without the engine, add ENGINE=none.",
        flush=True,
    )
    try:
        subprocess.run(
            [sys.executable, "-c", code],
            check=True,
            capture_output=True,
            timeout=TIMEOUT,
            text=True,
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        shutil.rmtree(INSTALLATION, ignore_errors=True)
        print(f"The installer failed: {_explain(error)}. {_ADVICE}", flush=True)
        return None
    return shutil.which(str(INSTALLATION / "bin" / "pulumi"))


_ADVICE = "To install the engine yourself, see https://www.pulumi.com/docs/install/."


def _explain(error: subprocess.CalledProcessError | subprocess.TimeoutExpired) -> str:
    """Return the last line of the installer, which is the reason."""
    if isinstance(error, subprocess.TimeoutExpired):
        return f"it did not end within {TIMEOUT} s; the connection to the internet may be missing"
    lines = (error.stderr or error.stdout or "").strip().splitlines()
    return lines[-1].strip().rstrip(".") if lines else f"its exit status is {error.returncode}"
