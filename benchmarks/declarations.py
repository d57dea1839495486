"""The declaration that every subject of the benchmarks deploys, and the outputs that the resources which do nothing return."""

from __future__ import annotations

from typing import Any

MEMBERS = 5
"""The members of a collaboration, unless a benchmark says otherwise."""


def name_resource(number: int) -> str:
    """Return the name of a program's resource. Every name has the same length, so that a state is copied by replacing names."""
    return f"c{number:05}"


def make_declaration(name: str, members: int = MEMBERS) -> dict[str, Any]:
    """Return the properties of one collaboration in boto3's spelling; the first member queries."""
    accounts = [f"{200000000000 + number}" for number in range(members)]
    return {
        "name": f"Collaboration {name}",
        "description": "A collaboration of the benchmarks",
        "creatorDisplayName": "RetailCo",
        "creatorMemberAbilities": ["CAN_RECEIVE_RESULTS"],
        "queryLogStatus": "ENABLED",
        "members": {
            account: {
                "displayName": f"Member {account}",
                "memberAbilities": ["CAN_QUERY"] if account == accounts[0] else [],
            }
            for account in accounts
        },
        "tags": {"team": "ads", "stage": "production"},
    }


def make_outputs(inputs: dict[str, Any]) -> dict[str, Any]:
    """Return the inputs with every output that AWS would add, as a resource that does nothing makes them up."""
    return inputs | {
        "arn": "arn:aws:cleanrooms:us-east-1:111122223333:collaboration/aebc6c99-cccd-43ec-b8e3-62a3a03ae6de",
        "creatorAccountId": "111122223333",
        "createTime": "2026-01-01T00:00:00.000000+00:00",
        "updateTime": "2026-01-01T00:00:00.000000+00:00",
        "memberStatus": "INVITED",
        "membershipId": None,
        "membershipArn": None,
        "dataEncryptionMetadata": None,
        "jobLogStatus": None,
        "analyticsEngine": "SPARK",
        "autoApprovedChangeTypes": None,
        "allowedResultRegions": ["us-east-1"],
        "isMetricsEnabled": False,
        "creatorMLMemberAbilities": None,
        "creatorPaymentConfiguration": None,
        "autoApprovedChangeRequestTypes": None,
        "tagsAll": inputs["tags"],
        "memberStatuses": dict.fromkeys(inputs["members"], "INVITED"),
        "region": "us-east-1",
        "openChangeRequests": None,
    }
