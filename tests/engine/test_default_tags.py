"""The stack's default tags on the real engine: what a preview draws, and secret ones."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from pulumi import automation

from engine.driver import StepSummary
from engine.programs import ads_program
from engine.pulumi_aws import deploy_with_pulumi_aws, takeover_program
from engine.test_secrets import SECRET_PATTERN, read_all_files

if TYPE_CHECKING:
    from aws_account import Aws

    from engine.driver import EngineStack

pytestmark = pytest.mark.engine


def set_defaults(stack: EngineStack, *, secret: bool = False, **tags: str) -> None:
    stack.set_setting("defaultTags", json.dumps({"tags": tags}), secret=secret)


def test_a_changed_default_is_drawn_as_that_change_alone(
    stack: EngineStack, empty_aws: Aws
) -> None:
    set_defaults(stack, env="test", cost="1")
    stack.declare(ads_program())
    stack.up()
    assert stack.preview() == {}
    assert stack.refresh() == {}
    assert stack.preview() == {}
    set_defaults(stack, env="live", cost="1")

    assert stack.preview()["ads"] == StepSummary("update", (), ("tagsAll.env",))
    stack.up()
    arn = stack.state()["ads"]["outputs"]["arn"]
    assert empty_aws.client("us-east-1").list_tags_for_resource(resourceArn=arn)["tags"] == {
        "env": "live",
        "cost": "1",
        "team": "ads",
    }


def test_secret_defaults_stay_secret_in_tags_all(stack: EngineStack, empty_aws: Aws) -> None:
    set_defaults(stack, secret=True, env="s3cr3t-default")
    stack.declare(ads_program())
    run = stack.pulumi_stack
    printed = (
        run.preview(diff=True).stdout + run.preview(json=True).stdout + run.up(diff=True).stdout
    )
    files = read_all_files(stack)
    printed += run.refresh(diff=True).stdout
    files += read_all_files(stack)
    set_defaults(stack, secret=True, env="s3cr3t-changed")
    printed += run.preview(diff=True).stdout + run.up(diff=True).stdout
    empty_aws.endpoint.faults.deny("TagResource")
    set_defaults(stack, secret=True, env="s3cr3t-again")
    with pytest.raises(automation.CommandError) as error:
        stack.up()

    assert (
        set(SECRET_PATTERN.findall(printed + files + read_all_files(stack) + str(error.value)))
        == set()
    )
    assert "1b47061264138c4ac30d75fd1eb44270" in str(stack.state()["ads"]["outputs"]["tagsAll"])


def test_default_tags_are_taken_over_from_pulumi_aws_without_a_write(
    stack: EngineStack, empty_aws: Aws
) -> None:
    deploy_with_pulumi_aws(stack, empty_aws)
    set_defaults(stack, team="ads")
    stack.declare(takeover_program(tags={}))
    empty_aws.endpoint.requests.clear()

    stack.up()

    # The plug-in asks STS who acts.
    assert [
        each.operation for each in empty_aws.endpoint.requests if each.service == "cleanrooms"
    ] == []
    assert stack.preview() == {}
