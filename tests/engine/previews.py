"""Previews of the real engine: each story brings a stack into a state, and then previews a program.

`python -m engine.previews [NAME ...]` (in tests/, with the environment's Python and `pulumi` on PATH) records each preview as
tests/previews/NAME.json, and the comment on it as NAME.md. `git diff` then shows what changed.
"""

from __future__ import annotations

import json
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import boto3
import pulumi
from cleanrooms import Aws
from declarations import ADS, BROKER, PARTNER, declaration, member
from matrix import MATRIX
from recorded_previews import PREVIEWS, write_comment

import cleanrooms_resource as cleanrooms
from cleanrooms_resource.testing import endpoint
from engine.accounts import Account
from engine.driver import Deployment, deployment

if TYPE_CHECKING:
    from collections.abc import Callable

QUERYING = member(ADS, member_abilities=["CAN_QUERY"])
PROTECTED = pulumi.ResourceOptions(protect=True)
# No comment reads these keys. The values of most differ between runs or between machines.
_UNUSED_KEYS = {"__provider", "config", "duration", "created", "modified", "createTime", "updateTime", "sourcePosition", "stackTrace", "provider"}
_UNUSED_KEYS |= {"dependencies", "propertyDependencies", "parent", "custom"}


@dataclass(frozen=True)
class Story:
    """The program ``before`` is deployed, ``event`` happens at AWS, and the program ``after`` is previewed.

    ``has_refresh``: the stack is refreshed between the event and the preview. ``previews_with_refresh``: the preview itself refreshes.
    """

    after: Callable[[], None]
    before: Callable[[], None] | None = None
    event: Callable[[Aws, str], None] | None = None
    has_refresh: bool = False
    previews_with_refresh: bool = False

    def preview(self, stack: Deployment, aws: Aws) -> str:
        """Play the story and return the JSON of its preview."""
        if self.before:
            stack.declare(self.before)
            stack.up()
        if self.event:
            self.event(aws, stack.state()["ads"]["id"])
        if self.has_refresh:
            stack.refresh()
        stack.declare(self.after)
        return stack.preview_json(refresh=self.previews_with_refresh)


def ads(opts: pulumi.ResourceOptions | None = None, **overrides: Any) -> Callable[[], None]:
    """Return a program with 1 collaboration."""
    return lambda: _declare("ads", declaration(**overrides), opts)


def _declare(name: str, arguments: dict[str, Any], opts: pulumi.ResourceOptions | None = None) -> None:
    cleanrooms.Collaboration(name, arguments, opts)


def nothing() -> None:
    """Declare nothing."""


def collaboration_for_each_replacing_property(side: Literal["before", "after"]) -> Callable[[], None]:
    """Return a program with a collaboration for each property that replaces, before or after the property's change."""
    cells = [next(cell for cell in row.cells() if cell.op == "replace" and cell.before != cell.after) for row in MATRIX if row.op == "replace"]

    def declare() -> None:
        for cell in cells:
            _declare(cell.name, getattr(cell, side))

    return declare


def with_account() -> None:
    """Declare a collaboration whose second member's account is known only when the change is applied."""
    account = Account("account", BROKER, "1")
    _declare("ads", declaration(members=[QUERYING, member(BROKER) | {"account_id": account.made}]))


def with_account_and_partner() -> None:
    """Declare the same, with a third member, so that there is a new member whatever the second member's account is."""
    account = Account("account", BROKER, "1")
    _declare("ads", declaration(members=[QUERYING, member(PARTNER), member(BROKER) | {"account_id": account.made}]))


def with_wrong_outputs() -> None:
    """Declare a collaboration whose mistakes only check can see, because they are in outputs."""
    _declare("ads", declaration(description=pulumi.Output.from_input(3), tags=pulumi.Output.from_input({"n": 1})))


def with_secrets(description: str, query_log_status: str) -> Callable[[], None]:
    """Return a program with secret values."""
    return lambda: _declare(
        "ads", declaration(description=pulumi.Output.secret(description), query_log_status=pulumi.Output.secret(query_log_status))
    )


def three_hundred() -> None:
    """Declare 300 collaborations."""
    for number in range(300):
        _declare(f"number-{number:03}", declaration(name=f"Number {number}"))


def rename(aws: Aws, id_: str) -> None:
    """Have somebody rename the collaboration at AWS, and a partner join."""
    aws.client("us-east-1").update_collaboration(collaborationIdentifier=id_, name="Renamed")
    aws.running.collaborations[id_].join(ADS)


def delete(aws: Aws, id_: str) -> None:
    """Have somebody delete the collaboration at AWS."""
    aws.client("us-east-1").delete_collaboration(collaborationIdentifier=id_)


def join(aws: Aws, id_: str) -> None:
    """Have a partner join."""
    aws.running.collaborations[id_].join(BROKER)


STORIES = {
    "create": Story(ads()),
    "update": Story(ads(name="Ads and more", tags={"team": "ads", "cost-centre": "7"}), ads()),
    "replace": Story(ads(members=[QUERYING, member(BROKER), member(PARTNER)]), ads(), join, has_refresh=True),
    "replace-by-each-property": Story(collaboration_for_each_replacing_property("after"), collaboration_for_each_replacing_property("before")),
    "replace-not-ignoring": Story(
        ads(pulumi.ResourceOptions(ignore_changes=["members"]), members=[], query_log_status="DISABLED"), ads(), join, has_refresh=True
    ),
    "replace-asked-for": Story(
        ads(pulumi.ResourceOptions(replace_on_changes=["name"]), name="Ads and more"),
        ads(),
    ),
    "delete": Story(nothing, ads(), join, has_refresh=True),
    "drift": Story(ads(), ads(), rename, previews_with_refresh=True),
    "gone": Story(ads(), ads(), delete, previews_with_refresh=True),
    "unknown-account": Story(with_account, ads(), join, has_refresh=True),
    "unknown-account-and-one-more": Story(with_account_and_partner, ads()),
    "secrets": Story(with_secrets("why", "DISABLED"), with_secrets("what for", "ENABLED")),
    "failed-constructor": Story(ads(query_log_status=5), ads()),
    "failed-check": Story(with_wrong_outputs, ads()),
    "protected": Story(ads(PROTECTED, query_log_status="DISABLED"), ads(PROTECTED), join, has_refresh=True),
    "protected-delete": Story(nothing, ads(PROTECTED)),
    "unchanged": Story(ads(), ads()),
    "empty": Story(nothing),
    "three-hundred": Story(three_hundred),
}


def drop_unused_keys(value: Any) -> Any:
    """Return the JSON without the keys that no comment reads."""
    if isinstance(value, dict):
        # The step has the URN already, so its states need none.
        unused_keys = _UNUSED_KEYS | {"urn"} if "type" in value else _UNUSED_KEYS
        return {key: drop_unused_keys(part) for key, part in value.items() if key not in unused_keys}
    return [drop_unused_keys(part) for part in value] if isinstance(value, list) else value


def format_preview(preview: dict[str, Any]) -> str:
    """Return the preview as JSON with a line per step."""
    preview = dict(preview)
    steps = ",\n".join(json.dumps(step) for step in preview.pop("steps"))
    return f'{{"steps": [\n{steps}\n],\n{json.dumps(preview)[1:]}\n'


def main(names: list[str]) -> None:
    """Record the stories of these names, or all stories."""
    with endpoint() as running:
        aws = Aws(
            running, lambda region: boto3.client("cleanrooms", region, endpoint_url=running.address, aws_access_key_id="x", aws_secret_access_key="y")
        )
        for name in names or STORIES:
            with tempfile.TemporaryDirectory() as folder:
                text = STORIES[name].preview(deployment(Path(folder), running.settings), aws)
            (PREVIEWS / f"{name}.json").write_text(format_preview(drop_unused_keys(json.loads(text))))
            write_comment(name)


if __name__ == "__main__":
    main(sys.argv[1:])
