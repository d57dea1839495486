"""Answers that lack what Clean Rooms' model promises, and listings that never end: an error of ours, and nothing of them in the state."""

from __future__ import annotations

import copy
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from botocore.session import get_session
from declarations import ADS, declaration
from stub_connection import CREATOR, ID, StubConnection, summarize

from cleanrooms_resource import errors
from cleanrooms_resource.aws import answers, calls
from cleanrooms_resource.aws.creation import create_collaboration
from cleanrooms_resource.aws.existence import call_existing
from cleanrooms_resource.declaration.canonical_form import canonicalize

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MADE = datetime(2026, 11, 22, 12, tzinfo=UTC)
OUTPUTS = {
    "name": "Ads measurement",
    "creatorAccountId": CREATOR,
    "createTime": "2026-11-22T11:00:00+00:00",
}
ARN = summarize(ID)["arn"]


def member_summary(account: str) -> dict[str, Any]:
    return {
        "accountId": account,
        "status": "INVITED",
        "displayName": "Ads",
        "abilities": [],
        "createTime": MADE,
        "updateTime": MADE,
        "paymentConfiguration": {"queryCompute": {"isResponsible": False}},
    }


class Aws:
    """The answers of Clean Rooms by operation, as boto3 returns them; a test breaks one of them."""

    def __init__(self, stub: StubConnection, monkeypatch: pytest.MonkeyPatch) -> None:
        self.connection = stub.answer_caller(CREATOR).connection
        collaboration = summarize(ID) | {
            "createTime": MADE,
            "updateTime": MADE,
            "queryLogStatus": "ENABLED",
        }
        dated = {"ResponseMetadata": {"HTTPHeaders": {"date": "Sun, 22 Nov 2026 12:00:00 GMT"}}}
        self.answers: dict[str, Any] = {
            "CreateCollaboration": {"collaboration": collaboration},
            "GetCollaboration": {"collaboration": collaboration},
            "UpdateCollaboration": {"collaboration": collaboration},
            "ListMembers": {"memberSummaries": [member_summary(CREATOR), member_summary(ADS)]},
            "ListTagsForResource": {"tags": {}},
            "ListCollaborations": {"collaborationList": [summarize(ID) | {"createTime": MADE}]}
            | dated,
        }
        self.answers = copy.deepcopy(self.answers)
        self.tokens: dict[str, Iterator[str]] = {}
        self.sent = 0
        monkeypatch.setattr(self.connection.cleanrooms, "_make_api_call", self.answer)

    def answer(self, operation: str, _parameters: dict[str, Any]) -> Any:
        self.sent += 1
        assert self.sent < 50, "the listing never ends"
        tokens = self.tokens.get(operation)
        return self.answers[operation] | ({"nextToken": next(tokens)} if tokens else {})

    def read(self) -> object:
        return calls.read_collaboration(self.connection, ID, ARN, "Ads measurement")

    def get(self) -> object:
        return calls.read_collaboration_by_id(self.connection, ID)

    def update(self) -> object:
        return calls.update_collaboration(self.connection, ID, "Ads measurement", {"name": "Other"})

    def look(self) -> object:
        return call_existing(self.connection, ID, OUTPUTS, _deny)


def _deny() -> None:
    raise errors.AccessDeniedError("reading it: AccessDeniedException: no.")


@pytest.fixture
def aws_answers(stub: StubConnection, monkeypatch: pytest.MonkeyPatch) -> Aws:
    return Aws(stub, monkeypatch)


def promised(shape: Any) -> dict[str, Any]:
    """The required fields of a structure in botocore's model, with those of its required parts."""
    members = ((name, shape.members[name]) for name in shape.required_members)
    return {name: promised(part) if part.type_name == "structure" else {} for name, part in members}


@pytest.mark.parametrize("shape", ["Collaboration", "MemberSummary", "CollaborationSummary"])
def test_what_an_answer_must_have_is_what_botocores_model_promises(shape: str) -> None:
    model = get_session().get_service_model("cleanrooms").shape_for(shape)

    assert answers.PROMISED_FIELDS[shape] == promised(model)


READS = {"read": Aws.read, "get": Aws.get}
COLLABORATION, MEMBER = (
    tuple(answers.PROMISED_FIELDS[shape]) for shape in ("Collaboration", "MemberSummary")
)


@pytest.mark.parametrize("call", READS.values(), ids=READS)
@pytest.mark.parametrize("field", COLLABORATION)
def test_a_collaboration_that_lacks_a_field_is_a_broken_answer(
    aws_answers: Aws, field: str, call: Callable[[Aws], object]
) -> None:
    del aws_answers.answers["GetCollaboration"]["collaboration"][field]

    with pytest.raises(
        errors.BrokenAnswerError, match=f'the collaboration in the answer has no "{field}"'
    ):
        call(aws_answers)


@pytest.mark.parametrize("field", COLLABORATION)
def test_an_updated_collaboration_that_lacks_a_field_is_a_broken_answer(
    aws_answers: Aws, field: str
) -> None:
    aws_answers.answers["UpdateCollaboration"]["collaboration"][field] = None

    with pytest.raises(
        errors.BrokenAnswerError, match=f'the collaboration in the answer has no "{field}"'
    ):
        aws_answers.update()


@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize("field", COLLABORATION)
def test_a_created_collaboration_that_lacks_a_field_is_looked_for(
    aws_answers: Aws, field: str
) -> None:
    del aws_answers.answers["CreateCollaboration"]["collaboration"][field]
    aws_answers.answers["ListCollaborations"]["collaborationList"] = []
    aws_answers.sent = -100

    with pytest.raises(
        errors.CreationLostError, match=f'the collaboration in the answer has no "{field}"'
    ):
        create_collaboration(
            aws_answers.connection, canonicalize(declaration())[0], is_name_plain=False
        )


@pytest.mark.parametrize("call", READS.values(), ids=READS)
@pytest.mark.parametrize("field", MEMBER)
def test_a_member_summary_that_lacks_a_field_is_a_broken_answer(
    aws_answers: Aws, field: str, call: Callable[[Aws], object]
) -> None:
    del aws_answers.answers["ListMembers"]["memberSummaries"][1][field]

    with pytest.raises(
        errors.BrokenAnswerError, match=f'a member summary in the answer has no "{field}"'
    ):
        call(aws_answers)


def test_a_payment_configuration_without_query_compute_is_a_broken_answer(aws_answers: Aws) -> None:
    aws_answers.answers["ListMembers"]["memberSummaries"][1]["paymentConfiguration"] = {}

    with pytest.raises(
        errors.BrokenAnswerError, match=r'has no "paymentConfiguration\.queryCompute"'
    ):
        aws_answers.read()


@pytest.mark.parametrize("field", ["id", "arn", "name", "creatorAccountId", "createTime"])
def test_a_listed_collaboration_that_lacks_a_field_does_not_settle_that_another_is_gone(
    aws_answers: Aws, field: str
) -> None:
    del aws_answers.answers["ListCollaborations"]["collaborationList"][0][field]

    with pytest.raises(
        errors.BrokenAnswerError, match=f'a collaboration summary in the answer has no "{field}"'
    ):
        aws_answers.look()


@pytest.mark.parametrize("call", READS.values(), ids=READS)
@pytest.mark.parametrize("accounts", [[], [ADS]], ids=["nobody", "another member"])
def test_a_list_of_members_without_the_creator_is_a_broken_answer(
    aws_answers: Aws, accounts: list[str], call: Callable[[Aws], object]
) -> None:
    aws_answers.answers["ListMembers"]["memberSummaries"] = [
        member_summary(account) for account in accounts
    ]

    with pytest.raises(
        errors.BrokenAnswerError,
        match=f"ListMembers does not list {CREATOR}, the creator of the collaboration",
    ):
        call(aws_answers)


@pytest.mark.parametrize("operation", ["ListMembers", "ListCollaborations"])
@pytest.mark.parametrize(
    "tokens", ["aaaa", "abab", "abcb"], ids=["the last one", "two in turns", "an earlier one"]
)
def test_a_listing_that_repeats_a_page_token_ends_in_an_error(
    aws_answers: Aws, operation: str, tokens: str
) -> None:
    aws_answers.tokens[operation] = iter(tokens * 20)

    with pytest.raises(
        errors.BrokenAnswerError,
        match=f"{operation} answers with the same page token twice, so the listing never ends",
    ):
        (aws_answers.read if operation == "ListMembers" else aws_answers.look)()


def test_a_listing_of_several_pages_is_read_to_its_end(aws_answers: Aws) -> None:
    aws_answers.tokens["ListMembers"] = iter(["a", "b", ""])

    assert (
        len(calls.read_collaboration(aws_answers.connection, ID, ARN, "Ads measurement").members)
        == 6
    )
