"""The verdict on a preview: what happens to each collaboration, how much that costs, and what `--fail-on` finds."""

from __future__ import annotations

import json
from typing import Any

import pytest
from preview_documents import judge_text, old_state, preview, render, step

from cleanrooms_resource.changes.takeover import (
    DYNAMIC_TYPE,
    PLUGIN_TYPE,
    PULUMI_AWS_TYPE,
    UNTYPED_DYNAMIC_TYPE,
)
from cleanrooms_resource.hidden_keys import IMPORT_ID, TOKEN
from cleanrooms_resource.preview.outcome import Outcome
from cleanrooms_resource.preview.report import render_report
from cleanrooms_resource.preview.verdict import KINDS, Severity
from cleanrooms_resource.preview.verdict_sentence import describe_verdict

MEMBERS = {"222233334444": {"displayName": "AdPlatform", "memberAbilities": []}}
NATIVE_TYPE, NATIVE_MEMBERSHIP = (
    "aws-native:cleanrooms:Collaboration",
    "aws-native:cleanrooms:Membership",
)
MEMBERSHIP = "aws:cleanrooms/membership:Membership"


def list_outcomes(*steps: dict[str, Any]) -> list[Outcome]:
    return [planned.outcome for planned in judge_text(preview(*steps)).planned]


def make_step(op: str, type_: str, name: str = "ads", **states: Any) -> dict[str, Any]:
    """Return a step on a resource of any type."""
    return {
        "op": op,
        "urn": f"urn:pulumi:test::tests::{type_}::{name}",
        **{key: {"type": type_, **state} for key, state in states.items()},
    }


# Operations


def test_the_worst_is_assumed_of_an_operation_that_this_version_does_not_know() -> None:
    verdict = judge_text(preview(step("vaporize", "ads", old_state({}), {"inputs": {}})))

    assert verdict.severity is Severity.CAUTION
    assert verdict.kinds == set(KINDS)
    assert "the operation `vaporize`" in render(
        preview(step("vaporize", "ads", old_state({}), {"inputs": {}}))
    )


@pytest.mark.parametrize("op", ["replace", "import-replacement", "read-replacement"])
def test_every_operation_that_replaces_is_a_replacement(op: str) -> None:
    assert list_outcomes(step(op, "ads", old_state({}), {"inputs": {}})) == [Outcome.REPLACE]


def test_what_the_program_only_read_is_neither_replaced_nor_deleted() -> None:
    external = old_state({}) | {"external": True}

    assert list_outcomes(step("replace", "ads", external, {"inputs": {}})) == [Outcome.CREATE]
    assert list_outcomes(step("discard", "ads", external)) == []


def test_what_the_program_only_reads_from_now_on_leaves_the_stack_and_stays_at_aws() -> None:
    assert list_outcomes(step("read", "ads", old_state({}), {"id": "id", "external": True})) == [
        Outcome.RELEASE
    ]


# What stays at AWS


def test_a_resource_with_retain_on_delete_is_kept_at_aws() -> None:
    retained = old_state({"members": MEMBERS}, {"222233334444": "ACTIVE"}) | {
        "retainOnDelete": True
    }
    verdict = judge_text(preview(step("delete", "ads", retained)))

    assert [planned.outcome for planned in verdict.planned] == [Outcome.RELEASE]
    assert verdict.kinds == set()


def test_retain_on_delete_of_the_new_state_keeps_nothing() -> None:
    verdict = judge_text(
        preview(step("replace", "ads", old_state({}), {"inputs": {}, "retainOnDelete": True}))
    )

    assert not verdict.planned[0].is_kept


def with_token(token: str, **rest: Any) -> dict[str, Any]:
    state = old_state({}) | rest
    return state | {"outputs": state["outputs"] | {TOKEN: token}}


def test_a_collaboration_that_another_resource_of_the_program_holds_is_not_deleted() -> None:
    steps = (
        step("delete", "a", with_token("a")),
        step("refresh", "b", with_token("b"), with_token("b")),
    )

    assert list_outcomes(*steps) == [Outcome.RELEASE]


@pytest.mark.parametrize(
    "other",
    [
        step("refresh", "b", with_token("a"), with_token("a")),
        step("refresh", "b", with_token("b", id="another"), with_token("b")),
        step("delete", "b", with_token("b")),
        make_step("refresh", PLUGIN_TYPE, "b", oldState=with_token("b"), newState=with_token("b")),
        step("refresh", "b", old_state({}), old_state({})),
        step("same", "b", with_token("b"), with_token("b")),
    ],
    ids=[
        "the same token",
        "another id",
        "deleted too",
        "another process",
        "no token",
        "left out by --target",
    ],
)
def test_a_collaboration_that_no_other_resource_holds_for_certain_is_deleted(
    other: dict[str, Any],
) -> None:
    assert Outcome.DELETE in list_outcomes(step("delete", "a", with_token("a")), other)


def test_a_collaboration_that_another_resource_adopts_is_not_deleted() -> None:
    steps = (
        step("delete", "a", old_state({})),
        step("create", "b", None, {"inputs": {IMPORT_ID: "id"}}),
    )

    assert list_outcomes(*steps) == [Outcome.RELEASE, Outcome.ADOPT]


@pytest.mark.parametrize("op", ["delete", "replace"])
def test_a_collaboration_that_another_provider_adopts_is_told_to_be_deleted(op: str) -> None:
    plugin = {"type": PLUGIN_TYPE, "importID": "id"}
    new = {"new": {"inputs": {"name": "y"}}} if op == "replace" else {}
    text = render(
        preview(step(op, "a", old_state({"name": "x"}), **new), step("import", "b", None, plugin))
    )

    assert "**adopted, and deleted by the same `pulumi up`**: `a`" in text
    assert "`b` adopts it, but the deletion still happens" in text


# Protection


@pytest.mark.parametrize(
    ("op", "severity"),
    [("same", Severity.WARNING), ("update", Severity.WARNING), ("replace", Severity.CAUTION)],
)
def test_a_protection_that_is_removed_is_told_and_is_a_warning(op: str, severity: Severity) -> None:
    text = preview(
        step(op, "ads", old_state({"name": "x"}) | {"protect": True}, {"inputs": {"name": "y"}})
    )

    assert judge_text(text).severity is severity
    assert "protect" in render(text)


def test_a_protection_that_stays_is_no_change() -> None:
    protected = old_state({}) | {"protect": True}

    assert list_outcomes(step("same", "ads", protected, protected)) == []


# Types


@pytest.mark.parametrize("type_", [DYNAMIC_TYPE, PLUGIN_TYPE])
@pytest.mark.parametrize(
    ("op", "kind"),
    [("delete", "delete"), ("replace", "replace"), ("create", "create"), ("update", "update")],
)
def test_every_type_of_collaboration_counts(type_: str, op: str, kind: str) -> None:
    old = {"id": "id", "inputs": {"description": "x"}, "outputs": {"__declared": []}}
    states: dict[str, dict[str, Any]] = {
        "create": {"newState": {"inputs": {}}},
        "delete": {"oldState": old},
    }
    both: dict[str, Any] = {"oldState": old, "newState": {"inputs": {"description": "y"}}}

    assert kind in judge_text(preview(make_step(op, type_, **states.get(op, both)))).kinds


@pytest.mark.parametrize("type_", [UNTYPED_DYNAMIC_TYPE, "pulumi-python:dynamic/ads:Ads"])
def test_a_subclass_is_told_by_its_state(type_: str) -> None:
    outputs = {
        "__declared": [],
        "arn": "arn:aws:cleanrooms:us-east-1:111122223333:collaboration/id",
    }
    new = {"inputs": {"__holder": "x"}}

    assert list_outcomes(make_step("delete", type_, oldState={"id": "id", "outputs": outputs})) == [
        Outcome.DELETE
    ]
    assert list_outcomes(make_step("create", type_, newState=new)) == [Outcome.CREATE]


def test_another_dynamic_resource_is_no_collaboration() -> None:
    assert (
        list_outcomes(
            make_step(
                "delete", UNTYPED_DYNAMIC_TYPE, oldState={"id": "id", "outputs": {"arn": "x"}}
            )
        )
        == []
    )


# Other resources of Clean Rooms


BOTH_STATES: dict[str, Any] = {"oldState": {"id": "id"}, "newState": {"inputs": {}}}
OTHER_TYPES = [
    PULUMI_AWS_TYPE,
    MEMBERSHIP,
    NATIVE_TYPE,
    NATIVE_MEMBERSHIP,
    "aws-native:cleanrooms:ConfiguredTable",
    "ads:partners:CleanRoomsTable",
]


@pytest.mark.parametrize("type_", OTHER_TYPES)
@pytest.mark.parametrize(
    ("op", "participle", "kinds"),
    [("delete", "deleted", {"delete"}), ("replace", "replaced", {"replace", "may-replace"})],
)
def test_the_loss_of_another_resource_of_clean_rooms_is_told_by_name(
    type_: str, op: str, participle: str, kinds: set[str]
) -> None:
    text = preview(make_step(op, type_, "ours", **BOTH_STATES))
    verdict = judge_text(text)

    sentence = f"**1 other Clean Rooms resource is deleted or replaced**: `ours` (`{type_}`) is {participle}."
    assert f"> {sentence} Other resources: 1 to {op}." in render(text)
    assert verdict.severity is Severity.CAUTION
    assert verdict.kinds == kinds


@pytest.mark.parametrize(
    "other",
    [
        make_step("create", MEMBERSHIP, newState={"inputs": {}}),
        make_step("update", MEMBERSHIP, **BOTH_STATES),
        make_step("refresh", MEMBERSHIP, **BOTH_STATES),
        make_step("delete", MEMBERSHIP, oldState={"id": "id", "retainOnDelete": True}),
        make_step("discard", MEMBERSHIP, oldState={"id": "id", "external": True}),
        make_step("delete", "pulumi:providers:cleanrooms", oldState={"id": "id"}),
        make_step("delete", "aws:s3/bucket:Bucket", oldState={"id": "id"}),
    ],
    ids=[
        "created",
        "updated",
        "refreshed",
        "kept",
        "only read",
        "a provider",
        "of another service",
    ],
)
def test_nothing_else_is_a_loss_of_clean_rooms(other: dict[str, Any]) -> None:
    verdict = judge_text(preview(other))

    assert verdict.other_losses == ()
    assert verdict.kinds == set()
    assert verdict.severity <= Severity.CHANGE


def test_a_component_is_no_loss_of_clean_rooms_whatever_its_type_is_called() -> None:
    component = make_step("delete", "ads:cleanrooms:Dashboard", oldState={"custom": False})

    assert judge_text(preview(component)).severity is Severity.CHANGE


def test_what_an_earlier_run_replaced_of_another_provider_is_deleted() -> None:
    pending = {"id": "old", "delete": True}
    left_over = make_step("delete-replaced", MEMBERSHIP, "ours", oldState=pending)
    refresh = make_step("refresh", MEMBERSHIP, "ours", oldState=pending, newState=pending)

    (loss,) = judge_text(preview(refresh, left_over)).other_losses
    assert loss.is_deletion


def test_the_parts_of_a_replacement_of_another_provider_do_not_count_twice() -> None:
    parts = [
        make_step(op, MEMBERSHIP, **BOTH_STATES)
        for op in ("create-replacement", "replace", "delete-replaced")
    ]

    assert judge_text(preview(*parts)).kinds == {"replace", "may-replace"}


def test_the_worst_is_assumed_of_an_unknown_operation_of_another_provider() -> None:
    assert (
        judge_text(preview(make_step("vaporize", MEMBERSHIP, **BOTH_STATES))).severity
        is Severity.CAUTION
    )


def test_names_of_other_resources_stay_in_their_place_and_many_are_counted() -> None:
    steps = [
        make_step(
            "delete", "x:cleanrooms:`@me`", f"`{number:02}` @org", oldState={"id": str(number)}
        )
        for number in range(12)
    ]

    comment = render(preview(*steps))

    assert r"`\u{60}00\u{60} @org` (`x:cleanrooms:\u{60}@me\u{60}`) is deleted" in comment
    assert "is deleted and 2 more. Other resources: 12 to delete." in comment


def test_no_collaboration_changes_never_stands_beside_a_collaboration_of_another_provider() -> None:
    assert "No collaboration changes" not in render(
        preview(make_step("delete", NATIVE_TYPE, oldState={"id": "id"}))
    )


def test_the_report_names_the_losses_of_other_resources() -> None:
    report = json.loads(
        render_report(
            judge_text(preview(make_step("delete", MEMBERSHIP, "left", oldState={"id": "id"})))
        )
    )

    assert (report["other_losses"], report["kinds"]) == (
        [f"left ({MEMBERSHIP}) is deleted"],
        ["delete"],
    )


# Renames


def test_a_takeover_with_a_new_name_says_which_alias_keeps_the_collaboration() -> None:
    deleted = make_step(
        "delete", PULUMI_AWS_TYPE, "ads", oldState={"id": "id", "inputs": {"name": "ads-1a2b3c4"}}
    )

    comment = render(
        preview(deleted, step("create", "partners", None, {"inputs": {"name": "Ads"}}))
    )

    assert (
        "`ads` of pulumi-aws is deleted and `partners` is created. If both are the same collaboration"
        in comment
    )


def test_of_several_deletions_and_creations_those_of_one_name_are_paired() -> None:
    steps = [step("delete", name, old_state({"name": name.upper()})) for name in ("a", "b")]
    steps += [
        step("create", f"new-{name}", None, {"inputs": {"name": name.upper()}})
        for name in ("a", "c")
    ]

    assert [(each.old_name, each.new_name) for each in judge_text(preview(*steps)).renames] == [
        ("a", "new-a")
    ]


def test_an_alias_is_advised_only_where_it_keeps_the_resource() -> None:
    deleted = make_step("delete", NATIVE_TYPE, "ads", oldState={"id": "id"})
    created = step("create", "partners", None, {"inputs": {}})

    assert judge_text(preview(deleted, created)).renames == ()


# The sentence


def test_the_reason_of_the_worst_change_is_not_taken_for_that_of_another() -> None:
    text = preview(
        step("delete", "gone", old_state({"name": "A"})),
        step("create", "new", None, {"inputs": {"name": "B"}}),
    )

    assert describe_verdict(judge_text(text)).startswith(
        "**1 collaboration is deleted** (the program no longer declares it) and 1 is created. "
    )


def test_the_sentence_on_several_deletions_speaks_of_them() -> None:
    text = preview(*(step("delete", name, old_state({"name": name})) for name in ("a", "b")))

    assert describe_verdict(judge_text(text)).startswith(
        "**2 collaborations are deleted** (the program no longer declares them). "
    )


# The gate


def update(before: dict[str, Any], after: dict[str, Any], **outputs: Any) -> dict[str, Any]:
    old = old_state(before, dict.fromkeys(before.get("members", {}), "INVITED"))
    return step("update", "ads", old | {"outputs": old["outputs"] | outputs}, {"inputs": after})


@pytest.mark.parametrize(
    ("planned", "kinds"),
    [
        (step("replace", "ads", old_state({}), {"inputs": {}}), {"replace", "may-replace"}),
        (step("delete", "ads", old_state({})), {"delete"}),
        (step("create", "ads", None, {"inputs": {}}), {"create"}),
        (step("create", "ads", None, {"inputs": {IMPORT_ID: "x"}}), {"adopt"}),
        (step("import", "ads", None, {"inputs": {}}), {"adopt"}),
        (update({"name": "a"}, {"name": "b"}), {"update"}),
        (update({"queryLogStatus": "a"}, {"queryLogStatus": "b"}), set()),
        (
            update({"members": MEMBERS}, {"members": {}, "removeMembers": True}),
            {"remove-member", "update"},
        ),
    ],
)
def test_each_change_is_of_its_kinds(planned: dict[str, Any], kinds: set[str]) -> None:
    assert judge_text(preview(planned)).kinds == kinds


def take_over(after: dict[str, Any]) -> dict[str, Any]:
    old = {
        "type": PULUMI_AWS_TYPE,
        "id": "id",
        "inputs": {"name": "a"},
        "outputs": {"arn": "arn:aws:cleanrooms:us-east-1:1:collaboration/id"},
    }
    return {
        "op": "update",
        "urn": f"urn:pulumi:test::tests::{DYNAMIC_TYPE}::ads",
        "oldState": old,
        "newState": {"type": DYNAMIC_TYPE, "inputs": after},
    }


def test_a_takeover_with_a_change_is_both() -> None:
    assert judge_text(preview(take_over({"name": "a"}))).kinds == {"take-over"}
    assert judge_text(preview(take_over({"name": "b"}))).kinds == {"take-over", "update"}


def test_a_takeover_knows_the_state_that_this_preview_refreshed_under_the_old_type() -> None:
    taken_over = take_over({"name": "a"})
    refresh = make_step(
        "refresh", PULUMI_AWS_TYPE, oldState=taken_over["oldState"], newState=taken_over["oldState"]
    )

    (planned,) = judge_text(preview(refresh, taken_over)).planned
    assert planned.joined.is_refreshed


def test_the_severity_is_that_of_the_costliest_change() -> None:
    steps = [step("create", "a", None, {"inputs": {}}), step("delete", "b", old_state({}))]

    assert [judge_text(preview(*steps[:number])).severity for number in range(3)] == [
        Severity.NOTHING,
        Severity.CHANGE,
        Severity.CAUTION,
    ]


# What nobody loses


CHANGED = step("update", "ads", old_state({"description": "x"}), {"inputs": {"description": "y"}})


def test_the_verdict_says_that_no_member_has_to_join_again() -> None:
    assert "No member has to join again." in render(preview(CHANGED))


@pytest.mark.parametrize("type_", [MEMBERSHIP, NATIVE_MEMBERSHIP])
def test_no_all_clear_stands_beside_a_membership_that_is_deleted(type_: str) -> None:
    assert "No member has to join again." not in render(
        preview(CHANGED, make_step("delete", type_, "m", oldState={"id": "m"}))
    )


def test_no_all_clear_stands_in_a_preview_that_failed() -> None:
    assert "No member has to join again." not in render(preview(CHANGED, messages=("boom",)))


# Renames


@pytest.mark.parametrize(
    ("parents", "name", "alias"),
    [
        (
            "",
            "new",
            "with the old name to the options of `new` (`aliases=[pulumi.Alias(name=...)]`)",
        ),
        (
            "a:b:C$",
            "ads",
            "with the old parent to the options of `ads` (`aliases=[pulumi.Alias(parent=...)]`)",
        ),
        (
            "a:b:C$",
            "new",
            "with the old name and parent to the options of `new` (`aliases=[pulumi.Alias(name=..., parent=...)]`)",
        ),
    ],
)
def test_the_alias_that_a_rename_needs_has_what_is_new(parents: str, name: str, alias: str) -> None:
    creation = step("create", name, None, {"inputs": {}}) | {
        "urn": f"urn:pulumi:test::tests::{parents}{DYNAMIC_TYPE}::{name}"
    }

    assert f"add an alias {alias}" in render(
        preview(step("delete", "ads", old_state({})), creation)
    )
