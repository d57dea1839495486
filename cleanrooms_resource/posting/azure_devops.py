"""Pull requests in Azure Repos, through the threads of the REST API of Azure DevOps.

https://learn.microsoft.com/rest/api/azure/devops/git/pull-request-threads
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar
from urllib.parse import quote

from cleanrooms_resource.posting.publication import Post
from cleanrooms_resource.posting.requests import send

_VERSION = "api-version=7.1"


@dataclass(frozen=True)
class AzurePullRequest:
    """A pull request. ``token`` is System.AccessToken; the build service needs the permission "Contribute to pull requests"."""

    collection_url: str
    project: str
    repository: str
    number: int
    token: str
    limit: ClassVar[int] = 150_000

    def read_head(self) -> str:
        """Return the last commit of the pull request's branch."""
        return str(self._send("GET", self._url)["lastMergeSourceCommit"]["commitId"])

    def list_posts(self) -> list[Post]:
        """Return the first comments of the build service's threads that are not closed."""
        own_id = send("GET", f"{self.collection_url.rstrip('/')}/_apis/connectionData", self._headers)["authenticatedUser"]["id"]
        threads = self._send("GET", f"{self._url}/threads")["value"]
        posts = []
        for thread in threads:
            first = thread["comments"][0] if thread.get("comments") else {}
            if (
                not (thread.get("isDeleted") or first.get("isDeleted") or thread.get("status") == "closed")
                and first.get("author", {}).get("id") == own_id
            ):
                posts.append(Post(str(thread["id"]), thread["id"], first.get("content", "")))
        return posts

    def add(self, body: str) -> None:
        """Post a comment as a thread of its own."""
        comment = {"parentCommentId": 0, "content": body, "commentType": "text"}
        self._send("POST", f"{self._url}/threads", {"comments": [comment], "status": "active"})

    def edit(self, post: Post, body: str) -> None:
        """Replace the text of a thread's first comment."""
        self._send("PATCH", f"{self._url}/threads/{post.id}/comments/1", {"content": body})

    def delete(self, post: Post) -> None:
        """Delete a thread's first comment."""
        self._send("DELETE", f"{self._url}/threads/{post.id}/comments/1")

    def hide(self, post: Post) -> None:
        """Close a thread, which folds it."""
        self._send("PATCH", f"{self._url}/threads/{post.id}", {"status": "closed"})

    @property
    def _url(self) -> str:
        project, repository = quote(self.project, safe=""), quote(self.repository, safe="")
        return f"{self.collection_url.rstrip('/')}/{project}/_apis/git/repositories/{repository}/pullRequests/{self.number}"

    @property
    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def _send(self, method: str, url: str, content: object = None) -> Any:
        return send(method, f"{url}?{_VERSION}", self._headers, content)
