"""The shapes of a declaration, as pydantic models.

Names and shapes are those of CreateCollaborationRequest in botocore's model of Clean Rooms (2022-02-17). A value that is not known yet passes every
shape, in its box.
"""

from __future__ import annotations

from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, AliasChoices, BaseModel, ConfigDict, Field, StrictBool, StrictStr, ValidatorFunctionWrapHandler, WrapValidator
from pydantic_core import PydanticCustomError

from cleanrooms_resource.declaration.limits import find_violation
from cleanrooms_resource.declaration.spelling import to_camel_case
from cleanrooms_resource.declaration.unknown_values import Boxed
from cleanrooms_resource.table import ChangeRequestMode


def _skip_unknown_value(value: Any, handler: ValidatorFunctionWrapHandler) -> Any:
    return value if isinstance(value, Boxed) else handler(value)


T = TypeVar("T")
Known = Annotated[T, WrapValidator(_skip_unknown_value)]

Text = Known[StrictStr]
Flag = Known[StrictBool]


def _within_limits(shape: str) -> AfterValidator:
    """Require a string within the limits of a shape of botocore's model."""

    def refuse_violation(value: Any) -> Any:
        if isinstance(value, str) and (reason := find_violation(shape, value)):
            raise PydanticCustomError("limit", "{reason}", {"reason": reason})
        return value

    return AfterValidator(refuse_violation)


def _require_member_changes(value: Any) -> Any:
    values = [each.value for each in ChangeRequestMode]
    if isinstance(value, str) and value not in values:
        raise PydanticCustomError("option", "{reason}", {"reason": f"must be one of {', '.join(values)}"})
    return value


Abilities = Known[list[Annotated[Text, _within_limits("MemberAbility")]]]


class Shape(BaseModel):
    """A map whose keys are property names, in either spelling."""

    model_config = ConfigDict(extra="forbid", alias_generator=to_camel_case, validate_by_name=True, validate_by_alias=True)


class Responsibility(Shape):
    """A leg of a payment configuration."""

    is_responsible: Flag


class MachineLearningPayment(Shape):
    """The machine learning legs of a payment configuration."""

    model_training: Known[Responsibility | None] = None
    model_inference: Known[Responsibility | None] = None
    synthetic_data_generation: Known[Responsibility | None] = None


class PaymentConfiguration(Shape):
    """The costs that a member pays."""

    query_compute: Known[Responsibility]
    machine_learning: Known[MachineLearningPayment | None] = None
    job_compute: Known[Responsibility | None] = None


class MLAbilities(Shape):
    """The machine learning output that a member receives."""

    custom_ml_member_abilities: Known[list[Annotated[Text, _within_limits("CustomMLMemberAbility")]]]


class DataEncryption(Shape):
    """The settings of Cryptographic Computing for Clean Rooms."""

    # pulumi-aws has another spelling of this name.
    allow_cleartext: Annotated[
        Flag,
        Field(validation_alias=AliasChoices("allowCleartext", "allowClearText", "allow_clear_text"), serialization_alias="allowCleartext"),
    ]
    allow_duplicates: Flag
    allow_joins_on_columns_with_different_names: Flag
    preserve_nulls: Flag


class Member(Shape):
    """A member without its account id, which is its key."""

    display_name: Annotated[Text, _within_limits("DisplayName")]
    member_abilities: Abilities
    ml_member_abilities: Known[MLAbilities | None] = None
    payment_configuration: Known[PaymentConfiguration | None] = None


class Declaration(Shape):
    """A declaration whose members are keyed by account id."""

    name: Annotated[Text, _within_limits("CollaborationName")]
    creator_display_name: Annotated[Text, _within_limits("DisplayName")]
    creator_member_abilities: Abilities
    query_log_status: Annotated[Text, _within_limits("CollaborationQueryLogStatus")]
    members: Known[dict[str, Known[Member]]] = {}
    description: Annotated[Text | None, _within_limits("CollaborationDescription")] = None
    creator_ml_member_abilities: Known[MLAbilities | None] = None
    creator_payment_configuration: Known[PaymentConfiguration | None] = None
    data_encryption_metadata: Known[DataEncryption | None] = None
    job_log_status: Annotated[Text | None, _within_limits("CollaborationJobLogStatus")] = None
    analytics_engine: Annotated[Text | None, _within_limits("AnalyticsEngine")] = None
    auto_approved_change_request_types: Known[list[Annotated[Text, _within_limits("AutoApprovedChangeType")]]] | None = None
    allowed_result_regions: Known[list[Annotated[Text, _within_limits("SupportedS3Region")]]] | None = None
    is_metrics_enabled: Flag | None = None
    tags: Known[dict[Annotated[str, _within_limits("TagKey")], Annotated[Text, _within_limits("TagValue")]]] = {}
    region: Text | None = None
    change_requests: Annotated[Text | None, AfterValidator(_require_member_changes)] = None
    remove_members: Flag | None = None


SHAPES = (Declaration, Member, DataEncryption, MLAbilities, PaymentConfiguration, MachineLearningPayment, Responsibility)
PROPERTY_NAMES = sorted({spelling for shape in SHAPES for name in shape.model_fields for spelling in (name, to_camel_case(name))})
"""Every property name of a declaration and of its parts, in both spellings."""
