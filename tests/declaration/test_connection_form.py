"""The canonical form of a connection, and the sentences about a wrong one."""

from __future__ import annotations

from typing import Any

import pytest
from declarations import declaration

from cleanrooms_resource.declaration.canonical_form import canonicalize
from cleanrooms_resource.declaration.connection_form import canonicalize_connection, mark_keys
from cleanrooms_resource.declaration.connection_shapes import read_duration
from cleanrooms_resource.pulumi_sdk import Unknown

ROLE = "arn:aws:iam::555566667777:role/ads"


def test_roles_keep_their_order_and_tags_their_spelling() -> None:
    roles = [
        {"role_arn": ROLE, "tags": {"my_team": "b", "a": "c"}},
        {"roleArn": ROLE.replace("ads", "abc")},
    ]

    form, _ = canonicalize_connection({"assume_roles": roles})

    assert form == {
        "assumeRoles": [
            {"roleArn": ROLE, "tags": {"a": "c", "my_team": "b"}},
            {"roleArn": ROLE.replace("ads", "abc")},
        ]
    }


def test_the_form_of_a_form_is_itself_in_the_secret_form_too() -> None:
    form, _ = canonicalize_connection(
        {"access_key": "x", "secret_key": "y", "endpoints": {"sts": "http://127.0.0.1:1"}}
    )

    assert canonicalize_connection(form) == canonicalize_connection(mark_keys(form)) == (form, [])


def test_a_part_that_is_not_known_yet_stays_in_its_place_and_is_not_judged() -> None:
    unknown = Unknown()  # type: ignore[no-untyped-call]

    form, failures = canonicalize_connection(
        {"access_key": unknown, "secret_key": "y", "allowed_account_ids": [unknown]}
    )

    assert failures == []
    assert form == {"accessKey": unknown, "secretKey": "y", "allowedAccountIds": [unknown]}


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1h30m", 5400),
        ("15m", 900),
        ("1.5h", 5400),
        ("3600s", 3600),
        ("1 h", None),
        ("h", None),
        ("", None),
        ("-1h", None),
    ],
)
def test_a_duration_is_read_as_pulumi_aws_reads_it(text: str, seconds: int | None) -> None:
    assert read_duration(text) == seconds


@pytest.mark.parametrize(
    ("connection", "reason"),
    [
        (
            {"profil": "ads"},
            'connection.profil: is not a part of a connection; did you mean "profile"?',
        ),
        ({"access_key": "x"}, "connection.secretKey: is required beside access_key"),
        ({"secret_key": "x"}, "connection.accessKey: is required beside secret_key"),
        ({"token": "x"}, "connection.token: needs access_key and secret_key beside it"),
        ({"profile": ""}, "connection.profile: must not be empty"),
        (
            {"profile": "ads", "access_key": "x", "secret_key": "y"},
            "connection.accessKey: must not stand beside profile: only one of them can act.",
        ),
        ({"shared_config_files": ["a"]}, "connection.sharedConfigFiles: needs profile beside it"),
        (
            {"shared_credentials_files": ["a", "b"], "profile": "ads"},
            "connection.sharedCredentialsFiles: must name 1 file",
        ),
        ({"assume_roles": {}}, "connection.assumeRoles: must be a list"),
        (
            {"assume_roles": [{"role_arn": "ads"}]},
            "connection.assumeRoles[0].roleArn: must be the ARN of an IAM role",
        ),
        (
            {"assume_roles": [{"role_arn": ROLE, "external": "x"}]},
            "connection.assumeRoles[0].external: is not a part of assumeRoles; did you mean",
        ),
        (
            {"assume_roles": [{"role_arn": ROLE, "tags": {"a": 5}}]},
            'connection.assumeRoles[0].tags["a"]: must be a string',
        ),
        (
            {"assume_role_with_web_identity": {"role_arn": ROLE}},
            "connection.assumeRoleWithWebIdentity: must have web_identity_token or web_identity_token_file, and not both",
        ),
        (
            {"allowed_account_ids": [12345678901]},
            "connection.allowedAccountIds[0]: must be an AWS account id, a string of 12 digits; in YAML, ",
        ),
        (
            {"forbidden_account_ids": ["ads"]},
            "connection.forbiddenAccountIds[0]: must be an AWS account id, a string of 12 digits",
        ),
        (
            {"endpoints": {"s3": "http://x"}},
            "connection.endpoints.s3: is not a part of endpoints; ",
        ),
        ({"endpoints": {"sts": "localhost"}}, "connection.endpoints.sts: must be a URL"),
        ("ads", "connection: must be a map"),
    ],
)
def test_a_wrong_connection_is_refused_with_its_path(connection: Any, reason: str) -> None:
    (failure,) = canonicalize(declaration(connection=connection))[1]

    assert failure.to_sentence().startswith(reason)
