"""Errors quote the collaboration's name only where the program marks it as not secret."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from declarations import declaration

from cleanrooms_resource.errors import CollaborationError
from cleanrooms_resource.hidden_keys import IGNORED_NAMES, PLAIN_NAMES
from cleanrooms_resource.testing.error_response import ErrorResponse
from host.driver import HostStack
from host.in_this_process import start_host_in_this_process

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_account import Aws

    from host.driver import Host

NAME = "s3cr3t-name"


pytestmark = pytest.mark.usefixtures("impatient", "empty_aws")


@pytest.fixture
def config(aws: Aws) -> dict[str, str]:
    return aws.endpoint.settings | {"aws:maxRetries": "0"}


def fail(act: Callable[[], object]) -> str:
    with pytest.raises(CollaborationError) as error:
        act()
    return str(error.value)


@pytest.mark.parametrize("marks", [("name",), ()])
def test_every_error_names_the_collaboration_by_its_name_or_by_its_id(
    host: Host, empty_aws: Aws, marks: tuple[str, ...]
) -> None:
    stack = HostStack(host, plain_names=marks)
    empty_aws.endpoint.faults.deny("CreateCollaboration")
    messages = {"create": fail(lambda: stack.up(declaration(name=NAME)))}
    empty_aws.endpoint.faults.clear()
    stack.up(declaration(name=NAME))
    for operation in (
        "GetCollaboration",
        "UpdateCollaboration",
        "TagResource",
        "DeleteCollaboration",
    ):
        empty_aws.endpoint.faults.deny(operation)
    messages["read"] = fail(stack.refresh)
    messages["update"] = fail(lambda: stack.up(declaration(name=NAME, description="New")))
    messages["tag"] = fail(lambda: stack.up(declaration(name=NAME, tags={"team": "x"})))
    messages["delete"] = fail(stack.destroy)

    assert [act for act, message in messages.items() if NAME in message] == (
        list(messages) if marks else []
    )
    if not marks:
        assert (
            "creating a Clean Rooms collaboration in us-east-1: AccessDeniedException"
            in messages.pop("create")
        )
        assert all(
            f"Clean Rooms collaboration {stack.held.id} in us-east-1: AccessDeniedException" in each
            for each in messages.values()
        )


def test_a_name_that_becomes_secret_is_an_update_of_the_state_alone(
    host: Host, empty_aws: Aws
) -> None:
    stack = HostStack(host, plain_names=("name",))
    stack.up(declaration(name=NAME))
    stack.plain_names = ()

    assert stack.up(declaration(name=NAME)).op == "update"
    assert stack.preview(declaration(name=NAME)).op == "same"
    assert stack.held.outputs[PLAIN_NAMES] == ""
    assert PLAIN_NAMES not in stack.held.inputs
    empty_aws.endpoint.faults.deny("DeleteCollaboration")
    assert NAME not in fail(stack.destroy)


def test_ignoring_a_property_changes_nothing(host: Host) -> None:
    stack = HostStack(host)
    stack.up(declaration())

    assert stack.preview(declaration() | {IGNORED_NAMES: ["tags"]}).op == "same"


def test_an_ignored_property_keeps_the_mark_of_its_old_value(host: Host) -> None:
    stack = HostStack(host, plain_names=("description",))
    stack.up(declaration(description="Old"))
    stack.plain_names = ("description", "tags")

    stack.up(declaration(description="New") | {IGNORED_NAMES: ["tags"]})

    assert stack.held.outputs[PLAIN_NAMES] == "description"


def test_the_marks_survive_a_refresh_in_another_process(
    host: Host, empty_aws: Aws, config: dict[str, str]
) -> None:
    stack = HostStack(host)
    stack.up(declaration(name=NAME))
    stack.host = start_host_in_this_process(config)
    assert stack.refresh() == "same"
    empty_aws.endpoint.faults.deny("DeleteCollaboration")

    assert NAME in fail(stack.destroy)


def test_a_state_without_marks_names_the_collaboration_by_its_id(
    host: Host, empty_aws: Aws
) -> None:
    stack = HostStack(host)
    stack.up(declaration(name=NAME))
    del stack.held.outputs[PLAIN_NAMES]
    empty_aws.endpoint.faults.deny("DeleteCollaboration")

    assert f"deleting Clean Rooms collaboration {stack.held.id} in us-east-1" in fail(stack.destroy)


def test_a_renamed_resource_whose_name_becomes_secret_is_named_by_its_id(
    host: Host, empty_aws: Aws
) -> None:
    stack = HostStack(host, holder="a")
    stack.up(declaration(name=NAME))
    stack.holder = "b"
    stack.up(declaration(name=NAME))
    stack.plain_names = ()

    stack.up(declaration(name=NAME))

    empty_aws.endpoint.faults.deny("DeleteCollaboration")
    assert NAME not in fail(stack.destroy)


def test_a_renamed_resource_does_not_tell_its_name_where_a_new_resource_has_its_former_one(
    host: Host, empty_aws: Aws
) -> None:
    renamed, new = (
        HostStack(host, holder="a", plain_names=()),
        HostStack(host, holder="a", plain_names=("name",)),
    )
    renamed.up(declaration(name=NAME))
    renamed.holder = "b"
    new.preview(declaration(name="Public"))

    renamed.up(declaration(name=NAME, description="New"))

    empty_aws.endpoint.faults.deny("DeleteCollaboration")
    assert NAME not in fail(renamed.destroy)


@pytest.mark.parametrize("operation", ["CreateCollaboration", "UpdateCollaboration"])
def test_a_secret_that_aws_quotes_is_not_told(host: Host, empty_aws: Aws, operation: str) -> None:
    def refuse(_environ: Any) -> None:
        raise ErrorResponse(400, "ValidationException", f"Value '{NAME}' is wrong")

    stack = HostStack(host, plain_names=("name",))
    empty_aws.endpoint.faults.add(operation, refuse)

    def act() -> None:
        stack.up(declaration())
        stack.up(declaration(description=NAME))

    message = fail(
        act
        if operation == "UpdateCollaboration"
        else lambda: stack.up(declaration(description=NAME))
    )

    assert "Value '[secret]' is wrong" in message
    assert NAME not in message
