"""Six collaborations that somebody made elsewhere, whose texts look like the code of every language that Pulumi writes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from requests_of_boto3 import create

if TYPE_CHECKING:
    from cleanrooms_resource.testing import Endpoint

LEADING_ZERO, PARTNER, EXPONENT = "012345678901", "222233334444", "100000000003"
QUERIES, PAYS = {"isResponsible": False}, {"isResponsible": True}

HOSTILE_REQUESTS: dict[str, dict[str, Any]] = {
    "quotes": {
        "name": """a "double", a 'single', a `tick` and \\ \\n \\u0041""",
        "description": "first line\nsecond \"line\"\r\n\tthird\n'''\n*/ # // --- %d %s 100%",
        "tags": {'"': "'", "\\": "\\\\", "a: b": "- c", "#": "# d", " x": "", "%d": "%"},
    },
    "interpolation": {
        "name": "${x} $x {z} {{ w }} $(v) #{u} %{t} f'{s}'",
        "description": "${aws.region} }${ $ } ${",
        "tags": {"${x}": "${y}", "$": "a$", "{": "}", "fn::secret": "fn::invoke"},
    },
    "yaml-words": {
        "name": "yes",
        "description": "true",
        "creatorDisplayName": "1e3",
        "tags": {
            "yes": "no",
            "1e3": "1_000",
            "012": "089",
            "true": "false",
            "2026-11-24": "12:30:45",
            "=": "*a",
            "0.1": "- x",
            "!x": "&y",
        },
        "members": [
            {"accountId": LEADING_ZERO, "displayName": "012", "memberAbilities": ["CAN_QUERY"]},
            {"accountId": EXPONENT, "displayName": "true", "memberAbilities": []},
        ],
    },
    "keywords": {
        "name": "class",
        "description": "import",
        "creatorDisplayName": "const",
        "tags": {
            "class": "def",
            "accountId": "x",
            "displayName": "y",
            "snake_case_key": "kebab-key",
            "UPPER_Case": "z",
            "name": "this",
        },
    },
    "beyond-ascii": {
        "name": "\U0001f600 \u00e9 \u202e\u200b\ufeff \u2028\u2029\x85 \u65e5\u672c",
        "description": "\U0001f469\u200d\U0001f469\u200d\U0001f467 \ufffd",
        "creatorDisplayName": "\u00a0x",
        "tags": {"\U0001f600": "\u202e", "\u00e9": "\U0001f680"},
    },
    "everything": {
        "name": "everything",
        "description": "x" * 200,
        "creatorMemberAbilities": [],
        "creatorMLMemberAbilities": {"customMLMemberAbilities": ["CAN_RECEIVE_INFERENCE_OUTPUT"]},
        "creatorPaymentConfiguration": {
            "queryCompute": QUERIES,
            "jobCompute": QUERIES,
            "machineLearning": {"modelTraining": QUERIES, "modelInference": PAYS},
        },
        "members": [
            {
                "accountId": LEADING_ZERO,
                "displayName": "${queries}",
                "memberAbilities": ["CAN_QUERY", "CAN_RUN_JOB"],
                "mlMemberAbilities": {"customMLMemberAbilities": ["CAN_RECEIVE_MODEL_OUTPUT"]},
                "paymentConfiguration": {
                    "queryCompute": QUERIES,
                    "machineLearning": {"modelTraining": PAYS},
                },
            },
            {
                "accountId": PARTNER,
                "displayName": "yes",
                "memberAbilities": ["CAN_RECEIVE_RESULTS"],
                "paymentConfiguration": {"queryCompute": PAYS, "jobCompute": PAYS},
            },
            {"accountId": EXPONENT, "displayName": "left", "memberAbilities": []},
        ],
        "dataEncryptionMetadata": {
            "allowCleartext": True,
            "allowDuplicates": False,
            "allowJoinsOnColumnsWithDifferentNames": True,
            "preserveNulls": False,
        },
        "jobLogStatus": "ENABLED",
        "autoApprovedChangeRequestTypes": ["ADD_MEMBER"],
        "allowedResultRegions": ["us-east-1", "eu-west-1"],
        "isMetricsEnabled": True,
        "tags": {"team": "ads"},
    },
}
"""Names of resources to requests of CreateCollaboration; the last one has every parameter, and a member who has left."""


def create_hostile_collaborations(running: Endpoint) -> dict[str, str]:
    """Create the six collaborations, and return their ids by the names of their resources."""
    ids = {name: create(running, **request)["id"] for name, request in HOSTILE_REQUESTS.items()}
    running.collaborations[ids["everything"]].leave(EXPONENT)
    return ids
