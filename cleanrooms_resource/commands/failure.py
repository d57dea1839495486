"""The failure of a verb: a message on standard error, and an exit status."""

from __future__ import annotations

import sys
from typing import Final

STATUS_OF_WRONG_USAGE: Final = 2
"""The exit status if the usage or the input is wrong."""


def fail(message: str, status: int = STATUS_OF_WRONG_USAGE) -> int:
    """Print the message on standard error; return the exit status."""
    print(f"cleanrooms-resource: {message}", file=sys.stderr)
    return status
