"""The files that `make up` leaves in .local/ for `make play`, the environment of a second terminal, and the commands to type there."""

from __future__ import annotations

import fcntl
import os
import shlex
import shutil
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pulumi_cli

if TYPE_CHECKING:
    from collections.abc import Iterator

LOCAL: Final = pulumi_cli.ROOT / ".local"
STACK_FILE: Final = LOCAL / "Pulumi.local.yaml"
ENDPOINT_FILE: Final = LOCAL / "endpoint.json"
ENVIRONMENT_FILE: Final = LOCAL / "environment"
_FILES: Final = (STACK_FILE, ENDPOINT_FILE, ENVIRONMENT_FILE, LOCAL / ".pulumi", LOCAL / "home", LOCAL / "preview.json")
"""The files and folders of `make up`, the stack's state among them. Other commands keep other files in .local/."""
_PREFIXES_OF_IDENTITY: Final = ("AWS_", "PULUMI_")
"""The beginnings of the names of variables that say who acts, and on which stack."""
CONFIG_FILE_OPTION: Final = f"--config-file {STACK_FILE.relative_to(pulumi_cli.ROOT)}"


class InUseError(Exception):
    """Another `make up` or `make play` uses .local/. The message says what to do."""


@contextmanager
def reserve() -> Iterator[None]:
    """Keep other processes of `make up` and `make play` from .local/: the stack's state and what the endpoint holds must stay in step.

    Raises:
        InUseError: another process has reserved .local/.

    """
    LOCAL.mkdir(exist_ok=True)
    with (LOCAL / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise InUseError("Another `make up` or `make play` of this folder is running. End it, or wait until it ends.") from None
        yield


def remove_files() -> None:
    """Remove what an earlier `make up` left."""
    LOCAL.mkdir(exist_ok=True)
    for path in _FILES:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def make_variables(address: str, pulumi: str | None) -> dict[str, str]:
    """Return the variables with which commands act at the endpoint, and on the stack in .local/ if there is an engine."""
    proxy_exceptions = ",".join(filter(None, [os.environ.get("no_proxy") or os.environ.get("NO_PROXY"), "127.0.0.1"]))
    folders = [Path(sys.executable).parent, *([Path(pulumi).parent] if pulumi else [])]
    engine_variables = {
        "PULUMI_BACKEND_URL": f"file://{LOCAL}",
        "PULUMI_CONFIG_PASSPHRASE": "local",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "1",
        "PULUMI_HOME": str(LOCAL / "home"),
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


def make_environment(variables: dict[str, str]) -> dict[str, str]:
    """Return the environment of this process with these variables, and with no other variable that says who acts and on which stack."""
    return {name: value for name, value in os.environ.items() if not name.startswith(_PREFIXES_OF_IDENTITY)} | variables


def write_environment_file(variables: dict[str, str]) -> None:
    """Write the file that gives the same environment to a shell: sh, bash or zsh."""
    folders = variables["PATH"].removesuffix(os.environ["PATH"])
    lines = [
        "# `make up` writes this file. A terminal that reads it acts at the endpoint of `make play`, and nowhere else.",
        "for name in $(env | sed -n -e 's/^\\(AWS_[A-Z0-9_]*\\)=.*/\\1/p' -e 's/^\\(PULUMI_[A-Z0-9_]*\\)=.*/\\1/p'); do unset \"$name\"; done",
        f'export PATH={shlex.quote(folders)}"$PATH"',
        *(f"export {name}={shlex.quote(value)}" for name, value in variables.items() if name != "PATH"),
    ]
    ENVIRONMENT_FILE.write_text("\n".join(lines) + "\n")


def describe_next_steps(collaboration: str, member: str, *, has_engine: bool) -> str:
    """Return what to type after `make up`, for the ID of the collaboration "loyalty" and the account of one of its members.

    Each command is a line with an indent of 4 spaces.
    """
    steps = [
        ("`make up` has ended, and nothing is running. .local/ keeps what the endpoint held.",),
        ("In this terminal, start the endpoint again. Ctrl-C ends the endpoint and saves its content:", "make play"),
        ("In a second terminal, in this folder, read the settings:", ". .local/environment"),
        ('Write the invitation that a partner needs to join "Loyalty overlap":', f"cleanrooms-resource invitation {collaboration}"),
        ("Let the partner join:", f"cleanrooms-resource partner join {collaboration} {member}"),
        *(_list_engine_steps(member) if has_engine else _list_other_steps(collaboration)),
    ]
    return "\n\n".join(_render_step(*step) for step in steps)


def _render_step(sentence: str, *commands: str) -> str:
    lines = [sentence, "", *(f"    {command}" for command in commands)]
    return "\n".join(lines).rstrip()


def _list_engine_steps(member: str) -> list[tuple[str, ...]]:
    """Return the steps on the stack: what each one is for, and its commands."""
    display_name = shlex.quote(f'cleanrooms:collaborations.loyalty.members["{member}"].displayName')
    preview = f"pulumi preview --refresh --show-replacement-steps --json {CONFIG_FILE_OPTION} > .local/preview.json"
    return [
        (
            "Change the display name of a member, which replaces the collaboration. Or edit .local/Pulumi.local.yaml:",
            f"pulumi config set {CONFIG_FILE_OPTION} --path {display_name} Flights",
        ),
        (
            f"See what the change would do. Without {CONFIG_FILE_OPTION}, `pulumi` would use the file of stacks/:",
            f"pulumi preview --refresh --diff {CONFIG_FILE_OPTION}",
        ),
        ("See the comment that a pull request with the change would get:", preview, "cleanrooms-resource comment .local/preview.json"),
        ("Deploy the change. The partner must then join the new collaboration:", f"pulumi up --yes {CONFIG_FILE_OPTION}"),
    ]


def _list_other_steps(collaboration: str) -> list[tuple[str, ...]]:
    """Return the steps that need no engine."""
    list_members = f"aws cleanrooms list-members --collaboration-identifier {collaboration}"
    advice = "Install `pulumi` (https://www.pulumi.com/docs/install/), and run `make up` again."
    return [
        ("See who has joined, as the AWS CLI and boto3 see it:", f"{list_members} --query 'memberSummaries[].[accountId,status]'"),
        ("Write the collaborations as a program:", "cleanrooms-resource discover"),
        (f"Previews, their comments and deployments need the engine, which this machine does not have. {advice}",),
    ]
