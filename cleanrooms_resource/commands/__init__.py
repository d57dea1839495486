"""The verbs of the command line, and how they write text and failures.

Of a verb, ``add_arguments`` declares the arguments, and ``run`` runs it.
"""

from __future__ import annotations

import os
import sys
from typing import Final

STATUS_OF_FAILURE: Final = 1
STATUS_OF_WRONG_USAGE: Final = 2
"""The exit status if the usage or the input is wrong."""


def fail(message: str, status: int = STATUS_OF_WRONG_USAGE) -> int:
    """Print the message on standard error; return the exit status."""
    print(f"cleanrooms-resource: {message}", file=sys.stderr)
    return status


def write_output(text: str) -> int:
    """Write the text to standard output, as UTF-8 on every machine. Return the exit status."""
    try:
        sys.stdout.buffer.write(text.encode())
        sys.stdout.flush()
    except BrokenPipeError:
        # Python flushes once more at its end, and would complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return STATUS_OF_FAILURE
    except (OSError, AttributeError) as error:
        reason = getattr(error, "strerror", None) or error
        return fail(f"Standard output cannot be written: {reason}.", STATUS_OF_FAILURE)
    return 0
