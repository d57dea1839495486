"""The errors that a newcomer meets, and that need no engine: each is a sentence, and Pulumi prints a `pulumi.RunError` without a traceback."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pulumi
import pytest
from declarations import ADS, declaration, member

import cleanrooms_resource as cleanrooms
from cleanrooms_resource.declaration import botocore_data, limits
from cleanrooms_resource.errors import DependencyError
from cleanrooms_resource.pulumi_sdk import OLDEST_SDK

if TYPE_CHECKING:
    from collections.abc import Iterator

PROJECT = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text())["project"]


def refuse(*args: Any, **keywords: Any) -> list[str]:
    """The reasons for which the constructor refuses its arguments."""
    with pytest.raises(cleanrooms.DeclarationError) as refusal:
        cleanrooms.Collaboration("ads", *args, **keywords)
    return str(refusal.value).split("\n  - ")[1:]


@pytest.mark.parametrize(
    ("overrides", "property_name", "nearest"),
    [
        (
            {"query_log_status": "enabled"},
            "query_log_status: must be one of ENABLED, DISABLED; ",
            "ENABLED",
        ),
        (
            {"query_log_status": "ENABLD"},
            "query_log_status: must be one of ENABLED, DISABLED; ",
            "ENABLED",
        ),
        (
            {"analytics_engine": "spark"},
            "analytics_engine: must be one of SPARK, CLEAN_ROOMS_SQL; ",
            "SPARK",
        ),
        (
            {"creator_member_abilities": ["CAN_QUERRY"]},
            "creator_member_abilities[0]: must be one of CAN_QUERY, ",
            "CAN_QUERY",
        ),
        (
            {"allowed_result_regions": ["eu-west1"]},
            "allowed_result_regions[0]: must be one of us-west-1, ",
            "eu-west-1",
        ),
        (
            {"change_requests": "auto_approve"},
            "change_requests: must be one of NEVER, AUTO_APPROVED, PROPOSE",
            "AUTO_APPROVED",
        ),
    ],
)
def test_a_wrong_enum_is_refused_with_the_allowed_values_and_the_nearest_one(
    overrides: dict[str, Any], property_name: str, nearest: str
) -> None:
    (reason,) = refuse(declaration(**overrides))

    assert reason.startswith(property_name)
    assert reason.endswith(f'; did you mean "{nearest}"?')


@pytest.mark.parametrize(
    ("overrides", "reason"),
    [
        (
            {"members": [ADS]},
            "members[0]: must be CollaborationMemberArgs or a dict with display_name and member_abilities, and is of type str",
        ),
        (
            {"members": ADS},
            "members: must be a list of members, or a map of members keyed by account id, and is of type str",
        ),
        (
            {"members": member(ADS)},
            "members: must be a list of members, or a map of members keyed by account id, and is one member: write it in a list",
        ),
        (
            {"data_encryption_metadata": True},
            "data_encryption_metadata: must be CollaborationDataEncryptionMetadataArgs or a dict, and is of type bool",
        ),
        (
            {"creator_payment_configuration": {"query_compute": True}},
            "creator_payment_configuration.query_compute: must be CollaborationQueryComputePaymentConfigArgs or a dict, and is of type bool",
        ),
        (
            {"creator_ml_member_abilities": []},
            "creator_ml_member_abilities: must be CollaborationMlMemberAbilitiesArgs or a dict, and is of type list",
        ),
        ({"connection": "ads"}, "connection: must be ConnectionArgs or a dict, and is of type str"),
        (
            {"creator_member_abilities": "CAN_QUERY"},
            "creator_member_abilities: must be a list of strings, and is of type str",
        ),
        ({"tags": ["ads"]}, "tags: must be a dict of strings, and is of type list"),
        (
            {"tags": {"team": 5}},
            'tags["team"]: must be a string, and is of type int; in YAML, quote it',
        ),
        (
            {"is_metrics_enabled": "yes"},
            "is_metrics_enabled: must be True or False, and is of type str",
        ),
        (
            {"query_log_status": True},
            "query_log_status: must be a string, and is of type bool",
        ),
    ],
)
def test_a_wrong_type_is_refused_with_the_class_that_is_expected(
    overrides: dict[str, Any], reason: str
) -> None:
    assert refuse(declaration(**overrides)) == [reason]


def test_options_of_a_wrong_type_are_refused() -> None:
    assert refuse(declaration(), {"protect": True}) == [
        "opts: must be pulumi.ResourceOptions, and is of type dict"
    ]


@pytest.mark.parametrize("protect", ["true", 1])
def test_a_protect_that_is_not_true_or_false_is_refused(protect: Any) -> None:
    reasons = refuse(declaration(), pulumi.ResourceOptions(protect=protect))

    assert reasons == [f"protect: must be True or False, and is of type {type(protect).__name__}"]


def test_too_many_positional_arguments_are_refused() -> None:
    assert refuse("ads", "RetailCo", []) == [
        "args: must be CollaborationArgs or a map of properties, and is of type str",
        "opts: must be pulumi.ResourceOptions, and is of type str",
        "the positional arguments must be the resource's name, args and opts; write each other argument with its name",
    ]


def test_a_misspelt_argument_of_the_constructor_is_refused_with_the_nearest_name() -> None:
    assert refuse(**declaration(), creator_display_nam="x") == [
        'creator_display_nam: is not a property of a collaboration; did you mean "creator_display_name"?'
    ]


def test_the_path_of_a_failure_is_spelt_as_the_program_spells_its_properties() -> None:
    in_camel_case = {
        "creatorDisplayName": "",
        "creatorMemberAbilities": ["CAN_QUERY"],
        "queryLogStatus": "ENABLED",
    }
    in_snake_case = {
        "creator_display_name": "",
        "creator_member_abilities": ["CAN_QUERY"],
        "query_log_status": "ENABLED",
    }

    assert [
        refuse(properties)[0].partition(":")[0] for properties in (in_camel_case, in_snake_case)
    ] == [
        "creatorDisplayName",
        "creator_display_name",
    ]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            {"account_i": ADS, "display_name": "A", "member_abilities": []},
            'CollaborationMemberArgs has no argument "account_i"; did you mean "account_id"?',
        ),
        ({"account_id": ADS}, "CollaborationMemberArgs needs display_name and member_abilities."),
        (
            {"account_id": ADS, "display_name": "A", "member_abilities": [], "xyz": 1},
            (
                'CollaborationMemberArgs has no argument "xyz"; the arguments are account_id, display_name, member_abilities, ml_member_abilities, '
                "payment_configuration, status."
            ),
        ),
    ],
)
def test_a_misspelt_argument_of_an_args_class_is_refused_with_the_nearest_name(
    arguments: dict[str, Any], sentence: str
) -> None:
    place = r"In line \d+ of test_newcomer_errors\.py: "
    with pytest.raises(TypeError, match=f"^{place}{re.escape(sentence)}$") as refusal:
        cleanrooms.CollaborationMemberArgs(**arguments)

    assert isinstance(refusal.value, pulumi.RunError)


@pytest.fixture
def _fresh_shapes() -> Iterator[None]:
    """The model, read anew in this test and after it."""
    limits.load_shapes.cache_clear()
    yield
    limits.load_shapes.cache_clear()


@pytest.mark.usefixtures("_fresh_shapes")
def test_a_boto3_without_clean_rooms_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(botocore_data, "_find_folder", lambda: tmp_path)

    with pytest.raises(
        DependencyError,
        match=r"^botocore \S+ is too old for this package, because it has no cleanrooms/\S+\. Run `pip install --upgrade boto3`\.$",
    ):
        cleanrooms.Collaboration("ads", declaration())


@pytest.mark.usefixtures("_fresh_shapes")
def test_a_boto3_whose_model_lacks_a_shape_is_one_sentence() -> None:
    limits.load_shapes().pop("SupportedS3Region")

    with pytest.raises(
        DependencyError,
        match=r"is too old for this package, because its model of Clean Rooms has no SupportedS3Region\. Run `pip",
    ):
        cleanrooms.Collaboration("ads", declaration(allowed_result_regions=["eu-west-1"]))


def test_a_missing_boto3_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(botocore_data, "find_spec", lambda _name: None)

    with pytest.raises(
        DependencyError,
        match=r"^cleanrooms_resource needs botocore, which is not installed\. Run `pip install boto3`",
    ):
        botocore_data.list_services()


def test_an_old_sdk_of_pulumi_is_one_sentence() -> None:
    code = (
        "import pulumi, pulumi.dynamic\n"
        "class ReadResult:\n"
        "    def __init__(self, id_=None, outs=None): pass\n"
        "pulumi.dynamic.ReadResult = ReadResult\n"
        "try:\n    import cleanrooms_resource\n"
        "except pulumi.RunError as error:\n    print(error)"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert done.stdout == (
        f"cleanrooms_resource needs version {OLDEST_SDK} or newer of Pulumi's Python SDK, and this environment has an older one. "
        "Run `pip install --upgrade pulumi`.\n"
    ), done.stderr


def test_the_oldest_sdk_of_the_error_is_the_one_of_the_requirement() -> None:
    assert any(each.startswith(f"pulumi>={OLDEST_SDK},") for each in PROJECT["dependencies"])
