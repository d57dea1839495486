"""Importing this, a process has imported and read what every host of Pulumi does, and pip."""

from __future__ import annotations

import boto3
import pip._internal.cli.main
import pip._internal.commands.list
import pulumi.dynamic.dynamic
from botocore.loaders import JSONFileLoader

import cleanrooms_resource.plugin.server
import cleanrooms_resource.provider
from cleanrooms_resource.declaration.canonical_form import canonicalize

__all__ = ["cleanrooms_resource", "pip", "pulumi"]

_CONTENTS: dict[str, object] = {}
_LOAD_FILE = JSONFileLoader.load_file


def _load_file_once(loader: JSONFileLoader, path: str) -> object:
    if path not in _CONTENTS:
        _CONTENTS[path] = _LOAD_FILE(loader, path)
    return _CONTENTS[path]


JSONFileLoader.load_file = _load_file_once
for service in ("cleanrooms", "sts"):
    boto3.Session("x", "y", region_name="us-east-1").client(service)
canonicalize({})
