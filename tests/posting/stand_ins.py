"""Stand-ins for the APIs of GitHub, GitLab and Azure DevOps: servers on this machine that keep comments and record requests."""

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

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

OWN, OTHER = "own", "other"
HEAD = "0123456789abcdef0123456789abcdef01234567"
MERGED = "fedcba9876543210fedcba9876543210fedcba98"


@dataclass
class StoredComment:
    """A comment at the host."""

    number: int
    body: str
    author: str = OWN
    is_hidden: bool = False


@dataclass
class Host:
    """A host with pull request 7. ``requests`` has an entry for each request that writes: what it does, to which comment, with which text."""

    comments: list[StoredComment] = field(default_factory=list)
    requests: list[tuple[str, int, str]] = field(default_factory=list)
    credentials: set[str] = field(default_factory=set)
    address: str = ""
    page_size: int = 100
    refusal: tuple[int, Any] | None = None
    before_add: Callable[[], object] | None = None
    numbers: Iterator[int] = field(default_factory=lambda: count(101))
    lock: Any = field(default_factory=threading.RLock)

    def put(self, body: str, author: str = OWN) -> StoredComment:
        """A comment that is there already."""
        comment = StoredComment(next(self.numbers), body, author)
        self.comments.append(comment)
        return comment

    def visible(self) -> list[str]:
        """The comments that a reader sees."""
        return [comment.body for comment in self.comments if not comment.is_hidden]

    def get(self, number: int) -> StoredComment | None:
        return next((comment for comment in self.comments if comment.number == number), None)

    def write(self, action: str, number: int = 0, body: str = "") -> bool:
        """Carry out a request that writes; whether the comment was there."""
        if action == "add" and self.before_add:
            before_add, self.before_add = self.before_add, None
            before_add()
        with self.lock:
            self.requests.append((action, number, body))
            if action == "add":
                self.put(body)
                return True
            comment = self.get(number)
            if not comment:
                return False
            if action == "edit":
                comment.body = body
            elif action == "hide":
                comment.is_hidden = True
            else:
                self.comments.remove(comment)
            return True


def answer_github(host: Host, _method: str, path: str, content: dict[str, Any]) -> tuple[int, Any]:
    """Answer as GitHub's GraphQL API does."""
    assert path == "/graphql"
    query, variables = content["query"], content["variables"]
    if "mutation" not in query:
        return 200, {"data": _answer_query(host, query, variables)}
    fields = variables["input"]
    action = {"addComment": "add", "updateIssueComment": "edit", "deleteIssueComment": "delete", "minimizeComment": "hide"}[
        re.findall(r"\{ (\w+)\(", query)[0]
    ]
    if action == "hide":
        assert fields["classifier"] == "OUTDATED"
    identifier = fields["subjectId"] if action in ("add", "hide") else fields["id"]
    if action == "add":
        assert identifier == "PR_7"
    if host.write(action, 0 if action == "add" else int(identifier.removeprefix("IC_")), fields.get("body", "")):
        return 200, {"data": {}}
    return 200, {"data": None, "errors": [{"type": "NOT_FOUND", "message": f"Could not resolve to a node with the global id of '{identifier}'"}]}


def _answer_query(host: Host, query: str, variables: dict[str, Any]) -> Any:
    pull_request = {"id": "PR_7", "headRefOid": HEAD, "merged": True}
    if "associatedPullRequests" in query:
        nodes = [{"id": "PR_8", "headRefOid": HEAD, "merged": False}, pull_request] if variables["commit"] == MERGED else []
        return {"repository": {"object": {"associatedPullRequests": {"nodes": nodes}}}}
    if "pullRequest(number" in query:
        assert variables == {"owner": "retailco", "name": "cleanrooms", "number": 7}
        return {"repository": {"pullRequest": pull_request}}
    start = int(variables["cursor"] or 0)
    end = start + host.page_size
    nodes = [
        {
            "id": f"IC_{each.number}",
            "fullDatabaseId": str(each.number),
            "body": each.body,
            "isMinimized": each.is_hidden,
            "viewerDidAuthor": each.author == OWN,
        }
        for each in host.comments[start:end]
    ]
    return {"node": {"comments": {"nodes": nodes, "pageInfo": {"hasNextPage": end < len(host.comments), "endCursor": str(end)}}}}


def answer_gitlab(host: Host, method: str, path: str, content: dict[str, Any]) -> tuple[int, Any]:
    """Answer as GitLab's REST API does. A hidden note is one that was edited."""
    url = urlsplit(path)
    if url.path == "/api/v4/user":
        return 200, {"id": 5}
    rest = url.path.removeprefix("/api/v4/projects/42/merge_requests/7")
    if rest == "":
        return 200, {"iid": 7, "sha": HEAD}
    if (method, rest) == ("GET", "/notes"):
        query = parse_qs(url.query)
        size, page = int(query["per_page"][0]), int(query["page"][0])
        notes = [{"id": each.number, "body": each.body, "author": {"id": 5 if each.author == OWN else 6}} for each in host.comments]
        return 200, notes[size * (page - 1) : size * page]
    number = int(rest.removeprefix("/notes").removeprefix("/") or 0)
    was_there = host.write({"POST": "add", "PUT": "edit", "DELETE": "delete"}[method], number, content.get("body", ""))
    return (204 if method == "DELETE" else 200, {}) if was_there else (404, {"message": "404 Note Not Found"})


def answer_azure(host: Host, method: str, path: str, content: dict[str, Any]) -> tuple[int, Any]:
    """Answer as the REST API of Azure DevOps does. A thread of ours has one comment."""
    url = urlsplit(path)
    if url.path == "/retailco/_apis/connectionData":
        return 200, {"authenticatedUser": {"id": OWN}}
    assert parse_qs(url.query) == {"api-version": ["7.1"]}
    rest = url.path.removeprefix("/retailco/Clean%20Rooms/_apis/git/repositories/repository-id/pullRequests/7")
    if rest == "":
        return 200, {"pullRequestId": 7, "lastMergeSourceCommit": {"commitId": HEAD}}
    if (method, rest) == ("GET", "/threads"):
        return 200, {"value": [_describe_thread(each) for each in host.comments] + [{"id": 1, "comments": []}]}
    number = int((re.findall(r"/threads/(\d+)", rest) or ["0"])[0])
    if method == "POST":
        return 200, host.write("add", 0, content["comments"][0]["content"])
    if method == "DELETE":
        assert rest.endswith("/comments/1")
        action = "delete"
    else:
        action = "edit" if rest.endswith("/comments/1") else "hide"
        assert action == "edit" or content == {"status": "closed"}
    return (200, {}) if host.write(action, number, content.get("content", "")) else (404, {"message": "The thread does not exist."})


def _describe_thread(comment: StoredComment) -> dict[str, Any]:
    status = "closed" if comment.is_hidden else "active"
    return {"id": comment.number, "status": status, "comments": [{"id": 1, "content": comment.body, "author": {"id": comment.author}}]}


ANSWERS = {"github": answer_github, "gitlab": answer_gitlab, "azure": answer_azure}


@contextmanager
def serve(kind: str) -> Iterator[Host]:
    """Serve a host of this kind while the context lasts."""
    host = Host()
    answer = ANSWERS[kind]

    class Handler(BaseHTTPRequestHandler):
        def handle_any(self) -> None:
            data = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            host.credentials.add(self.headers.get("Authorization") or self.headers.get("PRIVATE-TOKEN") or "")
            status, result = host.refusal or answer(host, self.command, self.path, json.loads(data) if data else {})
            body = b"" if status == 204 else json.dumps(result).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = handle_any  # noqa: N815 - the server looks these names up

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
    if kind == "github":
        return {
            "GITHUB_ACTIONS": "true",
            "GITHUB_GRAPHQL_URL": f"{host.address}/graphql",
            "GITHUB_REPOSITORY": "retailco/cleanrooms",
            "GITHUB_SERVER_URL": "https://github.com",
            "GITHUB_RUN_ID": "1234",
            "GITHUB_TOKEN": "t0ken",
        }
    if kind == "gitlab":
        return {
            "GITLAB_CI": "true",
            "CI_API_V4_URL": f"{host.address}/api/v4",
            "CI_PROJECT_ID": "42",
            "CI_MERGE_REQUEST_IID": "7",
            "CI_JOB_URL": "https://gitlab.com/retailco/cleanrooms/-/jobs/1234",
            "GITLAB_TOKEN": "t0ken",
        }
    return {
        "TF_BUILD": "True",
        "SYSTEM_COLLECTIONURI": f"{host.address}/retailco/",
        "SYSTEM_TEAMPROJECT": "Clean Rooms",
        "SYSTEM_TEAMPROJECTID": "project-id",
        "SYSTEM_PULLREQUEST_PULLREQUESTID": "7",
        "BUILD_REPOSITORY_ID": "repository-id",
        "BUILD_BUILDID": "1234",
        "SYSTEM_ACCESSTOKEN": "t0ken",
    }
