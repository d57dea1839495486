"""The values that a program may write, as enums and as literal types. `make generate` writes this module from botocore's model."""

from enum import StrEnum
from typing import Literal

AnalyticsEngineName = Literal["SPARK", "CLEAN_ROOMS_SQL"]
"""A value of ``AnalyticsEngine``, as a string."""


class AnalyticsEngine(StrEnum):
    """An engine that runs analyses."""

    SPARK = "SPARK"
    """The Spark analytics engine runs the analyses."""
    CLEAN_ROOMS_SQL = "CLEAN_ROOMS_SQL"
    """The Clean Rooms SQL engine runs the analyses. AWS creates no new collaboration with it; an old one keeps it."""


AutoApprovedChangeTypeName = Literal[
    "ADD_MEMBER",
    "GRANT_RECEIVE_RESULTS_ABILITY",
    "REVOKE_RECEIVE_RESULTS_ABILITY",
    "GRANT_EXPORT_QUERY_ANALYSIS_LOG_ABILITY",
    "REVOKE_EXPORT_QUERY_ANALYSIS_LOG_ABILITY",
]
"""A value of ``AutoApprovedChangeType``, as a string."""


class AutoApprovedChangeType(StrEnum):
    """A type of change requests that can be approved without a vote."""

    ADD_MEMBER = "ADD_MEMBER"
    """A change request that adds a member needs no approval."""
    GRANT_RECEIVE_RESULTS_ABILITY = "GRANT_RECEIVE_RESULTS_ABILITY"
    """A change request that grants a member ``CAN_RECEIVE_RESULTS`` needs no approval."""
    REVOKE_RECEIVE_RESULTS_ABILITY = "REVOKE_RECEIVE_RESULTS_ABILITY"
    """A change request that revokes a member's ``CAN_RECEIVE_RESULTS`` needs no approval."""
    GRANT_EXPORT_QUERY_ANALYSIS_LOG_ABILITY = "GRANT_EXPORT_QUERY_ANALYSIS_LOG_ABILITY"
    """A change request that grants a member ``CAN_EXPORT_QUERY_ANALYSIS_LOG`` needs no approval."""
    REVOKE_EXPORT_QUERY_ANALYSIS_LOG_ABILITY = "REVOKE_EXPORT_QUERY_ANALYSIS_LOG_ABILITY"
    """A change request that revokes a member's ``CAN_EXPORT_QUERY_ANALYSIS_LOG`` needs no approval."""


ChangeRequestModeName = Literal["NEVER", "AUTO_APPROVED", "PROPOSE"]
"""A value of ``ChangeRequestMode``, as a string."""


class ChangeRequestMode(StrEnum):
    """When change requests change the members in place."""

    NEVER = "NEVER"
    """Change requests are never made: a change of the members replaces the collaboration."""
    AUTO_APPROVED = "AUTO_APPROVED"
    """Change requests are made where AWS approves every one of the changes by itself."""
    PROPOSE = "PROPOSE"
    """Change requests are made, and other members have to approve some of the changes."""


CustomMlMemberAbilityName = Literal["CAN_RECEIVE_MODEL_OUTPUT", "CAN_RECEIVE_INFERENCE_OUTPUT"]
"""A value of ``CustomMlMemberAbility``, as a string."""


class CustomMlMemberAbility(StrEnum):
    """An output of custom machine learning models that a member receives."""

    CAN_RECEIVE_MODEL_OUTPUT = "CAN_RECEIVE_MODEL_OUTPUT"
    """The member can receive the output of a model's training."""
    CAN_RECEIVE_INFERENCE_OUTPUT = "CAN_RECEIVE_INFERENCE_OUTPUT"
    """The member can receive the output of a model's inference."""


JobLogStatusName = Literal["ENABLED", "DISABLED"]
"""A value of ``JobLogStatus``, as a string."""


class JobLogStatus(StrEnum):
    """Whether a collaboration logs jobs."""

    ENABLED = "ENABLED"
    """Clean Rooms logs details of the collaboration's jobs; CloudWatch Logs shows them."""
    DISABLED = "DISABLED"
    """Clean Rooms logs no jobs of the collaboration."""


MemberAbilityName = Literal[
    "CAN_QUERY", "CAN_RECEIVE_RESULTS", "CAN_RUN_JOB", "CAN_EXPORT_QUERY_ANALYSIS_LOG"
]
"""A value of ``MemberAbility``, as a string."""


class MemberAbility(StrEnum):
    """An ability of a member of a collaboration."""

    CAN_QUERY = "CAN_QUERY"
    """The member can run queries. Only one member, creator included, can have this ability."""
    CAN_RECEIVE_RESULTS = "CAN_RECEIVE_RESULTS"
    """The member can receive the results of queries and jobs."""
    CAN_RUN_JOB = "CAN_RUN_JOB"
    """The member can run jobs. This ability belongs to the member who has ``CAN_QUERY``."""
    CAN_EXPORT_QUERY_ANALYSIS_LOG = "CAN_EXPORT_QUERY_ANALYSIS_LOG"
    """The member can export the analysis logs of the queries that it ran or paid for."""


QueryLogStatusName = Literal["ENABLED", "DISABLED"]
"""A value of ``QueryLogStatus``, as a string."""


class QueryLogStatus(StrEnum):
    """Whether a collaboration logs queries."""

    ENABLED = "ENABLED"
    """Clean Rooms logs details of the collaboration's queries; CloudWatch Logs shows them."""
    DISABLED = "DISABLED"
    """Clean Rooms logs no queries of the collaboration."""


SupportedS3RegionName = Literal[
    "us-west-1",
    "us-west-2",
    "us-east-1",
    "us-east-2",
    "af-south-1",
    "ap-east-1",
    "ap-east-2",
    "ap-south-2",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-southeast-3",
    "ap-southeast-5",
    "ap-southeast-4",
    "ap-southeast-7",
    "ap-south-1",
    "ap-northeast-3",
    "ap-northeast-1",
    "ap-northeast-2",
    "ca-central-1",
    "ca-west-1",
    "eu-south-1",
    "eu-west-3",
    "eu-south-2",
    "eu-central-2",
    "eu-central-1",
    "eu-north-1",
    "eu-west-1",
    "eu-west-2",
    "me-south-1",
    "me-central-1",
    "il-central-1",
    "sa-east-1",
    "mx-central-1",
]
"""A value of ``SupportedS3Region``, as a string."""


class SupportedS3Region(StrEnum):
    """A region in which results may be stored."""

    US_WEST_1 = "us-west-1"
    """US West (N. California)."""
    US_WEST_2 = "us-west-2"
    """US West (Oregon)."""
    US_EAST_1 = "us-east-1"
    """US East (N. Virginia)."""
    US_EAST_2 = "us-east-2"
    """US East (Ohio)."""
    AF_SOUTH_1 = "af-south-1"
    """Africa (Cape Town)."""
    AP_EAST_1 = "ap-east-1"
    """Asia Pacific (Hong Kong)."""
    AP_EAST_2 = "ap-east-2"
    """Asia Pacific (Taipei)."""
    AP_SOUTH_2 = "ap-south-2"
    """Asia Pacific (Hyderabad)."""
    AP_SOUTHEAST_1 = "ap-southeast-1"
    """Asia Pacific (Singapore)."""
    AP_SOUTHEAST_2 = "ap-southeast-2"
    """Asia Pacific (Sydney)."""
    AP_SOUTHEAST_3 = "ap-southeast-3"
    """Asia Pacific (Jakarta)."""
    AP_SOUTHEAST_5 = "ap-southeast-5"
    """Asia Pacific (Malaysia)."""
    AP_SOUTHEAST_4 = "ap-southeast-4"
    """Asia Pacific (Melbourne)."""
    AP_SOUTHEAST_7 = "ap-southeast-7"
    """Asia Pacific (Thailand)."""
    AP_SOUTH_1 = "ap-south-1"
    """Asia Pacific (Mumbai)."""
    AP_NORTHEAST_3 = "ap-northeast-3"
    """Asia Pacific (Osaka)."""
    AP_NORTHEAST_1 = "ap-northeast-1"
    """Asia Pacific (Tokyo)."""
    AP_NORTHEAST_2 = "ap-northeast-2"
    """Asia Pacific (Seoul)."""
    CA_CENTRAL_1 = "ca-central-1"
    """Canada (Central)."""
    CA_WEST_1 = "ca-west-1"
    """Canada West (Calgary)."""
    EU_SOUTH_1 = "eu-south-1"
    """Europe (Milan)."""
    EU_WEST_3 = "eu-west-3"
    """Europe (Paris)."""
    EU_SOUTH_2 = "eu-south-2"
    """Europe (Spain)."""
    EU_CENTRAL_2 = "eu-central-2"
    """Europe (Zurich)."""
    EU_CENTRAL_1 = "eu-central-1"
    """Europe (Frankfurt)."""
    EU_NORTH_1 = "eu-north-1"
    """Europe (Stockholm)."""
    EU_WEST_1 = "eu-west-1"
    """Europe (Ireland)."""
    EU_WEST_2 = "eu-west-2"
    """Europe (London)."""
    ME_SOUTH_1 = "me-south-1"
    """Middle East (Bahrain)."""
    ME_CENTRAL_1 = "me-central-1"
    """Middle East (UAE)."""
    IL_CENTRAL_1 = "il-central-1"
    """Israel (Tel Aviv)."""
    SA_EAST_1 = "sa-east-1"
    """South America (Sao Paulo)."""
    MX_CENTRAL_1 = "mx-central-1"
    """Mexico (Central)."""
