"""The hidden keys: inputs and outputs whose names begin with ``__``.

Pulumi draws no hidden output. It draws a hidden input only where the input changes together with a property.

The names are part of users' states and never change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

DECLARED_NAMES: Final = "__declared"
"""The output that lists the names of the declared properties; Read and Diff get old outputs, never old inputs."""

IGNORED_PATHS: Final = "__ignoreChanges"
"""The input of version 0.1.0 that lists the paths of ``ignore_changes``. Check keeps it in old states, because its loss would look like a change."""

RESOURCE_NAME: Final = "__name"
"""The input that holds the resource's name where the program gives the collaboration none."""

IMPORTED: Final = "__imported"
"""The input by which a plug-in's state says that `pulumi import` wrote it. The next `pulumi up` with the program drops it.

What an import writes into the state, no program has declared yet.
"""

IMPORT_ID: Final = "__import"
"""The input that holds the id of ``import_``."""

PLAIN_NAMES: Final = "__plain"
"""The input and output that lists the properties which are not secret, as a text: errors may quote their values. Check does not keep the input."""

HOLDER: Final = "__holder"
"""The input and output that names the resource: its type, its name and its parent's URN in the program that was checked last."""

TOKEN: Final = "__token"  # noqa: S105 - no password
"""The output that only this resource has of all that ever held a collaboration: a random text from its creation or adoption."""

VARIABLES: Final = "__variables"
"""The input that holds environment variables which only the program's process sees. Check reads it and does not store it."""

IGNORED_MEMBERS: Final = "__ignoredMembers"
"""The input that lists the declared members which ``ignore_changes`` names one by one. Check reads it and does not store it."""

IGNORED_NAMES: Final = "__ignored"
"""The input that lists the properties which ``ignore_changes`` names, in whole or in part. Check reads it and does not store it."""

LIVE_PROPERTIES: Final = "__live"
"""The output that holds every property of the table as AWS has it, declared or not, as JSON text in the engine's secret form.

Pulumi's SDK and the engine handle a text once, and a map part by part.
"""

READ_AT: Final = "__readAt"
"""The output that holds the time at which ``LIVE_PROPERTIES`` was read, as ISO 8601 in UTC. The time is never secret."""

APPLIED_AT: Final = "__appliedAt"
"""The output that holds the time at which an `up` last wrote the state, as ISO 8601 in UTC. A refresh keeps the time."""

CONNECTION: Final = "__connection"
"""The output that holds the connection in canonical form; Read and Delete get old outputs. The value is always in the engine's secret form."""

DEFAULT_TAGS: Final = "__defaultTags"
"""The output that holds the default tags of the last `pulumi up`. The value is always in the engine's secret form."""

DROPPED_MEMBERS: Final = "__dropped"
"""The output that lists the members who had left, or were removed, when an `up` dropped them."""

DECLARED_OPTIONS: Final = "__options"
"""The output that holds the declared options, ``changeRequests`` and ``removeMembers``; Read gets old outputs, never old inputs."""

PROVIDER: Final = "__provider"
"""The input and output of Pulumi's own that holds the pickled provider of a dynamic resource. No other resource has it."""


def without_hidden_keys(properties: Mapping[str, Any]) -> dict[str, Any]:
    """Return the properties without the hidden ones, Pulumi's own (``__provider``) included."""
    return {name: value for name, value in properties.items() if not str(name).startswith("__")}
