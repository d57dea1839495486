"""The guards of adoption, where the engine cannot be made to call in that order; the rest is in tests/engine."""

from __future__ import annotations

from typing import Any

import pytest

from cleanrooms_resource.changes.adoption import AdoptionGuards, describe_changes
from cleanrooms_resource.changes.diff import PropertyChange
from cleanrooms_resource.errors import AdoptionError
from cleanrooms_resource.hidden_keys import IMPORT_ID
from cleanrooms_resource.table import TABLE, ChangeKind

OLDS = {"name": "x"}


def test_an_adoption_that_fails_leaves_the_id_to_another() -> None:
    guards = AdoptionGuards()
    with pytest.raises(OSError, match="down"), guards.reserve("a"):
        raise OSError("down")

    with guards.reserve("a"):
        pass

    assert not guards.should_delete("a")


def test_an_id_adopted_twice_is_refused() -> None:
    guards = AdoptionGuards()
    with guards.reserve("a"):
        pass

    with (
        pytest.raises(AdoptionError, match="only one resource can declare a collaboration"),
        guards.reserve("a"),
    ):
        pytest.fail("adopted twice")


def test_an_id_in_the_state_is_not_adopted() -> None:
    guards = AdoptionGuards()
    guards.note_diff("a", {}, replacing_properties=[])

    with (
        pytest.raises(AdoptionError, match="another resource of this stack already"),
        guards.reserve("a"),
    ):
        pytest.fail("adopted what the state has")


def test_a_resource_whose_id_another_has_just_adopted_is_refused() -> None:
    guards = AdoptionGuards()
    with guards.reserve("a"):
        pass

    with pytest.raises(
        AdoptionError,
        match=r"^Another resource of this stack has just adopted a\. Remove that resource .*\. Do not only remove the resource",
    ):
        guards.note_diff("a", {}, replacing_properties=[])


def test_a_resource_whose_id_another_wants_to_import_is_refused_at_the_preview() -> None:
    guards = AdoptionGuards()
    guards.note_check({}, {IMPORT_ID: "a"}, is_replacement=False)

    with pytest.raises(AdoptionError, match="another resource imports a"):
        guards.note_diff("a", {}, replacing_properties=[])


def test_a_refused_replacement_names_the_properties_that_are_the_reason() -> None:
    guards = AdoptionGuards()
    guards.note_check(OLDS, {IMPORT_ID: "a"}, is_replacement=False)

    with pytest.raises(
        AdoptionError, match=r"may not be replaced; .* because of members, query_log_status\.$"
    ):
        guards.note_diff("a", {IMPORT_ID: "a"}, replacing_properties=["members", "queryLogStatus"])


@pytest.mark.parametrize(
    ("is_replacement", "advice"),
    [(True, "please remove the `import_` option"), (False, "run `pulumi up` without --refresh")],
)
def test_a_refused_check_tells_a_replacement_from_a_new_resource(
    is_replacement: bool,  # noqa: FBT001
    advice: str,
) -> None:
    guards = AdoptionGuards()
    guards.note_diff("a", {}, replacing_properties=[])

    assert advice in guards.note_check({}, {IMPORT_ID: "a"}, is_replacement=is_replacement)[0]


def test_what_nobody_imports_is_deleted() -> None:
    guards = AdoptionGuards()
    guards.note_check(OLDS | {IMPORT_ID: "a"}, {IMPORT_ID: "a"}, is_replacement=False)

    assert guards.should_delete("a")


def test_a_collaboration_that_the_program_imports_and_has_not_adopted_is_not_deleted() -> None:
    guards = AdoptionGuards()
    guards.note_check({}, {IMPORT_ID: "a"}, is_replacement=False)

    with pytest.raises(
        AdoptionError,
        match=r"a is not deleted: the program imports this collaboration.*Keep `import_`",
    ):
        guards.should_delete("a")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            PropertyChange("name", ChangeKind.IN_PLACE, "there", "secret"),
            "name: AWS has another value than the program declares",
        ),
        (
            PropertyChange("description", ChangeKind.IN_PLACE, "", "secret"),
            "description: the program declares a value, and AWS has no value",
        ),
        (
            PropertyChange("tags", ChangeKind.TAGS, {"a": "b"}, {}),
            "tags: AWS has other tags than the program declares",
        ),
        (
            PropertyChange(
                "members",
                ChangeKind.REPLACE,
                {"1": {"displayName": "x", "memberAbilities": []}},
                {"1": {"displayName": "secret"}},
            ),
            'members["1"].display_name: AWS has another value than the program declares',
        ),
    ],
)
def test_a_difference_says_where_it_is_and_never_a_value(
    change: PropertyChange, sentence: str
) -> None:
    assert describe_changes([change], TABLE, ()) == sentence


def test_differences_that_mean_the_same_are_none() -> None:
    same: dict[str, Any] = {
        "1": {"paymentConfiguration": {"queryCompute": {"isResponsible": False}}}
    }

    assert (
        describe_changes(
            [PropertyChange("members", ChangeKind.REPLACE, same, {"1": {}})], TABLE, ()
        )
        == ""
    )
