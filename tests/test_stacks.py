"""The tests that a user would write for a stack: rehearsals of this project's own program against an endpoint."""

from __future__ import annotations

import json
import runpy
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pulumi
import pytest
import yaml
from declarations import declaration
from requests_of_boto3 import create

import cleanrooms_resource as cleanrooms
from cleanrooms_resource.aws.calls import build_request
from cleanrooms_resource.declaration.canonical_form import canonicalize
from cleanrooms_resource.testing import Rehearsal, rehearse

if TYPE_CHECKING:
    from cleanrooms_resource.testing import Endpoint

STACKS = Path(__file__).parent.parent / "stacks"


def program() -> object:
    return runpy.run_path(str(STACKS / "__main__.py"))


def rehearse_collaborations(endpoint: Endpoint, collaborations: Any) -> Rehearsal:
    config = endpoint.settings | {"cleanrooms:collaborations": json.dumps(collaborations)}
    return rehearse(program, config, project="cleanrooms")


def read_setting(stack: str, name: str) -> dict[str, Any]:
    """Return a setting in a stack's YAML."""
    setting: dict[str, Any] = yaml.safe_load((STACKS / f"Pulumi.{stack}.yaml").read_text())[
        "config"
    ][f"cleanrooms:{name}"]
    return setting


def read_collaborations(stack: str) -> dict[str, Any]:
    """Return the collaborations in a stack's YAML."""
    return read_setting(stack, "collaborations")


@pytest.mark.parametrize("stack", ["local", "example"])
def test_a_stack_declares_the_collaborations_of_its_yaml(
    cleanrooms_endpoint: Endpoint, stack: str
) -> None:
    rehearsal = rehearse_collaborations(cleanrooms_endpoint, read_collaborations(stack))

    assert rehearsal.collaborations.keys() == {"ads", "loyalty"}
    assert {
        record.parameters["name"] for record in cleanrooms_endpoint.collaborations.values()
    } == {"Ads measurement", "Loyalty overlap"}


def test_every_collaboration_exports_its_arn(cleanrooms_endpoint: Endpoint) -> None:
    rehearsal = rehearse_collaborations(cleanrooms_endpoint, read_collaborations("local"))

    assert {name: export["arn"] for name, export in rehearsal.exports.items()} == {
        name: collaboration.outputs["arn"]
        for name, collaboration in rehearsal.collaborations.items()
    }


def test_yaml_can_be_in_snake_case(cleanrooms_endpoint: Endpoint) -> None:
    snake_case = {
        "creator_display_name": "RetailCo",
        "creator_member_abilities": ["CAN_QUERY"],
        "query_log_status": "ENABLED",
    }

    assert (
        rehearse_collaborations(cleanrooms_endpoint, {"loyalty": snake_case})
        .collaborations["loyalty"]
        .inputs["creatorDisplayName"]
        == "RetailCo"
    )


@pytest.mark.parametrize("account", ["1.2345678901e+10", "0x1", "12345"])
def test_an_account_id_that_is_not_12_digits_is_refused(
    cleanrooms_endpoint: Endpoint, account: str
) -> None:
    loyalty = read_collaborations("local")["loyalty"] | {
        "members": {account: {"displayName": "x", "memberAbilities": []}}
    }

    with pytest.raises(cleanrooms.DeclarationError, match="a string of 12 digits"):
        rehearse_collaborations(cleanrooms_endpoint, {"loyalty": loyalty})


def test_a_misspelled_property_in_yaml_is_refused_with_a_suggestion(
    cleanrooms_endpoint: Endpoint,
) -> None:
    with pytest.raises(cleanrooms.DeclarationError) as refusal:
        rehearse_collaborations(
            cleanrooms_endpoint,
            {"loyalty": read_collaborations("local")["loyalty"] | {"queryLogStatu": "ENABLED"}},
        )

    assert str(refusal.value).endswith(
        '\n  - queryLogStatu: is not a property of a collaboration; did you mean "queryLogStatus"?'
    )


def test_yaml_that_declares_a_name_of_the_code_is_refused(cleanrooms_endpoint: Endpoint) -> None:
    source = (STACKS / "__main__.py").read_text()
    ads = 'collaborations["ads"] = cleanrooms.Collaboration("ads", DECLARATION)'
    with_code = source.replace("\n\n\ndef read_map", f"\n{ads}\n\n\ndef read_map")
    config = {"cleanrooms:collaborations": json.dumps({"ads": {}})}

    with pytest.raises(
        pulumi.RunError,
        match=r"^cleanrooms:collaborations\.ads: the code of this program already declares ads\. Choose another name\.$",
    ):
        rehearse(
            lambda: exec(with_code, {"DECLARATION": declaration()}),
            cleanrooms_endpoint.settings | config,
            project="cleanrooms",
        )


def test_whoever_copies_the_program_deploys_no_collaboration_of_ours(
    cleanrooms_endpoint: Endpoint,
) -> None:
    rehearse(program, cleanrooms_endpoint.settings, project="cleanrooms")

    assert cleanrooms_endpoint.collaborations == {}


@pytest.mark.parametrize("option", ["import", "protect"])
def test_an_option_without_a_value_is_refused(cleanrooms_endpoint: Endpoint, option: str) -> None:
    with pytest.raises(
        pulumi.RunError,
        match=rf"^cleanrooms:collaborations\.loyalty\.{option} is empty\. Write a value, or remove the line\.$",
    ):
        rehearse_collaborations(
            cleanrooms_endpoint,
            {"loyalty": read_collaborations("local")["loyalty"] | {option: None}},
        )


def test_an_entry_without_a_name_is_refused(cleanrooms_endpoint: Endpoint) -> None:
    with pytest.raises(
        pulumi.RunError, match=r"^cleanrooms:collaborations has an entry without a name\."
    ):
        rehearse_collaborations(cleanrooms_endpoint, {"": read_collaborations("local")["loyalty"]})


def test_an_entry_with_import_adopts_the_collaboration(cleanrooms_endpoint: Endpoint) -> None:
    loyalty = read_collaborations("local")["loyalty"]
    existing = create(cleanrooms_endpoint, **build_request(canonicalize(loyalty)[0]))

    rehearsal = rehearse_collaborations(
        cleanrooms_endpoint, {"loyalty": loyalty | {"import": existing["id"], "protect": True}}
    )

    assert rehearsal.collaborations["loyalty"].id == existing["id"]


@pytest.mark.parametrize(
    ("collaborations", "sentence"),
    [
        (
            ["loyalty"],
            "cleanrooms:collaborations must be a map of declarations by resource name, and is of type list.",
        ),
        (
            "loyalty",
            "cleanrooms:collaborations must be a map of declarations by resource name, and is of type str.",
        ),
        (
            "",
            "cleanrooms:collaborations must be a map of declarations by resource name, and is empty.",
        ),
        (
            {"loyalty": None},
            "cleanrooms:collaborations.loyalty must be a map of properties, and is empty.",
        ),
        (
            {"loyalty": "Loyalty overlap"},
            "cleanrooms:collaborations.loyalty must be a map of properties, and is of type str.",
        ),
        (
            {"loyalty": [{"name": "Loyalty overlap"}]},
            "cleanrooms:collaborations.loyalty must be a map of properties, and is of type list.",
        ),
    ],
)
def test_a_setting_of_another_form_is_one_sentence(
    cleanrooms_endpoint: Endpoint, collaborations: Any, sentence: str
) -> None:
    with pytest.raises(pulumi.RunError) as refusal:
        rehearse_collaborations(cleanrooms_endpoint, collaborations)

    assert str(refusal.value) == f"{sentence} Correct it in Pulumi.rehearsal.yaml."


@pytest.mark.parametrize(
    ("option", "reason"),
    [
        ({"protect": "yes"}, "protect: must be True or False, and is of type str"),
        ({"import": 5}, "import_: must be a string, and is of type int"),
    ],
)
def test_an_option_of_a_wrong_type_is_refused(
    cleanrooms_endpoint: Endpoint, option: dict[str, Any], reason: str
) -> None:
    with pytest.raises(cleanrooms.DeclarationError, match=reason):
        rehearse_collaborations(
            cleanrooms_endpoint, {"loyalty": read_collaborations("local")["loyalty"] | option}
        )
