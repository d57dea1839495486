"""The real engine, through the Automation API: state in a folder, a program in this process, the provider in Pulumi's own host."""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import sys
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import warm_python
from host.driver import IMPATIENT_FOLDER
from pulumi import automation
from pulumi.automation._stack import StackInitMode

from engine.doors import PLUGIN, Door, cleanrooms, make_plugin_folder
from engine.vault import SECRETS_PROVIDER, start_vault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

COLLABORATION_TYPES = [door.get_type() for door in Door]
TESTS = Path(__file__).parent.parent
_WARM_PYTHONS = contextlib.ExitStack()
atexit.register(_WARM_PYTHONS.close)


@dataclass(frozen=True)
class StepSummary:
    """A step of `preview --json`: its operation, the properties that replace, the keys of its detailed diff."""

    op: str
    reasons: tuple[str, ...]
    detailed: tuple[str, ...]


UNCHANGED = StepSummary("same", (), ())


def summarize_steps(document: str) -> dict[str, StepSummary]:
    """Return the steps of `preview --json` by the names of their resources, without the stack."""
    return {
        step["urn"].rsplit("::", 1)[1]: StepSummary(
            step["op"],
            tuple(step.get("replaceReasons") or ()),
            tuple(sorted(step["detailedDiff"] or ())),
        )
        for step in json.loads(document)["steps"]
        if "Stack::" not in step["urn"]
    }


class _Stack(automation.Stack):
    """A stack of the Automation API, without the processes that it starts after each command to ask for outputs and history."""

    def outputs(self) -> automation.OutputMap:
        return {}

    def info(self, show_secrets: bool = True) -> automation.UpdateSummary:  # noqa: ARG002, FBT001, FBT002 - the SDK's signature
        return automation.UpdateSummary("update", datetime.now(UTC), "", {}, {}, "succeeded")


@dataclass(frozen=True)
class EngineStack:
    """A stack of the engine, and its program, which a test changes."""

    pulumi_stack: automation.Stack

    def declare(self, program: Callable[[], None]) -> None:
        """Change the program."""
        self.pulumi_stack.workspace.program = program

    def set_setting(self, name: str, value: str, *, secret: bool = False) -> None:
        """Set a setting of the provider, under the name that it has at this door."""
        self.pulumi_stack.set_config(
            cleanrooms.door.name_setting(name), automation.ConfigValue(value, secret=secret)
        )

    def up(self) -> dict[str, int]:
        """Deploy; operations to numbers of resources, the stack and what is unchanged left out."""
        return _tally(self.pulumi_stack.up)

    def refresh(self) -> dict[str, int]:
        """Refresh; as ``up``."""
        return _tally(self.pulumi_stack.refresh)

    def destroy(self) -> None:
        """Destroy."""
        self.pulumi_stack.destroy(suppress_progress=True)

    def preview(self) -> dict[str, StepSummary]:
        """`preview --json`: resource names to steps; what is unchanged is not there."""
        return summarize_steps(self.pulumi_stack.preview(json=True).stdout)

    def preview_json(self, *, refresh: bool = False, flags: tuple[str, ...] = ()) -> str:
        """What `preview --json` prints, with its diagnostics where it fails; ``flags`` are options that the Automation API lacks."""
        output: list[str] = []
        with self._add_flags(flags), contextlib.suppress(automation.CommandError):
            self.pulumi_stack.preview(json=True, refresh=refresh, on_output=output.append)
        text = "\n".join(output)
        # A command that was tried again has printed a document before.
        return text[text.rfind("\n{\n") + 1 :]

    def up_text(self, *flags: str) -> str:
        """What `up` prints, with options that the Automation API lacks; also where it fails."""
        output: list[str] = []
        with self._add_flags(flags), contextlib.suppress(automation.CommandError):
            self.pulumi_stack.up(color="never", on_output=output.append, on_error=output.append)
        return "\n".join(output)

    @contextlib.contextmanager
    def _add_flags(self, flags: tuple[str, ...]) -> Iterator[None]:
        run = self.pulumi_stack._run_pulumi_cmd_sync
        self.pulumi_stack._run_pulumi_cmd_sync = lambda args, *rest: run([*args, *flags], *rest)  # type: ignore[method-assign]
        try:
            yield
        finally:
            self.pulumi_stack._run_pulumi_cmd_sync = run  # type: ignore[method-assign]

    def preview_text(self) -> str:
        """`preview --diff`."""
        return self.pulumi_stack.preview(diff=True, color="never").stdout

    def preview_text_and_notices(self) -> str:
        """`preview --diff`, and the lines on the stack, which the engine then prints on stderr."""
        result = self.pulumi_stack.preview(diff=True, color="never")
        return result.stdout + result.stderr

    def outputs(self) -> dict[str, Any]:
        """What the program exports."""
        return {
            name: output.value
            for name, output in self.pulumi_stack.workspace.stack_outputs(
                self.pulumi_stack.name
            ).items()
        }

    def state(self) -> dict[str, dict[str, Any]]:
        """Resource names to what the state holds of the collaborations."""
        resources = (self.pulumi_stack.export_stack().deployment or {})["resources"]
        return {
            each["urn"].rsplit("::", 1)[1]: each
            for each in resources
            if each["type"] in COLLABORATION_TYPES
        }

    def resources(self) -> list[dict[str, Any]]:
        """What the state holds of every resource that a program declares, secrets shown; one that is still to be deleted too."""
        resources = (self.pulumi_stack.export_stack().deployment or {}).get("resources") or []
        return [each for each in resources if not each["type"].startswith("pulumi:")]

    def export(self) -> str:
        """What `pulumi stack export` prints: secrets as ciphertext, which `export_stack` shows."""
        return self.pulumi_stack._run_pulumi_cmd_sync(["stack", "export"]).stdout

    def load(self, exported: str) -> None:
        """`pulumi stack import` of what was exported."""
        self.pulumi_stack.import_stack(automation.Deployment(**json.loads(exported)))


def create_stack(
    folder: Path,
    config: dict[str, str],
    *,
    impatient: bool = True,
    warm: bool = True,
    plugin_folder: str | None = None,
) -> EngineStack:
    """A new stack with its state in a folder; ``config`` as in Pulumi.<stack>.yaml; ``impatient`` as for Pulumi's host alone.

    The settings are those of the door through which the program declares its collaborations. The provider's processes are forks of a ``warm`` Python,
    or new ones, which a test can kill. ``plugin_folder`` has another executable of the plug-in.
    """
    search_path = os.pathsep.join([str(TESTS), *([IMPATIENT_FOLDER] if impatient else [])])
    executables = start_warm_python(search_path) if warm else make_plugin_folder()
    workspace = automation.LocalWorkspace(
        project_settings=automation.ProjectSettings(
            name="tests",
            runtime="python",
            backend=automation.ProjectBackend(url=f"file://{folder}"),
        ),
        stack_settings={"test": automation.StackSettings(config=cleanrooms.door.configure(config))},
        work_dir=str(folder),
        pulumi_home=str(folder / "home"),
        secrets_provider=SECRETS_PROVIDER,
        program=lambda: None,
        pulumi_command=_get_pulumi_command(),
        env_vars={
            "PULUMI_BACKEND_URL": f"file://{folder}",  # The user's own variable would count more than the project's settings.
            "PULUMI_CONFIG_PASSPHRASE": "test",  # Recorded states have one.
            **start_vault(),
            "PULUMI_SKIP_UPDATE_CHECK": "1",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "1",
            # The host must be this Python, and must find the tests' own provider.
            "PULUMI_PYTHON_CMD": f"{executables}/python3" if warm else sys.executable,
            "PYTHONPATH": search_path,
        },
    )
    if cleanrooms.door is Door.PLUGIN:
        # The Automation API's settings of a project have no place for plug-ins.
        with (folder / "Pulumi.yaml").open("a") as project:
            project.write(
                f"plugins:\n  providers:\n  - name: cleanrooms\n    path: {plugin_folder or executables}\n"
            )
    stack = _Stack("test", workspace, StackInitMode.CREATE)
    _retry_after_closed_monitor(stack)
    return EngineStack(stack)


@cache
def start_warm_python(search_path: str) -> str:
    """Start a warm Python, which ends with this process.

    Return the folder of its executable, ``python3``, and of the plug-in's.
    """
    folder = Path(_WARM_PYTHONS.enter_context(tempfile.TemporaryDirectory(prefix="warm-")))
    environment = os.environ | {"PYTHONPATH": search_path}
    address = _WARM_PYTHONS.enter_context(
        warm_python.start(folder, "host.read_ahead", environment=environment)
    )
    warm_python.make_executable(folder / "python3", address)
    warm_python.make_executable(folder / PLUGIN, address, "-m", "cleanrooms_resource.plugin")
    return str(folder)


@cache
def _get_pulumi_command() -> automation.PulumiCommand:
    """The command line; a new object of it asks for its version each time."""
    return automation.PulumiCommand()


_CLOSED_MONITOR = (
    "Resource monitor has terminated",
    "Exception calling application: <_InactiveRpcError of RPC that terminated with:",
)


def _retry_after_closed_monitor(stack: automation.Stack) -> None:
    """Have every command tried again that failed for nothing but a closed monitor.

    The Automation API runs programs in this process. Once in hundreds of runs one is told that its engine is gone, by an engine that says nothing.
    """
    run = stack._run_pulumi_cmd_sync

    def run_again_after_closed_monitor(*args: Any, **kwargs: Any) -> Any:
        try:
            return run(*args, **kwargs)
        except automation.CommandError as error:
            errors = [line for line in str(error).splitlines() if "error: " in line]
            if not errors or not all(
                any(text in line for text in _CLOSED_MONITOR) for line in errors
            ):
                raise
        return run(*args, **kwargs)

    stack._run_pulumi_cmd_sync = run_again_after_closed_monitor  # type: ignore[method-assign]


def _tally(command: Callable[..., object]) -> dict[str, int]:
    """Run a command; operations to numbers of resources, without those that stay the same."""
    counts: dict[str, int] = {}

    def count(event: automation.EngineEvent) -> None:
        if event.summary_event:
            counts.update(
                {
                    str(getattr(op, "value", op)): number
                    for op, number in event.summary_event.resource_changes.items()
                }
            )

    command(suppress_progress=True, on_event=count)
    return {op: number for op, number in counts.items() if op != "same"}
