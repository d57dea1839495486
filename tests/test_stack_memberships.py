"""The creator's own memberships in the program of stacks/, with the SDK's mocks: pulumi-aws's plug-in is not needed."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import pulumi
import pytest
from pulumi.runtime import Mocks, set_all_config, set_mocks
from test_stacks import program, read_setting

from cleanrooms_resource.errors import DependencyError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pulumi.runtime import MockCallArgs, MockResourceArgs

PAYMENT = {"queryCompute": {"isResponsible": True}}


class AwsMocks(Mocks):
    """The inputs of each resource by type and name. A new resource gets the names that AWS gives; a preview knows only its id and its inputs."""

    def __init__(self, *, is_preview: bool) -> None:
        self.is_preview = is_preview
        self.inputs: dict[tuple[str, str], dict[str, Any]] = {}

    def new_resource(self, args: MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        kind = args.typ.rpartition(":")[2]
        self.inputs[kind, args.name] = args.inputs
        new_outputs = (
            {}
            if self.is_preview
            else {name: f"the {name} of {kind} {args.name}" for name in ("arn", "bucket", "name")}
        )
        return f"the id of {kind} {args.name}", args.inputs | new_outputs

    def call(self, args: MockCallArgs) -> tuple[dict[str, Any], None]:
        return args.args, None


@pytest.fixture(autouse=True)
def _own_configuration(sdk_event_loop: None) -> Iterator[None]:  # noqa: ARG001 - the mocks look for the loop
    yield
    set_all_config({})


def run_program(
    memberships: Any, *, is_preview: bool = False
) -> dict[tuple[str, str], dict[str, Any]]:
    """Run the program with the example's collaborations; return the inputs of its resources by type and name."""
    mocks = AwsMocks(is_preview=is_preview)
    set_mocks(mocks, project="cleanrooms", stack="example", preview=is_preview)
    collaborations = read_setting("example", "collaborations")
    set_all_config(
        {
            "cleanrooms:collaborations": json.dumps(collaborations),
            "cleanrooms:memberships": json.dumps(memberships),
        }
    )
    pulumi.runtime.test(program)()  # type: ignore[no-untyped-call]
    return mocks.inputs


def test_the_example_joins_the_creator_to_each_collaboration() -> None:
    inputs = run_program(read_setting("example", "memberships"))

    assert {
        name: each["collaborationId"]
        for (kind, name), each in inputs.items()
        if kind == "Membership"
    } == {
        "ads": "the id of Collaboration ads",
        "loyalty": "the id of Collaboration loyalty",
    }


def test_a_result_format_makes_a_bucket_and_a_role_for_the_results() -> None:
    inputs = run_program({"ads": {"queryLogStatus": "ENABLED", "resultFormat": "PARQUET"}})

    assert inputs["Membership", "ads"]["defaultResultConfiguration"] == {
        "outputConfiguration": {
            "s3": {"bucket": "the bucket of Bucket ads-results", "resultFormat": "PARQUET"}
        },
        "roleArn": "the arn of Role ads-results",
    }


def test_the_role_for_results_is_clean_rooms_and_writes_to_the_bucket_alone() -> None:
    inputs = run_program({"ads": {"queryLogStatus": "ENABLED", "resultFormat": "CSV"}})

    (trust,) = json.loads(inputs["Role", "ads-results"]["assumeRolePolicy"])["Statement"]
    assert (trust["Principal"], trust["Action"]) == (
        {"Service": "cleanrooms.amazonaws.com"},
        "sts:AssumeRole",
    )
    policy = inputs["RolePolicy", "ads-results"]
    assert policy["role"] == "the name of Role ads-results"
    statements = {
        statement["Resource"]: statement["Action"]
        for statement in json.loads(policy["policy"])["Statement"]
    }
    assert statements == {
        "the arn of Bucket ads-results": ["s3:GetBucketLocation", "s3:ListBucket"],
        "the arn of Bucket ads-results/*": "s3:PutObject",
    }


def test_a_membership_without_a_result_format_has_no_bucket() -> None:
    inputs = run_program(
        {"loyalty": {"queryLogStatus": "DISABLED", "paymentConfiguration": PAYMENT}}
    )

    assert inputs["Membership", "loyalty"] == {
        "collaborationId": "the id of Collaboration loyalty",
        "queryLogStatus": "DISABLED",
        "paymentConfiguration": PAYMENT,
    }
    assert [kind for kind, _ in inputs if kind in ("Bucket", "Role", "RolePolicy")] == []


def test_the_preview_of_a_change_in_place_knows_the_whole_membership() -> None:
    inputs = run_program({"loyalty": {"queryLogStatus": "ENABLED"}}, is_preview=True)

    assert inputs["Membership", "loyalty"] == {
        "collaborationId": "the id of Collaboration loyalty",
        "queryLogStatus": "ENABLED",
    }


@pytest.mark.parametrize(
    ("memberships", "sentence"),
    [
        (
            ["ads"],
            "cleanrooms:memberships must be a map of memberships by resource name, and is of type list. Correct it in Pulumi.example.yaml.",
        ),
        (
            {"ads": None},
            "cleanrooms:memberships.ads must be a map such as {queryLogStatus: ENABLED}, and is empty. Correct it in Pulumi.example.yaml.",
        ),
        (
            {"adds": {"queryLogStatus": "ENABLED"}},
            "cleanrooms:memberships.adds: this program declares no such collaboration, only ads, loyalty. Correct the name.",
        ),
        (
            {"ads": {"queryLogStatus": "ENABLED", "resultFormt": "CSV"}},
            (
                "cleanrooms:memberships.ads must have queryLogStatus, and may have resultFormat and paymentConfiguration; it has queryLogStatus, "
                "resultFormt."
            ),
        ),
        (
            {"ads": {}},
            "cleanrooms:memberships.ads must have queryLogStatus, and may have resultFormat and paymentConfiguration; it has nothing.",
        ),
        (
            {"ads": {"queryLogStatus": None}},
            "cleanrooms:memberships.ads.queryLogStatus must be a string, and is of type NoneType.",
        ),
        (
            {"ads": {"queryLogStatus": "ENABLED", "resultFormat": ["CSV"]}},
            "cleanrooms:memberships.ads.resultFormat must be a string, and is of type list.",
        ),
        (
            {"ads": {"queryLogStatus": "ENABLED", "paymentConfiguration": True}},
            (
                "cleanrooms:memberships.ads.paymentConfiguration must be a map such as {queryCompute: {isResponsible: true}}, and is of type bool. "
                "Correct it in Pulumi.example.yaml."
            ),
        ),
    ],
)
def test_a_wrong_membership_is_one_sentence(memberships: Any, sentence: str) -> None:
    with pytest.raises(pulumi.RunError) as refusal:
        run_program(memberships)

    assert str(refusal.value) == sentence


def test_memberships_without_pulumi_aws_are_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pulumi_aws", None)

    with pytest.raises(
        DependencyError,
        match=r"^cleanrooms_resource\.Membership is .*, which is not installed\. Run `pip install pulumi-aws`\.$",
    ):
        run_program(read_setting("example", "memberships"))


def test_a_stack_without_memberships_needs_no_pulumi_aws(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pulumi_aws", None)

    assert {kind for kind, _ in run_program({})} == {"Collaboration"}
