"""The embedded endpoint: moto's server, in memory, on loopback, behind a layer that answers as Clean Rooms does.

The layer takes its validation from botocore's model and its answers from recordings of AWS. It knows nothing of how this package declares a
collaboration, so a test against the endpoint tests more than the package's agreement with itself.
"""

from __future__ import annotations

import io
import json
import logging
import os
import socket
import threading
import time
from collections import deque
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from moto.cleanrooms.models import cleanrooms_backends
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.exceptions import HTTPException
from werkzeug.serving import make_server
from werkzeug.test import run_wsgi_app
from werkzeug.wrappers import Request, Response

from cleanrooms_resource.testing import change_request_calls, memberships, refusals, service_model
from cleanrooms_resource.testing.callers import (
    Caller,
    Callers,
    RecordedRequest,
    parse_credential_scope,
)
from cleanrooms_resource.testing.collaborations import CollaborationRecord
from cleanrooms_resource.testing.error_response import ErrorResponse
from cleanrooms_resource.testing.faults import Faults, TruncatedResponse
from cleanrooms_resource.testing.pages import cut_page
from cleanrooms_resource.testing.refusals import ApiCall

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from _typeshed.wsgi import StartResponse


@dataclass
class Endpoint:
    """An endpoint that is running: its address, ``http://127.0.0.1:PORT``, and the collaborations behind it."""

    address: str = ""
    collaborations: dict[str, CollaborationRecord] = field(default_factory=dict)
    """The collaborations by ID. A test can read them, and have partners join, leave or be added."""
    quotas: dict[str, int] = field(default_factory=lambda: {"Members per collaboration": 5})
    """The quotas by the name that ServiceQuotaExceededException has: "Members per collaboration" (those that are invited or active),
    "Collaborations per account" and "Open change requests per collaboration"."""
    commits_auto_approved: bool = True
    """Whether an auto-approved change request is committed at once. If not, it is APPROVED, and the creator must commit it."""
    faults: Faults = field(default_factory=Faults)
    requests: deque[RecordedRequest] = field(default_factory=lambda: deque(maxlen=10_000))
    """The newest requests, of Clean Rooms and of STS, in the order in which they arrived."""
    callers: Callers = field(default_factory=Callers)

    @property
    def settings(self) -> dict[str, str]:
        """The configuration of a stack that uses this endpoint, with structured values as JSON text."""
        return {
            "aws:region": "us-east-1",
            "aws:accessKey": "local",
            "aws:secretKey": "local",
            "aws:endpoints": json.dumps([{"cleanrooms": self.address, "sts": self.address}]),
        }


@contextmanager
def endpoint(port: int = 0) -> Iterator[Endpoint]:
    """Serve Clean Rooms and STS on 127.0.0.1 while the context lasts; port 0 is any free port.

    Raises:
        OSError: the endpoint cannot listen on the port.

    """
    logging.getLogger("werkzeug").setLevel(
        logging.ERROR
    )  # Werkzeug logs a line per request otherwise.
    running = Endpoint()
    with _listen(port) as listener:
        bound_port, layer = listener.getsockname()[1], _CleanRoomsLayer(running)
        server = make_server("127.0.0.1", bound_port, layer, threaded=True, fd=listener.fileno())
    running.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=[0.02], daemon=True)
    thread.start()
    try:
        yield running
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _listen(port: int) -> socket.socket:
    """Listen on the port. Werkzeug ends the process when a port is in use; a socket of our own raises OSError."""
    try:
        return socket.create_server(("127.0.0.1", port))
    except (OSError, OverflowError) as error:
        # Python's own text repeats the address.
        reason = (
            os.strerror(error.errno) if isinstance(error, OSError) and error.errno else str(error)
        )
        raise OSError(f"port {port} of 127.0.0.1: {reason.rstrip('.')}") from None


class _CleanRoomsLayer:
    """A WSGI application in front of moto.

    It checks each request of Clean Rooms, passes the request to moto, and corrects moto's answer. Other services' requests go to moto as they are.
    """

    def __init__(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint
        self.moto = DomainDispatcherApplication(create_backend_app)
        self.lock = threading.RLock()

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        key, region, service = parse_credential_scope(environ)
        caller = self.endpoint.callers.find(key)
        environ["HTTP_X_MOTO_ACCOUNT_ID"] = caller.account
        if service != "cleanrooms":
            return self._answer_sts(environ, caller, region)(environ, start_response)  # type: ignore[no-any-return]
        try:
            response = self._answer(environ, caller, region)
        except ErrorResponse as error:
            response = Response(
                json.dumps(error.body),
                error.status,
                {"x-amzn-errortype": error.code},
                content_type="application/json",
            )
        except TruncatedResponse:
            response = Response('{"collaboration": {"id": "', content_type="application/json")
        return response(environ, start_response)

    def _answer_sts(self, environ: dict[str, Any], caller: Caller, region: str) -> Any:
        request = Request(environ)
        parameters = request.form.to_dict()
        operation = parameters.get("Action", "")
        self._record_request(request, caller, ("sts", region), operation, parameters)
        try:
            self.endpoint.faults.apply(operation, "before", environ)
            self.endpoint.callers.refuse_role(operation, parameters.get("RoleArn", ""))
        except ErrorResponse as error:
            body = f"<ErrorResponse><Error><Code>{error.code}</Code><Message>{error}</Message></Error></ErrorResponse>"
            return Response(body, error.status, content_type="text/xml")
        environ["wsgi.input"] = io.BytesIO(
            urlencode(parameters).encode()
        )  # moto reads the body again.
        environ["CONTENT_LENGTH"] = str(len(urlencode(parameters)))
        if not operation.startswith("AssumeRole"):
            return self.moto
        chunks, status, headers = run_wsgi_app(self.moto, environ)
        answer = b"".join(chunks)
        self.endpoint.callers.note_answer(parameters, answer.decode())
        return Response(answer, status, headers)

    def _record_request(
        self,
        request: Request,
        caller: Caller,
        scope: tuple[str, str],
        operation: str,
        parameters: dict[str, str] | None = None,
    ) -> None:
        token = request.headers.get("X-Amz-Security-Token", "")
        self.endpoint.requests.append(
            RecordedRequest(
                caller, *scope, request.host, operation, request.path, token, parameters or {}
            )
        )

    def _answer(self, environ: dict[str, Any], caller: Caller, region: str) -> Response:
        request = Request(environ)
        try:
            call = ApiCall(caller.account, region, *service_model.parse_request(request))
        except HTTPException:
            raise ErrorResponse(
                404, "UnknownOperationException", "The operation does not exist."
            ) from None
        except ValueError:
            raise ErrorResponse(
                400, "SerializationException", "The request is not JSON of the operation's form."
            ) from None
        self._record_request(request, caller, ("cleanrooms", region), call.operation)
        environ["wsgi.input"] = io.BytesIO(request.get_data())  # moto reads the body again.
        refusals.refuse_unknown_target(call)
        self.endpoint.faults.apply(call.operation, "before", environ)
        refusals.refuse_invalid_parameters(call)
        with self.lock:
            if call.operation == "CreateCollaboration":
                refusals.refuse_creation(
                    call, self.endpoint.collaborations.values(), self.endpoint.quotas
                )
            else:
                refusals.refuse_access(call, self._list_visible(call))
            response = self._perform(call, environ)
        self.endpoint.faults.apply(call.operation, "after", environ)
        return response

    def _perform(self, call: ApiCall, environ: dict[str, Any]) -> Response:
        """Perform a call that is not refused, and return its response."""
        if call.operation == "ListMembers":
            summaries, token = cut_page(
                self._record(call).member_summaries_before(self.endpoint.faults.member_delay),
                call.parameters,
            )
            return _json({"memberSummaries": summaries, **token})
        if call.operation in change_request_calls.OPERATIONS:
            quotas, commits = self.endpoint.quotas, self.endpoint.commits_auto_approved
            return _json(
                change_request_calls.perform(
                    call, self._record(call), quotas, commits_auto_approved=commits
                )
            )
        if call.operation in memberships.OPERATIONS:
            answer = memberships.OPERATIONS[call.operation](call, self._list_visible(call))
            return _json(answer) if answer else Response(status=204)
        if call.operation == "ListCollaborations":
            return self._list_collaborations(call)
        if call.operation == "GetCollaboration":
            # Moto keeps a collaboration only in its creator's account.
            environ["HTTP_X_MOTO_ACCOUNT_ID"] = self._record(call).creator
        answer = self._ask_moto(environ)
        if call.operation == "DeleteCollaboration":
            record = self.endpoint.collaborations.pop(call.parameters["collaborationIdentifier"])
            # Moto keeps the tags of a collaboration that is gone.
            cleanrooms_backends[record.creator][record.region].tagger.delete_all_tags_for_resource(
                record.arn
            )
            return Response(status=204)
        if "collaboration" in answer:
            record = self._save(call, answer["collaboration"])
            answer["collaboration"] |= record.fields_missing_in_moto(call.caller)
        return _json(answer)

    def _record(self, call: ApiCall) -> CollaborationRecord:
        return self.endpoint.collaborations[call.parameters["collaborationIdentifier"]]

    def _save(self, call: ApiCall, answer: dict[str, Any]) -> CollaborationRecord:
        """Save what the call changed, and return the record of the collaboration in moto's answer."""
        id_ = answer["id"]
        if call.operation == "CreateCollaboration":
            times = (answer["createTime"], answer["updateTime"])
            self.endpoint.collaborations[id_] = CollaborationRecord(
                id_, answer["arn"], call.caller, call.region, call.parameters, *times
            )
        record = self.endpoint.collaborations[id_]
        if call.operation == "UpdateCollaboration":
            record.update_time = answer["updateTime"]
            record.parameters |= {
                name: value
                for name, value in call.parameters.items()
                if name != "collaborationIdentifier"
            }
        return record

    def _list_collaborations(self, call: ApiCall) -> Response:
        status = call.parameters.get("memberStatus")
        records = [
            record
            for record in self._list_visible(call)
            if status in (None, record.statuses[call.caller])
        ]
        page, token = cut_page(records, call.parameters)
        summaries = [
            {
                "id": record.id,
                "arn": record.arn,
                "name": record.parameters["name"],
                "creatorAccountId": record.creator,
                "creatorDisplayName": record.parameters["creatorDisplayName"],
                "createTime": record.create_time,
                "updateTime": record.update_time,
                "memberStatus": record.statuses[call.caller],
                "analyticsEngine": record.fields_missing_in_moto(call.caller)["analyticsEngine"],
            }
            for record in page
        ]
        return _json({"collaborationList": summaries, **token})

    def _list_visible(self, call: ApiCall) -> list[CollaborationRecord]:
        """Return the collaborations of the region that the caller is a member of, without those that are too new to be visible."""
        newest = time.time() - self.endpoint.faults.visibility_delay
        return [
            record
            for record in self.endpoint.collaborations.values()
            if record.region == call.region
            and call.caller in record.statuses
            and record.create_time <= newest
        ]

    def _ask_moto(self, environ: dict[str, Any]) -> dict[str, Any]:
        chunks, status, _ = run_wsgi_app(self.moto, environ)
        body = b"".join(chunks)
        if not status.startswith("2"):
            raise ErrorResponse(
                int(status.split()[0]), "InternalServerException", f"moto: {body.decode()}"
            )
        answer: dict[str, Any] = json.loads(body or b"{}")
        return answer


def _json(answer: dict[str, Any]) -> Response:
    return Response(json.dumps(answer), content_type="application/json")
