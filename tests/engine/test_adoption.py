"""``import_`` and ``get``, on the real engine: what exists stays alive, whatever the program says."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

import pulumi
import pytest
from declarations import ADS, BROKER, PARTNER, declaration, member
from pulumi import automation

import cleanrooms_resource as cleanrooms
from engine.programs import comment_and_kept, made_by_hand, one, written

if TYPE_CHECKING:
    from cleanrooms import Aws

    from engine.driver import Deployment

pytestmark = pytest.mark.engine


@pytest.fixture
def existing(aws: Aws) -> str:
    """The id of a collaboration that somebody made by hand, equal to the factory's declaration."""
    return made_by_hand(aws)


def failure(stack: Deployment, **options: Any) -> str:
    """What a failing up says."""
    with pytest.raises(automation.CommandError) as error:
        stack.stack.up(suppress_progress=True, **options)
    return str(error.value)


def test_import_adopts_with_no_write(stack: Deployment, aws: Aws, existing: str) -> None:
    before = written(aws)
    stack.declare(one(opts={"import_": existing}))

    previewed = stack.preview()
    applied = stack.up()

    assert previewed["ads"].op == "create"
    assert applied["create"] == 2
    assert stack.state()["ads"]["id"] == existing
    assert written(aws) == before
    assert stack.preview() == {}
    assert stack.refresh() == {}


def test_taking_import_out_again_changes_nothing(stack: Deployment, existing: str) -> None:
    stack.declare(one(opts={"import_": existing}))
    stack.up()
    stack.declare(one())

    assert stack.preview() == {}
    assert stack.up() == {}
    assert stack.state()["ads"]["id"] == existing


def test_what_differs_from_what_exists_is_listed_and_nothing_is_changed(stack: Deployment, aws: Aws, existing: str) -> None:
    before = written(aws)
    stack.declare(
        one(opts={"import_": existing}, name="Other", tags={"team": "x", "more": "y"}, members=[member(ADS, member_abilities=["CAN_QUERY"])])
    )

    said = failure(stack)

    assert f"import_: {existing} differs from the declaration, and nothing was changed: " in said
    for difference in (
        "name: AWS has another value than the program declares",
        'tags["team"]: AWS has another value than the program declares',
        'tags["more"]: the program declares it, and AWS does not have it',
        f'members["{BROKER}"]',
    ):
        assert difference in said
    assert written(aws) == before
    assert "ads" not in stack.state()


def test_import_of_a_missing_one_fails(stack: Deployment) -> None:
    stack.declare(one(opts={"import_": "11111111-2222-3333-4444-555555555555"}))

    assert "AccessDeniedException" in failure(stack)


@pytest.mark.parametrize("first", ["create", "delete"])
@pytest.mark.parametrize("way", ["--replace", "replace_on_changes", "a member added outside and then declared", "another property"])
def test_an_adopted_one_is_alive_whatever_forces_a_replacement(stack: Deployment, aws: Aws, existing: str, way: str, first: str) -> None:
    opts: dict[str, Any] = {"import_": existing, "delete_before_replace": first == "delete"}
    stack.declare(one(opts=opts))
    stack.up()
    options: dict[str, Any] = {}
    if way == "--replace":
        options["replace"] = [stack.state()["ads"]["urn"]]
    elif way == "replace_on_changes":
        stack.declare(one(opts=opts | {"replace_on_changes": ["name"]}, name="Other"))
    elif way == "another property":
        stack.declare(one(opts=opts, query_log_status="DISABLED"))
    else:
        aws.running.collaborations[existing].add({"accountId": PARTNER, "displayName": "Member 4444", "memberAbilities": []})
        stack.declare(one(opts=opts, members=[*declaration()["members"], member(PARTNER)]))

    with contextlib.suppress(automation.CommandError):
        stack.stack.up(suppress_progress=True, **options)

    assert existing in aws.collaborations()
    assert stack.state()["ads"]["id"] == existing
    # The program is put right: nothing happens to it then, either.
    stack.declare(one())
    if way == "a member added outside and then declared":
        stack.declare(one(members=[*declaration()["members"], member(PARTNER)]))
        stack.refresh()
    stack.up()
    assert existing in aws.collaborations()


def test_a_preview_refuses_to_replace_an_adopted_one_with_pulumis_own_sentence(stack: Deployment, existing: str) -> None:
    stack.declare(one(opts={"import_": existing}))
    stack.up()
    stack.declare(one(opts={"import_": existing}, query_log_status="DISABLED"))

    with pytest.raises(automation.CommandError, match="previously-imported resources that still specify an ID may not be replaced"):
        stack.preview_text()


def test_two_adopters_of_one_id_are_refused(stack: Deployment, aws: Aws, existing: str) -> None:
    def declare() -> None:
        for name in ("one", "two"):
            cleanrooms.Collaboration(name, declaration(), pulumi.ResourceOptions(import_=existing))

    stack.declare(declare)

    assert "a collaboration is declared once" in failure(stack)
    assert [each["id"] for each in stack.state().values()] == [existing]
    assert existing in aws.collaborations()


def test_another_id_on_a_resource_in_the_state_is_refused(stack: Deployment, existing: str) -> None:
    stack.declare(one())
    stack.up()
    stack.declare(one(opts={"import_": existing}))

    assert f"cannot become {existing}" in failure(stack)


@pytest.mark.parametrize("first", ["ads", "again"])
def test_a_preview_refuses_an_import_of_what_the_stack_has(stack: Deployment, aws: Aws, first: str) -> None:
    stack.declare(one())
    stack.up()
    mine = stack.state()["ads"]["id"]

    def declare() -> None:
        for name in sorted(("ads", "again"), key=lambda each: each != first):
            cleanrooms.Collaboration(name, declaration(), pulumi.ResourceOptions(import_=mine if name == "again" else None))

    stack.declare(declare)

    with pytest.raises(automation.CommandError, match=r"this stack's state already has|another resource imports"):
        stack.preview_text()
    assert mine in aws.collaborations()


def test_a_renamed_resource_may_adopt_what_the_old_one_had(stack: Deployment, aws: Aws, existing: str) -> None:
    stack.declare(one(opts={"import_": existing}))
    stack.up()
    stack.declare(one("renamed", opts={"import_": existing}))
    stack.up()

    assert stack.state().keys() == {"renamed"}
    assert existing in aws.collaborations()


@pytest.mark.parametrize("options", [{}, {"run_program": True}])
def test_destroy_deletes_what_was_adopted(stack: Deployment, aws: Aws, existing: str, options: dict[str, Any]) -> None:
    stack.declare(one(opts={"import_": existing}))
    stack.up()

    stack.stack.destroy(suppress_progress=True, **options)

    assert existing not in aws.collaborations()


@pytest.mark.parametrize("options", [{}, {"run_program": True}])
def test_a_refresh_shows_drift_though_import_is_still_there(stack: Deployment, aws: Aws, existing: str, options: dict[str, Any]) -> None:
    stack.declare(one(opts={"import_": existing}))
    stack.up()
    aws.running.collaborations[existing].add({"accountId": PARTNER, "displayName": "New", "memberAbilities": []})

    stack.stack.refresh(suppress_progress=True, **options)

    assert PARTNER in stack.state()["ads"]["inputs"]["members"]


def test_get_reads_one_that_the_stack_does_not_own(stack: Deployment, aws: Aws, existing: str) -> None:
    def declare() -> None:
        ads = cleanrooms.Collaboration.get("ads", existing)
        for name in ("name", "members", "tags", "analytics_engine", "creator_account_id"):
            pulumi.export(name, getattr(ads, name))

    stack.declare(declare)
    stack.up()
    outputs = stack.outputs()

    assert outputs["name"] == "Ads measurement"
    assert outputs["members"].keys() == {ADS, BROKER}
    assert outputs["tags"] == {"team": "ads"}
    assert outputs["creator_account_id"] == "111122223333"
    assert [step.op for step in stack.preview().values()] == ["read"]
    assert stack.refresh() == {}
    stack.destroy()
    assert existing in aws.collaborations()


def test_get_of_a_missing_one_fails(stack: Deployment) -> None:
    def declare() -> None:
        cleanrooms.Collaboration.get("ads", "11111111-2222-3333-4444-555555555555")

    stack.declare(declare)

    assert "AccessDeniedException" in failure(stack)


def test_the_comment_of_an_adoption_is_the_one_kept(stack: Deployment, existing: str) -> None:
    stack.declare(one(opts={"import_": existing}))

    now, kept = comment_and_kept(stack, "import")

    assert now == kept
