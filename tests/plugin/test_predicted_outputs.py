"""The outputs of a preview: each equals the output after `up`, or is not known yet."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from declarations import ADS, BROKER, PARTNER, declaration, member
from matrix import CELLS
from scenarios import SCENARIOS

from cleanrooms_resource.hidden_keys import without_hidden_keys
from cleanrooms_resource.pulumi_sdk import reveal_secrets
from plugin.driver import UNKNOWN, Plugin, PluginStack, Resource, connect, secret, spell

if TYPE_CHECKING:
    from aws_account import Aws

ACCEPTED = sorted((Path(__file__).parent.parent / "accepted").glob("*.json"))
STORIES = {each.name: each for each in (*CELLS, *SCENARIOS) if not each.ignore_changes}
LEARNER = member(
    PARTNER, ml_member_abilities={"custom_ml_member_abilities": ["CAN_RECEIVE_MODEL_OUTPUT"]}
)
PROPOSING = {"auto_approved_change_request_types": ["ADD_MEMBER"], "change_requests": "PROPOSE"}
QUERIER, SECOND = member(ADS, member_abilities=["CAN_QUERY"]), member(BROKER)
MADE_BY_PULUMI_AWS = {
    "name": "Ads measurement",
    "description": "",
    "creatorDisplayName": "RetailCo",
    "creatorMemberAbilities": ["CAN_RECEIVE_RESULTS"],
    "queryLogStatus": "ENABLED",
    "tags": {"team": "ads"},
    "tagsAll": {"team": "ads"},
    "dataEncryptionMetadata": None,
    "createTime": "2026-11-20 10:00:00 +0000 UTC",
    "updateTime": "2026-11-20 10:00:00 +0000 UTC",
}


def list_wrong_predictions(stack: PluginStack) -> dict[str, Any]:
    """Return the outputs that the preview got wrong, each as predicted and as made."""
    predicted, made = (
        reveal_secrets(stack.predicted),
        without_hidden_keys(reveal_secrets(stack.held.outputs)),
    )
    pairs = {name: (predicted.get(name), made.get(name)) for name in {*predicted, *made}}
    return {
        name: (known, real) for name, (known, real) in pairs.items() if known not in (real, UNKNOWN)
    }


@pytest.mark.parametrize("name", STORIES)
def test_what_a_preview_knows_of_a_change_is_what_up_makes(
    plugin_stack: PluginStack, name: str
) -> None:
    plugin_stack.up(spell(STORIES[name].before))
    wrong = [list_wrong_predictions(plugin_stack)]
    if plugin_stack.up(spell(STORIES[name].after)) != "same":
        wrong.append(list_wrong_predictions(plugin_stack))

    assert all(each == {} for each in wrong), wrong


@pytest.mark.parametrize("file", ACCEPTED, ids=lambda file: file.stem)
def test_what_a_preview_knows_of_a_creation_is_what_up_makes(
    plugin_stack: PluginStack, empty_aws: Aws, file: Path
) -> None:
    # The endpoint's own account is a member of an example.
    connect(plugin_stack.plugin, empty_aws, accessKey="999988887777")
    request = json.loads(file.read_text())["request"]
    plugin_stack.up({**request, "members": None, "memberList": request["members"]})

    assert list_wrong_predictions(plugin_stack) == {}


def test_a_preview_knows_the_inputs_of_a_creation(plugin: Plugin) -> None:
    inputs, _ = plugin.check(spell(declaration()))

    assert plugin.preview_creation(inputs).items() >= inputs.items()


@pytest.mark.parametrize(
    "name",
    ["arn", "createTime", "memberStatuses", "autoApprovedChangeTypes", "region", "description"],
)
def test_what_aws_decides_at_creation_is_unknown(plugin: Plugin, name: str) -> None:
    inputs, _ = plugin.check(spell(declaration(auto_approved_change_request_types=["ADD_MEMBER"])))

    assert plugin.preview_creation(inputs)[name] == UNKNOWN


def test_an_update_leaves_known_what_it_leaves_alone(plugin_stack: PluginStack) -> None:
    plugin_stack.up(spell(declaration()))
    before = plugin_stack.held
    plugin_stack.up(spell(declaration(description="Why")))

    assert {
        plugin_stack.predicted[name] == before.outputs[name]
        for name in ("arn", "createTime", "memberStatuses", "tagsAll")
    } == {True}
    assert plugin_stack.predicted["description"] == "Why"


def test_no_option_is_an_output(plugin_stack: PluginStack) -> None:
    plugin_stack.up(spell(declaration(change_requests="AUTO_APPROVED", remove_members=True)))

    assert plugin_stack.predicted.keys().isdisjoint({"changeRequests", "removeMembers"})


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({}, {"defaultTags": {"tags": {"cost": "1"}}}),
        ({"defaultTags": {"tags": {"cost": "1"}}}, {}),
        ({"defaultTags": {"tags": {"cost": "1"}}}, {"defaultTags": {"tags": {"cost": "2"}}}),
        ({"defaultTags": {"tags": {"cost": "1"}}}, {"ignoreTags": {"keys": ["cost"]}}),
        ({}, {"ignoreTags": {"keys": ["team"]}}),
    ],
)
@pytest.mark.parametrize("tags", [{"team": "ads"}, {"team": "other"}, {}])
def test_changed_default_tags_are_predicted_or_unknown(
    plugin_stack: PluginStack,
    empty_aws: Aws,
    before: dict[str, Any],
    after: dict[str, Any],
    tags: dict[str, str],
) -> None:
    connect(plugin_stack.plugin, empty_aws, **before)
    plugin_stack.up(spell(declaration()))
    connect(plugin_stack.plugin, empty_aws, **after)
    plugin_stack.up(spell(declaration(tags=tags, description="Why")))

    assert list_wrong_predictions(plugin_stack) == {}


def test_members_that_others_have_to_approve_are_unknown(plugin_stack: PluginStack) -> None:
    plugin_stack.up(spell(declaration(**PROPOSING)))

    assert (
        plugin_stack.up(spell(declaration(members=[QUERIER, SECOND, LEARNER], **PROPOSING)))
        == "update"
    )
    assert {plugin_stack.predicted[name] for name in ("members", "openChangeRequests")} == {UNKNOWN}


def test_members_stay_unknown_while_a_change_request_is_open(plugin_stack: PluginStack) -> None:
    plugin_stack.up(spell(declaration(**PROPOSING)))
    plugin_stack.up(spell(declaration(members=[QUERIER, SECOND, LEARNER], **PROPOSING)))
    plugin_stack.up(
        spell(declaration(members=[QUERIER, SECOND, LEARNER], description="Why", **PROPOSING))
    )

    assert list_wrong_predictions(plugin_stack) == {}


def test_members_that_aws_approves_by_itself_are_known(plugin_stack: PluginStack) -> None:
    plugin_stack.up(spell(declaration(**PROPOSING | {"change_requests": "AUTO_APPROVED"})))
    after = spell(
        declaration(
            members=[QUERIER, SECOND, member(PARTNER)],
            **PROPOSING | {"change_requests": "AUTO_APPROVED"},
        )
    )

    assert plugin_stack.up(after) == "update"
    assert plugin_stack.predicted["members"] == after["members"]
    assert list_wrong_predictions(plugin_stack) == {}


def test_a_removed_member_is_predicted_or_unknown(plugin_stack: PluginStack) -> None:
    plugin_stack.up(spell(declaration(remove_members=True)))

    assert plugin_stack.up(spell(declaration(members=[QUERIER], remove_members=True))) == "update"
    assert list_wrong_predictions(plugin_stack) == {}


def test_no_output_of_pulumi_aws_is_predicted_at_a_takeover(plugin_stack: PluginStack) -> None:
    plugin_stack.up(spell(declaration()))
    made = plugin_stack.held
    members = [
        {"accountId": account, "status": "INVITED", **each}
        for account, each in made.inputs["members"].items()
    ]
    olds = MADE_BY_PULUMI_AWS | {"arn": made.outputs["arn"], "members": members}
    plugin_stack.resource = Resource(
        made.urn,
        made.id,
        {name: value for name, value in olds.items() if name in made.inputs},
        olds,
    )

    assert plugin_stack.up(spell(declaration())) == "update"
    assert list_wrong_predictions(plugin_stack) == {}


def test_an_unknown_input_is_an_unknown_output(plugin_stack: PluginStack) -> None:
    plugin_stack.up(spell(declaration()))
    before = plugin_stack.held
    inputs = plugin_stack.check(
        spell(declaration(description=UNKNOWN, tags={"team": UNKNOWN})), before.inputs
    )

    predicted = plugin_stack.plugin.update(before, inputs, preview=True).outputs

    assert (predicted["description"], predicted["tags"], predicted["tagsAll"]) == (
        UNKNOWN,
        {"team": UNKNOWN},
        UNKNOWN,
    )


def test_a_secret_input_is_a_secret_output_of_a_preview(plugin: Plugin) -> None:
    inputs, _ = plugin.check(
        spell(declaration()) | {"description": secret("s3cr3t"), "tags": secret({"team": "s3cr3t"})}
    )
    predicted = plugin.preview_creation(inputs)

    assert predicted["description"] == secret("s3cr3t")
    assert predicted["tagsAll"] == secret({"team": "s3cr3t"})
