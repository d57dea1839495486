"""Pulumi's host, with our waits and boto3's cut short."""

from __future__ import annotations

import runpy

from botocore.config import Config

from cleanrooms_resource.waiting import WAITING

WAITING.throttled_creation = 2.0
WAITING.until_listed = 3.0
WAITING.until_readable = 1.0
WAITING.between_looks = 0.2
Config.OPTION_DEFAULTS["read_timeout"] = 1
runpy.run_module("pulumi.dynamic", run_name="__main__")
