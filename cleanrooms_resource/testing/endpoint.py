"""The embedded endpoint: moto's server, in memory, on loopback, behind a layer that makes it answer as Clean Rooms does.

The layer takes its validation from botocore's model and its answers from what was recorded of AWS; it knows nothing of how this package declares a
collaboration, so that a test against it means something.
"""

from __future__ import annotations

import io
import json
import logging
import re
import socket
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from moto.cleanrooms.models import cleanrooms_backends
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.exceptions import HTTPException
from werkzeug.serving import make_server
from werkzeug.test import run_wsgi_app
from werkzeug.wrappers import Request, Response

from cleanrooms_resource.testing import service_model
from cleanrooms_resource.testing.collaborations import Collaboration, Refused, page
from cleanrooms_resource.testing.faults import BrokenAnswer, Faults

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from _typeshed.wsgi import StartResponse

ACCOUNT = "111122223333"
"""The caller's account, for any access key; an access key of 12 digits acts in that account."""

_SCOPE = re.compile(r"Credential=([^/]+)/[^/]+/([^/]+)/([^/]+)/")
_CREATORS_ALONE = ("UpdateCollaboration", "DeleteCollaboration", "TagResource", "UntagResource")
_OPERATIONS = (
    *_CREATORS_ALONE,
    "CreateCollaboration",
    "GetCollaboration",
    "ListCollaborations",
    "ListMembers",
    "ListTagsForResource",
)


@dataclass
class Endpoint:
    """A running endpoint: its address, ``http://127.0.0.1:PORT``, and what is there."""

    address: str = ""
    collaborations: dict[str, Collaboration] = field(default_factory=dict)
    """Ids to collaborations: to look at, and to have partners join, leave or be added."""
    quotas: dict[str, int] = field(default_factory=lambda: {"Members per collaboration": 5})
    """Quotas by the names that ServiceQuotaExceededException tells; members that are invited, and "Collaborations per account"."""
    faults: Faults = field(default_factory=Faults)

    @property
    def settings(self) -> dict[str, str]:
        """The configuration of a stack that acts here, structured values as JSON text."""
        return {
            "aws:region": "us-east-1",
            "aws:accessKey": "local",
            "aws:secretKey": "local",
            "aws:endpoints": json.dumps([{"cleanrooms": self.address, "sts": self.address}]),
        }


@contextmanager
def endpoint(port: int = 0) -> Iterator[Endpoint]:
    """Serve Clean Rooms and STS on 127.0.0.1 while the context lasts, on a free port unless one is named.

    Raises:
        OSError: the port is taken.

    """
    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # a line a request otherwise
    running = Endpoint()
    # Werkzeug ends the process where a port is taken; a socket of our own raises.
    with socket.create_server(("127.0.0.1", port)) as listening:
        server = make_server("127.0.0.1", port, _Layer(running), threaded=True, fd=listening.fileno())
    thread = threading.Thread(target=server.serve_forever, args=[0.02], daemon=True)
    thread.start()
    try:
        running.address = f"http://127.0.0.1:{server.server_address[1]}"
        yield running
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@dataclass(frozen=True, slots=True)
class _Call:
    """A request of Clean Rooms: who sends what, where."""

    caller: str
    region: str
    operation: str
    sent: dict[str, Any]


class _Layer:
    """A WSGI application: Clean Rooms' requests are judged, passed on to moto, and moto's answers put right; all others pass through."""

    def __init__(self, running: Endpoint) -> None:
        self.running = running
        self.moto = DomainDispatcherApplication(create_backend_app)
        self.lock = threading.RLock()

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        key, region, service = _signed(environ)
        caller = key if re.fullmatch(r"\d{12}", key) else ACCOUNT
        environ["HTTP_X_MOTO_ACCOUNT_ID"] = caller
        if service != "cleanrooms":
            return self._sts(environ)(environ, start_response)  # type: ignore[no-any-return]
        try:
            response = self._answer(environ, caller, region)
        except Refused as refused:
            response = Response(json.dumps(refused.body), refused.status, {"x-amzn-errortype": refused.code}, content_type="application/json")
        except BrokenAnswer:
            response = Response('{"collaboration": {"id": "', content_type="application/json")
        return response(environ, start_response)

    def _sts(self, environ: dict[str, Any]) -> Any:
        try:
            self.running.faults.meet("GetCallerIdentity", "before", environ)
        except Refused as refused:
            error = f"<ErrorResponse><Error><Code>{refused.code}</Code><Message>{refused}</Message></Error></ErrorResponse>"
            return Response(error, refused.status, content_type="text/xml")
        return self.moto

    def _answer(self, environ: dict[str, Any], caller: str, region: str) -> Response:
        request = Request(environ)
        try:
            call = _Call(caller, region, *service_model.operation(request))
        except HTTPException:
            raise Refused(404, "UnknownOperationException", "There is no such operation") from None
        except ValueError:
            raise Refused(400, "SerializationException", "The request is not JSON of the operation's form") from None
        if call.operation not in _OPERATIONS:
            raise Refused(501, "NotImplementedException", f"{call.operation} is not part of this endpoint; see what Python can do to a collaboration")
        environ["wsgi.input"] = io.BytesIO(request.get_data())  # moto reads it too
        if region not in service_model.regions():
            raise Refused(400, "UnknownEndpointException", f"Clean Rooms has no endpoint in {region}")
        faults = self.running.faults
        faults.meet(call.operation, "before", environ)
        wrong = service_model.violations(call.operation, call.sent)
        if wrong:
            fields = [{"name": path, "message": message} for path, message in wrong]
            raise Refused(
                400, "ValidationException", f"{len(wrong)} validation error(s) detected", reason="FIELD_VALIDATION_FAILED", fieldList=fields
            )
        with self.lock:
            self._judge(call)
            response = self._amended(call, environ)
        faults.meet(call.operation, "after", environ)
        return response

    def _judge(self, call: _Call) -> None:
        """Refuse what AWS refuses beyond the shape of a request."""
        if call.operation == "CreateCollaboration":
            self._judge_creation(call)
        elif call.operation != "ListCollaborations":
            by = "id" if "collaborationIdentifier" in call.sent else "arn"
            named = call.sent.get("collaborationIdentifier") or call.sent["resourceArn"]
            found = [each for each in self._all_seen(call) if getattr(each, by) == named]
            if not found and by == "arn":
                raise Refused(404, "ResourceNotFoundException", "There is no such resource", resourceId=named, resourceType="COLLABORATION")
            if not found or (call.operation in _CREATORS_ALONE and found[0].creator != call.caller):
                raise Refused(403, "AccessDeniedException", "You do not have sufficient access to perform this action.")
            if call.operation == "UpdateCollaboration" and call.sent.get("analyticsEngine") == "CLEAN_ROOMS_SQL":
                raise _invalid("analyticsEngine", "CLEAN_ROOMS_SQL is no longer available")

    def _judge_creation(self, call: _Call) -> None:
        sent = call.sent
        accounts = [member["accountId"] for member in sent["members"]]
        if call.caller in accounts or len(set(accounts)) < len(accounts):
            raise _invalid("members", "an account is invited once, and the creator is not")
        abilities = [sent["creatorMemberAbilities"], *(member["memberAbilities"] for member in sent["members"])]
        if sum("CAN_QUERY" in each for each in abilities) > 1:
            raise _invalid("members", "one member alone can have CAN_QUERY")
        if sent.get("analyticsEngine") == "CLEAN_ROOMS_SQL":
            raise _invalid("analyticsEngine", "CLEAN_ROOMS_SQL is no longer available")
        mine = sum(each.creator == call.caller and each.region == call.region for each in self.running.collaborations.values())
        for name, used in (("Members per collaboration", len(accounts)), ("Collaborations per account", mine + 1)):
            if used > self.running.quotas.get(name, used):
                quota = self.running.quotas[name]
                raise Refused(402, "ServiceQuotaExceededException", f"{name} exceeded", quotaName=name, quotaValue=quota)

    def _amended(self, call: _Call, environ: dict[str, Any]) -> Response:
        """Moto's answer, put right."""
        if call.operation == "ListMembers":
            found, token = page(self.running.collaborations[call.sent["collaborationIdentifier"]].members(), call.sent)
            return _json({"memberSummaries": found, **token})
        if call.operation == "ListCollaborations":
            return self._listing(call)
        if call.operation == "GetCollaboration":
            # Moto keeps a collaboration in its creator's account alone.
            environ["HTTP_X_MOTO_ACCOUNT_ID"] = self.running.collaborations[call.sent["collaborationIdentifier"]].creator
        answer = self._passed_on(environ)
        if call.operation == "DeleteCollaboration":
            collaboration = self.running.collaborations.pop(call.sent["collaborationIdentifier"])
            tagger = cleanrooms_backends[collaboration.creator][collaboration.region].tagger
            tagger.delete_all_tags_for_resource(collaboration.arn)  # moto keeps them
            return Response(status=204)
        if "collaboration" in answer:
            collaboration = self._kept(call, answer["collaboration"])
            answer["collaboration"] |= collaboration.filled_in(call.caller)
        return _json(answer)

    def _kept(self, call: _Call, answered: dict[str, Any]) -> Collaboration:
        """The collaboration of an answer, with what the call changed."""
        if call.operation == "CreateCollaboration":
            made = Collaboration(answered["id"], answered["arn"], call.caller, call.region, call.sent)
            self.running.collaborations[made.id] = made
        collaboration = self.running.collaborations[answered["id"]]
        if call.operation == "UpdateCollaboration":
            collaboration.updated = time.time()
            collaboration.sent |= {name: value for name, value in call.sent.items() if name != "collaborationIdentifier"}
        return collaboration

    def _listing(self, call: _Call) -> Response:
        status = call.sent.get("memberStatus")
        found, token = page([each for each in self._all_seen(call) if status in (None, each.statuses[call.caller])], call.sent)
        summaries = [
            {
                "id": each.id,
                "arn": each.arn,
                "name": each.sent["name"],
                "creatorAccountId": each.creator,
                "creatorDisplayName": each.sent["creatorDisplayName"],
                "createTime": each.made,
                "updateTime": each.updated,
                "memberStatus": each.statuses[call.caller],
                "analyticsEngine": each.filled_in(call.caller)["analyticsEngine"],
            }
            for each in found
        ]
        return _json({"collaborationList": summaries, **token})

    def _all_seen(self, call: _Call) -> list[Collaboration]:
        return [each for each in self.running.collaborations.values() if self._seen(call, each.id)]

    def _seen(self, call: _Call, id_: str) -> Collaboration | None:
        """The collaboration, if the caller's account is in it and it shows already."""
        found = self.running.collaborations.get(id_)
        if found is None or found.region != call.region or call.caller not in found.statuses:
            return None
        return found if time.time() - found.made >= self.running.faults.hidden_for else None

    def _passed_on(self, environ: dict[str, Any]) -> dict[str, Any]:
        chunks, status, _ = run_wsgi_app(self.moto, environ)
        body = b"".join(chunks)
        if not status.startswith("2"):
            raise Refused(int(status.split()[0]), "InternalServerException", f"moto: {body.decode()}")
        answer: dict[str, Any] = json.loads(body or b"{}")
        return answer


def _invalid(field: str, message: str) -> Refused:
    return Refused(400, "ValidationException", f"{field}: {message}", reason="INVALID_CONFIGURATION", fieldList=[{"name": field, "message": message}])


def _signed(environ: dict[str, Any]) -> tuple[str, str, str]:
    """The access key, region and service that a request is signed for."""
    scope = _SCOPE.search(environ.get("HTTP_AUTHORIZATION", ""))
    return (scope[1], scope[2], scope[3]) if scope else ("", "", "")


def _json(answer: dict[str, Any]) -> Response:
    return Response(json.dumps(answer), content_type="application/json")
