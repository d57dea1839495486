"""The documentation of the values that a program may write. botocore's model names these values and says nothing of each."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cleanrooms_resource.declaration.botocore_data import read_botocore_data
from cleanrooms_resource.table import ChangeRequestMode

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class EnumDocumentation:
    """The documentation of an enum, and of each of its values."""

    description: str
    values: Mapping[str, str]


ENUMS: Final = {
    "MemberAbility": EnumDocumentation(
        "An ability of a member of a collaboration.",
        {
            "CAN_QUERY": "The member can run queries. Only one member, creator included, can have this ability.",
            "CAN_RECEIVE_RESULTS": "The member can receive the results of queries and jobs.",
            "CAN_RUN_JOB": "The member can run jobs. This ability belongs to the member who has `CAN_QUERY`.",
            "CAN_EXPORT_QUERY_ANALYSIS_LOG": "The member can export the analysis logs of the queries that it ran or paid for.",
        },
    ),
    "CustomMLMemberAbility": EnumDocumentation(
        "An output of custom machine learning models that a member receives.",
        {
            "CAN_RECEIVE_MODEL_OUTPUT": "The member can receive the output of a model's training.",
            "CAN_RECEIVE_INFERENCE_OUTPUT": "The member can receive the output of a model's inference.",
        },
    ),
    "CollaborationQueryLogStatus": EnumDocumentation(
        "Whether a collaboration logs queries.",
        {
            "ENABLED": "Clean Rooms logs details of the collaboration's queries; CloudWatch Logs shows them.",
            "DISABLED": "Clean Rooms logs no queries of the collaboration.",
        },
    ),
    "CollaborationJobLogStatus": EnumDocumentation(
        "Whether a collaboration logs jobs.",
        {
            "ENABLED": "Clean Rooms logs details of the collaboration's jobs; CloudWatch Logs shows them.",
            "DISABLED": "Clean Rooms logs no jobs of the collaboration.",
        },
    ),
    "AnalyticsEngine": EnumDocumentation(
        "An engine that runs analyses.",
        {
            "SPARK": "The Spark analytics engine runs the analyses.",
            "CLEAN_ROOMS_SQL": "The Clean Rooms SQL engine runs the analyses. AWS creates no new collaboration with it; an old one keeps it.",
        },
    ),
    "AutoApprovedChangeType": EnumDocumentation(
        "A type of change requests that can be approved without a vote.",
        {
            "ADD_MEMBER": "A change request that adds a member needs no approval.",
            "GRANT_RECEIVE_RESULTS_ABILITY": "A change request that grants a member `CAN_RECEIVE_RESULTS` needs no approval.",
            "REVOKE_RECEIVE_RESULTS_ABILITY": "A change request that revokes a member's `CAN_RECEIVE_RESULTS` needs no approval.",
            "GRANT_EXPORT_QUERY_ANALYSIS_LOG_ABILITY": "A change request that grants a member `CAN_EXPORT_QUERY_ANALYSIS_LOG` needs no approval.",
            "REVOKE_EXPORT_QUERY_ANALYSIS_LOG_ABILITY": "A change request that revokes a member's `CAN_EXPORT_QUERY_ANALYSIS_LOG` needs no approval.",
        },
    ),
    "ChangeRequestMode": EnumDocumentation(
        "When change requests change the members in place.",
        {
            ChangeRequestMode.NEVER.value: "Change requests are never made: a change of the members replaces the collaboration.",
            ChangeRequestMode.AUTO_APPROVED.value: "Change requests are made where AWS approves every one of the changes by itself.",
            ChangeRequestMode.PROPOSE.value: "Change requests are made, and other members have to approve some of the changes.",
        },
    ),
}
"""The enums by their names in botocore's model, and the enum of the option ``changeRequests``."""

_REGIONS: Final = "SupportedS3Region"
_NOT_DOCUMENTED: Final = "The API reference of AWS Clean Rooms documents it."


def describe_enum(name: str) -> str:
    """Return the documentation of an enum."""
    return _get_documentation(name).description


def describe_enum_value(name: str, value: str) -> str:
    """Return the documentation of a value of an enum. A newer botocore may know an enum or a value that has none here."""
    return _get_documentation(name).values.get(value, _NOT_DOCUMENTED)


def _get_documentation(name: str) -> EnumDocumentation:
    if name == _REGIONS:
        return EnumDocumentation("A region in which results may be stored.", _list_regions())
    return ENUMS.get(name, EnumDocumentation(_NOT_DOCUMENTED, {}))


def _list_regions() -> dict[str, str]:
    partitions = json.loads(read_botocore_data("partitions.json"))["partitions"]
    return {
        name: f"{region['description']}."
        for partition in partitions
        for name, region in partition["regions"].items()
    }
