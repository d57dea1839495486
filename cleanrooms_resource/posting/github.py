"""Pull requests at GitHub, through its GraphQL API."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from cleanrooms_resource.posting.publication import Post
from cleanrooms_resource.posting.requests import NotFoundError, PostingError, send


@dataclass(frozen=True)
class GitHubApi:
    """GitHub's API: its address, and the token of the job, which needs the permission `pull-requests: write`."""

    url: str
    token: str

    def run(self, document: str, **variables: Any) -> Any:
        """Run a query or a mutation; return its data.

        Raises:
            NotFoundError: a node does not exist, or no longer.
            PostingError: GitHub refuses the request.

        """
        headers = {"Authorization": f"Bearer {self.token}", "User-Agent": "cleanrooms-resource"}
        answer = send("POST", self.url, headers, {"query": document, "variables": variables})
        errors = answer.get("errors") or []
        if errors:
            kind = NotFoundError if all(error.get("type") == "NOT_FOUND" for error in errors) else PostingError
            raise kind("GitHub refused the request: " + " ".join(str(error.get("message")) for error in errors))
        return answer["data"]


@dataclass(frozen=True)
class GitHubPullRequest:
    """A pull request; ``id`` is its node ID, ``head`` its commit."""

    api: GitHubApi
    id: str
    head: str
    limit: ClassVar[int] = 65_536

    def read_head(self) -> str:
        """Return the commit that the pull request had when it was looked up."""
        return self.head

    def list_posts(self) -> list[Post]:
        """Return the comments of the token's own account that are not minimised."""
        posts: list[Post] = []
        cursor = None
        while True:
            page = self.api.run(_LIST, id=self.id, cursor=cursor)["node"]["comments"]
            posts += [
                Post(node["id"], int(node["fullDatabaseId"]), node["body"])
                for node in page["nodes"]
                if node["viewerDidAuthor"] and not node["isMinimized"]
            ]
            if not page["pageInfo"]["hasNextPage"]:
                return posts
            cursor = page["pageInfo"]["endCursor"]

    def add(self, body: str) -> None:
        """Post a comment."""
        self.api.run(_ADD, input={"subjectId": self.id, "body": body})

    def edit(self, post: Post, body: str) -> None:
        """Replace the text of a comment."""
        self.api.run(_EDIT, input={"id": post.id, "body": body})

    def delete(self, post: Post) -> None:
        """Delete a comment."""
        self.api.run(_DELETE, input={"id": post.id})

    def hide(self, post: Post) -> None:
        """Minimise a comment as outdated."""
        self.api.run(_HIDE, input={"subjectId": post.id, "classifier": "OUTDATED"})


def find_pull_request(api: GitHubApi, repository: str, number: int) -> GitHubPullRequest:
    """Look a pull request up by its number. ``repository`` is the owner, a slash, and the name."""
    owner, _, name = repository.partition("/")
    node = api.run(_FIND, owner=owner, name=name, number=number)["repository"]["pullRequest"]
    return GitHubPullRequest(api, node["id"], node["headRefOid"])


def find_merged_pull_requests(api: GitHubApi, repository: str, commit: str) -> list[GitHubPullRequest]:
    """Return the pull requests whose merge made this commit. A commit that was pushed to the branch has none."""
    owner, _, name = repository.partition("/")
    known_commit = api.run(_FIND_MERGED, owner=owner, name=name, commit=commit)["repository"]["object"]
    nodes = known_commit["associatedPullRequests"]["nodes"] if known_commit else []
    return [GitHubPullRequest(api, node["id"], node["headRefOid"]) for node in nodes if node["merged"]]


_FIND = """
query($owner: String!, $name: String!, $number: Int!) {
  repository(owner: $owner, name: $name) { pullRequest(number: $number) { id headRefOid } }
}"""
_FIND_MERGED = """
query($owner: String!, $name: String!, $commit: GitObjectID!) {
  repository(owner: $owner, name: $name) {
    object(oid: $commit) { ... on Commit { associatedPullRequests(first: 10) { nodes { id headRefOid merged } } } }
  }
}"""
_LIST = """
query($id: ID!, $cursor: String) {
  node(id: $id) { ... on PullRequest { comments(first: 100, after: $cursor) {
    nodes { id fullDatabaseId body isMinimized viewerDidAuthor }
    pageInfo { hasNextPage endCursor }
  } } }
}"""
_ADD = "mutation($input: AddCommentInput!) { addComment(input: $input) { clientMutationId } }"
_EDIT = "mutation($input: UpdateIssueCommentInput!) { updateIssueComment(input: $input) { clientMutationId } }"
_DELETE = "mutation($input: DeleteIssueCommentInput!) { deleteIssueComment(input: $input) { clientMutationId } }"
_HIDE = "mutation($input: MinimizeCommentInput!) { minimizeComment(input: $input) { clientMutationId } }"
