"""`make play`: deploy stacks/ to an endpoint on this machine, and keep it running until Ctrl-C."""

from __future__ import annotations

import signal

signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C shows no traceback of the imports.

import os
import select
import shlex
import sys
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import local_stack
import pulumi_cli

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from local_stack import LocalStack


def main(stack: LocalStack) -> None:
    """Deploy, or rehearse without an engine; print what to type beside it, and wait for the end."""
    if stack.pulumi:
        stack.deploy()
    else:
        stack.rehearse()
    environment_file = stack.folder / "environment"
    _write_environment_file(pulumi_cli.ROOT / environment_file, stack.variables)
    signal.pthread_sigmask(signal.SIG_BLOCK, local_stack.SIGNALS)
    print(f"\n{_describe_steps(stack, environment_file)}", flush=True)
    signal.sigwait(local_stack.SIGNALS)


def _write_environment_file(file: Path, variables: dict[str, str]) -> None:
    """Write the file that gives the stack's environment to a shell: sh, bash or zsh."""
    folders = variables["PATH"].removesuffix(os.environ["PATH"])
    lines = [
        "# A terminal that reads this file acts at the endpoint of `make play`, and nowhere else.",
        r"for name in $(env | sed -n 's/^\(AWS_[A-Z0-9_]*\)=.*/\1/p; s/^\(PULUMI_[A-Z0-9_]*\)=.*/\1/p')",
        'do unset "$name"; done',
        f'export PATH={shlex.quote(folders)}"$PATH"',
        *(
            f"export {name}={shlex.quote(value)}"
            for name, value in variables.items()
            if name != "PATH"
        ),
    ]
    file.write_text("\n".join(lines) + "\n")


def _describe_steps(stack: LocalStack, environment_file: Path) -> str:
    """Return what to type in a second terminal. Each command is a line, indented by 4 spaces."""
    loyalty = stack.config["cleanrooms:collaborations"]["loyalty"]
    records = stack.aws.collaborations.items()
    (collaboration,) = (
        id_ for id_, record in records if record.parameters["name"] == loyalty["name"]
    )
    member = min(loyalty["members"])
    steps = [
        ("In a second terminal, in this folder, read the settings:", f". {environment_file}"),
        (
            f'Write the invitation that a partner needs to join "{loyalty["name"]}":',
            f"cleanrooms-resource invitation {collaboration}",
        ),
        ("Let the partner join:", f"cleanrooms-resource partner join {collaboration} {member}"),
        *(_list_engine_steps(stack, member) if stack.pulumi else _list_other_steps(collaboration)),
        ("The endpoint runs until you press Ctrl-C here, which removes everything.",),
    ]
    return "\n\n".join(_render_step(*step) for step in steps)


def _render_step(sentence: str, *commands: str) -> str:
    lines = [sentence, "", *(f"    {command}" for command in commands)]
    return "\n".join(lines).rstrip()


def _list_engine_steps(stack: LocalStack, member: str) -> list[tuple[str, ...]]:
    """Return the steps on the stack: what each one is for, and its commands."""
    option, folder = stack.config_file_option, stack.folder
    display_name = shlex.quote(f'cleanrooms:collaborations.loyalty.members["{member}"].displayName')
    preview = (
        f"pulumi preview --refresh --show-replacement-steps --json {option} > {folder}/preview.json"
    )
    return [
        (
            f"Change a member's display name (or edit {folder}/Pulumi.local.yaml). This replaces the collaboration:",
            f"pulumi config set {option} --path {display_name} Flights",
        ),
        (
            "See what the change would do. Without --config-file, `pulumi` uses the file of stacks/:",
            f"pulumi preview --refresh --diff {option}",
        ),
        (
            "See the comment that a pull request with the change would get:",
            preview,
            f"cleanrooms-resource comment {folder}/preview.json",
        ),
        (
            "Deploy the change. The partner must then join the new collaboration:",
            f"pulumi up --yes {option}",
        ),
    ]


def _list_other_steps(collaboration: str) -> list[tuple[str, ...]]:
    """Return the steps that need no engine."""
    list_members = f"aws cleanrooms list-members --collaboration-identifier {collaboration}"
    columns = "--query 'memberSummaries[].[accountId,status]'"
    advice = "Install `pulumi` (https://www.pulumi.com/docs/install/), and run `make play` again."
    return [
        ("See who has joined, as the AWS CLI and boto3 see it:", f"{list_members} {columns}"),
        ("Write the collaborations as a program:", "cleanrooms-resource discover"),
        (f"Previews, comments and deployments need the engine, which is not here. {advice}",),
    ]


@contextmanager
def _hold_terminal() -> Iterator[None]:
    """Have Ctrl-C reach this process alone. If `make` gets it too, `make` ends with a failure."""
    terminal = sys.stdin.fileno()
    make_group = os.getpgrp()
    if not _is_foreground(terminal):
        yield
        return
    # A process in the background may not give the terminal away. Ctrl-Z would stop this process.
    for stop in (signal.SIGTTOU, signal.SIGTSTP):
        signal.signal(stop, signal.SIG_IGN)
    os.setpgid(0, 0)
    os.tcsetpgrp(terminal, os.getpgrp())
    threading.Thread(target=_pass_on_closing, args=[terminal], daemon=True).start()
    try:
        yield
    finally:
        with suppress(OSError):  # The terminal may be closed.
            os.tcsetpgrp(terminal, make_group)


def _pass_on_closing(terminal: int) -> None:
    """Send SIGHUP to this process once the terminal is closed.

    The kernel sends it to the session's leader alone. If `make` is the leader, it waits on.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, local_stack.SIGNALS)
    poll = select.poll()
    poll.register(terminal, 0)
    if any(event & select.POLLHUP for _, event in poll.poll()):
        os.kill(os.getpid(), signal.SIGHUP)


def _is_foreground(terminal: int) -> bool:
    try:
        return os.tcgetpgrp(terminal) == os.getpgrp()
    except OSError:  # Standard input is not this session's terminal.
        return False


if __name__ == "__main__":
    with _hold_terminal():
        status = local_stack.run(main)
    sys.exit(status)
