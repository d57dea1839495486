"""What the scenario table cannot say, on the real engine."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pulumi
import pytest
from declarations import ADS, BROKER, PARTNER, declaration, member
from pulumi import automation
from scenarios import REFUSALS

from engine.accounts import Account
from engine.doors import cleanrooms
from engine.driver import EngineStack, StepSummary
from engine.programs import ads_program, record_writes

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aws_account import Aws


pytestmark = pytest.mark.engine


def program_with_account(nonce: str) -> Callable[[], None]:
    """A program whose second member's account is an Output: unknown at preview whenever the nonce is new."""

    def declare() -> None:
        account = Account("account", BROKER, nonce)
        cleanrooms.Collaboration(
            "ads",
            declaration(
                members=[
                    member(ADS, member_abilities=["CAN_QUERY"]),
                    member(BROKER) | {"account_id": account.number},
                ]
            ),
        )

    return declare


def declare_number_in_output() -> None:
    """A program whose mistake the constructor cannot see."""
    cleanrooms.Collaboration("ads", declaration(tags=pulumi.Output.from_input({"n": 1})))


def test_an_account_not_known_yet_previews_and_comes_up(stack: EngineStack) -> None:
    stack.declare(program_with_account("1"))
    previewed = stack.preview()
    stack.up()

    assert previewed["ads"].op == "create"
    assert stack.state()["ads"]["inputs"]["members"].keys() == {ADS, BROKER}


def test_an_account_not_known_yet_that_proves_equal_changes_nothing(stack: EngineStack) -> None:
    stack.declare(program_with_account("1"))
    stack.up()
    before = stack.state()["ads"]

    stack.declare(program_with_account("2"))
    previewed = stack.preview()
    applied = stack.up()

    assert (previewed["ads"].op, previewed["ads"].reasons) == ("replace", ("members",))
    assert applied == {"update": 1}  # the account's own
    assert stack.state()["ads"]["id"] == before["id"]


def test_an_account_not_known_yet_that_proves_another_replaces(stack: EngineStack) -> None:
    stack.declare(ads_program())
    stack.up()
    before = stack.state()["ads"]["id"]

    def declare() -> None:
        account = Account("account", PARTNER, "1")
        cleanrooms.Collaboration(
            "ads",
            declaration(
                members=[
                    member(ADS, member_abilities=["CAN_QUERY"]),
                    member(BROKER) | {"account_id": account.number},
                ]
            ),
        )

    stack.declare(declare)
    stack.up()

    assert stack.state()["ads"]["id"] != before
    assert stack.state()["ads"]["inputs"]["members"].keys() == {ADS, PARTNER}


def test_a_rename_behind_pulumis_back_differs_in_the_name_alone_and_up_puts_it_back(
    stack: EngineStack, aws: Aws
) -> None:
    stack.declare(ads_program())
    stack.up()
    id_ = stack.state()["ads"]["id"]
    aws.client("us-east-1").update_collaboration(collaborationIdentifier=id_, name="Renamed")

    refreshed = stack.refresh()
    previewed = stack.preview()
    stack.up()

    assert refreshed == {"update": 1}
    assert previewed == {"ads": StepSummary("update", (), ("name",))}
    assert aws.collaborations()[id_] == "Ads measurement"


def test_declaring_a_member_that_aws_has_draws_that_member_and_writes_nothing(
    stack: EngineStack, aws: Aws
) -> None:
    stack.declare(ads_program())
    stack.up()
    aws.endpoint.collaborations[stack.state()["ads"]["id"]].add(
        {"accountId": PARTNER, "displayName": "Member 4444", "memberAbilities": []}
    )

    refreshed = stack.refresh()
    undeclared = stack.preview()
    stack.declare(ads_program(members=[*declaration()["members"], member(PARTNER)]))
    declared = stack.preview()
    with record_writes(aws) as writes:
        applied = stack.up()

    assert refreshed == {}
    assert undeclared == {}
    assert declared == {"ads": StepSummary("update", (), (f"members.{PARTNER}",))}
    assert (applied, writes) == ({"update": 1}, [])
    assert stack.preview() == {}


@pytest.mark.parametrize("act", ["join", "leave", "remove"])
def test_what_a_partner_does_shows_in_outputs_and_nowhere_else(
    stack: EngineStack, aws: Aws, act: str
) -> None:
    stack.declare(ads_program())
    stack.up()
    getattr(aws.endpoint.collaborations[stack.state()["ads"]["id"]], act)(BROKER)

    assert stack.refresh() == {}
    assert stack.preview() == {}
    assert (
        stack.state()["ads"]["outputs"]["memberStatuses"][BROKER]
        == {"join": "ACTIVE", "leave": "LEFT", "remove": "REMOVED"}[act]
    )


def test_what_is_gone_is_gone_after_a_refresh_and_made_again(stack: EngineStack, aws: Aws) -> None:
    stack.declare(ads_program())
    stack.up()
    aws.client("us-east-1").delete_collaboration(collaborationIdentifier=stack.state()["ads"]["id"])

    assert stack.refresh() == {"delete": 1}
    assert stack.preview()["ads"].op == "create"


def test_a_changed_region_of_the_stack_moves_nothing_that_exists(stack: EngineStack) -> None:
    stack.declare(ads_program())
    stack.up()

    stack.set_setting("region", "eu-west-1")

    assert stack.up() == {}
    assert stack.refresh() == {}


def test_ignore_changes_survives_a_replacement_for_another_reason(stack: EngineStack) -> None:
    ignoring = {"ignore_changes": ["members"]}
    stack.declare(ads_program(opts=ignoring))
    stack.up()

    stack.declare(
        ads_program(
            opts=ignoring,
            members=[member(ADS, member_abilities=["CAN_QUERY"])],
            query_log_status="DISABLED",
        )
    )
    preview = stack.preview()
    stack.up()

    assert preview == {"ads": StepSummary("replace", ("queryLogStatus",), ("queryLogStatus",))}
    assert stack.state()["ads"]["inputs"]["members"].keys() == {ADS, BROKER}
    assert stack.preview() == {}


def test_outputs_reach_the_program(stack: EngineStack) -> None:
    def declare() -> None:
        ads = cleanrooms.Collaboration("ads", declaration())
        for name in (
            "arn",
            "creator_account_id",
            "members",
            "member_statuses",
            "tags_all",
            "region",
        ):
            pulumi.export(name, getattr(ads, name))

    stack.declare(declare)
    stack.up()
    outputs = stack.outputs()

    assert outputs.pop("arn").endswith(f":collaboration/{stack.state()['ads']['id']}")
    assert outputs == {
        "creator_account_id": "111122223333",
        "members": stack.state()["ads"]["inputs"]["members"],
        "member_statuses": {ADS: "INVITED", BROKER: "INVITED"},
        "tags_all": {"team": "ads"},
        "region": "us-east-1",
    }


@pytest.mark.parametrize(
    ("program", "sentence"),
    [
        *(
            (partial(cleanrooms.Collaboration, "ads", declared), sentence)
            for declared, sentence in REFUSALS.values()
        ),
        (declare_number_in_output, 'tags["n"]: must be a string'),
    ],
    ids=[*REFUSALS, "in an Output, by check"],
)
def test_a_wrong_declaration_fails_the_preview_with_its_property(
    stack: EngineStack, program: Callable[[], None], sentence: str
) -> None:
    stack.declare(program)

    with pytest.raises(automation.CommandError) as failure:
        stack.preview_text()

    assert sentence in str(failure.value)


def declare_from_yaml() -> None:
    """A program whose collaborations are the stack's data."""
    for name, each in pulumi.Config().require_object("collaborations").items():
        cleanrooms.Collaboration(name, each)


def test_an_account_without_quotes_in_yaml_fails_the_preview_and_says_to_quote_it(
    stack: EngineStack, tmp_path: Path
) -> None:
    _write_members_as_yaml(tmp_path, "{022233334444: {displayName: x, memberAbilities: []}}")
    stack.declare(declare_from_yaml)

    with pytest.raises(automation.CommandError, match="quote it"):
        stack.preview_text()


@pytest.mark.parametrize("account", ["022233334444", "222233334444", "012345678901"])
def test_an_account_id_without_quotes_in_a_yaml_list_fails_the_preview_and_says_to_quote_it(
    stack: EngineStack, tmp_path: Path, account: str
) -> None:
    _write_members_as_yaml(
        tmp_path, f"[{{accountId: {account}, displayName: x, memberAbilities: []}}]"
    )
    stack.declare(declare_from_yaml)

    with pytest.raises(automation.CommandError, match="quote it"):
        stack.preview_text()


def _write_members_as_yaml(folder: Path, members: str) -> None:
    stack_file = folder / "Pulumi.test.yaml"
    rest = "name: x, creatorDisplayName: x, creatorMemberAbilities: [], queryLogStatus: ENABLED"
    collaborations = f"  tests:collaborations: {{ads: {{{rest}, members: {members}}}}}"
    stack_file.write_text(
        stack_file.read_text().replace("config:\n", f"config:\n{collaborations}\n")
    )


def test_a_setting_of_who_that_is_not_supported_fails_the_preview(
    stack: EngineStack,
) -> None:
    stack.set_setting("ec2MetadataServiceEndpoint", "http://127.0.0.1:1")
    stack.declare(ads_program())

    with pytest.raises(
        automation.CommandError,
        match="aws:ec2MetadataServiceEndpoint: this setting is not supported",
    ):
        stack.preview_text()
