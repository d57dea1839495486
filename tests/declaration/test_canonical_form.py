"""Canonical form, and what is wrong with a declaration."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest
from declarations import ADS, BROKER, LEFT_OUT, declaration, member
from pulumi.output import UNKNOWN

from cleanrooms_resource.declaration.canonical_form import canonicalize
from cleanrooms_resource.declaration.spelling import path_to_camel_case


def canonicalize_right(**overrides: Any) -> dict[str, Any]:
    """Return the canonical form of a declaration that is right."""
    form, failures = canonicalize(declaration(**overrides))
    assert failures == []
    return form


def sentences(*, in_program: bool = False, **overrides: Any) -> list[str]:
    """Return what is wrong with a declaration, as sentences."""
    return [
        failure.to_sentence(in_program=in_program)
        for failure in canonicalize(declaration(**overrides))[1]
    ]


def test_members_become_a_map_keyed_by_account() -> None:
    members = canonicalize_right(members=[member(BROKER), member(ADS)])["members"]

    assert list(members) == [ADS, BROKER]
    assert members[ADS] == {"displayName": "Member 2222", "memberAbilities": []}


def test_a_map_of_members_may_repeat_its_key_as_account_id() -> None:
    assert canonicalize_right(members={ADS: member(ADS)}) == canonicalize_right(
        members=[member(ADS)]
    )


def test_sets_are_sorted_and_hold_each_value_once() -> None:
    assert canonicalize_right(
        members=[], creator_member_abilities=["CAN_RUN_JOB", "CAN_QUERY", "CAN_QUERY"]
    )["creatorMemberAbilities"] == [
        "CAN_QUERY",
        "CAN_RUN_JOB",
    ]


def test_what_is_null_is_left_out() -> None:
    assert canonicalize_right(description=None, tags={"a": "b", "c": None}) == canonicalize_right(
        tags={"a": "b"}
    )


def test_names_are_not_trimmed() -> None:
    assert canonicalize_right(name=" Ads ")["name"] == " Ads "


def test_tag_keys_are_data() -> None:
    assert canonicalize_right(tags={"account_id": "x", "display_name": "y"})["tags"] == {
        "account_id": "x",
        "display_name": "y",
    }


def test_pulumi_awss_spelling_of_allow_cleartext_is_taken() -> None:
    rest = {
        "allow_duplicates": True,
        "allow_joins_on_columns_with_different_names": True,
        "preserve_nulls": True,
    }

    forms = [
        canonicalize_right(data_encryption_metadata={spelling: True} | rest)
        for spelling in ("allow_clear_text", "allowClearText", "allow_cleartext")
    ]

    assert all(form["dataEncryptionMetadata"]["allowCleartext"] is True for form in forms)


def test_a_members_status_is_ignored() -> None:
    assert canonicalize_right(members=[member(ADS, status="INVITED")]) == canonicalize_right(
        members=[member(ADS)]
    )


def test_machine_learning_is_spelled_as_boto3_spells_it() -> None:
    abilities = {"custom_ml_member_abilities": ["CAN_RECEIVE_MODEL_OUTPUT"]}

    form = canonicalize_right(
        creator_ml_member_abilities=abilities, members=[member(ADS, ml_member_abilities=abilities)]
    )

    assert form["creatorMLMemberAbilities"] == {
        "customMLMemberAbilities": ["CAN_RECEIVE_MODEL_OUTPUT"]
    }
    assert form["members"][ADS]["mlMemberAbilities"] == {
        "customMLMemberAbilities": ["CAN_RECEIVE_MODEL_OUTPUT"]
    }


@pytest.mark.parametrize(
    "unknown", [UNKNOWN, pulumi.Output.from_input("x")], ids=["in check", "in the program"]
)
def test_what_is_not_known_stays_where_it_is(unknown: Any) -> None:
    form = canonicalize_right(
        name=unknown, members=[member(ADS, member_abilities=[unknown]), unknown]
    )

    assert form["name"] is unknown
    assert form["members"][ADS]["memberAbilities"] == [unknown]
    assert form["members"]["(known after apply 2)"] is unknown


def test_members_not_known_yet_stand_under_placeholders_that_differ() -> None:
    assert (
        len(
            canonicalize_right(members=[member(UNKNOWN, display_name=name) for name in ("A", "B")])[
                "members"
            ]
        )
        == 2
    )


@pytest.mark.parametrize(
    ("overrides", "sentence"),
    [
        ({"name": LEFT_OUT}, "name: is required"),
        ({"name": 5}, "name: must be a string"),
        (
            {"creator_member_abilities": "CAN_QUERY"},
            "creatorMemberAbilities: must be a list of strings",
        ),
        (
            {"creator_payment_configuration": {}},
            "creatorPaymentConfiguration.queryCompute: is required",
        ),
        ({"creator_payment_configuration": "me"}, "creatorPaymentConfiguration: must be a map"),
        ({"nameless": "x", "zzz": 1}, "zzz: is not a property of a collaboration"),
        ({"queryLogStatus": "ENABLED"}, "queryLogStatus: is declared in two spellings"),
        ({"display_name": "x"}, "display_name: is not a property at this place"),
        ({"tags": {"n": 1}}, 'tags["n"]: must be a string'),
        (
            {"members": 5},
            "members: must be a list of members, or a map of members keyed by account id",
        ),
        (
            {"members": [5]},
            "members[0]: must be a member: a map with displayName and memberAbilities",
        ),
        (
            {"members": [member(LEFT_OUT)]},
            "members[0].accountId: is required: the member's AWS account id, a string of 12 digits",
        ),
        (
            {"members": [member("12345")]},
            "members[0].accountId: must be an AWS account id, a string of 12 digits; in YAML, quote it",
        ),
        (
            {"members": {"x": member(LEFT_OUT)}},
            'members["x"]: must be an AWS account id, a string of 12 digits',
        ),
        (
            {"members": {"2.22233334444e+11": member(LEFT_OUT)}},
            'members["2.22233334444e+11"]: must be an AWS account id, a string of 12 digits; in YAML, quote it',
        ),
        (
            {"members": {ADS: member(BROKER)}},
            f'members["{ADS}"].accountId: must be the member\'s key, "{ADS}", or left out',
        ),
        (
            {"members": {ADS: None}},
            f'members["{ADS}"]: must be a member: a map with displayName and memberAbilities',
        ),
        (
            {"members": [member(ADS) | {"accountId": BROKER}]},
            "members[0].accountId: is declared in two spellings",
        ),
        ({"tags": {1: "x"}}, 'tags["1"]: must be a string'),
        ({"members": {ADS: {}}}, f'members["{ADS}"].displayName: is required'),
    ],
)
def test_a_failure_names_the_property_and_what_would_be_right(
    overrides: dict[str, Any], sentence: str
) -> None:
    assert sentence in sentences(**overrides)


def test_every_failure_is_told_at_once() -> None:
    assert len(sentences(name=LEFT_OUT, query_log_status=1, members=[{}], tags={"a": 1})) == 6


def test_the_constructor_speaks_in_the_programs_spelling() -> None:
    assert sentences(in_program=True, members=[member(ADS, display_name=5)]) == [
        "members[0].display_name: must be a string, and is of type int; in YAML, quote it"
    ]


@pytest.mark.parametrize(
    ("program_path", "wire"),
    [
        ("creator_display_name", "creatorDisplayName"),
        (
            "creator_ml_member_abilities.custom_ml_member_abilities",
            "creatorMLMemberAbilities.customMLMemberAbilities",
        ),
        (f'members["{ADS}"].display_name', f'members["{ADS}"].displayName'),
        ("tags.account_id", "tags.account_id"),
        ('tags["display_name"]', 'tags["display_name"]'),
        ("members", "members"),
        ("*", "*"),
    ],
)
def test_a_property_path_is_respelled_but_for_the_data_in_it(program_path: str, wire: str) -> None:
    assert path_to_camel_case(program_path) == wire


@pytest.mark.xfail(strict=True, reason="a key in another case is not said in the user's spelling")
@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (
            {"AccountId": ADS, "displayName": "x", "memberAbilities": []},
            'members[0].AccountId: is not a property of a member; did you mean "accountId"?',
        ),
        (
            {"accountId": ADS, "displayName": "x", "MemberAbilities": []},
            'members[0].MemberAbilities: is not a property of a member; did you mean "memberAbilities"?',
        ),
    ],
)
def test_a_key_in_another_case_is_quoted_and_the_hint_is_a_name_of_that_place(
    wrong: dict[str, Any], sentence: str
) -> None:
    said = sentences(members=[wrong])

    assert sentence in said
    assert not [each for each in said if "account_id: is not a property" in each]
