"""Secrets through a life of a collaboration: in the state, in refreshes, in proposals, in default tags, and in errors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import grpc
import pytest
from declarations import ADS, BROKER, PARTNER

from cleanrooms_resource.testing.error_response import ErrorResponse
from plugin.complete_declaration import COMPLETE
from plugin.driver import PluginStack, connect, hide, secret

if TYPE_CHECKING:
    from aws_account import Aws


SECRET = "s3cr3t"


def get_error(error: pytest.ExceptionInfo[grpc.RpcError]) -> tuple[grpc.StatusCode, str]:
    return error.value.code(), error.value.details()


def test_a_property_that_becomes_secret_updates_the_state_alone(
    plugin_stack: PluginStack, empty_aws: Aws
) -> None:
    plugin_stack.up(COMPLETE)
    empty_aws.endpoint.requests.clear()

    assert plugin_stack.up(COMPLETE | {"description": secret("Why")}) == "update"
    assert plugin_stack.held.outputs["description"] == secret("Why")
    assert [
        each.operation for each in empty_aws.endpoint.requests if each.service == "cleanrooms"
    ] == []
    assert plugin_stack.up(COMPLETE | {"description": secret("Why")}) == "same"


def test_a_property_that_is_no_longer_secret_is_plain_after_the_next_refresh(
    plugin_stack: PluginStack,
) -> None:
    plugin_stack.up(COMPLETE | {"description": secret("Why")})
    plugin_stack.up(COMPLETE)
    plugin_stack.refresh()

    assert (
        plugin_stack.held.inputs["description"],
        plugin_stack.held.outputs["description"],
    ) == ("Why", "Why")


def test_a_replacement_keeps_a_secret_that_ignore_changes_kept(plugin_stack: PluginStack) -> None:
    plugin_stack.up(COMPLETE | {"description": secret(SECRET)})
    plugin, urn = plugin_stack.plugin, plugin_stack.held.urn
    kept = COMPLETE | {"description": secret(SECRET), "queryLogStatus": "DISABLED"}
    plugin.check(kept, plugin_stack.held.inputs, urn=urn)
    # The engine checks a replacement again without the old inputs, and with the program's own values.
    inputs, failures = plugin.check(kept | {"description": "Why"}, urn=urn)

    assert failures == []
    assert inputs["description"] == secret(SECRET)
    assert plugin.create(inputs, urn=urn).outputs["description"] == secret(SECRET)


def test_a_refresh_keeps_what_is_secret(plugin_stack: PluginStack, empty_aws: Aws) -> None:
    members = {
        ADS: COMPLETE["members"][ADS],
        BROKER: {"displayName": secret(SECRET), "memberAbilities": []},
    }
    plugin_stack.up(
        COMPLETE
        | {
            "description": secret(SECRET),
            "tags": {"team": secret(SECRET), "x": "y"},
            "members": members,
        }
    )
    empty_aws.endpoint.collaborations[plugin_stack.held.id].join(ADS)
    plugin_stack.refresh()
    plugin_stack.refresh()

    assert SECRET in str(plugin_stack.resource)
    assert SECRET not in str(hide(plugin_stack.held.inputs)) + str(hide(plugin_stack.held.outputs))
    assert (
        plugin_stack.up(
            COMPLETE
            | {
                "description": secret(SECRET),
                "tags": {"team": secret(SECRET), "x": "y"},
                "members": members,
            }
        )
        == "same"
    )


def test_a_proposal_of_a_secret_is_secret(plugin_stack: PluginStack) -> None:
    program = COMPLETE | {"changeRequests": "PROPOSE"}
    learner = {
        "displayName": secret(SECRET),
        "memberAbilities": [],
        "mlMemberAbilities": {"customMLMemberAbilities": ["CAN_RECEIVE_MODEL_OUTPUT"]},
    }
    plugin_stack.up(program)
    assert (
        plugin_stack.up(program | {"members": program["members"] | {PARTNER: learner}}) == "update"
    )
    assert SECRET in str(plugin_stack.held.outputs["openChangeRequests"])
    plugin_stack.refresh()

    assert SECRET not in str(hide(plugin_stack.held.outputs))


def test_secret_default_tags_are_secret_in_inputs_and_outputs(
    plugin_stack: PluginStack, empty_aws: Aws
) -> None:
    connect(plugin_stack.plugin, empty_aws, defaultTags=secret({"tags": {"cost": SECRET}}))
    plugin_stack.up(COMPLETE)
    created = [plugin_stack.predicted, plugin_stack.held.inputs, plugin_stack.held.outputs]
    plugin_stack.refresh()
    refreshed = [plugin_stack.held.inputs, plugin_stack.held.outputs]
    plugin_stack.up(COMPLETE | {"description": "Other"})
    updated = [plugin_stack.predicted, plugin_stack.held.inputs, plugin_stack.held.outputs]

    assert SECRET not in str([hide(each) for each in (*created, *refreshed, *updated)])
    assert all(SECRET in str(each) for each in (*created, *refreshed, *updated))


def test_default_tags_that_are_not_secret_are_plain(
    plugin_stack: PluginStack, empty_aws: Aws
) -> None:
    connect(plugin_stack.plugin, empty_aws, defaultTags={"tags": {"cost": "1"}})
    plugin_stack.up(COMPLETE)

    assert plugin_stack.held.outputs["tagsAll"] == {"cost": "1", "team": "ads"}


@pytest.mark.parametrize("operation", ["CreateCollaboration", "UpdateCollaboration", "TagResource"])
def test_no_error_of_aws_quotes_a_secret(
    plugin_stack: PluginStack, empty_aws: Aws, operation: str
) -> None:
    def quote(_environ: dict[str, Any]) -> None:
        raise ErrorResponse(
            400,
            "ValidationException",
            f"{SECRET}-name, {SECRET}-why, {SECRET}-tag and {SECRET}-default are wrong",
        )

    connect(
        plugin_stack.plugin, empty_aws, defaultTags=secret({"tags": {"cost": f"{SECRET}-default"}})
    )
    program = COMPLETE | {
        "name": secret(f"{SECRET}-name"),
        "description": secret(f"{SECRET}-why"),
        "tags": {"team": secret(f"{SECRET}-tag")},
    }
    if operation != "CreateCollaboration":
        plugin_stack.up(program | {"description": "Other", "tags": {}})
    empty_aws.endpoint.faults.add(operation, quote)
    with pytest.raises(grpc.RpcError) as error:
        plugin_stack.up(program)

    assert "ValidationException" in get_error(error)[1]
    assert f"{SECRET}-" not in get_error(error)[1]
