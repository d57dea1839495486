"""The dicts that a program may write in the place of Args classes, for type checkers and editors. `make generate` writes this module."""

from collections.abc import Mapping, Sequence
from typing import NotRequired, TypedDict

import pulumi

from cleanrooms_resource.args import ArgsOrDict
from cleanrooms_resource.connection_args import (
    ConnectionArgs,
    ConnectionAssumeRoleArgs,
    ConnectionAssumeRoleWithWebIdentityArgs,
    Text,
    Texts,
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
from cleanrooms_resource.inputs import (
    CollaborationDataEncryptionMetadataArgs,
    CollaborationJobComputePaymentConfigArgs,
    CollaborationMlMemberAbilitiesArgs,
    CollaborationMlPaymentConfigArgs,
    CollaborationModelInferencePaymentConfigArgs,
    CollaborationModelTrainingPaymentConfigArgs,
    CollaborationPaymentConfigurationArgs,
    CollaborationQueryComputePaymentConfigArgs,
    CollaborationSyntheticDataGenerationPaymentConfigArgs,
    Members,
)


class ConnectionAssumeRoleArgsDict(TypedDict):
    """``ConnectionAssumeRoleArgs`` as a dict."""

    role_arn: pulumi.Input[str]
    """The ARN of the role, such as ``arn:aws:iam::111122223333:role/pulumi``."""
    external_id: NotRequired[Text]
    """The external ID that the role's trust policy asks for."""
    session_name: NotRequired[Text]
    """The name of the session, which CloudTrail shows."""
    duration: NotRequired[Text]
    """The time until the credentials expire: a text such as ``1h``, from 15 minutes to 12 hours."""
    policy: NotRequired[Text]
    """An IAM policy, as JSON text, that narrows the permissions of the role."""
    policy_arns: NotRequired[Texts]
    """The ARNs of IAM policies that narrow the permissions of the role."""
    tags: NotRequired[pulumi.Input[Mapping[str, pulumi.Input[str]]] | None]
    """The tags of the session."""
    transitive_tag_keys: NotRequired[Texts]
    """The keys of those tags that the roles after this one inherit."""
    source_identity: NotRequired[Text]
    """The source identity of the session, which CloudTrail shows for every role after this one."""


class ConnectionAssumeRoleWithWebIdentityArgsDict(TypedDict):
    """``ConnectionAssumeRoleWithWebIdentityArgs`` as a dict."""

    role_arn: pulumi.Input[str]
    """The ARN of the role, such as ``arn:aws:iam::111122223333:role/pulumi``."""
    session_name: NotRequired[Text]
    """The name of the session, which CloudTrail shows."""
    duration: NotRequired[Text]
    """The time until the credentials expire: a text such as ``1h``, from 15 minutes to 12 hours."""
    policy: NotRequired[Text]
    """An IAM policy, as JSON text, that narrows the permissions of the role."""
    policy_arns: NotRequired[Texts]
    """The ARNs of IAM policies that narrow the permissions of the role."""
    web_identity_token: NotRequired[Text]
    """The token of the OIDC provider. The state keeps it as a secret."""
    web_identity_token_file: NotRequired[Text]
    """The file that holds the token. It is read again for each renewal."""


class ConnectionArgsDict(TypedDict):
    """``ConnectionArgs`` as a dict."""

    profile: NotRequired[Text]
    """The profile whose credentials act, or assume the first role."""
    access_key: NotRequired[Text]
    """The access key ID, in the place of a profile. The state keeps it as a secret."""
    secret_key: NotRequired[Text]
    """The secret access key. The state keeps it as a secret."""
    token: NotRequired[Text]
    """The session token of temporary keys. The state keeps it as a secret."""
    shared_config_files: NotRequired[Texts]
    """The configuration file that has the profile, as a list of one file."""
    shared_credentials_files: NotRequired[Texts]
    """The credentials file that has the profile, as a list of one file."""
    assume_roles: NotRequired[
        (
            pulumi.Input[
                Sequence[ArgsOrDict[ConnectionAssumeRoleArgs, ConnectionAssumeRoleArgsDict]]
            ]
            | None
        )
    ]
    """The roles to assume, one after another; the last one acts."""
    assume_role_with_web_identity: NotRequired[
        (
            ArgsOrDict[
                ConnectionAssumeRoleWithWebIdentityArgs, ConnectionAssumeRoleWithWebIdentityArgsDict
            ]
            | None
        )
    ]
    """The role to assume with a token of an OIDC provider."""
    allowed_account_ids: NotRequired[Texts]
    """The accounts in which the credentials may act."""
    forbidden_account_ids: NotRequired[Texts]
    """The accounts in which the credentials must not act; the accounts that the stack forbids stay forbidden."""
    endpoints: NotRequired[pulumi.Input[Mapping[str, pulumi.Input[str]]] | None]
    """The addresses of ``cleanrooms`` and ``sts``. An address that is left out is the stack's."""


class CollaborationQueryComputePaymentConfigArgsDict(TypedDict):
    """``CollaborationQueryComputePaymentConfigArgs`` as a dict."""

    is_responsible: pulumi.Input[bool]
    """Indicates whether the collaboration creator has configured the collaboration member to pay for query compute costs (``TRUE``) or has not
    configured the collaboration member to pay for query compute costs (``FALSE``). One or more members can be configured as payer candidates for
    query compute costs. If the collaboration creator hasn't specified anyone as the member paying for query compute costs, then the member who
    can query is the default payer.
    """


class CollaborationJobComputePaymentConfigArgsDict(TypedDict):
    """``CollaborationJobComputePaymentConfigArgs`` as a dict."""

    is_responsible: pulumi.Input[bool]
    """Indicates whether the collaboration creator has configured the collaboration member to pay for query and job compute costs (``TRUE``) or
    has not configured the collaboration member to pay for query and job compute costs (``FALSE``). One or more members can be configured as
    payer candidates for query and job compute costs. An error is returned if the collaboration creator sets a ``FALSE`` value for the member who
    can run queries and jobs.
    """


class CollaborationModelTrainingPaymentConfigArgsDict(TypedDict):
    """``CollaborationModelTrainingPaymentConfigArgs`` as a dict."""

    is_responsible: pulumi.Input[bool]
    """Indicates whether the collaboration creator has configured the collaboration member to pay for model training costs (``TRUE``) or has not
    configured the collaboration member to pay for model training costs (``FALSE``). One or more members can be configured as payer candidates
    for model training costs. If the collaboration creator hasn't specified anyone as the member paying for model training costs, then the member
    who can query is the default payer.
    """


class CollaborationModelInferencePaymentConfigArgsDict(TypedDict):
    """``CollaborationModelInferencePaymentConfigArgs`` as a dict."""

    is_responsible: pulumi.Input[bool]
    """Indicates whether the collaboration creator has configured the collaboration member to pay for model inference costs (``TRUE``) or has not
    configured the collaboration member to pay for model inference costs (``FALSE``). One or more members can be configured as payer candidates
    for model inference costs. If the collaboration creator hasn't specified anyone as the member paying for model inference costs, then the
    member who can query is the default payer.
    """


class CollaborationSyntheticDataGenerationPaymentConfigArgsDict(TypedDict):
    """``CollaborationSyntheticDataGenerationPaymentConfigArgs`` as a dict."""

    is_responsible: pulumi.Input[bool]
    """Indicates who is responsible for paying for synthetic data generation."""


class CollaborationMlPaymentConfigArgsDict(TypedDict):
    """``CollaborationMlPaymentConfigArgs`` as a dict."""

    model_training: NotRequired[
        (
            ArgsOrDict[
                CollaborationModelTrainingPaymentConfigArgs,
                CollaborationModelTrainingPaymentConfigArgsDict,
            ]
            | None
        )
    ]
    """The payment responsibilities accepted by the member for model training."""
    model_inference: NotRequired[
        (
            ArgsOrDict[
                CollaborationModelInferencePaymentConfigArgs,
                CollaborationModelInferencePaymentConfigArgsDict,
            ]
            | None
        )
    ]
    """The payment responsibilities accepted by the member for model inference."""
    synthetic_data_generation: NotRequired[
        (
            ArgsOrDict[
                CollaborationSyntheticDataGenerationPaymentConfigArgs,
                CollaborationSyntheticDataGenerationPaymentConfigArgsDict,
            ]
            | None
        )
    ]
    """The payment configuration for machine learning synthetic data generation."""


class CollaborationPaymentConfigurationArgsDict(TypedDict):
    """``CollaborationPaymentConfigurationArgs`` as a dict."""

    query_compute: ArgsOrDict[
        CollaborationQueryComputePaymentConfigArgs, CollaborationQueryComputePaymentConfigArgsDict
    ]
    """The collaboration member's payment responsibilities set by the collaboration creator for query compute costs."""
    machine_learning: NotRequired[
        (ArgsOrDict[CollaborationMlPaymentConfigArgs, CollaborationMlPaymentConfigArgsDict] | None)
    ]
    """An object representing the collaboration member's machine learning payment responsibilities set by the collaboration creator."""
    job_compute: NotRequired[
        (
            ArgsOrDict[
                CollaborationJobComputePaymentConfigArgs,
                CollaborationJobComputePaymentConfigArgsDict,
            ]
            | None
        )
    ]
    """The compute configuration for the job."""


class CollaborationMlMemberAbilitiesArgsDict(TypedDict):
    """``CollaborationMlMemberAbilitiesArgs`` as a dict."""

    custom_ml_member_abilities: pulumi.Input[
        Sequence[pulumi.Input[str | CustomMlMemberAbilityName]]
    ]
    """The custom ML member abilities for a collaboration member. The value is a set; each entry is one of ``CAN_RECEIVE_MODEL_OUTPUT``,
    ``CAN_RECEIVE_INFERENCE_OUTPUT``.
    """


class CollaborationDataEncryptionMetadataArgsDict(TypedDict):
    """``CollaborationDataEncryptionMetadataArgs`` as a dict."""

    allow_duplicates: pulumi.Input[bool]
    """Indicates whether Fingerprint columns can contain duplicate entries (``TRUE``) or are to contain only non-repeated values (``FALSE``)."""
    allow_joins_on_columns_with_different_names: pulumi.Input[bool]
    """Indicates whether Fingerprint columns can be joined on any other Fingerprint column with a different name (``TRUE``) or can only be joined
    on Fingerprint columns of the same name (``FALSE``).
    """
    preserve_nulls: pulumi.Input[bool]
    """Indicates whether NULL values are to be copied as NULL to encrypted tables (``TRUE``) or cryptographically processed (``FALSE``)."""
    allow_cleartext: NotRequired[pulumi.Input[bool] | None]
    """Indicates whether encrypted tables can contain cleartext data (``TRUE``) or are to cryptographically process every column (``FALSE``)."""
    allow_clear_text: NotRequired[pulumi.Input[bool] | None]
    """pulumi-aws's spelling of ``allow_cleartext``."""


class CollaborationMemberArgsDict(TypedDict):
    """``CollaborationMemberArgs`` as a dict."""

    account_id: pulumi.Input[str]
    """The identifier used to reference members of the collaboration. Currently only supports Amazon Web Services account ID. The value is a
    string of 12 digits.
    """
    display_name: pulumi.Input[str]
    """The member's display name. The value is a string of 1 to 100 characters."""
    member_abilities: pulumi.Input[Sequence[pulumi.Input[str | MemberAbilityName]]]
    """The abilities granted to the collaboration member. The value is a set; each entry is one of ``CAN_QUERY``, ``CAN_RECEIVE_RESULTS``,
    ``CAN_RUN_JOB``, ``CAN_EXPORT_QUERY_ANALYSIS_LOG``.
    """
    ml_member_abilities: NotRequired[
        (
            ArgsOrDict[CollaborationMlMemberAbilitiesArgs, CollaborationMlMemberAbilitiesArgsDict]
            | None
        )
    ]
    """The ML abilities granted to the collaboration member."""
    payment_configuration: NotRequired[
        (
            ArgsOrDict[
                CollaborationPaymentConfigurationArgs, CollaborationPaymentConfigurationArgsDict
            ]
            | None
        )
    ]
    """The collaboration member's payment responsibilities set by the collaboration creator. If the collaboration creator hasn't specified anyone
    as the member paying for query compute costs, then the member who can query is the default payer.
    """
    status: NotRequired[pulumi.Input[str] | None]
    """Ignored, because AWS sets the status. The output ``member_statuses`` has it."""


class CollaborationArgsDict(TypedDict):
    """``CollaborationArgs`` as a dict."""

    creator_display_name: pulumi.Input[str]
    """The display name of the creator, the account that owns the collaboration. A change replaces the collaboration: every member must join
    again.
    """
    creator_member_abilities: pulumi.Input[Sequence[pulumi.Input[str | MemberAbilityName]]]
    """The abilities of the creator. A change replaces the collaboration: every member must join again."""
    query_log_status: pulumi.Input[str | QueryLogStatusName]
    """Whether the collaboration logs queries. A change replaces the collaboration: every member must join again."""
    name: NotRequired[pulumi.Input[str] | None]
    """The name of the collaboration; names are not unique. Left out, it is the resource's name in Pulumi. AWS changes it in place."""
    members: NotRequired[Members | None]
    """The members that the collaboration invites; the creator is not one of them. The value is a map keyed by account id, or a list. Left out,
    it is empty. A change replaces the collaboration, unless ``change_requests`` or ``remove_members`` allows the change in place. After a
    replacement, every member must join again.
    """
    description: NotRequired[pulumi.Input[str] | None]
    """A description of the collaboration. Left out, it is empty. AWS changes it in place."""
    creator_ml_member_abilities: NotRequired[
        (
            ArgsOrDict[CollaborationMlMemberAbilitiesArgs, CollaborationMlMemberAbilitiesArgsDict]
            | None
        )
    ]
    """The machine learning output that the creator receives. Left out, it is empty. A change replaces the collaboration: every member must join
    again.
    """
    creator_payment_configuration: NotRequired[
        (
            ArgsOrDict[
                CollaborationPaymentConfigurationArgs, CollaborationPaymentConfigurationArgsDict
            ]
            | None
        )
    ]
    """The costs that the creator pays. Left out, it is empty. A change replaces the collaboration: every member must join again."""
    data_encryption_metadata: NotRequired[
        (
            ArgsOrDict[
                CollaborationDataEncryptionMetadataArgs, CollaborationDataEncryptionMetadataArgsDict
            ]
            | None
        )
    ]
    """The settings of Cryptographic Computing for Clean Rooms. Left out, the collaboration has none. A change replaces the collaboration: every
    member must join again.
    """
    job_log_status: NotRequired[pulumi.Input[str | JobLogStatusName] | None]
    """Whether the collaboration logs jobs. Left out, it is ``DISABLED``. A change replaces the collaboration: every member must join again."""
    analytics_engine: NotRequired[pulumi.Input[str | AnalyticsEngineName] | None]
    """The engine that runs the collaboration's analyses. Left out, AWS chooses the value, which is never a change. AWS changes
    ``CLEAN_ROOMS_SQL`` to ``SPARK`` in place; any other change replaces the collaboration: every member must join again.
    """
    auto_approved_change_request_types: NotRequired[
        (pulumi.Input[Sequence[pulumi.Input[str | AutoApprovedChangeTypeName]]] | None)
    ]
    """The types of change requests that need no approval. Left out, it is empty. A change replaces the collaboration, unless ``change_requests``
    allows the change in place. After a replacement, every member must join again.
    """
    allowed_result_regions: NotRequired[
        (pulumi.Input[Sequence[pulumi.Input[str | SupportedS3RegionName]]] | None)
    ]
    """The regions in which results may be stored. Left out, AWS chooses the value, which is never a change. A change replaces the collaboration:
    every member must join again.
    """
    is_metrics_enabled: NotRequired[pulumi.Input[bool] | None]
    """Whether members can have CloudWatch metrics of their queries. Left out, it is ``false``. A change replaces the collaboration: every member
    must join again.
    """
    tags: NotRequired[pulumi.Input[Mapping[str, pulumi.Input[str]]] | None]
    """The tags of the collaboration. Left out, it is empty. AWS changes it in place."""
    region: NotRequired[pulumi.Input[str] | None]
    """The region in which AWS creates the collaboration. Left out, it is the configured region. A change replaces the collaboration: every
    member must join again.
    """
    change_requests: NotRequired[pulumi.Input[str | ChangeRequestModeName] | None]
    """Whether change requests change the members in place: ``NEVER``; ``AUTO_APPROVED``, where AWS approves every one of the changes by itself;
    or ``PROPOSE``, where other members have to approve some of them. Left out, it is ``NEVER``. A change of this option alone changes nothing
    at AWS.
    """
    remove_members: NotRequired[pulumi.Input[bool] | None]
    """Whether a member that the program drops is removed from the collaboration (DeleteMember). AWS cannot invite a removed member again. Left
    out, it is ``false``. A change of this option alone changes nothing at AWS.
    """
    connection: NotRequired[ArgsOrDict[ConnectionArgs, ConnectionArgsDict] | None]
    """Whose credentials act for this resource, in which accounts, and at which endpoints. Left out, the stack's ``aws:`` settings say so. A
    change of the connection alone changes nothing at AWS.
    """
