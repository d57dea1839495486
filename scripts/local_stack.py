"""The stack of stacks/ at an endpoint of this machine, for `make up` and `make play`."""

from __future__ import annotations

import contextlib
import json
import os
import runpy
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pulumi_cli
import yaml

from cleanrooms_resource.testing import Rehearsal, endpoint, rehearse

if TYPE_CHECKING:
    from collections.abc import Callable

    from cleanrooms_resource.testing import Endpoint

_LOCAL: Final = pulumi_cli.ROOT / ".local"
_STACKS: Final = pulumi_cli.ROOT / "stacks"
_IDENTITY: Final = ("AWS_", "PULUMI_")
"""The beginnings of the names of variables that say who acts, and on which stack."""
SIGNALS: Final = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
"""The signals that end everything. A terminal that is closed sends SIGHUP."""
_STATUS_OF_INTERRUPT: Final = 130


class LocalStack:
    """The stack, and how to reach it. Without an engine, ``pulumi`` is None."""

    def __init__(self, folder: Path, aws: Endpoint, pulumi: str | None) -> None:
        self.folder = folder.relative_to(pulumi_cli.ROOT)
        self.aws, self.pulumi = aws, pulumi
        self.settings = yaml.safe_load((_STACKS / "Pulumi.local.yaml").read_text())
        self.config: dict[str, Any] = self.settings["config"]
        self.config |= aws.settings
        self.variables = _make_variables(folder, aws.address, pulumi)
        self.config_file_option = f"--config-file {self.folder / 'Pulumi.local.yaml'}"

    def write_config(self, config: dict[str, Any]) -> None:
        """Write the stack's configuration file."""
        file = pulumi_cli.ROOT / self.folder / "Pulumi.local.yaml"
        file.write_text(yaml.safe_dump(self.settings | {"config": config}))

    def deploy(self) -> None:
        """Deploy the stack, and print its outputs."""
        self.write_config(self.config)
        self.run("stack", "init", "local")
        self.run(
            "up", "--yes", "--skip-preview", "--stack", "local", *self.config_file_option.split()
        )
        self.run("stack", "output", "--stack", "local")

    def run(self, *arguments: str, capture: bool = False) -> str:
        """Run a command of `pulumi`; return what it prints, if that is captured."""
        print(f"\n$ pulumi {' '.join(arguments)}", flush=True)
        command = [str(self.pulumi), *arguments, "--non-interactive"]
        others = {
            name: value for name, value in os.environ.items() if not name.startswith(_IDENTITY)
        }
        # Ctrl-C reaches this process alone, which then cancels `pulumi` and waits for it.
        with subprocess.Popen(
            command,
            cwd=pulumi_cli.ROOT,
            env=others | self.variables,
            text=True,
            stdout=subprocess.PIPE if capture else None,
            process_group=0,
        ) as process:
            try:
                text, _ = process.communicate()
            except KeyboardInterrupt:
                process.send_signal(signal.SIGINT)
                process.communicate()
                raise
        if process.returncode:
            raise subprocess.CalledProcessError(process.returncode, command, text)
        return text or ""

    def rehearse(self) -> Rehearsal:
        """Rehearse the program of the stack, and print its outputs."""
        how = "the program runs with the SDK's mocks and the real provider"
        print(f"There is no engine, so this is a rehearsal and not a deployment: {how}.")
        rehearsal = rehearse(run_program, convert_to_text(self.config), project="cleanrooms")
        for name, export in rehearsal.exports.items():
            print(f"{name}: {export['arn']}")
        return rehearsal


def run(use: Callable[[LocalStack], None]) -> int:
    """Call a function with a new stack, and remove everything after it; return the exit status.

    ``SIGNALS`` raise KeyboardInterrupt in the function.
    """
    for number in SIGNALS:
        signal.signal(number, _interrupt)
    try:
        pulumi = pulumi_cli.find_pulumi()
        _LOCAL.mkdir(exist_ok=True)
        # The endpoint's threads inherit the block, so the signals reach only this thread.
        signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
        with tempfile.TemporaryDirectory(prefix="stack-", dir=_LOCAL) as folder, endpoint() as aws:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
            use(LocalStack(Path(folder), aws, pulumi))
    except subprocess.CalledProcessError as error:
        print(error.stdout or "", end="")
        return error.returncode
    except KeyboardInterrupt:
        return _STATUS_OF_INTERRUPT
    finally:
        with contextlib.suppress(OSError):  # Other commands keep files in .local/.
            _LOCAL.rmdir()
    return 0


def run_program() -> object:
    """Run the program of the stack."""
    return runpy.run_path(str(_STACKS / "__main__.py"))


def convert_to_text(config: dict[str, Any]) -> dict[str, str]:
    """Return the configuration as Pulumi passes it to a program, with structured values as JSON."""
    structured = {
        key: json.dumps(value) for key, value in config.items() if not isinstance(value, str)
    }
    return config | structured


def _interrupt(*_: object) -> None:
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)  # Nothing interrupts the end.
    raise KeyboardInterrupt


def _make_variables(folder: Path, address: str, pulumi: str | None) -> dict[str, str]:
    """Return the variables with which commands act at the endpoint, and on the stack."""
    no_proxy = os.environ.get("no_proxy") or os.environ.get("NO_PROXY")
    proxy_exceptions = f"{no_proxy},127.0.0.1" if no_proxy else "127.0.0.1"
    folders = [Path(sys.executable).parent, *([Path(pulumi).parent] if pulumi else [])]
    engine_variables = {
        "PULUMI_BACKEND_URL": f"file://{folder}",
        "PULUMI_CONFIG_PASSPHRASE": "local",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "1",
        "PULUMI_HOME": str(folder / "home"),
        "PULUMI_SKIP_UPDATE_CHECK": "1",
    }
    return {
        "PATH": os.pathsep.join([*map(str, folders), os.environ["PATH"]]),
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": address,
        "NO_PROXY": proxy_exceptions,
        "no_proxy": proxy_exceptions,
        **(engine_variables if pulumi else {}),
    }
