"""What holds of every declaration: canonical form, equality by meaning, and what check does with anything at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from botocore.validate import ParamValidator
from declarations import ADS, BROKER, PARTNER
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st
from pulumi.output import UNKNOWN
from random_requests import REQUEST, requests

from cleanrooms_resource.aws import calls
from cleanrooms_resource.changes.diff import diff_from_outputs
from cleanrooms_resource.changes.live_collaboration import build_outputs
from cleanrooms_resource.declaration.canonical_form import canonicalize
from cleanrooms_resource.declaration.spelling import to_snake_case
from cleanrooms_resource.provider import CollaborationProvider
from cleanrooms_resource.table import TABLE, Default

if TYPE_CHECKING:
    import random

slow = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])


def get_form(declaration: dict[str, Any]) -> dict[str, Any]:
    form, failures = canonicalize(declaration)
    assert [failure.to_sentence() for failure in failures] == []
    return form


def restate(value: Any, chance: random.Random, *, data: bool = False) -> Any:
    """Return the same value in another order and spelling; the keys of tags and of the members map are data."""
    if isinstance(value, list):
        return [restate(item, chance) for item in chance.sample(value, len(value))]
    if not isinstance(value, dict):
        return value
    items = chance.sample(list(value.items()), len(value))
    return {
        to_snake_case(name) if not data and chance.random() < 1 / 2 else name: restate(
            inner, chance, data=name in ("tags", "members")
        )
        for name, inner in items
    }


@given(requests)
@slow
def test_what_botocores_validator_and_the_facts_accept_check_accepts(
    request_: dict[str, Any],
) -> None:
    assert not ParamValidator().validate(request_, REQUEST).has_errors()
    assert CollaborationProvider().check({}, request_).failures == []


@given(requests)
@slow
def test_what_check_accepts_is_sent_as_botocores_validator_takes_it(
    request_: dict[str, Any],
) -> None:
    assert (
        not ParamValidator().validate(calls.build_request(get_form(request_)), REQUEST).has_errors()
    )


@given(requests)
@slow
def test_canonical_of_canonical_is_itself(request_: dict[str, Any]) -> None:
    form = get_form(request_)

    assert get_form(form) == form


@given(requests, st.randoms(use_true_random=False))
@slow
def test_another_order_and_spelling_has_the_same_canonical_form(
    request_: dict[str, Any], chance: random.Random
) -> None:
    assert get_form(restate(request_, chance)) == get_form(request_)


# Declarations that are near one another, so that two of them often mean the same; all that AWS chooses is left out.
_NO = {"isResponsible": False}
_YES = {"isResponsible": True}
_payments = st.sampled_from(
    [
        {},
        {"paymentConfiguration": {"queryCompute": _NO}},
        {"paymentConfiguration": {"queryCompute": _NO, "jobCompute": _NO}},
        {"paymentConfiguration": {"queryCompute": _YES}},
    ]
)
_members = st.dictionaries(
    st.sampled_from([ADS, BROKER, PARTNER]),
    _payments.map(lambda payment: {"displayName": "x", "memberAbilities": [], **payment}),
    max_size=2,
)
similar_declarations = st.fixed_dictionaries(
    {
        "name": st.just("x"),
        "creatorDisplayName": st.just("x"),
        "creatorMemberAbilities": st.just([]),
        "queryLogStatus": st.just("ENABLED"),
    },
    optional={
        "description": st.sampled_from(["", "x"]),
        "jobLogStatus": st.sampled_from(["ENABLED", "DISABLED"]),
        "isMetricsEnabled": st.booleans(),
        "tags": st.sampled_from([{}, {"a": "b"}]),
        "creatorMLMemberAbilities": st.sampled_from(
            [
                {"customMLMemberAbilities": []},
                {"customMLMemberAbilities": ["CAN_RECEIVE_MODEL_OUTPUT"]},
            ]
        ),
        "autoApprovedChangeRequestTypes": st.sampled_from([[], ["ADD_MEMBER"]]),
        "members": _members,
    },
)


def means_the_same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether going from the one declaration to the other changes nothing."""
    return not diff_from_outputs(
        build_outputs({}, get_form(one), "us-east-1", {}, {}), get_form(other), ()
    ).changes


@given(similar_declarations, similar_declarations)
def test_equality_is_reflexive_and_symmetric(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert means_the_same(one, one)
    assert means_the_same(one, other) == means_the_same(other, one)


@given(similar_declarations, similar_declarations, similar_declarations)
@slow
def test_equality_is_transitive(
    one: dict[str, Any], other: dict[str, Any], third: dict[str, Any]
) -> None:
    assume(means_the_same(one, other))

    assert means_the_same(one, third) == means_the_same(other, third)


@given(similar_declarations, st.randoms(use_true_random=False))
def test_a_declaration_restated_is_no_change(
    declaration: dict[str, Any], chance: random.Random
) -> None:
    spelt_out = {
        row.name: row.default
        for row in TABLE.values()
        if row.default not in (None, Default.CHOSEN_BY_AWS)
    }

    assert means_the_same(declaration, restate(declaration, chance))
    assert means_the_same(
        declaration,
        {
            **{
                name: value
                for name, value in spelt_out.items()
                if value != {} or name in ("members", "tags")
            },
            **declaration,
        },
    )


_odd = st.sampled_from(
    [
        None,
        True,
        0,
        -1.5,
        float("nan"),
        "",
        "x",
        " ",
        "ENABLED",
        "CAN_QUERY",
        ADS,
        "(known after apply 1)",
        "\ud800",
        "🎯",
        b"x",
        (),
        UNKNOWN,
        object(),
    ]
)
_keys = st.sampled_from(
    [
        *sorted({spelling for name in TABLE for spelling in (name, to_snake_case(name))}),
        *(
            "accountId",
            "account_id",
            "displayName",
            "memberAbilities",
            "paymentConfiguration",
            "queryCompute",
            "is_responsible",
            "machineLearning",
        ),
        *(
            ADS,
            BROKER,
            "",
            "[key]",
            "x.y",
            'a"b',
            "__provider",
            "__ignoreChanges",
            "\ud800",
            5,
            None,
        ),
    ]
)
arbitrary_values = st.recursive(
    _odd,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_keys, inner, max_size=3),
    max_leaves=8,
)
declarations_with_one_wrong_value = st.builds(
    lambda declaration, name, value: declaration | {name: value},
    similar_declarations,
    _keys,
    arbitrary_values,
)
arbitrary_declarations = (
    st.dictionaries(_keys, arbitrary_values, max_size=4) | declarations_with_one_wrong_value
)


@pytest.mark.slowest
@given(st.sampled_from([{}, {"name": "x"}, {5: UNKNOWN}]), arbitrary_declarations)
@example({}, {"[key]": []})
@settings(max_examples=100 * settings().max_examples, suppress_health_check=[HealthCheck.too_slow])
def test_check_never_raises_whatever_it_is_given(
    olds: dict[Any, Any], news: dict[Any, Any]
) -> None:
    checked = CollaborationProvider().check(olds, news)

    assert all(failure.property == "" and failure.reason for failure in checked.failures)
