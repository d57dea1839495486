"""The stack's default tags on the real engine: what a preview draws, and secret ones."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from pulumi import automation

from cleanrooms_resource.aws.settings import list_variables_beyond_a_shell
from engine.driver import StepSummary
from engine.programs import ads_program
from engine.pulumi_aws import deploy_with_pulumi_aws, takeover_program
from engine.test_secrets import SECRET_PATTERN, read_all_files

if TYPE_CHECKING:
    from collections.abc import Iterator

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


@pytest.fixture
def _variable_beyond_a_shell(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TF_AWS_DEFAULT_TAGS_cost-center", "x")
    list_variables_beyond_a_shell.cache_clear()
    yield
    list_variables_beyond_a_shell.cache_clear()


@pytest.mark.usefixtures("_variable_beyond_a_shell")
@pytest.mark.parametrize("opts", [{}, {"ignore_changes": ["*"]}], ids=["", "ignoring everything"])
def test_a_default_tag_of_a_variable_that_no_shell_hands_on_is_set_and_kept(
    stack: EngineStack, empty_aws: Aws, opts: dict[str, Any]
) -> None:
    stack.declare(ads_program())
    printed = stack.preview_text()
    stack.up()
    stack.declare(ads_program(opts=opts))

    assert (stack.preview(), stack.refresh(), stack.preview()) == ({}, {}, {})
    client, arn = empty_aws.client("us-east-1"), stack.state()["ads"]["outputs"]["arn"]
    assert client.list_tags_for_resource(resourceArn=arn)["tags"] == {
        "cost-center": "x",
        "team": "ads",
    }
    assert "TF_AWS" not in printed + stack.export()


@pytest.mark.usefixtures("_variable_beyond_a_shell")
def test_a_replacement_has_the_default_tag_of_a_variable_that_no_shell_hands_on(
    stack: EngineStack,
) -> None:
    stack.declare(ads_program())
    stack.up()
    stack.declare(ads_program(query_log_status="DISABLED"))
    stack.up()

    assert stack.state()["ads"]["outputs"]["tagsAll"] == {"cost-center": "x", "team": "ads"}
    assert stack.preview() == {}
