"""The Args classes that a program writes. Their names are pulumi-aws's, and their shapes are CreateCollaborationRequest's in botocore's model.

Every value may be an Output. A plain dict serves wherever an Args class does, in snake_case or in boto3's camelCase.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pulumi

from cleanrooms_resource.args import Args, ArgsOrDict, args_class
from cleanrooms_resource.connection_args import ConnectionArgs

if TYPE_CHECKING:
    from cleanrooms_resource.args_dicts import (
        CollaborationDataEncryptionMetadataArgsDict,
        CollaborationJobComputePaymentConfigArgsDict,
        CollaborationMemberArgsDict,
        CollaborationMlMemberAbilitiesArgsDict,
        CollaborationMlPaymentConfigArgsDict,
        CollaborationModelInferencePaymentConfigArgsDict,
        CollaborationModelTrainingPaymentConfigArgsDict,
        CollaborationPaymentConfigurationArgsDict,
        CollaborationQueryComputePaymentConfigArgsDict,
        CollaborationSyntheticDataGenerationPaymentConfigArgsDict,
        ConnectionArgsDict,
    )
    from cleanrooms_resource.enums import (
        AnalyticsEngineName,
        AutoApprovedChangeTypeName,
        ChangeRequestModeName,
        CustomMlMemberAbilityName,
        JobLogStatusName,
        MemberAbilityName,
        QueryLogStatusName,
        SupportedS3RegionName,
    )
else:
    # Type checkers alone need these types. The SDK evaluates the annotations of an Args class that is inside an Output.
    CollaborationDataEncryptionMetadataArgsDict = Mapping[str, Any]
    CollaborationJobComputePaymentConfigArgsDict = Mapping[str, Any]
    CollaborationMemberArgsDict = Mapping[str, Any]
    CollaborationMlMemberAbilitiesArgsDict = Mapping[str, Any]
    CollaborationMlPaymentConfigArgsDict = Mapping[str, Any]
    CollaborationModelInferencePaymentConfigArgsDict = Mapping[str, Any]
    CollaborationModelTrainingPaymentConfigArgsDict = Mapping[str, Any]
    CollaborationPaymentConfigurationArgsDict = Mapping[str, Any]
    CollaborationQueryComputePaymentConfigArgsDict = Mapping[str, Any]
    CollaborationSyntheticDataGenerationPaymentConfigArgsDict = Mapping[str, Any]
    ConnectionArgsDict = Mapping[str, Any]
    AnalyticsEngineName = str
    AutoApprovedChangeTypeName = str
    ChangeRequestModeName = str
    CustomMlMemberAbilityName = str
    JobLogStatusName = str
    MemberAbilityName = str
    QueryLogStatusName = str
    SupportedS3RegionName = str


@args_class
class CollaborationQueryComputePaymentConfigArgs(Args):
    """Whether the member pays for query compute."""

    is_responsible: pulumi.Input[bool] = pulumi.property("isResponsible")
    """Indicates whether the collaboration creator has configured the collaboration member to pay for query compute costs (``TRUE``) or has not
    configured the collaboration member to pay for query compute costs (``FALSE``). One or more members can be configured as payer candidates for
    query compute costs. If the collaboration creator hasn't specified anyone as the member paying for query compute costs, then the member who
    can query is the default payer.
    """


@args_class
class CollaborationJobComputePaymentConfigArgs(Args):
    """Whether the member pays for query and job compute."""

    is_responsible: pulumi.Input[bool] = pulumi.property("isResponsible")
    """Indicates whether the collaboration creator has configured the collaboration member to pay for query and job compute costs (``TRUE``) or
    has not configured the collaboration member to pay for query and job compute costs (``FALSE``). One or more members can be configured as
    payer candidates for query and job compute costs. An error is returned if the collaboration creator sets a ``FALSE`` value for the member who
    can run queries and jobs.
    """


@args_class
class CollaborationModelTrainingPaymentConfigArgs(Args):
    """Whether the member pays for model training."""

    is_responsible: pulumi.Input[bool] = pulumi.property("isResponsible")
    """Indicates whether the collaboration creator has configured the collaboration member to pay for model training costs (``TRUE``) or has not
    configured the collaboration member to pay for model training costs (``FALSE``). One or more members can be configured as payer candidates
    for model training costs. If the collaboration creator hasn't specified anyone as the member paying for model training costs, then the member
    who can query is the default payer.
    """


@args_class
class CollaborationModelInferencePaymentConfigArgs(Args):
    """Whether the member pays for model inference."""

    is_responsible: pulumi.Input[bool] = pulumi.property("isResponsible")
    """Indicates whether the collaboration creator has configured the collaboration member to pay for model inference costs (``TRUE``) or has not
    configured the collaboration member to pay for model inference costs (``FALSE``). One or more members can be configured as payer candidates
    for model inference costs. If the collaboration creator hasn't specified anyone as the member paying for model inference costs, then the
    member who can query is the default payer.
    """


@args_class
class CollaborationSyntheticDataGenerationPaymentConfigArgs(Args):
    """Whether the member pays for synthetic data generation."""

    is_responsible: pulumi.Input[bool] = pulumi.property("isResponsible")
    """Indicates who is responsible for paying for synthetic data generation."""


@args_class
class CollaborationMlPaymentConfigArgs(Args):
    """The machine learning costs that the member pays."""

    model_training: (
        ArgsOrDict[
            CollaborationModelTrainingPaymentConfigArgs,
            CollaborationModelTrainingPaymentConfigArgsDict,
        ]
        | None
    ) = pulumi.property("modelTraining", default=None)
    """The payment responsibilities accepted by the member for model training."""
    model_inference: (
        ArgsOrDict[
            CollaborationModelInferencePaymentConfigArgs,
            CollaborationModelInferencePaymentConfigArgsDict,
        ]
        | None
    ) = pulumi.property("modelInference", default=None)
    """The payment responsibilities accepted by the member for model inference."""
    synthetic_data_generation: (
        ArgsOrDict[
            CollaborationSyntheticDataGenerationPaymentConfigArgs,
            CollaborationSyntheticDataGenerationPaymentConfigArgsDict,
        ]
        | None
    ) = pulumi.property("syntheticDataGeneration", default=None)
    """The payment configuration for machine learning synthetic data generation."""


@args_class
class CollaborationPaymentConfigurationArgs(Args):
    """The costs that a member pays. A member pays a cost that is left out only if it has CAN_QUERY and nobody is declared to pay."""

    query_compute: ArgsOrDict[
        CollaborationQueryComputePaymentConfigArgs, CollaborationQueryComputePaymentConfigArgsDict
    ] = pulumi.property("queryCompute")
    """The collaboration member's payment responsibilities set by the collaboration creator for query compute costs."""
    machine_learning: (
        ArgsOrDict[CollaborationMlPaymentConfigArgs, CollaborationMlPaymentConfigArgsDict] | None
    ) = pulumi.property("machineLearning", default=None)
    """An object representing the collaboration member's machine learning payment responsibilities set by the collaboration creator."""
    job_compute: (
        ArgsOrDict[
            CollaborationJobComputePaymentConfigArgs, CollaborationJobComputePaymentConfigArgsDict
        ]
        | None
    ) = pulumi.property("jobCompute", default=None)
    """The compute configuration for the job."""


@args_class
class CollaborationMlMemberAbilitiesArgs(Args):
    """The machine learning output that a member receives: CAN_RECEIVE_MODEL_OUTPUT, CAN_RECEIVE_INFERENCE_OUTPUT."""

    custom_ml_member_abilities: pulumi.Input[
        Sequence[pulumi.Input[str | CustomMlMemberAbilityName]]
    ] = pulumi.property("customMLMemberAbilities")
    """The custom ML member abilities for a collaboration member. The value is a set; each entry is one of ``CAN_RECEIVE_MODEL_OUTPUT``,
    ``CAN_RECEIVE_INFERENCE_OUTPUT``.
    """


@args_class
class CollaborationDataEncryptionMetadataArgs(Args):
    """The settings of Cryptographic Computing for Clean Rooms. ``allow_clear_text`` is pulumi-aws's spelling of ``allow_cleartext``."""

    allow_duplicates: pulumi.Input[bool] = pulumi.property("allowDuplicates")
    """Indicates whether Fingerprint columns can contain duplicate entries (``TRUE``) or are to contain only non-repeated values (``FALSE``)."""
    allow_joins_on_columns_with_different_names: pulumi.Input[bool] = pulumi.property(
        "allowJoinsOnColumnsWithDifferentNames"
    )
    """Indicates whether Fingerprint columns can be joined on any other Fingerprint column with a different name (``TRUE``) or can only be joined
    on Fingerprint columns of the same name (``FALSE``).
    """
    preserve_nulls: pulumi.Input[bool] = pulumi.property("preserveNulls")
    """Indicates whether NULL values are to be copied as NULL to encrypted tables (``TRUE``) or cryptographically processed (``FALSE``)."""
    allow_cleartext: pulumi.Input[bool] | None = pulumi.property("allowCleartext", default=None)
    """Indicates whether encrypted tables can contain cleartext data (``TRUE``) or are to cryptographically process every column (``FALSE``)."""
    allow_clear_text: pulumi.Input[bool] | None = pulumi.property("allowClearText", default=None)
    """pulumi-aws's spelling of ``allow_cleartext``."""


@args_class
class CollaborationMemberArgs(Args):
    """A member that the collaboration invites; the creator is not one of them. ``status`` is ignored: only pulumi-aws has it, and AWS sets it."""

    account_id: pulumi.Input[str] = pulumi.property("accountId")
    """The identifier used to reference members of the collaboration. Currently only supports Amazon Web Services account ID. The value is a
    string of 12 digits.
    """
    display_name: pulumi.Input[str] = pulumi.property("displayName")
    """The member's display name. The value is a string of 1 to 100 characters."""
    member_abilities: pulumi.Input[Sequence[pulumi.Input[str | MemberAbilityName]]] = (
        pulumi.property("memberAbilities")
    )
    """The abilities granted to the collaboration member. The value is a set; each entry is one of ``CAN_QUERY``, ``CAN_RECEIVE_RESULTS``,
    ``CAN_RUN_JOB``, ``CAN_EXPORT_QUERY_ANALYSIS_LOG``.
    """
    ml_member_abilities: (
        ArgsOrDict[CollaborationMlMemberAbilitiesArgs, CollaborationMlMemberAbilitiesArgsDict]
        | None
    ) = pulumi.property("mlMemberAbilities", default=None)
    """The ML abilities granted to the collaboration member."""
    payment_configuration: (
        ArgsOrDict[CollaborationPaymentConfigurationArgs, CollaborationPaymentConfigurationArgsDict]
        | None
    ) = pulumi.property("paymentConfiguration", default=None)
    """The collaboration member's payment responsibilities set by the collaboration creator. If the collaboration creator hasn't specified anyone
    as the member paying for query compute costs, then the member who can query is the default payer.
    """
    status: pulumi.Input[str] | None = pulumi.property("status", default=None)
    """Ignored, because AWS sets the status. The output ``member_statuses`` has it."""


Members = pulumi.Input[
    Sequence[ArgsOrDict[CollaborationMemberArgs, CollaborationMemberArgsDict]]
    | Mapping[str, ArgsOrDict[CollaborationMemberArgs, CollaborationMemberArgsDict]]
]
"""A list of members, or a map of them keyed by account id."""


@args_class
class CollaborationArgs(Args):
    """The arguments of a collaboration. `make generate` writes the docstring of each argument from the table of properties.

    A replacement creates a new collaboration with a new id and deletes the old one, and every member must join again.
    """

    creator_display_name: pulumi.Input[str] = pulumi.property("creatorDisplayName")
    """The display name of the creator, the account that owns the collaboration. A change replaces the collaboration: every member must join
    again.
    """
    creator_member_abilities: pulumi.Input[Sequence[pulumi.Input[str | MemberAbilityName]]] = (
        pulumi.property("creatorMemberAbilities")
    )
    """The abilities of the creator. A change replaces the collaboration: every member must join again."""
    query_log_status: pulumi.Input[str | QueryLogStatusName] = pulumi.property("queryLogStatus")
    """Whether the collaboration logs queries. A change replaces the collaboration: every member must join again."""
    name: pulumi.Input[str] | None = pulumi.property("name", default=None)
    """The name of the collaboration; names are not unique. Left out, it is the resource's name in Pulumi. AWS changes it in place."""
    members: Members | None = pulumi.property("members", default=None)
    """The members that the collaboration invites; the creator is not one of them. The value is a map keyed by account id, or a list. Left out,
    it is empty. A change replaces the collaboration, unless ``change_requests`` or ``remove_members`` allows the change in place. After a
    replacement, every member must join again.
    """
    description: pulumi.Input[str] | None = pulumi.property("description", default=None)
    """A description of the collaboration. Left out, it is empty. AWS changes it in place."""
    creator_ml_member_abilities: (
        ArgsOrDict[CollaborationMlMemberAbilitiesArgs, CollaborationMlMemberAbilitiesArgsDict]
        | None
    ) = pulumi.property("creatorMLMemberAbilities", default=None)
    """The machine learning output that the creator receives. Left out, it is empty. A change replaces the collaboration: every member must join
    again.
    """
    creator_payment_configuration: (
        ArgsOrDict[CollaborationPaymentConfigurationArgs, CollaborationPaymentConfigurationArgsDict]
        | None
    ) = pulumi.property("creatorPaymentConfiguration", default=None)
    """The costs that the creator pays. Left out, it is empty. A change replaces the collaboration: every member must join again."""
    data_encryption_metadata: (
        ArgsOrDict[
            CollaborationDataEncryptionMetadataArgs, CollaborationDataEncryptionMetadataArgsDict
        ]
        | None
    ) = pulumi.property("dataEncryptionMetadata", default=None)
    """The settings of Cryptographic Computing for Clean Rooms. Left out, the collaboration has none. A change replaces the collaboration: every
    member must join again.
    """
    job_log_status: pulumi.Input[str | JobLogStatusName] | None = pulumi.property(
        "jobLogStatus", default=None
    )
    """Whether the collaboration logs jobs. Left out, it is ``DISABLED``. A change replaces the collaboration: every member must join again."""
    analytics_engine: pulumi.Input[str | AnalyticsEngineName] | None = pulumi.property(
        "analyticsEngine", default=None
    )
    """The engine that runs the collaboration's analyses. Left out, AWS chooses the value, which is never a change. AWS changes
    ``CLEAN_ROOMS_SQL`` to ``SPARK`` in place; any other change replaces the collaboration: every member must join again.
    """
    auto_approved_change_request_types: (
        pulumi.Input[Sequence[pulumi.Input[str | AutoApprovedChangeTypeName]]] | None
    ) = pulumi.property("autoApprovedChangeRequestTypes", default=None)
    """The types of change requests that need no approval. Left out, it is empty. A change replaces the collaboration, unless ``change_requests``
    allows the change in place. After a replacement, every member must join again.
    """
    allowed_result_regions: (
        pulumi.Input[Sequence[pulumi.Input[str | SupportedS3RegionName]]] | None
    ) = pulumi.property("allowedResultRegions", default=None)
    """The regions in which results may be stored. Left out, AWS chooses the value, which is never a change. A change replaces the collaboration:
    every member must join again.
    """
    is_metrics_enabled: pulumi.Input[bool] | None = pulumi.property(
        "isMetricsEnabled", default=None
    )
    """Whether members can have CloudWatch metrics of their queries. Left out, it is ``false``. A change replaces the collaboration: every member
    must join again.
    """
    tags: pulumi.Input[Mapping[str, pulumi.Input[str]]] | None = pulumi.property(
        "tags", default=None
    )
    """The tags of the collaboration. Left out, it is empty. AWS changes it in place."""
    region: pulumi.Input[str] | None = pulumi.property("region", default=None)
    """The region in which AWS creates the collaboration. Left out, it is the configured region. A change replaces the collaboration: every
    member must join again.
    """
    change_requests: pulumi.Input[str | ChangeRequestModeName] | None = pulumi.property(
        "changeRequests", default=None
    )
    """Whether change requests change the members in place: ``NEVER``; ``AUTO_APPROVED``, where AWS approves every one of the changes by itself;
    or ``PROPOSE``, where other members have to approve some of them. Left out, it is ``NEVER``. A change of this option alone changes nothing
    at AWS.
    """
    remove_members: pulumi.Input[bool] | None = pulumi.property("removeMembers", default=None)
    """Whether a member that the program drops is removed from the collaboration (DeleteMember). AWS cannot invite a removed member again. Left
    out, it is ``false``. A change of this option alone changes nothing at AWS.
    """
    connection: ArgsOrDict[ConnectionArgs, ConnectionArgsDict] | None = pulumi.property(
        "connection", default=None
    )
    """Whose credentials act for this resource, in which accounts, and at which endpoints. Left out, the stack's ``aws:`` settings say so. A
    change of the connection alone changes nothing at AWS.
    """
