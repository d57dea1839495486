"""The changes of members without a replacement: change requests, DeleteMember, and the wait until AWS shows the result.

The provider lists before it submits, because a change request has no idempotency token and an earlier update may have been cut off. It touches only
its own change requests: those whose ids are in the state, and those that equal the wanted changes and were made since the last `up`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from cleanrooms_resource.aws import calls
from cleanrooms_resource.aws.existence import call_existing, get_plain_name
from cleanrooms_resource.aws.waiting import WAITING, send_while_throttled, sleep
from cleanrooms_resource.changes.change_requests import (
    OPEN,
    ChangeRequest,
    is_committed_last,
    list_denied_requests,
    read_outputs,
)
from cleanrooms_resource.changes.known_collaboration import DEPARTED
from cleanrooms_resource.changes.live_collaboration import has_change, has_types
from cleanrooms_resource.errors import (
    AnswerLostError,
    ChangeRequestLostError,
    ChangeRequestRefusedError,
    ConflictError,
    InternalServerError,
    ResourceNotFoundError,
)
from cleanrooms_resource.hidden_keys import APPLIED_AT, READ_AT
from cleanrooms_resource.pulumi_sdk import print_on_stack

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from cleanrooms_resource.aws.connection import Connection
    from cleanrooms_resource.aws.waiting import Progress
    from cleanrooms_resource.changes.change_requests import RequestedChange

MAX_CHANGES: Final = 10
"""The number of changes that a change request can make (ChangeInputList in botocore's model)."""

_CLOCK_MARGIN: Final = timedelta(minutes=5)
"""The time of an `up` is this machine's, and the time of a change request is AWS's."""

Summaries = list["Mapping[str, Any]"]
"""ListMembers' ``memberSummaries``."""


@dataclass(frozen=True, slots=True)
class MemberUpdate:
    """An update of a collaboration's members. ``outputs`` are those of the state."""

    connection: Connection
    id: str
    outputs: Mapping[str, Any]
    progress: Progress

    @property
    def name(self) -> str | None:
        return get_plain_name(self.outputs)

    def list_members(self) -> Summaries:
        with self.progress.make_step():
            return call_existing(
                self.connection,
                self.id,
                self.outputs,
                lambda: calls.list_members(self.connection, self.id, self.name),
            )

    def request(
        self,
        changes: Sequence[RequestedChange],
        approved_types: frozenset[str],
        *,
        left_alone: Collection[str],
        proposes: bool,
    ) -> list[ChangeRequest]:
        """Have change requests make the changes. Return the change requests that wait for approval; without ``proposes`` there are none.

        ``left_alone`` are the ids of change requests that the program ignores.

        Raises:
            ChangeRequestRefusedError: a member denied a change; or, without ``proposes``, AWS did not approve a change by itself.
            ChangeRequestLostError: the answer of a submission was lost, and AWS does not list the change request.
            CollaborationError: a call failed.

        """
        requests = [each for each in self._list_requests() if each.id not in left_alone]
        wanted = self._list_unmade(changes, requests)
        own = [request for request in requests if self._is_own(request, wanted)]
        ids = {each.id for each in read_outputs(self.outputs)}
        denied = [each for each in list_denied_requests(own, wanted) if each.id in ids]
        waiting: list[ChangeRequest] = []
        for request in requests:
            if request in denied:
                self._refuse_denied(request)
            if request.status not in OPEN:
                continue
            if request not in own:
                print_on_stack(
                    f"Clean Rooms collaboration {self.id}: change request {request.id} is {request.status}, and this resource did not submit it. "
                    "The provider leaves it alone."
                )
            elif not request.is_wanted(wanted) or (
                request.status == "PENDING" and not (request.is_auto_approved or proposes)
            ):
                self._cancel(request)
            else:
                waiting += self._settle(request)
                wanted = [each for each in wanted if each not in request.match(wanted)]
        for batch in _make_batches(wanted, approved_types):
            request = self._submit(batch, {each.id for each in requests})
            self.progress.steps.append(_describe_submission(request))
            if request.status == "PENDING" and not (request.is_auto_approved or proposes):
                self._refuse_unapproved(request)
            waiting += self._settle(request)
        return waiting

    def remove(self, accounts: Iterable[str]) -> None:
        """Call DeleteMember for the members who have not departed already."""
        statuses = {each["accountId"]: each["status"] for each in self.list_members()}
        for account in accounts:
            if statuses.get(account) in (None, *DEPARTED):
                continue
            with self.progress.make_step(f"removed member {account}"):
                calls.delete_member(self.connection, self.id, self.name, account)

    def wait_for_members(self, is_shown: Callable[[Summaries], bool]) -> Summaries:
        """Return the member summaries once ListMembers shows the result of the update.

        Raises:
            AnswerLostError: ListMembers did not show the result within ``WAITING.until_listed`` seconds.

        """
        deadline = WAITING.now() + WAITING.until_listed
        while True:
            members = self.list_members()
            if is_shown(members):
                return members
            if WAITING.now() >= deadline:
                with self.progress.make_step():
                    raise AnswerLostError(
                        f"AWS accepted the changes of members, and ListMembers does not show them after {WAITING.until_listed:g} s."
                    )
            self._sleep("ListMembers to show the changes of members, which AWS accepted")

    def _sleep(self, event: str) -> None:
        """Sleep between two looks for the event.

        Raises:
            RunCancelledError: the run was cancelled, with the steps that took effect before.

        """
        with self.progress.make_step():
            sleep(
                WAITING.between_looks,
                f"The run was cancelled while the provider waited for {event}.",
            )

    def _list_requests(self) -> list[ChangeRequest]:
        with self.progress.make_step():
            return call_existing(
                self.connection,
                self.id,
                self.outputs,
                lambda: calls.list_change_requests(self.connection, self.id, self.name),
            )

    def _list_unmade(
        self, changes: Sequence[RequestedChange], requests: Sequence[ChangeRequest]
    ) -> list[RequestedChange]:
        """Return the changes that AWS has not made yet. An earlier update may have been cut off after it made some of them.

        ListMembers and GetCollaboration decide. They may lag behind a change request that was committed just now, so
        the provider waits for them before it submits the same change again.
        """
        deadline = WAITING.now() + WAITING.until_listed
        while True:
            unmade = self._compare_with_aws(changes)
            is_lagging = any(is_committed_last(requests, change) for change in unmade)
            if not is_lagging or WAITING.now() >= deadline:
                return unmade
            self._sleep("AWS to show the change requests that it committed")

    def _compare_with_aws(self, changes: Sequence[RequestedChange]) -> list[RequestedChange]:
        """Return the changes whose result AWS does not show."""
        members = self.list_members()
        if all(change.account for change in changes):
            return [change for change in changes if not has_change(members, change)]
        with self.progress.make_step():
            collaboration = call_existing(
                self.connection,
                self.id,
                self.outputs,
                lambda: calls.get_collaboration(self.connection, self.id, self.name),
            )
        return [
            change
            for change in changes
            if not (has_change(members, change) or has_types(collaboration, change))
        ]

    def _is_own(self, request: ChangeRequest, wanted: Sequence[RequestedChange]) -> bool:
        if request.id in {each.id for each in read_outputs(self.outputs)}:
            return True
        # An `up` of an older version wrote no time, and a refresh since has written its own.
        since = self.outputs.get(APPLIED_AT) or self.outputs.get(READ_AT)
        if not (request.changes and request.is_wanted(wanted) and since and request.created):
            return False
        return request.created >= datetime.fromisoformat(since) - _CLOCK_MARGIN

    def _refuse_denied(self, request: ChangeRequest) -> None:
        with self.progress.make_step():
            raise ChangeRequestRefusedError(
                f"{' and '.join(request.list_accounts('DENIED')) or 'A member'} denied change request {request.id}, which {request.describe()}.",
                advice="Take the change out of the program and run `pulumi up`. To ask again, declare the change again after that.",
            )

    def _refuse_unapproved(self, request: ChangeRequest) -> None:
        self._cancel(request)
        # The change request is gone again.
        self.progress.steps[-2:] = []
        with self.progress.make_step():
            raise ChangeRequestRefusedError(
                f"AWS did not auto-approve change request {request.id} (its change types are {' and '.join(request.list_types())}), "
                "so the provider cancelled the change request.",
                advice=(
                    "Run `pulumi refresh` to see which types the collaboration auto-approves. "
                    'To leave the change request open for the members, set change_requests="PROPOSE".'
                ),
            )

    def _submit(self, batch: Sequence[RequestedChange], ids_before: set[str]) -> ChangeRequest:
        try:
            with self.progress.make_step():
                return send_while_throttled(
                    lambda: calls.submit_change_request(self.connection, self.id, self.name, batch)
                )
        except (AnswerLostError, InternalServerError) as error:
            reason = error.reason
        self.progress.steps.append("may have submitted a change request")
        deadline = WAITING.now() + WAITING.until_listed
        while True:
            for request in self._list_requests():
                if (
                    request.id not in ids_before
                    and request.is_wanted(batch)
                    and len(request.match(batch)) == len(batch)
                ):
                    self.progress.steps.pop()
                    return request
            if WAITING.now() >= deadline:
                break
            self._sleep("AWS to list a change request whose answer was lost")
        with self.progress.make_step():
            raise ChangeRequestLostError(
                f"AWS's answer to a change request was lost ({reason}), and AWS lists no such change request. The change request may exist."
            )

    def _settle(self, request: ChangeRequest) -> list[ChangeRequest]:
        """Commit an approved change request. Return the request where it waits for approval."""
        deadline = WAITING.now() + WAITING.until_listed
        while request.status == "PENDING" and request.is_auto_approved and WAITING.now() < deadline:
            self._sleep(f"AWS to approve change request {request.id}")
            with self.progress.make_step():
                request = calls.get_change_request(self.connection, self.id, self.name, request.id)
        if request.status == "PENDING":
            return [request]
        if request.status == "APPROVED":
            self._act(request, "COMMIT", "COMMITTED", "")
        elif request.status != "COMMITTED":
            with self.progress.make_step():
                raise ChangeRequestRefusedError(
                    f"Change request {request.id} is {request.status}.",
                    advice="Run `pulumi refresh`, then `pulumi up` again.",
                )
        submission = _describe_submission(request)
        commit = f"committed change request {request.id}, which {request.describe()}"
        self.progress.steps[:] = [step for step in self.progress.steps if step != submission] + [
            commit
        ]
        return []

    def _cancel(self, request: ChangeRequest) -> None:
        self._act(request, "CANCEL", "CANCELLED", _describe_cancellation(request))

    def _act(self, request: ChangeRequest, action: Any, status: str, effect: str) -> None:
        with self.progress.make_step(effect):
            try:
                calls.settle_change_request(self.connection, self.id, self.name, request.id, action)
            except (AnswerLostError, InternalServerError, ConflictError):
                # boto3 repeats the call, and the repetition of one that took effect is a conflict.
                self.progress.steps.append(f"may have {status.lower()} change request {request.id}")
                latest = calls.get_change_request(self.connection, self.id, self.name, request.id)
                self.progress.steps.pop()
                if latest.status != status:
                    raise


def read_open_requests(
    connection: Connection, id_: str, outputs: Mapping[str, Any]
) -> list[ChangeRequest]:
    """Return the change requests of the state as AWS has them, without those that took effect or were cancelled."""
    requests = []
    for request in read_outputs(outputs):
        try:
            latest = calls.get_change_request(connection, id_, get_plain_name(outputs), request.id)
        except ResourceNotFoundError:
            continue
        requests += [latest] if latest.status in (*OPEN, "DENIED") else []
    return requests


def _describe_submission(request: ChangeRequest) -> str:
    return f"submitted change request {request.id}, which {request.describe()}"


def _describe_cancellation(request: ChangeRequest) -> str:
    return f"cancelled change request {request.id}"


def _make_batches(
    changes: Iterable[RequestedChange], approved_types: frozenset[str]
) -> list[list[RequestedChange]]:
    """Return the changes of each change request. One change that needs approval would hold up all changes beside it."""
    changes = list(changes)
    at_once = [change for change in changes if change.types <= approved_types]
    by_vote = [change for change in changes if change not in at_once]
    return [
        group[start : start + MAX_CHANGES]
        for group in (at_once, by_vote)
        for start in range(0, len(group), MAX_CHANGES)
    ]
