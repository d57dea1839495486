"""AWS Clean Rooms collaborations for Pulumi programs."""

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

from cleanrooms_resource.collaboration import Collaboration
from cleanrooms_resource.connection_args import (
    ConnectionArgs,
    ConnectionAssumeRoleArgs,
    ConnectionAssumeRoleWithWebIdentityArgs,
)
from cleanrooms_resource.errors import DeclarationError, DependencyError, MissingClassError
from cleanrooms_resource.inputs import (
    CollaborationArgs,
    CollaborationDataEncryptionMetadataArgs,
    CollaborationJobComputePaymentConfigArgs,
    CollaborationMemberArgs,
    CollaborationMlMemberAbilitiesArgs,
    CollaborationMlPaymentConfigArgs,
    CollaborationModelInferencePaymentConfigArgs,
    CollaborationModelTrainingPaymentConfigArgs,
    CollaborationPaymentConfigurationArgs,
    CollaborationQueryComputePaymentConfigArgs,
    CollaborationSyntheticDataGenerationPaymentConfigArgs,
)

if TYPE_CHECKING:
    from typing import Any

    from cleanrooms_resource.args_dicts import (
        CollaborationArgsDict,
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
        ConnectionAssumeRoleArgsDict,
        ConnectionAssumeRoleWithWebIdentityArgsDict,
    )
    from cleanrooms_resource.enums import (
        AnalyticsEngine,
        AnalyticsEngineName,
        AutoApprovedChangeType,
        AutoApprovedChangeTypeName,
        ChangeRequestMode,
        ChangeRequestModeName,
        CustomMlMemberAbility,
        CustomMlMemberAbilityName,
        JobLogStatus,
        JobLogStatusName,
        MemberAbility,
        MemberAbilityName,
        QueryLogStatus,
        QueryLogStatusName,
        SupportedS3Region,
        SupportedS3RegionName,
    )

    # The types of pulumi-aws would have a type checker read all of pulumi-aws in every program.
    Membership: Any
    MembershipArgs: Any
    MembershipDefaultResultConfigurationArgs: Any
    MembershipDefaultResultConfigurationOutputConfigurationArgs: Any
    MembershipDefaultResultConfigurationOutputConfigurationS3Args: Any
    MembershipPaymentConfigurationArgs: Any
    MembershipPaymentConfigurationQueryComputeArgs: Any

__all__ = [
    "AnalyticsEngine",
    "AnalyticsEngineName",
    "AutoApprovedChangeType",
    "AutoApprovedChangeTypeName",
    "ChangeRequestMode",
    "ChangeRequestModeName",
    "Collaboration",
    "CollaborationArgs",
    "CollaborationArgsDict",
    "CollaborationDataEncryptionMetadataArgs",
    "CollaborationDataEncryptionMetadataArgsDict",
    "CollaborationJobComputePaymentConfigArgs",
    "CollaborationJobComputePaymentConfigArgsDict",
    "CollaborationMemberArgs",
    "CollaborationMemberArgsDict",
    "CollaborationMlMemberAbilitiesArgs",
    "CollaborationMlMemberAbilitiesArgsDict",
    "CollaborationMlPaymentConfigArgs",
    "CollaborationMlPaymentConfigArgsDict",
    "CollaborationModelInferencePaymentConfigArgs",
    "CollaborationModelInferencePaymentConfigArgsDict",
    "CollaborationModelTrainingPaymentConfigArgs",
    "CollaborationModelTrainingPaymentConfigArgsDict",
    "CollaborationPaymentConfigurationArgs",
    "CollaborationPaymentConfigurationArgsDict",
    "CollaborationQueryComputePaymentConfigArgs",
    "CollaborationQueryComputePaymentConfigArgsDict",
    "CollaborationSyntheticDataGenerationPaymentConfigArgs",
    "CollaborationSyntheticDataGenerationPaymentConfigArgsDict",
    "ConnectionArgs",
    "ConnectionArgsDict",
    "ConnectionAssumeRoleArgs",
    "ConnectionAssumeRoleArgsDict",
    "ConnectionAssumeRoleWithWebIdentityArgs",
    "ConnectionAssumeRoleWithWebIdentityArgsDict",
    "CustomMlMemberAbility",
    "CustomMlMemberAbilityName",
    "DeclarationError",
    "JobLogStatus",
    "JobLogStatusName",
    "MemberAbility",
    "MemberAbilityName",
    "QueryLogStatus",
    "QueryLogStatusName",
    "SupportedS3Region",
    "SupportedS3RegionName",
]
_MEMBERSHIP = {
    "Membership",
    "MembershipArgs",
    "MembershipDefaultResultConfigurationArgs",
    "MembershipDefaultResultConfigurationOutputConfigurationArgs",
    "MembershipDefaultResultConfigurationOutputConfigurationS3Args",
    "MembershipPaymentConfigurationArgs",
    "MembershipPaymentConfigurationQueryComputeArgs",
}
"""The classes of a membership, which a program may take from here as from ``pulumi_aws.cleanrooms``."""


def __dir__() -> list[str]:
    return [*globals(), *__all__, *_MEMBERSHIP]


if not TYPE_CHECKING:
    # With this function, a type checker would take every name for a name of this module.

    def __getattr__(name: str) -> object:
        """Import what few programs need at its first use: dict types and enums, and the classes of a membership."""
        # `from cleanrooms_resource import NAME` asks from this function of importlib. It would
        # replace an AttributeError by "cannot import name", and hasattr() knows no other error.
        is_import = sys._getframe(1).f_code.co_name == "_handle_fromlist"  # noqa: SLF001
        error_class = DependencyError if is_import else MissingClassError
        if name in _MEMBERSHIP:
            return getattr(_import_pulumi_aws(name, error_class).cleanrooms, name)
        if name.startswith("ConfiguredTable"):
            raise error_class(
                f"cleanrooms_resource has no {name}, which is a class of pulumi-aws. "
                f"Write `from pulumi_aws import cleanrooms as aws_cleanrooms` and `aws_cleanrooms.{name}`."
            )
        if name not in __all__:
            raise AttributeError(
                f"module {__name__!r} has no attribute {name!r}",
                name=name,
                obj=sys.modules[__name__],
            )
        return getattr(
            import_module(
                "cleanrooms_resource.args_dicts"
                if name.endswith("ArgsDict")
                else "cleanrooms_resource.enums"
            ),
            name,
        )


def _import_pulumi_aws(name: str, error_class: type[Exception]) -> ModuleType:
    try:
        return import_module("pulumi_aws")
    except ModuleNotFoundError as error:
        if error.name != "pulumi_aws":
            raise
        raise error_class(
            f"cleanrooms_resource.{name} is the class of pulumi-aws, which is not installed. Run `pip install pulumi-aws`."
        ) from None
