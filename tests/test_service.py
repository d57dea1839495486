"""Calls that fail, and what "gone" means."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ConnectTimeoutError
from botocore.session import get_session
from botocore.stub import Stubber
from declarations import declaration

from cleanrooms_resource import errors, service
from cleanrooms_resource.credentials import Connection
from cleanrooms_resource.declaration import canonical

ID = "11111111-2222-3333-4444-555555555555"
CREATOR = "111122223333"


class Stubbed:
    """A connection whose calls are answered by botocore's own stubs, which check both sides against the model."""

    def __init__(self) -> None:
        session = get_session()
        keys = {"region_name": "us-east-1", "aws_access_key_id": "x", "aws_secret_access_key": "y"}
        cleanrooms, sts = session.create_client("cleanrooms", **keys), session.create_client("sts", **keys)
        self.cleanrooms, self.sts = Stubber(cleanrooms), Stubber(sts)
        self.cleanrooms.activate()
        self.sts.activate()
        self.connection = Connection("us-east-1", "the credentials in use", cleanrooms, cleanrooms, sts)

    def caller(self, account: str) -> Stubbed:
        self.sts.add_response("get_caller_identity", {"Account": account})
        return self

    def listing(self, *ids: str) -> Stubbed:
        self.cleanrooms.add_response("list_collaborations", {"collaborationList": [_summary(id_) for id_ in ids]})
        return self


def _summary(id_: str) -> dict[str, Any]:
    return {
        "id": id_,
        "arn": f"arn:aws:cleanrooms:us-east-1:{CREATOR}:collaboration/{id_}",
        "name": "Ads measurement",
        "creatorAccountId": CREATOR,
        "creatorDisplayName": "RetailCo",
        "createTime": 0,
        "updateTime": 0,
        "memberStatus": "ACTIVE",
    }


@pytest.fixture
def stubbed() -> Stubbed:
    return Stubbed()


def settle(stubbed: Stubbed, error: errors.CollaborationError) -> None:
    service.settle_gone(stubbed.connection, ID, "Ads measurement", CREATOR, error)


DENIED = errors.AccessDeniedError("reading it: AccessDeniedException: no.")


@pytest.mark.parametrize("error", [DENIED, errors.ResourceNotFoundError("reading it: ResourceNotFoundException: no.")])
def test_what_is_denied_to_its_creator_and_not_listed_is_gone(stubbed: Stubbed, error: errors.CollaborationError) -> None:
    settle(stubbed.caller(CREATOR).listing(), error)


def test_what_is_denied_but_listed_is_not_gone(stubbed: Stubbed) -> None:
    with pytest.raises(errors.AccessDeniedError, match="still there: ListCollaborations lists it for the credentials in use"):
        settle(stubbed.caller(CREATOR).listing(ID), DENIED)


def test_what_is_denied_to_another_account_is_not_gone(stubbed: Stubbed) -> None:
    with pytest.raises(errors.AccessDeniedError, match=f"the credentials in use.* act in account 999999999999; account {CREATOR} made it"):
        settle(stubbed.caller("999999999999").listing(), DENIED)


def test_what_cannot_be_listed_is_not_gone(stubbed: Stubbed) -> None:
    stubbed.caller(CREATOR).cleanrooms.add_client_error("list_collaborations", "AccessDeniedException", "no")

    with pytest.raises(errors.AccessDeniedError, match="confirming after an error"):
        settle(stubbed, DENIED)


def test_any_other_error_is_not_gone(stubbed: Stubbed) -> None:
    with pytest.raises(errors.ThrottlingError):
        settle(stubbed.caller(CREATOR).listing(), errors.ThrottlingError("slow down"))


@pytest.mark.parametrize(("code", "kind"), errors.BY_CODE.items())
def test_each_modelled_exception_has_its_class(stubbed: Stubbed, code: str, kind: type[errors.CollaborationError]) -> None:
    stubbed.cleanrooms.add_client_error("delete_collaboration", code, "because")

    with pytest.raises(kind) as failure:
        service.delete(stubbed.connection, ID, "Ads measurement")

    assert str(failure.value) == f'deleting Clean Rooms collaboration "Ads measurement" in us-east-1: {code}: because. {kind.advice}'


def test_the_modelled_exceptions_of_create_all_have_a_class() -> None:
    modelled = get_session().get_service_model("cleanrooms").operation_model("CreateCollaboration").error_shapes

    assert {shape.name for shape in modelled} <= errors.BY_CODE.keys()


def test_a_failure_of_the_transport_is_told_in_the_same_shape(stubbed: Stubbed, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**_: Any) -> None:
        raise ConnectTimeoutError(endpoint_url="http://127.0.0.1:1")

    monkeypatch.setattr(stubbed.connection.cleanrooms, "delete_collaboration", fail)

    with pytest.raises(
        errors.CollaborationError, match=r'^deleting Clean Rooms collaboration "Ads measurement" in us-east-1: ConnectTimeoutError: .*\. Run'
    ):
        service.delete(stubbed.connection, ID, "Ads measurement")


def test_a_request_is_what_botocores_model_takes() -> None:
    parameters = service.request(canonical(declaration(region="us-east-1", members=[]))[0])

    # create_collaboration validates before it sends, against the model.
    stubbed = Stubbed()
    stubbed.cleanrooms.add_response("create_collaboration", {"collaboration": {**_summary(ID), "queryLogStatus": "ENABLED"}}, parameters)

    assert service.create(stubbed.connection, canonical(declaration(region="us-east-1", members=[]))[0])["id"] == ID


def test_only_the_tags_that_differ_are_written(stubbed: Stubbed) -> None:
    arn = _summary(ID)["arn"]
    stubbed.cleanrooms.add_response("tag_resource", {}, {"resourceArn": arn, "tags": {"changed": "2", "new": "3"}})
    stubbed.cleanrooms.add_response("untag_resource", {}, {"resourceArn": arn, "tagKeys": ["gone"]})

    service.retag(stubbed.connection, arn, "Ads measurement", {"same": "1", "changed": "1", "gone": "1"}, {"same": "1", "changed": "2", "new": "3"})

    stubbed.cleanrooms.assert_no_pending_responses()
