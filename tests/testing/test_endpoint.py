"""The endpoint against what is known of AWS: each difference of moto, each recorded answer, each refusal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber
from requests_of_boto3 import ADS, BROKER, CREATOR, MISSING, STRANGER, client, create, members, refusal, request

if TYPE_CHECKING:
    from cleanrooms_resource.testing import Endpoint


_MEMBER = {"accountId": ADS, "displayName": "x", "memberAbilities": []}


@pytest.fixture(name="running")
def _running(cleanrooms_endpoint: Endpoint) -> Endpoint:
    return cleanrooms_endpoint


# What moto drops, and what AWS fills in


@pytest.mark.parametrize(
    ("sent", "answered"),
    [
        ({"jobLogStatus": "ENABLED"}, {"jobLogStatus": "ENABLED"}),
        ({"autoApprovedChangeRequestTypes": ["ADD_MEMBER"]}, {"autoApprovedChangeTypes": ["ADD_MEMBER"]}),
        ({"allowedResultRegions": ["eu-west-1"]}, {"allowedResultRegions": ["eu-west-1"]}),
        ({"isMetricsEnabled": True}, {"isMetricsEnabled": True}),
        ({}, {"analyticsEngine": "SPARK", "isMetricsEnabled": False, "allowedResultRegions": ["us-east-1"]}),
    ],
)
def test_a_collaboration_has_the_parameters_of_its_creation_and_defaults(running: Endpoint, sent: dict[str, Any], answered: dict[str, Any]) -> None:
    id_ = create(running, **sent)["id"]
    found = client(running).get_collaboration(collaborationIdentifier=id_)["collaboration"]

    assert answered.items() <= found.items()


@pytest.mark.parametrize("key", ["jobLogStatus", "autoApprovedChangeTypes", "description", "dataEncryptionMetadata", "membershipId"])
def test_an_unset_field_is_left_out(running: Endpoint, key: str) -> None:
    assert key not in create(running)


def test_a_payment_configuration_has_every_leg(running: Endpoint) -> None:
    id_ = create(running, creatorPaymentConfiguration={"queryCompute": {"isResponsible": True}})["id"]
    no = {"isResponsible": False}
    learning = {"modelTraining": no, "modelInference": no, "syntheticDataGeneration": no}

    payments = {member["accountId"]: member["paymentConfiguration"] for member in members(running, id_)}

    assert payments[CREATOR] == {"queryCompute": {"isResponsible": True}, "machineLearning": learning, "jobCompute": no}
    assert payments[ADS] == {"queryCompute": no, "machineLearning": learning, "jobCompute": no}


def test_machine_learning_abilities_are_present_only_if_they_are_set(running: Endpoint) -> None:
    abilities = {"customMLMemberAbilities": ["CAN_RECEIVE_MODEL_OUTPUT"]}
    id_ = create(running, creatorMLMemberAbilities=abilities)["id"]

    found = {member["accountId"]: member.get("mlAbilities") for member in members(running, id_)}

    assert found == {CREATOR: abilities, ADS: None, BROKER: None}


def test_the_creator_is_not_the_first_member(running: Endpoint) -> None:
    assert members(running, create(running)["id"])[0]["accountId"] != CREATOR


def test_abilities_come_in_another_order(running: Endpoint) -> None:
    found = {member["accountId"]: member["abilities"] for member in members(running, create(running)["id"])}

    assert found[ADS] == ["CAN_RECEIVE_RESULTS", "CAN_QUERY"]


def test_an_invited_member_may_have_a_membership_id(running: Endpoint) -> None:
    found = {member["accountId"]: member for member in members(running, create(running)["id"])}

    assert (found[ADS]["status"], "membershipId" in found[ADS], "membershipId" in found[BROKER]) == ("INVITED", True, False)


def test_the_first_page_is_cut_early(running: Endpoint) -> None:
    page = client(running).list_members(collaborationIdentifier=create(running)["id"])

    assert len(page["memberSummaries"]) == 1
    assert "nextToken" in page


def test_an_update_can_change_the_engine_to_spark(running: Endpoint) -> None:
    id_ = create(running)["id"]
    running.collaborations[id_].parameters["analyticsEngine"] = "CLEAN_ROOMS_SQL"

    assert client(running).update_collaboration(collaborationIdentifier=id_, analyticsEngine="SPARK")["collaboration"]["analyticsEngine"] == "SPARK"


def test_an_update_cannot_change_the_engine_to_sql(running: Endpoint) -> None:
    id_ = create(running)["id"]

    assert refusal(lambda: client(running).update_collaboration(collaborationIdentifier=id_, analyticsEngine="CLEAN_ROOMS_SQL")) == (
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

    listed = client(running).list_collaborations(memberStatus="ACTIVE")["collaborationList"]

    assert [each["id"] for each in listed] == [id_]


# Who may, and what is there


@pytest.mark.parametrize("call", ["get_collaboration", "update_collaboration", "delete_collaboration", "list_members"])
@pytest.mark.parametrize("account", [CREATOR, STRANGER])
def test_a_missing_collaboration_and_a_strangers_call_are_access_denied(running: Endpoint, call: str, account: str) -> None:
    id_ = MISSING if account == CREATOR else create(running)["id"]

    assert refusal(lambda: getattr(client(running, account), call)(collaborationIdentifier=id_)) == ("AccessDeniedException", 403)


def test_a_member_can_read_but_not_delete(running: Endpoint) -> None:
    id_ = create(running)["id"]
    theirs = client(running, ADS)

    assert theirs.get_collaboration(collaborationIdentifier=id_)["collaboration"]["creatorAccountId"] == CREATOR
    assert refusal(lambda: theirs.delete_collaboration(collaborationIdentifier=id_)) == ("AccessDeniedException", 403)


def test_tags_of_an_unknown_arn_are_not_found(running: Endpoint) -> None:
    arn = f"arn:aws:cleanrooms:us-east-1:{CREATOR}:collaboration/{MISSING}"

    for call, more in (("tag_resource", {"tags": {"a": "b"}}), ("untag_resource", {"tagKeys": ["a"]}), ("list_tags_for_resource", {})):
        assert refusal(lambda call=call, more=more: getattr(client(running), call)(resourceArn=arn, **more)) == ("ResourceNotFoundException", 404)  # type: ignore[misc]


def test_tags_do_not_survive_a_delete(running: Endpoint) -> None:
    made = create(running, tags={"a": "b"})
    client(running).delete_collaboration(collaborationIdentifier=made["id"])

    assert refusal(lambda: client(running).list_tags_for_resource(resourceArn=made["arn"])) == ("ResourceNotFoundException", 404)


def test_a_region_without_clean_rooms_has_no_endpoint(running: Endpoint) -> None:
    assert refusal(lambda: client(running, region="sa-east-1").list_collaborations()) == ("UnknownEndpointException", 400)


def test_a_collaboration_is_visible_only_in_its_region(running: Endpoint) -> None:
    id_ = create(running)["id"]

    assert refusal(lambda: client(running, region="eu-west-1").get_collaboration(collaborationIdentifier=id_))[0] == "AccessDeniedException"


# What AWS refuses


@pytest.mark.parametrize(
    ("overrides", "path"),
    [
        ({"queryLogStatus": "MAYBE"}, "queryLogStatus"),
        ({"name": "x" * 101}, "name"),
        ({"name": "   "}, "name"),
        ({"name": "line\nbreak"}, "name"),
        ({"description": "x" * 256}, "description"),
        ({"creatorMemberAbilities": ["CAN_FLY"]}, "creatorMemberAbilities[0]"),
        ({"members": [{"accountId": "abcdefghijkl", "displayName": "x", "memberAbilities": []}]}, "members[0].accountId"),
        ({"tags": {"k": "v" * 257}}, "tags.k"),
    ],
)
def test_parameters_that_the_model_does_not_allow_are_a_validation_exception_with_fields(
    running: Endpoint, overrides: dict[str, Any], path: str
) -> None:
    unchecked = client(running, parameter_validation=False)

    with pytest.raises(ClientError) as error:
        unchecked.create_collaboration(**request(**overrides))

    assert error.value.response["Error"]["Code"] == "ValidationException"
    assert [field["name"] for field in error.value.response["fieldList"]] == [path]


@pytest.mark.parametrize(
    "overrides",
    [
        {"members": [_MEMBER, _MEMBER]},
        {"members": [_MEMBER | {"accountId": CREATOR}]},
        {"creatorMemberAbilities": ["CAN_QUERY"], "members": [_MEMBER | {"memberAbilities": ["CAN_QUERY"]}]},
        {"analyticsEngine": "CLEAN_ROOMS_SQL"},
    ],
    ids=["an account twice", "the creator invited", "two who query", "an engine of the past"],
)
def test_parameters_that_do_not_fit_together_are_a_validation_exception(running: Endpoint, overrides: dict[str, Any]) -> None:
    assert refusal(lambda: create(running, **overrides)) == ("ValidationException", 400)


def test_an_operation_that_the_endpoint_does_not_have_is_not_implemented(running: Endpoint) -> None:
    id_ = create(running)["id"]

    assert refusal(lambda: client(running).delete_member(collaborationIdentifier=id_, accountId=ADS)) == ("NotImplementedException", 501)


def test_a_member_cannot_tag_the_creators_collaboration(running: Endpoint) -> None:
    arn = create(running)["arn"]

    assert refusal(lambda: client(running, ADS).tag_resource(resourceArn=arn, tags={"a": "b"})) == ("AccessDeniedException", 403)


@pytest.mark.parametrize("wrong", [{"nextToken": "x"}, {"maxResults": 0}, {"maxResults": 101}])
def test_a_listing_refuses_an_invalid_token_or_size(running: Endpoint, wrong: dict[str, Any]) -> None:
    assert refusal(lambda: client(running, parameter_validation=False).list_collaborations(**wrong))[0] == "ValidationException"


def test_a_missing_required_parameter_is_a_validation_exception(running: Endpoint) -> None:
    unchecked = client(running, parameter_validation=False)

    assert refusal(lambda: unchecked.create_collaboration(name="x"))[0] == "ValidationException"


def test_a_name_can_have_emoji(running: Endpoint) -> None:
    assert create(running, name="Ads 🎯")["name"] == "Ads 🎯"


@pytest.mark.parametrize(("name", "value"), [("Members per collaboration", 1), ("Collaborations per account", 0)])
def test_an_exceeded_quota_is_refused_with_its_name_and_value(running: Endpoint, name: str, value: int) -> None:
    running.quotas[name] = value

    with pytest.raises(ClientError) as error:
        create(running)

    assert (error.value.response["quotaName"], error.value.response["quotaValue"]) == (name, value)
    assert error.value.response["ResponseMetadata"]["HTTPStatusCode"] == 402


# Partners


@pytest.mark.parametrize(("act", "status"), [("join", "ACTIVE"), ("leave", "LEFT"), ("remove", "REMOVED")])
def test_a_member_that_joins_or_leaves_changes_its_status(running: Endpoint, act: str, status: str) -> None:
    id_ = create(running)["id"]
    getattr(running.collaborations[id_], act)(BROKER)

    assert {member["accountId"]: member["status"] for member in members(running, id_)}[BROKER] == status


@pytest.mark.parametrize("account", [STRANGER, BROKER], ids=["a stranger", "who left"])
def test_an_account_that_is_not_invited_cannot_join(running: Endpoint, account: str) -> None:
    collaboration = running.collaborations[create(running)["id"]]
    collaboration.leave(BROKER)

    with pytest.raises(ValueError, match=account):
        collaboration.join(account)


@pytest.mark.parametrize("wrong", [_MEMBER, _MEMBER | {"accountId": "1"}, _MEMBER | {"accountId": STRANGER, "memberAbilities": ["CAN_QUERY"]}])
def test_a_change_request_cannot_add_a_member_that_aws_would_refuse(running: Endpoint, wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="A change request cannot add this member"):
        running.collaborations[create(running)["id"]].add(wrong)


def test_a_member_added_by_a_change_request_is_listed(running: Endpoint) -> None:
    id_ = create(running)["id"]
    running.collaborations[id_].add({"accountId": STRANGER, "displayName": "New", "memberAbilities": []})

    assert STRANGER in {member["accountId"] for member in members(running, id_)}


# Shapes


def test_every_answer_has_the_shape_of_botocores_model(running: Endpoint) -> None:
    made = create(running, description="x", tags={"a": "b"}, jobLogStatus="ENABLED", autoApprovedChangeRequestTypes=["ADD_MEMBER"])
    real, stub = client(running), Stubber(client(running))
    by_id, by_arn = {"collaborationIdentifier": made["id"]}, {"resourceArn": made["arn"]}
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
        answer = getattr(real, call)(**parameters)
        stub.add_response(call, answer)  # raises where the answer is not of the model's shape

    assert len(stub._queue) == len(calls)
