"""Deployments of the real engine: each story leads a stack to where the `pulumi up` to be shown is the next thing.

`python -m engine.applications` (in tests/, with the environment's Python and `pulumi` on PATH) records the events of each as
tests/applied/NAME.jsonl, and the comment on them as NAME.md beside it.
"""

from __future__ import annotations

import contextlib
import json
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
from aws_account import Aws
from declarations import BROKER, PARTNER, member
from pulumi import automation
from recorded_previews import APPLIED, write_applied_comment

from cleanrooms_resource.testing import endpoint
from engine.driver import EngineStack, create_stack
from engine.previews import (
    LATER,
    QUERIER,
    RETAINED,
    TIME,
    declare_adoption,
    declare_nothing,
    drop_unread_keys,
    fail,
    join,
    program_in_place,
)
from engine.programs import ads_program

if TYPE_CHECKING:
    from collections.abc import Callable

MORE = [QUERIER, member(BROKER), member(PARTNER)]


@dataclass(frozen=True)
class ApplicationStory:
    """``before`` is deployed, a partner joins, ``at_aws`` prepares AWS; then ``after`` is deployed."""

    after: Callable[[], None]
    before: Callable[[], None] | None = None
    at_aws: Callable[[Aws], None] | None = None

    def apply(self, stack: EngineStack, aws: Aws) -> str:
        """Live the story; the events of the `up`, one per line, in which everything has happened at noon."""
        if self.before:
            stack.declare(self.before)
            stack.up()
            join(aws, stack.state()["ads"]["id"])
            stack.refresh()
            stack.pulumi_stack.set_config("id", automation.ConfigValue(stack.state()["ads"]["id"]))
        if self.at_aws:
            self.at_aws(aws)
        stack.declare(self.after)
        events = stack.up_json()
        aws.endpoint.faults.clear()
        return TIME.sub('"2026-11-22T12:00:00+00:00"', events)


STORIES = {
    "create": ApplicationStory(ads_program()),
    "replace": ApplicationStory(ads_program(members=MORE), ads_program()),
    "replace-left-over": ApplicationStory(ads_program(members=MORE), ads_program(), lambda aws: aws.endpoint.faults.deny("DeleteCollaboration")),
    "replace-failed": ApplicationStory(ads_program(members=MORE), ads_program(), lambda aws: aws.endpoint.faults.deny("CreateCollaboration")),
    "retained-replace": ApplicationStory(ads_program(members=MORE), ads_program(opts=RETAINED)),
    "update": ApplicationStory(ads_program(name="Ads and more"), ads_program()),
    "add-member": ApplicationStory(program_in_place(member(PARTNER)), program_in_place()),
    "delete": ApplicationStory(declare_nothing, ads_program()),
    "delete-failed": ApplicationStory(declare_nothing, ads_program(), lambda aws: aws.endpoint.faults.deny("DeleteCollaboration")),
    "adopted-by-another": ApplicationStory(declare_adoption, ads_program()),
    "failed-program": ApplicationStory(fail, ads_program(query_log_status=LATER)),
    "unchanged": ApplicationStory(ads_program(), ads_program()),
}


READ_EVENTS = {"resourcePreEvent", "resOutputsEvent", "resOpFailedEvent", "diagnosticEvent", "summaryEvent"}


def format_events(text: str) -> str:
    """Return the events that a comment reads, without what no comment reads."""
    lines = []
    for line in text.splitlines():
        with contextlib.suppress(json.JSONDecodeError):
            event: dict[str, Any] = json.loads(line)
            if event.keys() & READ_EVENTS and event.get("diagnosticEvent", {}).get("severity") != "debug":
                lines.append(json.dumps(drop_unread_keys({name: value for name, value in event.items() if name != "timestamp"})))
    return "\n".join(lines) + "\n"


def main(names: list[str]) -> None:
    """Record the stories of these names, or all."""
    with endpoint() as running:
        aws = Aws(
            running, lambda region: boto3.client("cleanrooms", region, endpoint_url=running.address, aws_access_key_id="x", aws_secret_access_key="y")
        )
        for name in names or STORIES:
            with tempfile.TemporaryDirectory() as folder:
                text = STORIES[name].apply(create_stack(Path(folder), running.settings), aws)
            (APPLIED / f"{name}.jsonl").write_text(format_events(text))
            write_applied_comment(name)


if __name__ == "__main__":
    main(sys.argv[1:])
