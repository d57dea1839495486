"""A connection whose calls botocore's own stubs answer."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from botocore.session import get_session
from botocore.stub import Stubber

from cleanrooms_resource.aws.connection import Connection

if TYPE_CHECKING:
    from botocore.session import Session

ID = "11111111-2222-3333-4444-555555555555"
CREATOR = "111122223333"


@cache
def _session() -> Session:
    """One session for all tests: each new one reads botocore's models again."""
    return get_session()


class StubConnection:
    """A connection whose calls are answered by botocore's own stubs, which check both sides against the model."""

    def __init__(self) -> None:
        session = _session()
        keys = {"region_name": "us-east-1", "aws_access_key_id": "x", "aws_secret_access_key": "y"}
        cleanrooms, sts = (
            session.create_client("cleanrooms", **keys),
            session.create_client("sts", **keys),
        )
        self.cleanrooms, self.sts = Stubber(cleanrooms), Stubber(sts)
        self.cleanrooms.activate()
        self.sts.activate()
        self.connection = Connection(
            "us-east-1", "the credentials in use", cleanrooms, cleanrooms, sts
        )

    def answer_caller(self, account: str) -> StubConnection:
        self.sts.add_response("get_caller_identity", {"Account": account})
        return self

    def answer_listing(
        self, *ids: str, at: str = "Sun, 22 Nov 2026 12:00:00 GMT"
    ) -> StubConnection:
        metadata = {"HTTPHeaders": {"date": at}}
        self.cleanrooms.add_response(
            "list_collaborations",
            {"collaborationList": [summarize(id_) for id_ in ids], "ResponseMetadata": metadata},
        )
        return self


def summarize(id_: str) -> dict[str, Any]:
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
