"""The verbs ``endpoint``, which serves an endpoint that stands in for AWS, and ``partner``.

``partner`` has an account act as a member of a collaboration at such an endpoint.
"""

from __future__ import annotations

import os
import re
import signal
from typing import TYPE_CHECKING, Any, Final

from cleanrooms_resource.commands import STATUS_OF_FAILURE, fail
from cleanrooms_resource.errors import DependencyError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

HELP: Final = "serve an in-memory endpoint that stands in for AWS, on 127.0.0.1, until SIGINT, SIGTERM or SIGHUP"
_SIGNALS: Final = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
"""The signals that end the endpoint. A terminal that is closed sends SIGHUP."""

PARTNER_HELP: Final = "have a partner join or leave a collaboration, or approve or deny a change request, at a running endpoint of this machine"
_OPEN_STATUSES: Final = ("PENDING", "APPROVED")

# An exact form, because URL parsers do not agree about others.
_LOOPBACK: Final = re.compile(
    r"https?://(127\.\d{1,3}\.\d{1,3}\.\d{1,3}|localhost|\[::1\])(:\d{1,5})?/?"
)
_ACCOUNT: Final = re.compile(r"[0-9]{12}")
_ID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=0, help="the port; by default any free port")


def run(arguments: argparse.Namespace) -> int:
    """Print the address and serve until a signal arrives; return the exit status."""
    try:
        from cleanrooms_resource.testing import endpoint
    except DependencyError as error:
        return fail(str(error))
    # The endpoint's threads inherit the block, so the signals reach only this thread, in sigwait.
    signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
    try:
        with endpoint(arguments.port) as running:
            print(running.address, flush=True)
            signal.sigwait(_SIGNALS)
    except OSError as error:
        advice = "Choose another --port, or end the process that uses this one."
        return fail(f"The endpoint cannot listen on {error}. {advice}")
    return 0


class PartnerError(Exception):
    """The partner cannot act. The message says why."""


def add_partner_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("action", choices=tuple(_ACTIONS), help="what the partner does")
    parser.add_argument(
        "collaboration", metavar="COLLABORATION", help="the ID of the collaboration"
    )
    parser.add_argument("account", metavar="ACCOUNT", help="the partner's account, 12 digits")
    parser.add_argument(
        "--endpoint-url",
        default=os.environ.get("AWS_ENDPOINT_URL") or "http://127.0.0.1:8080",
        help="the address that `endpoint` printed; by default AWS_ENDPOINT_URL, or else http://127.0.0.1:8080",
    )
    parser.add_argument(
        "--region",
        default="us-east-1",
        help="the region of the collaboration; by default us-east-1",
    )
    parser.add_argument(
        "--request",
        metavar="ID",
        help="the change request to approve or deny; by default the only one that is open",
    )


def run_partner(arguments: argparse.Namespace) -> int:
    """Act as the partner and print what happened; return the exit status."""
    from botocore.exceptions import BotoCoreError, ClientError
    from botocore.exceptions import ConnectionError as ConnectionFailure
    from botocore.parsers import ResponseParserError

    subject = f"Account {arguments.account} cannot {arguments.action}"
    try:
        _check(arguments)
        print(_ACTIONS[arguments.action](_connect(arguments), arguments))
    except PartnerError as error:
        return fail(f"{subject}: {error}", STATUS_OF_FAILURE)
    except ClientError as error:
        return fail(f"{subject}: {_explain(error.response['Error'])}", STATUS_OF_FAILURE)
    except ConnectionFailure:
        advice = "Start one with `cleanrooms-resource endpoint --port 8080`, or name it with --endpoint-url."
        reason = f"no endpoint answers at {arguments.endpoint_url}. {advice}"
        return fail(f"{subject}: {reason}", STATUS_OF_FAILURE)
    except BotoCoreError as error:
        return fail(f"{subject}: boto3 says: {' '.join(str(error).split())}", STATUS_OF_FAILURE)
    except (ResponseParserError, KeyError):
        return fail(
            f"{subject}: what answers at {arguments.endpoint_url} is not an endpoint of Clean Rooms.",
            STATUS_OF_FAILURE,
        )
    return 0


def _check(arguments: argparse.Namespace) -> None:
    if not _LOOPBACK.fullmatch(arguments.endpoint_url):
        raise PartnerError(
            f"{arguments.endpoint_url} is not an address of this machine; --endpoint-url must be like http://127.0.0.1:8080."
        )
    if not _ACCOUNT.fullmatch(arguments.account):
        raise PartnerError("an account has 12 digits.")
    if not _ID.fullmatch(arguments.collaboration):
        raise PartnerError(f'"{arguments.collaboration}" is not the ID of a collaboration.')
    if arguments.request is not None and arguments.action not in ("approve", "deny"):
        raise PartnerError("--request goes with approve and deny.")
    if arguments.request is not None and not _ID.fullmatch(arguments.request):
        raise PartnerError(f"{arguments.request} is not the ID of a change request.")


def _connect(arguments: argparse.Namespace) -> Any:
    """Return a client that acts in the partner's account. It uses no proxy, so no request leaves this machine."""
    import boto3
    from botocore.config import Config

    options = Config(
        retries={"total_max_attempts": 1}, connect_timeout=5, read_timeout=30, proxies={}
    )
    keys = {"aws_access_key_id": arguments.account, "aws_secret_access_key": "local"}
    return boto3.client(
        "cleanrooms", arguments.region, endpoint_url=arguments.endpoint_url, config=options, **keys
    )


def _join(client: Any, arguments: argparse.Namespace) -> str:
    """Join, and accept what the member pays for."""
    pages = client.get_paginator("list_members").paginate(
        collaborationIdentifier=arguments.collaboration
    )
    members = [member for page in pages for member in page["memberSummaries"]]
    payments = [
        {"paymentConfiguration": member["paymentConfiguration"]}
        for member in members
        if member["accountId"] == arguments.account
    ]
    answer = client.create_membership(
        collaborationIdentifier=arguments.collaboration,
        queryLogStatus="DISABLED",
        **(payments[0] if payments else {}),
    )
    return f"Account {arguments.account} joined collaboration {arguments.collaboration}; its membership is {answer['membership']['id']}."


def _leave(client: Any, arguments: argparse.Namespace) -> str:
    pages = client.get_paginator("list_memberships").paginate(status="ACTIVE")
    memberships = [membership for page in pages for membership in page["membershipSummaries"]]
    ids = [
        membership["id"]
        for membership in memberships
        if membership["collaborationId"] == arguments.collaboration
    ]
    if not ids:
        raise PartnerError(
            f"it has no active membership of collaboration {arguments.collaboration} in {arguments.region}."
        )
    client.delete_membership(membershipIdentifier=ids[0])
    return f"Account {arguments.account} left collaboration {arguments.collaboration}, and cannot join it again."


def _approve(client: Any, arguments: argparse.Namespace) -> str:
    return _decide(client, arguments, "APPROVE", "approved")


def _deny(client: Any, arguments: argparse.Namespace) -> str:
    return _decide(client, arguments, "DENY", "denied")


def _decide(client: Any, arguments: argparse.Namespace, action: str, verb: str) -> str:
    id_ = arguments.request or _find_open_request(client, arguments.collaboration)
    answer = client.update_collaboration_change_request(
        collaborationIdentifier=arguments.collaboration, changeRequestIdentifier=id_, action=action
    )
    status = answer["collaborationChangeRequest"]["status"]
    return f"Account {arguments.account} {verb} change request {id_}; the status of the request is {status}."


def _find_open_request(client: Any, collaboration: str) -> str:
    """Return the ID of the only open change request."""
    pages = client.get_paginator("list_collaboration_change_requests").paginate(
        collaborationIdentifier=collaboration
    )
    requests = [
        request for page in pages for request in page["collaborationChangeRequestSummaries"]
    ]
    open_requests = [request for request in requests if request["status"] in _OPEN_STATUSES]
    if len(open_requests) == 1:
        return str(open_requests[0]["id"])
    texts = [
        f"{request['id']} ({request['status']}: {_list_types(request)})"
        for request in open_requests or requests
    ]
    if open_requests:
        raise PartnerError(
            f"collaboration {collaboration} has several open change requests. Choose 1 with --request: {', '.join(texts)}."
        )
    rest = f"; those that are closed: {', '.join(texts)}" if texts else ""
    raise PartnerError(f"collaboration {collaboration} has no open change request{rest}.")


def _list_types(request: dict[str, Any]) -> str:
    return ", ".join(type_ for change in request["changes"] for type_ in change["types"])


def _explain(error: dict[str, str]) -> str:
    hint = (
        " Check the ID of the collaboration, the account and --region."
        if error.get("Code") == "AccessDeniedException"
        else ""
    )
    return f"the endpoint answers with {error.get('Code')}: {error.get('Message')}{hint}"


_ACTIONS: Final[dict[str, Callable[[Any, argparse.Namespace], str]]] = {
    "join": _join,
    "leave": _leave,
    "approve": _approve,
    "deny": _deny,
}
