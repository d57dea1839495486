"""Every rule, with a declaration that it accepts and one that it refuses; and what only warns."""

from __future__ import annotations

import re
from typing import Any

import pytest
from declarations import ADS, BROKER, LEFT_OUT, declaration, member, responsible
from pulumi.output import UNKNOWN

from cleanrooms_resource.declaration.canonical_form import canonicalize
from cleanrooms_resource.declaration.rules import find_warnings
from cleanrooms_resource.hidden_keys import PLAIN_NAMES
from cleanrooms_resource.provider import CollaborationProvider
from cleanrooms_resource.table import TABLE

LEARNING = {"machineLearning": {"modelTraining": {"isResponsible": False}}}


def list_refusals(**overrides: Any) -> list[str]:
    return [
        failure.reason
        for failure in CollaborationProvider()
        .check({}, {**declaration(**overrides), PLAIN_NAMES: list(TABLE)})
        .failures
    ]


def list_warnings(**overrides: Any) -> list[str]:
    form, failures = canonicalize(declaration(**overrides))
    assert failures == []
    return [warning.to_sentence() for warning in find_warnings(form)]


def querier(account: Any = ADS, **overrides: Any) -> dict[str, Any]:
    return member(account, member_abilities=["CAN_QUERY"], **overrides)


ENCRYPTION = dict.fromkeys(
    (
        "allow_cleartext",
        "allow_duplicates",
        "allow_joins_on_columns_with_different_names",
        "preserve_nulls",
    ),
    True,
)

RULES: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "what is required is there": (
        {"members": [member(ADS)]},
        {"members": [member(ADS, display_name=LEFT_OUT)]},
        "members[0].displayName: is required",
    ),
    "a value has its type": (
        {"is_metrics_enabled": True},
        {"is_metrics_enabled": "yes"},
        "isMetricsEnabled: must be true or false",
    ),
    "a name is the property's": (
        {"job_log_status": "ENABLED"},
        {"job_log_statu": "ENABLED"},
        'job_log_statu: is not a property of a collaboration; did you mean "job_log_status"?',
    ),
    "an account is a string of 12 digits": (
        {"members": [member("012345678901")]},
        {"members": [member("12345678901x")]},
        "members[0].accountId: must be an AWS account id, a string of 12 digits",
    ),
    "an account is no number": (
        {"members": [member(ADS)]},
        {"members": [{**member(ADS), "account_id": 222233334444}]},
        "members[0].accountId: must be an AWS account id, a string of 12 digits; in YAML, quote it",
    ),
    "an account is invited once": (
        {"members": [member(ADS), member(BROKER)]},
        {"members": [member(ADS), member(ADS)]},
        f"members[1].accountId: account {ADS} is already a member, and a collaboration can invite an account only once",
    ),
    "encryption has all four settings": (
        {"data_encryption_metadata": ENCRYPTION},
        {
            "data_encryption_metadata": {
                name: True for name in ENCRYPTION if name != "allow_duplicates"
            }
        },
        "dataEncryptionMetadata.allowDuplicates: is required",
    ),
    "a payment configuration says who pays for queries": (
        {"creator_payment_configuration": responsible(queryCompute=True)},
        {"creator_payment_configuration": {"jobCompute": {"isResponsible": True}}},
        "creatorPaymentConfiguration.queryCompute: is required",
    ),
    "a payment leg says who is responsible": (
        {"creator_payment_configuration": {"queryCompute": {"isResponsible": True}}},
        {"creator_payment_configuration": {"queryCompute": {}}},
        "creatorPaymentConfiguration.queryCompute.isResponsible: is required",
    ),
    "a new collaboration runs on SPARK": (
        {"analytics_engine": "SPARK"},
        {"analytics_engine": "CLEAN_ROOMS_SQL"},
        "analyticsEngine: must be SPARK, or left out: AWS creates no new collaboration with CLEAN_ROOMS_SQL",
    ),
    "a name has 1 to 100 characters": (
        {"name": "x" * 100},
        {"name": "x" * 101},
        "name: must have 1 to 100 characters, and has 101",
    ),
    "a name is not empty": (
        {"name": "x"},
        {"name": ""},
        "name: must have 1 to 100 characters, and has 0",
    ),
    "a name is not blank, as Java has it": (
        {"name": "\xa0"},
        {"name": "  "},
        "name: must not be blank",
    ),
    "a name is one line": (
        {"name": "a\tb 🎯"},
        {"name": "a\nb"},
        "name: must not have control characters or line breaks",
    ),
    "a display name is as a name": (
        {"creator_display_name": "x"},
        {"creator_display_name": "x" * 101},
        "creatorDisplayName: must have 1 to 100 characters, and has 101",
    ),
    "a description has at most 255 characters": (
        {"description": "x" * 255},
        {"description": "x" * 256},
        "description: must have 0 to 255 characters, and has 256",
    ),
    "a description is empty or not blank": (
        {"description": ""},
        {"description": " "},
        "description: must not be blank",
    ),
    "a description may have line breaks": (
        {"description": "a\r\nb"},
        {"description": "\0"},
        "description: must not have control characters",
    ),
    "a status is one of the enum": (
        {"query_log_status": "DISABLED"},
        {"query_log_status": "ON"},
        "queryLogStatus: must be one of ENABLED, DISABLED",
    ),
    "an ability is one of the enum": (
        {"creator_member_abilities": ["CAN_EXPORT_QUERY_ANALYSIS_LOG"]},
        {"creator_member_abilities": ["CAN_FLY"]},
        "creatorMemberAbilities[0]: must be one of CAN_QUERY, CAN_RECEIVE_RESULTS",
    ),
    "a region is one of the enum": (
        {"allowed_result_regions": ["eu-west-1"]},
        {"allowed_result_regions": ["mars-1"]},
        "allowedResultRegions[0]: must be one of us-west-1",
    ),
    "one member queries": (
        {"members": [querier(), member(BROKER)]},
        {"members": [querier(), querier(BROKER)]},
        f"members[1].memberAbilities: only one member, creator included, can have CAN_QUERY, and member {ADS} has it",
    ),
    "the creator counts among those who query": (
        {"creator_member_abilities": ["CAN_QUERY"], "members": []},
        {"creator_member_abilities": ["CAN_QUERY"], "members": [querier()]},
        "members[0].memberAbilities: only one member, creator included, can have CAN_QUERY, and the creator has it",
    ),
    "somebody pays for queries": (
        {
            "members": [querier(payment_configuration=responsible(queryCompute=False))],
            "creator_payment_configuration": responsible(queryCompute=True),
        },
        {"members": [querier(payment_configuration=responsible(queryCompute=False))]},
        (
            "members[0].paymentConfiguration.queryCompute.isResponsible: must be true or left out, because no other member pays this cost"
        ),
    ),
    "somebody pays for model training": (
        {"members": [querier(payment_configuration=responsible(queryCompute=True))]},
        {"members": [querier(payment_configuration=responsible(queryCompute=True) | LEARNING)]},
        "members[0].paymentConfiguration.machineLearning.modelTraining.isResponsible: must be true",
    ),
    "a tag key is not AWS's": (
        {"tags": {"team": "x"}},
        {"tags": {"aws:team": "x"}},
        'tags["aws:team"]: must not begin with aws:',
    ),
    "a tag value has at most 256 characters": (
        {"tags": {"a": "x" * 256}},
        {"tags": {"a": "x" * 257}},
        'tags["a"]: must have 0 to 256 characters',
    ),
    "a tag key has at most 128 characters": (
        {"tags": {"k" * 128: "x"}},
        {"tags": {"k" * 129: "x"}},
        f'tags["{"k" * 129}"]: must have 1 to 128 characters',
    ),
    "there are at most 200 tags": (
        {"tags": {str(number): "x" for number in range(200)}},
        {"tags": {str(number): "x" for number in range(201)}},
        "tags: must have at most 200 entries, and has 201",
    ),
}


@pytest.mark.parametrize("accepted", [rule[0] for rule in RULES.values()], ids=RULES)
def test_a_rule_accepts(accepted: dict[str, Any]) -> None:
    assert list_refusals(**accepted) == []


@pytest.mark.parametrize(
    ("overrides", "sentence"), [rule[1:] for rule in RULES.values()], ids=RULES
)
def test_a_rule_refuses_with_the_property_and_what_would_be_right(
    overrides: dict[str, Any], sentence: str
) -> None:
    assert [reason.startswith(sentence) for reason in list_refusals(**overrides)] == [True]


def test_an_enum_says_which_botocore_refuses() -> None:
    assert re.search(
        r'; botocore 1\.\S+ does not know "ON", and a newer version may know it$',
        list_refusals(query_log_status="ON")[0],
    )


@pytest.mark.parametrize(
    "overrides",
    [
        {"members": [querier(payment_configuration=responsible(queryCompute=False)), UNKNOWN]},
        {
            "members": [
                querier(payment_configuration=responsible(queryCompute=False)),
                member(BROKER, payment_configuration=UNKNOWN),
            ]
        },
        {
            "members": [querier(payment_configuration=responsible(queryCompute=False))],
            "creator_payment_configuration": UNKNOWN,
        },
        {"members": [querier(), member(BROKER, member_abilities=[UNKNOWN])]},
        {"members": [querier(), member(BROKER, member_abilities=UNKNOWN)]},
        {"creator_member_abilities": UNKNOWN},
        {"name": UNKNOWN, "tags": UNKNOWN},
    ],
)
def test_what_is_not_known_yet_is_never_decided_wrongly(overrides: dict[str, Any]) -> None:
    assert list_refusals(**overrides) == []


def test_what_can_be_decided_without_the_unknown_still_is() -> None:
    assert (
        list_refusals(members=[querier(UNKNOWN), querier(), member(BROKER, display_name=UNKNOWN)])
        != []
    )


@pytest.mark.parametrize(
    ("overrides", "sentence"),
    [
        (
            {"members": [member(f"{number:012}") for number in range(6)]},
            "members: 6 members need a raised quota",
        ),
        (
            {"members": [querier(), member(BROKER, member_abilities=["CAN_RUN_JOB"])]},
            f'members["{BROKER}"].memberAbilities: CAN_RUN_JOB belongs',
        ),
        (
            {
                "analytics_engine": "CLEAN_ROOMS_SQL",
                "creator_ml_member_abilities": {"customMLMemberAbilities": []},
            },
            "creatorMLMemberAbilities: machine learning output needs analyticsEngine SPARK",
        ),
    ],
)
def test_where_the_sources_disagree_it_only_warns(overrides: dict[str, Any], sentence: str) -> None:
    assert [reason.startswith(sentence) for reason in list_warnings(**overrides)] == [True]


def test_an_ordinary_declaration_has_no_warning() -> None:
    assert list_warnings(tags=LEFT_OUT) == []


def test_several_payer_candidates_are_no_warning() -> None:
    pays = responsible(queryCompute=True)

    assert (
        list_warnings(
            members=[querier(payment_configuration=pays)], creator_payment_configuration=pays
        )
        == []
    )


@pytest.mark.parametrize("members", [[], None])
def test_a_collaboration_without_members_says_that_nobody_is_invited(members: Any) -> None:
    assert "members: nobody is invited: the collaboration has its creator alone" in list_warnings(
        members=members
    )
