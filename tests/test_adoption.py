"""The guards of adoption, where the engine cannot be made to call in that order; the rest is in tests/engine."""

from __future__ import annotations

from typing import Any

import pytest

from cleanrooms_resource.adoption import IMPORT, Adoptions, differences
from cleanrooms_resource.errors import AdoptionError
from cleanrooms_resource.properties import Change, Changed

OLDS = {"name": "x"}


def test_an_adoption_that_fails_leaves_the_id_to_another() -> None:
    adoptions = Adoptions()
    with pytest.raises(OSError, match="down"), adoptions.adopting("a"):
        raise OSError("down")

    with adoptions.adopting("a"):
        pass

    assert not adoptions.deletes("a")


def test_an_id_adopted_twice_is_refused() -> None:
    adoptions = Adoptions()
    with adoptions.adopting("a"):
        pass

    with pytest.raises(AdoptionError, match="a collaboration is declared once"), adoptions.adopting("a"):
        pytest.fail("adopted twice")


def test_an_id_in_the_state_is_not_adopted() -> None:
    adoptions = Adoptions()
    adoptions.diff("a", {}, replaces=False)

    with pytest.raises(AdoptionError, match="another resource of this stack already"), adoptions.adopting("a"):
        pytest.fail("adopted what the state has")


def test_a_resource_whose_id_another_has_just_adopted_is_refused() -> None:
    adoptions = Adoptions()
    with adoptions.adopting("a"):
        pass

    with pytest.raises(AdoptionError, match="just been adopted by another"):
        adoptions.diff("a", {}, replaces=False)


def test_a_resource_whose_id_another_wants_to_import_is_refused_at_the_preview() -> None:
    adoptions = Adoptions()
    adoptions.check({}, {IMPORT: "a"})

    with pytest.raises(AdoptionError, match="another resource imports a"):
        adoptions.diff("a", {}, replaces=False)


def test_what_nobody_imports_is_deleted() -> None:
    adoptions = Adoptions()
    adoptions.check(OLDS | {IMPORT: "a"}, {IMPORT: "a"})

    assert adoptions.deletes("a")


def test_the_first_half_of_a_replacement_deletes_nothing_that_the_program_still_imports() -> None:
    adoptions = Adoptions()
    adoptions.check({}, {IMPORT: "a"})

    with pytest.raises(AdoptionError, match="may not be replaced"):
        adoptions.deletes("a")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (Changed("name", Change.IN_PLACE, "there", "secret"), "name: is declared otherwise"),
        (Changed("description", Change.IN_PLACE, "", "secret"), "description: is declared, and is not there"),
        (Changed("tags", Change.TAGS, {"a": "b"}, {}), 'tags["a"]: is there, and is not declared'),
        (
            Changed("members", Change.REPLACE, {"1": {"displayName": "x", "memberAbilities": []}}, {"1": {"displayName": "secret"}}),
            'members["1"].display_name: is declared otherwise',
        ),
    ],
)
def test_a_difference_says_where_it_is_and_never_a_value(change: Changed, sentence: str) -> None:
    assert differences([change]) == sentence


def test_differences_that_mean_the_same_are_none() -> None:
    same: dict[str, Any] = {"1": {"paymentConfiguration": {"queryCompute": {"isResponsible": False}}}}

    assert differences([Changed("members", Change.REPLACE, same, {"1": {}})]) == ""
