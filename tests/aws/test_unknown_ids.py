"""An id that nothing is known of, which AWS denies or does not find."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from stub_connection import CREATOR, ID, StubConnection, summarize

from cleanrooms_resource.aws.calls import read_collaboration_by_id
from cleanrooms_resource.errors import AccessDeniedError, CollaborationError, ResourceNotFoundError

if TYPE_CHECKING:
    from collections.abc import Mapping

CODES: Mapping[str, type[CollaborationError]] = {
    "AccessDeniedException": AccessDeniedError,
    "ResourceNotFoundException": ResourceNotFoundError,
}


@pytest.mark.parametrize("code", CODES)
def test_the_error_says_missing_or_not_yours_with_the_region_and_the_account(
    stub: StubConnection, code: str
) -> None:
    stub.cleanrooms.add_client_error("get_collaboration", code, "no")

    with pytest.raises(CODES[code]) as denial:
        read_collaboration_by_id(stub.answer_caller(CREATOR).connection, ID)

    assert str(denial.value) == (
        f"reading Clean Rooms collaboration {ID} in us-east-1: {code}: no. "
        f"Either the collaboration does not exist in us-east-1, or account {CREATOR} may not read it. "
        "Check the id, the region and the credentials (the credentials in use)."
    )


def test_the_error_is_not_lost_where_aws_does_not_say_who_the_caller_is(
    stub: StubConnection,
) -> None:
    stub.cleanrooms.add_client_error("get_collaboration", "AccessDeniedException", "no")
    stub.sts.add_client_error("get_caller_identity", "ExpiredToken", "late")

    with pytest.raises(
        AccessDeniedError,
        match=r"AccessDeniedException: no\. Either .* in us-east-1, or the caller may not read it\.",
    ):
        read_collaboration_by_id(stub.connection, ID)


def test_a_collaboration_whose_members_are_denied_is_not_called_missing(
    stub: StubConnection,
) -> None:
    stub.cleanrooms.add_response(
        "get_collaboration", {"collaboration": summarize(ID) | {"queryLogStatus": "ENABLED"}}
    )
    stub.cleanrooms.add_client_error("list_members", "AccessDeniedException", "no")

    with pytest.raises(AccessDeniedError) as denial:
        read_collaboration_by_id(stub.connection, ID)

    assert "does not exist" not in str(denial.value)
