"""AWS Clean Rooms collaborations for Pulumi programs."""

from cleanrooms_resource.collaboration import Collaboration
from cleanrooms_resource.connection_args import ConnectionArgs, ConnectionAssumeRoleArgs, ConnectionAssumeRoleWithWebIdentityArgs
from cleanrooms_resource.errors import DeclarationError
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

__all__ = [
    "Collaboration",
    "CollaborationArgs",
    "CollaborationDataEncryptionMetadataArgs",
    "CollaborationJobComputePaymentConfigArgs",
    "CollaborationMemberArgs",
    "CollaborationMlMemberAbilitiesArgs",
    "CollaborationMlPaymentConfigArgs",
    "CollaborationModelInferencePaymentConfigArgs",
    "CollaborationModelTrainingPaymentConfigArgs",
    "CollaborationPaymentConfigurationArgs",
    "CollaborationQueryComputePaymentConfigArgs",
    "CollaborationSyntheticDataGenerationPaymentConfigArgs",
    "ConnectionArgs",
    "ConnectionAssumeRoleArgs",
    "ConnectionAssumeRoleWithWebIdentityArgs",
    "DeclarationError",
]
