"""The standard output of the verbs that write text."""

from __future__ import annotations

import os
import sys

from cleanrooms_resource.commands.failure import fail

STATUS_OF_FAILURE = 1


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
        return fail(f"Standard output cannot be written: {getattr(error, 'strerror', None) or error}.", STATUS_OF_FAILURE)
    return 0
