"""Merge requests at GitLab, through the notes of its REST API.

https://docs.gitlab.com/api/notes/
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from cleanrooms_resource.posting.publication import Post
from cleanrooms_resource.posting.requests import send

_PAGE_SIZE = 100


@dataclass(frozen=True)
class GitLabMergeRequest:
    """A merge request. ``token`` is an access token with the scope `api`, because CI_JOB_TOKEN cannot write notes."""

    api_url: str
    project_url: str
    number: int
    token: str
    limit: ClassVar[int] = 1_000_000

    def read_head(self) -> str:
        """Return the last commit of the merge request's branch."""
        return str(self._send("GET", self._url)["sha"])

    def list_posts(self) -> list[Post]:
        """Return the notes of the token's own account."""
        own_id = self._send("GET", f"{self.api_url}/user")["id"]
        notes: list[dict[str, Any]] = []
        page: list[dict[str, Any]] = []
        number = 1
        while number == 1 or len(page) == _PAGE_SIZE:
            page = self._send("GET", f"{self._url}/notes?per_page={_PAGE_SIZE}&page={number}&sort=asc&order_by=created_at")
            notes += page
            number += 1
        return [Post(str(note["id"]), note["id"], note["body"]) for note in notes if note["author"]["id"] == own_id]

    def add(self, body: str) -> None:
        """Post a note."""
        self._send("POST", f"{self._url}/notes", {"body": body})

    def edit(self, post: Post, body: str) -> None:
        """Replace the text of a note."""
        self._send("PUT", f"{self._url}/notes/{post.id}", {"body": body})

    def delete(self, post: Post) -> None:
        """Delete a note."""
        self._send("DELETE", f"{self._url}/notes/{post.id}")

    def hide(self, post: Post) -> None:
        """Fold the text of a note away, because GitLab cannot minimise a note. The note loses its marker."""
        text = post.body.partition("\n")[2].strip()
        self.edit(post, f"<details><summary>An outdated preview</summary>\n\n{text}\n\n</details>\n")

    @property
    def _url(self) -> str:
        return f"{self.project_url}/merge_requests/{self.number}"

    def _send(self, method: str, url: str, content: object = None) -> Any:
        return send(method, url, {"PRIVATE-TOKEN": self.token}, content)
