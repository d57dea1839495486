"""The endpoint answers as AWS does: the recorded answers, the differences from moto, and the refusals."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber
from plugin.complete_declaration import COMPLETE
from requests_of_boto3 import (
    ADS,
    BROKER,
    CREATOR,
    MISSING,
    STRANGER,
    client,
    create,
    members,
    refusal,
    request,
)

from cleanrooms_resource.table import TABLE

if TYPE_CHECKING:
    from cleanrooms_resource.testing import Endpoint


MEMBER = {"accountId": ADS, "displayName": "x", "memberAbilities": []}


# Answers


@pytest.mark.parametrize(
    ("parameters", "fields"),
    [
        ({"jobLogStatus": "ENABLED"}, {"jobLogStatus": "ENABLED"}),
        (
            {"autoApprovedChangeRequestTypes": ["ADD_MEMBER"]},
            {"autoApprovedChangeTypes": ["ADD_MEMBER"]},
        ),
        ({"allowedResultRegions": ["eu-west-1"]}, {"allowedResultRegions": ["eu-west-1"]}),
        ({"isMetricsEnabled": True}, {"isMetricsEnabled": True}),
        (
            {},
            {
                "analyticsEngine": "SPARK",
                "isMetricsEnabled": False,
                "allowedResultRegions": ["us-east-1"],
            },
        ),
    ],
)
def test_a_collaboration_has_its_parameters_and_defaults(
    running: Endpoint, parameters: dict[str, Any], fields: dict[str, Any]
) -> None:
    id_ = create(running, **parameters)["id"]
    collaboration = client(running).get_collaboration(collaborationIdentifier=id_)["collaboration"]

    assert fields.items() <= collaboration.items()


@pytest.mark.parametrize(
    "key",
    [
        "jobLogStatus",
        "autoApprovedChangeTypes",
        "description",
        "dataEncryptionMetadata",
        "membershipId",
    ],
)
def test_an_unset_field_is_left_out(running: Endpoint, key: str) -> None:
    assert key not in create(running)


def test_a_payment_configuration_has_every_leg(running: Endpoint) -> None:
    id_ = create(running, creatorPaymentConfiguration={"queryCompute": {"isResponsible": True}})[
        "id"
    ]
    unpaid = {"isResponsible": False}
    learning = {
        "modelTraining": unpaid,
        "modelInference": unpaid,
        "syntheticDataGeneration": unpaid,
    }

    payments = {
        member["accountId"]: member["paymentConfiguration"] for member in members(running, id_)
    }

    assert payments[CREATOR] == {
        "queryCompute": {"isResponsible": True},
        "machineLearning": learning,
        "jobCompute": unpaid,
    }
    assert payments[ADS] == {
        "queryCompute": unpaid,
        "machineLearning": learning,
        "jobCompute": unpaid,
    }


def test_machine_learning_abilities_are_present_only_if_they_are_set(running: Endpoint) -> None:
    abilities = {"customMLMemberAbilities": ["CAN_RECEIVE_MODEL_OUTPUT"]}
    id_ = create(running, creatorMLMemberAbilities=abilities)["id"]

    abilities_by_account = {
        member["accountId"]: member.get("mlAbilities") for member in members(running, id_)
    }

    assert abilities_by_account == {CREATOR: abilities, ADS: None, BROKER: None}


def test_the_creator_is_not_the_first_member(running: Endpoint) -> None:
    assert members(running, create(running)["id"])[0]["accountId"] != CREATOR


def test_abilities_come_in_another_order(running: Endpoint) -> None:
    abilities = {
        member["accountId"]: member["abilities"]
        for member in members(running, create(running)["id"])
    }

    assert abilities[ADS] == ["CAN_RECEIVE_RESULTS", "CAN_QUERY"]


def test_an_invited_member_may_have_a_membership_id(running: Endpoint) -> None:
    summaries = {member["accountId"]: member for member in members(running, create(running)["id"])}

    assert (
        summaries[ADS]["status"],
        "membershipId" in summaries[ADS],
        "membershipId" in summaries[BROKER],
    ) == ("INVITED", True, False)


def test_the_first_page_is_cut_early(running: Endpoint) -> None:
    page = client(running).list_members(collaborationIdentifier=create(running)["id"])

    assert len(page["memberSummaries"]) == 1
    assert "nextToken" in page


def test_an_update_can_change_the_engine_to_spark(running: Endpoint) -> None:
    id_ = create(running)["id"]
    running.collaborations[id_].parameters["analyticsEngine"] = "CLEAN_ROOMS_SQL"

    assert (
        client(running).update_collaboration(collaborationIdentifier=id_, analyticsEngine="SPARK")[
            "collaboration"
        ]["analyticsEngine"]
        == "SPARK"
    )


def test_an_update_cannot_change_the_engine_to_sql(running: Endpoint) -> None:
    id_ = create(running)["id"]

    assert refusal(
        lambda: client(running).update_collaboration(
            collaborationIdentifier=id_, analyticsEngine="CLEAN_ROOMS_SQL"
        )
    ) == (
        "ValidationException",
        400,
    )


def test_delete_answers_204(running: Endpoint) -> None:
    answer = client(running).delete_collaboration(collaborationIdentifier=create(running)["id"])

    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 204


def test_a_listing_can_be_filtered_by_status(running: Endpoint) -> None:
    id_ = create(running)["id"]
    running.collaborations[id_].join(CREATOR)
    create(running)

    summaries = client(running).list_collaborations(memberStatus="ACTIVE")["collaborationList"]

    assert [summary["id"] for summary in summaries] == [id_]


# Access, and collaborations that are missing


@pytest.mark.parametrize(
    "call", ["get_collaboration", "update_collaboration", "delete_collaboration", "list_members"]
)
@pytest.mark.parametrize("account", [CREATOR, STRANGER])
def test_a_missing_collaboration_and_a_strangers_call_are_access_denied(
    running: Endpoint, call: str, account: str
) -> None:
    id_ = MISSING if account == CREATOR else create(running)["id"]

    assert refusal(
        lambda: getattr(client(running, account), call)(collaborationIdentifier=id_)
    ) == ("AccessDeniedException", 403)


def test_a_member_can_read_but_not_delete(running: Endpoint) -> None:
    id_ = create(running)["id"]
    member = client(running, ADS)

    assert (
        member.get_collaboration(collaborationIdentifier=id_)["collaboration"]["creatorAccountId"]
        == CREATOR
    )
    assert refusal(lambda: member.delete_collaboration(collaborationIdentifier=id_)) == (
        "AccessDeniedException",
        403,
    )


def test_tags_of_an_unknown_arn_are_not_found(running: Endpoint) -> None:
    arn = f"arn:aws:cleanrooms:us-east-1:{CREATOR}:collaboration/{MISSING}"

    for call, parameters in (
        ("tag_resource", {"tags": {"a": "b"}}),
        ("untag_resource", {"tagKeys": ["a"]}),
        ("list_tags_for_resource", {}),
    ):
        assert refusal(partial(getattr(client(running), call), resourceArn=arn, **parameters)) == (
            "ResourceNotFoundException",
            404,
        )


def test_tags_do_not_survive_a_delete(running: Endpoint) -> None:
    collaboration = create(running, tags={"a": "b"})
    client(running).delete_collaboration(collaborationIdentifier=collaboration["id"])

    assert refusal(
        lambda: client(running).list_tags_for_resource(resourceArn=collaboration["arn"])
    ) == ("ResourceNotFoundException", 404)


def test_a_region_without_clean_rooms_has_no_endpoint(running: Endpoint) -> None:
    assert refusal(lambda: client(running, region="sa-east-1").list_collaborations()) == (
        "UnknownEndpointException",
        400,
    )


def test_a_collaboration_is_visible_only_in_its_region(running: Endpoint) -> None:
    id_ = create(running)["id"]

    assert (
        refusal(
            lambda: client(running, region="eu-west-1").get_collaboration(
                collaborationIdentifier=id_
            )
        )[0]
        == "AccessDeniedException"
    )


# Refusals


@pytest.mark.parametrize(
    ("overrides", "path"),
    [
        ({"queryLogStatus": "MAYBE"}, "queryLogStatus"),
        ({"name": "x" * 101}, "name"),
        ({"name": "   "}, "name"),
        ({"name": "line\nbreak"}, "name"),
        ({"description": "x" * 256}, "description"),
        ({"creatorMemberAbilities": ["CAN_FLY"]}, "creatorMemberAbilities[0]"),
        (
            {"members": [{"accountId": "abcdefghijkl", "displayName": "x", "memberAbilities": []}]},
            "members[0].accountId",
        ),
        ({"tags": {"k": "v" * 257}}, "tags.k"),
    ],
)
def test_invalid_parameters_are_a_validation_exception_with_their_fields(
    running: Endpoint, overrides: dict[str, Any], path: str
) -> None:
    lenient_client = client(running, parameter_validation=False)

    with pytest.raises(ClientError) as error:
        lenient_client.create_collaboration(**request(**overrides))

    assert error.value.response["Error"]["Code"] == "ValidationException"
    assert [field["name"] for field in error.value.response["fieldList"]] == [path]


@pytest.mark.parametrize(
    "overrides",
    [
        {"members": [MEMBER, MEMBER]},
        {"members": [MEMBER | {"accountId": CREATOR}]},
        {
            "creatorMemberAbilities": ["CAN_QUERY"],
            "members": [MEMBER | {"memberAbilities": ["CAN_QUERY"]}],
        },
        {"analyticsEngine": "CLEAN_ROOMS_SQL"},
    ],
    ids=[
        "an account twice",
        "the creator among the members",
        "two members with CAN_QUERY",
        "an engine that AWS withdrew",
    ],
)
def test_parameters_that_do_not_fit_together_are_a_validation_exception(
    running: Endpoint, overrides: dict[str, Any]
) -> None:
    assert refusal(lambda: create(running, **overrides)) == ("ValidationException", 400)


def test_an_operation_that_the_endpoint_does_not_have_is_not_implemented(running: Endpoint) -> None:
    id_ = create(running)["id"]

    assert refusal(lambda: client(running).list_schemas(collaborationIdentifier=id_)) == (
        "NotImplementedException",
        501,
    )


def test_a_member_cannot_tag_the_creators_collaboration(running: Endpoint) -> None:
    arn = create(running)["arn"]

    assert refusal(lambda: client(running, ADS).tag_resource(resourceArn=arn, tags={"a": "b"})) == (
        "AccessDeniedException",
        403,
    )


@pytest.mark.parametrize("parameters", [{"nextToken": "x"}, {"maxResults": 0}, {"maxResults": 101}])
def test_a_listing_refuses_an_invalid_token_or_size(
    running: Endpoint, parameters: dict[str, Any]
) -> None:
    assert (
        refusal(
            lambda: client(running, parameter_validation=False).list_collaborations(**parameters)
        )[0]
        == "ValidationException"
    )


def test_a_missing_required_parameter_is_a_validation_exception(running: Endpoint) -> None:
    lenient_client = client(running, parameter_validation=False)

    assert (
        refusal(lambda: lenient_client.create_collaboration(name="x"))[0] == "ValidationException"
    )


def test_a_name_can_have_emoji(running: Endpoint) -> None:
    assert create(running, name="Ads 🎯")["name"] == "Ads 🎯"


@pytest.mark.parametrize(
    ("name", "value"), [("Members per collaboration", 1), ("Collaborations per account", 0)]
)
def test_an_exceeded_quota_is_refused_with_its_name_and_value(
    running: Endpoint, name: str, value: int
) -> None:
    running.quotas[name] = value

    with pytest.raises(ClientError) as error:
        create(running)

    assert (error.value.response["quotaName"], error.value.response["quotaValue"]) == (name, value)
    assert error.value.response["ResponseMetadata"]["HTTPStatusCode"] == 402


# Members that join, leave and are added


@pytest.mark.parametrize(
    ("event", "status"), [("join", "ACTIVE"), ("leave", "LEFT"), ("remove", "REMOVED")]
)
def test_a_member_that_joins_or_leaves_changes_its_status(
    running: Endpoint, event: str, status: str
) -> None:
    id_ = create(running)["id"]
    getattr(running.collaborations[id_], event)(BROKER)

    assert {member["accountId"]: member["status"] for member in members(running, id_)}[
        BROKER
    ] == status


@pytest.mark.parametrize("account", [STRANGER, BROKER], ids=["a stranger", "a member that left"])
def test_an_account_that_is_not_invited_cannot_join(running: Endpoint, account: str) -> None:
    collaboration = running.collaborations[create(running)["id"]]
    collaboration.leave(BROKER)

    with pytest.raises(ValueError, match=account):
        collaboration.join(account)


@pytest.mark.parametrize(
    "member",
    [
        MEMBER,
        MEMBER | {"accountId": "1"},
        MEMBER | {"accountId": STRANGER, "memberAbilities": ["CAN_QUERY"]},
    ],
)
def test_a_change_request_cannot_add_a_member_that_aws_would_refuse(
    running: Endpoint, member: dict[str, Any]
) -> None:
    with pytest.raises(ValueError, match="A change request cannot add this member"):
        running.collaborations[create(running)["id"]].add(member)


def test_a_member_added_by_a_change_request_is_listed(running: Endpoint) -> None:
    id_ = create(running)["id"]
    running.collaborations[id_].add(
        {"accountId": STRANGER, "displayName": "New", "memberAbilities": []}
    )

    assert STRANGER in {member["accountId"] for member in members(running, id_)}


# Shapes


def test_every_answer_has_the_shape_of_botocores_model(running: Endpoint) -> None:
    collaboration = create(
        running,
        description="x",
        tags={"a": "b"},
        jobLogStatus="ENABLED",
        autoApprovedChangeRequestTypes=["ADD_MEMBER"],
    )
    endpoint_client, stubber = client(running), Stubber(client(running))
    by_id, by_arn = (
        {"collaborationIdentifier": collaboration["id"]},
        {"resourceArn": collaboration["arn"]},
    )
    calls: list[tuple[str, dict[str, Any]]] = [
        ("create_collaboration", request()),
        ("get_collaboration", by_id),
        ("update_collaboration", {**by_id, "name": "Other"}),
        ("list_members", by_id),
        ("list_collaborations", {}),
        ("tag_resource", {**by_arn, "tags": {"c": "d"}}),
        ("list_tags_for_resource", by_arn),
        ("untag_resource", {**by_arn, "tagKeys": ["a"]}),
        ("delete_collaboration", by_id),
    ]

    for call, parameters in calls:
        answer = getattr(endpoint_client, call)(**parameters)
        stubber.add_response(
            call, answer
        )  # This raises if the answer does not have the shape of the model.

    assert len(stubber._queue) == len(calls)


def test_a_read_has_every_parameter_that_a_response_can_have(running: Endpoint) -> None:
    api = client(running)
    parameters = {
        name: value
        for name, value in COMPLETE.items()
        if name in TABLE and name not in ("members", "region")
    }
    id_ = create(running, **parameters)["id"]

    collaboration = api.get_collaboration(collaborationIdentifier=id_)["collaboration"]

    shape = api.meta.service_model.operation_model("GetCollaboration").output_shape.members[
        "collaboration"
    ]
    names = parameters.keys() & shape.members.keys()
    assert {name: collaboration.get(name) for name in names} == {
        name: parameters[name] for name in names
    }
