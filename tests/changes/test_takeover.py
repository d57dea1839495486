"""A state of pulumi-aws, taken over; the engine's side of it is in tests/engine."""

from __future__ import annotations

import pytest
from declarations import ADS, BROKER, declaration, member

from cleanrooms_resource.declaration.canonical_form import canonicalize
from cleanrooms_resource.errors import AdoptionError
from cleanrooms_resource.provider import CollaborationProvider

PULUMI_AWS = {
    "arn": "arn:aws:cleanrooms:eu-west-1:111122223333:collaboration/1",
    "name": "ads-1a2b3c4",
    "description": "",
    "creatorDisplayName": "RetailCo",
    "creatorMemberAbilities": ["CAN_RECEIVE_RESULTS"],
    "queryLogStatus": "ENABLED",
    "members": [
        {
            "accountId": ADS,
            "displayName": "Member 2222",
            "memberAbilities": ["CAN_QUERY"],
            "status": "ACTIVE",
        },
        {
            "accountId": BROKER,
            "displayName": "Member 3333",
            "memberAbilities": [],
            "status": "INVITED",
        },
    ],
    "tags": {"team": "ads"},
    "tagsAll": {"team": "ads", "owner": "x"},
    "createTime": "2026-11-01 12:00:00 +0000 UTC",
}
"""The outputs of a collaboration in a state of pulumi-aws."""


def test_a_state_of_pulumi_aws_that_means_the_same_is_updated_all_the_same() -> None:
    answer = CollaborationProvider().diff(
        "1", PULUMI_AWS, canonicalize(declaration(name="ads-1a2b3c4"))[0]
    )

    assert (answer.changes, answer.replaces) == (True, None)


def test_what_differs_from_a_state_of_pulumi_aws_and_cannot_change_replaces() -> None:
    answer = CollaborationProvider().diff(
        "1", PULUMI_AWS, canonicalize(declaration(name="ads-1a2b3c4", members=[member(ADS)]))[0]
    )

    assert answer.replaces == ["members"]


def test_the_outputs_of_pulumi_aws_become_ours_without_a_call() -> None:
    form = canonicalize(declaration(name="ads-1a2b3c4"))[0]

    outputs = CollaborationProvider().update("1", PULUMI_AWS, form).outs or {}

    assert outputs["members"] == form["members"]
    assert outputs["memberStatuses"] == {ADS: "ACTIVE", BROKER: "INVITED"}
    assert outputs["tagsAll"] == {"team": "ads", "owner": "x"}
    assert (outputs["creatorAccountId"], outputs["region"]) == ("111122223333", "eu-west-1")
    assert "createTime" not in outputs


def test_a_creator_without_abilities_is_taken_over_too() -> None:
    state = PULUMI_AWS | {"creatorMemberAbilities": []}

    answer = CollaborationProvider().diff(
        "1", state, canonicalize(declaration(name="ads-1a2b3c4", creator_member_abilities=[]))[0]
    )

    assert (answer.changes, answer.replaces) == (True, None)


def test_a_state_that_cannot_be_declared_here_is_not_taken_over() -> None:
    with pytest.raises(
        AdoptionError,
        match=r"cannot be taken over: query_log_status: must be one of ENABLED, DISABLED",
    ):
        CollaborationProvider().diff(
            "1", PULUMI_AWS | {"queryLogStatus": "SOMETIMES"}, canonicalize(declaration())[0]
        )


@pytest.mark.parametrize(
    "outputs",
    [{"__provider": "gASV", "id": "1"}, {"arn": "arn:aws:s3:::bucket"}, {}],
    ids=["no ARN", "another ARN", "nothing"],
)
def test_a_state_that_is_not_a_collaborations_is_refused(outputs: dict[str, str]) -> None:
    with pytest.raises(
        AdoptionError,
        match=r"is not a collaboration's: another dynamic resource made it. Give the collaboration another name",
    ):
        CollaborationProvider().diff("1", outputs, canonicalize(declaration())[0])
