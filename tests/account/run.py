"""A run of the lifecycle in an account: in whose name it acts, what it says first, why it is refused, and what it leaves."""

from __future__ import annotations

import contextlib
import re
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from account.record import Record

if TYPE_CHECKING:
    from collections.abc import Callable

TESTS = Path(__file__).parent.parent
RECORDING_FOLDER = Path(__file__).parent / "recording"
UNTIL_CONSISTENT = 60.0
"""The seconds that a read gets until it shows a write; AWS's own CloudFormation handler waits as long."""
UNTIL_SETTLED = 600.0
"""The seconds after its last line until a record is judged by what AWS lists. Before, its run may still go on, or AWS may not list a creation yet."""


class RefusalError(Exception):
    """The run is refused, and nothing was made. The message says why, and what to do."""


@dataclass(frozen=True)
class Run:
    """The settings of a run, from its user. ``records`` is the folder with a record per run; ``endpoint_url`` answers in the place of AWS."""

    profile: str
    region: str
    confirmation: str
    members: tuple[str, ...]
    records: Path
    endpoint_url: str | None = None


@dataclass(frozen=True)
class Account:
    """The account in which a run acts: its number, the ARN of the caller, a client of Clean Rooms, and the run's record."""

    run: Run
    number: str
    caller: str
    client: Any
    record: Record

    @property
    def settings(self) -> dict[str, str]:
        """The settings of a stack in this account."""
        settings = {"aws:profile": self.run.profile, "aws:region": self.run.region}
        url = self.run.endpoint_url
        return (
            settings
            if url is None
            else settings | {"aws:endpoints": f'[{{"cleanrooms": "{url}", "sts": "{url}"}}]'}
        )

    @property
    def host_variables(self) -> dict[str, str]:
        """The variables of Pulumi's host. The endpoint is consistent at once, so nothing has to wait for it as long as for AWS."""
        variables = {"PYTHONPATH": f"{RECORDING_FOLDER}:{TESTS}", **self.record.to_variables()}
        return variables | {"ACCOUNT_IMPATIENT": "1"} if self.run.endpoint_url else variables

    def list_ids(self) -> set[str]:
        """Return the IDs of the collaborations that the account sees."""
        pages = self.client.get_paginator("list_collaborations").paginate()
        return {each["id"] for page in pages for each in page["collaborationList"]}

    def delete_remaining(self) -> None:
        """Delete the collaborations that the run has created and not deleted. One that cannot be deleted stays in the record."""
        for arn in self.record.list_remaining():
            with contextlib.suppress(BotoCoreError, ClientError):
                self.client.delete_collaboration(collaborationIdentifier=arn.rsplit("/", 1)[1])

    def find_leftovers(self) -> list[str]:
        """Return the ARNs that other runs created and did not delete. A record whose collaborations are all gone is removed."""
        leftovers = []
        for file in sorted(set(self.run.records.glob("*.txt")) - {self.record.file}):
            is_settled = time.time() - file.stat().st_mtime > UNTIL_SETTLED
            remaining = [
                arn
                for arn in Record(file).list_remaining()
                if not is_settled or self._may_exist(arn)
            ]
            leftovers += remaining
            if is_settled and not remaining:
                file.unlink()
        return leftovers

    def _may_exist(self, arn: str) -> bool:
        return (
            f":{self.run.region}:{self.number}:" not in arn
            or arn.rsplit("/", 1)[1] in self.list_ids()
        )

    def explain_deletion(self, arns: list[str]) -> str:
        """Return the command that deletes each of the collaborations."""
        endpoint = f" --endpoint-url {self.run.endpoint_url}" if self.run.endpoint_url else ""
        command = f"aws cleanrooms delete-collaboration --profile {self.run.profile}{endpoint}"
        return "\n".join(
            f"    {command} --region {arn.split(':')[3]} --collaboration-identifier {arn.rsplit('/', 1)[1]}"
            for arn in arns
        )

    def describe(self) -> str:
        """Return what the run will do."""
        invitation_sentence = (
            f"It invites {', '.join(self.run.members)}."
            if self.run.members
            else "It invites nobody, because MEMBERS names no account."
        )
        return (
            f"A run with these settings acts in account {self.number} as {self.caller}, in {self.run.region}. "
            f'It creates fewer than 20 collaborations, at most 2 of them at a time, whose names begin with "cleanrooms-resource test". '
            f"It deletes only those, and writes their ARNs to {self.record.file}. {invitation_sentence}"
        )


def open_account(run: Run) -> Account:
    """Return the account of the run's profile.

    Raises:
        RefusalError: the run is incomplete, STS does not answer, or the confirmation is not the number of the account.

    """
    if not run.profile or not run.region:
        raise RefusalError(
            "PROFILE and REGION are required. Write `make test-aws PROFILE=name REGION=us-east-1`."
        )
    for member in run.members:
        if not re.fullmatch(r"[0-9]{12}", member):
            raise RefusalError(
                f"MEMBERS has {member}, which is not an account ID of 12 digits. Write MEMBERS=222233334444,333344445555."
            )
    try:
        session = boto3.Session(profile_name=run.profile, region_name=run.region)
        identity = session.client("sts", endpoint_url=run.endpoint_url).get_caller_identity()
    except (BotoCoreError, ClientError) as error:
        raise RefusalError(
            f'STS did not name the account of profile "{run.profile}": {error}. Check PROFILE and its credentials.'
        ) from None
    client = session.client("cleanrooms", endpoint_url=run.endpoint_url)
    record = Record(
        run.records / f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{uuid4().hex[:8]}.txt", run.members
    )
    record.attach(client.meta.events.register)
    account = Account(run, identity["Account"], identity["Arn"], client, record)
    if account.number in run.members:
        raise RefusalError(
            f"MEMBERS has {account.number}, the account of the run itself. Name other accounts."
        )
    if run.confirmation != account.number:
        reason = f"CONFIRM is {run.confirmation}" if run.confirmation else "CONFIRM is missing"
        raise RefusalError(
            f"{account.describe()}\n{reason}, so nothing was created. If account {account.number} is right, add CONFIRM={account.number}."
        )
    run.records.mkdir(parents=True, exist_ok=True)
    return account


def wait_until(condition: Callable[[], bool]) -> bool:
    """Return True as soon as the condition holds, or False where it does not hold in time. AWS denies reads of what does not show yet."""
    deadline = time.monotonic() + UNTIL_CONSISTENT
    while time.monotonic() < deadline:
        with contextlib.suppress(ClientError):
            if condition():
                return True
        time.sleep(1)
    return False
