"""What holds of every declaration: canonical form, equality by meaning, and what check does with anything at all."""

from __future__ import annotations

import string
from typing import TYPE_CHECKING, Any

import botocore.session
import pytest
from botocore.validate import ParamValidator
from declarations import ADS, BROKER, PARTNER
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st
from pulumi.output import UNKNOWN

from cleanrooms_resource.aws import calls
from cleanrooms_resource.changes.diff import diff_from_outputs
from cleanrooms_resource.changes.live_collaboration import build_outputs
from cleanrooms_resource.declaration.canonical_form import canonicalize
from cleanrooms_resource.declaration.spelling import to_snake_case
from cleanrooms_resource.provider import CollaborationProvider
from cleanrooms_resource.table import TABLE, Default

if TYPE_CHECKING:
    import random

REQUEST = botocore.session.get_session().get_service_model("cleanrooms").operation_model("CreateCollaboration").input_shape

# What the model's patterns allow: no control character but the tab, and something that is no blank.
_ALLOWED = st.characters(min_codepoint=0x20, exclude_characters="\x7f\ufffe\uffff", exclude_categories=["Cs", "Cc"])
_ALPHABETS = {
    "AccountId": st.sampled_from(string.digits),
    "CollaborationName": _ALLOWED,
    "DisplayName": _ALLOWED,
    "CollaborationDescription": _ALLOWED,
}


def make_strategy(shape: Any) -> st.SearchStrategy[Any]:
    """Return a strategy for the values of a shape of botocore's model, within its enum and lengths."""
    limits = shape.metadata
    if shape.type_name == "structure":
        parts = {name: make_strategy(part) for name, part in shape.members.items()}
        required = {name: part for name, part in parts.items() if name in shape.required_members}
        return st.fixed_dictionaries(required, optional={name: part for name, part in parts.items() if name not in required})
    if shape.type_name == "list":
        return st.lists(make_strategy(shape.member), min_size=limits.get("min", 0), max_size=4)
    if shape.type_name == "map":
        return st.dictionaries(make_strategy(shape.key), make_strategy(shape.value), max_size=4)
    if shape.type_name == "boolean":
        return st.booleans()
    if "enum" in limits:
        return st.sampled_from(limits["enum"])
    text = st.text(_ALPHABETS.get(shape.name, st.characters(codec="utf-8")), min_size=limits.get("min", 0), max_size=min(limits["max"], 20))
    return text.filter(lambda value: value == "" or value.strip(" \t") != "") if shape.name in _ALPHABETS else text


def is_paid_for(request: dict[str, Any]) -> bool:
    """Whether every cost has a payer: no cost is set FALSE for the member who queries where it is TRUE for nobody."""
    holders = [(request["creatorMemberAbilities"], request.get("creatorPaymentConfiguration", {}))]
    holders += [(member["memberAbilities"], member.get("paymentConfiguration", {})) for member in request["members"]]
    costs = [
        ("queryCompute",),
        ("jobCompute",),
        *(("machineLearning", leg) for leg in ("modelTraining", "modelInference", "syntheticDataGeneration")),
    ]
    for cost in costs:
        legs = []
        for abilities, configuration in holders:
            leg = configuration
            for name in cost:
                leg = leg.get(name, {})
            legs.append(("CAN_QUERY" in abilities, leg.get("isResponsible")))
        if (True, False) in legs and not any(pays for _, pays in legs):
            return False
    return True


def apply_facts(request: dict[str, Any]) -> dict[str, Any]:
    """Return the request with what AWS documents: one member queries, no tag is AWS's, the engine is SPARK, and no account is invited twice."""
    members = {member["accountId"]: member for member in request["members"]}
    querying = False
    for holder, name in ((request, "creatorMemberAbilities"), *((member, "memberAbilities") for member in members.values())):
        holder[name] = [ability for ability in holder[name] if ability != "CAN_QUERY" or not querying]
        querying = querying or "CAN_QUERY" in holder[name]
    right = request | {"members": list(members.values())}
    if "tags" in right:
        right["tags"] = {key: value for key, value in right["tags"].items() if not key.lower().startswith("aws:")}
    if "analyticsEngine" in right:
        right["analyticsEngine"] = "SPARK"
    return right


requests = make_strategy(REQUEST).map(apply_facts).filter(is_paid_for)
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
        to_snake_case(name) if not data and chance.random() < 1 / 2 else name: restate(inner, chance, data=name in ("tags", "members"))
        for name, inner in items
    }


@given(requests)
@slow
def test_what_botocores_validator_and_the_facts_accept_check_accepts(request_: dict[str, Any]) -> None:
    assert not ParamValidator().validate(request_, REQUEST).has_errors()
    assert CollaborationProvider().check({}, request_).failures == []


@given(requests)
@slow
def test_what_check_accepts_is_sent_as_botocores_validator_takes_it(request_: dict[str, Any]) -> None:
    assert not ParamValidator().validate(calls.build_request(get_form(request_)), REQUEST).has_errors()


@given(requests)
@slow
def test_canonical_of_canonical_is_itself(request_: dict[str, Any]) -> None:
    form = get_form(request_)

    assert get_form(form) == form


@given(requests, st.randoms(use_true_random=False))
@slow
def test_another_order_and_spelling_has_the_same_canonical_form(request_: dict[str, Any], chance: random.Random) -> None:
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
    st.sampled_from([ADS, BROKER, PARTNER]), _payments.map(lambda payment: {"displayName": "x", "memberAbilities": [], **payment}), max_size=2
)
similar_declarations = st.fixed_dictionaries(
    {"name": st.just("x"), "creatorDisplayName": st.just("x"), "creatorMemberAbilities": st.just([]), "queryLogStatus": st.just("ENABLED")},
    optional={
        "description": st.sampled_from(["", "x"]),
        "jobLogStatus": st.sampled_from(["ENABLED", "DISABLED"]),
        "isMetricsEnabled": st.booleans(),
        "tags": st.sampled_from([{}, {"a": "b"}]),
        "creatorMLMemberAbilities": st.sampled_from([{"customMLMemberAbilities": []}, {"customMLMemberAbilities": ["CAN_RECEIVE_MODEL_OUTPUT"]}]),
        "autoApprovedChangeRequestTypes": st.sampled_from([[], ["ADD_MEMBER"]]),
        "members": _members,
    },
)


def means_the_same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether going from the one declaration to the other changes nothing."""
    return not diff_from_outputs(build_outputs({}, get_form(one), "us-east-1", {}, {}), get_form(other)).changes


@given(similar_declarations, similar_declarations)
def test_equality_is_reflexive_and_symmetric(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert means_the_same(one, one)
    assert means_the_same(one, other) == means_the_same(other, one)


@given(similar_declarations, similar_declarations, similar_declarations)
@slow
def test_equality_is_transitive(one: dict[str, Any], other: dict[str, Any], third: dict[str, Any]) -> None:
    assume(means_the_same(one, other))

    assert means_the_same(one, third) == means_the_same(other, third)


@given(similar_declarations, st.randoms(use_true_random=False))
def test_a_declaration_restated_is_no_change(declaration: dict[str, Any], chance: random.Random) -> None:
    spelt_out = {row.name: row.default for row in TABLE.values() if row.default not in (None, Default.CHOSEN_BY_AWS)}

    assert means_the_same(declaration, restate(declaration, chance))
    assert means_the_same(
        declaration, {**{name: value for name, value in spelt_out.items() if value != {} or name in ("members", "tags")}, **declaration}
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
        *("accountId", "account_id", "displayName", "memberAbilities", "paymentConfiguration", "queryCompute", "is_responsible", "machineLearning"),
        *(ADS, BROKER, "", "[key]", "x.y", 'a"b', "__provider", "__ignoreChanges", "\ud800", 5, None),
    ]
)
arbitrary_values = st.recursive(_odd, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_keys, inner, max_size=3), max_leaves=8)
declarations_with_one_wrong_value = st.builds(
    lambda declaration, name, value: declaration | {name: value}, similar_declarations, _keys, arbitrary_values
)
arbitrary_declarations = st.dictionaries(_keys, arbitrary_values, max_size=4) | declarations_with_one_wrong_value


@pytest.mark.slowest
@given(st.sampled_from([{}, {"name": "x"}, {5: UNKNOWN}]), arbitrary_declarations)
@example({}, {"[key]": []})
@settings(max_examples=100 * settings().max_examples, suppress_health_check=[HealthCheck.too_slow])
def test_check_never_raises_whatever_it_is_given(olds: dict[Any, Any], news: dict[Any, Any]) -> None:
    checked = CollaborationProvider().check(olds, news)

    assert all(failure.property == "" and failure.reason for failure in checked.failures)
