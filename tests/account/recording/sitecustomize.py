"""Every Python process with this folder on its PYTHONPATH, Pulumi's host above all, writes the run's record and obeys its guard.

Python itself imports a module of this name at its start. Only the tests of an account put the folder there.
"""

from __future__ import annotations

import os

from account.record import Record
from botocore.handlers import BUILTIN_HANDLERS

Record.from_variables(os.environ).attach(lambda event, handler: BUILTIN_HANDLERS.append((event, handler)))
if "ACCOUNT_IMPATIENT" in os.environ:
    import impatient.sitecustomize  # noqa: F401
