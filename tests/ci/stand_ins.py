"""Stand-ins for the APIs of GitLab and Azure DevOps: servers on this machine that keep comments and record requests."""

from __future__ import annotations

import json
import re
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from ci.workflow_runs import HEAD

if TYPE_CHECKING:
    from collections.abc import Iterator

OWN, OTHER = "own", "other"


@dataclass
class StoredComment:
    """A comment at the host. At Azure DevOps it is a thread, which can be closed."""

    number: int
    body: str
    author: str = OWN
    is_closed: bool = False


@dataclass
class Host:
    """A host with pull request 7. ``requests`` has an entry for each request that writes: what it does, to which comment, with which text."""

    comments: list[StoredComment] = field(default_factory=list)
    requests: list[tuple[str, int, str]] = field(default_factory=list)
    credentials: set[str] = field(default_factory=set)
    address: str = ""
    head: str = HEAD
    refusal: tuple[int, Any] | None = None
    numbers: Iterator[int] = field(default_factory=lambda: count(101))

    def put(self, body: str, author: str = OWN) -> StoredComment:
        """A comment that is there already."""
        comment = StoredComment(next(self.numbers), body, author)
        self.comments.append(comment)
        return comment

    def bodies(self) -> list[str]:
        return [comment.body for comment in self.comments]

    def write(self, action: str, number: int, body: str) -> None:
        """Carry out a request that writes."""
        self.requests.append((action, number, body))
        if action == "add":
            self.put(body)
        else:
            next(comment for comment in self.comments if comment.number == number).body = body


def answer_gitlab(host: Host, method: str, path: str, content: dict[str, Any]) -> tuple[int, Any]:
    """Answer as GitLab's REST API does."""
    url = urlsplit(path)
    if url.path == "/api/v4/user":
        return 200, {"id": 5}
    rest = url.path.removeprefix("/api/v4/projects/42/merge_requests/7")
    if rest == "":
        return 200, {"iid": 7, "sha": host.head}
    if (method, rest) == ("GET", "/notes"):
        query = parse_qs(url.query)
        size, page = int(query["per_page"][0]), int(query["page"][0])
        notes = [
            {"id": each.number, "body": each.body, "author": {"id": 5 if each.author == OWN else 6}}
            for each in host.comments
        ]
        return 200, notes[size * (page - 1) : size * page]
    number = int(rest.removeprefix("/notes").removeprefix("/") or 0)
    host.write({"POST": "add", "PUT": "edit"}[method], number, content["body"])
    return 200, {}


def answer_azure(host: Host, method: str, path: str, content: dict[str, Any]) -> tuple[int, Any]:
    """Answer as the REST API of Azure DevOps does. A thread of ours has one comment."""
    url = urlsplit(path)
    if url.path == "/retailco/_apis/connectionData":
        return 200, {"authenticatedUser": {"id": OWN}}
    assert parse_qs(url.query) == {"api-version": ["7.1"]}
    rest = url.path.removeprefix(
        "/retailco/project-id/_apis/git/repositories/repository-id/pullRequests/7"
    )
    if rest == "":
        return 200, {"pullRequestId": 7, "lastMergeSourceCommit": {"commitId": host.head}}
    if (method, rest) == ("GET", "/threads"):
        return 200, {
            "value": [_describe_thread(each) for each in host.comments]
            + [{"id": 1, "comments": []}]
        }
    if (method, rest) == ("POST", "/threads"):
        host.write("add", 0, content["comments"][0]["content"])
        return 200, {}
    (number,) = re.fullmatch(r"/threads/(\d+)/comments/1", rest).groups()  # type: ignore[union-attr]
    host.write({"PATCH": "edit"}[method], int(number), content["content"])
    return 200, {}


def _describe_thread(comment: StoredComment) -> dict[str, Any]:
    status = "closed" if comment.is_closed else "active"
    return {
        "id": comment.number,
        "status": status,
        "comments": [{"id": 1, "content": comment.body, "author": {"id": comment.author}}],
    }


@contextmanager
def serve(kind: str) -> Iterator[Host]:
    """Serve a host of this kind while the context lasts."""
    host = Host()
    answer = {"gitlab": answer_gitlab, "azure": answer_azure}[kind]

    class Handler(BaseHTTPRequestHandler):
        def handle_any(self) -> None:
            data = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            host.credentials.add(
                self.headers.get("Authorization") or self.headers.get("PRIVATE-TOKEN") or ""
            )
            status, result = host.refusal or answer(
                host, self.command, self.path, json.loads(data) if data else {}
            )
            body = b"" if result is None else json.dumps(result).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_PUT = do_PATCH = handle_any  # noqa: N815 - the server looks these names up

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
        host.address = f"http://127.0.0.1:{server.server_address[1]}"
        try:
            yield host
        finally:
            server.shutdown()


def describe_job(kind: str, host: Host) -> dict[str, str]:
    """The variables of a job at this host."""
    if kind == "gitlab":
        return {
            "CI_API_V4_URL": f"{host.address}/api/v4",
            "CI_PROJECT_ID": "42",
            "CI_MERGE_REQUEST_IID": "7",
            "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main",
            "CI_JOB_URL": "https://gitlab.com/retailco/cleanrooms/-/jobs/1234",
            "CI_COMMIT_SHA": HEAD,
            "GITLAB_TOKEN": "t0ken",
        }
    return {
        "SYSTEM_COLLECTIONURI": f"{host.address}/retailco/",
        "SYSTEM_TEAMPROJECTID": "project-id",
        "SYSTEM_PULLREQUEST_PULLREQUESTID": "7",
        "SYSTEM_PULLREQUEST_TARGETBRANCH": "refs/heads/main",
        "SYSTEM_PULLREQUEST_SOURCECOMMITID": HEAD,
        "BUILD_REPOSITORY_ID": "repository-id",
        "BUILD_BUILDID": "1234",
        "SYSTEM_ACCESSTOKEN": "t0ken",
    }
