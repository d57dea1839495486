"""A replacement happens where the collaboration is, in the account that created it, and what it leaves behind is told, on the real engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pulumi import automation

from cleanrooms_resource.preview.comment import render_comment
from cleanrooms_resource.preview.document import parse_preview
from cleanrooms_resource.preview.verdict import judge
from engine.doors import BOTH_DOORS
from engine.programs import ads_program, take_snapshot

if TYPE_CHECKING:
    from aws_account import Aws

    from engine.driver import EngineStack


pytestmark = [pytest.mark.engine, BOTH_DOORS]


def test_replace_on_changes_keeps_the_region_after_the_settings_changed(stack: EngineStack) -> None:
    opts = {"replace_on_changes": ["description"]}
    stack.declare(ads_program(opts=opts, description="Old"))
    stack.up()
    before = stack.state()["ads"]["id"]
    stack.set_setting("region", "eu-west-1")
    stack.declare(ads_program(opts=opts, description="New"))
    stack.up()

    after = stack.state()["ads"]

    assert after["id"] != before
    assert after["outputs"]["region"] == "us-east-1"


def test_a_replacement_with_credentials_of_another_account_is_refused(stack: EngineStack, empty_aws: Aws) -> None:
    stack.declare(ads_program())
    stack.up()
    before = take_snapshot(empty_aws)
    stack.set_setting("accessKey", "999988887777")
    stack.declare(ads_program(query_log_status="DISABLED"))

    with pytest.raises(automation.CommandError, match=r"account 111122223333 created the collaboration, and .* act in account 999988887777"):
        stack.up()

    assert take_snapshot(empty_aws) == before


def test_the_comment_tells_that_what_an_earlier_run_replaced_is_still_to_be_deleted(stack: EngineStack, empty_aws: Aws) -> None:
    stack.declare(ads_program())
    stack.up()
    empty_aws.endpoint.faults.refuse("DeleteCollaboration", 400, "ValidationException", times=1)
    stack.declare(ads_program(query_log_status="DISABLED"))
    with pytest.raises(automation.CommandError):
        stack.up()

    comment = render_comment(judge(parse_preview(stack.preview_json(refresh=True))))

    assert "**1 collaboration is deleted** (an earlier run replaced it and did not delete it)" in comment
