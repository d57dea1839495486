"""What a program writes: the Args classes, whose names are pulumi-aws's and whose shapes are CreateCollaborationRequest's in botocore's model.

Every value may be an Output. A plain dict serves wherever one of these does, in snake_case or in boto3's camelCase.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar, dataclass_transform

import pulumi

T = TypeVar("T")
Given = pulumi.Input[T | Mapping[str, Any]]
"""An Args class, or a dict of the same."""


@dataclass_transform(kw_only_default=True, field_specifiers=(pulumi.property,))
def _args(cls: type[T]) -> type[T]:
    """``pulumi.input_type``, with arguments that type checkers see."""
    return pulumi.input_type(cls)


class _Args:
    """Marks our classes: ``plain`` takes them apart."""


@_args
class CollaborationQueryComputePaymentConfigArgs(_Args):
    """Who pays for query compute."""

    is_responsible: pulumi.Input[bool] = pulumi.property("isResponsible")


@_args
class CollaborationJobComputePaymentConfigArgs(_Args):
    """Who pays for query and job compute."""

    is_responsible: pulumi.Input[bool] = pulumi.property("isResponsible")


@_args
class CollaborationModelTrainingPaymentConfigArgs(_Args):
    """Who pays for model training."""

    is_responsible: pulumi.Input[bool] = pulumi.property("isResponsible")


@_args
class CollaborationModelInferencePaymentConfigArgs(_Args):
    """Who pays for model inference."""

    is_responsible: pulumi.Input[bool] = pulumi.property("isResponsible")


@_args
class CollaborationSyntheticDataGenerationPaymentConfigArgs(_Args):
    """Who pays for synthetic data generation."""

    is_responsible: pulumi.Input[bool] = pulumi.property("isResponsible")


@_args
class CollaborationMlPaymentConfigArgs(_Args):
    """Who pays for machine learning."""

    model_training: Given[CollaborationModelTrainingPaymentConfigArgs] | None = pulumi.property("modelTraining", default=None)
    model_inference: Given[CollaborationModelInferencePaymentConfigArgs] | None = pulumi.property("modelInference", default=None)
    synthetic_data_generation: Given[CollaborationSyntheticDataGenerationPaymentConfigArgs] | None = pulumi.property(
        "syntheticDataGeneration", default=None
    )


@_args
class CollaborationPaymentConfigurationArgs(_Args):
    """What a member pays for. A cost left out is not the member's."""

    query_compute: Given[CollaborationQueryComputePaymentConfigArgs] = pulumi.property("queryCompute")
    machine_learning: Given[CollaborationMlPaymentConfigArgs] | None = pulumi.property("machineLearning", default=None)
    job_compute: Given[CollaborationJobComputePaymentConfigArgs] | None = pulumi.property("jobCompute", default=None)


@_args
class CollaborationMlMemberAbilitiesArgs(_Args):
    """The machine learning output a member receives: CAN_RECEIVE_MODEL_OUTPUT, CAN_RECEIVE_INFERENCE_OUTPUT."""

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
    """A member invited to the collaboration; not the creator. ``status`` is AWS's to decide: taken, as pulumi-aws takes it, and ignored."""

    account_id: pulumi.Input[str] = pulumi.property("accountId")
    display_name: pulumi.Input[str] = pulumi.property("displayName")
    member_abilities: pulumi.Input[Sequence[pulumi.Input[str]]] = pulumi.property("memberAbilities")
    ml_member_abilities: Given[CollaborationMlMemberAbilitiesArgs] | None = pulumi.property("mlMemberAbilities", default=None)
    payment_configuration: Given[CollaborationPaymentConfigurationArgs] | None = pulumi.property("paymentConfiguration", default=None)
    status: pulumi.Input[str] | None = pulumi.property("status", default=None)


Members = pulumi.Input[Sequence[Given[CollaborationMemberArgs]] | Mapping[str, Given[CollaborationMemberArgs]]]
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
    creator_ml_member_abilities: Given[CollaborationMlMemberAbilitiesArgs] | None = pulumi.property("creatorMLMemberAbilities", default=None)
    creator_payment_configuration: Given[CollaborationPaymentConfigurationArgs] | None = pulumi.property("creatorPaymentConfiguration", default=None)
    data_encryption_metadata: Given[CollaborationDataEncryptionMetadataArgs] | None = pulumi.property("dataEncryptionMetadata", default=None)
    job_log_status: pulumi.Input[str] | None = pulumi.property("jobLogStatus", default=None)
    analytics_engine: pulumi.Input[str] | None = pulumi.property("analyticsEngine", default=None)
    auto_approved_change_request_types: pulumi.Input[Sequence[pulumi.Input[str]]] | None = pulumi.property(
        "autoApprovedChangeRequestTypes", default=None
    )
    allowed_result_regions: pulumi.Input[Sequence[pulumi.Input[str]]] | None = pulumi.property("allowedResultRegions", default=None)
    is_metrics_enabled: pulumi.Input[bool] | None = pulumi.property("isMetricsEnabled", default=None)
    tags: pulumi.Input[Mapping[str, pulumi.Input[str]]] | None = pulumi.property("tags", default=None)
    region: pulumi.Input[str] | None = pulumi.property("region", default=None)


def plain(given: Any) -> Any:
    """The same as dicts and lists, Args classes taken apart; Outputs stay where they are."""
    if isinstance(given, _Args):
        return {name: plain(value) for name, value in vars(given).items() if value is not None}
    if isinstance(given, Mapping):
        return {key: plain(value) for key, value in given.items()}
    if isinstance(given, list | tuple):
        return [plain(value) for value in given]
    return given
