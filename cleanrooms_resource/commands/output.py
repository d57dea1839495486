"""How a verb fails: one sentence on standard error."""

from __future__ import annotations

import sys
from typing import Final

USAGE: Final = 2
"""The exit status where the usage or the input is wrong."""


def fail(sentence: str) -> int:
    """Print the sentence on standard error; return the exit status."""
    print(f"cleanrooms-resource: {sentence}", file=sys.stderr)
    return USAGE
