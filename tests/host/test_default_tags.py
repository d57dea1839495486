"""The stack's default tags and ignored tags, in the engine's steps."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from declarations import LEFT_OUT, declaration
from engine.programs import record_writes

from cleanrooms_resource.declaration.limits import get_maximum
from cleanrooms_resource.hidden_keys import IMPORT_ID, PLAIN_NAMES
from cleanrooms_resource.pulumi_sdk import SIGNATURE_KEY
from cleanrooms_resource.table import TABLE
from host.in_this_process import run_in_this_process, start_host_in_this_process
from host.whole_stack import WholeStack

if TYPE_CHECKING:
    from aws_account import Aws


@pytest.fixture
def stack(empty_aws: Aws) -> WholeStack:
    return WholeStack(
        run_in_this_process,
        {
            **empty_aws.endpoint.settings,
            "aws:defaultTags": json.dumps({"tags": {"env": "test", "team": "default"}}),
        },
    )


def program(**overrides: Any) -> dict[str, dict[str, Any]]:
    return {"ads": declaration(**overrides)}


def live_tags(aws: Aws, stack: WholeStack) -> dict[str, str]:
    client, held = aws.client("us-east-1"), stack.list_held()["ads"]
    return dict(client.list_tags_for_resource(resourceArn=held.outputs["arn"])["tags"])


def tag_elsewhere(aws: Aws, stack: WholeStack, **tags: str) -> None:
    aws.client("us-east-1").tag_resource(
        resourceArn=stack.list_held()["ads"].outputs["arn"], tags=tags
    )


def set_tags(stack: WholeStack, **settings: Any) -> None:
    """Change the stack's default tags or ignored tags; None removes the setting."""
    for name, value in settings.items():
        stack.config.pop(f"aws:{name}", None)
        if value is not None:
            stack.config[f"aws:{name}"] = json.dumps(value)


def test_default_tags_are_created_with_the_collaboration_and_the_programs_own_stand_before_them(
    stack: WholeStack, empty_aws: Aws
) -> None:
    stack.up(program())

    outputs = stack.list_held()["ads"].outputs
    assert live_tags(empty_aws, stack) == {"env": "test", "team": "ads"}
    assert (outputs["tags"], outputs["tagsAll"]) == (
        {"team": "ads"},
        {"env": "test", "team": "ads"},
    )


def test_nothing_differs_after_a_creation_and_after_a_refresh(stack: WholeStack) -> None:
    stack.up(program())
    assert stack.preview(program())["ads"].op == "same"

    inputs = stack.list_held()["ads"].inputs
    stack.refresh()

    assert {
        name: value
        for name, value in stack.list_held()["ads"].inputs.items()
        if not name.startswith("__")
    } == {name: value for name, value in inputs.items() if not name.startswith("__")}
    assert stack.preview(program())["ads"].op == "same"


def test_check_accepts_its_own_answer(stack: WholeStack) -> None:
    host = start_host_in_this_process(stack.config)
    inputs = host.check({}, declaration(connection={"access_key": "x", "secret_key": "y"}))[0]

    assert host.check(inputs, inputs) == (inputs, [])


def test_a_changed_default_is_an_update_that_the_preview_draws(
    stack: WholeStack, empty_aws: Aws
) -> None:
    stack.up(program())
    set_tags(stack, defaultTags={"tags": {"env": "live"}})

    plan = stack.up(program())["ads"]

    assert (plan.op, plan.inputs["tagsAll"]) == ("update", {"env": "live", "team": "ads"})
    assert live_tags(empty_aws, stack) == {"env": "live", "team": "ads"}


def test_removed_defaults_are_removed_at_aws(stack: WholeStack, empty_aws: Aws) -> None:
    stack.up(program())
    set_tags(stack, defaultTags=None)

    assert stack.up(program())["ads"].op == "update"
    assert live_tags(empty_aws, stack) == {"team": "ads"}


def test_a_default_changed_elsewhere_is_put_back(stack: WholeStack, empty_aws: Aws) -> None:
    stack.up(program(tags=LEFT_OUT))
    tag_elsewhere(empty_aws, stack, env="other")
    stack.refresh()
    assert stack.list_held()["ads"].inputs["tagsAll"] == {"env": "other", "team": "default"}

    stack.up(program(tags=LEFT_OUT))

    assert live_tags(empty_aws, stack) == {"env": "test", "team": "default"}


def test_a_tag_added_elsewhere_is_removed_as_without_defaults(
    stack: WholeStack, empty_aws: Aws
) -> None:
    stack.up(program())
    tag_elsewhere(empty_aws, stack, cost="1")
    stack.refresh()
    assert stack.list_held()["ads"].inputs["tags"] == {"cost": "1", "team": "ads"}

    stack.up(program())

    assert live_tags(empty_aws, stack) == {"env": "test", "team": "ads"}


@pytest.mark.parametrize("rule", [{"keys": ["cost"]}, {"keyPrefixes": ["co"]}])
def test_an_ignored_tag_stays_as_aws_has_it_and_is_never_shown(
    stack: WholeStack, empty_aws: Aws, rule: dict[str, Any]
) -> None:
    set_tags(stack, ignoreTags=rule)
    stack.up(program())
    tag_elsewhere(empty_aws, stack, cost="1")
    stack.refresh()

    assert stack.preview(program())["ads"].op == "same"
    stack.up(program(tags={"team": "other"}))

    assert live_tags(empty_aws, stack) == {"cost": "1", "env": "test", "team": "other"}
    assert "cost" not in stack.list_held()["ads"].outputs["tagsAll"]


def test_a_tag_ignored_since_the_last_refresh_is_not_removed(
    stack: WholeStack, empty_aws: Aws
) -> None:
    stack.up(program(tags=LEFT_OUT))
    tag_elsewhere(empty_aws, stack, cost="1")
    stack.refresh()
    set_tags(stack, ignoreTags={"keys": ["cost"]})

    stack.up(program(tags={"team": "other"}))

    assert live_tags(empty_aws, stack) == {"cost": "1", "env": "test", "team": "other"}


def test_a_declared_tag_that_is_ignored_is_created_and_never_changed_after_that(
    stack: WholeStack, empty_aws: Aws
) -> None:
    set_tags(stack, ignoreTags={"keys": ["team"]})
    stack.up(program())
    with record_writes(empty_aws) as writes:
        stack.up(program(tags={"team": "other"}))

    assert writes == []
    assert live_tags(empty_aws, stack) == {"env": "test", "team": "ads"}


def test_an_ignored_tag_that_is_declared_after_the_creation_is_not_sent(
    stack: WholeStack, empty_aws: Aws
) -> None:
    set_tags(stack, ignoreTags={"keys": ["cost"]})
    stack.up(program())
    stack.up(program(tags={"team": "other", "cost": "1"}))

    assert live_tags(empty_aws, stack) == {"env": "test", "team": "other"}


def test_an_adoption_compares_all_tags_but_those_that_are_ignored(
    stack: WholeStack, empty_aws: Aws
) -> None:
    stack.up(program())
    tag_elsewhere(empty_aws, stack, cost="1")
    (id_,) = stack.list_ids()
    set_tags(stack, ignoreTags={"keys": ["cost"]})
    host = start_host_in_this_process(stack.config)

    adopted, outputs = host.create(host.check({}, {**declaration(), IMPORT_ID: id_})[0])

    assert (adopted, outputs["tagsAll"]) == (id_, {"env": "test", "team": "ads"})


def test_the_environment_has_default_and_ignored_tags_as_for_pulumi_aws(
    stack: WholeStack, empty_aws: Aws, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TF_AWS_DEFAULT_TAGS_owner", "ci")
    monkeypatch.setenv("TF_AWS_IGNORE_TAGS_KEYS", "cost,other")
    monkeypatch.setenv("TF_AWS_IGNORE_TAGS_KEY_PREFIXES", "k8s/")
    stack.up(program())
    empty_aws.client("us-east-1").tag_resource(
        resourceArn=stack.list_held()["ads"].outputs["arn"], tags={"cost": "1", "k8s/x": "1"}
    )
    stack.refresh()

    assert stack.list_held()["ads"].outputs["tagsAll"] == {
        "env": "test",
        "owner": "ci",
        "team": "ads",
    }


@pytest.mark.parametrize("is_plain", [True, False])
def test_all_tags_are_secret_where_the_tags_or_the_defaults_are(
    stack: WholeStack,
    is_plain: bool,  # noqa: FBT001
) -> None:
    host = start_host_in_this_process(stack.config)

    inputs = host.called.check(
        {}, {**declaration(), PLAIN_NAMES: [name for name in TABLE if is_plain or name != "tags"]}
    ).inputs

    assert (SIGNATURE_KEY in inputs["tagsAll"]) is not is_plain


def test_too_many_tags_with_the_defaults_are_refused(stack: WholeStack) -> None:
    host = start_host_in_this_process(stack.config)
    maximum = get_maximum("TagMap")

    reasons = host.check({}, declaration(tags={f"tag-{number}": "x" for number in range(maximum)}))[
        1
    ]

    assert reasons == [
        f"tags: the collaboration would have {maximum + 2} tags with those of aws:defaultTags, and AWS allows {maximum}; remove some of them"
    ]
