"""A replacement happens where the collaboration is, in the account that created it, and what is left to do is told, on the real engine."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, ClassVar

import pytest
from declarations import ADS, BROKER
from pulumi import automation

from cleanrooms_resource.preview.comment import render_comment
from cleanrooms_resource.preview.document import parse_preview
from cleanrooms_resource.preview.verdict import judge
from engine.driver import EngineStack, create_stack
from engine.programs import ads_program, create_by_hand, take_snapshot
from engine.shared_stack import declare_all

if TYPE_CHECKING:
    from aws_account import Aws


pytestmark = pytest.mark.engine
DELETE_FIRST = {"delete_before_replace": True}
ON_NAME = {"replace_on_changes": ["name"]}


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


def describe(id_: str) -> str:
    """Return the line on a collaboration that replaces another one."""
    return (
        f"Clean Rooms collaboration {id_}: this new collaboration replaces the old one. {ADS}, {BROKER} must join again: "
        f"`cleanrooms-resource invitation {id_} --region us-east-1` writes the invitations."
    )


class ReplacementRun:
    """A stack whose collaborations are replaced in every way; what each command printed is kept."""

    WAYS: ClassVar[dict[str, tuple[dict[str, Any], dict[str, Any], dict[str, Any]]]] = {
        "a property": ({}, {}, {"query_log_status": "DISABLED"}),
        "a property, delete first": (DELETE_FIRST, DELETE_FIRST, {"query_log_status": "DISABLED"}),
        "--replace": ({}, {}, {}),
        "--replace, delete first": (DELETE_FIRST, DELETE_FIRST, {}),
        "replace_on_changes": (ON_NAME, ON_NAME, {"name": "New"}),
        "replacement_trigger": ({"replacement_trigger": "a"}, {"replacement_trigger": "b"}, {}),
    }
    """The options before and after the change, and what changes."""

    def __init__(self, stack: EngineStack, aws: Aws) -> None:
        adopted = {"import_": create_by_hand(aws)}
        before = [ads_program(name, opts=opts) for name, (opts, _, _) in self.WAYS.items()]
        after = [
            ads_program(name, opts=o, **changes) for name, (_, o, changes) in self.WAYS.items()
        ]
        stack.declare(declare_all([*before, ads_program("adopted", opts=adopted)]))
        self.created = stack.up_text()
        self.before = stack.state()
        changed = ads_program("adopted", opts=adopted, description="New")
        stack.declare(declare_all([*after, changed]))
        self.previewed = stack.preview_text_and_notices()
        urns = [each["urn"] for name, each in self.before.items() if name.startswith("--replace")]
        self.replaced = stack.up_text(*(part for urn in urns for part in ("--replace", urn)))
        self.after = stack.state()


@pytest.fixture(scope="module")
def run(aws: Aws, tmp_path_factory: pytest.TempPathFactory) -> ReplacementRun:
    stack = create_stack(tmp_path_factory.mktemp("replacements"), aws.endpoint.settings)
    return ReplacementRun(stack, aws)


@pytest.mark.parametrize("way", ReplacementRun.WAYS)
def test_an_up_that_replaces_a_collaboration_says_who_must_join_again(
    run: ReplacementRun, way: str
) -> None:
    assert run.after[way]["id"] != run.before[way]["id"]
    assert describe(run.after[way]["id"]) in list_notices(run.replaced)


def test_only_an_up_that_replaces_says_that_anybody_must_join_again(run: ReplacementRun) -> None:
    assert list_notices(run.created) == list_notices(run.previewed) == set()
    assert len(list_notices(run.replaced)) == len(ReplacementRun.WAYS)


def test_neither_an_adoption_nor_a_change_in_place_says_that_anybody_must_join_again(
    run: ReplacementRun,
) -> None:
    adopted = run.after["adopted"]

    assert adopted["outputs"]["description"] == "New"
    assert not [line for line in list_notices(run.replaced) if adopted["id"] in line]


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
