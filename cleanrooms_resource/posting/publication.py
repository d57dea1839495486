"""Which comment on a pull request is current: a verdict that got worse is posted anew, and another one takes the place of the one before."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar, Protocol

from cleanrooms_resource.posting.comments import Comment, has_identity, read_severity
from cleanrooms_resource.posting.requests import NotFoundError

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class Post:
    """A comment that this job's account has posted, and that is not hidden. ``number`` grows with the time of the post."""

    id: str
    number: int
    body: str


class PullRequest(Protocol):
    """A pull request at a host."""

    limit: ClassVar[int]
    """The number of characters that the host accepts in a comment."""

    def read_head(self) -> str:
        """Return the commit that the pull request has now."""

    def list_posts(self) -> list[Post]:
        """Return the posts, in any order."""

    def add(self, body: str) -> None:
        """Post a comment."""

    def edit(self, post: Post, body: str) -> None:
        """Replace the text of a post."""

    def delete(self, post: Post) -> None:
        """Delete a post."""

    def hide(self, post: Post) -> None:
        """Fold a post away as outdated; ``list_posts`` no longer returns it."""


def publish(pull_request: PullRequest, comment: Comment, *, is_complete: bool = True) -> None:
    """Leave one post of this comment on the pull request.

    A comment that is not complete keeps the severity of the post before, because nobody has seen yet what the failed preview would have shown. Runs
    side by side may each post: each of them then deletes every post but the last one, so that the same one stays.
    """
    posts = _list_posts(pull_request, comment)
    last_severity = read_severity(posts[-1].body) if posts else 0
    if not is_complete:
        comment = replace(comment, severity=max(comment.severity, last_severity))
    outdated: list[Post] = []
    if posts and comment.severity <= last_severity:
        try:
            pull_request.edit(posts[-1], comment.body)
        except NotFoundError:
            pull_request.add(comment.body)
    else:
        pull_request.add(comment.body)
        outdated = posts
    for post in outdated:
        _ignore_gone(pull_request.hide, post)
    hidden = {post.id for post in outdated}
    for post in [each for each in _list_posts(pull_request, comment) if each.id not in hidden][:-1]:
        _ignore_gone(pull_request.delete, post)


def publish_anew(pull_request: PullRequest, comment: Comment) -> None:
    """Post the comment, and hide the posts before: each is what an earlier deployment did."""
    posts = _list_posts(pull_request, comment)
    pull_request.add(comment.body)
    for post in posts:
        _ignore_gone(pull_request.hide, post)


def _list_posts(pull_request: PullRequest, comment: Comment) -> list[Post]:
    return sorted((post for post in pull_request.list_posts() if has_identity(post.body, comment.identity)), key=lambda post: post.number)


def _ignore_gone(act: Callable[[Post], None], post: Post) -> None:
    """Act on a post that a run beside this one may have deleted."""
    try:
        act(post)
    except NotFoundError:
        return
