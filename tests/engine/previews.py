"""Previews of the real engine: each story leads a stack to where the preview to be shown is the next thing.

`python -m engine.previews` (in tests/, with the environment's Python and `pulumi` on PATH) records them as tests/previews/NAME.json, and what the
comment says of them as NAME.md beside it. `git diff` then shows what changed.
"""

from __future__ import annotations

import json
import re
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import pulumi
from aws_account import Aws
from declarations import ADS, BROKER, PARTNER, declaration, member
from matrix import MATRIX
from recorded_previews import PREVIEWS, read_comment, write_comment

import cleanrooms_resource as cleanrooms
from cleanrooms_resource.preview.comment import render_comment
from cleanrooms_resource.preview.document import parse_preview
from cleanrooms_resource.testing import endpoint
from engine.accounts import Account
from engine.driver import EngineStack, create_stack
from engine.programs import ads_program

if TYPE_CHECKING:
    from collections.abc import Callable

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
QUERIER = member(ADS, member_abilities=["CAN_QUERY"])
AUTO_APPROVED = ["ADD_MEMBER", "GRANT_RECEIVE_RESULTS_ABILITY"]
PROTECTED = {"protect": True}
# What differs from one run to the next, or from one machine to the next, and what no comment reads.
_UNREAD_KEYS = {"__provider", "config", "duration", "created", "modified", "createTime", "updateTime", "sourcePosition", "stackTrace", "provider"}
_UNREAD_KEYS |= {"dependencies", "propertyDependencies", "parent", "custom"}


@dataclass(frozen=True)
class PreviewStory:
    """``before`` is deployed, ``between`` happens at AWS, and is refreshed where a partner acted; then ``after`` is previewed."""

    after: Callable[[], None]
    before: Callable[[], None] | None = None
    between: Callable[[Aws, str], None] | None = None
    refresh_between: bool = False
    refresh_in_preview: bool = False

    def preview(self, stack: EngineStack, aws: Aws) -> str:
        """Live the story; the JSON of the preview."""
        if self.before:
            stack.declare(self.before)
            stack.up()
        if self.between:
            self.between(aws, stack.state()["ads"]["id"])
        if self.refresh_between:
            stack.refresh()
        stack.declare(self.after)
        return stack.preview_json(refresh=self.refresh_in_preview)


def declare_nothing() -> None:
    """A program that declares nothing."""


def program_of_each_property(which: str) -> Callable[[], None]:
    """A program with a collaboration for each property that replaces, before or after its change."""
    cells = [next(cell for cell in row.cells() if cell.op == "replace" and cell.before != cell.after) for row in MATRIX if row.op == "replace"]

    def declare() -> None:
        for cell in cells:
            cleanrooms.Collaboration(cell.name, getattr(cell, which))

    return declare


def declare_with_account() -> None:
    """A program whose second member's account is known only when applied."""
    account = Account("account", BROKER, "1")
    cleanrooms.Collaboration("ads", declaration(members=[QUERIER, member(BROKER) | {"account_id": account.number}]))


def declare_with_account_and_partner() -> None:
    """The same, with a third member: whatever the second one's account is, that is one more."""
    account = Account("account", BROKER, "1")
    cleanrooms.Collaboration("ads", declaration(members=[QUERIER, member(PARTNER), member(BROKER) | {"account_id": account.number}]))


def declare_wrong_outputs() -> None:
    """A program whose mistakes only check can see."""
    cleanrooms.Collaboration("ads", declaration(description=pulumi.Output.from_input(3), tags=pulumi.Output.from_input({"n": 1})))


def program_of_secrets(description: str, query_log_status: str) -> Callable[[], None]:
    """Return a program with secret values."""

    def declare() -> None:
        secrets = {"description": pulumi.Output.secret(description), "query_log_status": pulumi.Output.secret(query_log_status)}
        cleanrooms.Collaboration("ads", declaration(**secrets))

    return declare


def program_in_place(*members: dict[str, Any], **overrides: Any) -> Callable[[], None]:
    """Return a program whose members change in place."""
    base = {"members": [QUERIER, member(BROKER), *members], "auto_approved_change_request_types": AUTO_APPROVED, "change_requests": "AUTO_APPROVED"}
    return ads_program(**{**base, **overrides})


def declare_three_hundred() -> None:
    """A program of 300 collaborations."""
    for number in range(300):
        cleanrooms.Collaboration(f"number-{number:03}", declaration(name=f"Number {number}"))


def rename(aws: Aws, id_: str) -> None:
    """Somebody renames it at AWS, and a partner joins."""
    aws.client("us-east-1").update_collaboration(collaborationIdentifier=id_, name="Renamed")
    aws.endpoint.collaborations[id_].join(ADS)


def add_partner(aws: Aws, id_: str) -> None:
    """A change request adds a member."""
    aws.endpoint.collaborations[id_].add({"accountId": PARTNER, "displayName": "Member 4444", "memberAbilities": []})


def delete(aws: Aws, id_: str) -> None:
    """Somebody deletes it at AWS."""
    aws.client("us-east-1").delete_collaboration(collaborationIdentifier=id_)


def join(aws: Aws, id_: str) -> None:
    """A partner joins."""
    aws.endpoint.collaborations[id_].join(BROKER)


STORIES = {
    "create": PreviewStory(ads_program()),
    "update": PreviewStory(ads_program(name="Ads and more", tags={"team": "ads", "cost-centre": "7"}), ads_program()),
    "replace": PreviewStory(ads_program(members=[QUERIER, member(BROKER), member(PARTNER)]), ads_program(), join, refresh_between=True),
    "replace-by-each-property": PreviewStory(program_of_each_property("after"), program_of_each_property("before")),
    "replace-ignoring": PreviewStory(
        ads_program(opts={"ignore_changes": ["members"]}, members=[], query_log_status="DISABLED"),
        ads_program(),
        join,
        refresh_between=True,
    ),
    "replace-asked-for": PreviewStory(
        ads_program(opts={"replace_on_changes": ["name"]}, name="Ads and more"),
        ads_program(),
    ),
    "delete": PreviewStory(declare_nothing, ads_program(), join, refresh_between=True),
    "drift": PreviewStory(ads_program(), ads_program(), rename, refresh_in_preview=True),
    "record": PreviewStory(ads_program(members=[QUERIER, member(BROKER), member(PARTNER)]), ads_program(), add_partner, refresh_between=True),
    "change-request": PreviewStory(program_in_place(member(PARTNER)), program_in_place(), join, refresh_between=True),
    "propose": PreviewStory(
        program_in_place(change_requests="PROPOSE", auto_approved_change_request_types=["ADD_MEMBER"]),
        program_in_place(change_requests="PROPOSE"),
    ),
    "remove-member": PreviewStory(program_in_place(remove_members=True), program_in_place(member(PARTNER), remove_members=True)),
    "gone": PreviewStory(ads_program(), ads_program(), delete, refresh_in_preview=True),
    "unknown-account": PreviewStory(declare_with_account, ads_program(), join, refresh_between=True),
    "unknown-account-and-one-more": PreviewStory(declare_with_account_and_partner, ads_program()),
    "secrets": PreviewStory(program_of_secrets("why", "DISABLED"), program_of_secrets("what for", "ENABLED")),
    "failed-constructor": PreviewStory(ads_program(query_log_status=5), ads_program()),
    "failed-check": PreviewStory(declare_wrong_outputs, ads_program()),
    "protected": PreviewStory(ads_program(opts=PROTECTED, query_log_status="DISABLED"), ads_program(opts=PROTECTED), join, refresh_between=True),
    "protected-delete": PreviewStory(declare_nothing, ads_program(opts=PROTECTED)),
    "unchanged": PreviewStory(ads_program(), ads_program()),
    "empty": PreviewStory(declare_nothing),
    "three-hundred": PreviewStory(declare_three_hundred),
}


def read_comments(stack: EngineStack, name: str) -> list[str]:
    """Return the comment on the stack's preview, and the recorded comment of this name; every id reads ID."""
    comment = render_comment(parse_preview(stack.preview_json()))
    return [_UUID.sub("ID", text) for text in (comment, read_comment(name))]


def drop_unread_keys(value: Any) -> Any:
    """Return the JSON without the keys that no comment reads."""
    if isinstance(value, dict):
        # A step's own name is enough.
        left_out = _UNREAD_KEYS | {"urn"} if "type" in value else _UNREAD_KEYS
        return {key: drop_unread_keys(inner) for key, inner in value.items() if key not in left_out}
    return [drop_unread_keys(inner) for inner in value] if isinstance(value, list) else value


def _format_preview(preview: dict[str, Any]) -> str:
    """Return the JSON with 1 line per step."""
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
                text = STORIES[name].preview(create_stack(Path(folder), running.settings), aws)
            (PREVIEWS / f"{name}.json").write_text(_format_preview(drop_unread_keys(json.loads(text))))
            write_comment(name)


if __name__ == "__main__":
    main(sys.argv[1:])
