"""`make up`: deploy stacks/ on this machine, then preview one more member. Nothing is left."""

from __future__ import annotations

import signal

signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C shows no traceback of the imports.

import copy
import sys
from typing import TYPE_CHECKING, Any

import local_stack

from cleanrooms_resource.preview.comment import render_comment
from cleanrooms_resource.preview.document import parse_preview
from cleanrooms_resource.preview.verdict import judge

if TYPE_CHECKING:
    from local_stack import LocalStack

NEW_MEMBER = {"333344445555": {"displayName": "Hotel", "memberAbilities": []}}


def main(stack: LocalStack) -> None:
    """Deploy, or rehearse if there is no engine; then show what one more member would mean."""
    new_config = copy.deepcopy(stack.config)
    new_config["cleanrooms:collaborations"]["loyalty"]["members"] |= NEW_MEMBER
    if stack.pulumi:
        _deploy(stack, new_config)
    else:
        _rehearse(stack, new_config)
    print("\nNothing runs on, and nothing is kept. To play with this stack, run `make play`.")


def _deploy(stack: LocalStack, new_config: dict[str, Any]) -> None:
    stack.deploy()
    print("\nA pull request that adds a member would get this comment:", flush=True)
    stack.write_config(new_config)
    options = ["--stack", "local", *stack.config_file_option.split()]
    preview = stack.run("preview", "--refresh", "--json", *options, capture=True)
    print(f"\n{render_comment(judge(parse_preview(preview)))}", flush=True)


def _rehearse(stack: LocalStack, new_config: dict[str, Any]) -> None:
    rehearsal = stack.rehearse()
    print("\nThe addition of a member would change:")
    plans = rehearsal.preview(local_stack.run_program, local_stack.convert_to_text(new_config))
    for name, plan in plans.items():
        print(f"{name}: {plan.op}")
        for change in plan.changes:
            print(f"  {change.name}: {change.kind.value}")
            for account in sorted(change.new.keys() - change.old.keys()):
                print(f"    + {account}: {change.new[account]}")


if __name__ == "__main__":
    sys.exit(local_stack.run(main))
