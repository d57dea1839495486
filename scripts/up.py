"""`make up`: the program in stacks/ brought up on this machine alone, and what one member more would mean."""

from __future__ import annotations

import copy
import json
import os
import runpy
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pulumi_cli
import yaml

from cleanrooms_resource.preview.comment import render_comment
from cleanrooms_resource.preview.document import parse_preview
from cleanrooms_resource.testing import endpoint, rehearse

LOCAL = pulumi_cli.ROOT / ".local"
STACK_FILE = LOCAL / "Pulumi.local.yaml"
PARTNER = {"333344445555": {"displayName": "Hotel", "memberAbilities": []}}


def main() -> int:
    """Begin with an empty .local/, leave nothing running."""
    shutil.rmtree(LOCAL, ignore_errors=True)
    LOCAL.mkdir()
    pulumi = pulumi_cli.find()
    with endpoint() as aws:
        stack = yaml.safe_load((pulumi_cli.ROOT / "stacks" / "Pulumi.local.yaml").read_text())
        stack["config"] |= aws.settings
        more = copy.deepcopy(stack)
        more["config"]["cleanrooms:collaborations"]["loyalty"]["members"] |= PARTNER
        return _deploy(pulumi, stack, more) if pulumi else _rehearse(stack["config"], more["config"])


def _deploy(pulumi: str, stack: dict[str, Any], more: dict[str, Any]) -> int:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "PULUMI_"))} | {
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), str(Path(pulumi).parent), os.environ["PATH"]]),
        "PULUMI_BACKEND_URL": f"file://{LOCAL}",
        "PULUMI_CONFIG_PASSPHRASE": "local",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "1",
        "PULUMI_HOME": str(LOCAL / "home"),
        "PULUMI_SKIP_UPDATE_CHECK": "1",
    }

    def run(*arguments: str, capture: bool = False) -> str:
        print(f"\n$ pulumi {' '.join(arguments)}", flush=True)
        command = [pulumi, *arguments, "--non-interactive"]
        printed = subprocess.run(command, cwd=pulumi_cli.ROOT, env=environment, check=True, text=True, stdout=subprocess.PIPE if capture else None)
        return printed.stdout or ""

    STACK_FILE.write_text(yaml.safe_dump(stack))
    as_copied = ("--stack", "local", "--config-file", str(STACK_FILE.relative_to(pulumi_cli.ROOT)))
    try:
        run("stack", "init", "local")
        run("up", "--yes", "--skip-preview", *as_copied)
        run("stack", "output", "--stack", "local")
        print("\nOne member more would mean, as a comment on its pull request:", flush=True)
        STACK_FILE.write_text(yaml.safe_dump(more))
        preview = run("preview", "--refresh", "--json", *as_copied, capture=True)
        print(f"\n{render_comment(parse_preview(preview))}", flush=True)
    except subprocess.CalledProcessError as error:
        print(error.stdout or "", end="")
        return error.returncode
    return 0


def _rehearse(config: dict[str, Any], more: dict[str, Any]) -> int:
    print("This is a rehearsal, not a deployment: there is no engine here, so the program runs against the SDK's mocks and the real provider.")

    def program() -> object:
        return runpy.run_path(str(pulumi_cli.ROOT / "stacks" / "__main__.py"))

    made = rehearse(program, _as_text(config), project="cleanrooms")
    for name, exported in made.exports.items():
        print(f"{name}: {exported['arn']}")
    print("\nOne member more would mean:")
    for name, plan in made.preview(program, _as_text(more)).items():
        print(f"{name}: {plan.op}")
        for change in plan.changes:
            print(f"  because of {change.name}: {change.kind.value}")
            for account in sorted(change.new.keys() - change.old.keys()):
                print(f"    + {account}: {change.new[account]}")
    return 0


def _as_text(config: dict[str, Any]) -> dict[str, str]:
    """Configuration as Pulumi hands it to a program: structured values as JSON."""
    return {key: value if isinstance(value, str) else json.dumps(value) for key, value in config.items()}


if __name__ == "__main__":
    sys.exit(main())
