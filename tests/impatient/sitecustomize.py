"""Every Python process with this folder on its PYTHONPATH, Pulumi's host above all, waits seconds where it would wait a minute.

Python itself imports a module of this name at its start. Only tests put the folder there.
"""

from __future__ import annotations

from cleanrooms_resource.aws.waiting import WAITING

WAITING.throttled_creation = 2.0
WAITING.until_listed = 3.0
WAITING.until_readable = 1.0
WAITING.between_looks = 0.2
