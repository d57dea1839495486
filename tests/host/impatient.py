"""Pulumi's host, with our waits and boto3's cut short."""

from __future__ import annotations

import runpy

from botocore.config import Config

from cleanrooms_resource import service

service.THROTTLED_FOR = 2.0
service.SHOWS_WITHIN = 3.0
service.READS_WITHIN = 1.0
service.LOOK_EVERY = 0.2
Config.OPTION_DEFAULTS["read_timeout"] = 1
runpy.run_module("pulumi.dynamic", run_name="__main__")
