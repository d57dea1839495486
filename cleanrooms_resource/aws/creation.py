"""Creation: CreateCollaboration, which has no idempotency token, and the search for a collaboration whose answer was lost."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from cleanrooms_resource.aws.calls import (
    describe_call,
    explain_call,
    list_collaborations,
    read_collaboration,
    send_creation,
)
from cleanrooms_resource.aws.waiting import WAITING, send_while_throttled, sleep
from cleanrooms_resource.changes.creation_match import is_created_from
from cleanrooms_resource.errors import (
    AccessDeniedError,
    AnswerLostError,
    CollaborationError,
    CreationLostError,
    CredentialsError,
    InternalServerError,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cleanrooms_resource.aws.connection import Connection


def create_collaboration(
    connection: Connection, declaration: Mapping[str, Any], *, is_name_plain: bool
) -> dict[str, Any]:
    """Call CreateCollaboration. Return the response's ``collaboration``, or GetCollaboration's where the response was lost.

    Errors quote the collaboration's name if ``is_name_plain``.

    The request has no idempotency token. The provider sends it again only while AWS throttles it and so did nothing, for up to
    ``WAITING.throttled_creation`` seconds.

    Raises:
        CreationLostError: the answer was lost, and AWS listed no such collaboration within ``WAITING.until_listed`` seconds.
        RunCancelledError: the run was cancelled. The error says whether the collaboration may exist.
        CollaborationError: AWS refused the request, or nothing was sent.

    """
    name = declaration["name"] if is_name_plain else None
    sent = WAITING.now()

    def send() -> dict[str, Any]:
        nonlocal sent
        sent = WAITING.now()
        return send_creation(connection, declaration, name)

    try:
        collaboration = send_while_throttled(send)
    except (AnswerLostError, InternalServerError) as error:
        reason = error.reason
    else:
        claimed = _claim(collaboration["id"], sent)
        if claimed is None:
            return collaboration
        sent, reason = (
            claimed,
            "the answer named a collaboration that another creation of this run already has",
        )
    # The search is outside the except block: the engine would draw both errors, and their tracebacks.
    return _find_lost_creation(connection, declaration, name, sent, reason)


_CLAIMED: dict[str, float] = {}
_LOCK = threading.Lock()


def _claim(id_: str, sent: float) -> float | None:
    """Claim a collaboration for the creation sent at ``sent``.

    Return None, or the time at which an earlier claimant sent its creation.
    """
    with _LOCK:
        if id_ in _CLAIMED:
            return _CLAIMED[id_]
        _CLAIMED[id_] = sent
        return None


def _find_lost_creation(
    connection: Connection,
    declaration: Mapping[str, Any],
    plain_name: str | None,
    sent: float,
    reason: str,
) -> dict[str, Any]:
    """Return the collaboration of a creation whose answer was lost.

    The collaboration equals the declaration, this account created it after ``sent``, and no other creation claimed it.
    """
    deadline = WAITING.now() + WAITING.until_listed
    lost, outcome = (
        f"{describe_call('creating', plain_name, connection)}: AWS's answer was lost ({reason})",
        "AWS lists no such collaboration",
    )
    advice = (
        f"Look for the collaboration with `aws cleanrooms list-collaborations --region {connection.region}`. If AWS lists it, adopt it with "
        "`import_`. If AWS does not list it after a minute, run `pulumi up` again."
    )
    while True:
        began = WAITING.now()
        try:
            candidates = _list_candidates(connection, declaration["name"], sent)
        except CollaborationError as error:
            outcome = f"looking for the collaboration failed: {error.reason}"
            if isinstance(error, AccessDeniedError | CredentialsError):
                break
            candidates = []
        for summary in candidates:
            try:
                live = read_collaboration(connection, summary["id"], summary["arn"], plain_name)
            except CollaborationError as error:
                # The other reads may not show a collaboration that is listed already.
                outcome = f"{summary['id']}, which may be the collaboration, cannot be read: {error.reason}"
                continue
            if is_created_from(live, declaration) and _claim(summary["id"], sent) is None:
                return dict(live.collaboration)
        # A slow look may have begun long before AWS lists the collaboration. The last look therefore begins when the time is up.
        if began + WAITING.between_looks >= deadline:
            break
        cancelled = f"{lost}. The run was cancelled while the provider looked for the collaboration, which may exist."
        sleep(WAITING.between_looks, cancelled, advice=advice)
    raise CreationLostError(
        f"{lost}, and {outcome}. The collaboration may exist all the same, and the provider does not send the request again.",
        advice=advice,
    )


def _list_candidates(connection: Connection, name: str, sent: float) -> list[Mapping[str, Any]]:
    """Return the summaries of the collaborations that may be the lost one, oldest first.

    They have this name, this account created them after ``sent``, and no creation has claimed them.
    """
    with explain_call("looking for", None, connection):
        account = connection.account
        listing = list_collaborations(connection)
    # Only AWS's clock counts, never the local clock. By each reading, AWS's clock was at least so far when the creation was sent. The latest of these
    # times is the closest, however long the listing or an answer took. AWS may cut createTime to whole seconds.
    clocks = [*listing.clocks, *([connection.clock] if connection.clock else [])]
    since = max(clock.earliest_at(sent) for clock in clocks) - timedelta(seconds=1)
    candidates = [
        each
        for each in listing.summaries
        if each["name"] == name
        and each["creatorAccountId"] == account
        and each["createTime"] >= since
    ]
    return sorted(
        (each for each in candidates if each["id"] not in _CLAIMED),
        key=lambda summary: summary["createTime"],
    )
