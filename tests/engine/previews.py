"""Previews of the real engine: each story leads a stack to where the preview to be shown is the next thing.

`python -m engine.previews` (in tests/, with the environment's Python and `pulumi` on PATH) records them as tests/previews/NAME.json, and what the
comment says of them as NAME.md beside it. `git diff` then shows what changed.
"""

from __future__ import annotations

import json
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import pulumi
from cleanrooms import Aws
from declarations import ADS, BROKER, PARTNER, declaration, member
from matrix import MATRIX

import cleanrooms_resource as cleanrooms
from cleanrooms_resource.preview.comment import render_comment
from cleanrooms_resource.preview.document import parse_preview
from cleanrooms_resource.testing import endpoint
from engine.accounts import Account
from engine.driver import TESTS, Deployment, deployment

if TYPE_CHECKING:
    from collections.abc import Callable

KEPT = TESTS / "previews"
QUERYING = member(ADS, member_abilities=["CAN_QUERY"])
PROTECTED = pulumi.ResourceOptions(protect=True)
# What differs from one run to the next, or from one machine to the next, and what no comment reads.
_LEFT_OUT = {"__provider", "config", "duration", "created", "modified", "createTime", "updateTime", "sourcePosition", "stackTrace", "provider"}
_LEFT_OUT |= {"dependencies", "propertyDependencies", "parent", "custom"}


@dataclass(frozen=True)
class Story:
    """``before`` is deployed, ``between`` happens at AWS, and is refreshed if it was a partner who acted; then ``after`` is previewed."""

    after: Callable[[], None]
    before: Callable[[], None] | None = None
    between: Callable[[Aws, str], None] | None = None
    refreshed: bool = False
    with_refresh: bool = False

    def preview(self, stack: Deployment, aws: Aws) -> str:
        """Live the story; the JSON of the preview."""
        if self.before:
            stack.declare(self.before)
            stack.up()
        if self.between:
            self.between(aws, stack.state()["ads"]["id"])
        if self.refreshed:
            stack.refresh()
        stack.declare(self.after)
        return stack.preview_json(refresh=self.with_refresh)


def ads(opts: pulumi.ResourceOptions | None = None, **overrides: Any) -> Callable[[], None]:
    """A program of one collaboration."""
    return lambda: _made("ads", declaration(**overrides), opts)


def _made(name: str, declared: dict[str, Any], opts: pulumi.ResourceOptions | None = None) -> None:
    cleanrooms.Collaboration(name, declared, opts)


def nothing() -> None:
    """A program that declares nothing."""


def a_collaboration_a_property(which: str) -> Callable[[], None]:
    """A program with a collaboration for each property that replaces, before or after its change."""
    cells = [next(cell for cell in row.cells() if cell.op == "replace" and cell.before != cell.after) for row in MATRIX if row.op == "replace"]

    def declare() -> None:
        for cell in cells:
            _made(cell.name, getattr(cell, which))

    return declare


def with_account() -> None:
    """A program whose second member's account is known only when applied."""
    account = Account("account", BROKER, "1")
    _made("ads", declaration(members=[QUERYING, member(BROKER) | {"account_id": account.made}]))


def with_account_and_partner() -> None:
    """The same, with a third member: whatever the second one's account is, that is one more."""
    account = Account("account", BROKER, "1")
    _made("ads", declaration(members=[QUERYING, member(PARTNER), member(BROKER) | {"account_id": account.made}]))


def wrong_in_outputs() -> None:
    """A program whose mistakes only check can see."""
    _made("ads", declaration(description=pulumi.Output.from_input(3), tags=pulumi.Output.from_input({"n": 1})))


def with_secrets(description: str, query_log_status: str) -> Callable[[], None]:
    """A program with secret values."""
    return lambda: _made("ads", declaration(description=pulumi.Output.secret(description), query_log_status=pulumi.Output.secret(query_log_status)))


def three_hundred() -> None:
    """A program of 300 collaborations."""
    for number in range(300):
        _made(f"number-{number:03}", declaration(name=f"Number {number}"))


def rename(aws: Aws, id_: str) -> None:
    """Somebody renames it at AWS, and a partner joins."""
    aws.client("us-east-1").update_collaboration(collaborationIdentifier=id_, name="Renamed")
    aws.running.collaborations[id_].join(ADS)


def delete(aws: Aws, id_: str) -> None:
    """Somebody deletes it at AWS."""
    aws.client("us-east-1").delete_collaboration(collaborationIdentifier=id_)


def join(aws: Aws, id_: str) -> None:
    """A partner joins."""
    aws.running.collaborations[id_].join(BROKER)


STORIES = {
    "create": Story(ads()),
    "update": Story(ads(name="Ads and more", tags={"team": "ads", "cost-centre": "7"}), ads()),
    "replace": Story(ads(members=[QUERYING, member(BROKER), member(PARTNER)]), ads(), join, refreshed=True),
    "replace-by-each-property": Story(a_collaboration_a_property("after"), a_collaboration_a_property("before")),
    "replace-not-ignoring": Story(
        ads(pulumi.ResourceOptions(ignore_changes=["members"]), members=[], query_log_status="DISABLED"), ads(), join, refreshed=True
    ),
    "replace-asked-for": Story(
        ads(pulumi.ResourceOptions(replace_on_changes=["name"]), name="Ads and more"),
        ads(),
    ),
    "delete": Story(nothing, ads(), join, refreshed=True),
    "drift": Story(ads(), ads(), rename, with_refresh=True),
    "gone": Story(ads(), ads(), delete, with_refresh=True),
    "unknown-account": Story(with_account, ads(), join, refreshed=True),
    "unknown-account-and-one-more": Story(with_account_and_partner, ads()),
    "secrets": Story(with_secrets("why", "DISABLED"), with_secrets("what for", "ENABLED")),
    "failed-constructor": Story(ads(query_log_status=5), ads()),
    "failed-check": Story(wrong_in_outputs, ads()),
    "protected": Story(ads(PROTECTED, query_log_status="DISABLED"), ads(PROTECTED), join, refreshed=True),
    "protected-delete": Story(nothing, ads(PROTECTED)),
    "unchanged": Story(ads(), ads()),
    "empty": Story(nothing),
    "three-hundred": Story(three_hundred),
}


def slim(value: Any) -> Any:
    """The JSON without what no comment reads."""
    if isinstance(value, dict):
        # A step's own name is enough.
        left_out = _LEFT_OUT | {"urn"} if "type" in value else _LEFT_OUT
        return {key: slim(inner) for key, inner in value.items() if key not in left_out}
    return [slim(inner) for inner in value] if isinstance(value, list) else value


def _lines(preview: dict[str, Any]) -> str:
    """JSON with a line a step."""
    steps = ",\n".join(json.dumps(step) for step in preview.pop("steps"))
    return f'{{"steps": [\n{steps}\n],\n{json.dumps(preview)[1:]}\n'


def main(names: list[str]) -> None:
    """Record the stories of these names, or all."""
    with endpoint() as running:
        aws = Aws(
            running, lambda region: boto3.client("cleanrooms", region, endpoint_url=running.address, aws_access_key_id="x", aws_secret_access_key="y")
        )
        for name in names or STORIES:
            with tempfile.TemporaryDirectory() as folder:
                text = STORIES[name].preview(deployment(Path(folder), running.settings), aws)
            (KEPT / f"{name}.json").write_text(_lines(slim(json.loads(text))))
            (KEPT / f"{name}.md").write_text(render_comment(parse_preview(text)))


if __name__ == "__main__":
    main(sys.argv[1:])
