"""`make test-aws`: what it refuses, what its guard stops, and what it says about collaborations that it leaves."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from account.record import GuardError
from account.run import UNTIL_SETTLED, RefusalError, Run, open_account
from declarations import ADS, BROKER
from requests_of_boto3 import CREATOR, MISSING, client, create, new_member, request

if TYPE_CHECKING:
    from cleanrooms_resource.testing import Endpoint

ROOT = Path(__file__).parent.parent
ALONE: dict[str, Any] = {"members": []}


@pytest.fixture
def profile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A profile of the account 111122223333."""
    file = tmp_path / "credentials"
    file.write_text(f"[retail]\naws_access_key_id = {CREATOR}\naws_secret_access_key = local\n")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(file))
    return "retail"


@pytest.fixture
def run(cleanrooms_endpoint: Endpoint, profile: str, tmp_path: Path) -> Run:
    """A run that is complete and confirmed."""
    return Run(
        profile, "us-east-1", CREATOR, (ADS,), tmp_path / "records", cleanrooms_endpoint.address
    )


def run_pytest(run: Run, test: str) -> subprocess.CompletedProcess[str]:
    """Run a test as `make test-aws` does."""
    options = {
        "--aws-profile": run.profile,
        "--aws-region": run.region,
        "--aws-confirm": run.confirmation,
        "--aws-members": ",".join(run.members),
        "--aws-records": run.records,
        "--endpoint-url": run.endpoint_url,
    }
    arguments = [
        "tests/account",
        "-p",
        "no:randomly",
        "-k",
        test,
        *(f"{name}={value}" for name, value in options.items()),
    ]
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("PYTEST")
    }
    return subprocess.run(
        [sys.executable, "-m", "pytest", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("overrides", "sentence"),
    [
        ({"profile": ""}, "PROFILE and REGION are required"),
        ({"region": ""}, "PROFILE and REGION are required"),
        (
            {"profile": "other"},
            'STS did not name the account of profile "other": The config profile .other. could not be found',
        ),
        ({"members": ("2222",)}, "MEMBERS has 2222, which is not an account ID of 12 digits"),
        ({"members": (CREATOR,)}, "MEMBERS has 111122223333, the account of the run itself"),
        (
            {"confirmation": ""},
            "CONFIRM is missing, so nothing was created. If account 111122223333 is right, add CONFIRM=111122223333.",
        ),
        ({"confirmation": ADS}, "CONFIRM is 222233334444, so nothing was created."),
        (
            {"confirmation": "", "members": ()},
            "It invites nobody, because MEMBERS names no account.",
        ),
        (
            {"confirmation": ""},
            "A run with these settings acts in account 111122223333 as arn:.*, in us-east-1. .* It invites 222233334444.",
        ),
    ],
)
def test_a_run_is_refused_with_what_it_would_do(
    run: Run, overrides: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(RefusalError, match=sentence):
        open_account(replace(run, **overrides))


def test_a_refused_run_ends_before_the_first_test(run: Run, cleanrooms_endpoint: Endpoint) -> None:
    ended = run_pytest(replace(run, confirmation=""), "test_an_answer")

    assert ended.returncode == pytest.ExitCode.USAGE_ERROR
    assert "add CONFIRM=111122223333." in ended.stderr
    assert {each.operation for each in cleanrooms_endpoint.requests} == {"GetCallerIdentity"}


def test_the_guard_stops_the_deletion_of_a_collaboration_that_the_run_did_not_create(
    run: Run, cleanrooms_endpoint: Endpoint
) -> None:
    id_ = create(cleanrooms_endpoint)["id"]

    with pytest.raises(GuardError, match=f"must not delete collaboration {id_}"):
        open_account(run).client.delete_collaboration(collaborationIdentifier=id_)
    assert id_ in cleanrooms_endpoint.collaborations


def test_the_guard_stops_the_invitation_of_an_account_that_members_does_not_name(run: Run) -> None:
    account = open_account(run)

    with pytest.raises(GuardError, match=f"must not invite account {BROKER}"):
        account.client.create_collaboration(**request())
    with pytest.raises(GuardError, match=f"must not invite account {BROKER}"):
        account.client.create_collaboration_change_request(
            collaborationIdentifier=MISSING, changes=[new_member(BROKER)]
        )


def test_a_process_to_which_the_guard_cannot_be_attached_does_not_run(run: Run) -> None:
    environment = os.environ | open_account(run).host_variables
    del environment["ACCOUNT_RECORD"]

    ended = subprocess.run(
        [sys.executable, "-c", "print('it runs')"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (ended.returncode != 0, ended.stdout) == (True, "")
    assert (
        "The record of the run cannot be attached to boto3: KeyError('ACCOUNT_RECORD')"
        in ended.stderr
    )


def test_a_run_deletes_what_it_created_and_keeps_what_it_cannot_delete_in_its_record(
    run: Run, cleanrooms_endpoint: Endpoint
) -> None:
    account = open_account(run)
    arns = [
        account.client.create_collaboration(**request(**ALONE))["collaboration"]["arn"]
        for _ in range(2)
    ]
    cleanrooms_endpoint.faults.deny("DeleteCollaboration", times=1)

    account.delete_remaining()

    assert account.record.list_remaining() == arns[:1]
    assert [*cleanrooms_endpoint.collaborations] == [arns[0].rsplit("/", 1)[1]]


def create_and_leave(run: Run, *, age: float = 0.0) -> str:
    """Create a collaboration as a run that was killed ``age`` seconds ago; return its ARN."""
    account = open_account(run)
    arn = str(account.client.create_collaboration(**request(**ALONE))["collaboration"]["arn"])
    then = account.record.file.stat().st_mtime - age
    os.utime(account.record.file, (then, then))
    return arn


def test_the_next_run_names_what_a_killed_run_left_until_it_is_gone(
    run: Run, cleanrooms_endpoint: Endpoint
) -> None:
    arn = create_and_leave(run, age=2 * UNTIL_SETTLED)

    assert open_account(run).find_leftovers() == [arn]
    client(cleanrooms_endpoint).delete_collaboration(collaborationIdentifier=arn.rsplit("/", 1)[1])
    assert open_account(run).find_leftovers() == []
    assert [*run.records.iterdir()] == []


def test_the_next_run_names_what_a_killed_run_left_before_aws_lists_it(
    run: Run, cleanrooms_endpoint: Endpoint
) -> None:
    arn = create_and_leave(run)
    cleanrooms_endpoint.faults.visibility_delay = 3600.0

    assert open_account(run).find_leftovers() == [arn]
    assert len([*run.records.iterdir()]) == 1


def test_the_record_of_a_run_that_goes_on_stays(run: Run) -> None:
    account = open_account(run)
    account.client.create_collaboration(**request(**ALONE))
    account.delete_remaining()

    assert open_account(run).find_leftovers() == []
    assert account.record.file.exists()


@pytest.mark.engine
def test_a_run_that_cannot_delete_prints_the_command_that_deletes_and_fails(
    run: Run, cleanrooms_endpoint: Endpoint
) -> None:
    cleanrooms_endpoint.faults.deny("DeleteCollaboration")

    ended, next_run = run_pytest(run, "test_an_answer"), run_pytest(run, "no_such_test")

    (id_,) = cleanrooms_endpoint.collaborations
    options = f"--profile retail --endpoint-url {run.endpoint_url} --region us-east-1"
    command = f"    aws cleanrooms delete-collaboration {options} --collaboration-identifier {id_}"
    assert (
        f"This run could not delete these collaborations. To delete them, run:\n{command}\n"
        in ended.stdout
    )
    assert ended.returncode == pytest.ExitCode.TESTS_FAILED
    assert (
        f"did not delete them. When no other run goes on, delete them with:\n{command}\n"
        in next_run.stdout
    )


@pytest.mark.engine
def test_a_run_that_names_no_member_says_why_it_skips_what_needs_a_member(
    run: Run, cleanrooms_endpoint: Endpoint
) -> None:
    ended = run_pytest(replace(run, members=()), "test_a_removed_member or test_an_answer")

    assert "1 passed, 1 skipped" in ended.stdout
    assert "the run invites nobody, because MEMBERS names no account" in ended.stdout
    assert "This run deleted every collaboration that it created." in ended.stdout
    assert (ended.returncode, cleanrooms_endpoint.collaborations, [*run.records.iterdir()]) == (
        0,
        {},
        [],
    )


def test_make_hands_the_options_over() -> None:
    variables = {
        "PROFILE": "retail",
        "REGION": "eu-west-1",
        "CONFIRM": CREATOR,
        "MEMBERS": f"{ADS},{BROKER}",
        "ENDPOINT_URL": "http://127.0.0.1:1",
    }

    arguments = [f"{name}={value}" for name, value in variables.items()]
    command = subprocess.run(
        ["make", "--dry-run", "test-aws", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    for option in (
        "profile='retail'",
        "region='eu-west-1'",
        f"confirm='{CREATOR}'",
        f"members='{ADS},{BROKER}'",
    ):
        assert f"--aws-{option}" in command
    assert "--endpoint-url='http://127.0.0.1:1'" in command


def test_every_test_that_the_documentation_names_exists() -> None:
    names = set(re.findall(r"`(test_\w+)`", (ROOT / "docs" / "testing.md").read_text()))
    defined = {
        name
        for file in (ROOT / "tests" / "account").glob("test_*.py")
        for name in re.findall(r"^def (test_\w+)", file.read_text(), re.MULTILINE)
    }

    assert len(names) > 5
    assert names <= defined
