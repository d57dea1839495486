"""Every Python process with this folder on its PYTHONPATH, Pulumi's host above all, writes the run's record and obeys its guard.

Python itself imports a module of this name at its start. Only the tests of an account put the folder there.
"""

from __future__ import annotations

import os

try:
    from account.record import Record
    from botocore.handlers import BUILTIN_HANDLERS

    from cleanrooms_resource.aws.waiting import WAITING

    Record.from_variables(os.environ).attach(
        lambda event, handler: BUILTIN_HANDLERS.append((event, handler))
    )
except Exception as error:
    # Python would go on without the guard.
    raise SystemExit(f"The record of the run cannot be attached to boto3: {error!r}") from error
if "ACCOUNT_IMPATIENT" in os.environ:
    # Unlike `tests/impatient`, this keeps boto3's own time-out: an answer that is given up is missing in the record.
    WAITING.until_listed, WAITING.until_readable, WAITING.between_looks = 3.0, 1.0, 0.2
