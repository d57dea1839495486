"""The account: the one that `make test-aws` names, and otherwise one at the endpoint, which is reached through a profile in the same way."""

from __future__ import annotations

import contextlib
import shutil
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from declarations import ADS
from engine.driver import EngineStack, create_stack
from pulumi import automation

from account.run import Account, RefusalError, Run, open_account

if TYPE_CHECKING:
    from collections.abc import Iterator

ACCOUNT = pytest.StashKey[Account]()
RECORDS = Path(__file__).parent.parent.parent / ".local" / "test-aws"


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("account", "the lifecycle in an account of AWS")
    group.addoption(
        "--aws-profile",
        help="the profile of AWS's shared files that acts; without it, the tests run at the endpoint",
    )
    group.addoption("--aws-region", default="", help="the region")
    group.addoption("--aws-confirm", default="", help="the number of the profile's account")
    group.addoption(
        "--aws-members",
        default="",
        help="the accounts that may be invited, with commas between them",
    )
    group.addoption(
        "--aws-records", type=Path, default=RECORDS, help="the folder with the records of the runs"
    )
    group.addoption("--endpoint-url", help="the address that answers in the place of AWS")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("aws_profile", None) is None:
        return
    members = tuple(config.getoption("aws_members").replace(",", " ").split())
    profile, region, confirmation, records = (
        config.getoption(f"aws_{name}") for name in ("profile", "region", "confirm", "records")
    )
    try:
        config.stash[ACCOUNT] = open_account(
            Run(profile, region, confirmation, members, records, config.getoption("endpoint_url"))
        )
    except RefusalError as refusal:
        raise pytest.UsageError(str(refusal)) from None
    if shutil.which("pulumi") is None:
        raise pytest.UsageError(
            "The run deploys with Pulumi's engine, and `pulumi` is not on PATH. Install it: https://www.pulumi.com/docs/install/"
        )


def pytest_report_header(config: pytest.Config) -> list[str]:
    """Return what the run will do, and what other runs left."""
    account = config.stash.get(ACCOUNT, None)
    if account is None:
        return []
    leftovers = account.find_leftovers()
    sentence = "Other runs created these collaborations and did not delete them. When no other run goes on, delete them with:"
    return [
        account.describe(),
        *([sentence, account.explain_deletion(leftovers)] if leftovers else []),
    ]


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Print the commands that delete what the run could not delete."""
    account = config.stash.get(ACCOUNT, None)
    if account is None:
        return
    remaining = account.record.list_remaining()
    if remaining:
        terminalreporter.write_line(
            "This run could not delete these collaborations. To delete them, run:"
        )
        terminalreporter.write_line(account.explain_deletion(remaining))
    else:
        terminalreporter.write_line("This run deleted every collaboration that it created.")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A run that leaves something at AWS has failed; the record of any other run is of no use."""
    account = session.config.stash.get(ACCOUNT, None)
    if account is None:
        return
    if account.record.list_remaining():
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
    else:
        account.record.file.unlink(missing_ok=True)


@pytest.fixture
def account(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Account]:
    """The account. Whatever a test leaves in it is deleted."""
    account = request.config.stash.get(ACCOUNT, None)
    if account is None:
        profile = tmp_path / "credentials"
        profile.write_text(
            "[endpoint]\naws_access_key_id = 111122223333\naws_secret_access_key = local\n"
        )
        monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(profile))
        address = request.getfixturevalue("aws").endpoint.address
        account = open_account(
            Run("endpoint", "us-east-1", "111122223333", (ADS,), tmp_path / "records", address)
        )
    yield account
    account.delete_remaining()


@pytest.fixture
def stack(account: Account, tmp_path: Path) -> Iterator[EngineStack]:
    """A new stack in the account, with its state in a temporary folder. Whatever a test leaves in the stack is destroyed."""
    folder = tmp_path / "stack"
    folder.mkdir()
    stack = create_stack(folder, account.settings, impatient=False, warm=False)
    workspace = stack.pulumi_stack.workspace
    workspace.env_vars = {**workspace.env_vars, **account.host_variables}
    yield stack
    with contextlib.suppress(automation.CommandError):
        stack.destroy()


@pytest.fixture
def name() -> str:
    """A name that no other collaboration has."""
    return f"cleanrooms-resource test {uuid4().hex[:8]}"


@pytest.fixture
def partner(account: Account) -> str:
    """An account that the run may invite."""
    if not account.run.members:
        pytest.skip("the run invites nobody, because MEMBERS names no account")
    return account.run.members[0]
