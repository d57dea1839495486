"""Secrets in the maps of a stack's file. Pulumi says which map has a secret, and not where."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pulumi
import pytest
from pulumi.runtime import set_all_config, set_mocks
from test_stack_memberships import AwsMocks
from test_stacks import program, read_collaborations

from cleanrooms_resource.pulumi_sdk import is_secret

if TYPE_CHECKING:
    from collections.abc import Iterator

COLLABORATIONS, MEMBERSHIPS = "cleanrooms:collaborations", "cleanrooms:memberships"


@pytest.fixture(autouse=True)
def _own_configuration(sdk_event_loop: None) -> Iterator[None]:  # noqa: ARG001 - the mocks look for the loop
    yield
    set_all_config({}, [])


def run_program(*secret_settings: str, **properties: Any) -> dict[tuple[str, str], dict[str, Any]]:
    """Run the program with "loyalty" and its creator's membership; return the inputs.

    The inputs are by the types and names of the resources.
    """
    mocks = AwsMocks(is_preview=False)
    set_mocks(mocks, project="cleanrooms", stack="local", preview=False)
    loyalty = read_collaborations("local")["loyalty"] | properties
    membership = {"queryLogStatus": "ENABLED", "resultFormat": "CSV"}
    config = {COLLABORATIONS: {"loyalty": loyalty}, MEMBERSHIPS: {"loyalty": membership}}
    set_all_config({name: json.dumps(each) for name, each in config.items()}, [*secret_settings])
    pulumi.runtime.test(program)()  # type: ignore[no-untyped-call]
    return mocks.inputs


def list_secrets(inputs: dict[str, Any]) -> set[str]:
    return {name for name, value in inputs.items() if is_secret(value)}


def test_a_secret_in_one_collaboration_makes_every_declared_value_secret() -> None:
    loyalty = run_program(COLLABORATIONS)["Collaboration", "loyalty"]

    assert list_secrets(loyalty) == read_collaborations("local")["loyalty"].keys()


def test_a_secret_in_one_membership_makes_every_value_of_memberships_secret() -> None:
    membership = run_program(MEMBERSHIPS)["Membership", "loyalty"]

    assert list_secrets(membership) == {"queryLogStatus", "defaultResultConfiguration"}


def test_the_map_without_a_secret_stays_plain() -> None:
    loyalty = run_program(MEMBERSHIPS)["Collaboration", "loyalty"]

    assert list_secrets(loyalty) == set()


@pytest.mark.parametrize("name", ["accountId", "account_id"])
def test_account_ids_stay_plain_beside_a_secret(name: str) -> None:
    member = {name: "222233334444", "displayName": "Airline", "memberAbilities": []}

    loyalty = run_program(COLLABORATIONS, members=[member])["Collaboration", "loyalty"]

    # A member whose account ID is known is the value of that key.
    assert loyalty["members"]["value"].keys() == {"222233334444"}


@pytest.mark.parametrize("key", ["accountId", "account_id"])
def test_a_tag_is_secret_whatever_its_key_is(key: str) -> None:
    loyalty = run_program(COLLABORATIONS, tags={key: "s3cr3t"})["Collaboration", "loyalty"]

    assert is_secret(loyalty["tags"])


def test_import_and_protect_work_beside_a_secret() -> None:
    id_ = "0b6f9f2e-6d1f-4f0e-9c3c-2f3f3a5b7c11"

    loyalty = run_program(COLLABORATIONS, protect=True, **{"import": id_})

    assert loyalty["Collaboration", "loyalty"]["__import"] == id_


def test_a_secret_of_the_stacks_file_is_in_no_error_of_the_program() -> None:
    with pytest.raises(Exception, match="isMetricsEnabled") as error:
        run_program(COLLABORATIONS, queryLogStatus="s3cr3t", isMetricsEnabled=5)

    assert "s3cr3t" not in str(error.value)
