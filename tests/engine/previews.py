"""Previews of the real engine: each story leads a stack to where the preview to be shown is the next thing.

`python -m engine.previews` (in tests/, with the environment's Python and `pulumi` on PATH) records them as tests/previews/NAME.json, and what the
comment says of them as NAME.md beside it. `git diff` then shows what changed.
"""

from __future__ import annotations

import json
import re
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import pulumi
from aws_account import Aws
from declarations import ADS, BROKER, PARTNER, declaration, member
from matrix import MATRIX
from recorded_previews import PREVIEWS, read_comment, write_comment

import cleanrooms_resource as cleanrooms
from cleanrooms_resource.preview.comment import render_comment
from cleanrooms_resource.preview.document import parse_preview
from cleanrooms_resource.preview.verdict import judge
from cleanrooms_resource.testing import endpoint
from engine.accounts import Account
from engine.doors import Door
from engine.doors import cleanrooms as cleanrooms_of_tests
from engine.driver import EngineStack, create_stack
from engine.preview_leads import (
    adopt_with_target,
    create_without_pulumi,
    deny,
    deploy_other_providers,
    leave_over,
    load_state_of_version_0_1_0,
    load_subclass_of_version_0_1_0,
    program_of_other_providers,
    propose,
    propose_partner,
    read_it,
    rename_in_takeover,
    take_over,
)
from engine.programs import ads_program
from engine.pulumi_aws import takeover_program
from engine.states import Ads, declare_subclasses

if TYPE_CHECKING:
    from collections.abc import Callable

UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
QUERIER = member(ADS, member_abilities=["CAN_QUERY"])
AUTO_APPROVED = ["ADD_MEMBER", "GRANT_RECEIVE_RESULTS_ABILITY"]
PROTECTED = {"protect": True}
# What differs from one run to the next, or from one machine to the next, and what no comment reads.
_UNREAD_KEYS = {
    "__provider",
    "config",
    "duration",
    "created",
    "modified",
    "createTime",
    "updateTime",
    "sourcePosition",
    "stackTrace",
    "provider",
}
_UNREAD_KEYS |= {"dependencies", "propertyDependencies", "parent", "custom", "__plain", "__live"}
_FOLDER = re.compile(r'File "[^"]*/')
"""A traceback's folder, which differs from one machine to the next."""
TIME = re.compile(r'"(\d{4}-\d\d-\d\dT[^"]*)"')


@dataclass(frozen=True)
class PreviewStory:
    """``before`` is deployed, ``between`` happens at AWS, and is refreshed where a partner acted; then ``after`` is previewed.

    ``lead`` takes the place of ``before`` and ``between``. ``flags`` are more options of the preview.
    """

    after: Callable[[], None]
    before: Callable[[], None] | None = None
    between: Callable[[Aws, str], None] | None = None
    refresh_between: bool = False
    refresh_in_preview: bool = False
    lead: Callable[[EngineStack, Aws], None] | None = None
    flags: tuple[str, ...] = ()
    door: Door = Door.DYNAMIC

    def preview(self, folder: Path, aws: Aws) -> str:
        """Live the story in a new stack; the JSON of the preview, in which everything has happened at noon."""
        cleanrooms_of_tests.door = self.door
        try:
            return TIME.sub(
                '"2026-11-22T12:00:00+00:00"',
                self._live(create_stack(folder, aws.endpoint.settings), aws),
            )
        finally:
            cleanrooms_of_tests.door = Door.DYNAMIC

    def _live(self, stack: EngineStack, aws: Aws) -> str:
        if self.before:
            stack.declare(self.before)
            stack.up()
        if self.lead:
            self.lead(stack, aws)
        if self.between:
            self.between(aws, stack.state()["ads"]["id"])
        if self.refresh_between:
            stack.refresh()
        stack.declare(self.after)
        return stack.preview_json(refresh=self.refresh_in_preview, flags=self.flags)


def declare_nothing() -> None:
    """A program that declares nothing."""


def program_of_each_property(which: str) -> Callable[[], None]:
    """A program with a collaboration for each property that replaces, before or after its change."""
    cells = [
        next(cell for cell in row.cells() if cell.op == "replace" and cell.before != cell.after)
        for row in MATRIX
        if row.op == "replace"
    ]

    def declare() -> None:
        for cell in cells:
            cleanrooms.Collaboration(cell.name, getattr(cell, which))

    return declare


def declare_with_account() -> None:
    """A program whose second member's account is known only when applied."""
    account = Account("account", BROKER, "1")
    cleanrooms.Collaboration(
        "ads", declaration(members=[QUERIER, member(BROKER) | {"account_id": account.number}])
    )


def declare_with_account_and_partner() -> None:
    """The same, with a third member: whatever the second one's account is, that is one more."""
    account = Account("account", BROKER, "1")
    cleanrooms.Collaboration(
        "ads",
        declaration(
            members=[QUERIER, member(PARTNER), member(BROKER) | {"account_id": account.number}]
        ),
    )


def declare_wrong_outputs() -> None:
    """A program whose mistakes only check can see."""
    cleanrooms.Collaboration(
        "ads",
        declaration(
            description=pulumi.Output.from_input(3), tags=pulumi.Output.from_input({"n": 1})
        ),
    )


def program_of_secrets(description: str, query_log_status: str) -> Callable[[], None]:
    """Return a program with secret values."""

    def declare() -> None:
        secrets = {
            "description": pulumi.Output.secret(description),
            "query_log_status": pulumi.Output.secret(query_log_status),
        }
        cleanrooms.Collaboration("ads", declaration(**secrets))

    return declare


def program_of_secret_members(query_log_status: str) -> Callable[[], None]:
    """Return a program whose members are secret."""

    def declare() -> None:
        ads_program(
            members=pulumi.Output.secret([QUERIER, member(BROKER)]),
            query_log_status=query_log_status,
        )()

    return declare


def program_in_place(*members: dict[str, Any], **overrides: Any) -> Callable[[], None]:
    """Return a program whose members change in place."""
    base = {
        "members": [QUERIER, member(BROKER), *members],
        "auto_approved_change_request_types": AUTO_APPROVED,
        "change_requests": "AUTO_APPROVED",
    }
    return ads_program(**{**base, **overrides})


def declare_three_hundred() -> None:
    """A program of 300 collaborations."""
    for number in range(300):
        cleanrooms.Collaboration(f"number-{number:03}", declaration(name=f"Number {number}"))


def rename(aws: Aws, id_: str) -> None:
    """Somebody renames it at AWS, and a partner joins."""
    aws.client("us-east-1").update_collaboration(collaborationIdentifier=id_, name="Renamed")
    aws.endpoint.collaborations[id_].join(ADS)


def add_partner(aws: Aws, id_: str) -> None:
    """A change request adds a member."""
    aws.endpoint.collaborations[id_].add(
        {"accountId": PARTNER, "displayName": "Member 4444", "memberAbilities": []}
    )


def delete(aws: Aws, id_: str) -> None:
    """Somebody deletes it at AWS."""
    aws.client("us-east-1").delete_collaboration(collaborationIdentifier=id_)


def join_all(aws: Aws, id_: str) -> None:
    """Every invited partner joins, and the creator."""
    for account in (ADS, BROKER, aws.endpoint.collaborations[id_].creator):
        aws.endpoint.collaborations[id_].join(account)


def join(aws: Aws, id_: str) -> None:
    """A partner joins."""
    aws.endpoint.collaborations[id_].join(BROKER)


def declare_read() -> None:
    """A program that only reads the collaboration."""
    cleanrooms.Collaboration.get("ads", pulumi.Config().require("id"))


def declare_adoption() -> None:
    """A program that adopts the collaboration of another resource under a new name."""
    ads_program("adopted", opts={"import_": pulumi.Config().require("id")})()


def declare_import() -> None:
    """A program that adopts a collaboration."""
    ads_program(opts={"import_": pulumi.Config().require("id")})()


def declare_other_name_to_read() -> None:
    """A program that only reads the collaboration, under another name."""
    cleanrooms.Collaboration.get("ads-of-partner", pulumi.Config().require("id"))


def declare_subclass(**overrides: Any) -> Callable[[], None]:
    """Return a program of a subclass."""

    def declare() -> None:
        Ads("ads", declaration(**overrides))

    return declare


def declare_subclasses_again() -> None:
    """A program of the subclasses that version 0.1.0 deployed."""
    declare_subclasses("")


def log_error() -> None:
    """A program that logs an error and goes on."""
    ads_program()()
    pulumi.log.error("The bucket of the results is not encrypted.")


def fail() -> None:
    """A program that fails before its first resource."""
    raise RuntimeError("The file members.csv does not exist.")


LATER = "DISABLED"
"""Another ``query_log_status``, which replaces."""
RETAINED = {"retain_on_delete": True}
REPLACEMENT_STEPS = ("--show-replacement-steps",)

STORIES = {
    "failed-program": PreviewStory(fail, ads_program(), refresh_in_preview=True),
    "logged-error": PreviewStory(log_error, ads_program()),
    "left-over": PreviewStory(
        ads_program(query_log_status=LATER), ads_program(), lead=leave_over, flags=REPLACEMENT_STEPS
    ),
    "left-over-without-flags": PreviewStory(
        ads_program(query_log_status=LATER), ads_program(), lead=leave_over
    ),
    "left-over-refreshed": PreviewStory(
        ads_program(query_log_status=LATER), ads_program(), lead=leave_over, refresh_in_preview=True
    ),
    "replacement-steps": PreviewStory(
        ads_program(query_log_status=LATER), ads_program(), flags=REPLACEMENT_STEPS
    ),
    "retained-delete": PreviewStory(
        declare_nothing, ads_program(opts=RETAINED), join, refresh_in_preview=True
    ),
    "retained-replace": PreviewStory(
        ads_program(query_log_status=LATER),
        ads_program(opts=RETAINED),
        join,
        refresh_in_preview=True,
    ),
    "retained-too-late": PreviewStory(
        ads_program(opts=RETAINED, query_log_status=LATER),
        ads_program(),
        join,
        refresh_in_preview=True,
    ),
    "unprotect": PreviewStory(ads_program(), ads_program(opts=PROTECTED)),
    "unprotect-and-replace": PreviewStory(
        ads_program(query_log_status=LATER), ads_program(opts=PROTECTED)
    ),
    "unprotect-and-update": PreviewStory(
        ads_program(description="Why"), ads_program(opts=PROTECTED)
    ),
    "held-by-another": PreviewStory(
        ads_program("adopted"), ads_program(), lead=adopt_with_target, refresh_in_preview=True
    ),
    "adopted-by-another": PreviewStory(declare_adoption, ads_program(), lead=read_it),
    "held-by-another-not-refreshed": PreviewStory(
        ads_program("adopted"), ads_program(), lead=adopt_with_target
    ),
    "import": PreviewStory(declare_import, lead=create_without_pulumi),
    "takeover": PreviewStory(takeover_program(), lead=take_over),
    "takeover-and-change": PreviewStory(
        takeover_program(name="Ads measurement", tags={"team": "other"}), lead=take_over
    ),
    "takeover-and-rename": PreviewStory(takeover_program("partners"), lead=rename_in_takeover),
    "other-providers": PreviewStory(
        program_of_other_providers(changed=True), lead=deploy_other_providers
    ),
    "state-of-version-0-1-0": PreviewStory(declare_nothing, lead=load_state_of_version_0_1_0),
    "denied-request": PreviewStory(propose_partner, lead=deny, refresh_in_preview=True),
    "invisible-characters": PreviewStory(
        ads_program(name="Ads\u3164measurement", description="a\u200bb\ufe0f"), ads_program()
    ),
    "read-under-another-name": PreviewStory(
        declare_other_name_to_read, ads_program(), lead=read_it
    ),
    "read-instead": PreviewStory(declare_read, ads_program(), lead=read_it),
    "secret-members": PreviewStory(
        program_of_secret_members("DISABLED"), program_of_secret_members("ENABLED")
    ),
    "everybody-joined": PreviewStory(
        declare_nothing, ads_program(), join_all, refresh_in_preview=True
    ),
    "open-request": PreviewStory(propose_partner, lead=propose, refresh_in_preview=True),
    "subclass-of-version-0-1-0": PreviewStory(
        declare_subclasses_again, lead=load_subclass_of_version_0_1_0, refresh_in_preview=True
    ),
    "subclass": PreviewStory(declare_subclass(query_log_status=LATER), declare_subclass()),
    "plug-in": PreviewStory(
        ads_program(query_log_status=LATER),
        ads_program(),
        join,
        refresh_in_preview=True,
        door=Door.PLUGIN,
    ),
    "plug-in-delete": PreviewStory(
        declare_nothing, ads_program(), join, refresh_in_preview=True, door=Door.PLUGIN
    ),
    "renamed": PreviewStory(ads_program("partners"), ads_program()),
    "create": PreviewStory(ads_program()),
    "update": PreviewStory(
        ads_program(name="Ads and more", tags={"team": "ads", "cost-centre": "7"}), ads_program()
    ),
    "replace": PreviewStory(
        ads_program(members=[QUERIER, member(BROKER), member(PARTNER)]),
        ads_program(),
        join,
        refresh_between=True,
    ),
    "replace-by-each-property": PreviewStory(
        program_of_each_property("after"), program_of_each_property("before")
    ),
    "replace-ignoring": PreviewStory(
        ads_program(opts={"ignore_changes": ["members"]}, members=[], query_log_status="DISABLED"),
        ads_program(),
        join,
        refresh_between=True,
    ),
    "replace-asked-for": PreviewStory(
        ads_program(opts={"replace_on_changes": ["name"]}, name="Ads and more"),
        ads_program(),
    ),
    "delete": PreviewStory(declare_nothing, ads_program(), join, refresh_between=True),
    "drift": PreviewStory(ads_program(), ads_program(), rename, refresh_in_preview=True),
    "record": PreviewStory(
        ads_program(members=[QUERIER, member(BROKER), member(PARTNER)]),
        ads_program(),
        add_partner,
        refresh_between=True,
    ),
    "change-request": PreviewStory(
        program_in_place(member(PARTNER)), program_in_place(), join, refresh_between=True
    ),
    "propose": PreviewStory(
        program_in_place(
            change_requests="PROPOSE", auto_approved_change_request_types=["ADD_MEMBER"]
        ),
        program_in_place(change_requests="PROPOSE"),
    ),
    "remove-member": PreviewStory(
        program_in_place(remove_members=True),
        program_in_place(member(PARTNER), remove_members=True),
    ),
    "gone": PreviewStory(ads_program(), ads_program(), delete, refresh_in_preview=True),
    "unknown-account": PreviewStory(
        declare_with_account, ads_program(), join, refresh_between=True
    ),
    "unknown-account-and-one-more": PreviewStory(declare_with_account_and_partner, ads_program()),
    "secrets": PreviewStory(
        program_of_secrets("why", "DISABLED"), program_of_secrets("what for", "ENABLED")
    ),
    "failed-constructor": PreviewStory(ads_program(query_log_status=5), ads_program()),
    "failed-check": PreviewStory(declare_wrong_outputs, ads_program()),
    "protected": PreviewStory(
        ads_program(opts=PROTECTED, query_log_status="DISABLED"),
        ads_program(opts=PROTECTED),
        join,
        refresh_between=True,
    ),
    "protected-delete": PreviewStory(declare_nothing, ads_program(opts=PROTECTED)),
    "unchanged": PreviewStory(ads_program(), ads_program()),
    "empty": PreviewStory(declare_nothing),
    "three-hundred": PreviewStory(declare_three_hundred),
}


def read_comments(stack: EngineStack, name: str) -> list[str]:
    """Return the comment on the stack's preview, and the recorded comment of this name; every id reads ID."""
    return [
        UUID.sub("ID", text)
        for text in (render_comment(judge(parse_preview(stack.preview_json()))), read_comment(name))
    ]


def drop_unread_keys(value: Any) -> Any:
    """Return the JSON without the keys that no comment reads."""
    if isinstance(value, dict):
        # A step's own name is enough; an event's metadata has the step's name and type in one place.
        left_out = _UNREAD_KEYS | {"urn"} if "type" in value and "op" not in value else _UNREAD_KEYS
        return {key: drop_unread_keys(inner) for key, inner in value.items() if key not in left_out}
    if isinstance(value, str):
        return _FOLDER.sub('File "', value)
    return [drop_unread_keys(inner) for inner in value] if isinstance(value, list) else value


def _format_preview(preview: dict[str, Any]) -> str:
    """Return the JSON with 1 line per step."""
    steps = ",\n".join(json.dumps(step) for step in preview.pop("steps"))
    return f'{{"steps": [\n{steps}\n],\n{json.dumps(preview)[1:]}\n'


def main(names: list[str]) -> None:
    """Record the stories of these names, or all."""
    with endpoint() as running:
        aws = Aws(
            running,
            lambda region: boto3.client(
                "cleanrooms",
                region,
                endpoint_url=running.address,
                aws_access_key_id="x",
                aws_secret_access_key="y",
            ),
        )
        for name in names or STORIES:
            with tempfile.TemporaryDirectory() as folder:
                text = STORIES[name].preview(Path(folder), aws)
            (PREVIEWS / f"{name}.json").write_text(
                _format_preview(drop_unread_keys(json.loads(text)))
            )
            write_comment(name)


if __name__ == "__main__":
    main(sys.argv[1:])
