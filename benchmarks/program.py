"""The program of every benchmark: as many resources of one subject as the environment says. Each subject imports only what it needs."""

from __future__ import annotations

import atexit
import os
import resource
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.declarations import make_declaration, name_resource

if TYPE_CHECKING:
    from collections.abc import Callable


def declare() -> None:
    """Declare the resources. With a file for it in the environment, the process writes its peak of memory at its end, as ``ru_maxrss``."""
    if "BENCHMARK_MEMORY" in os.environ:
        file = Path(os.environ["BENCHMARK_MEMORY"])
        atexit.register(
            lambda: file.write_text(str(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss))
        )
    declare_one = _SUBJECTS[os.environ["BENCHMARK_SUBJECT"]]()
    for number in range(int(os.environ["BENCHMARK_COUNT"])):
        name = name_resource(number)
        declare_one(name, make_declaration(name))


def _import_collaboration() -> Callable[[str, dict[str, Any]], object]:
    import cleanrooms_resource

    return cleanrooms_resource.Collaboration


def _import_floor() -> Callable[[str, dict[str, Any]], object]:
    from benchmarks.floor import Floor

    return Floor


def _import_plugin_resource(type_: str) -> Callable[[], Callable[[str, dict[str, Any]], object]]:
    def import_resource() -> Callable[[str, dict[str, Any]], object]:
        from benchmarks.plugin_resource import PluginResource

        return lambda name, inputs: PluginResource(type_, name, inputs)

    return import_resource


_SUBJECTS = {
    "collaboration": _import_collaboration,
    "floor": _import_floor,
    "plug-in": _import_plugin_resource("cleanrooms:index:Collaboration"),
    "floor of the plug-in": _import_plugin_resource("floor:index:Collaboration"),
}
