from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from plugin.driver import Plugin, PluginStack, run_plugin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_account import Aws


@pytest.fixture
def plugin(empty_aws: Aws) -> Iterator[Plugin]:
    """A plug-in in this process, over a real channel, configured for the endpoint."""
    empty_aws.endpoint.requests.clear()
    with run_plugin(empty_aws.endpoint.settings) as running:
        yield running


@pytest.fixture
def plugin_stack(plugin: Plugin) -> PluginStack:
    """A stack of one resource of the plug-in."""
    return PluginStack(plugin)
