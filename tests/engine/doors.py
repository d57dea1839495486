"""The two doors: one program declares its collaborations through either, and a test says through which.

The plug-in's resource stands for what Pulumi generates from the schema. It sends what a program of that SDK would send.
"""

from __future__ import annotations

import copy
import sys
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pulumi
import pytest

import cleanrooms_resource
from cleanrooms_resource.args import to_plain_values
from cleanrooms_resource.changes.takeover import DYNAMIC_TYPE, PLUGIN_TYPE, PULUMI_AWS_TYPE
from cleanrooms_resource.declaration.spelling import path_to_camel_case, to_camel_case
from cleanrooms_resource.outputs import list_outputs
from cleanrooms_resource.pulumi_sdk import find_output
from cleanrooms_resource.table import TABLE

PLUGIN = "pulumi-resource-cleanrooms"
"""The plug-in's executable."""


class Door(StrEnum):
    """A way into the lifecycle."""

    DYNAMIC = "dynamic"
    PLUGIN = "plug-in"

    def get_type(self) -> str:
        """Return the type of a collaboration in a state."""
        return {Door.DYNAMIC: DYNAMIC_TYPE, Door.PLUGIN: PLUGIN_TYPE}[self]

    def name_setting(self, name: str) -> str:
        """Return the name of a setting in the stack's configuration."""
        return {Door.DYNAMIC: "aws:", Door.PLUGIN: "cleanrooms:"}[self] + name

    def configure(self, settings: Mapping[str, str]) -> dict[str, str]:
        """Return the endpoint's settings under this door's names."""
        return {
            self.name_setting(name.removeprefix("aws:")): value for name, value in settings.items()
        }


PLUGIN_DOOR = pytest.mark.parametrize("door", [Door.PLUGIN], indirect=True)
"""The tests of a module run through the plug-in."""


class PluginCollaboration(pulumi.CustomResource):
    """A collaboration of the plug-in, declared with the arguments of the dynamic resource."""

    def __init__(
        self,
        resource_name: str,
        args: Any = None,
        opts: pulumi.ResourceOptions | None = None,
        **keywords: Any,
    ) -> None:
        properties = _respell({**(to_plain_values(args) or {}), **to_plain_values(keywords)})
        super().__init__(
            PLUGIN_TYPE,
            resource_name,
            {**dict.fromkeys(_OUTPUTS), **_key_members(properties)},
            _respell_options(opts),
        )

    @classmethod
    def get(
        cls,
        resource_name: str,
        id: pulumi.Input[str],  # noqa: A002
        opts: pulumi.ResourceOptions | None = None,
        region: Any = None,
    ) -> PluginCollaboration:
        collaboration = cls.__new__(cls)
        opts = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(id=id))
        pulumi.CustomResource.__init__(
            collaboration,
            PLUGIN_TYPE,
            resource_name,
            {**dict.fromkeys(_OUTPUTS), "region": region},
            opts,
        )
        return collaboration

    def __getattr__(self, name: str) -> Any:
        try:
            return find_output(self, to_camel_case(name))
        except KeyError:
            raise AttributeError(name) from None


class _Cleanrooms:
    """The module that a program imports."""

    door = Door.DYNAMIC

    @property
    def Collaboration(self) -> Any:  # noqa: N802 - as a program writes it
        return (
            PluginCollaboration if self.door is Door.PLUGIN else cleanrooms_resource.Collaboration
        )


cleanrooms = _Cleanrooms()


@cache
def make_plugin_folder() -> str:
    """Make a folder with the plug-in's executable, run by this Python."""
    folder = Path(mkdtemp(prefix="plug-in-"))
    executable = folder / PLUGIN
    executable.write_text(
        f'#!/bin/sh\nexec "{sys.executable}" -m cleanrooms_resource.plugin "$@"\n'
    )
    executable.chmod(0o755)
    return str(folder)


_OUTPUTS = list_outputs(cleanrooms_resource.Collaboration).values()


def _respell(value: Any) -> Any:
    if isinstance(value, list):
        return [_respell(part) for part in value]
    if not isinstance(value, Mapping):
        return value
    return {
        to_camel_case(name): part
        if (row := TABLE.get(to_camel_case(name))) and row.keys_are_data and name != "members"
        else _respell_members(name, part)
        for name, part in value.items()
        if part is not None
    }


def _respell_members(name: str, part: Any) -> Any:
    if name != "members" or not isinstance(part, Mapping):
        return _respell(part)
    return {account: _respell(member) for account, member in part.items()}


def _key_members(properties: dict[str, Any]) -> dict[str, Any]:
    """Return the properties with a list of members as the map that a program writes here, or as ``memberList`` where an account is not known."""
    members = properties.get("members")
    if not isinstance(members, list):
        return properties
    if not all(
        isinstance(member, dict) and isinstance(member.get("accountId"), str) for member in members
    ):
        return {name: value for name, value in properties.items() if name != "members"} | {
            "memberList": members
        }
    by_account = {
        member["accountId"]: {
            name: value for name, value in member.items() if name not in ("accountId", "status")
        }
        for member in members
    }
    return properties | {"members": by_account}


def _respell_options(opts: pulumi.ResourceOptions | None) -> pulumi.ResourceOptions:
    opts = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions())
    for option in ("ignore_changes", "replace_on_changes", "additional_secret_outputs"):
        if getattr(opts, option):
            setattr(opts, option, [path_to_camel_case(path) for path in getattr(opts, option)])
    own = [
        alias
        for alias in opts.aliases or ()
        if isinstance(alias, pulumi.Alias) and not isinstance(alias.type_, str)
    ]
    others = [
        _retype(alias, type_)
        for type_ in (PULUMI_AWS_TYPE, DYNAMIC_TYPE)
        for alias in (*own, pulumi.Alias())
    ]
    opts.aliases = [*(opts.aliases or ()), *others]
    return opts


def _retype(alias: pulumi.Alias, type_: str) -> pulumi.Alias:
    alias = copy.copy(alias)
    alias.type_ = type_
    return alias
