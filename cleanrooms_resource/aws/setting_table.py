"""The table of pulumi-aws's settings: which of them act here, which are refused, and which have no effect on Clean Rooms."""

from __future__ import annotations

import difflib
from enum import Enum
from typing import Final


class Standing(Enum):
    """What this package does with a setting of pulumi-aws."""

    HONOURED = "honoured"
    REFUSED = "refused"
    WITHOUT_EFFECT = "without effect"


_HONOURED = (
    "accessKey",
    "allowedAccountIds",
    "assumeRoleWithWebIdentity",
    "assumeRoles",
    "customCaBundle",
    "defaultTags",
    "endpoints",
    "forbiddenAccountIds",
    "httpProxy",
    "httpsProxy",
    "ignoreTags",
    "insecure",
    "maxRetries",
    "noProxy",
    "profile",
    "region",
    "retryMode",
    "secretKey",
    "sharedConfigFiles",
    "sharedCredentialsFiles",
    "skipRegionValidation",
    "stsRegion",
    "token",
    "useDualstackEndpoint",
    "useFipsEndpoint",
)
_WITHOUT_EFFECT = (
    "s3UsEast1RegionalEndpoint",
    "s3UsePathStyle",
    "skipCredentialsValidation",
    "skipGetEc2Platforms",
    "skipMetadataApiCheck",
    "skipRequestingAccountId",
    "tagPolicyCompliance",
    "tokenBucketRateLimiterCapacity",
    "userAgents",
)
ADVICE: Final = {
    "assumeRole": "pulumi-aws 7 has `aws:assumeRoles` in its place, a list of roles. Run `pulumi config rm aws:assumeRole`, "
    "and set `aws:assumeRoles` with the role in a list",
    "ec2MetadataServiceEndpoint": "boto3 reads the address from the environment. Set AWS_EC2_METADATA_SERVICE_ENDPOINT, and remove the setting",
    "ec2MetadataServiceEndpointMode": "boto3 reads the mode from the environment. Set AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE, and remove the setting",
}
"""The settings that are refused, each with what to do instead."""

SETTINGS: Final = (
    dict.fromkeys(_HONOURED, Standing.HONOURED) | dict.fromkeys(_WITHOUT_EFFECT, Standing.WITHOUT_EFFECT) | dict.fromkeys(ADVICE, Standing.REFUSED)
)
"""Every setting that pulumi-aws lists, and some that its older versions had."""


def explain_refusal(name: str) -> str:
    if name in ADVICE:
        return f"aws:{name}: this setting is not supported for Clean Rooms collaborations: {ADVICE[name]}"
    nearest = difflib.get_close_matches(name, [each for each in SETTINGS if SETTINGS[each] is Standing.HONOURED], n=1)
    if nearest:
        return f'aws:{name}: this is not a setting of pulumi-aws 7; did you mean "aws:{nearest[0]}"? Correct the name, or remove the setting'
    return f"aws:{name}: this setting is not supported for Clean Rooms collaborations; remove the setting from the stack, or use pulumi-aws"
