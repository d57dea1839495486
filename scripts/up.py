"""`make up`: deploy the program in stacks/ on this machine, then preview the addition of a member."""

from __future__ import annotations

import copy
import json
import os
import runpy
import subprocess
import sys
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import playground
import pulumi_cli
import yaml

from cleanrooms_resource.preview.comment import render_comment
from cleanrooms_resource.preview.document import parse_preview
from cleanrooms_resource.preview.verdict import judge
from cleanrooms_resource.testing import endpoint, rehearse
from cleanrooms_resource.testing.endpoint_file import write_endpoint_file

if TYPE_CHECKING:
    from cleanrooms_resource.testing import Endpoint

PORT = os.environ.get("PORT") or "8080"
"""The port is the same every time, because the state of the stack keeps the address of the endpoint."""
NEW_MEMBER = {"333344445555": {"displayName": "Hotel", "memberAbilities": []}}


def main() -> int:
    """Start anew; deploy, or rehearse if there is no engine. Nothing runs on afterwards, and `make play` goes on from there."""
    if not PORT.isdecimal() or int(PORT) not in range(1, 65536):
        print(f"PORT must be a number from 1 to 65535, such as 8081, and is {PORT}.", file=sys.stderr)
        return 2
    pulumi = pulumi_cli.find_pulumi()
    with ExitStack() as exits:
        try:
            exits.enter_context(playground.reserve())
        except playground.InUseError as error:
            print(error, file=sys.stderr)
            return 2
        try:
            aws = exits.enter_context(endpoint(int(PORT)))
        except OSError as error:
            advice = "End the process that uses the port, for example `make play`, or run `make up PORT=8081`."
            print(f"The endpoint cannot listen on {error}. {advice}", file=sys.stderr)
            return 2
        playground.remove_files()
        stack = yaml.safe_load((pulumi_cli.ROOT / "stacks" / "Pulumi.local.yaml").read_text())
        stack["config"] |= aws.settings
        try:
            status = _deploy(pulumi, stack, aws) if pulumi else _rehearse(stack["config"], aws)
        finally:
            write_endpoint_file(playground.ENDPOINT_FILE, int(PORT), aws.collaborations.values())
        if status == 0:
            loyalty = stack["config"]["cleanrooms:collaborations"]["loyalty"]
            (id_,) = (id_ for id_, record in aws.collaborations.items() if record.parameters["name"] == loyalty["name"])
            print(f"\n{playground.describe_next_steps(id_, min(loyalty['members']), has_engine=bool(pulumi))}")
    return status


def _add_member(config: dict[str, Any]) -> dict[str, Any]:
    config = copy.deepcopy(config)
    config["cleanrooms:collaborations"]["loyalty"]["members"] |= NEW_MEMBER
    return config


def _deploy(pulumi: str, stack: dict[str, Any], aws: Endpoint) -> int:
    variables = playground.make_variables(aws.address, pulumi)
    playground.write_environment_file(variables)
    environment = playground.make_environment(variables)

    def run(*arguments: str, capture: bool = False) -> str:
        print(f"\n$ pulumi {' '.join(arguments)}", flush=True)
        command = [pulumi, *arguments, "--non-interactive"]
        process = subprocess.run(command, cwd=pulumi_cli.ROOT, env=environment, check=True, text=True, stdout=subprocess.PIPE if capture else None)
        return process.stdout or ""

    playground.STACK_FILE.write_text(yaml.safe_dump(stack))
    config_file_options = ("--stack", "local", *playground.CONFIG_FILE_OPTION.split())
    try:
        run("stack", "init", "local")
        run("up", "--yes", "--skip-preview", *config_file_options)
        run("stack", "output", "--stack", "local")
        print("\nA pull request that adds a member would get this comment:", flush=True)
        playground.STACK_FILE.write_text(yaml.safe_dump(stack | {"config": _add_member(stack["config"])}))
        preview = run("preview", "--refresh", "--json", *config_file_options, capture=True)
        print(f"\n{render_comment(judge(parse_preview(preview)))}", flush=True)
    except subprocess.CalledProcessError as error:
        print(error.stdout or "", end="")
        return error.returncode
    finally:
        playground.STACK_FILE.write_text(yaml.safe_dump(stack))
    return 0


def _rehearse(config: dict[str, Any], aws: Endpoint) -> int:
    playground.write_environment_file(playground.make_variables(aws.address, None))
    print("There is no engine, so this is a rehearsal and not a deployment: the program runs with the SDK's mocks and the real provider.")

    def program() -> object:
        return runpy.run_path(str(pulumi_cli.ROOT / "stacks" / "__main__.py"))

    rehearsal = rehearse(program, _convert_to_text(config), project="cleanrooms")
    for name, export in rehearsal.exports.items():
        print(f"{name}: {export['arn']}")
    print("\nThe addition of a member would change:")
    for name, plan in rehearsal.preview(program, _convert_to_text(_add_member(config))).items():
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
