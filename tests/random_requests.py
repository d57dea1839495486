"""Random requests of CreateCollaboration, from botocore's model and from what AWS documents beside it."""

from __future__ import annotations

import string
from typing import Any

import botocore.session
from hypothesis import strategies as st

REQUEST = (
    botocore.session.get_session()
    .get_service_model("cleanrooms")
    .operation_model("CreateCollaboration")
    .input_shape
)

# What the model's patterns allow: no control character but the tab, and something that is no blank.
_ALLOWED = st.characters(
    min_codepoint=0x20, exclude_characters="\x7f\ufffe\uffff", exclude_categories=["Cs", "Cc"]
)
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
        return st.fixed_dictionaries(
            required, optional={name: part for name, part in parts.items() if name not in required}
        )
    if shape.type_name == "list":
        return st.lists(make_strategy(shape.member), min_size=limits.get("min", 0), max_size=4)
    if shape.type_name == "map":
        return st.dictionaries(make_strategy(shape.key), make_strategy(shape.value), max_size=4)
    if shape.type_name == "boolean":
        return st.booleans()
    if "enum" in limits:
        return st.sampled_from(limits["enum"])
    text = st.text(
        _ALPHABETS.get(shape.name, st.characters(codec="utf-8")),
        min_size=limits.get("min", 0),
        max_size=min(limits["max"], 20),
    )
    return (
        text.filter(lambda value: value == "" or value.strip(" \t") != "")
        if shape.name in _ALPHABETS
        else text
    )


def is_paid_for(request: dict[str, Any]) -> bool:
    """Whether every cost has a payer: no cost is set FALSE for the member who queries where it is TRUE for nobody."""
    holders = [(request["creatorMemberAbilities"], request.get("creatorPaymentConfiguration", {}))]
    holders += [
        (member["memberAbilities"], member.get("paymentConfiguration", {}))
        for member in request["members"]
    ]
    costs = [
        ("queryCompute",),
        ("jobCompute",),
        *(
            ("machineLearning", leg)
            for leg in ("modelTraining", "modelInference", "syntheticDataGeneration")
        ),
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
    for holder, name in (
        (request, "creatorMemberAbilities"),
        *((member, "memberAbilities") for member in members.values()),
    ):
        holder[name] = [
            ability for ability in holder[name] if ability != "CAN_QUERY" or not querying
        ]
        querying = querying or "CAN_QUERY" in holder[name]
    right = request | {"members": list(members.values())}
    if "tags" in right:
        right["tags"] = {
            key: value for key, value in right["tags"].items() if not key.lower().startswith("aws:")
        }
    if "analyticsEngine" in right:
        right["analyticsEngine"] = "SPARK"
    return right


requests = make_strategy(REQUEST).map(apply_facts).filter(is_paid_for)
