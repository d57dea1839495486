"""Reading what no state holds yet, and what the state holds: for `pulumi import`, `.get`, refresh and the listing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import grpc
import pytest
from declarations import ADS, BROKER, declaration
from pulumi.runtime.proto import provider_pb2

from cleanrooms_resource.hidden_keys import without_hidden_keys
from cleanrooms_resource.pulumi_sdk import reveal_secrets
from plugin.driver import (
    Plugin,
    PluginStack,
    Resource,
    connect,
    hide,
    make_old,
    make_urn,
    pack,
    secret,
    spell,
)

if TYPE_CHECKING:
    from aws_account import Aws

PROGRAM = spell(declaration())
GONE = "a56c8d7f-c2dc-4706-8166-65492556865a"


@pytest.fixture
def made(plugin_stack: PluginStack) -> Resource:
    """A resource of the state, which was created long ago."""
    plugin_stack.up(PROGRAM)
    return make_old(plugin_stack.held)


def fail(call: Any) -> str:
    with pytest.raises(grpc.RpcError) as error:
        call()
    return str(error.value.details())


# Of the state.


def test_a_collaboration_of_the_state_that_is_gone_has_no_id(
    plugin: Plugin, empty_aws: Aws, made: Resource
) -> None:
    empty_aws.client("us-east-1").delete_collaboration(collaborationIdentifier=made.id)

    assert plugin.read(made) == Resource(made.urn, "", {}, {})


def test_a_refresh_changes_nothing_where_aws_has_changed_nothing(
    plugin: Plugin, made: Resource
) -> None:
    read = plugin.read(made)

    assert read.inputs == made.inputs
    assert read.outputs.keys() == made.outputs.keys()


def test_a_state_of_pulumi_aws_is_read_as_what_the_stack_owns(
    plugin_stack: PluginStack, made: Resource
) -> None:
    names = (
        "arn",
        "name",
        "creatorDisplayName",
        "creatorMemberAbilities",
        "queryLogStatus",
        "tags",
        "tagsAll",
    )
    outputs = {name: made.outputs[name] for name in names} | {
        "members": [{"accountId": ADS, "status": "INVITED", **made.inputs["members"][ADS]}]
    }
    outputs["members"] += [
        {"accountId": BROKER, "status": "INVITED", **made.inputs["members"][BROKER]}
    ]
    plugin_stack.resource = Resource(made.urn, made.id, made.inputs, outputs)
    plugin_stack.refresh()

    assert plugin_stack.held.inputs == made.inputs
    assert plugin_stack.up(PROGRAM | {"description": "Why"}) == "update"


@pytest.mark.xfail(strict=True, reason="a default that is written out is an update of the state")
@pytest.mark.parametrize("is_refreshed", [False, True], ids=["after up", "after a refresh"])
@pytest.mark.parametrize("default", [{"jobLogStatus": "DISABLED"}, {"isMetricsEnabled": False}])
def test_a_default_that_is_written_out_changes_nothing(
    plugin_stack: PluginStack, default: dict[str, Any], *, is_refreshed: bool
) -> None:
    plugin_stack.up(PROGRAM)
    if is_refreshed:
        plugin_stack.refresh()

    assert plugin_stack.up(PROGRAM | default) == "same"


# For `pulumi import`.


def test_an_import_declares_what_aws_has(plugin: Plugin, made: Resource) -> None:
    imported = plugin.import_(made.id)

    assert (imported.id, without_hidden_keys(imported.inputs)) == (made.id, made.inputs)
    assert plugin.check(imported.inputs) == (made.inputs, [])


def test_an_import_is_unchanged_in_the_next_preview(
    plugin_stack: PluginStack, made: Resource
) -> None:
    imported = plugin_stack.plugin.import_(made.id)
    plugin_stack.resource = Resource(plugin_stack.urn, made.id, imported.inputs, imported.outputs)

    assert plugin_stack.up(imported.inputs) == "same"


@pytest.mark.parametrize("account", [ADS, "999988887777"])
def test_only_the_creator_imports(
    plugin: Plugin, empty_aws: Aws, made: Resource, account: str
) -> None:
    connect(plugin, empty_aws, accessKey=account)
    details = fail(lambda: plugin.import_(made.id))

    if account == ADS:
        assert (
            f"account 111122223333 created it, the credentials (the access key 2222... of cleanrooms:accessKey) act in account {account}"
            in details
        )
        assert "`Collaboration.get`" in details
    else:
        assert "AccessDeniedException" in details


def test_an_import_of_what_is_gone_fails(plugin: Plugin) -> None:
    assert "AccessDeniedException" in fail(lambda: plugin.import_(GONE))


@pytest.mark.parametrize(
    "id_", ["x", "", f"arn:aws:cleanrooms:us-east-1:111122223333:collaboration/{GONE}"]
)
def test_an_import_of_a_wrong_id_says_what_an_id_is(
    plugin: Plugin, empty_aws: Aws, id_: str
) -> None:
    assert fail(lambda: plugin.import_(id_)).startswith(
        "importing a Clean Rooms collaboration: the ID must be "
    )
    assert list(empty_aws.endpoint.requests) == []


def test_an_import_without_the_tags_fails(plugin: Plugin, empty_aws: Aws, made: Resource) -> None:
    empty_aws.endpoint.faults.deny("ListTagsForResource")

    assert "Allow cleanrooms:ListTagsForResource." in fail(lambda: plugin.import_(made.id))


def test_an_import_declares_no_member_who_departed(
    plugin: Plugin, empty_aws: Aws, made: Resource
) -> None:
    empty_aws.endpoint.collaborations[made.id].join(BROKER)
    empty_aws.endpoint.collaborations[made.id].leave(BROKER)
    imported = plugin.import_(made.id)

    assert (list(imported.inputs["members"]), imported.outputs["memberStatuses"][BROKER]) == (
        [ADS],
        "LEFT",
    )


def test_an_import_declares_no_default_tag_as_the_programs(
    plugin_stack: PluginStack, empty_aws: Aws
) -> None:
    connect(plugin_stack.plugin, empty_aws, defaultTags={"tags": {"cost": "1"}})
    plugin_stack.up(PROGRAM)
    imported = plugin_stack.plugin.import_(plugin_stack.held.id)
    plugin_stack.resource = Resource(
        plugin_stack.urn, imported.id, imported.inputs, imported.outputs
    )

    assert (imported.inputs["tags"], imported.inputs["tagsAll"]) == (
        {"team": "ads"},
        {"cost": "1", "team": "ads"},
    )
    assert (
        plugin_stack.up(
            {name: value for name, value in imported.inputs.items() if name != "tagsAll"}
        )
        == "same"
    )


def test_an_import_declares_a_tag_that_differs_from_the_default(
    plugin_stack: PluginStack, empty_aws: Aws
) -> None:
    plugin_stack.up(PROGRAM)
    connect(plugin_stack.plugin, empty_aws, defaultTags={"tags": {"team": "other"}})
    assert plugin_stack.plugin.import_(plugin_stack.held.id).inputs["tags"] == {"team": "ads"}


def test_an_import_shows_no_secret_default_tag(plugin_stack: PluginStack, empty_aws: Aws) -> None:
    connect(plugin_stack.plugin, empty_aws, defaultTags=secret({"tags": {"cost": "s3cr3t"}}))
    plugin_stack.up(PROGRAM)
    imported = plugin_stack.plugin.import_(plugin_stack.held.id)

    assert reveal_secrets(imported.outputs["tagsAll"]) == {"cost": "s3cr3t", "team": "ads"}
    assert "s3cr3t" not in str(hide(imported.inputs)) + str(hide(imported.outputs))


def test_an_import_declares_no_ignored_tag(plugin: Plugin, empty_aws: Aws, made: Resource) -> None:
    connect(plugin, empty_aws, ignoreTags={"keys": ["team"]})
    imported = plugin.import_(made.id)

    assert "tags" not in imported.inputs
    assert plugin.check(imported.inputs)[1] == []


# For `.get`.


def test_get_reads_everything(plugin: Plugin, made: Resource) -> None:
    read = plugin.get(made.id)

    assert (read.id, read.inputs) == (made.id, {})
    assert {name: read.outputs[name] for name in made.inputs} == made.inputs
    assert [name for name in read.outputs if name.startswith("__")] == []


def test_get_reads_in_the_region_that_the_program_names(plugin: Plugin, empty_aws: Aws) -> None:
    made = plugin.create(plugin.check(PROGRAM | {"region": "eu-west-1"})[0])
    empty_aws.endpoint.requests.clear()
    read = plugin.get(made.id, region="eu-west-1")

    assert (read.inputs, read.outputs["region"]) == ({"region": "eu-west-1"}, "eu-west-1")
    assert {
        each.region for each in empty_aws.endpoint.requests if each.service == "cleanrooms"
    } == {"eu-west-1"}


def test_get_of_what_is_gone_fails(plugin: Plugin) -> None:
    assert "AccessDeniedException" in fail(lambda: plugin.get(GONE))


def test_get_of_a_wrong_id_says_what_an_id_is(plugin: Plugin) -> None:
    assert fail(lambda: plugin.get("x")).startswith(
        "reading a Clean Rooms collaboration: id: must be a collaboration's id"
    )


def test_get_without_the_tags_has_none(plugin: Plugin, empty_aws: Aws, made: Resource) -> None:
    empty_aws.endpoint.faults.deny("ListTagsForResource")

    assert plugin.get(made.id).outputs.keys().isdisjoint({"tags", "tagsAll"})


# The listing.


def list_all(plugin: Plugin, **request: Any) -> tuple[list[str], str]:
    query = request.pop("query", None)
    answers = list(plugin.stub.List(provider_pb2.ListRequest(query=pack(query), **request)))
    tokens = [
        each.continuation.continuation_token
        for each in answers
        if each.WhichOneof("response") == "continuation"
    ]
    return [each.result.id for each in answers if each.WhichOneof("response") == "result"], (
        tokens or [""]
    )[0]


def make(plugin: Plugin, *names: str) -> list[str]:
    return [
        plugin.create(plugin.check(PROGRAM | {"name": name})[0], urn=make_urn(name)).id
        for name in names
    ]


def test_the_listing_is_of_what_the_caller_created(plugin: Plugin, empty_aws: Aws) -> None:
    (own,) = make(plugin, "a")
    connect(plugin, empty_aws, accessKey=ADS)
    (invited,) = [
        plugin.create(
            plugin.check(PROGRAM | {"members": {"111122223333": PROGRAM["members"][ADS]}})[0]
        ).id
    ]
    connect(plugin, empty_aws)

    assert (own != invited, list_all(plugin)) == (True, ([own], ""))


def test_the_listing_of_a_name_has_those_alone(plugin: Plugin) -> None:
    _, second = make(plugin, "a", "b")

    assert list_all(plugin, query={"name": "b"}) == ([second], "")


def test_the_listing_ends_at_its_limit(plugin: Plugin) -> None:
    ids = make(plugin, "a", "b", "c")

    assert list_all(plugin, limit=2) == (ids[:2], "")


def test_the_listing_goes_on_page_by_page(plugin: Plugin) -> None:
    ids = make(plugin, "a", "b", "c")
    first, token = list_all(plugin, page_size=2)
    second, end = list_all(plugin, page_size=2, continuation_token=token)

    assert (first + second, end) == (ids, "")


def test_a_listing_that_fails_is_one_sentence(plugin: Plugin, empty_aws: Aws) -> None:
    empty_aws.endpoint.faults.deny("ListCollaborations")

    assert fail(lambda: list_all(plugin)).startswith(
        "listing the collaborations in us-east-1: AccessDeniedException: "
    )
