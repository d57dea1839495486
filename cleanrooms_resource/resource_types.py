"""The types under which states hold a collaboration. A type is part of users' states and never changes."""

from __future__ import annotations

from typing import Final

DYNAMIC_TYPE: Final = "pulumi-python:dynamic/cleanrooms:Collaboration"
"""The type of the dynamic resource, as the engine has it."""

PLUGIN_TYPE: Final = "cleanrooms:index:Collaboration"
"""The type that the plug-in serves."""

PULUMI_AWS_TYPE: Final = "aws:cleanrooms/collaboration:Collaboration"
"""The type of pulumi-aws's resource."""
