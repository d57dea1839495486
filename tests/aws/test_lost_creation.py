"""The collaboration of a creation whose answer was lost: found however slow AWS is, and never somebody else's."""

from __future__ import annotations

import copy
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from declarations import ADS, BROKER, declaration, member, responsible
from stub_connection import CREATOR, ID, StubConnection, summarize

from cleanrooms_resource import errors
from cleanrooms_resource.aws.creation import create_collaboration
from cleanrooms_resource.aws.waiting import WAITING
from cleanrooms_resource.declaration.canonical_form import canonicalize
from cleanrooms_resource.testing.collaborations import CollaborationRecord

if TYPE_CHECKING:
    from collections.abc import Callable

    from clock import Clock

# AWS's clock is years away from the clock that the provider waits by.
EPOCH = datetime(2026, 11, 22, 12, tzinfo=UTC)
BEGAN = 30.0
"""When the creation is sent, in seconds after the epoch."""


class SlowAws:
    """Clean Rooms with one collaboration: every answer of ListCollaborations takes as long as a test says."""

    def __init__(self, stub: StubConnection, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
        self.clock = clock
        self.connection = stub.connection
        self.made_at = BEGAN + 0.5
        self.before_date = self.after_date = self.between_pages = 0.0
        self.pages = 1
        self.looks = 0
        clock.time = BEGAN
        for client, operation, answer in (
            (self.connection.cleanrooms_without_retries, "create_collaboration", self.lose),
            (self.connection.cleanrooms, "list_collaborations", self.list_collaborations),
            (self.connection.cleanrooms, "get_collaboration", self.get),
            (self.connection.cleanrooms, "list_members", self.list_members),
            (
                self.connection.cleanrooms,
                "list_tags_for_resource",
                lambda **_: {"tags": {"team": "ads"}},
            ),
            (
                self.connection.sts,
                "get_caller_identity",
                lambda: {"Account": CREATOR} | self.metadata(),
            ),
        ):
            monkeypatch.setattr(client, operation, answer)
        monkeypatch.setattr("cleanrooms_resource.aws.creation._CLAIMED", {})
        form = canonicalize(declaration())[0]
        sent = form | {
            "members": [{"accountId": account, **each} for account, each in form["members"].items()]
        }
        self.collaboration = CollaborationRecord(
            ID, summarize(ID)["arn"], CREATOR, "us-east-1", copy.deepcopy(sent)
        )

    def metadata(self) -> dict[str, Any]:
        # As a Date header has it: cut to whole seconds.
        now = EPOCH + timedelta(seconds=int(self.clock.time))
        return {
            "ResponseMetadata": {"HTTPHeaders": {"date": now.strftime("%a, %d %b %Y %H:%M:%S GMT")}}
        }

    def lose(self, **_: Any) -> None:
        self.clock.time += 1
        raise errors.AnswerLostError("the answer was lost", reason="ConnectionClosedError")

    def list_collaborations(self, nextToken: str = "0", **_: Any) -> dict[str, Any]:  # noqa: N803 - AWS's name
        page = int(nextToken)
        self.looks += page == 0
        self.clock.time += self.between_pages if page else 0
        self.clock.time += self.before_date
        metadata = self.metadata()
        self.clock.time += self.after_date
        made = EPOCH + timedelta(seconds=self.made_at)
        summaries = [summarize(ID) | {"createTime": made}] if page == self.pages - 1 else []
        return {
            "collaborationList": summaries,
            **({"nextToken": str(page + 1)} if page < self.pages - 1 else {}),
            **metadata,
        }

    def get(self, **_: Any) -> dict[str, Any]:
        answer = {
            name: value
            for name, value in self.collaboration.parameters.items()
            if name in ("description", "dataEncryptionMetadata")
        }
        return {
            "collaboration": summarize(ID)
            | {"queryLogStatus": "ENABLED"}
            | self.collaboration.fields_missing_in_moto(CREATOR)
            | answer
        }

    def list_members(self, **_: Any) -> dict[str, Any]:
        return {"memberSummaries": self.collaboration.member_summaries()}

    def find(self, **overrides: Any) -> str | None:
        """Create, lose the answer, and return the id that the provider takes for it."""
        try:
            return str(
                create_collaboration(
                    self.connection, canonicalize(declaration(**overrides))[0], is_name_plain=False
                )["id"]
            )
        except errors.CreationLostError:
            return None


@pytest.fixture
def slow_aws(stub: StubConnection, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> SlowAws:
    return SlowAws(stub, clock, monkeypatch)


SLOW: dict[str, dict[str, Any]] = {
    "at once": {},
    "after throttled attempts": {"before_date": 45.0},
    "on a slow way back": {"after_date": 45.0},
    "page by page": {"pages": 5, "between_pages": 10.0},
    "everything at once": {
        "pages": 3,
        "between_pages": 10.0,
        "before_date": 5.0,
        "after_date": 5.0,
    },
}
slowness = pytest.mark.parametrize("slowness", SLOW.values(), ids=SLOW)


def apply(slow_aws: SlowAws, settings: dict[str, Any]) -> None:
    for name, value in settings.items():
        setattr(slow_aws, name, value)


@slowness
def test_the_lost_answer_is_found_however_slow_the_listing_is(
    slow_aws: SlowAws, slowness: dict[str, Any]
) -> None:
    apply(slow_aws, slowness)

    assert slow_aws.find() == ID
    assert slow_aws.looks == 1


@slowness
def test_an_equal_collaboration_that_is_seconds_older_is_never_taken_however_slow_the_listing_is(
    slow_aws: SlowAws, slowness: dict[str, Any]
) -> None:
    apply(slow_aws, slowness)
    slow_aws.made_at = BEGAN - 3

    assert slow_aws.find() is None


def test_a_listing_that_is_slow_beyond_the_wait_still_counts(slow_aws: SlowAws) -> None:
    slow_aws.before_date = 2 * WAITING.until_listed

    assert slow_aws.find() == ID


def _with_member(aws: SlowAws) -> None:
    aws.collaboration.add(
        {"accountId": "999988887777", "displayName": "Extra", "memberAbilities": []}
    )


def _with_ability(aws: SlowAws) -> None:
    aws.collaboration.parameters["members"][1]["memberAbilities"] = ["CAN_RECEIVE_RESULTS"]


def _with_creators_ability(aws: SlowAws) -> None:
    aws.collaboration.parameters["creatorMemberAbilities"] = [
        "CAN_RECEIVE_RESULTS",
        "CAN_EXPORT_QUERY_ANALYSIS_LOG",
    ]


def _with_ml_ability(aws: SlowAws) -> None:
    aws.collaboration.parameters["members"][1]["mlMemberAbilities"] = {
        "customMLMemberAbilities": ["CAN_RECEIVE_MODEL_OUTPUT"]
    }


def _with_creators_ml_ability(aws: SlowAws) -> None:
    aws.collaboration.parameters["creatorMLMemberAbilities"] = {
        "customMLMemberAbilities": ["CAN_RECEIVE_MODEL_OUTPUT"]
    }


def _with_payer(aws: SlowAws) -> None:
    aws.collaboration.parameters["members"][1]["paymentConfiguration"] = responsible(
        queryCompute=True
    )


def _with_creator_as_second_payer(aws: SlowAws) -> None:
    aws.collaboration.parameters["members"][0]["paymentConfiguration"] = responsible(
        queryCompute=True
    )
    aws.collaboration.parameters["creatorPaymentConfiguration"] = responsible(queryCompute=True)


def _with_description(aws: SlowAws) -> None:
    aws.collaboration.parameters["description"] = "Somebody else's"


def _with_encryption(aws: SlowAws) -> None:
    names = (
        "allowCleartext",
        "allowDuplicates",
        "allowJoinsOnColumnsWithDifferentNames",
        "preserveNulls",
    )
    aws.collaboration.parameters["dataEncryptionMetadata"] = dict.fromkeys(names, True)


def _with_tag(aws: SlowAws) -> None:
    aws.connection.cleanrooms.list_tags_for_resource = lambda **_: {
        "tags": {"team": "ads", "owner": "another team"}
    }


@pytest.mark.parametrize(
    "enlarge",
    [
        _with_member,
        _with_ability,
        _with_creators_ability,
        _with_ml_ability,
        _with_creators_ml_ability,
        _with_payer,
        _with_creator_as_second_payer,
        _with_description,
        _with_encryption,
        _with_tag,
    ],
)
def test_a_collaboration_that_has_more_than_declared_is_never_taken(
    slow_aws: SlowAws, enlarge: Callable[[SlowAws], None]
) -> None:
    enlarge(slow_aws)

    assert slow_aws.find() is None


@pytest.mark.parametrize("payer", [CREATOR, ADS], ids=["the creator", "the member who queries"])
def test_the_payer_whom_aws_chooses_by_default_does_not_hide_the_lost_answer(
    slow_aws: SlowAws, payer: str
) -> None:
    sent = slow_aws.collaboration.parameters
    place, name = (
        (sent, "creatorPaymentConfiguration")
        if payer == CREATOR
        else (sent["members"][0], "paymentConfiguration")
    )
    place[name] = responsible(queryCompute=True, jobCompute=True)

    assert slow_aws.find() == ID


def test_a_declared_payer_leaves_aws_no_default(slow_aws: SlowAws) -> None:
    for place, name in (
        (slow_aws.collaboration.parameters, "creatorPaymentConfiguration"),
        (slow_aws.collaboration.parameters["members"][0], "paymentConfiguration"),
    ):
        place[name] = responsible(queryCompute=True)
    members = [
        member(
            ADS,
            member_abilities=["CAN_QUERY"],
            payment_configuration=responsible(queryCompute=True),
        ),
        member(BROKER),
    ]

    assert slow_aws.find(members=members) is None
