"""The translation between the protocol and the lifecycle: what is secret stays secret, and what a moved state hides never acts."""

from __future__ import annotations

from typing import Any

import pytest

from cleanrooms_resource.hidden_keys import (
    DECLARED_NAMES,
    DROPPED_MEMBERS,
    HOLDER,
    PLAIN_NAMES,
    RESOURCE_NAME,
    TOKEN,
)
from cleanrooms_resource.plugin.translation import (
    get_name,
    list_plain_names,
    spell_names,
    translate_inputs,
    translate_outputs,
    translate_program_inputs,
    write_inputs,
    write_outputs,
)
from cleanrooms_resource.pulumi_sdk import mark_secret
from cleanrooms_resource.table import TABLE
from plugin.driver import make_urn

URN = make_urn()
CONNECTION_OF_DYNAMIC = {"accessKey": "AKIA", "secretKey": "s3cr3t"}
DERIVED = [(row.name, name) for row in TABLE.values() for name in row.derived_outputs]


def test_checked_inputs_are_held_by_the_urn() -> None:
    assert translate_inputs(URN, {"name": mark_secret("x")}) == {"name": "x", HOLDER: URN}


def test_no_inputs_stay_none() -> None:
    """The lifecycle takes a resource without old inputs for a new one."""
    assert translate_inputs(URN, {}) == {}


def test_a_program_has_the_resources_name_beside_its_inputs() -> None:
    inputs = translate_program_inputs(URN, {"name": "x"}, {"name"})

    assert (inputs[RESOURCE_NAME], inputs[PLAIN_NAMES], inputs[HOLDER]) == ("ads", ["name"], URN)


@pytest.mark.parametrize("name", ["a::b", "members", "x::y::z", "ü n"])
def test_a_name_may_hold_the_separator_of_a_urn(name: str) -> None:
    assert get_name(make_urn(name)) == name


@pytest.mark.parametrize("key", ["__connection", "connection", "__provider"])
def test_what_a_moved_state_says_of_who_acts_has_no_effect(key: str) -> None:
    outputs = {"arn": "x", DECLARED_NAMES: [], key: CONNECTION_OF_DYNAMIC}

    assert key not in translate_outputs(URN, outputs, {})
    assert key not in write_outputs(outputs, {})


def test_hidden_inputs_of_a_moved_state_have_no_effect() -> None:
    assert translate_inputs(
        URN, {"name": "x", "__import": "id", "__ignoreChanges": [], "__holder": "y"}
    ) == {"name": "x", HOLDER: URN}


def test_a_state_of_the_plug_in_is_held_by_its_urn() -> None:
    assert translate_outputs(URN, {DECLARED_NAMES: [], TOKEN: "t"}, {})[HOLDER] == URN


def test_a_state_without_holder_and_token_is_of_an_older_version() -> None:
    assert HOLDER not in translate_outputs(URN, {DECLARED_NAMES: []}, {})


def test_the_outputs_of_a_read_are_held_by_nobody() -> None:
    assert translate_outputs(URN, {"arn": "x"}, {}) == {"arn": "x"}


@pytest.mark.parametrize(("name", "derived"), DERIVED)
def test_an_output_that_derives_from_a_secret_is_secret(name: str, derived: str) -> None:
    outputs = {name: {"x": "y"}, derived: "z", "arn": "a"}

    assert write_outputs(outputs, {name: {"x": mark_secret("y")}}) == {
        "arn": "a",
        name: {"x": mark_secret("y")},
        derived: mark_secret("z"),
    }


@pytest.mark.parametrize(("name", "derived"), DERIVED)
def test_an_output_that_derives_from_no_secret_is_plain(name: str, derived: str) -> None:
    outputs = {name: ["x"], derived: "z"}

    assert write_outputs(outputs, {name: ["x"]}) == outputs


def test_tags_of_the_provider_that_are_secret_are_secret_in_the_outputs() -> None:
    inputs = {"tags": {"team": "ads"}, "tagsAll": mark_secret({"team": "ads", "d": "s"})}

    assert (
        write_outputs({"tags": {"team": "ads"}, "tagsAll": {"team": "ads", "d": "s"}}, inputs)
        == inputs
    )


def test_members_that_were_dropped_are_secret() -> None:
    """The account of a dropped member may have been secret, and no input says so any more."""
    assert write_outputs({DROPPED_MEMBERS: ["x"]}, {}) == {DROPPED_MEMBERS: mark_secret(["x"])}


def test_hidden_keys_are_no_inputs() -> None:
    assert write_inputs({"name": "x", HOLDER: URN, "__import": "id"}, {}) == {"name": "x"}


def test_a_secret_among_inputs_and_outputs_is_no_plain_name() -> None:
    plain_names = list_plain_names(
        {"name": mark_secret("x")},
        {"description": mark_secret("y"), "memberStatuses": mark_secret({})},
    )

    assert TABLE.keys() - set(plain_names) == {"name", "description", "members"}


@pytest.mark.parametrize("others", [{}, {"creatorDisplayName": "y"}])
def test_a_secret_is_one_in_either_spelling(others: dict[str, Any]) -> None:
    assert spell_names({"creator_display_name": mark_secret("x"), **others}) == {
        "creatorDisplayName": mark_secret("x")
    }
