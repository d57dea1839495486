"""The invitation of a member, as GetCollaboration and ListMembers have it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from cleanrooms_resource.changes.payments import find_payers, read_legs, write_leg
from cleanrooms_resource.declaration.rules import COSTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cleanrooms_resource.changes.live_collaboration import LiveCollaboration

INVITED: Final = "INVITED"
_QUERY_COMPUTE: Final = ("queryCompute",)
_LOG_ACTIONS: Final = (
    "logs:CreateLogDelivery",
    "logs:CreateLogGroup",
    "logs:DescribeLogGroups",
    "logs:DescribeResourcePolicies",
    "logs:GetLogDelivery",
    "logs:ListLogDeliveries",
    "logs:PutResourcePolicy",
    "logs:UpdateLogDelivery",
)
"""The actions of a membership that logs its queries to CloudWatch Logs (the managed policy AWSCleanRoomsFullAccess)."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """A collaboration, and a member of it. ``costs`` are those that the member pays, by the names of a payment configuration's legs."""

    id: str
    region: str
    name: str
    creator: str
    creator_display_name: str
    query_log_status: str
    account: str
    display_name: str
    status: str
    abilities: tuple[str, ...]
    ml_abilities: tuple[str, ...]
    costs: tuple[str, ...]
    payment: Mapping[str, Any] | None
    """The payment configuration that accepts the costs; None where the member pays for nothing."""

    @property
    def needs_result_place(self) -> bool:
        """Whether the member has to name a place for results. A member who queries names the place with each query.

        AWS does not document whether it refuses a membership without a place. The results of others' queries need one.
        """
        return "CAN_RECEIVE_RESULTS" in self.abilities and "CAN_QUERY" not in self.abilities

    @property
    def is_logged(self) -> bool:
        return self.query_log_status == "ENABLED"

    def list_actions(self) -> list[str]:
        """Return the IAM actions of joining."""
        actions = [
            "cleanrooms:CreateMembership",
            "cleanrooms:GetCollaboration",
            "cleanrooms:GetMembership",
            "cleanrooms:ListCollaborations",
        ]
        return (
            actions
            + (["iam:PassRole"] if self.needs_result_place else [])
            + (list(_LOG_ACTIONS) if self.is_logged else [])
        )


def read_invitations(live: LiveCollaboration, region: str) -> list[Invitation]:
    """Return an invitation for every member but the creator, whatever the member's status is, as AWS has it."""
    properties = live.list_properties(region)
    return build_invitations(
        {**properties, **live.collaboration}, properties, live.member_statuses()
    )


def build_invitations(
    fields: Mapping[str, Any], properties: Mapping[str, Any], statuses: Mapping[str, str]
) -> list[Invitation]:
    """Return an invitation for every member of ``properties``, which are in canonical form. ``fields`` are those of a response, and the region."""
    return [
        Invitation(
            id=fields["id"],
            region=fields["region"],
            name=fields["name"],
            creator=fields["creatorAccountId"],
            creator_display_name=fields["creatorDisplayName"],
            query_log_status=fields["queryLogStatus"],
            account=account,
            display_name=member["displayName"],
            status=statuses.get(account, INVITED),
            abilities=tuple(member["memberAbilities"]),
            ml_abilities=tuple(
                (member.get("mlMemberAbilities") or {}).get("customMLMemberAbilities", ())
            ),
            costs=tuple(cost[-1] for cost in COSTS if _pays(properties, account, cost)),
            payment=_make_payment(properties, account),
        )
        for account, member in properties.get("members", {}).items()
    ]


def _pays(properties: Mapping[str, Any], account: str, cost: tuple[str, ...]) -> bool:
    """Whether the member pays for a cost. Where nobody was named, the member who queries pays, and AWS asks for query compute alone."""
    return (
        account in find_payers(properties, cost)
        if cost == _QUERY_COMPUTE
        else bool(read_legs(properties, cost).get(account))
    )


def _make_payment(properties: Mapping[str, Any], account: str) -> dict[str, Any] | None:
    costs = [cost for cost in COSTS if _pays(properties, account, cost)]
    if not costs:
        return None
    payment: dict[str, Any] = {}
    for cost in dict.fromkeys([_QUERY_COMPUTE, *costs]):
        write_leg(payment, cost, is_responsible=cost in costs)
    return payment
