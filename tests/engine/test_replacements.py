"""A replacement happens where the collaboration is, in the account that created it, and what is left to do is told, on the real engine."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from declarations import ADS, BROKER, LEFT_OUT
from pulumi import automation

from cleanrooms_resource.preview.comment import render_comment
from cleanrooms_resource.preview.document import parse_preview
from cleanrooms_resource.preview.verdict import judge
from engine.programs import ads_program, create_by_hand, take_snapshot

if TYPE_CHECKING:
    from aws_account import Aws

    from engine.driver import EngineStack


pytestmark = pytest.mark.engine


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


def test_a_replacement_with_credentials_of_another_account_is_refused(
    stack: EngineStack, empty_aws: Aws
) -> None:
    stack.declare(ads_program())
    stack.up()
    before = take_snapshot(empty_aws)
    stack.set_setting("accessKey", "999988887777")
    stack.declare(ads_program(query_log_status="DISABLED"))

    with pytest.raises(
        automation.CommandError,
        match=r"account 111122223333 created the collaboration, and .* act in account 999988887777",
    ):
        stack.up()

    assert take_snapshot(empty_aws) == before


def list_notices(text: str) -> set[str]:
    """Return the lines of this output on a collaboration that replaces another one; the engine prints a line twice."""
    return set(
        re.findall(r"Clean Rooms collaboration \S+: this new collaboration replaces .*", text)
    )


def describe(stack: EngineStack) -> str:
    """Return the line on the collaboration that the stack has now."""
    id_ = stack.state()["ads"]["id"]
    return (
        f"Clean Rooms collaboration {id_}: this new collaboration replaces the old one. {ADS}, {BROKER} must join again: "
        f"`cleanrooms-resource invitation {id_} --region us-east-1` writes the invitations."
    )


@pytest.mark.parametrize(
    ("way", "is_delete_first"),
    [
        ("a property", False),
        ("a property", True),
        ("--replace", False),
        ("--replace", True),
        ("replace_on_changes", False),
        ("replacement_trigger", False),
    ],
)
def test_an_up_that_replaces_a_collaboration_says_who_must_join_again(
    stack: EngineStack, way: str, *, is_delete_first: bool
) -> None:
    opts: dict[str, Any] = {
        "delete_before_replace": is_delete_first,
        "replace_on_changes": ["name"] if way == "replace_on_changes" else [],
    }
    trigger = way == "replacement_trigger"
    stack.declare(ads_program(opts=opts | ({"replacement_trigger": "a"} if trigger else {})))
    created = stack.up_text()
    before = stack.state()["ads"]
    changes = {
        "a property": {"query_log_status": "DISABLED"},
        "replace_on_changes": {"name": "New"},
    }.get(way, {})
    stack.declare(
        ads_program(opts=opts | ({"replacement_trigger": "b"} if trigger else {}), **changes)
    )
    flags = ("--replace", before["urn"]) if way == "--replace" else ()

    previewed = stack.preview_text_and_notices()
    replaced = stack.up_text(*flags)

    assert stack.state()["ads"]["id"] != before["id"]
    assert list_notices(created) == list_notices(previewed) == set()
    assert list_notices(replaced) == {describe(stack)}


def test_neither_an_adoption_nor_a_change_in_place_says_that_anybody_must_join_again(
    stack: EngineStack, empty_aws: Aws
) -> None:
    opts = {"import_": create_by_hand(empty_aws)}
    for description in (LEFT_OUT, "New"):
        stack.declare(ads_program(opts=opts, description=description))

        assert list_notices(stack.up_text()) == set()


def test_the_comment_tells_that_what_an_earlier_run_replaced_is_still_to_be_deleted(
    stack: EngineStack, empty_aws: Aws
) -> None:
    stack.declare(ads_program())
    stack.up()
    empty_aws.endpoint.faults.refuse("DeleteCollaboration", 400, "ValidationException", times=1)
    stack.declare(ads_program(query_log_status="DISABLED"))
    with pytest.raises(automation.CommandError):
        stack.up()

    comment = render_comment(judge(parse_preview(stack.preview_json(refresh=True))))

    assert (
        "**1 collaboration is deleted** (an earlier run replaced it and did not delete it)"
        in comment
    )
