"""The answers that AWS does not document, in an account and without Pulumi."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from botocore.exceptions import ClientError

from account.collaborations import create_by_hand, read

if TYPE_CHECKING:
    from account.run import Account


def test_a_collaboration_of_which_nobody_can_query_can_be_created(
    account: Account, name: str
) -> None:
    id_ = create_by_hand(account, name, creator_member_abilities=["CAN_RECEIVE_RESULTS"])

    assert id_ in account.list_ids()


def test_an_answer_has_what_nobody_declared(account: Account, name: str) -> None:
    collaboration = read(account, create_by_hand(account, name))

    assert collaboration["analyticsEngine"] == "SPARK"
    assert collaboration["isMetricsEnabled"] is False
    assert collaboration["allowedResultRegions"] == [account.run.region]
    assert not {"jobLogStatus", "autoApprovedChangeTypes"} & collaboration.keys()


def test_a_payment_configuration_that_nobody_declared_has_every_leg(
    account: Account, name: str
) -> None:
    (creator,) = account.client.list_members(collaborationIdentifier=create_by_hand(account, name))[
        "memberSummaries"
    ]

    assert creator["paymentConfiguration"].keys() == {
        "queryCompute",
        "machineLearning",
        "jobCompute",
    }
    assert "mlAbilities" not in creator


@pytest.mark.parametrize("operation", ["get_collaboration", "update_collaboration"])
def test_a_collaboration_that_never_existed_is_denied(account: Account, operation: str) -> None:
    with pytest.raises(ClientError, match="AccessDeniedException"):
        getattr(account.client, operation)(collaborationIdentifier=str(uuid4()))
