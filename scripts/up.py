"""`make up`: deploy the program in stacks/ on this machine, then preview the addition of a member."""

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
from cleanrooms_resource.preview.verdict import judge
from cleanrooms_resource.testing import endpoint, rehearse

LOCAL = pulumi_cli.ROOT / ".local"
STACK_FILE = LOCAL / "Pulumi.local.yaml"
NEW_MEMBER = {"333344445555": {"displayName": "Hotel", "memberAbilities": []}}


def main() -> int:
    """Start with an empty .local/; deploy, or rehearse if there is no engine. Nothing runs on afterwards."""
    shutil.rmtree(LOCAL, ignore_errors=True)
    LOCAL.mkdir()
    pulumi = pulumi_cli.find_pulumi()
    with endpoint() as aws:
        stack = yaml.safe_load((pulumi_cli.ROOT / "stacks" / "Pulumi.local.yaml").read_text())
        stack["config"] |= aws.settings
        stack_with_new_member = copy.deepcopy(stack)
        stack_with_new_member["config"]["cleanrooms:collaborations"]["loyalty"]["members"] |= NEW_MEMBER
        return _deploy(pulumi, stack, stack_with_new_member) if pulumi else _rehearse(stack["config"], stack_with_new_member["config"])


def _deploy(pulumi: str, stack: dict[str, Any], stack_with_new_member: dict[str, Any]) -> int:
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
        process = subprocess.run(command, cwd=pulumi_cli.ROOT, env=environment, check=True, text=True, stdout=subprocess.PIPE if capture else None)
        return process.stdout or ""

    STACK_FILE.write_text(yaml.safe_dump(stack))
    config_file_options = ("--stack", "local", "--config-file", str(STACK_FILE.relative_to(pulumi_cli.ROOT)))
    try:
        run("stack", "init", "local")
        run("up", "--yes", "--skip-preview", *config_file_options)
        run("stack", "output", "--stack", "local")
        print("\nA pull request that adds a member would get this comment:", flush=True)
        STACK_FILE.write_text(yaml.safe_dump(stack_with_new_member))
        preview = run("preview", "--refresh", "--json", *config_file_options, capture=True)
        print(f"\n{render_comment([judge(parse_preview(preview))])}", flush=True)
    except subprocess.CalledProcessError as error:
        print(error.stdout or "", end="")
        return error.returncode
    return 0


def _rehearse(config: dict[str, Any], config_with_new_member: dict[str, Any]) -> int:
    print("There is no engine, so this is a rehearsal and not a deployment: the program runs with the SDK's mocks and the real provider.")

    def program() -> object:
        return runpy.run_path(str(pulumi_cli.ROOT / "stacks" / "__main__.py"))

    rehearsal = rehearse(program, _convert_to_text(config), project="cleanrooms")
    for name, export in rehearsal.exports.items():
        print(f"{name}: {export['arn']}")
    print("\nThe addition of a member would change:")
    for name, plan in rehearsal.preview(program, _convert_to_text(config_with_new_member)).items():
        print(f"{name}: {plan.op}")
        for change in plan.changes:
            print(f"  {change.name}: {change.kind.value}")
            for account in sorted(change.new.keys() - change.old.keys()):
                print(f"    + {account}: {change.new[account]}")
    return 0


def _convert_to_text(config: dict[str, Any]) -> dict[str, str]:
    """Return the configuration as Pulumi passes it to a program, with structured values as JSON."""
    return {key: value if isinstance(value, str) else json.dumps(value) for key, value in config.items()}


if __name__ == "__main__":
    sys.exit(main())
