"""The Args classes that a program writes. Their names are pulumi-aws's, and their shapes are CreateCollaborationRequest's in botocore's model.

Every value may be an Output. A plain dict serves wherever an Args class does, in snake_case or in boto3's camelCase.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar, dataclass_transform

import pulumi

T = TypeVar("T")
ArgsOrDict = pulumi.Input[T | Mapping[str, Any]]
"""An Args class, or a dict with the same properties."""


@dataclass_transform(kw_only_default=True, field_specifiers=(pulumi.property,))
def _args(cls: type[T]) -> type[T]:
    """Apply ``pulumi.input_type`` so that type checkers see the arguments."""
    return pulumi.input_type(cls)


class _Args:
    """The base of every Args class, which ``to_plain_values`` looks for."""


@_args
class CollaborationQueryComputePaymentConfigArgs(_Args):
    """Whether the member pays for query compute."""

    is_responsible: pulumi.Input[bool] = pulumi.property("isResponsible")


@_args
class CollaborationJobComputePaymentConfigArgs(_Args):
    """Whether the member pays for query and job compute."""

    is_responsible: pulumi.Input[bool] = pulumi.property("isResponsible")


@_args
class CollaborationModelTrainingPaymentConfigArgs(_Args):
    """Whether the member pays for model training."""

    is_responsible: pulumi.Input[bool] = pulumi.property("isResponsible")


@_args
class CollaborationModelInferencePaymentConfigArgs(_Args):
    """Whether the member pays for model inference."""

    is_responsible: pulumi.Input[bool] = pulumi.property("isResponsible")


@_args
class CollaborationSyntheticDataGenerationPaymentConfigArgs(_Args):
    """Whether the member pays for synthetic data generation."""

    is_responsible: pulumi.Input[bool] = pulumi.property("isResponsible")


@_args
class CollaborationMlPaymentConfigArgs(_Args):
    """The machine learning costs that the member pays."""

    model_training: ArgsOrDict[CollaborationModelTrainingPaymentConfigArgs] | None = pulumi.property("modelTraining", default=None)
    model_inference: ArgsOrDict[CollaborationModelInferencePaymentConfigArgs] | None = pulumi.property("modelInference", default=None)
    synthetic_data_generation: ArgsOrDict[CollaborationSyntheticDataGenerationPaymentConfigArgs] | None = pulumi.property(
        "syntheticDataGeneration", default=None
    )


@_args
class CollaborationPaymentConfigurationArgs(_Args):
    """The costs that a member pays. The member does not pay a cost that is left out."""

    query_compute: ArgsOrDict[CollaborationQueryComputePaymentConfigArgs] = pulumi.property("queryCompute")
    machine_learning: ArgsOrDict[CollaborationMlPaymentConfigArgs] | None = pulumi.property("machineLearning", default=None)
    job_compute: ArgsOrDict[CollaborationJobComputePaymentConfigArgs] | None = pulumi.property("jobCompute", default=None)


@_args
class CollaborationMlMemberAbilitiesArgs(_Args):
    """The machine learning output that a member receives: CAN_RECEIVE_MODEL_OUTPUT, CAN_RECEIVE_INFERENCE_OUTPUT."""

    custom_ml_member_abilities: pulumi.Input[Sequence[pulumi.Input[str]]] = pulumi.property("customMLMemberAbilities")


@_args
class CollaborationDataEncryptionMetadataArgs(_Args):
    """The settings of Cryptographic Computing for Clean Rooms. ``allow_clear_text`` is pulumi-aws's spelling of ``allow_cleartext``."""

    allow_duplicates: pulumi.Input[bool] = pulumi.property("allowDuplicates")
    allow_joins_on_columns_with_different_names: pulumi.Input[bool] = pulumi.property("allowJoinsOnColumnsWithDifferentNames")
    preserve_nulls: pulumi.Input[bool] = pulumi.property("preserveNulls")
    allow_cleartext: pulumi.Input[bool] | None = pulumi.property("allowCleartext", default=None)
    allow_clear_text: pulumi.Input[bool] | None = pulumi.property("allowClearText", default=None)


@_args
class CollaborationMemberArgs(_Args):
    """A member that the collaboration invites; the creator is none. ``status`` is accepted, as pulumi-aws accepts it, and ignored: AWS decides it."""

    account_id: pulumi.Input[str] = pulumi.property("accountId")
    display_name: pulumi.Input[str] = pulumi.property("displayName")
    member_abilities: pulumi.Input[Sequence[pulumi.Input[str]]] = pulumi.property("memberAbilities")
    ml_member_abilities: ArgsOrDict[CollaborationMlMemberAbilitiesArgs] | None = pulumi.property("mlMemberAbilities", default=None)
    payment_configuration: ArgsOrDict[CollaborationPaymentConfigurationArgs] | None = pulumi.property("paymentConfiguration", default=None)
    status: pulumi.Input[str] | None = pulumi.property("status", default=None)


Members = pulumi.Input[Sequence[ArgsOrDict[CollaborationMemberArgs]] | Mapping[str, ArgsOrDict[CollaborationMemberArgs]]]
"""A list of members, or a map of them keyed by account id."""


@_args
class CollaborationArgs(_Args):
    """The arguments of a collaboration; what each one means, and what changing it does, is in the README.

    ``name`` left out is the resource's name; ``region`` left out is the stack's.
    """

    creator_display_name: pulumi.Input[str] = pulumi.property("creatorDisplayName")
    creator_member_abilities: pulumi.Input[Sequence[pulumi.Input[str]]] = pulumi.property("creatorMemberAbilities")
    query_log_status: pulumi.Input[str] = pulumi.property("queryLogStatus")
    name: pulumi.Input[str] | None = pulumi.property("name", default=None)
    members: Members | None = pulumi.property("members", default=None)
    description: pulumi.Input[str] | None = pulumi.property("description", default=None)
    creator_ml_member_abilities: ArgsOrDict[CollaborationMlMemberAbilitiesArgs] | None = pulumi.property("creatorMLMemberAbilities", default=None)
    creator_payment_configuration: ArgsOrDict[CollaborationPaymentConfigurationArgs] | None = pulumi.property(
        "creatorPaymentConfiguration", default=None
    )
    data_encryption_metadata: ArgsOrDict[CollaborationDataEncryptionMetadataArgs] | None = pulumi.property("dataEncryptionMetadata", default=None)
    job_log_status: pulumi.Input[str] | None = pulumi.property("jobLogStatus", default=None)
    analytics_engine: pulumi.Input[str] | None = pulumi.property("analyticsEngine", default=None)
    auto_approved_change_request_types: pulumi.Input[Sequence[pulumi.Input[str]]] | None = pulumi.property(
        "autoApprovedChangeRequestTypes", default=None
    )
    allowed_result_regions: pulumi.Input[Sequence[pulumi.Input[str]]] | None = pulumi.property("allowedResultRegions", default=None)
    is_metrics_enabled: pulumi.Input[bool] | None = pulumi.property("isMetricsEnabled", default=None)
    tags: pulumi.Input[Mapping[str, pulumi.Input[str]]] | None = pulumi.property("tags", default=None)
    region: pulumi.Input[str] | None = pulumi.property("region", default=None)


def to_plain_values(value: Any) -> Any:
    """Return the same value with dicts in the place of Args classes. Outputs stay in their places."""
    if isinstance(value, _Args):
        return {name: to_plain_values(part) for name, part in vars(value).items() if part is not None}
    if isinstance(value, Mapping):
        return {key: to_plain_values(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [to_plain_values(part) for part in value]
    return value
